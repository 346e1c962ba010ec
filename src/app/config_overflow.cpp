#include <algorithm>
#include <set>

#include "app/config_sections.h"

// Where contacts go that a queue cannot serve: in time (overflow), or because it closes.

namespace lanze::app {

namespace {

constexpr std::uint32_t kWaitingMax = 1'000'000;

core::Overflow read_overflow(TableReader& table, Duration before) {
    core::Overflow overflow;
    overflow.to = table.required_text("to");
    const int count =
        int{table.has("after")} + int{table.has("waiting")} + int{table.has("expected")};
    if (count != 1) {
        table.reject(count == 0             ? "after"
                     : table.has("waiting") ? "waiting"
                                            : "expected",
                     count == 0 ? "is missing, and so are waiting and expected"
                                : "is not the only reason to overflow here",
                     "write exactly one of after = \"60s\", waiting = 10 and expected = \"5m\"; "
                     "write a table for each");
    }
    overflow.after = table.duration("after", {Duration::zero(), seconds(1), hours(24)});
    overflow.waiting = table.integer("waiting", {0, 1, kWaitingMax});
    overflow.expected = table.duration("expected", {Duration::zero(), seconds(1), hours(24)});
    table.reject_unknown();
    if (overflow.after != Duration::zero() && overflow.after <= before) {
        table.reject("after",
                     in_quotes(written_duration(overflow.after)) + " is not later than " +
                         in_quotes(written_duration(before)) + " of the overflow before",
                     "let the times rise from one overflow to the next");
    }
    return overflow;
}

void read_closing(TableReader& table, core::QueueConfig& queue) {
    using At = core::AtClosing;
    queue.at_closing =
        table.choice<At>("at_closing", queue.at_closing,
                         {{"serve", At::serve}, {"divert", At::divert}, {"end", At::end}});
    queue.closing_to = table.text("closing_to").value_or("");
    const bool has_hours = table.has("hours");
    for (const std::string_view field : {"at_closing", "closing_to"}) {
        if (table.has(field) && !has_hours) {
            table.reject(field, "has no use: the queue never closes",
                         "add hours = \"...\", or take it out");
            return;
        }
    }
    if (queue.at_closing == At::divert && queue.closing_to.empty()) {
        table.reject("closing_to", "is missing", "add closing_to = \"the queue they go to\"");
    } else if (queue.at_closing != At::divert && table.has("closing_to")) {
        table.reject("closing_to", "has no use without at_closing = \"divert\"",
                     "write that, or take it out");
    }
}

// One way out of a queue and where it stands.
struct Way {
    std::string to;
    ConfigPosition at;
    std::string field;  // "queue[0].overflow[1].to"
};

std::vector<Way> ways_of(const ConfigDraft& draft, std::size_t index) {
    const core::QueueConfig& queue = draft.config.core.queues[index];
    const QueuePositions& at = draft.queue_at[index];
    const std::string path = "queue[" + std::to_string(index) + "].";
    std::vector<Way> result;
    for (std::size_t i = 0; i < queue.overflows.size(); ++i) {
        result.push_back({queue.overflows[i].to, at.overflows[i],
                          path + "overflow[" + std::to_string(i) + "].to"});
    }
    if (queue.at_closing == core::AtClosing::divert) {
        result.push_back({queue.closing_to, at.closing_to, path + "closing_to"});
    }
    std::erase_if(result, [](const Way& way) { return way.to.empty(); });  // refused already
    return result;
}

// The queues from `from` on to `to`, both included; empty: no way leads there.
std::vector<std::size_t> path_between(const std::vector<std::vector<std::size_t>>& ways,
                                      std::size_t from, std::size_t to) {
    std::vector<std::size_t> came_from(ways.size(), ways.size());
    std::vector<std::size_t> ahead{from};
    came_from[from] = from;
    for (std::size_t next = 0; next < ahead.size() && came_from[to] == ways.size(); ++next) {
        for (const std::size_t other : ways[ahead[next]]) {
            if (came_from[other] == ways.size()) {
                came_from[other] = ahead[next];
                ahead.push_back(other);
            }
        }
    }
    std::vector<std::size_t> path;
    for (std::size_t at = to; came_from[at] != ways.size(); at = came_from[at]) {
        path.push_back(at);
        if (at == from) {
            break;
        }
    }
    std::reverse(path.begin(), path.end());
    return path;
}

// Each circle is told once, at its first queue.
void check_circles(const ConfigDraft& draft, const std::vector<std::vector<std::size_t>>& ways,
                   ConfigFindings& findings) {
    const std::vector<core::QueueConfig>& queues = draft.config.core.queues;
    for (std::size_t i = 0; i < ways.size(); ++i) {
        for (const Way& way : ways_of(draft, i)) {
            const std::size_t to = index_of_queue(draft, way.to).value_or(i);
            const std::vector<std::size_t> path =
                to == i ? std::vector<std::size_t>{} : path_between(ways, to, i);
            if (path.empty() || *std::min_element(path.begin(), path.end()) != i) {
                continue;
            }
            std::string circle = queues[i].name;
            for (const std::size_t one : path) {
                circle += " > " + queues[one].name;
            }
            findings.add(way.at, way.field, "leads back here: " + shown(circle),
                         "take one of these ways out");
        }
    }
}

}  // namespace

std::optional<std::size_t> index_of_queue(const ConfigDraft& draft, std::string_view name) {
    const std::vector<core::QueueConfig>& queues = draft.config.core.queues;
    const auto found = std::find_if(queues.begin(), queues.end(),
                                    [&](const auto& queue) { return queue.name == name; });
    return found == queues.end() ? std::nullopt
                                 : std::optional(static_cast<std::size_t>(found - queues.begin()));
}

void read_overflows(TableReader& table, core::QueueConfig& queue, QueuePositions& at) {
    Duration before{};
    for (TableReader& one : inline_tables(table, "overflow", core::kOverflowsMax)) {
        queue.overflows.push_back(read_overflow(one, before));
        at.overflows.push_back(one.position_of("to"));
        before = std::max(before, queue.overflows.back().after);
    }
    at.overflow = table.position_of("overflow");
    read_closing(table, queue);
    at.hours = table.position_of("hours");
    at.at_closing = table.position_of("at_closing");
    at.closing_to = table.position_of("closing_to");
}

void check_overflow_leads_on(const ConfigDraft& draft, ConfigFindings& findings) {
    std::vector<std::vector<std::size_t>> ways(draft.config.core.queues.size());
    for (std::size_t i = 0; i < ways.size(); ++i) {
        for (const Way& way : ways_of(draft, i)) {
            const auto to = index_of_queue(draft, way.to);
            if (!to) {
                const auto nearest = nearest_name(way.to, draft.queue_names.all());
                findings.add(way.at, way.field, in_quotes(way.to) + " is the name of no queue",
                             nearest ? "did you mean \"" + *nearest + "\"?"
                                     : std::string("write the name of a queue"));
            } else if (*to == i) {
                findings.add(way.at, way.field, in_quotes(way.to) + " is this queue itself",
                             "write another queue, or take it out");
            } else {
                ways[i].push_back(*to);
            }
        }
    }
    check_circles(draft, ways, findings);
}

}  // namespace lanze::app
