#include "journal/batch_codec.h"

#include "base/bytes.h"

namespace lanze::journal {

namespace {

std::optional<ports::Decision> decode_decision(ByteReader& in, Time at, core::AgentCodebook& book,
                                               std::uint8_t version) {
    auto command = core::decode_command(in, at, book, version);
    if (!command) {
        return std::nullopt;
    }
    ports::Decision decision{at, std::move(*command), {}, {}};
    const std::uint64_t count = in.number();
    for (std::uint64_t i = 0; i < count; ++i) {
        auto event = core::decode_event(in, at, book, version);
        if (!event) {
            return std::nullopt;
        }
        decision.events.push_back(std::move(*event));
    }
    const std::uint64_t reasons = version < 2 ? 0 : in.number();
    for (std::uint64_t i = 0; i < reasons; ++i) {
        auto reason = core::decode_reason(in, at, book, version);
        if (!reason) {
            return std::nullopt;
        }
        decision.reasons.push_back(std::move(*reason));
    }
    return decision;
}

}  // namespace

std::string encode_decisions(const std::vector<ports::Decision>& decisions,
                             const core::AgentCodebook& book) {
    ByteWriter out;
    out.number(core::kCodecVersion);
    out.number(decisions.size());
    std::int64_t before = 0;
    for (const ports::Decision& decision : decisions) {
        out.signed_number(to_micros(decision.at) - before);
        before = to_micros(decision.at);
        core::encode(decision.command, decision.at, book, out);
        out.number(decision.events.size());
        for (const core::Event& event : decision.events) {
            core::encode(event, decision.at, book, out);
        }
        out.number(decision.reasons.size());
        for (const core::Reason& reason : decision.reasons) {
            core::encode(reason, decision.at, book, out);
        }
    }
    return out.take();
}

std::optional<std::vector<ports::Decision>> decode_decisions(std::string_view bytes,
                                                             core::AgentCodebook& book) {
    ByteReader in(bytes);
    const std::uint64_t version = in.number();
    if (version < core::kCodecVersionFirst || version > core::kCodecVersion) {
        return std::nullopt;
    }
    const std::uint64_t count = in.number();
    std::vector<ports::Decision> decisions;
    std::uint64_t at = 0;  // modulo 2^64, so that hostile distances do not overflow
    for (std::uint64_t i = 0; i < count; ++i) {
        at += static_cast<std::uint64_t>(in.signed_number());
        auto decision = decode_decision(in, from_micros(static_cast<std::int64_t>(at)), book,
                                        static_cast<std::uint8_t>(version));
        if (!decision) {
            return std::nullopt;
        }
        decisions.push_back(std::move(*decision));
    }
    if (in.has_failed() || !in.is_at_end()) {
        return std::nullopt;
    }
    return decisions;
}

std::uint64_t chain_checksum(std::uint64_t before, const ChecksumOf& batch) {
    ByteWriter head;
    head.fixed64(before);
    head.fixed64(batch.sequence);
    head.fixed64(static_cast<std::uint64_t>(batch.day));
    return core::stable_hash(batch.bytes, core::stable_hash(head.bytes()));
}

}  // namespace lanze::journal
