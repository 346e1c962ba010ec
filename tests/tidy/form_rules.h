// Form rules: sizes of files and functions, nesting, openings, names, and what is never written.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tidy/source.h"

namespace lanze::tidy {

inline constexpr std::size_t kFileLinesReason = 600;  // more: the first lines say why
inline constexpr std::size_t kFileLinesMax = 1000;
inline constexpr std::size_t kFunctionLinesMax = 70;
inline constexpr std::size_t kNestingMax = 3;

// A function as found by its braces. `first` is the line of its opening brace.
struct Function {
    std::string name;
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t nesting = 0;  // deepest control block inside it
};

// Good enough for this tree's form: clang-format, braces always, C++ and TypeScript.
std::vector<Function> functions(const Source& source);

// A file of more than 600 lines needs a comment with "lines because" among its first ten. Data
// (.json) and what says "auto-generated" at its top are free.
Findings check_file_size(const Source& source);
Findings check_functions(const Source& source);
// A .h opens with one sentence as a comment, then #pragma once.
Findings check_opening(const Source& source);
// A .cpp includes its own header first.
Findings check_own_header_first(const Source& source, const std::set<std::string>& paths);
// A .cpp in src/ without a header of its name is a part of another: it includes one of its layer.
// main.cpp, tests and files with "no header" in their first line need none.
Findings check_has_header(const Source& source, const std::set<std::string>& paths);
// No get_, no throw, no macro in a header, no sleeping test, no file called utils.
Findings check_names(const Source& source);
// Nothing left to do, no path of a machine.
Findings check_leftovers(const Source& source);

}  // namespace lanze::tidy
