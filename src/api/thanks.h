// Thanks: what callers' thanks a supervisor passed on to an agent; read and removed by him alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace lanze::api {

class Database;

// Without the contact's number: kept beyond the days in which it is known who had which contact, it
// must not tell that by itself (charter: no dossiers).
struct Thank {
    std::int64_t id = 0;
    std::string text;
    std::string queue;  // of the contact; "": not known any more
    std::string from;   // who passed it on
    Time at;
    friend bool operator==(const Thank&, const Thank&) = default;
};

// Used by one thread at a time.
class Thanks {
public:
    static constexpr std::size_t kTextMax = 1'000;    // bytes
    static constexpr std::size_t kPerAgentMax = 200;  // the oldest goes

    // Makes the file if it is missing. The error is a sentence for the operator.
    static Result<Thanks, std::string> open(const std::string& path);
    Thanks(Thanks&&) noexcept;
    Thanks& operator=(Thanks&&) noexcept;
    ~Thanks();

    // `thank.id` is not used. False: the file does not serve.
    bool add(const std::string& agent, const Thank& thank);
    std::vector<Thank> of(const std::string& agent);  // newest first
    // False: the agent has no such one.
    bool remove(const std::string& agent, std::int64_t id);

private:
    explicit Thanks(std::unique_ptr<Database> database);
    std::unique_ptr<Database> database_;
};

}  // namespace lanze::api
