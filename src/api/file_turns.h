// Turns to send or fetch a file: each lies in memory meanwhile, so few at once, and fewer of one.
#pragma once

#include <cstddef>
#include <map>
#include <memory>

#include "base/endpoint.h"

namespace lanze::api {

inline constexpr std::size_t kFileTurnsMax = 16;
inline constexpr std::size_t kFileTurnsOfOneMax = 4;  // from one address

// Taken as long as it lives, also beyond the FileTurns it is of.
using FileTurn = std::shared_ptr<const void>;

// Used on one thread.
class FileTurns {
public:
    // Null: too many are taken; try again in a moment.
    FileTurn take(const IpAddress& from);

private:
    struct Taken {
        std::size_t total = 0;
        std::map<IpAddress, std::size_t> of;
    };
    std::shared_ptr<Taken> taken_ = std::make_shared<Taken>();
};

}  // namespace lanze::api
