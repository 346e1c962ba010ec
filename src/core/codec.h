// The codec: commands and events to bytes and back, for the journal; agents stand in it under
// pseudonyms only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "core/command.h"
#include "core/event.h"
#include "core/reason.h"

namespace lanze::core {

// Raised whenever stored bytes change their meaning. Alternatives and fields are only ever added
// at the end; a batch carries the version it was written with.
inline constexpr std::uint8_t kCodecVersion = 3;
inline constexpr std::uint8_t kCodecVersionFirst = 1;  // older ones are read for ever

// Turns agents into what may be stored of them, and back. The journal has one per day and key.
class AgentCodebook {
public:
    virtual ~AgentCodebook() = default;

    virtual std::uint64_t pseudonym(AgentId agent) const = 0;
    // A pseudonym nobody knows any more becomes an id of its own, the same one each time.
    virtual AgentId agent(std::uint64_t pseudonym) = 0;

    // The list of agents in a configuration tells who they are: name, place and id are sealed.
    virtual std::string seal(std::string_view plain) const = 0;
    // Nothing once the key is gone.
    virtual std::optional<std::string> open(std::string_view sealed) const = 0;
    // The id exists: its pseudonym can be read from now on.
    virtual void learn(AgentId agent) = 0;
};

// Stores everything as it is: for the configuration's hash, for tests and benchmarks.
class PlainCodebook final : public AgentCodebook {
public:
    std::uint64_t pseudonym(AgentId agent) const override { return agent.value(); }
    AgentId agent(std::uint64_t pseudonym) override {
        return AgentId{static_cast<AgentId::Representation>(pseudonym)};
    }
    std::string seal(std::string_view plain) const override { return std::string(plain); }
    std::optional<std::string> open(std::string_view sealed) const override {
        return std::string(sealed);
    }
    void learn(AgentId) override {}
};

// `at` is the time of the decision; times in the event are stored as distances from it.
// What is decoded equals what was encoded as long as the codebook has its key. After that agents
// come back under other ids and names, in an order that says nothing.
void encode(const Command& command, Time at, const AgentCodebook& book, ByteWriter& out);
void encode(const Event& event, Time at, const AgentCodebook& book, ByteWriter& out);
void encode(const Reason& reason, Time at, const AgentCodebook& book, ByteWriter& out);

// Any bytes may come in; what is not the work of encode() yields nothing and fails the reader.
// `version` is the one it was written with; what that one did not know has its default.
std::optional<Command> decode_command(ByteReader& in, Time at, AgentCodebook& book,
                                      std::uint8_t version = kCodecVersion);
std::optional<Event> decode_event(ByteReader& in, Time at, AgentCodebook& book,
                                  std::uint8_t version = kCodecVersion);
std::optional<Reason> decode_reason(ByteReader& in, Time at, AgentCodebook& book,
                                    std::uint8_t version = kCodecVersion);

// FNV-1a over 64 bits with a last mix: equal on every machine, for checksums, not against forgery.
std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed = 0xcbf29ce484222325ULL);

// Hash of the canonical form: equal configurations, equal hashes; the order of things counts.
std::uint64_t config_hash(const Config& config);

}  // namespace lanze::core
