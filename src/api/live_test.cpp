#include "api/live.h"

#include <gtest/gtest.h>

#include "api/fake_centre.h"

namespace lanze::api {
namespace {

class FakeSocket final : public Socket {
public:
    void send(std::shared_ptr<const std::string> message) override { messages.push_back(*message); }
    void close(CloseReason reason) override { closed = reason.code; }

    std::string last() const { return messages.empty() ? "" : messages.back(); }
    bool last_has(const std::string& text) const { return last().find(text) != std::string::npos; }

    std::vector<std::string> messages;
    std::uint16_t closed = 0;
};

Identity anna() {
    return {{"anna", {.agent = true}, "anna"}, "token-anna", false};
}
Identity ben() {
    return {{"ben", {.agent = true}, "ben"}, "token-ben", false};
}
Identity boss() {
    return {{"boss", {.supervisor = true}, ""}, "token-boss", false};
}

class LiveTest : public testing::Test {
protected:
    LiveTest() : live(centre) {}
    void show(const ports::View& view) { live.apply(view, now); }
    // Only what opens and closes desks is submitted by Live.
    std::vector<core::Command> commands() const { return centre.commands(); }

    Time now = test_time();
    FakeCentre centre;
    Live live;
    FakeSocket page;
};

TEST_F(LiveTest, ASupervisorSeesAll) {
    show(test_snapshot());
    live.join(page, boss());
    ASSERT_EQ(page.messages.size(), 1U);
    EXPECT_TRUE(page.last().starts_with(
        R"({"type":"snapshot","sequence":10,"at":"2026-11-23T10:00:00.000000Z","queues":[{"id":1)"));
    EXPECT_TRUE(page.last_has(R"("name":"ben")"));
    EXPECT_TRUE(page.last_has(R"({"id":6,)"));
    EXPECT_TRUE(commands().empty()) << "no desk";
}

TEST_F(LiveTest, AnAgentSeesOnlyTheOwnContact) {
    show(test_snapshot());
    live.join(page, anna());
    EXPECT_TRUE(page.last_has(R"("name":"bank")"));
    EXPECT_TRUE(page.last_has(R"("contacts":[{"id":5,)"));
    EXPECT_FALSE(page.last_has("ben"));
    EXPECT_FALSE(page.last_has(R"({"id":6,)"));
}

TEST_F(LiveTest, AChatGoesToEachPageOfItsAgentAndToAPageThatIsLoadedAgain) {
    FakeSocket of_ben;
    show(test_snapshot());
    live.join(page, anna());
    live.join(of_ben, ben());
    ports::View changes = test_changes();
    changes.agents = {agent_view(1, "anna", ports::AgentState::talking)};
    changes.agents[0].written = {
        {core::ContactId{7}, ports::AgentState::talking, test_time(), {}, false}};
    changes.contacts = {contact_view(7, ports::ContactState::talking, 1)};
    changes.contacts[0].channel = core::Channel::chat;
    live.chats().open(GuestId{1}, core::ContactId{7}, live.picture());
    EXPECT_FALSE(live.chats().guest_says(GuestId{1}, "hello", now));
    show(changes);
    EXPECT_TRUE(page.last_has(R"({"type":"chat","contact":7,"lines":[{"number":1)"));
    EXPECT_FALSE(of_ben.last_has("hello"));

    const auto sockets = live.sockets();
    FakeSocket again;
    const auto id = live.join(again, anna());
    EXPECT_TRUE(again.messages.front().find(R"("channel":"chat")") != std::string::npos);
    EXPECT_TRUE(again.last_has(R"("text":"hello")"));
    live.hear(id, R"({"type":"chat_say","contact":7,"text":"hi"})", now);
    EXPECT_TRUE(page.last_has(R"("side":"agent","text":"hi")"));
    live.leave(id, now);
    EXPECT_EQ(live.sockets(), sockets);

    const auto of_bens = live.join(of_ben, ben());
    live.hear(of_bens, R"({"type":"chat_say","contact":7,"text":"hi"})", now);
    EXPECT_TRUE(of_ben.last_has(R"("code":"not_your_chat")"));
    live.hear(of_bens, R"({"type":"chat_say","contact":7})", now);
    EXPECT_TRUE(of_ben.last_has(R"("code":"bad_message")"));
}

TEST_F(LiveTest, WhoComesEarlyGetsTheSnapshotLater) {
    live.join(page, anna());
    EXPECT_TRUE(page.messages.empty());
    EXPECT_TRUE(commands().empty());
    show(test_snapshot());
    EXPECT_EQ(page.messages.size(), 1U);
    EXPECT_EQ(commands(), (std::vector<core::Command>{core::OpenDesk{core::AgentId{1}}}));
}

TEST_F(LiveTest, ChangesGoToThoseTheyConcern) {
    FakeSocket of_anna;
    FakeSocket of_ben;
    show(test_snapshot());
    live.join(page, boss());
    live.join(of_anna, anna());
    live.join(of_ben, ben());
    ports::View changes = test_changes();
    changes.agents = {agent_view(2, "ben", ports::AgentState::alerting, 6)};
    changes.contacts = {contact_view(6, ports::ContactState::alerting, 2)};
    show(changes);
    EXPECT_EQ(of_anna.messages.size(), 1U) << "the snapshot only";
    EXPECT_TRUE(of_ben.last_has(R"("type":"changes","sequence":11)"));
    EXPECT_TRUE(of_ben.last_has(R"("state":"alerting")"));
    EXPECT_TRUE(of_ben.last_has(R"("contacts":[{"id":6,)"));
    EXPECT_TRUE(page.last_has(R"("contacts":[{"id":6,)"));
}

TEST_F(LiveTest, AContactThatMovesOnIsGoneForTheFirstAgent) {
    FakeSocket of_anna;
    show(test_snapshot());
    live.join(page, boss());
    live.join(of_anna, anna());
    ports::View changes = test_changes();
    changes.contacts = {contact_view(5, ports::ContactState::waiting)};
    show(changes);
    EXPECT_TRUE(of_anna.last_has(R"("contacts":[],"contacts_gone":[5])"));
    EXPECT_TRUE(page.last_has(R"("contacts_gone":[])")) << "the supervisor goes on seeing it";
}

TEST_F(LiveTest, AContactThatEndsIsGone) {
    show(test_snapshot());
    live.join(page, anna());
    ports::View changes = test_changes();
    changes.contacts_gone = {core::ContactId{5}, core::ContactId{6}};
    show(changes);
    EXPECT_TRUE(page.last_has(R"("contacts_gone":[5])")) << "6 was never shown to anna";
    EXPECT_EQ(live.picture().contacts().size(), 0U);
}

TEST_F(LiveTest, QueuesFiguresAreGatheredForAgents) {
    FakeSocket of_boss;
    show(test_snapshot());
    live.join(page, anna());
    live.join(of_boss, boss());
    for (std::uint32_t waiting = 2; waiting < 5; ++waiting) {
        ports::View changes = test_changes();
        changes.queues = {bank(waiting)};
        show(changes);
    }
    EXPECT_EQ(of_boss.messages.size(), 4U);
    live.tick(now + milliseconds(499));
    EXPECT_EQ(page.messages.size(), 1U);
    live.tick(now + milliseconds(500));
    EXPECT_EQ(page.messages.size(), 2U);
    EXPECT_TRUE(page.last_has(R"("waiting":4)"));
    live.tick(now + seconds(5));
    EXPECT_EQ(page.messages.size(), 2U) << "nothing new";
    EXPECT_EQ(of_boss.messages.size(), 4U);
}

TEST_F(LiveTest, ADeskClosesTenSecondsAfterItsLastPage) {
    show(test_snapshot());
    FakeSocket second;
    const auto first_page = live.join(page, anna());
    const auto second_page = live.join(second, anna());
    ASSERT_EQ(commands().size(), 1U) << "opened once";
    live.leave(first_page, now);
    live.tick(now + minutes(1));
    EXPECT_EQ(commands().size(), 1U) << "one page is left";
    live.leave(second_page, now);
    live.tick(now + seconds(9));
    EXPECT_EQ(commands().size(), 1U);
    live.tick(now + seconds(10));
    EXPECT_EQ(commands().back(), core::Command{core::CloseDesk{core::AgentId{1}}});
    live.tick(now + seconds(30));
    EXPECT_EQ(commands().size(), 2U) << "closed once";
}

TEST_F(LiveTest, AReloadKeepsTheDesk) {
    show(test_snapshot());
    const auto id = live.join(page, anna());
    live.leave(id, now);
    FakeSocket again;
    live.join(again, anna());
    live.tick(now + minutes(1));
    EXPECT_EQ(commands().size(), 1U) << "neither opened again nor closed";
}

TEST_F(LiveTest, ADeskOpenBeforeARestartClosesIfNobodyComesBack) {
    ports::View snapshot = test_snapshot();
    snapshot.agents[0].has_desk = true;
    snapshot.agents[1].has_desk = true;
    show(snapshot);
    live.join(page, anna());
    EXPECT_TRUE(commands().empty()) << "anna's desk is still open";
    live.tick(now + seconds(30));
    EXPECT_EQ(commands(), (std::vector<core::Command>{core::CloseDesk{core::AgentId{2}}}));
}

TEST_F(LiveTest, ASupervisorWhoIsAnAgentHasADeskToo) {
    show(test_snapshot());
    Identity both = anna();
    both.person.roles.supervisor = true;
    live.join(page, both);
    EXPECT_EQ(commands().size(), 1U);
    ports::View changes = test_changes();
    changes.agents = {agent_view(1, "anna", ports::AgentState::ready)};
    show(changes);
    EXPECT_EQ(page.messages.size(), 2U) << "told once, as a supervisor";
}

TEST_F(LiveTest, WhomTheCharterWithholdsIsToldToHimselfOnly) {
    FakeSocket of_anna;
    FakeSocket of_anna_who_leads;
    show(test_snapshot());
    ports::View changes = test_changes();
    changes.agents = {agent_view(1, "anna", ports::AgentState::ready)};
    show(changes);
    Identity leads = anna();
    leads.person.roles.supervisor = true;
    live.join(page, boss());
    live.join(of_anna, anna());
    live.join(of_anna_who_leads, leads);
    changes.agents[0].withheld = core::WithheldBy::occupancy_ceiling;
    changes.queues = {bank(1)};
    show(changes);
    EXPECT_TRUE(of_anna.last_has(R"("withheld":"ceiling")"));
    EXPECT_TRUE(of_anna_who_leads.last_has(R"("withheld":"ceiling")"));
    EXPECT_EQ(page.messages.size(), 1U) << "not even that something changed";
    live.join(page, boss());
    EXPECT_FALSE(page.last_has("withheld"));
    live.join(page, leads);
    EXPECT_TRUE(page.last_has(R"("withheld":"ceiling")"));
    changes.agents[0].withheld.reset();
    show(changes);
    EXPECT_TRUE(of_anna.last_has(R"("withheld":null)"));
    EXPECT_TRUE(of_anna_who_leads.last_has(R"("withheld":null)"));
}

TEST_F(LiveTest, ANewSnapshotReplacesThePicture) {
    show(test_snapshot());
    live.join(page, boss());
    ports::View snapshot = test_snapshot();
    snapshot.contacts.clear();
    snapshot.sequence = 20;
    show(snapshot);
    EXPECT_TRUE(page.last_has(R"("type":"snapshot","sequence":20)"));
    EXPECT_TRUE(page.last_has(R"("contacts":[])"));
}

TEST_F(LiveTest, OpensTheDeskOfAnAgentWhoCameWithAnotherConfiguration) {
    ports::View snapshot = test_snapshot();
    snapshot.agents.erase(snapshot.agents.begin());
    show(snapshot);
    live.join(page, anna());
    EXPECT_TRUE(commands().empty());
    show(test_snapshot());
    EXPECT_EQ(commands().back(), (core::Command{core::OpenDesk{core::AgentId{1}}}));
    snapshot = test_snapshot();
    snapshot.agents[0].has_desk = true;
    show(snapshot);
    EXPECT_EQ(commands().size(), 1U);
}

TEST_F(LiveTest, ShowsTheServiceLevelOfTheView) {
    ports::View snapshot = test_snapshot();
    snapshot.queues[0].service_level.within = seconds(33);
    show(snapshot);
    live.join(page, boss());
    EXPECT_TRUE(page.last_has(R"("within_s":33)"));
}

TEST_F(LiveTest, WhoIsSignedOutIsClosed) {
    FakeSocket other;
    show(test_snapshot());
    live.join(page, anna());
    live.join(other, ben());
    live.close_where([](const Identity& i) { return i.credential == "token-anna"; });
    EXPECT_EQ(page.closed, kClosePolicy);
    EXPECT_EQ(other.closed, 0);
}

TEST_F(LiveTest, AnAgentWhoIsNotConfiguredSeesQueuesOnly) {
    show(test_snapshot());
    live.join(page, {{"gone", {.agent = true}, "gone"}, "t", false});
    EXPECT_TRUE(page.last_has(R"("agents":[],"contacts":[])"));
    EXPECT_TRUE(commands().empty());
}

TEST_F(LiveTest, OnlyAnAgentsPageIsATelephone) {
    show(test_snapshot());
    const auto desk = live.join(page, anna());
    live.hear(desk, R"({"type":"phone_open"})", now);
    ASSERT_EQ(centre.phone_messages().size(), 1U);
    FakeSocket wallboard;
    const auto board = live.join(wallboard, boss());
    live.hear(board, R"({"type":"phone_open"})", now);
    EXPECT_TRUE(wallboard.last_has(R"("code":"no_desk")"));
    live.leave(desk, now);
    ASSERT_EQ(centre.phone_messages().size(), 2U);
    EXPECT_EQ(centre.phone_messages().back().second,
              ports::PhoneMessage(ports::PhoneClosed{false}));
}

TEST_F(LiveTest, APageThatTalksTooMuchIsClosed) {
    show(test_snapshot());
    const auto desk = live.join(page, anna());
    for (std::size_t i = 0; i < Live::kTextsPerSecond; ++i) {
        live.hear(desk, "nonsense", now);
    }
    EXPECT_EQ(page.closed, 0);
    live.hear(desk, "nonsense", now);
    EXPECT_EQ(page.closed, kClosePolicy);
}

}  // namespace
}  // namespace lanze::api
