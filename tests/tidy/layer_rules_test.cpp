#include "tidy/layer_rules.h"

#include <gtest/gtest.h>

namespace lanze::tidy {
namespace {

const Layers kLayers = {{"base", {}}, {"core", {"base"}}, {"media", {"base", "core"}}};

Source source(std::string path, std::string_view content) {
    return Source::split(std::move(path), content);
}

TEST(Layers, are_read_from_cmake) {
    const Source cmake = source("CMakeLists.txt",
                                "add_x(y)\nlanze_layer(base)\nlanze_layer(core USES base)\n"
                                "lanze_layer(api USES base core\n  LIBRARIES Boost::json x)\n"
                                "lanze_layer(raw LIBRARIES z)\n");
    const Layers expected = {
        {"base", {}}, {"core", {"base"}}, {"api", {"base", "core"}}, {"raw", {}}};
    EXPECT_EQ(parse_layers(cmake), expected);
}

TEST(Layers, are_read_from_the_table) {
    const Source table = source("ARCHITECTURE.md",
                                "| layer | uses | pure | its one job |\n| --- | --- | --- | --- |\n"
                                "| `base` | std | yes | ground |\n| `core` | base | yes | floor |\n"
                                "| `src/x.h` | other | | |\n");
    EXPECT_EQ(parse_layer_table(table), (Layers{{"base", {}}, {"core", {"base"}}}));
}

TEST(CheckIncludes, finds_an_edge_that_is_not_declared) {
    const auto bad = source("src/core/a.h", "#include <map>\n#include \"media/b.h\"\n");
    const auto good = source("src/media/b.h", "#include \"core/a.h\"\n#include \"media/c.h\"\n");
    const Findings expected = {{"src/core/a.h", 2, "core must not include media/b.h"}};
    EXPECT_EQ(check_includes({bad, good}, kLayers), expected);
}

TEST(CheckIncludes, keeps_fixtures_to_tests) {
    const std::string_view line = "#include \"core/floor_fixture.h\"\n";
    EXPECT_EQ(check_includes({source("src/core/a.cpp", line)}, kLayers).size(), 1U);
    EXPECT_TRUE(check_includes({source("src/core/a_test.cpp", line)}, kLayers).empty());
}

TEST(CheckIncludes, finds_a_pure_layer_that_uses_one_that_is_not) {
    EXPECT_EQ(check_includes({}, {{"core", {"media"}}, {"media", {}}}).size(), 1U);
    EXPECT_EQ(check_includes({}, {{"core", {"nothing"}}}).size(), 1U);
    EXPECT_TRUE(check_includes({}, kLayers).empty());
}

TEST(CheckLibraryHeaders, lets_them_stay_inside_one_layer_only) {
    const std::vector<Source> tree = {
        source("src/core/pure.h", "#include <osip/osip.h>\n"),
        source("src/core/pure.cpp", "#include <osip/osip.h>\n#include \"media/open.h\"\n"),
        source("src/core/floor_fixture.h", "#include <gtest/gtest.h>\n"),
        source("src/media/inner.h", "#include <boost/asio.hpp>\n#include <vector>\n"),
        source("src/media/open.h", "#include \"media/deep.h\"\n"),
        source("src/media/deep.h", "#include <sqlite3.h>\n"),
    };
    const Findings expected = {
        {"src/core/pure.h", 1, "library header <osip/osip.h> in a .h"},
        {"src/media/deep.h", 1, "library header <sqlite3.h> in a .h"},
    };
    EXPECT_EQ(check_library_headers(tree), expected);
}

TEST(CheckFolders, wants_a_layer_and_a_row) {
    const std::vector<Source> tree = {source("src/new/a.h", "")};
    EXPECT_EQ(check_folders(tree, {}, {}).size(), 1U);
    EXPECT_EQ(check_folders(tree, {{"new", {}}}, {}).size(), 1U);
    EXPECT_EQ(check_folders(tree, {{"new", {}}}, {{"new", {"base"}}}).size(), 1U);
    EXPECT_TRUE(check_folders(tree, {{"new", {"base"}}}, {{"new", {"base"}}}).empty());
}

Findings impurities(std::string_view line) {
    return check_purity({source("src/core/a.cpp", line)}, {});
}

TEST(CheckPurity, finds_every_kind_of_impurity) {
    for (const std::string_view line :
         {"#include <thread>", "#include <mutex>", "#include <fstream>", "#include <sys/stat.h>",
          "#include <spdlog/spdlog.h>", "auto t = std::chrono::system_clock::now();",
          "auto t = steady_clock::now();", "const char* p = getenv(\"X\");",
          "return time(nullptr);", "x = rand() % 6;", "x = std::rand();",
          "int s = ::socket(1, 2, 3);", "if (clock() > 3) {", "std::this_thread::sleep_for(d);",
          "std::mutex lock_;"}) {
        EXPECT_FALSE(impurities(line).empty()) << line;
    }
}

TEST(CheckPurity, leaves_our_own_words_alone) {
    for (const std::string_view line :
         {"Time time(Duration d);", "event.time();", "clock_->time();", "// time(nullptr)",
          "auto x = \"system_clock\";", "const Time time = at;", "Socket::socket(3);",
          "std::optional<Time> time() const;", "Duration& time() {"}) {
        EXPECT_TRUE(impurities(line).empty()) << line << to_text(impurities(line));
    }
}

TEST(CheckPurity, binds_pure_layers_only) {
    EXPECT_TRUE(check_purity({source("src/media/a.cpp", "#include <thread>")}, {}).empty());
}

TEST(CheckPurity, excepts_what_has_a_reason_and_is_used) {
    const Source bad = source("src/core/a.cpp", "#include <cstdio>");
    const std::vector<Exception> exceptions = {{"src/core/a.cpp", "<cstdio>", "why"}};
    EXPECT_TRUE(check_purity({bad}, exceptions).empty());
    EXPECT_EQ(check_purity({}, exceptions).size(), 1U);
}

}  // namespace
}  // namespace lanze::tidy
