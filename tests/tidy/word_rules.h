// Word rules: docs/glossary.md decides which words the project uses, and where others are banned.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tidy/source.h"

namespace lanze::tidy {

// A row of the glossary's table of banned words.
struct BannedWord {
    std::string word;             // lower case, one word
    std::string instead;          // what to say
    std::set<std::string> where;  // layers, "ui", "docs"
    friend bool operator==(const BannedWord&, const BannedWord&) = default;
};

// The rows between "<!-- banned words -->" and "<!-- end -->", and the identifiers of others
// between
// "<!-- names of others -->" and "<!-- end -->". A row that cannot be read is a finding.
struct BannedWords {
    std::vector<BannedWord> rows;
    std::set<std::string> names_of_others;
    Findings findings;
};
BannedWords parse_banned_words(const Source& glossary);

// The area a file's words belong to: its layer, "ui", "docs", or "" where every word goes.
std::string area_of(const Source& source);

// Banned words in identifiers, comments, literals and documents. Identifiers are taken apart at '_'
// and capitals; in documents what stands in backticks or code blocks is free.
Findings check_words(const Source& source, const BannedWords& banned);

// Decision records: numbered without gaps, with context, choice and price.
Findings check_decisions(const std::vector<Source>& tree);

}  // namespace lanze::tidy
