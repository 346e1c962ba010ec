#include "app/outside_news.h"

#include <gtest/gtest.h>

namespace lanze::app {
namespace {

TEST(OutsideNews, says_who_called_whom_and_for_how_long) {
    ports::OutsideNews news;
    news.contact = core::ContactId{7};
    news.number = "+4940123";
    EXPECT_EQ(describe(news, "anna"), "anna calls +4940123 about contact 7");
    news.dialled_for = ports::DialFor::transfer;
    EXPECT_EQ(describe(news, "anna"), "anna gives the caller to +4940123 about contact 7");
    news.end = ports::OutsideEnd::busy;
    EXPECT_EQ(describe(news, "anna"),
              "anna's call to +4940123 about contact 7 is over: busy, not answered");
    news.end = ports::OutsideEnd::by_them;
    news.talked = milliseconds(63'900);
    EXPECT_EQ(describe(news, ""),
              "somebody's call to +4940123 about contact 7 is over: hung up by them after 63 s of "
              "talk");
}

}  // namespace
}  // namespace lanze::app
