#include "app/why.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <set>
#include <sstream>

#include "api/openapi.h"
#include "app/local_time.h"
#include "app/why_json.h"
#include "app/why_keeper.h"
#include "app/why_text.h"
#include "app/why_words.h"
#include "core/build_id.h"
#include "core/floor.h"
#include "journal/sqlite_journal.h"
#include "journal/trial_folder.h"

namespace lanze::app {
namespace {

constexpr std::int64_t kDay = 20'500;

Time at(int second) {
    return Time{hours(24 * kDay + 9) + seconds(second)};
}

core::AgentConfig agent(const std::string& name, core::Skills skills) {
    core::AgentConfig config;
    config.name = name;
    config.skills = std::move(skills);
    config.wrap_up = Duration{};
    config.starts_ready = true;
    return config;
}

// On one line.
std::string flat(const std::string& text) {
    std::istringstream words(text);
    std::string out;
    for (std::string word; words >> word;) {
        out += (out.empty() ? "" : " ") + word;
    }
    return out;
}

// A floor whose decisions are kept.
class WhyTest : public testing::Test {
protected:
    WhyTest() {
        EXPECT_TRUE(use_time_zone("UTC"));
        core::QueueConfig bank;
        bank.name = "bank";
        bank.needs = {{"bank", 2}};
        bank.widening = {{seconds(30), {{"bank", 1}}, false}};
        config.queues = {bank};
        config.agents = {agent("anna", {{"bank", 2}}), agent("ben", {{"bank", 1}}),
                         agent("cleo", {{"travel", 1}})};
    }

    std::vector<core::Event> tell(const core::Command& command, int second) {
        const core::Outcome outcome = floor.handle(command, at(second), core::Explaining::yes);
        EXPECT_FALSE(outcome.refusal);
        decisions.push_back({at(second), command, outcome.events, outcome.reasons});
        return outcome.events;
    }
    // A contact that enters, is answered two seconds later and is over `talk` seconds after that.
    void talk(int second, int length) {
        const auto entered = tell(core::EnterQueue{core::QueueId{1}}, second);
        const auto& presented = std::get<core::ContactPresented>(entered.back());
        tell(core::Answer{presented.presentation}, second + 2);
        tell(core::HangUp{presented.contact, core::EndedBy::caller}, second + 2 + length);
    }
    Why why_of(std::uint64_t contact, bool has_names = false,
               WhyKeeper::Rebuilding rebuilding = WhyKeeper::Rebuilding::floor) const {
        WhyKeeper keeper(core::ContactId{contact}, rebuilding, has_names);
        for (const ports::Decision& decision : decisions) {
            keeper.note(decision, core::build_id());
        }
        EXPECT_TRUE(keeper.has_begun());
        return keeper.take();
    }
    std::string text_of(std::uint64_t contact, bool has_names = false) const {
        std::string text = timeline_text(why_of(contact, has_names), has_names);
        return text.substr(0, text.find("Decided by build"));
    }
    // anna talks, a second contact waits until it is widened to ben.
    void live_through_widening() {
        tell(core::Configure{config}, 0);
        tell(core::EnterQueue{core::QueueId{1}}, 10);
        tell(core::Answer{core::PresentationId{1}}, 12);
        tell(core::EnterQueue{core::QueueId{1}}, 20);
        tell(core::AdvanceTime{}, 50);
        tell(core::Answer{core::PresentationId{2}}, 53);
        tell(core::HangUp{core::ContactId{2}, core::EndedBy::agent}, 80);
    }

    core::Config config;
    core::Floor floor;
    std::vector<ports::Decision> decisions;
};

TEST_F(WhyTest, TellsAContactsLife) {
    live_through_widening();
    EXPECT_EQ(text_of(2),
              R"(contact 2  bank, voice, priority 5, entered 2026-02-16 09:00:20, needs bank >= 2

    +0.0 s  enters bank and waits; nobody could take it: bank 2 (1 agent): 1 talking; besides: 2
            ready without the skills.
   +30.0 s  widened to step 1: also to agents with bank >= 1.
   +30.0 s  presented to ben as it was widened; 1 agent could take it. Step 1 of widening lets the
            agent take it. 1 kind of agents would have gone first, but nobody of them was free. Not
            in question: bank 2 (1 agent): 1 talking; besides: 1 ready without the skills.
   +33.0 s  answered by ben.
   +60.0 s  finished: the agent hung up.

In all it waited 33.0 s. The charter withheld nobody with the skills meanwhile.
)");
}

TEST_F(WhyTest, NamesWhoCameIntoQuestionIfAsked) {
    live_through_widening();
    const Why why = why_of(2, true);
    EXPECT_EQ(why.recomputed, Recomputed::alike);
    ASSERT_EQ(why.moments.size(), 5U);
    EXPECT_EQ(why.moments[0].search->excluded_names,
              (std::map<core::ExcludedBy, std::vector<std::string>>{
                  {core::ExcludedBy::talking, {"anna"}},
                  {core::ExcludedBy::other_skills, {"ben", "cleo"}}}));
    EXPECT_EQ(why.moments[2].search->candidates, std::vector<std::string>{"ben"});
    EXPECT_NE(flat(text_of(2, true)).find("1 talking (anna)"), std::string::npos);
    EXPECT_EQ(text_of(2).find("anna"), std::string::npos);
}

TEST_F(WhyTest, SaysThatNamesCannotBeRecomputed) {
    live_through_widening();
    ++decisions[3].reasons[0].candidates;  // as another build might have counted
    const Why why = why_of(2, true);
    EXPECT_EQ(why.recomputed, Recomputed::otherwise);
    EXPECT_TRUE(why.moments[0].search->excluded_names.empty());
    EXPECT_EQ(why.moments[2].search->candidates, std::vector<std::string>{"ben"});
    EXPECT_NE(flat(timeline_text(why, true)).find("cannot be recomputed"), std::string::npos);
    EXPECT_EQ(flat(timeline_text(why, false)).find("cannot be recomputed"), std::string::npos);
}

TEST_F(WhyTest, TellsTheRankingAndTheTie) {
    config.agents[1].skills = {{"bank", 2}};
    config.charter.occupancy_max_permille = 1'000;
    tell(core::Configure{config}, 0);
    tell(core::EnterQueue{core::QueueId{1}}, 10);
    EXPECT_NE(
        text_of(1).find("presented to anna as it entered; 2 agents could take it: the longest "
                        "idle of them"),
        std::string::npos)
        << text_of(1);
    EXPECT_NE(text_of(1).find("a tie would go to the agent configured first"), std::string::npos);
}

// An hour with 36 seconds of handling is full here, and a pool of one is no reason to name anybody.
TEST_F(WhyTest, TellsTheChartersShareInTheWait) {
    config.charter.occupancy_max_permille = 10;
    tell(core::Configure{config}, 0);
    talk(10, 40);
    tell(core::EnterQueue{core::QueueId{1}}, 60);
    tell(core::HangUp{core::ContactId{2}, core::EndedBy::caller}, 81);
    const Why why = why_of(2, true);
    ASSERT_TRUE(why.withheld);
    EXPECT_EQ(why.withheld->by_any, seconds(21));
    EXPECT_EQ(why.withheld->by[0], seconds(21));
    EXPECT_EQ(why.withheld->by[1], Duration{});
    const std::string text = flat(text_of(2, true));
    EXPECT_NE(text.find("bank 2 (1 agent): 1 withheld by the occupancy ceiling"),
              std::string::npos);
    EXPECT_NE(text.find("In all it waited 21.0 s. For 21.0 s of it somebody with the skills was "),
              std::string::npos)
        << text;
    EXPECT_EQ(text.find("anna"), std::string::npos) << text;
}

TEST_F(WhyTest, CountsABreakOnlyWhileTheContactWaits) {
    tell(core::Configure{config}, 0);
    tell(core::PlanShift{core::AgentId{1}, at(0), at(3'600), {{at(60), minutes(15)}}}, 1);
    config.charter.gives_breaks = true;
    tell(core::Configure{config}, 2);
    tell(core::EnterQueue{core::QueueId{1}}, 50);
    tell(core::Decline{core::PresentationId{1}, core::DeclineReason::failed}, 52);  // rests 10 s
    tell(core::AdvanceTime{}, 62);
    tell(core::AdvanceTime{}, 70);
    tell(core::HangUp{core::ContactId{1}, core::EndedBy::caller}, 75);
    const Why why = why_of(1);
    ASSERT_TRUE(why.withheld);
    EXPECT_EQ(why.withheld->by[1], seconds(13)) << text_of(1);
    EXPECT_EQ(why.withheld->by_any, seconds(13));
}

// Of days whose key is shredded: what happened and how many, but no sets of skills.
TEST_F(WhyTest, TellsWhatIsLeftWithoutAFloor) {
    live_through_widening();
    const Why why = why_of(2, true, WhyKeeper::Rebuilding::nothing);
    EXPECT_FALSE(why.withheld);
    EXPECT_EQ(why.recomputed, Recomputed::key_gone);
    EXPECT_EQ(why.config_hash, 0U);
    ASSERT_EQ(why.moments.size(), 5U);
    EXPECT_EQ(why.moments[0].search->excluded[0],
              (Excluded{std::nullopt, false, core::ExcludedBy::talking, 1}));
    EXPECT_NE(flat(timeline_text(why, true)).find("the key of that day is shredded"),
              std::string::npos);
}

TEST_F(WhyTest, SaysWhereReasonsAreMissing) {
    live_through_widening();
    for (ports::Decision& decision : decisions) {
        decision.reasons.clear();
    }
    const std::string text = timeline_text(why_of(2), false);
    EXPECT_NE(text.find("Reasons are missing for 1 presentation"), std::string::npos) << text;
    EXPECT_NE(text.find("presented to ben.\n"), std::string::npos) << text;
}

// All that may happen to a contact, in the order it is told.
TEST_F(WhyTest, TellsWhatElseMayHappen) {
    const core::ContactId contact{1};
    core::QueueConfig travel;
    travel.name = "travel";
    travel.needs = {{"travel", 1}};
    config.queues.push_back(travel);
    config.queues[0].widening.clear();
    config.charter.starvation_factor = 1;
    tell(core::Configure{config}, 0);
    tell(core::NotReady{core::AgentId{1}, core::NotReadyReason::meeting}, 1);
    tell(core::NotReady{core::AgentId{3}, core::NotReadyReason::training}, 1);
    tell(core::EnterQueue{core::QueueId{1}}, 2);
    tell(core::Prioritise{contact, 2}, 3);
    tell(core::ChangeNeeds{contact, {{"english", 1}}}, 4);
    tell(core::ChangeNeeds{contact, {}}, 5);
    EXPECT_NE(text_of(1).find("It is not answered yet."), std::string::npos);
    tell(core::AdvanceTime{}, 22);
    tell(core::Assign{contact, core::AgentId{2}}, 23);
    tell(core::Decline{core::PresentationId{1}, core::DeclineReason::rejected}, 24);
    tell(core::MoveContact{contact, core::QueueId{2}}, 25);
    tell(core::RequestCallback{contact}, 26);
    tell(core::Ready{core::AgentId{3}}, 27);
    tell(core::Answer{core::PresentationId{2}}, 28);
    tell(core::Hold{contact}, 29);
    tell(core::Resume{contact}, 30);
    tell(core::NotReached{contact}, 31);
    const std::string text = flat(text_of(1));
    std::size_t place = 0;
    for (const char* sentence :
         {"enters bank and waits; nobody could take it: bank 2 (1 agent): 1 not ready; besides:",
          "gets priority 2.",
          "its needs are changed to bank >= 2, english >= 1; nobody could take it:",
          "its needs are changed to bank >= 2; nobody", "overdue:",
          "presented to ben by a supervisor, whatever the rules.", "+22.0 s rejected; nobody could",
          "goes on to travel (a supervisor moved it), needs travel >= 1; nobody could",
          "waits on as a callback, in its place.",
          "presented to cleo when an agent became free; 1 agent could take it.",
          "answered by cleo.", "on hold.", "talking again.", "not reached: nobody answered"}) {
        const std::size_t next = text.find(sentence, place);
        EXPECT_NE(next, std::string::npos) << sentence << " in\n" << text_of(1);
        place = next == std::string::npos ? place : next;
    }
}

TEST_F(WhyTest, FollowsATransfer) {
    tell(core::Configure{config}, 0);
    tell(core::EnterQueue{core::QueueId{1}}, 2);
    tell(core::Answer{core::PresentationId{1}}, 4);
    tell(core::Transfer{core::ContactId{1}, {}, {}}, 64);
    const std::string first = flat(text_of(1));
    EXPECT_NE(first.find("transferred: the agent gave it away."), std::string::npos) << first;
    EXPECT_NE(first.find("It goes on as contact 2."), std::string::npos) << first;
    const std::string second = flat(text_of(2));
    EXPECT_NE(second.find("enters bank, transferred: it follows contact 1, and its rank counts the "
                          "2.0 s that one had waited"),
              std::string::npos)
        << second;
    const auto document = boost::json::parse(why_json(why_of(1)));
    EXPECT_EQ(document.at("successor").to_number<int>(), 2);
    const auto nameless = boost::json::parse(why_json(without_agents(why_of(1))));
    EXPECT_FALSE(document.at("timeline").at(1).at("agent").is_null());
    EXPECT_TRUE(nameless.at("timeline").at(1).at("agent").is_null());
}

TEST_F(WhyTest, HasNoFigureOfAPersonInItsKey) {
    config.queues[0].agent_rule = core::AgentRule::least_occupied;
    live_through_widening();
    const auto document = boost::json::parse(why_json(why_of(1)));
    EXPECT_TRUE(document.at("timeline").at(1).at("reason").at("key").is_null());
}

std::set<std::string> keys_of(const boost::json::value& object) {
    std::set<std::string> keys;
    for (const auto& field : object.as_object()) {
        keys.insert(std::string(field.key()));
    }
    return keys;
}

std::set<std::string> texts_of(const boost::json::value& array) {
    std::set<std::string> texts;
    for (const auto& each : array.as_array()) {
        texts.insert(std::string(each.as_string()));
    }
    return texts;
}

TEST_F(WhyTest, KeepsToTheSchema) {
    live_through_widening();
    const auto document = boost::json::parse(why_json(why_of(2)));
    const auto api = boost::json::parse(api::openapi_document());
    const auto& schemas = api.at("components").at("schemas");
    EXPECT_EQ(keys_of(document), texts_of(schemas.at("Why").at("required")));
    EXPECT_EQ(document.at("timeline").as_array().size(), 5U);
    std::set<std::string> known = keys_of(schemas.at("Moment").at("properties"));
    for (const auto& moment : document.at("timeline").as_array()) {
        for (const std::string& key : keys_of(moment)) {
            EXPECT_TRUE(known.contains(key)) << key;
        }
    }
    const auto& reason = document.at("timeline").at(0).at("reason");
    EXPECT_EQ(keys_of(reason), texts_of(schemas.at("Reason").at("required")));
    EXPECT_EQ(reason.at("excluded").at(0).at("skills").at("bank").to_number<int>(), 2);
    EXPECT_EQ(document.at("timeline").at(2).at("agent").as_string(), "ben");
}

// The words of one enumeration, of both kinds, against those of the API's document.
template <typename Enum>
void expect_words(const boost::json::value& listed, Enum last) {
    std::set<std::string> words;
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(last); ++i) {
        words.insert(std::string(word(static_cast<Enum>(i))));
    }
    EXPECT_EQ(words, texts_of(listed));
    EXPECT_EQ(words.size(), static_cast<std::size_t>(last) + 1);
}

TEST(WhyWords, AreThoseOfTheSchema) {
    const auto api = boost::json::parse(api::openapi_document());
    const auto& schemas = api.at("components").at("schemas");
    const auto& reason = schemas.at("Reason").at("properties");
    expect_words(reason.at("occasion").at("enum"), core::Occasion::queue_opened);
    expect_words(reason.at("rule").at("enum"), core::AgentRule::round_robin);
    expect_words(reason.at("excluded").at("items").at("properties").at("by").at("enum"),
                 core::ExcludedBy::queue_closed);
    const auto& why = schemas.at("Why").at("properties");
    expect_words(why.at("channel").at("enum"), core::Channel::consultation);
    expect_words(why.at("recomputed").at("enum"), Recomputed::key_gone);
    // The kinds of moments, in the order of the events.
    std::set<std::string> kinds{std::string(kind_word({}))};
    for (const core::Event& event :
         {core::Event(core::ContactQueued{}), core::Event(core::ContactPresented{}),
          core::Event(core::PresentationEnded{}), core::Event(core::ContactAnswered{}),
          core::Event(core::ContactHeld{}), core::Event(core::ContactResumed{}),
          core::Event(core::ContactEnded{}), core::Event(core::ContactWidened{}),
          core::Event(core::PreferenceEnded{}), core::Event(core::ContactOverdue{}),
          core::Event(core::NeedsChanged{}), core::Event(core::ContactPrioritised{}),
          core::Event(core::ContactMoved{}), core::Event(core::OverflowRefused{}),
          core::Event(core::CallbackRequested{}), core::Event(core::MessageLeft{}),
          core::Event(core::AlternativeProposed{}), core::Event(core::ConsultationJoined{}),
          core::Event(core::TransferCompleted{})}) {
        kinds.insert(std::string(kind_word({Time{}, event, std::nullopt, "", {}})));
    }
    EXPECT_EQ(kinds, texts_of(schemas.at("Moment").at("properties").at("kind").at("enum")));
}

template <typename Enum>
void expect_said(Enum last) {
    std::set<std::string> sentences;
    for (std::uint8_t i = 0; i <= static_cast<std::uint8_t>(last); ++i) {
        sentences.insert(said(static_cast<Enum>(i)));
    }
    EXPECT_FALSE(sentences.contains(""));
    EXPECT_EQ(sentences.size(), static_cast<std::size_t>(last) + 1);
}

TEST(WhyWords, AreSaidEachInItsOwnWay) {
    expect_said(core::Occasion::assigned);
    expect_said(core::ExcludedBy::not_preferred);
    expect_said(core::PresentationEnd::withdrawn);
    expect_said(core::MoveCause::overflow_expected);
    std::set<std::string> ends;
    for (int end = 0; end <= static_cast<int>(core::ContactEnd::not_reached); ++end) {
        ends.insert(said(core::ContactEnded{{}, static_cast<core::ContactEnd>(end), {}, {}}));
    }
    EXPECT_EQ(ends.size(), 5U);
    EXPECT_EQ(
        said(core::ContactEnded{{}, core::ContactEnd::cut_off, {}, core::CutOffCause::restart}),
        "cut off: the centre was started anew");
}

// The same out of a file, beside its writer.
class WhyOfJournalTest : public WhyTest {
protected:
    WhyOfJournalTest() {
        options.journal_path = folder / "centre.db";
        options.has_names = true;
    }
    void write(int day) {
        journal::SqliteJournalOptions opened;
        opened.opened_at = Time{hours(24 * day)};
        auto journal =
            journal::SqliteJournal::open(options.journal_path, folder / "centre.keys", opened);
        ASSERT_TRUE(journal) << journal.error();
        for (const ports::Decision& decision : decisions) {
            ports::Batch batch;
            batch.sequence = ++sequence;
            batch.decisions = {decision};
            (*journal)->append(std::move(batch));
        }
        decisions.clear();
    }
    std::string told(std::uint64_t contact) {
        options.contact = contact;
        const auto text = why_text(options);
        return text ? *text : "refused: " + text.error();
    }

    journal::TrialFolder trial;
    std::filesystem::path folder = trial.file("");
    WhyOptions options;
    std::uint64_t sequence = 0;
};

TEST_F(WhyOfJournalTest, ReadsTheContactOfAJournal) {
    live_through_widening();
    write(kDay);
    const std::string text = told(2);
    EXPECT_NE(text.find("+33.0 s  answered by ben."), std::string::npos) << text;
    EXPECT_NE(text.find("1 talking (anna)"), std::string::npos) << text;
    EXPECT_NE(text.find("; this is the same build."), std::string::npos) << text;
    EXPECT_NE(told(1).find("contact 1  bank"), std::string::npos);
    EXPECT_EQ(told(3), "refused: the journal has no contact 3; lanze contacts lists them");
    options.is_json = true;
    EXPECT_EQ(boost::json::parse(told(2)).at("contact").to_number<int>(), 2);
}

TEST_F(WhyOfJournalTest, TellsForgottenDaysWithoutNames) {
    live_through_widening();
    write(kDay);
    tell(core::HangUp{core::ContactId{1}, core::EndedBy::caller}, 10 * 86'400);
    write(kDay + 10);
    std::filesystem::remove(folder / "centre.keys");
    const std::string text = flat(told(2));
    EXPECT_NE(text.find("answered by an agent."), std::string::npos) << text;
    EXPECT_NE(text.find("take it: 1 talking, 2 ready without the skills"), std::string::npos)
        << text;
    EXPECT_NE(text.find("the key of that day is shredded"), std::string::npos) << text;
    EXPECT_EQ(text.find("ben"), std::string::npos) << text;
}

TEST_F(WhyOfJournalTest, SaysWhatIsWrongWithTheJournal) {
    EXPECT_EQ(told(1).find("refused: "), 0U);
}

}  // namespace
}  // namespace lanze::app
