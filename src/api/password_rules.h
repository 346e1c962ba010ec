// Password rules: what a password that a person chooses must be, after NIST SP 800-63B-4 §3.1.1.2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lanze::api {

// Characters are Unicode code points. 15 because the password is the only factor.
inline constexpr std::size_t kPasswordLettersMin = 15;
// 64 characters of any script fit.
inline constexpr std::size_t kPasswordBytesMax = 256;
// So many must be left when everything that is easily guessed is taken out.
inline constexpr std::size_t kPasswordRestMin = 6;

enum class PasswordFault : std::uint8_t {
    not_text,  // no UTF-8
    too_short,
    too_long,
    repeated,  // one short piece again and again
    guessable  // nearly nothing but names, words of the firm, sequences and common passwords
};

// `words` are the person's names and those of the firm; shorter than three characters they do not
// count. There are no rules about kinds of characters.
std::optional<PasswordFault> fault_of(std::string_view password,
                                      const std::vector<std::string>& words);

// For programs: "password_too_short".
std::string_view code_of(PasswordFault fault);
// For the person: which rule was broken, and what to do.
std::string_view sentence_of(PasswordFault fault);

}  // namespace lanze::api
