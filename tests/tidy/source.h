// Source: a file of the tree, each line split into code, comment and literal text.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lanze::tidy {

// A rule that is broken somewhere. `line` counts from 1; 0 means the whole file.
struct Finding {
    std::string path;
    std::size_t line = 0;
    std::string what;
    friend bool operator==(const Finding&, const Finding&) = default;
};
using Findings = std::vector<Finding>;

// "path:line: what", one a line.
std::string to_text(const Findings& findings);

struct Line {
    std::string whole;
    std::string code;     // literals are empty ("" or ''), comments are gone
    std::string comment;  // without its marks
    std::string text;     // what stood in string literals
};

struct Source {
    std::string path;  // from the root of the tree: "src/core/floor.h"
    std::vector<Line> lines;

    // Splits by C++'s lexical rules if the name ends in .h, .cpp, .ts or .svelte; otherwise every
    // line is only `whole`.
    static Source split(std::string path, std::string_view content);

    bool has_ending(std::string_view ending) const;
    // A test, or the fixture that several tests of a layer share.
    bool is_test() const { return has_ending("_test.cpp") || has_ending("_fixture.h"); }
    bool is_header() const { return has_ending(".h"); }
    // "core" for src/core/floor.h, "" outside src/.
    std::string layer() const;
};

// Every text file that belongs to the project: no build output, nothing fetched, no data.
std::vector<Source> read_tree(const std::filesystem::path& root);

// The maximal runs of letters, digits and '_' in a text, with their places.
struct Word {
    std::string_view text;
    std::size_t at = 0;
};
std::vector<Word> words(std::string_view text);

// "core/floor.h" or <mutex> with its brackets, if the line is an include; otherwise "".
std::string included(const Line& line);

}  // namespace lanze::tidy
