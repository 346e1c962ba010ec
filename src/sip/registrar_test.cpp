#include "sip/registrar.h"

#include <gtest/gtest.h>

namespace lanze::sip {
namespace {

// Verbs of a phone that registers and of the clock.
class RegistrarTest : public testing::Test {
protected:
    RegistrarTest() { registrar_.configure({"anna", "ben"}); }

    Registrar::Outcome send(const std::vector<std::string>& contacts, const std::string& expires,
                            const std::string& name = "anna") {
        Message request;
        request.method = "REGISTER";
        request.uri = *Uri::parse("sip:lanze.example");
        request.from = *NameAddress::parse("<sip:" + name + "@lanze.example>;tag=f");
        request.to = *NameAddress::parse("<sip:" + name + "@lanze.example>");
        request.call_id = call_id_;
        request.cseq = {++cseq_, "REGISTER"};
        for (const std::string& contact : contacts) {
            if (contact == "*") {
                request.has_contact_star = true;
            } else {
                request.contacts.push_back(*NameAddress::parse(contact));
            }
        }
        if (!expires.empty()) {
            request.set_header("Expires", expires);
        }
        if (!path_.empty()) {
            request.set_header("Path", path_);
        }
        return registrar_.receive(request, flow_, now_, "our-tag");
    }

    static std::string written(const std::vector<BindingChange>& changes) {
        std::string text;
        for (const BindingChange& change : changes) {
            text += (text.empty() ? "" : " ") + std::string(change.is_bound ? "+" : "-") +
                    change.binding.contact.to_string();
        }
        return text;
    }

    static std::string contacts_of(const Message& response) {
        std::string text;
        for (const NameAddress& contact : response.contacts) {
            text += (text.empty() ? "" : " ") + contact.to_string();
        }
        return text;
    }

    void pass(Duration time) { now_ += time; }

    Registrar registrar_;
    std::string call_id_ = "call-1";
    std::uint32_t cseq_ = 0;
    Flow flow_{Transport::udp, 0, 0, *Endpoint::parse("203.0.113.5:40000")};
    std::string path_;
    Time now_ = from_micros(1'000'000'000);
};

TEST_F(RegistrarTest, BindsRefreshesAndUnbinds) {
    auto outcome = send({"<sip:anna@10.0.0.5:5060>"}, "120");
    EXPECT_EQ(outcome.response.status, 200);
    EXPECT_EQ(outcome.response.to.tag(), "our-tag");
    EXPECT_EQ(contacts_of(outcome.response), "<sip:anna@10.0.0.5:5060>;expires=120");
    EXPECT_EQ(written(outcome.changes), "+sip:anna@10.0.0.5:5060");
    EXPECT_TRUE(registrar_.has_binding("anna"));

    pass(seconds(60));
    outcome = send({"<sip:anna@10.0.0.5:5060>;expires=300"}, "120");
    EXPECT_EQ(contacts_of(outcome.response), "<sip:anna@10.0.0.5:5060>;expires=300");
    EXPECT_EQ(registrar_.bindings("anna").size(), 1U);
    EXPECT_EQ(registrar_.next_deadline(), now_ + seconds(300));

    outcome = send({"<sip:anna@10.0.0.5:5060>"}, "0");
    EXPECT_EQ(outcome.response.status, 200);
    EXPECT_EQ(written(outcome.changes), "-sip:anna@10.0.0.5:5060");
    EXPECT_FALSE(registrar_.has_binding("anna"));
    EXPECT_EQ(registrar_.next_deadline(), std::nullopt);
}

TEST_F(RegistrarTest, RemembersTheWayTheRequestCame) {
    send({"<sip:anna@192.168.1.5:5060>"}, "120");
    const auto bindings = registrar_.bindings("anna");
    ASSERT_EQ(bindings.size(), 1U);
    EXPECT_EQ(bindings[0].flow, flow_);
}

TEST_F(RegistrarTest, TellsBindingsWithoutChangingThem) {
    send({"<sip:anna@10.0.0.5>"}, "120");
    pass(milliseconds(500));
    const auto outcome = send({}, "");
    EXPECT_EQ(contacts_of(outcome.response), "<sip:anna@10.0.0.5>;expires=120");
    EXPECT_TRUE(outcome.changes.empty());
}

TEST_F(RegistrarTest, KeepsIntervalsWithinItsBounds) {
    struct Case {
        const char* expires;
        int status;
        const char* granted;
    };
    for (const Case& test : std::vector<Case>{{"59", 423, ""},
                                              {"60", 200, "60"},
                                              {"3600", 200, "3600"},
                                              {"86400", 200, "3600"},
                                              {"", 200, "3600"},
                                              {"soon", 200, "3600"}}) {
        SCOPED_TRACE(test.expires);
        const auto outcome = send({"<sip:anna@10.0.0.5>"}, test.expires);
        EXPECT_EQ(outcome.response.status, test.status);
        if (test.status == 200) {
            EXPECT_EQ(find_parameter(outcome.response.contacts.at(0).parameters, "expires"),
                      test.granted);
        } else {
            EXPECT_EQ(outcome.response.header("Min-Expires"), "60");
            EXPECT_FALSE(registrar_.has_binding("anna"));
        }
    }
}

TEST_F(RegistrarTest, RefusesWhatIsOlderThanWhatItKnows) {
    cseq_ = 10;
    send({"<sip:anna@10.0.0.5>"}, "120");
    pass(seconds(1));
    cseq_ = 9;
    EXPECT_EQ(send({"<sip:anna@10.0.0.5>"}, "0").response.status, 500);
    EXPECT_EQ(send({"<sip:anna@10.0.0.5>"}, "0").response.status, 500);  // the same number
    EXPECT_EQ(send({"<sip:anna@10.0.0.6>", "<sip:anna@10.0.0.5>"}, "60").response.status, 200);
    cseq_ = 9;
    EXPECT_EQ(send({"*"}, "0").response.status, 500);
    EXPECT_EQ(registrar_.bindings("anna").size(), 2U);
    // A phone that restarted counts from the start under a new Call-ID.
    call_id_ = "call-2";
    cseq_ = 0;
    EXPECT_EQ(send({"<sip:anna@10.0.0.5>"}, "120").response.status, 200);
}

TEST_F(RegistrarTest, DoesAllOfARequestOrNothing) {
    const auto outcome =
        send({"<sip:anna@10.0.0.5>;expires=120", "<sip:anna@10.0.0.6>;expires=5"}, "");
    EXPECT_EQ(outcome.response.status, 423);
    EXPECT_TRUE(outcome.changes.empty());
    EXPECT_FALSE(registrar_.has_binding("anna"));
}

TEST_F(RegistrarTest, RemovesAllByStar) {
    send({"<sip:anna@10.0.0.5>", "<sip:anna@10.0.0.6>"}, "120");
    EXPECT_EQ(send({"*"}, "60").response.status, 400);
    EXPECT_EQ(send({"*"}, "").response.status, 400);
    EXPECT_EQ(send({"*", "<sip:anna@10.0.0.5>"}, "0").response.status, 400);
    const auto outcome = send({"*"}, "0");
    EXPECT_EQ(outcome.response.status, 200);
    EXPECT_EQ(outcome.changes.size(), 2U);
    EXPECT_FALSE(registrar_.has_binding("anna"));
}

TEST_F(RegistrarTest, LetsTheOldestPhoneGoAtItsLimit) {
    for (const char* host : {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"}) {
        send({"<sip:anna@" + std::string(host) + ">"}, "120");
        pass(seconds(1));
    }
    EXPECT_EQ(written(send({"<sip:anna@10.0.0.5>"}, "120").changes),
              "+sip:anna@10.0.0.5 -sip:anna@10.0.0.1");
    EXPECT_EQ(registrar_.bindings("anna").size(), 4U);
    EXPECT_EQ(registrar_.bindings("anna").front().contact.host, "10.0.0.5");
}

TEST_F(RegistrarTest, RefusesTooManyContactsAtOnceAndUnknownNames) {
    EXPECT_EQ(send({"<sip:a@h1>", "<sip:a@h2>", "<sip:a@h3>", "<sip:a@h4>", "<sip:a@h5>"}, "120")
                  .response.status,
              403);
    EXPECT_EQ(send({"<sip:carla@10.0.0.5>"}, "120", "carla").response.status, 404);
    EXPECT_EQ(registrar_.size(), 0U);
}

TEST_F(RegistrarTest, KnowsAPhoneAgainByItsInstance) {
    const std::string instance = ";+sip.instance=\"<urn:uuid:1>\";reg-id=1";
    send({"<sip:anna@10.0.0.5:40001>" + instance}, "120");
    send({"<sip:anna@10.0.0.5:40002>" + instance}, "120");
    const auto bindings = registrar_.bindings("anna");
    ASSERT_EQ(bindings.size(), 1U);
    EXPECT_EQ(bindings[0].contact.port, 40002);
}

TEST_F(RegistrarTest, ExpiresInOrderOfTime) {
    send({"<sip:anna@10.0.0.5>"}, "300");
    send({"<sip:anna@10.0.0.6>"}, "120");
    call_id_ = "other";
    send({"<sip:ben@10.0.0.7>"}, "180", "ben");
    EXPECT_EQ(registrar_.next_deadline(), now_ + seconds(120));
    pass(seconds(119));
    EXPECT_TRUE(registrar_.advance(now_).empty());
    pass(seconds(181));
    EXPECT_EQ(written(registrar_.advance(now_)),
              "-sip:anna@10.0.0.6 -sip:ben@10.0.0.7 -sip:anna@10.0.0.5");
    EXPECT_EQ(registrar_.size(), 0U);
}

TEST_F(RegistrarTest, UnbindsPhonesBehindNatWhenTheirConnectionEnds) {
    flow_ = {Transport::tcp, 0, 42, *Endpoint::parse("203.0.113.5:40000")};
    send({"<sip:anna@192.168.1.5>", "<sip:anna@203.0.113.5:5062>"}, "120");
    EXPECT_TRUE(registrar_.flow_ended({Transport::tcp, 0, 41, flow_.remote}).empty());
    EXPECT_EQ(written(registrar_.flow_ended(flow_)),
              "+sip:anna@203.0.113.5:5062 -sip:anna@192.168.1.5");
    const auto left = registrar_.bindings("anna");
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].flow.connection, 0U);
    EXPECT_EQ(left[0].flow.remote.to_string(), "203.0.113.5:5062");
    EXPECT_TRUE(registrar_.flow_ended(flow_).empty());
}

TEST_F(RegistrarTest, DropsBindingsOfNamesThatAreNoMore) {
    send({"<sip:anna@10.0.0.5>"}, "120");
    EXPECT_EQ(written(registrar_.configure({"ben"})), "-sip:anna@10.0.0.5");
    EXPECT_EQ(send({"<sip:anna@10.0.0.5>"}, "120").response.status, 404);
    EXPECT_EQ(registrar_.next_deadline(), std::nullopt);
}

TEST_F(RegistrarTest, KeepsThePathAndSaysSo) {
    path_ = "<sip:p2.example;lr>, <sip:p1.example;lr>";
    const auto outcome = send({"<sip:anna@10.0.0.5>"}, "120");
    EXPECT_EQ(outcome.response.header("Path"), path_);
    EXPECT_EQ(registrar_.bindings("anna").at(0).path.size(), 2U);
    path_ = "<sip:1>,<sip:2>,<sip:3>,<sip:4>,<sip:5>";
    EXPECT_EQ(send({"<sip:anna@10.0.0.5>"}, "120").response.status, 400);
}

TEST_F(RegistrarTest, IsRebuiltFromWhatWasWrittenDown) {
    ByteWriter writer;
    std::size_t count = 0;
    const auto write = [&](const std::vector<BindingChange>& changes) {
        for (const BindingChange& change : changes) {
            encode(writer, change);
            ++count;
        }
    };
    path_ = "<sip:p1.example;lr>";
    write(send({"<sip:anna@10.0.0.5>;+sip.instance=\"<urn:uuid:1>\";reg-id=1"}, "120").changes);
    write(send({"<sip:anna@10.0.0.6>"}, "120").changes);
    write(send({"<sip:anna@10.0.0.6>"}, "0").changes);
    Registrar restored;
    restored.configure({"anna"});
    ByteReader reader(writer.bytes());
    for (std::size_t i = 0; i < count; ++i) {
        const auto change = decode_binding_change(reader);
        ASSERT_TRUE(change);
        restored.restore(*change);
    }
    EXPECT_TRUE(reader.is_at_end());
    EXPECT_EQ(restored.bindings("anna"), registrar_.bindings("anna"));
    EXPECT_EQ(restored.next_deadline(), registrar_.next_deadline());
}

TEST_F(RegistrarTest, RestoresNoConnectionOfAnotherProcess) {
    flow_ = {Transport::tcp, 0, 42, *Endpoint::parse("203.0.113.5:40000")};
    const auto outcome = send({"<sip:anna@192.168.1.5>", "<sip:anna@203.0.113.5>"}, "120");
    Registrar restored;
    restored.configure({"anna"});
    for (const BindingChange& change : outcome.changes) {
        restored.restore(change);
    }
    const auto left = restored.bindings("anna");
    ASSERT_EQ(left.size(), 1U);
    EXPECT_EQ(left[0].flow.connection, 0U);
}

TEST(BindingNote, IsRefusedIfCutShort) {
    BindingChange change{"anna", {}, true};
    change.binding.contact = *Uri::parse("sip:anna@10.0.0.5");
    ByteWriter writer;
    encode(writer, change);
    for (std::size_t size = 0; size < writer.bytes().size(); ++size) {
        ByteReader reader(std::string_view(writer.bytes()).substr(0, size));
        EXPECT_FALSE(decode_binding_change(reader)) << size;
    }
    ByteReader reader(writer.bytes());
    EXPECT_EQ(decode_binding_change(reader), change);
}

// The examples of RFC 3261 §19.1.4 that our parser keeps apart.
TEST(SameAddress, FollowsTheRulesForUris) {
    struct Case {
        const char* a;
        const char* b;
        bool is_same;
    };
    for (const Case& test : std::vector<Case>{
             {"sip:alice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp", true},
             {"sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true},
             {"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5", true},
             {"sip:ALICE@AtLanTa.CoM", "sip:alice@AtLanTa.CoM", false},
             {"sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false},
             {"sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false},
             {"sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", false},
         }) {
        EXPECT_EQ(is_same_address(*Uri::parse(test.a), *Uri::parse(test.b)), test.is_same)
            << test.a << " " << test.b;
        EXPECT_EQ(is_same_address(*Uri::parse(test.b), *Uri::parse(test.a)), test.is_same);
    }
}

}  // namespace
}  // namespace lanze::sip
