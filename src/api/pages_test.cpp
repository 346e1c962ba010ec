#include "api/pages.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace lanze::api {
namespace {

class PagesTest : public testing::Test {
protected:
    PagesTest() {
        folder_ =
            std::filesystem::temp_directory_path() /
            ("lanze-pages-" + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) +
             "-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)));
        std::filesystem::create_directories(folder_ / "assets");
        write("index.html", "<title>page</title>");
        write("assets/a.js", "alert(1)");
        write("assets/a.js.gz", "packed");
        write("assets/lonely.gz", "packed");
    }
    ~PagesTest() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name, std::ios::binary) << text;
    }
    Response get(const std::string& path, std::vector<Header> headers = {}) const {
        const Pages pages(folder_.string());
        return pages.answer({"GET", path, std::move(headers), {}, {}}, *Target::parse(path));
    }
    static std::string header(const Response& response, std::string_view name) {
        for (const Header& each : response.headers) {
            if (each.name == name) {
                return each.value;
            }
        }
        return "";
    }

    std::filesystem::path folder_;
};

TEST_F(PagesTest, WhoTakesGzipGetsIt) {
    const Response packed = get("/assets/a.js", {{"Accept-Encoding", "gzip, deflate, br"}});
    EXPECT_EQ(packed.body, "packed");
    EXPECT_EQ(header(packed, "Content-Encoding"), "gzip");
    EXPECT_EQ(header(packed, "Vary"), "Accept-Encoding");
    EXPECT_EQ(packed.content_type, "text/javascript; charset=utf-8");
    const std::string etag = header(packed, "ETag");
    EXPECT_EQ(get("/assets/a.js", {{"Accept-Encoding", "gzip"}, {"If-None-Match", etag}}).status,
              304U);
    EXPECT_EQ(get("/assets/a.js", {{"If-None-Match", etag}}).status, 200U) << "another text";
}

TEST_F(PagesTest, OthersGetTheFileAsItIs) {
    for (const std::string accepted : {"", "br", "gzip;q=0", "identity"}) {
        const Response plain = get("/assets/a.js", {{"Accept-Encoding", accepted}});
        EXPECT_EQ(plain.body, "alert(1)") << accepted;
        EXPECT_EQ(header(plain, "Content-Encoding"), "");
        EXPECT_EQ(header(plain, "Vary"), "Accept-Encoding");
    }
    EXPECT_EQ(header(get("/"), "Vary"), "") << "there is but one";
}

TEST_F(PagesTest, PackedFilesHaveNoAddressOfTheirOwn) {
    EXPECT_EQ(get("/assets/a.js.gz").status, 404U);
    EXPECT_EQ(get("/assets/lonely.gz").status, 200U);
}

}  // namespace
}  // namespace lanze::api
