#include "app/config_charter.h"

#include <gtest/gtest.h>

#include "app/config_fixture.h"

namespace lanze::app {

namespace {

// Nothing is wrong here. Callers buy at "mobile" (lines 3 to 7) and cancel at "cancel" (9 to 13);
// the cases below write a further line 8 and 14.
const std::string kCentre = "centre.name = \"Hanse\"\nrouting.contact_rule = \"longest_waiting\"\n";
const std::string kBuying = R"([[queue]]
name = "mobile"
numbers = "mobile"
skills = { mobile = 2 }
purpose = "buy"
)";
const std::string kCancelling = R"([[queue]]
name = "cancel"
numbers = "cancel"
skills = { mobile = 1 }
purpose = "cancel"
)";
const std::string kAgents = R"(
[[agent]]
name = "anna"
skills = { mobile = 3, vip = 1 }
built_in = true
[[agent]]
name = "ben"
skills = { mobile = 2 }
built_in = true
[[agent]]
name = "cem"
skills = { mobile = 1, bank = 1 }
built_in = true
[[agent]]
name = "dora"
skills = { bank = 1 }
built_in = true
)";

std::string slower(const std::string& problem, const std::string& remedy) {
    return "x.toml:" + problem + ", and cancelling must never be slower than buying; " + remedy;
}

struct Lines {
    std::string buying;
    std::string cancelling;
};

struct SlowerCase {
    Lines lines;
    std::string problem;
    std::string remedy;
};

std::string errors_with(const Lines& lines) {
    return errors_of(kCentre + kBuying + lines.buying + "\n" + kCancelling + lines.cancelling +
                     kAgents);
}

void expect_slower(const std::vector<SlowerCase>& cases) {
    for (const auto& [lines, problem, remedy] : cases) {
        EXPECT_EQ(errors_with(lines), slower(problem, remedy))
            << lines.buying << " / " << lines.cancelling;
    }
}

}  // namespace

TEST(ConfigCharter, lets_cancelling_be_as_quick_as_buying_or_quicker) {
    const std::vector<Lines> cases{
        {"", ""},
        {"priority = 4", "priority = 4"},
        {"priority = 4", "priority = 3"},
        {"waiting_max = 9", "waiting_max = 10"},
        {"service_level = { within = \"20s\" }", "service_level = { within = \"10s\" }"},
        {"service_level = { share = 0.7 }", "service_level = { share = 0.8 }"},
        {"preferred_for = \"10s\"", "preferred_for = \"10s\""},
        // Agents with a lower level serve who cancels from the first.
        {"widening = [{ after = \"30s\", queue = \"cancel\" }]", ""},
        {"widening = [{ after = \"30s\", anybody = true }]",
         "widening = [{ after = \"20s\", anybody = true }]"},
        {"", "widening = [{ after = \"20s\", anybody = true }]"},
        {"reserve = [{ skills = { mobile = 2 }, keep = 1 }]", ""},
        {"reserve = [{ skills = { mobile = 2 }, keep = 1 }]",
         "reserve = [{ skills = { mobile = 2 }, keep = 1 }]"},
        // Holds back cem and dora, whom buyers cannot have either.
        {"", "reserve = [{ skills = { bank = 1 }, keep = 1 }]"},
        // Neither the mode of answering nor the agent rule lets anybody wait.
        {"", "answer = \"when_connected\"\nagent_rule = \"random\""},
    };
    for (const Lines& lines : cases) {
        EXPECT_EQ(errors_with(lines), "") << lines.buying << " / " << lines.cancelling;
    }
}

TEST(ConfigCharter, looks_at_queues_with_a_purpose_only) {
    const std::string other = "[[queue]]\nname = \"other\"\nnumbers = \"other\"\npriority = 9\n";
    EXPECT_EQ(errors_of(kCentre + kBuying + "priority = 1\n" + other + kAgents), "");
    EXPECT_EQ(errors_of(kCentre + kCancelling + "priority = 9\n" + other + kAgents), "");
}

TEST(ConfigCharter, refuses_what_lets_who_cancels_wait_behind) {
    expect_slower({
        {{"priority = 4", ""},
         R"(9:1: queue[1].priority: 5 comes after 4 of "mobile" (line 8))",
         "write 4 or less"},
        {{"", "priority = 6"},
         R"(14:1: queue[1].priority: 6 comes after 5 of "mobile" (line 3))",
         "write 5 or less"},
        {{"", "service_level = { within = \"30s\" }"},
         R"(14:19: queue[1].service_level.within: "30s" is longer than "20s" of "mobile" (line 3))",
         R"(write "20s" or less)"},
        {{"service_level = { share = 0.85 }", "service_level = { share = 0.8 }"},
         R"(14:19: queue[1].service_level.share: 0.8 is less than 0.85 of "mobile" (line 8))",
         "write 0.85 or more"},
        {{"waiting_max = 10", "waiting_max = 9"},
         R"(14:1: queue[1].waiting_max: 9 lets in fewer than 10 of "mobile" (line 8))",
         "write 10 or more"},
        {{"", "preferred_for = \"2m\""},
         R"(14:1: queue[1].preferred_for: "2m" is longer than "30s" of "mobile" (line 3))",
         R"(write "30s" or less)"},
    });
}

TEST(ConfigCharter, refuses_fewer_people_for_who_cancels) {
    const std::string kLevels = "need no skill that is not needed there, and no higher level";
    const std::string demanding =
        std::string(kCancelling).replace(kCancelling.find("mobile = 1"), 10, "mobile = 3");
    EXPECT_EQ(
        errors_of(kCentre + kBuying + demanding + kAgents),
        slower(
            R"(11:1: queue[1].skills: "ben" may take contacts of "mobile" (line 6) at once, but of this queue never)",
            kLevels));
    const std::string late = "widening = [{ after = \"10s\", skills = { mobile = 2 } }]";
    EXPECT_EQ(
        errors_of(kCentre + kBuying + demanding + late + kAgents),
        slower(
            R"(11:1: queue[1].skills: "ben" may take contacts of "mobile" (line 6) at once, but of this queue after "10s")",
            kLevels));
}

TEST(ConfigCharter, refuses_to_widen_later_for_who_cancels) {
    const std::string kRemedy = "widen as soon and as far as there";
    const std::string bank = "widening = [{ after = \"30s\", skills = { bank = 1 } }]";
    const std::string anybody = "widening = [{ after = \"30s\", anybody = true }]";
    expect_slower({
        {{bank, ""},
         R"(9:1: queue[1].widening: "dora" may take contacts of "mobile" (line 8) after "30s", but of this queue never)",
         kRemedy},
        {{bank, "widening = [{ after = \"31s\", anybody = true }]"},
         R"(14:1: queue[1].widening: "dora" may take contacts of "mobile" (line 8) after "30s", but of this queue after "31s")",
         kRemedy},
        // All may take both, but who speaks no English takes only buyers who want English.
        {{anybody, "widening = [{ after = \"30s\", skills = {} }]"},
         R"(14:1: queue[1].widening: "dora" may take contacts of "mobile" (line 8), whatever these need, after "30s", but of this queue never)",
         kRemedy},
        {{"widening = [{ after = \"30s\", skills = { mobile = 1 }, drops_own = true }]", ""},
         R"(9:1: queue[1].widening: "cem" may take contacts of "mobile" (line 8), whatever these need, after "30s", but of this queue never)",
         kRemedy},
    });
}

TEST(ConfigCharter, refuses_a_reserve_before_who_cancels_alone) {
    const std::string kRemedy = "take it out, or write it there as well";
    const std::string reserve = "reserve = [{ skills = { mobile = 2 }, keep = 1 }]";
    expect_slower({
        {{"", reserve},
         R"(14:12: queue[1].reserve[0]: keeps 1 with { mobile = 2 } from those who cancel, more than from "mobile" (line 3))",
         kRemedy},
        {{reserve, "reserve = [{ skills = { mobile = 1 }, keep = 1 }]"},
         R"(14:12: queue[1].reserve[0]: keeps 1 with { mobile = 1 } from those who cancel, more than from "mobile" (line 8))",
         kRemedy},
        {{"reserve = [{ skills = { mobile = 1 }, keep = 1 }]",
          "reserve = [{ skills = { mobile = 1 }, keep = 2 }]"},
         R"(14:12: queue[1].reserve[0]: keeps 2 with { mobile = 1 } from those who cancel, more than from "mobile" (line 8))",
         kRemedy},
    });
}

TEST(ConfigCharter, lets_nobody_who_cancels_wait_behind_a_longer_queue) {
    const std::string centre = "centre.name = \"Hanse\"\nrouting.contact_rule = \"longer_queue\"\n";
    EXPECT_EQ(
        errors_of(centre + kBuying + kCancelling + kAgents),
        slower(
            R"(2:9: routing.contact_rule: "longer_queue" lets the few of "cancel" (line 8) wait behind the many of "mobile" (line 3))",
            R"(give "cancel" the smaller number as priority, or choose another rule)"));
    EXPECT_EQ(errors_of(centre + kBuying + kCancelling + "priority = 4" + kAgents), "");
    EXPECT_EQ(errors_of(centre + kBuying + kAgents), "");
}

TEST(ConfigCharter, names_every_pair) {
    const std::string second =
        "[[queue]]\nname = \"travel\"\nnumbers = \"travel\"\npurpose = \"buy\"\n"
        "skills = { mobile = 1 }\n";
    EXPECT_EQ(errors_of(kCentre + kBuying + second + kCancelling + "priority = 7" + kAgents),
              slower(R"(18:1: queue[2].priority: 7 comes after 5 of "mobile" (line 3))",
                     "write 5 or less") +
                  "\n" +
                  slower(R"(18:1: queue[2].priority: 7 comes after 5 of "travel" (line 8))",
                         "write 5 or less"));
}

namespace {

// Queues to overflow to, the hours they may have, behind the agents.
const std::string kOthers = R"(
[[queue]]
name = "all"
numbers = "all"
[[queue]]
name = "experts"
numbers = "experts"
skills = { vip = 1 }
[[queue]]
name = "first"
numbers = "first"
skills = { mobile = 1 }
priority = 2
[[queue]]
name = "last"
numbers = "last"
priority = 6
[[hours]]
name = "office"
week = { mon-fri = "08:00-18:00" }
[[hours]]
name = "longer"
week = { mon-sat = "07:00-19:00" }
[[hours]]
name = "not_at_christmas"
week = { mon-sat = "07:00-19:00" }
special_days = [{ date = "12-25" }]
)";

std::string errors_beside_others(const Lines& lines) {
    return errors_of(kCentre + kBuying + lines.buying + "\n" + kCancelling + lines.cancelling +
                     kAgents + kOthers);
}

std::string closing(const std::string& hours, const std::string& rest) {
    return "hours = \"" + hours + "\"\nat_closing = \"" + rest + "\"";
}

}  // namespace

TEST(ConfigCharter, lets_who_cancels_overflow_as_soon_or_sooner) {
    const std::string by_wait = "overflow = [{ to = \"all\", after = \"60s\" }]";
    const std::string by_length = "overflow = [{ to = \"all\", waiting = 5 }]";
    const std::vector<Lines> cases{
        {by_wait, by_wait},
        {by_wait, "overflow = [{ to = \"all\", after = \"30s\" }]"},
        {by_wait, "widening = [{ after = \"60s\", anybody = true }]"},
        {by_length, by_length},
        {by_length, "overflow = [{ to = \"all\", waiting = 4 }]"},
        {"overflow = [{ to = \"all\", expected = \"5m\" }]",
         "overflow = [{ to = \"all\", expected = \"3m\" }]"},
        {"", by_wait},
        {"", by_length},
        // Who serves it serves who cancels anyway.
        {"overflow = [{ to = \"experts\", waiting = 5 }]", ""},
        {"overflow = [{ to = \"experts\", after = \"60s\" }]", ""},
        {"hours = \"office\"", "hours = \"office\""},
        {"hours = \"office\"", "hours = \"longer\""},
        {"hours = \"not_at_christmas\"", "hours = \"longer\""},
        {"hours = \"office\"", ""},
        {closing("office", "end"), closing("office", "end")},
        {closing("office", "end"), closing("longer", "serve")},
        {"hours = \"longer\"", closing("office", "divert\"\nclosing_to = \"all")},
    };
    for (const Lines& lines : cases) {
        EXPECT_EQ(errors_beside_others(lines), "") << lines.buying << " / " << lines.cancelling;
    }
}

TEST(ConfigCharter, refuses_slower_ways) {
    const std::vector<SlowerCase> cases{
        {{"overflow = [{ to = \"all\", after = \"60s\" }]", ""},
         R"(9:1: queue[1].overflow: "dora" may take contacts of "mobile" (line 8) by overflow after "1m", but of this queue never)",
         R"(overflow as soon and to the same queues as there)"},
        {{"overflow = [{ to = \"all\", after = \"60s\" }]",
          "overflow = [{ to = \"all\", after = \"90s\" }]"},
         R"(14:1: queue[1].overflow: "dora" may take contacts of "mobile" (line 8) by overflow after "1m", but of this queue after "90s")",
         R"(overflow as soon and to the same queues as there)"},
        {{"overflow = [{ to = \"all\", waiting = 5 }]", ""},
         R"(9:1: queue[1].overflow: "dora" may take contacts of "mobile" (line 8) by overflow at waiting = 5, but of this queue never)",
         R"(write { to = "all", waiting = 5 } here too, or less)"},
        {{"overflow = [{ to = \"all\", waiting = 5 }]",
          "overflow = [{ to = \"all\", waiting = 6 }]"},
         R"(14:1: queue[1].overflow: "dora" may take contacts of "mobile" (line 8) by overflow at waiting = 5, but of this queue never)",
         R"(write { to = "all", waiting = 5 } here too, or less)"},
        {{"overflow = [{ to = \"all\", expected = \"5m\" }]",
          "overflow = [{ to = \"all\", expected = \"6m\" }]"},
         R"(14:1: queue[1].overflow: "dora" may take contacts of "mobile" (line 8) by overflow at expected = "5m", but of this queue never)",
         R"(write { to = "all", expected = "5m" } here too, or less)"},
        {{"overflow = [{ to = \"first\", waiting = 5 }]", ""},
         R"(9:1: queue[1].priority: 5 comes after 2 of "first", where "mobile" (line 8) sends its callers)",
         R"(write 2 or less)"},
        {{"", "overflow = [{ to = \"last\", waiting = 5 }]"},
         R"(14:15: queue[1].overflow[0].to: "last" has a greater priority number than "mobile" (line 3))",
         R"(choose a queue that is as good, or take it out)"},
        {{"", "overflow = [{ to = \"experts\", waiting = 5 }]"},
         R"(14:15: queue[1].overflow[0].to: "experts" has fewer people than "mobile" (line 6): "ben" is missing or comes later)",
         R"(choose a queue that is as good, or take it out)"},
    };
    for (const auto& [lines, problem, remedy] : cases) {
        EXPECT_EQ(errors_beside_others(lines), slower(problem, remedy))
            << lines.buying << " / " << lines.cancelling;
    }
}

TEST(ConfigCharter, refuses_shorter_hours) {
    const std::vector<SlowerCase> cases{
        {{"", "hours = \"office\""},
         R"(14:1: queue[1].hours: is closed while "mobile" (line 3) is open, for instance Thu 2026-01-01 00:00)",
         R"(be open at least as long as there)"},
        {{"hours = \"longer\"", "hours = \"office\""},
         R"(14:1: queue[1].hours: is closed while "mobile" (line 8) is open, for instance Thu 2026-01-01 07:00)",
         R"(be open at least as long as there)"},
        {{"hours = \"longer\"", "hours = \"not_at_christmas\""},
         R"(14:1: queue[1].hours: is closed while "mobile" (line 8) is open, for instance Fri 2026-12-25 07:00)",
         R"(be open at least as long as there)"},
        {{"hours = \"office\"", closing("office", "end")},
         R"(15:1: queue[1].at_closing: "end" lets those go who wait when it closes, unlike "mobile" (line 3))",
         R"(write "serve")"},
        {{closing("office", "divert\"\nclosing_to = \"all"), "hours = \"office\""},
         R"(16:1: queue[1].hours: is closed while "mobile" (line 8) is open, for instance Thu 2026-01-01 00:00)",
         R"(be open at least as long as there)"},
    };
    for (const auto& [lines, problem, remedy] : cases) {
        EXPECT_EQ(errors_beside_others(lines), slower(problem, remedy))
            << lines.buying << " / " << lines.cancelling;
    }
}

}  // namespace lanze::app
