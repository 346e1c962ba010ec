#include "tidy/source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>

namespace lanze::tidy {

namespace {

bool is_word_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Walks over C++ text once and deals each character to code, comment or literal.
class Splitter {
public:
    explicit Splitter(std::string_view content) : content_(content) {}

    std::vector<Line> split() {
        while (at_ < content_.size()) {
            step();
        }
        if (!line_.whole.empty()) {
            end_line();
        }
        return std::move(lines_);
    }

private:
    enum class State { code, line_comment, block_comment, text, character, raw_text };

    bool starts(std::string_view expected) const {
        return content_.substr(at_, expected.size()) == expected;
    }

    void end_line() {
        lines_.push_back(std::move(line_));
        line_ = {};
    }

    void step() {
        const char c = content_[at_];
        if (c == '\n') {
            if (state_ == State::line_comment) {
                state_ = State::code;
            }
            end_line();
            ++at_;
            return;
        }
        switch (state_) {
            case State::code:
                step_code(c);
                return;
            case State::line_comment:
                take(line_.comment, 1);
                return;
            case State::block_comment:
                starts("*/") ? leave(2) : take(line_.comment, 1);
                return;
            case State::raw_text:
                starts(raw_end_) ? leave(raw_end_.size()) : take(line_.text, 1);
                return;
            case State::text:
                step_literal(c, '"');
                return;
            case State::character:
                step_literal(c, '\'');
                return;
        }
    }

    void step_code(char c) {
        const char before = at_ == 0 ? ' ' : content_[at_ - 1];
        if (starts("//")) {
            enter(State::line_comment, 2);
        } else if (starts("/*")) {
            enter(State::block_comment, 2);
        } else if (starts("R\"") && !is_word_character(before)) {
            enter_raw();
        } else if (c == '"') {
            line_.code += c;
            enter(State::text, 1);
        } else if (c == '\'' && !is_word_character(before)) {  // not 100'000
            line_.code += c;
            enter(State::character, 1);
        } else {
            take(line_.code, 1);
        }
    }

    void enter_raw() {
        const std::size_t open = content_.find('(', at_);
        if (open == std::string_view::npos) {
            take(line_.code, 1);
            return;
        }
        raw_end_ = ")" + std::string(content_.substr(at_ + 2, open - at_ - 2)) + "\"";
        line_.code += "\"\"";
        enter(State::raw_text, open + 1 - at_);
    }

    void step_literal(char c, char end) {
        if (c == '\\') {
            take(line_.text, 2);
        } else if (c == end) {
            line_.code += c;
            line_.text += ' ';
            leave(1);
        } else {
            take(line_.text, 1);
        }
    }

    void take(std::string& to, std::size_t count) {
        const std::string_view piece = content_.substr(at_, count);
        to += piece;
        line_.whole += piece;
        at_ += piece.size();
    }

    void enter(State state, std::size_t count) {
        std::string ignored;
        take(ignored, count);
        state_ = state;
    }

    void leave(std::size_t count) { enter(State::code, count); }

    std::string_view content_;
    std::size_t at_ = 0;
    State state_ = State::code;
    std::string raw_end_;
    Line line_;
    std::vector<Line> lines_;
};

std::vector<Line> plain_lines(std::string_view content) {
    std::vector<Line> lines;
    while (!content.empty()) {
        const std::size_t end = content.find('\n');
        lines.emplace_back().whole = content.substr(0, end);
        content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    }
    return lines;
}

bool is_skipped_folder(const std::string& name) {
    static constexpr std::array<std::string_view, 8> kSkipped = {
        ".git", "build", "node_modules", "dist", ".cache", "corpus", "data", "test-results"};
    return std::find(kSkipped.begin(), kSkipped.end(), name) != kSkipped.end();
}

bool is_text(const std::filesystem::path& path) {
    static constexpr std::array<std::string_view, 18> kEndings = {
        ".h",    ".cpp", ".md",   ".txt", ".cmake",   ".json", ".ts",  ".svelte", ".css",
        ".html", ".sh",  ".toml", ".scn", ".service", ".js",   ".mjs", ".py",     ".xml"};
    const std::string ending = path.extension().string();
    const std::string name = path.filename().string();
    return name != "package-lock.json" && name != "LICENSE" &&
           (std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end() ||
            (ending.empty() && path.parent_path().filename() == ".ci"));
}

}  // namespace

std::string to_text(const Findings& findings) {
    std::string result;
    for (const Finding& finding : findings) {
        result += finding.path;
        result += finding.line == 0 ? std::string() : ":" + std::to_string(finding.line);
        result += ": " + finding.what + "\n";
    }
    return result;
}

bool Source::has_ending(std::string_view ending) const {
    return std::string_view(path).ends_with(ending);
}

Source Source::split(std::string path, std::string_view content) {
    Source source{std::move(path), {}};
    const bool is_code = source.has_ending(".h") || source.has_ending(".cpp") ||
                         source.has_ending(".ts") || source.has_ending(".svelte");
    source.lines = is_code ? Splitter(content).split() : plain_lines(content);
    return source;
}

std::string Source::layer() const {
    const std::string_view start = "src/";
    const std::size_t end = path.find('/', start.size());
    if (!path.starts_with(start) || end == std::string::npos) {
        return {};
    }
    return path.substr(start.size(), end - start.size());
}

std::vector<Source> read_tree(const std::filesystem::path& root) {
    std::vector<Source> tree;
    auto entry = std::filesystem::recursive_directory_iterator(root);
    for (; entry != std::filesystem::recursive_directory_iterator(); ++entry) {
        if (entry->is_directory() && is_skipped_folder(entry->path().filename().string())) {
            entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file() || !is_text(entry->path())) {
            continue;
        }
        std::ifstream file(entry->path(), std::ios::binary);
        const std::string content{std::istreambuf_iterator<char>(file), {}};
        tree.push_back(
            Source::split(entry->path().lexically_relative(root).generic_string(), content));
    }
    std::sort(tree.begin(), tree.end(),
              [](const Source& a, const Source& b) { return a.path < b.path; });
    return tree;
}

std::vector<Word> words(std::string_view text) {
    std::vector<Word> result;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = at;
        while (end < text.size() && is_word_character(text[end])) {
            ++end;
        }
        if (end > at) {
            result.push_back({text.substr(at, end - at), at});
        }
        at = end + 1;
    }
    return result;
}

std::string included(const Line& line) {
    const std::string_view directive = "#include ";
    if (!line.code.starts_with(directive)) {
        return {};
    }
    // The splitter takes a quoted name for a literal; <name> stays code.
    std::string name = line.code.substr(directive.size());
    if (name.starts_with('"')) {
        name = line.text;
    }
    name.erase(name.find_last_not_of(' ') + 1);
    return name;
}

}  // namespace lanze::tidy
