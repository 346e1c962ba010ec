// Passes the whole tree through every rule. Run from the root of the tree.
#include <gtest/gtest.h>
#include <algorithm>
#include <filesystem>

#include "tidy/form_rules.h"
#include "tidy/layer_rules.h"
#include "tidy/word_rules.h"

namespace lanze::tidy {
namespace {

const std::vector<Source>& tree() {
    static const std::vector<Source> kTree = read_tree(std::filesystem::current_path());
    return kTree;
}

Source file(std::string_view path) {
    const auto found = std::find_if(tree().begin(), tree().end(),
                                    [&](const Source& source) { return source.path == path; });
    EXPECT_NE(found, tree().end()) << path << " is missing";
    return found == tree().end() ? Source{std::string(path), {}} : *found;
}

std::set<std::string> paths() {
    std::set<std::string> result;
    for (const Source& source : tree()) {
        result.insert(source.path);
    }
    return result;
}

template <typename Check>
std::string each(Check check) {
    Findings findings;
    for (const Source& source : tree()) {
        const Findings found = check(source);
        findings.insert(findings.end(), found.begin(), found.end());
    }
    return to_text(findings);
}

TEST(Tree, is_there) {
    EXPECT_GT(tree().size(), 30U) << "run from the root of the tree";
}

TEST(Tree, keeps_its_layers_apart) {
    EXPECT_EQ(to_text(check_includes(tree(), parse_layers(file("CMakeLists.txt")))), "");
}

TEST(Tree, keeps_library_headers_to_one_layer) {
    EXPECT_EQ(to_text(check_library_headers(tree())), "");
}

TEST(Tree, knows_every_folder) {
    const Layers layers = parse_layers(file("CMakeLists.txt"));
    const Layers table = parse_layer_table(file("ARCHITECTURE.md"));
    EXPECT_EQ(to_text(check_folders(tree(), layers, table)), "");
}

TEST(Tree, keeps_its_pure_layers_pure) {
    EXPECT_EQ(to_text(check_purity(tree(), pure_exceptions())), "");
}

TEST(Tree, has_no_endless_file) {
    EXPECT_EQ(each(check_file_size), "");
}

TEST(Tree, has_short_and_flat_functions) {
    EXPECT_EQ(each(check_functions), "");
}

TEST(Tree, opens_every_header_with_its_job) {
    EXPECT_EQ(each(check_opening), "");
}

TEST(Tree, includes_the_own_header_first) {
    const std::set<std::string> all = paths();
    EXPECT_EQ(each([&](const Source& source) { return check_own_header_first(source, all); }), "");
}

TEST(Tree, has_a_header_for_every_source) {
    const std::set<std::string> all = paths();
    EXPECT_EQ(each([&](const Source& source) { return check_has_header(source, all); }), "");
}

TEST(Tree, has_speaking_names) {
    EXPECT_EQ(each(check_names), "");
}

TEST(Tree, has_nothing_left_over) {
    EXPECT_EQ(each(check_leftovers), "");
}

TEST(Tree, uses_the_words_of_the_glossary) {
    const BannedWords banned = parse_banned_words(file("docs/glossary.md"));
    EXPECT_EQ(to_text(banned.findings), "");
    EXPECT_EQ(each([&](const Source& source) { return check_words(source, banned); }), "");
}

TEST(Tree, has_its_decisions_in_order) {
    EXPECT_EQ(to_text(check_decisions(tree())), "");
}

}  // namespace
}  // namespace lanze::tidy
