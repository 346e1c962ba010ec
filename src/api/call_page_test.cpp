#include "api/call_page.h"

#include <gtest/gtest.h>

namespace lanze::api {
namespace {

TEST(CallPage, NamesSitesThatMayShowItInAFrame) {
    for (const char* site :
         {"https://www.example.org", "https://*.example.org", "https://example.org:8443",
          "http://localhost:3000", "http://127.0.0.1:3000"}) {
        EXPECT_TRUE(is_frame_ancestor(site)) << site;
    }
    for (const char* site :
         {"", "*", "www.example.org", "https://", "https://*", "https://*.", "https://a/b",
          "https://a b", "https://a;script-src *", "http://www.example.org", "ftp://example.org",
          "https://EXAMPLE.org", "https://example.org:", "https://example.org:x",
          "https://example.org:123456", "'self'"}) {
        EXPECT_FALSE(is_frame_ancestor(site)) << site;
    }
    EXPECT_FALSE(is_frame_ancestor("https://" + std::string(kFrameAncestorMax, 'a')));
}

TEST(CallPage, LetsNobodyShowItUnlessNamed) {
    CallPageSettings settings;
    EXPECT_EQ(frame_ancestors_of(settings), "'none'");
    settings.frame_ancestors = {"https://a.example", "https://b.example"};
    EXPECT_EQ(frame_ancestors_of(settings), "https://a.example https://b.example");
}

}  // namespace
}  // namespace lanze::api
