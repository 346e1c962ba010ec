#include "app/contacts.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <map>
#include <optional>

#include "app/journal_text.h"
#include "app/local_time.h"
#include "app/report.h"
#include "journal/journal_reader.h"

namespace lanze::app {

namespace {

struct Listed {
    core::ContactRecord record;
    std::string queue;
    std::optional<std::string> caller;  // nothing: unknown, or the key is gone
};

std::string end_text(const core::ContactRecord& record) {
    static constexpr const char* kCauses[] = {"media silent", "session expired", "signalling lost",
                                              "restart",      "centre closed",   "time limit"};
    static constexpr const char* kBy[] = {"caller", "agent", "centre"};
    switch (record.end) {
        case core::ContactEnd::abandoned:
            return "abandoned";
        case core::ContactEnd::finished:
            return std::string("finished by ") + kBy[static_cast<std::size_t>(record.by)];
        case core::ContactEnd::closed:
            return "let go: the queue closed";
        case core::ContactEnd::not_reached:
            return "not reached when called";
        case core::ContactEnd::transferred:
            return "transferred";
        case core::ContactEnd::cut_off:
            return std::string("cut off: ") + kCauses[static_cast<std::size_t>(record.cause)];
    }
    return {};
}

std::string quality_text(const core::LegQuality& leg) {
    if (leg.packets_received == 0 || leg.mos_hundredths == 0) {
        return "";
    }
    return std::to_string(leg.mos_hundredths / 100) + "." +
           std::to_string(leg.mos_hundredths / 10 % 10);
}

// As many columns as fit a terminal; each cell padded to its column.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], row[i].size());
        }
    }
    std::string out;
    for (const auto& row : rows) {
        std::string text;
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
        }
        out += text.erase(text.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
}

std::string table_of(const std::vector<Listed>& contacts) {
    std::vector<std::vector<std::string>> rows = {{"contact", "entered", "queue", "caller",
                                                   "waited", "handled", "end", "outcome",
                                                   "MOS caller/agent"}};
    for (const Listed& listed : contacts) {
        const core::ContactRecord& record = listed.record;
        const auto wait = core::wait_of(record);
        const auto handled = core::handle_time_of(record);
        std::string quality =
            quality_text(record.caller_leg) + "/" + quality_text(record.agent_leg);
        rows.push_back({std::to_string(record.contact.value()), local_text(record.queued),
                        listed.queue, listed.caller.value_or("-"), wait ? duration_text(*wait) : "",
                        handled ? duration_text(*handled) : "", end_text(record), record.outcome,
                        quality == "/" ? "" : quality});
    }
    return aligned(rows);
}

boost::json::value maybe_time(const std::optional<Time>& time) {
    return time ? boost::json::value(zoned_text(*time)) : boost::json::value(nullptr);
}

boost::json::object json_leg(const core::LegQuality& leg) {
    return {{"packets_received", leg.packets_received},
            {"packets_lost", leg.packets_lost},
            {"jitter_us", leg.jitter_us},
            {"round_trip_us", leg.round_trip_us},
            {"mos", leg.mos_hundredths / 100.0}};
}

std::string json_of(const std::vector<Listed>& contacts) {
    boost::json::array out;
    for (const Listed& listed : contacts) {
        const core::ContactRecord& record = listed.record;
        out.push_back({{"contact", record.contact.value()},
                       {"queue", listed.queue},
                       {"caller", listed.caller ? boost::json::value(*listed.caller)
                                                : boost::json::value(nullptr)},
                       {"queued", zoned_text(record.queued)},
                       {"presented", maybe_time(record.presented)},
                       {"answered", maybe_time(record.answered)},
                       {"ended", zoned_text(record.ended)},
                       {"wrap_up_ended", maybe_time(record.wrap_up_ended)},
                       {"held_seconds", static_cast<double>(record.held.count()) / 1e6},
                       {"presentations", record.presentations},
                       {"end", end_text(record)},
                       {"outcome", record.outcome},
                       {"caller_leg", json_leg(record.caller_leg)},
                       {"agent_leg", json_leg(record.agent_leg)}});
    }
    return boost::json::serialize(out) + "\n";
}

}  // namespace

Result<std::string, std::string> contacts_text(const ContactsOptions& options) {
    auto reader = open_journal(options.journal_path, options.keys_path);
    if (!reader) {
        return Unexpected(reader.error());
    }
    auto names = (*reader)->queue_names();
    journal::ContactQuery query;
    query.limit = options.limit;
    query.is_newest_first = true;
    std::vector<Listed> contacts;
    for (const journal::StoredContact& stored : (*reader)->contacts(query)) {
        contacts.push_back(
            {stored.record, names[stored.record.queue], (*reader)->caller(stored.record.contact)});
    }
    return options.is_json ? json_of(contacts) : table_of(contacts);
}

int run_contacts(const ContactsOptions& options) {
    return print_text(options.time_zone, [&] { return contacts_text(options); });
}

}  // namespace lanze::app
