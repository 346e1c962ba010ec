// What a desk shows of its contact: to whom, and what he may write down.
#include "api/routes_fixture.h"

namespace lanze::api {
namespace {

class ContactRoutesTest : public RoutesTest {
protected:
    ContactRoutesTest() {
        context.screen_pops.of_centre = "https://crm.example/?n={caller}&q={queue}&c={contact}";
        context.remember_days = 30;
        context.read_memory = [this](core::ContactId id) {
            asked.push_back(id.value());
            ContactMemory memory{"asked for a card", {}};
            core::ContactRecord record;
            record.contact = core::ContactId{2};
            record.queue = core::QueueId{1};
            record.queued = record.ended = test_time() - hours(24);
            record.agent = core::AgentId{2};
            record.outcome = "solved";
            memory.earlier = {{record, "wants a letter"}};
            return memory;
        };
    }
    boost::json::value desk_of(const std::string& name, int contact) {
        const Response answer =
            read_as(name, "/api/v1/contacts/" + std::to_string(contact) + "/desk");
        EXPECT_EQ(answer.status, 200U) << answer.body;
        return boost::json::parse(answer.body);
    }
    void show(const ports::View& view) { live.apply(view, now); }

    std::vector<std::uint64_t> asked;
};

TEST_F(ContactRoutesTest, HisOwnContactIsShownWithWhatWasBefore) {
    ports::View view = test_changes();
    view.contacts = {contact_view(5, ports::ContactState::talking, 1)};
    view.contacts[0].answered = test_time() + seconds(9);
    view.contacts[0].chosen = ports::Chosen{ports::ChosenBy::longest_idle, 3};
    show(view);
    EXPECT_EQ(boost::json::serialize(desk_of("anna", 5)),
              R"({"contact":5,"queue":1,"caller":"+493012345",)"
              R"("queued":"2026-11-23T10:00:00.000000Z",)"
              R"("answered":"2026-11-23T10:00:09.000000Z",)"
              R"("chosen":{"by":"longest_idle","of":3},)"
              R"("screen_pop":"https://crm.example/?n=%2B493012345&q=bank&c=5",)"
              R"("remembered_days":30,"remark":"asked for a card",)"
              R"("earlier":[{"id":2,"queue":1,"queued":"2026-11-22T10:00:00.000000Z",)"
              R"("answered":null,"ended":"2026-11-22T10:00:00.000000Z","end":"finished",)"
              R"("outcome":"solved","remark":"wants a letter"}]})");
}

TEST_F(ContactRoutesTest, AQuestionAndANobodyHaveNoNumberToLookUp) {
    ports::View view = test_changes();
    view.contacts = {contact_view(5, ports::ContactState::talking, 1)};
    view.contacts[0].about = core::ContactId{4};
    show(view);
    EXPECT_TRUE(desk_of("anna", 5).at("screen_pop").is_null());
    view.contacts[0].about = {};
    view.contacts[0].caller = "Lena <web>";
    show(view);
    EXPECT_EQ(desk_of("anna", 5).at("screen_pop").as_string(),
              "https://crm.example/?n=&q=bank&c=5");
}

TEST_F(ContactRoutesTest, AChatInWrapUpIsHisToo) {
    ports::View view = test_changes();
    view.agents = {agent_view(1, "anna", ports::AgentState::ready)};
    view.agents[0].written = {
        {core::ContactId{5}, ports::AgentState::wrap_up, test_time(), {}, false}};
    view.contacts_gone = {core::ContactId{5}};
    show(view);
    EXPECT_EQ(desk_of("anna", 5).at("remark").as_string(), "asked for a card");
}

TEST_F(ContactRoutesTest, InWrapUpItIsShownThoughItIsOver) {
    ports::View view = test_changes();
    view.agents = {agent_view(1, "anna", ports::AgentState::wrap_up, 5)};
    view.contacts_gone = {core::ContactId{5}};
    show(view);
    EXPECT_EQ(desk_of("anna", 5).at("caller").as_string(), "+493012345");
    view.agents = {agent_view(1, "anna", ports::AgentState::ready)};
    view.contacts_gone = {};
    show(view);
    EXPECT_EQ(code_of(read_as("anna", "/api/v1/contacts/5/desk")), "not_your_contact");
}

TEST_F(ContactRoutesTest, AnotherAgentsContactIsRefusedAndThatIsOnRecord) {
    for (const std::string contact : {"5", "6", "999"}) {
        const Response refused = read_as("ben", "/api/v1/contacts/" + contact + "/desk");
        EXPECT_EQ(refused.status, 403U);
        EXPECT_EQ(code_of(refused), "not_your_contact");
        const Response unwritten =
            ask_as("ben", "PUT", "/api/v1/contacts/" + contact + "/remark", R"({"text":"x"})");
        EXPECT_EQ(code_of(unwritten), "not_your_contact");
    }
    EXPECT_TRUE(asked.empty());
    EXPECT_TRUE(centre.remarks().empty());
    const auto trail = people.audit_trail(1).value();
    EXPECT_EQ(trail.at(0).who, "ben");
    EXPECT_EQ(trail.at(0).what, "asked for contact 999, which is not his: refused");
}

TEST_F(ContactRoutesTest, SupervisorsSeeWhatTheySawAndPlannersNothing) {
    EXPECT_EQ(desk_of("admin", 5).at("remark").as_string(), "asked for a card");
    EXPECT_TRUE(desk_of("admin", 77).at("caller").is_null()) << "long over";
    ASSERT_TRUE(people.add_person({"pia", {.planner = true}, ""}, now));
    EXPECT_EQ(code_of(read_as("pia", "/api/v1/contacts/5/desk")), "not_your_contact");
    EXPECT_EQ(code_of(ask_as("admin", "PUT", "/api/v1/contacts/5/remark", R"({"text":"x"})")),
              "no_desk");
}

TEST_F(ContactRoutesTest, WhatHeWritesDownGoesToTheCentre) {
    const std::string address = "/api/v1/contacts/5/remark";
    EXPECT_EQ(ask_as("anna", "PUT", address, R"({"text":"will call back"})").status, 200U);
    ASSERT_EQ(centre.remarks().size(), 1U);
    EXPECT_EQ(centre.remarks()[0].agent, core::AgentId{1});
    EXPECT_EQ(centre.remarks()[0].contact, core::ContactId{5});
    EXPECT_EQ(centre.remarks()[0].text, "will call back");
    centre.refuse_next("not_your_contact");
    EXPECT_EQ(ask_as("anna", "PUT", address, R"({"text":""})").status, 409U)
        << "the contact ended meanwhile";
    for (const std::string& bad :
         {std::string("{}"), std::string("[]"), std::string(R"({"text":1})"),
          R"({"text":")" + std::string(4'001, 'x') + "\"}"}) {
        EXPECT_EQ(code_of(ask_as("anna", "PUT", address, bad)), "bad_remark");
    }
    EXPECT_EQ(
        ask_as("anna", "PUT", address, R"({"text":")" + std::string(4'000, 'x') + "\"}").status,
        200U);
}

TEST_F(ContactRoutesTest, HisDayIsToldToHimselfAlone) {
    ports::OwnDay day;
    day.since = test_time();
    day.handling = minutes(50);
    day.ready = minutes(10);
    day.handling_max = minutes(51);
    day.by_ceiling = {2, seconds(90), 0};
    day.breaks_taken = {{test_time(), std::nullopt}};
    day.wrap_ups = 3;
    centre.set_own_day(core::AgentId{1}, day);
    const Response answer = read_as("anna", "/api/v1/desk/day");
    ASSERT_EQ(answer.status, 200U);
    const auto body = boost::json::parse(answer.body);
    EXPECT_EQ(body.at("occupancy").at("handling_s").as_int64(), 3'000);
    EXPECT_EQ(body.at("occupancy").at("last_hour_max_s").as_int64(), 3'060);
    EXPECT_EQ(body.at("occupancy").at("withheld").at("times").as_int64(), 2);
    EXPECT_TRUE(body.at("breaks").at("taken").at(0).at("to").is_null());
    EXPECT_EQ(body.at("wrap_up").at("count").as_int64(), 3);
    EXPECT_TRUE(body.at("shift_end").is_null());
    EXPECT_EQ(code_of(read_as("admin", "/api/v1/desk/day")), "no_desk");
    EXPECT_EQ(read_as("ben", "/api/v1/desk/day").status, 404U);
}

}  // namespace
}  // namespace lanze::api
