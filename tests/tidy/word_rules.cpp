#include "tidy/word_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

namespace lanze::tidy {

namespace {

std::string trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" `");
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string(text.substr(first, text.find_last_not_of(" `") - first + 1));
}

std::vector<std::string> cells(std::string_view row) {
    std::vector<std::string> result;
    std::size_t start = 1;
    while (start < row.size()) {
        const std::size_t end = row.find('|', start);
        if (end == std::string_view::npos) {
            break;
        }
        result.push_back(trimmed(row.substr(start, end - start)));
        start = end + 1;
    }
    return result;
}

bool is_upper(char c) {
    return std::isupper(static_cast<unsigned char>(c)) != 0;
}

std::string lower(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

// "caller_Id", "kCallerMax" -> caller id; k caller max.
std::vector<std::string> parts(std::string_view identifier) {
    std::vector<std::string> result;
    std::string part;
    for (std::size_t i = 0; i < identifier.size(); ++i) {
        const char c = identifier[i];
        const bool starts_part = c == '_' || (is_upper(c) && i > 0 && !is_upper(identifier[i - 1]));
        if (starts_part && !part.empty()) {
            result.push_back(lower(part));
            part.clear();
        }
        if (c != '_') {
            part += c;
        }
    }
    if (!part.empty()) {
        result.push_back(lower(part));
    }
    return result;
}

// The parts of all words that are our own.
std::vector<std::string> own_parts(std::string_view text,
                                   const std::set<std::string>& names_of_others) {
    std::vector<std::string> result;
    for (const Word& word : words(text)) {
        if (names_of_others.contains(std::string(word.text))) {
            continue;
        }
        for (std::string& part : parts(word.text)) {
            result.push_back(std::move(part));
        }
    }
    return result;
}

// A document's text without `code`; `is_fenced` follows the ``` lines.
std::string prose(const std::string& line, bool& is_fenced) {
    if (line.find("```") != std::string::npos) {
        is_fenced = !is_fenced;
        return {};
    }
    std::string result;
    bool is_code = is_fenced;
    for (const char c : line) {
        is_code = c == '`' ? !is_code : is_code;
        result += is_code ? ' ' : c;
    }
    return result;
}

const BannedWord* find_banned(const std::vector<BannedWord>& banned, const std::string& word,
                              const std::string& area) {
    const auto found = std::find_if(banned.begin(), banned.end(), [&](const BannedWord& row) {
        return (word == row.word || word == row.word + "s") && row.where.contains(area);
    });
    return found == banned.end() ? nullptr : &*found;
}

// `row.what` is the row; it becomes a banned word, or a finding.
void read_banned_row(const Finding& row, BannedWords& result) {
    const std::vector<std::string> columns = cells(row.what);
    BannedWord banned;
    if (columns.size() == 3) {
        banned = {columns[0], columns[1], {}};
        for (const Word& word : words(columns[2])) {
            banned.where.emplace(word.text);
        }
    }
    const bool is_one_word = words(banned.word).size() == 1 && banned.word == lower(banned.word);
    if (banned.where.empty() || !is_one_word) {
        result.findings.push_back({row.path, row.line, "not | word | instead | where |"});
        return;
    }
    result.rows.push_back(std::move(banned));
}

// What of a line is checked; the quoted header of an include is the name of a file.
std::string checked_text(const Line& line, bool is_document, bool& is_fenced) {
    if (is_document) {
        return prose(line.whole, is_fenced);
    }
    if (!included(line).empty()) {
        return line.comment;
    }
    return line.code + " " + line.comment + " " + line.text;
}

}  // namespace

BannedWords parse_banned_words(const Source& glossary) {
    BannedWords result;
    std::string table;
    for (std::size_t i = 0; i < glossary.lines.size(); ++i) {
        const std::string& line = glossary.lines[i].whole;
        const bool is_head = line.starts_with("| ---") || line.starts_with("| word ");
        if (line.starts_with("<!-- ")) {
            table = line;
        } else if (table == "<!-- banned words -->" && line.starts_with('|') && !is_head) {
            read_banned_row({glossary.path, i + 1, line}, result);
        } else if (table == "<!-- names of others -->" && line.starts_with("| `")) {
            result.names_of_others.insert(cells(line).front());
        }
    }
    if (result.rows.empty()) {
        result.findings.push_back({glossary.path, 0, "no table of banned words"});
    }
    return result;
}

std::string area_of(const Source& source) {
    // These quote the words they ban, or speak the RFCs' language.
    static constexpr std::array<std::string_view, 7> kFree = {
        "docs/glossary.md",       "STYLE.md",         "docs/sip",
        "docs/call-flows",        "ui/src/lib/phone", "ui/src/call/guest",
        "ui/src/lib/i18n_test.ts"};
    for (const std::string_view path : kFree) {
        if (source.path.starts_with(path)) {
            return {};
        }
    }
    if (source.path.starts_with("ui/src/")) {
        return "ui";
    }
    return source.has_ending(".md") ? "docs" : source.layer();
}

Findings check_words(const Source& source, const BannedWords& banned) {
    const std::string area = area_of(source);
    if (area.empty()) {
        return {};
    }
    Findings findings;
    bool is_fenced = false;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        const std::string text = checked_text(source.lines[i], area == "docs", is_fenced);
        for (const std::string& part : own_parts(text, banned.names_of_others)) {
            const BannedWord* row = find_banned(banned.rows, part, area);
            if (row != nullptr) {
                findings.push_back({source.path, i + 1, "say " + row->instead + ", not " + part});
            }
        }
    }
    return findings;
}

Findings check_decisions(const std::vector<Source>& tree) {
    static constexpr std::array<std::string_view, 3> kParts = {"## Context", "## Choice",
                                                               "## Price"};
    Findings findings;
    int number = 0;
    for (const Source& source : tree) {
        const std::string folder = "docs/decisions/";
        if (!source.path.starts_with(folder)) {
            continue;
        }
        std::array<char, 16> expected{};
        std::snprintf(expected.data(), expected.size(), "%04d-", ++number);
        if (!source.path.starts_with(folder + expected.data())) {
            findings.push_back({source.path, 0, std::string("expected number ") + expected.data()});
        }
        for (const std::string_view part : kParts) {
            const bool is_there = std::any_of(source.lines.begin(), source.lines.end(),
                                              [&](const Line& line) { return line.whole == part; });
            if (!is_there) {
                findings.push_back({source.path, 0, "lacks " + std::string(part)});
            }
        }
    }
    return findings;
}

}  // namespace lanze::tidy
