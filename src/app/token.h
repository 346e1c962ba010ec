// `lanze token`: the tokens by which programs sign in at the API.
#pragma once

#include <cstdint>
#include <string>

namespace lanze::app {

enum class TokenAction : std::uint8_t { list, add, remove };

struct TokenOptions {
    TokenAction action = TokenAction::list;
    std::string config_path;
    std::string name;
};

// The exit code: 0 done, 1 refused.
int run_token(const TokenOptions& options);

}  // namespace lanze::app
