#include "api/password_rules.h"

#include <algorithm>
#include <array>

namespace lanze::api {

namespace {

using Letters = std::u32string;

constexpr std::size_t kPieceMin = 3;

// Rows of keyboards and the alphabet; a piece of one, in either direction, is a sequence.
constexpr std::array<std::u32string_view, 8> kRows = {U"abcdefghijklmnopqrstuvwxyz",
                                                      U"01234567890",
                                                      U"qwertzuiop",
                                                      U"qwertyuiop",
                                                      U"asdfghjkl",
                                                      U"yxcvbnm",
                                                      U"zxcvbnm",
                                                      U"1qaz2wsx3edc4rfv"};

// What people choose most, in German and English, without what is a sequence or a repetition.
constexpr std::array<std::u32string_view, 64> kCommon = {
    U"password", U"passwort",   U"kennwort",  U"passw0rd", U"p@ssword",      U"p@ssw0rd",
    U"geheim",   U"secret",     U"hallo",     U"hello",    U"welcome",       U"willkommen",
    U"welcome1", U"letmein",    U"login",     U"admin",    U"administrator", U"root",
    U"master",   U"changeme",   U"default",   U"iloveyou", U"ichliebedich",  U"schatz",
    U"princess", U"prinzessin", U"sunshine",  U"sommer",   U"summer",        U"winter",
    U"herbst",   U"autumn",     U"spring",    U"football", U"fussball",      U"baseball",
    U"monkey",   U"dragon",     U"drache",    U"shadow",   U"superman",      U"batman",
    U"pokemon",  U"starwars",   U"trustno1",  U"michael",  U"daniel",        U"thomas",
    U"jennifer", U"jessica",    U"charlie",   U"michelle", U"internet",      U"computer",
    U"whatever", U"freedom",    U"liverpool", U"arsenal",  U"bayern",        U"dortmund",
    U"lanze",    U"callcenter", U"contact",   U"service"};

// The code point at the head of `text`, taken off it; nothing if it is no UTF-8 (RFC 3629).
std::optional<char32_t> take_letter(std::string_view& text) {
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned first = byte(0);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if ((first >= 0x80 && first < 0xC2) || first > 0xF4 || text.size() < size) {
        return std::nullopt;
    }
    char32_t letter = size == 1 ? first : first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) {
            return std::nullopt;
        }
        letter = (letter << 6U) | (byte(i) & 0x3FU);
    }
    static constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = letter >= 0xD800 && letter <= 0xDFFF;
    if (letter < kLeast.at(size) || letter > 0x10FFFF || is_surrogate) {
        return std::nullopt;
    }
    text.remove_prefix(size);
    return letter;
}

// With ASCII letters made small; nothing if it is no UTF-8.
std::optional<Letters> letters_of(std::string_view text) {
    Letters letters;
    while (!text.empty()) {
        const auto letter = take_letter(text);
        if (!letter) {
            return std::nullopt;
        }
        letters.push_back(*letter >= U'A' && *letter <= U'Z' ? *letter - U'A' + U'a' : *letter);
    }
    return letters;
}

// The shortest beginning of which the whole is a repetition, the last time perhaps cut short.
std::u32string_view repeated_part(std::u32string_view text) {
    for (std::size_t size = 1; size * 2 <= text.size(); ++size) {
        if (text.substr(size) == text.substr(0, text.size() - size)) {
            return text.substr(0, size);
        }
    }
    return text;
}

std::size_t run_length(std::u32string_view text) {
    return std::min(text.find_first_not_of(text.front()), text.size());
}

std::size_t common_beginning(std::u32string_view a, std::u32string_view b) {
    const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return static_cast<std::size_t>(in_a - a.begin());
}

// How far the text goes along a row of keys from its beginning on.
std::size_t sequence_length(std::u32string_view text) {
    std::size_t longest = 0;
    for (const std::u32string_view row : kRows) {
        const Letters back(row.rbegin(), row.rend());
        for (const std::u32string_view keys : {row, std::u32string_view(back)}) {
            const std::size_t at = std::min(keys.find(text.front()), keys.size());
            longest = std::max(longest, common_beginning(text, keys.substr(at)));
        }
    }
    return longest;
}

// The longest piece at the beginning of `text` that anybody would try; 0: none.
std::size_t guessed_length(std::u32string_view text, const std::vector<Letters>& words) {
    std::size_t longest = std::max(run_length(text), sequence_length(text));
    longest = longest < kPieceMin ? 0 : longest;
    for (const std::u32string_view word : kCommon) {
        longest = text.starts_with(word) ? std::max(longest, word.size()) : longest;
    }
    for (const Letters& word : words) {
        longest = text.starts_with(word) ? std::max(longest, word.size()) : longest;
    }
    return longest;
}

// How many characters are in none of the pieces.
std::size_t rest_of(std::u32string_view text, const std::vector<Letters>& words) {
    std::size_t rest = 0;
    while (!text.empty()) {
        const std::size_t guessed = guessed_length(text, words);
        rest += guessed == 0 ? 1 : 0;
        text.remove_prefix(std::max<std::size_t>(guessed, 1));
    }
    return rest;
}

// The words of "Hanse Bank", and those of an address, one by one.
void add_words(std::string_view text, std::vector<Letters>& words) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of(" .-_@,:/"), text.size());
        const auto word = letters_of(text.substr(0, end));
        if (word && word->size() >= kPieceMin) {
            words.push_back(*word);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

}  // namespace

std::optional<PasswordFault> fault_of(std::string_view password,
                                      const std::vector<std::string>& words) {
    if (password.size() > kPasswordBytesMax) {
        return PasswordFault::too_long;
    }
    const auto letters = letters_of(password);
    if (!letters) {
        return PasswordFault::not_text;
    }
    if (letters->size() < kPasswordLettersMin) {
        return PasswordFault::too_short;
    }
    if (repeated_part(*letters).size() < kPasswordRestMin) {
        return PasswordFault::repeated;
    }
    std::vector<Letters> known;
    for (const std::string& word : words) {
        add_words(word, known);
    }
    if (rest_of(repeated_part(*letters), known) < kPasswordRestMin) {
        return PasswordFault::guessable;
    }
    return std::nullopt;
}

std::string_view code_of(PasswordFault fault) {
    switch (fault) {
        case PasswordFault::not_text:
            return "password_not_text";
        case PasswordFault::too_short:
            return "password_too_short";
        case PasswordFault::too_long:
            return "password_too_long";
        case PasswordFault::repeated:
            return "password_repeated";
        case PasswordFault::guessable:
            return "password_guessable";
    }
    return "";
}

std::string_view sentence_of(PasswordFault fault) {
    switch (fault) {
        case PasswordFault::not_text:
            return "The password is no text in UTF-8.";
        case PasswordFault::too_short:
            return "A password has at least 15 characters; several words in a row will do.";
        case PasswordFault::too_long:
            return "A password has at most 256 bytes.";
        case PasswordFault::repeated:
            return "This password repeats one short piece; add something else.";
        case PasswordFault::guessable:
            return "This password is made of names, words of the firm, rows of keys or common "
                   "passwords; at least six further characters are needed.";
    }
    return "";
}

}  // namespace lanze::api
