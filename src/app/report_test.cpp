#include "app/report.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "app/contacts.h"
#include "app/local_time.h"
#include "core/floor.h"
#include "journal/sqlite_journal.h"

namespace lanze::app {
namespace {

std::set<core::AgentId> agents(std::initializer_list<std::uint32_t> ids) {
    std::set<core::AgentId> result;
    for (const std::uint32_t id : ids) {
        result.insert(core::AgentId{id});
    }
    return result;
}

// A queue with one line per set of agents.
Report report_of(const std::vector<std::set<core::AgentId>>& handlers) {
    Report report;
    ReportQueue queue;
    queue.name = "accounts";
    for (const auto& line : handlers) {
        queue.lines.emplace_back().handlers = line;
        queue.lines.back().counts.handle_time = {seconds(100), line.size()};
    }
    report.queues.push_back(queue);
    return report;
}

TEST(HidingTest, ShowsWhatNoPersonStandsBehindAlone) {
    struct Row {
        const char* what;
        std::vector<std::set<core::AgentId>> handlers;
        std::string shown;  // per line, then the total: s shown, h hidden
    };
    const auto five = agents({1, 2, 3, 4, 5});
    const auto six = agents({1, 2, 3, 4, 5, 6});
    const auto seven = agents({1, 2, 3, 4, 5, 6, 7});
    const std::vector<Row> rows = {
        {"nobody", {{}, {}}, "sss"},
        {"enough everywhere", {five, six}, "sss"},
        {"too few everywhere", {agents({1}), agents({2})}, "hhh"},
        {"a single hidden line takes the smallest other with it",
         {seven, agents({1}), six, {}},
         "shhss"},
        {"two hidden lines that are five persons together suffice",
         {seven, agents({1, 2, 3}), agents({4, 5, 6})},
         "shhs"},
        {"two hidden lines of the same two persons do not",
         {seven, agents({1, 2}), agents({1, 2}), six},
         "shhhs"},
        {"two hidden lines that share most of their persons",
         {agents({1, 2, 3, 4}), agents({2, 3, 4, 5})},
         "hhs"},
        {"one line, too few", {agents({1, 2}), {}}, "hsh"},
    };
    for (const Row& row : rows) {
        Report report = report_of(row.handlers);
        total_and_hide(report, Persons{});
        std::string shown;
        for (const ReportLine& line : report.queues.front().lines) {
            shown += line.hides_handle_time ? 'h' : 's';
        }
        shown += report.queues.front().total.hides_handle_time ? 'h' : 's';
        EXPECT_EQ(shown, row.shown) << row.what;
    }
}

TEST(HidingTest, CountsAPersonOfManyForgottenDaysOnce) {
    constexpr std::uint32_t kAnonymous = 1U << 31U;
    Persons persons;
    std::set<core::AgentId> week;
    for (std::uint32_t day = 0; day < 7; ++day) {
        persons.note_anonymous(core::AgentId{kAnonymous + day}, day);
        week.insert(core::AgentId{kAnonymous + day});
    }
    EXPECT_EQ(persons.at_least(week), 1U);
    EXPECT_EQ(persons.at_least(agents({1, 2, kAnonymous})), 2U);
}

TEST(HidingTest, PrintsNoHiddenFigure) {
    Report report = report_of({agents({1, 2})});
    report.queues.front().lines.front().counts.handle_time = {seconds(123), 1};
    total_and_hide(report, Persons{});
    EXPECT_EQ(report_text(report, ReportFormat::table).find("2:03"), std::string::npos);
    EXPECT_EQ(report_text(report, ReportFormat::csv).find("123"), std::string::npos);
    const std::string json = report_text(report, ReportFormat::json);
    EXPECT_EQ(json.find("123"), std::string::npos);
    EXPECT_NE(json.find(R"("aht_seconds":{"value":null,"suppressed":true})"), std::string::npos)
        << json;
}

TEST(ReportTextTest, WritesDurationsForPeople) {
    EXPECT_EQ(duration_text(seconds(0)), "0:00");
    EXPECT_EQ(duration_text(milliseconds(25'400)), "0:25");
    EXPECT_EQ(duration_text(seconds(725)), "12:05");
    EXPECT_EQ(duration_text(seconds(3725)), "1:02:05");
}

class ReportTest : public ::testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(use_time_zone("Europe/Berlin"));
        std::string pattern = (std::filesystem::temp_directory_path() / "lanze-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        options.journal_path = folder + "/centre.db";
        options.from = "2026-03-02";
        options.to = "2026-03-03";
    }
    void TearDown() override { std::filesystem::remove_all(folder); }

    static Time clock(const std::string& text) {
        return parse_local("2026-03-02 " + text, Time{}).value();
    }

    // Six agents; the morning is theirs. Every contact is answered after 10 s, talks 60 s and is
    // wrapped up in 20 s.
    void live() {
        core::Config config;
        config.name = "Bank";
        config.queues.resize(2);
        config.queues[0].name = "accounts";
        config.queues[1].name = "loans, \"big\"";
        config.queues[1].needs = {{"loans", 1}};
        for (int i = 0; i < 6; ++i) {
            core::AgentConfig& agent = config.agents.emplace_back();
            agent.name = "agent" + std::to_string(i);
            agent.starts_ready = true;
            agent.wrap_up = seconds(20);
        }
        tell(core::Configure{config}, clock("08:00"));
        for (int i = 0; i < 12; ++i) {
            talk(clock("08:05") + minutes(i));
        }
        talk(clock("09:10"));
        tell(core::EnterQueue{core::QueueId{2}}, clock("08:40"));
        tell(core::HangUp{last_contact()}, clock("08:40") + seconds(3));
        tell(core::EnterQueue{core::QueueId{2}}, clock("09:00"));
        write();
    }
    void tell(const core::Command& command, Time at) { commands.emplace(at, command); }
    void talk(Time at) {
        talks.insert(at);
        tell(core::EnterQueue{core::QueueId{1}}, at);
    }
    static core::ContactId last_contact() { return core::ContactId{}; }

    // Carries the commands out in order of time; answers and hang-ups follow from what happens.
    void write() {
        journal::SqliteJournalOptions journal_options;
        journal_options.opened_at = clock("08:00");
        auto journal = journal::SqliteJournal::open(
            options.journal_path, keys_path_of(options.journal_path), journal_options);
        ASSERT_TRUE(journal) << journal.error();
        core::Floor floor;
        core::RecordKeeper keeper;
        std::uint64_t sequence = 0;
        while (!commands.empty()) {
            auto [at, command] = *commands.begin();
            commands.erase(commands.begin());
            if (auto* end = std::get_if<core::HangUp>(&command); end && !end->contact.is_set()) {
                end->contact = core::ContactId{floor.next_contact().value() - 1};
            }
            ports::Batch batch;
            batch.sequence = ++sequence;
            batch.decisions.push_back({at, command, floor.handle(command, at).events, {}});
            for (const core::Event& event : batch.decisions.front().events) {
                keeper.note(event, at);
                follow(event, at);
                if (const auto* queued = std::get_if<core::ContactQueued>(&event)) {
                    batch.notes.push_back(
                        {"caller/" + std::to_string(queued->contact.value()), "+49 461 77"});
                }
            }
            batch.finished = keeper.take_finished();
            batch.blocked = keeper.take_blocked();
            (*journal)->append(std::move(batch));
        }
    }
    void follow(const core::Event& event, Time at) {
        if (const auto* presented = std::get_if<core::ContactPresented>(&event)) {
            tell(core::Answer{presented->presentation}, at + seconds(10));
        }
        if (const auto* answered = std::get_if<core::ContactAnswered>(&event)) {
            tell(core::HangUp{answered->contact}, at + seconds(60));
        }
        if (const auto* wrap_up = std::get_if<core::WrapUpStarted>(&event)) {
            tell(core::EndWrapUp{wrap_up->agent, "solved"}, at + seconds(20));
        }
    }

    std::string folder;
    ReportOptions options;
    std::multimap<Time, core::Command> commands;
    std::set<Time> talks;
};

TEST_F(ReportTest, CountsByIntervalOfEntry) {
    live();
    const auto report = make_report(options, clock("12:00"));
    ASSERT_TRUE(report) << report.error();
    ASSERT_EQ(report->queues.size(), 2U);
    const ReportQueue& accounts = report->queues[0];
    ASSERT_EQ(accounts.lines.size(), 48U);
    const ReportLine& eight = accounts.lines[16];
    EXPECT_EQ(local_text(eight.start), "2026-03-02 08:00");
    EXPECT_EQ(eight.counts.offered, 12U);
    EXPECT_EQ(eight.counts.answered, 12U);
    EXPECT_EQ(eight.counts.answered_within, 12U);
    EXPECT_EQ(eight.counts.answer_delay, (core::MeanTime{seconds(120), 12}));
    EXPECT_EQ(eight.counts.handle_time, (core::MeanTime{seconds(12 * 80), 12}));
    EXPECT_EQ(eight.handlers.size(), 6U);
    EXPECT_EQ(eight.occupancy.agents.size(), 6U);
    EXPECT_EQ(eight.occupancy.handling, seconds(12 * 80));
    EXPECT_EQ(eight.occupancy.handling + eight.occupancy.ready, 6 * minutes(30));
    EXPECT_EQ(accounts.total.counts.offered, 13U);

    const ReportQueue& loans = report->queues[1];
    EXPECT_EQ(loans.lines[17].counts.abandoned, 1U);
    EXPECT_EQ(loans.lines[17].counts.short_abandons, 1U);
    EXPECT_EQ(loans.lines[18].counts.waiting, 1U);
    EXPECT_EQ(loans.total.counts.offered, 2U);
}

TEST_F(ReportTest, HidesTheLoneAgentOfAnInterval) {
    live();
    const auto report = make_report(options, clock("12:00"));
    ASSERT_TRUE(report) << report.error();
    const ReportQueue& accounts = report->queues[0];
    // At 09:10 one agent handled one contact, so both intervals are hidden; and since both together
    // are the total, nothing more is told by it than by five and more.
    EXPECT_TRUE(accounts.lines[18].hides_handle_time);
    EXPECT_TRUE(accounts.lines[16].hides_handle_time);
    EXPECT_FALSE(accounts.total.hides_handle_time);
    EXPECT_FALSE(accounts.lines[16].hides_occupancy);
    // What is left to see carries its definition.
    const std::string table = report_text(*report, ReportFormat::table);
    EXPECT_NE(table.find("answered within 20 s / (offered - abandoned before 5 s)"),
              std::string::npos);
    EXPECT_NE(table.find("2026-03-02 08:00-08:30"), std::string::npos);
    EXPECT_EQ(table.find("2026-03-02 03:00"), std::string::npos) << "an empty interval";
}

TEST_F(ReportTest, WritesCsvAndJson) {
    live();
    options.queue = "loans, \"big\"";
    options.interval = "1d";
    const auto report = make_report(options, clock("12:00"));
    ASSERT_TRUE(report) << report.error();
    const std::string csv = report_text(*report, ReportFormat::csv);
    EXPECT_NE(csv.find("interval,\"loans, \"\"big\"\"\",2026-03-02T00:00:00+01:00,"
                       "2026-03-03T00:00:00+01:00,2,0,1,1,0,0,1,0,0,1,,3.000,,no,,no,"),
              std::string::npos)
        << csv;
    const std::string json = report_text(*report, ReportFormat::json);
    EXPECT_NE(json.find(R"("offered":2)"), std::string::npos) << json;
    EXPECT_NE(json.find(R"("service_level":{"part":0,"whole":1})"), std::string::npos) << json;
}

TEST_F(ReportTest, SaysWhatIsWrongWithTheQuestion) {
    live();
    struct Row {
        std::string ReportOptions::*field;
        const char* value;
        const char* problem;
    };
    for (const Row& row : {Row{&ReportOptions::from, "soon", "is not a time"},
                           Row{&ReportOptions::to, "2026-03-01", "end before it begins"},
                           Row{&ReportOptions::interval, "7m", "is not an interval"},
                           Row{&ReportOptions::queue, "sales", "no queue"},
                           Row{&ReportOptions::from, "2020-01-01", "at most"},
                           Row{&ReportOptions::journal_path, "/nowhere/x.db", "unable to open"}}) {
        ReportOptions asked = options;
        asked.*row.field = row.value;
        const auto report = make_report(asked, clock("12:00"));
        ASSERT_FALSE(report) << row.problem;
        EXPECT_NE(report.error().find(row.problem), std::string::npos) << report.error();
    }
}

TEST_F(ReportTest, ListsContactsWithoutTheirAgents) {
    live();
    ContactsOptions asked;
    asked.journal_path = options.journal_path;
    asked.limit = 3;
    auto text = contacts_text(asked);
    ASSERT_TRUE(text) << text.error();
    EXPECT_NE(text->find("+49 461 77"), std::string::npos) << *text;
    EXPECT_NE(text->find("finished by caller"), std::string::npos) << *text;
    EXPECT_EQ(text->find("agent0"), std::string::npos);
    asked.is_json = true;
    std::filesystem::remove(keys_path_of(options.journal_path));
    text = contacts_text(asked);
    ASSERT_TRUE(text) << text.error();
    EXPECT_EQ(text->find("+49 461 77"), std::string::npos) << *text;
    EXPECT_NE(text->find(R"("caller":null)"), std::string::npos) << *text;
}

}  // namespace
}  // namespace lanze::app
