#include "app/token.h"

#include <array>
#include <cstdio>
#include <ctime>

#include "app/people_file.h"

namespace lanze::app {

namespace {

std::string utc_text(Time time) {
    const std::time_t whole = static_cast<std::time_t>(to_micros(time) / 1'000'000);
    std::tm parts{};
    gmtime_r(&whole, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

int list_tokens(api::People& people) {
    const auto tokens = people.tokens();
    if (!tokens) {
        return refuse(tokens.error());
    }
    for (const api::TokenEntry& token : *tokens) {
        std::printf("%s  %s\n", token.name.c_str(), utc_text(token.created).c_str());
    }
    return 0;
}

int add_token(PeopleFile& file, const std::string& name) {
    const auto token = file.people.add_token(name, file.at);
    if (!token) {
        return refuse(token.error());
    }
    // The token alone on standard output, so that a script can take it.
    std::printf("%s\n", token->c_str());
    std::fputs("The token is shown this once. Send it as \"Authorization: Bearer TOKEN\".\n",
               stderr);
    return 0;
}

int remove_token(PeopleFile& file, const std::string& name) {
    if (const auto removed = file.people.remove_token(name, file.at); !removed) {
        return refuse(removed.error());
    }
    std::printf("The token %s is no longer valid.\n", name.c_str());
    return 0;
}

}  // namespace

int run_token(const TokenOptions& options) {
    auto file = open_people(options.config_path);
    if (!file) {
        return 1;
    }
    switch (options.action) {
        case TokenAction::list:
            return list_tokens(file->people);
        case TokenAction::add:
            return add_token(*file, options.name);
        case TokenAction::remove:
            return remove_token(*file, options.name);
    }
    return 1;
}

}  // namespace lanze::app
