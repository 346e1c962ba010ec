#include "core/codec.h"

#include <algorithm>
#include <concepts>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/rng.h"
#include "core/codec_fields.h"

namespace lanze::core {
namespace {

class Encoder {
public:
    Encoder(ByteWriter& out, Time base, const AgentCodebook& book)
        : out_(out), base_(base), book_(book) {}

    template <typename... Ts>
    void operator()(const Ts&... values) {
        (put(values), ...);
    }

    // Fields that came with a later version.
    template <typename... Ts>
    void since(std::uint8_t /*version*/, const Ts&... values) {
        (put(values), ...);
    }

    // Stored in the order of what cannot be read, so that an agent's place tells nothing.
    void agents(const std::vector<AgentConfig>& agents, const std::vector<AgentId>* ids) {
        LANZE_CHECK(ids == nullptr || ids->size() == agents.size());
        std::vector<std::pair<std::string, std::size_t>> sealed;
        sealed.reserve(agents.size());
        for (std::size_t i = 0; i < agents.size(); ++i) {
            ByteWriter plain;
            plain.number(i);
            plain.text(agents[i].name);
            plain.number(ids == nullptr ? 0 : (*ids)[i].value());
            sealed.emplace_back(book_.seal(plain.bytes()), i);
        }
        std::sort(sealed.begin(), sealed.end());
        out_.number(agents.size());
        for (const auto& [bytes, i] : sealed) {
            out_.text(bytes);
            if (ids != nullptr) {
                put((*ids)[i]);
            }
            fields(*this, agents[i]);
        }
    }

private:
    template <typename T>
    void put(const T& value) {
        if constexpr (std::same_as<T, AgentId>) {
            out_.fixed64(value.is_set() ? book_.pseudonym(value) : 0);
        } else if constexpr (kIsId<T>) {
            out_.number(value.value());
        } else if constexpr (std::is_enum_v<T>) {
            out_.number(static_cast<std::uint8_t>(value));
        } else if constexpr (std::unsigned_integral<T>) {
            out_.number(value);
        } else if constexpr (std::signed_integral<T>) {
            out_.signed_number(value);
        } else if constexpr (std::same_as<T, Time>) {
            // Modulo 2^64: distances of any two times come back exactly.
            out_.signed_number(
                static_cast<std::int64_t>(static_cast<std::uint64_t>(to_micros(value)) -
                                          static_cast<std::uint64_t>(to_micros(base_))));
        } else if constexpr (std::same_as<T, Duration>) {
            out_.signed_number(value.count());
        } else if constexpr (std::same_as<T, std::string>) {
            out_.text(value);
        } else {
            fields(*this, value);
        }
    }

    template <typename T>
    void put(const std::vector<T>& values) {
        out_.number(values.size());
        for (const T& value : values) {
            put(value);
        }
    }

    ByteWriter& out_;
    Time base_;
    const AgentCodebook& book_;
};

class Decoder {
public:
    Decoder(ByteReader& in, Time base, AgentCodebook& book, std::uint8_t version)
        : in_(in), base_(base), book_(book), version_(version) {}

    template <typename... Ts>
    void operator()(Ts&... values) {
        (take(values), ...);
    }

    template <typename... Ts>
    void since(std::uint8_t version, Ts&... values) {
        if (version_ >= version) {
            (take(values), ...);
        }
    }

    void agents(std::vector<AgentConfig>& agents, std::vector<AgentId>* ids) {
        std::vector<Entry> entries(take_count());
        bool is_known = true;
        for (Entry& entry : entries) {
            take_agent(entry, ids != nullptr);
            is_known = is_known && entry.place < entries.size();
            if (in_.has_failed()) {
                return;
            }
        }
        if (is_known) {
            std::sort(entries.begin(), entries.end(),
                      [](const Entry& a, const Entry& b) { return a.place < b.place; });
        }
        for (std::size_t i = 0; i < entries.size(); ++i) {
            Entry& entry = entries[i];
            if (!entry.is_open) {
                entry.config.name =
                    "agent-" + std::to_string(ids == nullptr ? i + 1 : entry.id.value());
            }
            agents.push_back(std::move(entry.config));
            if (ids != nullptr) {
                ids->push_back(entry.id);
            }
        }
    }

private:
    struct Entry {
        std::size_t place = std::numeric_limits<std::size_t>::max();
        bool is_open = false;
        AgentId id;
        AgentConfig config;
    };

    void take_agent(Entry& entry, bool has_id) {
        const auto plain = book_.open(in_.text());
        std::uint64_t pseudonym = 0;
        if (has_id) {
            pseudonym = in_.fixed64();
        }
        fields(*this, entry.config);
        if (in_.has_failed()) {
            return;
        }
        if (!plain) {
            entry.id = has_id ? book_.agent(pseudonym) : AgentId{};
            return;
        }
        ByteReader inner(*plain);
        entry.place = inner.number();
        entry.config.name = inner.text();
        entry.id = AgentId{static_cast<AgentId::Representation>(inner.number())};
        entry.is_open = true;
        if (inner.has_failed() || !inner.is_at_end()) {
            in_.fail();
        } else if (has_id) {
            book_.learn(entry.id);
        }
    }

    // Everything counted takes at least a byte, so a count beyond what is left is a lie. Entries
    // are larger in memory than on disk; the second bound keeps a lie from costing much.
    std::size_t take_count() {
        static constexpr std::uint64_t kCountMax = 1'000'000;
        const std::uint64_t count = in_.number();
        if (count > in_.remaining() || count > kCountMax) {
            in_.fail();
            return 0;
        }
        return static_cast<std::size_t>(count);
    }

    template <typename T>
    T take_unsigned(std::uint64_t value_max = std::numeric_limits<T>::max()) {
        const std::uint64_t value = in_.number();
        if (value > value_max) {
            in_.fail();
            return T{};
        }
        return static_cast<T>(value);
    }

    template <typename T>
    void take(T& value) {
        if constexpr (std::same_as<T, AgentId>) {
            const std::uint64_t pseudonym = in_.fixed64();
            value = in_.has_failed() || pseudonym == 0 ? AgentId{} : book_.agent(pseudonym);
        } else if constexpr (kIsId<T>) {
            value = T{take_unsigned<typename T::Representation>()};
        } else if constexpr (std::is_enum_v<T>) {
            value = static_cast<T>(
                take_unsigned<std::uint8_t>(static_cast<std::uint8_t>(last_enumerator<T>())));
        } else if constexpr (std::same_as<T, bool>) {
            value = take_unsigned<std::uint8_t>(1) != 0;
        } else if constexpr (std::unsigned_integral<T>) {
            value = take_unsigned<T>();
        } else if constexpr (std::same_as<T, std::int64_t>) {
            value = in_.signed_number();
        } else if constexpr (std::same_as<T, Time>) {
            value = from_micros(
                static_cast<std::int64_t>(static_cast<std::uint64_t>(in_.signed_number()) +
                                          static_cast<std::uint64_t>(to_micros(base_))));
        } else if constexpr (std::same_as<T, Duration>) {
            value = Duration{in_.signed_number()};
        } else if constexpr (std::same_as<T, std::string>) {
            value = in_.text();
        } else {
            fields(*this, value);
        }
    }

    template <typename T>
    void take(std::vector<T>& values) {
        const std::size_t count = take_count();
        for (std::size_t i = 0; i < count && !in_.has_failed(); ++i) {
            take(values.emplace_back());
        }
    }

    ByteReader& in_;
    Time base_;
    AgentCodebook& book_;
    std::uint8_t version_;
};

template <typename Variant>
void encode_variant(const Variant& variant, Encoder& encoder, ByteWriter& out) {
    out.number(variant.index());
    std::visit([&encoder](const auto& value) { fields(encoder, value); }, variant);
}

template <typename Variant, std::size_t... each>
bool decode_alternative(std::uint64_t index, Decoder& decoder, Variant& variant,
                        std::index_sequence<each...>) {
    const auto decode_one = [&]<std::size_t one>(std::integral_constant<std::size_t, one>) {
        fields(decoder, variant.template emplace<one>());
        return true;
    };
    return ((index == each && decode_one(std::integral_constant<std::size_t, each>{})) || ...);
}

template <typename Variant>
std::optional<Variant> decode_variant(ByteReader& in, Time at, AgentCodebook& book,
                                      std::uint8_t version) {
    Decoder decoder(in, at, book, version);
    Variant variant;
    const std::uint64_t index = in.number();
    static constexpr auto kIndices = std::make_index_sequence<std::variant_size_v<Variant>>{};
    if (in.has_failed() || !decode_alternative(index, decoder, variant, kIndices)) {
        in.fail();
    }
    return in.has_failed() ? std::nullopt : std::optional(std::move(variant));
}

}  // namespace

void encode(const Command& command, Time at, const AgentCodebook& book, ByteWriter& out) {
    Encoder encoder(out, at, book);
    encode_variant(command, encoder, out);
}

void encode(const Event& event, Time at, const AgentCodebook& book, ByteWriter& out) {
    Encoder encoder(out, at, book);
    encode_variant(event, encoder, out);
}

void encode(const Reason& reason, Time at, const AgentCodebook& book, ByteWriter& out) {
    Encoder encoder(out, at, book);
    fields(encoder, reason);
}

std::optional<Command> decode_command(ByteReader& in, Time at, AgentCodebook& book,
                                      std::uint8_t version) {
    return decode_variant<Command>(in, at, book, version);
}

std::optional<Event> decode_event(ByteReader& in, Time at, AgentCodebook& book,
                                  std::uint8_t version) {
    auto event = decode_variant<Event>(in, at, book, version);
    const auto* configured = event ? std::get_if<Configured>(&*event) : nullptr;
    // Whoever reads it takes the two lists side by side.
    if (configured != nullptr && configured->queue_ids.size() != configured->config.queues.size()) {
        in.fail();
        return std::nullopt;
    }
    return event;
}

std::optional<Reason> decode_reason(ByteReader& in, Time at, AgentCodebook& book,
                                    std::uint8_t version) {
    Decoder decoder(in, at, book, version);
    Reason reason;
    fields(decoder, reason);
    return in.has_failed() ? std::nullopt : std::optional(std::move(reason));
}

std::uint64_t stable_hash(std::string_view bytes, std::uint64_t seed) {
    std::uint64_t hash = seed;
    for (const char byte : bytes) {
        hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
    }
    return split_mix(hash);
}

std::uint64_t config_hash(const Config& config) {
    ByteWriter out;
    encode(Command{Configure{config}}, Time{}, PlainCodebook{}, out);
    return stable_hash(out.bytes());
}

}  // namespace lanze::core
