// BuiltIn: the example centre's own phones and callers, on a thread and sockets of their own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/endpoint.h"
#include "base/result.h"

namespace lanze::app {

// They reach the centre by SIP like everybody else. Sentences are spoken by espeak-ng once and kept
// in `cache_folder`; where it is missing they are a tone.
class BuiltIn {
public:
    // Opens the agents' phones; their addresses are added to `config.edge.phones`.
    static Result<std::unique_ptr<BuiltIn>, std::string> open(CentreConfig& config,
                                                              const std::string& cache_folder);
    virtual ~BuiltIn() = default;

    // Agents' phones answer from now on; callers ring at `centre` if `with_callers`.
    virtual void start(const Endpoint& centre, bool with_callers) = 0;
    virtual void stop() = 0;
};

}  // namespace lanze::app
