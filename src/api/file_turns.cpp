#include "api/file_turns.h"

namespace lanze::api {

FileTurn FileTurns::take(const IpAddress& from) {
    const auto known = taken_->of.find(from);
    const std::size_t own = known == taken_->of.end() ? 0 : known->second;
    if (taken_->total >= kFileTurnsMax || own >= kFileTurnsOfOneMax) {
        return nullptr;
    }
    ++taken_->total;
    ++taken_->of[from];
    return {taken_.get(), [taken = taken_, from](const void*) {
                --taken->total;
                if (--taken->of[from] == 0) {
                    taken->of.erase(from);
                }
            }};
}

}  // namespace lanze::api
