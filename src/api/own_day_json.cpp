#include "api/own_day_json.h"

#include <boost/json.hpp>
#include <chrono>

#include "api/json_view.h"

namespace lanze::api {

namespace {

namespace json = boost::json;

json::value time_or_null(const std::optional<Time>& time) {
    return time ? json::value(time_text(*time)) : json::value(nullptr);
}

std::int64_t whole_seconds(Duration time) {
    return std::chrono::duration_cast<seconds>(time).count();
}

json::array breaks_json(const std::vector<ports::BreakSpan>& breaks) {
    json::array list;
    for (const ports::BreakSpan& each : breaks) {
        list.push_back(json::object{{"from", time_text(each.from)}, {"to", time_or_null(each.to)}});
    }
    return list;
}

json::object withheld_json(const ports::Withheld& withheld) {
    return {{"times", withheld.times},
            {"sum_s", whole_seconds(withheld.sum)},
            {"presented_yet", withheld.presented_yet}};
}

}  // namespace

std::string own_day_json(const ports::OwnDay& day) {
    return json::serialize(json::object{
        {"since", time_text(day.since)},
        {"shift_begin", time_or_null(day.shift_begin)},
        {"shift_end", time_or_null(day.shift_end)},
        {"contacts", day.contacts},
        {"breaks",
         {{"planned", breaks_json(day.breaks_planned)},
          {"taken", breaks_json(day.breaks_taken)},
          {"due", time_or_null(day.break_due)},
          {"withheld", withheld_json(day.by_break)}}},
        {"occupancy",
         {{"handling_s", whole_seconds(day.handling)},
          {"ready_s", whole_seconds(day.ready)},
          {"last_hour_s", whole_seconds(day.handling_last_hour)},
          {"last_hour_max_s",
           day.handling_max ? json::value(whole_seconds(*day.handling_max)) : json::value(nullptr)},
          {"withheld", withheld_json(day.by_ceiling)}}},
        {"wrap_up",
         {{"count", day.wrap_ups},
          {"used_s", whole_seconds(day.wrap_up_used)},
          {"granted_s", whole_seconds(day.wrap_up_granted)},
          {"extended", day.wrap_ups_extended},
          {"run_out", day.wrap_ups_out},
          {"cut", day.wrap_ups_cut}}},
        {"breathers", {{"asked", day.breathers_asked}, {"given", day.breathers_given}}},
        {"after_shift", withheld_json(day.by_shift)},
    });
}

}  // namespace lanze::api
