// What `lanze replay --with` prints.
#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

#include "app/local_time.h"
#include "app/what_if.h"

namespace lanze::app {

namespace {

using sim::Compared;
using sim::Unit;

// A planner's rows; all of them stand in the JSON.
struct Row {
    const char* key;
    const char* name;
};
constexpr Row kQueueRows[] = {
    {"arrivals", "arrivals an hour"},
    {"service_level", "service level"},
    {"p_abandon", "abandoned"},
    {"p_block", "blocked"},
    {"p_let_go", "let go"},
    {"callbacks", "gave up the line"},
    {"p_wait", "not at once"},
    {"mean_wait", "mean wait"},
    {"asa", "ASA"},
    {"wait_p90", "90 % wait at most"},
    {"wait_max", "longest wait"},
    {"aht", "AHT"},
};
constexpr Row kCentreRows[] = {
    {"p_abandon", "abandoned"},
    {"mean_wait", "mean wait"},
    {"asa", "ASA"},
    {"occupancy", "occupancy"},
};

std::string printed(const char* format, double value) {
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string value_text(double value, Unit unit) {
    switch (unit) {
        case Unit::share:
            return printed("%.1f %%", 100 * value);
        case Unit::seconds:
            return printed("%.1f s", value);
        case Unit::count:
        case Unit::per_hour:
        case Unit::agents:
        case Unit::contacts:
            return printed("%.1f", value);
    }
    return {};
}

std::string range_text(const Compared& measure) {
    const double factor = measure.unit == Unit::share ? 100 : 1;
    return printed("%.1f", factor * measure.low) + " to " + printed("%.1f", factor * measure.high);
}

std::string difference_text(const Compared& measure) {
    const double factor = measure.unit == Unit::share ? 100 : 1;
    return printed("%+.1f", factor * measure.difference.value) + " +- " +
           printed("%.1f", factor * measure.difference.half_width);
}

std::string verdict_text(const Compared& measure) {
    if (!measure.is_judged) {
        return "-";
    }
    return measure.is_reproduced ? "yes" : "NO";
}

std::string line_of(const std::vector<std::string>& cells) {
    static constexpr int kWidths[] = {-22, 11, 11, 17, 9, 11, 17};
    std::string text = "  ";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        char cell[96];
        std::snprintf(cell, sizeof cell, "%*s", kWidths[i], cells[i].c_str());
        text += cell;
    }
    return text + "\n";
}

// A row of zeros tells nothing.
bool is_empty(const Compared& measure) {
    return measure.past == 0 && measure.recorded == 0 && measure.other == 0;
}

template <std::size_t size>
std::vector<WhatIfRow> rows_of(const Row (&rows)[size], const std::vector<Compared>& measures) {
    std::vector<WhatIfRow> result;
    for (const Row& row : rows) {
        const auto place = std::find_if(measures.begin(), measures.end(),
                                        [&](const Compared& each) { return each.key == row.key; });
        if (place != measures.end() && !is_empty(*place)) {
            result.push_back(
                {row.name,
                 {value_text(place->past, place->unit), value_text(place->recorded, place->unit),
                  place->is_judged ? range_text(*place) : "-", verdict_text(*place),
                  value_text(place->other, place->unit), difference_text(*place)},
                 &*place});
        }
    }
    return result;
}

std::string table_of(const std::string& title, const std::vector<WhatIfRow>& rows) {
    std::string text = "\n" + title + "\n";
    text += line_of({"", "past", "again", "must lie in", "does it", "with", "difference"});
    for (const WhatIfRow& row : rows) {
        std::vector<std::string> cells = {row.name};
        cells.insert(cells.end(), row.cells.begin(), row.cells.end());
        text += line_of(cells);
    }
    return text;
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
    return printed("%.1f %%",
                   whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string count_text(std::uint64_t count, const char* what) {
    return std::to_string(count) + " " + what;
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

std::string head_of(const WhatIf& what_if) {
    const sim::Past& past = what_if.past;
    const sim::Comparison& comparison = what_if.comparison;
    std::string text = past.config.name + ", " + local_text(past.start) + " to " +
                       local_text(past.end) + ": " +
                       count_text(comparison.drawn.contacts, "contacts.\n");
    text +=
        "past: measured. again: simulated with the configuration of then. with: simulated with " +
        what_if.other_path + ".\n" + std::to_string(comparison.replications) +
        " replications each, with the same seeds (from " + std::to_string(what_if.seed) +
        " on); the difference with its 95 % interval.\n";
    if (!what_if.new_agents.empty()) {
        text += "New and taken to be there all the time: " + joined(what_if.new_agents) + ".\n";
    }
    if (!what_if.gone_agents.empty()) {
        text += "Not there with the other configuration: " + joined(what_if.gone_agents) + ".\n";
    }
    return text;
}

// One line for each thing that was the case and that no simulation repeats.
std::string left_out(const WhatIf& what_if) {
    const sim::Past& past = what_if.past;
    const auto& by_hand = past.interventions;
    const auto line = [](std::uint64_t count, const char* what) {
        return count == 0 ? std::string{} : "  " + count_text(count, what) + "\n";
    };
    std::string text;
    text += line(past.configurations > 1 ? past.configurations - 1 : 0,
                 "changes of the configuration: \"again\" has the last one for the whole time");
    text += line(past.without_queue, "contacts of queues that no longer exist: left out");
    text +=
        line(past.cut_short,
             "contacts were cut off by the centre's end or fault: they go on, and do not count");
    text += line(past.talking_before,
                 "contacts were being handled at the beginning: their agents are busy, no more");
    text += line(past.transfers,
                 "transfers: who was transferred arrives there when he did, whatever came before");
    text += line(past.consultations,
                 "consultations: the colleague is busy when he was; counted by no queue");
    text += line(by_hand.moved, "contacts moved by a supervisor: not repeated");
    text += line(by_hand.assigned, "contacts assigned by a supervisor: not repeated");
    text += line(by_hand.changed, "changes of priority or needs: not repeated");
    text +=
        line(what_if.comparison.unresolved_past, "contacts were not over at the end: not counted");
    text +=
        line(what_if.comparison.unresolved, "simulated contacts had no end when it was given up");
    return text;
}

std::string redials_of(const WhatIf& what_if) {
    const sim::Drawn& drawn = what_if.comparison.drawn;
    if (what_if.past.redial_share > 0) {
        return "  Redials: " + share_text(drawn.redials, drawn.contacts) +
               " of the contacts were taken to be callers who had given up or were blocked and\n"
               "  called again (--redials). Who is lost in a simulation calls again as likely, "
               "after such times.\n";
    }
    return "  No redials: a journal does not know who calls again. " +
           share_text(drawn.may_be_redials, drawn.contacts) +
           " of the arrivals could be one\n  (they followed somebody who had given up or was "
           "blocked) and come all the same; --redials takes some to be.\n";
}

std::string trust_of(const WhatIf& what_if) {
    const sim::Comparison& comparison = what_if.comparison;
    const sim::Drawn& drawn = comparison.drawn;
    std::string text = "  ";
    if (comparison.not_reproduced == 0) {
        text += "The configuration of then reproduces the past: all " +
                count_text(comparison.judged, "measures lie where 95 % of such days would.\n");
    } else {
        text += "The configuration of then does NOT reproduce the past: " +
                std::to_string(comparison.not_reproduced) + " of " +
                count_text(comparison.judged,
                           "measures lie\n  elsewhere. Something mattered that is not simulated; "
                           "believe no difference smaller than that.\n");
    }
    text +=
        "  Taken from the past: arrivals, who was ready when, handle times of who was answered, "
        "patience of\n  who gave up. Drawn, of all contacts:\n";
    text += "    " + share_text(drawn.patience, drawn.contacts) +
            " patience beyond the wait that was seen (exponential: abandons / time waited, by "
            "queue)\n";
    text += "    " + share_text(drawn.handle_times, drawn.contacts) +
            " handle times of who was never answered (from those of the queue)\n";
    text += "    all answer delays and misses (from those of the agent, or of all agents)\n";
    text += redials_of(what_if);
    text += "  Handle times stay the caller's, whoever answers.\n";
    return text + left_out(what_if);
}

boost::json::object json_measure(const Compared& measure) {
    return {{"past", measure.past},
            {"again", measure.recorded},
            {"again_low", measure.low},
            {"again_high", measure.high},
            {"is_judged", measure.is_judged},
            {"is_reproduced", measure.is_reproduced},
            {"with", measure.other},
            {"difference", measure.difference.value},
            {"difference_half_width", measure.difference.half_width},
            {"definition", measure.definition}};
}

boost::json::object json_measures(const std::vector<Compared>& measures) {
    boost::json::object object;
    for (const Compared& measure : measures) {
        object[measure.key] = json_measure(measure);
    }
    return object;
}

}  // namespace

std::vector<WhatIfRow> what_if_queue_rows(const std::vector<sim::Compared>& measures) {
    return rows_of(kQueueRows, measures);
}

std::vector<WhatIfRow> what_if_centre_rows(const std::vector<sim::Compared>& measures) {
    return rows_of(kCentreRows, measures);
}

std::string what_if_head(const WhatIf& what_if) {
    return head_of(what_if);
}

std::string what_if_trust(const WhatIf& what_if) {
    return trust_of(what_if);
}

std::string what_if_text(const WhatIf& what_if) {
    std::string text = head_of(what_if);
    for (const sim::ComparedQueue& queue : what_if.comparison.queues) {
        text += table_of(queue.name, what_if_queue_rows(queue.measures));
    }
    text += table_of("the whole centre", what_if_centre_rows(what_if.comparison.centre));
    return text + "\nHow far to trust it\n" + trust_of(what_if);
}

std::string what_if_json(const WhatIf& what_if) {
    const sim::Past& past = what_if.past;
    const sim::Comparison& comparison = what_if.comparison;
    boost::json::object queues;
    for (const sim::ComparedQueue& queue : comparison.queues) {
        queues[queue.name] = json_measures(queue.measures);
    }
    const boost::json::object out{{"from", zoned_text(past.start)},
                                  {"to", zoned_text(past.end)},
                                  {"other", what_if.other_path},
                                  {"seed", what_if.seed},
                                  {"replications", comparison.replications},
                                  {"confidence", comparison.confidence},
                                  {"queues", std::move(queues)},
                                  {"centre", json_measures(comparison.centre)},
                                  {"judged", comparison.judged},
                                  {"not_reproduced", comparison.not_reproduced},
                                  {"is_reproduced", comparison.not_reproduced == 0},
                                  {"contacts", comparison.drawn.contacts},
                                  {"drawn_patience", comparison.drawn.patience},
                                  {"drawn_handle_times", comparison.drawn.handle_times},
                                  {"may_be_redials", comparison.drawn.may_be_redials},
                                  {"redials", comparison.drawn.redials},
                                  {"configurations", past.configurations},
                                  {"transfers", past.transfers},
                                  {"consultations", past.consultations},
                                  {"moved", past.interventions.moved},
                                  {"assigned", past.interventions.assigned},
                                  {"changed", past.interventions.changed},
                                  {"without_queue", past.without_queue},
                                  {"cut_short", past.cut_short},
                                  {"talking_before", past.talking_before},
                                  {"waiting_at_end", comparison.unresolved_past},
                                  {"unresolved", comparison.unresolved},
                                  {"new_agents", boost::json::value_from(what_if.new_agents)},
                                  {"gone_agents", boost::json::value_from(what_if.gone_agents)},
                                  {"seconds", what_if.seconds}};
    return boost::json::serialize(out) + "\n";
}

}  // namespace lanze::app
