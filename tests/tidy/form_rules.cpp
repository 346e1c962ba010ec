#include "tidy/form_rules.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace lanze::tidy {

namespace {

template <std::size_t size>
bool holds(const std::array<std::string_view, size>& range, std::string_view value) {
    return std::find(range.begin(), range.end(), value) != range.end();
}

bool is_cpp(const Source& source) {
    return source.is_header() || source.has_ending(".cpp");
}

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

enum class Block { scope, function, control, other };

bool is_control(std::string_view head) {
    static constexpr std::array<std::string_view, 8> kControls = {"if",   "for", "while", "switch",
                                                                  "else", "do",  "try",   "catch"};
    const std::vector<Word> head_words = words(head);
    return !head_words.empty() && head_words.front().at == head.find_first_not_of("} ") &&
           holds(kControls, head_words.front().text);
}

bool is_scope(std::string_view head) {
    static constexpr std::array<std::string_view, 7> kScopes = {
        "namespace", "class", "struct", "union", "enum", "interface", "concept"};
    // "struct Row {" opens a type; "Row make(struct tm& t) {" does not.
    const bool has_call = head.find('(') != std::string_view::npos;
    const std::vector<Word> head_words = words(head);
    return !has_call && std::any_of(head_words.begin(), head_words.end(),
                                    [](const Word& word) { return holds(kScopes, word.text); });
}

bool is_function(std::string_view head) {
    const std::size_t open = head.find('(');
    const std::size_t assigned = head.find(" = ");
    return open != std::string_view::npos && open != 0 &&
           (assigned == std::string_view::npos || assigned > open);
}

std::string name_in(std::string_view head) {
    const std::vector<Word> before = words(head.substr(0, head.find('(')));
    return before.empty() ? std::string() : std::string(before.back().text);
}

// Follows the braces of one file.
class BraceWalker {
public:
    std::vector<Function> walk(const Source& source) {
        for (std::size_t i = 0; i < source.lines.size(); ++i) {
            const std::string& code = source.lines[i].code;
            if (!code.starts_with('#')) {
                walk_line(code, i + 1);
            }
        }
        return std::move(done_);
    }

private:
    void walk_line(const std::string& code, std::size_t line) {
        for (const char c : code) {
            if (c == '{') {
                open(line);
            } else if (c == '}') {
                close(line);
            } else if (c == ';' && brackets_ == 0) {
                head_.clear();
            } else {
                brackets_ += c == '(' ? 1 : c == ')' ? -1 : 0;
                head_ += c;
            }
        }
        head_ += ' ';
    }

    void open(std::size_t line) {
        const std::string head = trimmed(head_);
        const Block block = kind_of(head);
        if (block == Block::function) {
            open_.push_back({name_in(head), line, 0, 0});
        }
        const bool is_inside_head = block == Block::other && (brackets_ > 0 || open_.empty());
        blocks_.push_back({block, brackets_, is_inside_head ? head_ : std::string()});
        depth_ += block == Block::control ? 1 : 0;
        if (block == Block::control && !open_.empty()) {
            open_.back().nesting = std::max(open_.back().nesting, depth_);
        }
        brackets_ = 0;
        head_.clear();
    }

    Block kind_of(const std::string& head) const {
        // clang-format puts a space before the brace of a block, none before a list of values.
        if (!head_.empty() && head_.back() != ' ') {
            return Block::other;
        }
        if (!open_.empty()) {
            return is_control(head) ? Block::control : Block::other;
        }
        if (is_scope(head)) {
            return Block::scope;
        }
        return is_function(head) && brackets_ == 0 ? Block::function : Block::other;
    }

    void close(std::size_t line) {
        if (blocks_.empty()) {
            return;
        }
        const Block block = blocks_.back().block;
        brackets_ = blocks_.back().brackets;
        head_ = std::move(blocks_.back().head);
        blocks_.pop_back();
        depth_ -= block == Block::control ? 1 : 0;
        if (block == Block::function) {
            open_.back().last = line;
            done_.push_back(open_.back());
            open_.pop_back();
        }
    }

    struct Open {
        Block block;
        int brackets;      // open round brackets outside the block
        std::string head;  // goes on after the block: f({1}) and x_{1}
    };
    std::string head_;  // code since the last ; { or }
    int brackets_ = 0;
    std::size_t depth_ = 0;
    std::vector<Open> blocks_;
    std::vector<Function> open_;
    std::vector<Function> done_;
};

bool is_generated(const Source& source) {
    const std::size_t size = std::min<std::size_t>(source.lines.size(), 5);
    return std::any_of(
        source.lines.begin(), source.lines.begin() + static_cast<std::ptrdiff_t>(size),
        [](const Line& line) { return line.whole.find("auto-generated") != std::string::npos; });
}

// Words that must not appear in what is committed, put together so that this file passes too.
const std::array<std::string, 4>& leftovers() {
    static const std::array<std::string, 4> kLeftovers = {
        std::string("TO") + "DO", std::string("FIX") + "ME", std::string("X") + "XX",
        std::string("HA") + "CK"};
    return kLeftovers;
}

const std::array<std::string, 3>& machine_paths() {
    static const std::array<std::string, 3> kPaths = {
        std::string("/wo") + "rk/", std::string("/ho") + "me/", std::string("/ro") + "ot/"};
    return kPaths;
}

bool is_get_name(std::string_view code, const Word& word) {
    const std::string_view before = code.substr(0, word.at);
    const std::size_t end = word.at + word.text.size();
    const bool is_ours =
        !before.ends_with('.') && !before.ends_with("->") && !before.ends_with("::");
    // What asio's streams must be called is asio's choice.
    return word.text.starts_with("get_") && word.text != "get_executor" && is_ours &&
           end < code.size() && code[end] == '(';
}

}  // namespace

std::vector<Function> functions(const Source& source) {
    return BraceWalker().walk(source);
}

Findings check_file_size(const Source& source) {
    const std::size_t size = source.lines.size();
    if (source.has_ending(".json") || is_generated(source)) {
        return {};
    }
    if (size > kFileLinesMax) {
        return {{source.path, 0, std::to_string(size) + " lines; no file has more than 1000"}};
    }
    const auto first = source.lines.begin();
    const auto last = first + static_cast<std::ptrdiff_t>(std::min<std::size_t>(size, 10));
    const bool has_reason = std::any_of(first, last, [](const Line& line) {
        return line.whole.find("lines because") != std::string::npos;
    });
    if (size > kFileLinesReason && !has_reason) {
        return {{source.path, 0,
                 std::to_string(size) + " lines; above 600 its first lines say \"lines because\""}};
    }
    return {};
}

Findings check_functions(const Source& source) {
    Findings findings;
    for (const Function& function : functions(source)) {
        const std::size_t size = function.last - function.first + 1;
        if (size > kFunctionLinesMax) {
            findings.push_back({source.path, function.first,
                                function.name + " has " + std::to_string(size) + " lines"});
        }
        if (function.nesting > kNestingMax) {
            findings.push_back(
                {source.path, function.first,
                 function.name + " is nested " + std::to_string(function.nesting) + " deep"});
        }
    }
    return findings;
}

Findings check_opening(const Source& source) {
    if (!source.is_header()) {
        return {};
    }
    std::size_t i = 0;
    std::string opening;
    while (i < source.lines.size() && source.lines[i].whole.starts_with("// ")) {
        opening = source.lines[i].comment;
        ++i;
    }
    if (i == 0 || i > 3 || !trimmed(opening).ends_with('.')) {
        return {{source.path, 1, "a header opens with one sentence that says its one job"}};
    }
    if (i >= source.lines.size() || source.lines[i].whole != "#pragma once") {
        return {{source.path, i + 1, "#pragma once follows the opening sentence"}};
    }
    return {};
}

Findings check_own_header_first(const Source& source, const std::set<std::string>& paths) {
    if (!source.has_ending(".cpp")) {
        return {};
    }
    const std::string_view ending = source.is_test() ? "_test.cpp" : ".cpp";
    const std::string own = source.path.substr(0, source.path.size() - ending.size()) + ".h";
    for (std::size_t i = 0; i < source.lines.size() && paths.contains(own); ++i) {
        const std::string header = included(source.lines[i]);
        if (header.empty()) {
            continue;
        }
        const bool is_own = own.ends_with("/" + header);
        return is_own ? Findings{} : Findings{{source.path, i + 1, "its own header comes first"}};
    }
    return {};
}

Findings check_has_header(const Source& source, const std::set<std::string>& paths) {
    const bool is_exempt = source.layer().empty() || !source.has_ending(".cpp") ||
                           source.is_test() || source.has_ending("/main.cpp");
    const std::string own = source.path.substr(0, source.path.size() - 4) + ".h";
    if (is_exempt || paths.contains(own)) {
        return {};
    }
    const bool is_part =
        std::any_of(source.lines.begin(), source.lines.end(), [&](const Line& line) {
            const std::string header = included(line);
            return header.starts_with(source.layer() + "/") && paths.contains("src/" + header);
        });
    const bool says_why =
        !source.lines.empty() && source.lines[0].comment.find("no header") != std::string::npos;
    return is_part || says_why
               ? Findings{}
               : Findings{{source.path, 0, "has no header and is a part of no other's"}};
}

Findings check_names(const Source& source) {
    static constexpr std::array<std::string_view, 9> kNoNames = {
        "util", "utils", "common", "helper", "helpers", "manager", "misc", "types", "utilities"};
    Findings findings;
    const std::size_t slash = source.path.rfind('/');
    const std::string file = source.path.substr(slash == std::string::npos ? 0 : slash + 1);
    if (holds(kNoNames, std::string_view(file).substr(0, file.find('.')))) {
        findings.push_back({source.path, 0, "the name says nothing about the file"});
    }
    for (std::size_t i = 0; is_cpp(source) && i < source.lines.size(); ++i) {
        const std::string& code = source.lines[i].code;
        if (source.is_header() && code.starts_with("#define") &&
            code.find(" LANZE_CHECK") == std::string::npos) {
            findings.push_back({source.path, i + 1, "LANZE_CHECK is the only macro"});
        }
        for (const Word& word : words(code)) {
            if (is_get_name(code, word)) {
                findings.push_back({source.path, i + 1, "a function is not called get_"});
            } else if (word.text == "throw") {
                findings.push_back({source.path, i + 1, "errors are values; nothing is thrown"});
            } else if (source.is_test() && (word.text == "sleep_for" || word.text == "usleep")) {
                findings.push_back({source.path, i + 1, "a test does not sleep"});
            }
        }
    }
    return findings;
}

Findings check_leftovers(const Source& source) {
    Findings findings;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        const std::string& whole = source.lines[i].whole;
        for (const Word& word : words(whole)) {
            if (std::find(leftovers().begin(), leftovers().end(), word.text) != leftovers().end()) {
                findings.push_back({source.path, i + 1, "left over: " + std::string(word.text)});
            }
        }
        for (const std::string& path : machine_paths()) {
            if (whole.find(path) != std::string::npos) {
                findings.push_back({source.path, i + 1, "path of a machine: " + path});
            }
        }
        const std::string& comment = source.lines[i].comment;
        const std::size_t first = comment.find_first_not_of(' ');
        if (first != std::string::npos &&
            (comment.compare(first, 3, "---") == 0 || comment.compare(first, 3, "===") == 0)) {
            findings.push_back({source.path, i + 1, "banner: let names and files divide the text"});
        }
    }
    return findings;
}

}  // namespace lanze::tidy
