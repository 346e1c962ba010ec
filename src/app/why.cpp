#include "app/why.h"

#include <cstdio>
#include <memory>

#include "app/journal_text.h"
#include "app/local_time.h"
#include "app/report.h"
#include "app/why_json.h"
#include "app/why_keeper.h"
#include "app/why_text.h"
#include "journal/journal_reader.h"

namespace lanze::app {

namespace {

using Found = Result<std::optional<Why>, std::string>;

// Of days whose keys are shredded: events and counts, without a floor.
Found explain_forgotten(journal::JournalReader& reader, core::ContactId contact) {
    WhyKeeper keeper(contact, WhyKeeper::Rebuilding::nothing, false);
    const auto read =
        reader.replay([&](const ports::Decision& decision) { keeper.note(decision, ""); });
    if (!read) {
        return Unexpected(read.error());
    }
    return keeper.has_begun() ? std::optional(keeper.take()) : std::nullopt;
}

// No centre has more contacts open than that; a number beyond costs nobody a replay.
constexpr std::uint64_t kOpenMax = 1'000'000;

Found explain_frozen(journal::JournalReader& reader, core::ContactId contact, bool has_names) {
    if (contact.value() > reader.newest_contact().value() + kOpenMax) {
        return std::optional<Why>();
    }
    using Kept = journal::JournalReader::Kept;
    WhyKeeper keeper(contact, WhyKeeper::Rebuilding::floor, has_names);
    const auto read = reader.replay_kept([&](const journal::JournalReader::KeptDecision& each) {
        if (each.is_carried_over) {
            keeper.carry_over(each.decision);
        } else {
            keeper.note(each.decision, each.build);
        }
        return !keeper.is_over();
    });
    if (!read) {
        return Unexpected(read.error());
    }
    if (*read == Kept::all && keeper.has_begun()) {
        return std::optional(keeper.take());
    }
    journal::ContactQuery query;
    query.only = contact;
    const bool is_older =
        *read == Kept::key_gone || keeper.was_carried_over() || !reader.contacts(query).empty();
    return is_older ? explain_forgotten(reader, contact) : Found(std::nullopt);
}

}  // namespace

Result<std::optional<Why>, std::string> explain(journal::JournalReader& reader,
                                                core::ContactId contact, bool has_names) {
    reader.freeze();
    auto found = explain_frozen(reader, contact, has_names);
    reader.release();
    return found;
}

Why without_agents(Why why) {
    for (Moment& moment : why.moments) {
        const bool names_an_agent =
            moment.event && (std::holds_alternative<core::ContactPresented>(*moment.event) ||
                             std::holds_alternative<core::ContactAnswered>(*moment.event));
        moment.name = names_an_agent ? "" : moment.name;
        if (moment.search) {
            moment.search->reason.agent = {};  // no key then: idle times chain an agent's contacts
        }
    }
    return why;
}

Result<std::string, std::string> why_text(const WhyOptions& options) {
    auto reader = open_journal(options.journal_path, options.keys_path);
    if (!reader) {
        return Unexpected(reader.error());
    }
    const auto why = explain(**reader, core::ContactId{options.contact}, options.has_names);
    if (!why) {
        return Unexpected(why.error());
    }
    if (!*why) {
        return Unexpected("the journal has no contact " + std::to_string(options.contact) +
                          "; lanze contacts lists them");
    }
    return options.is_json ? why_json(**why) + "\n" : timeline_text(**why, options.has_names);
}

int run_why(const WhyOptions& options) {
    return print_text(options.time_zone, [&] { return why_text(options); });
}

}  // namespace lanze::app
