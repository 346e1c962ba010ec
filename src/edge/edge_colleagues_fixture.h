// EdgeColleaguesTest: an edge with four agents at telephones or pages, and what each of them hears.
#pragma once

#include <map>

#include "edge/edge_fixture.h"

namespace lanze::edge {

using ports::Sound;

// anna has the bank's callers; ben, cleo and dora help. anna and ben can be at their pages.
class EdgeColleaguesTest : public EdgeTest {
protected:
    static constexpr const char* kBen = "127.0.0.4:5060";
    static constexpr const char* kCleo = "127.0.0.5:5060";
    static constexpr core::AgentId kAnnaId{1};
    static constexpr core::AgentId kBenId{2};
    static constexpr core::AgentId kCleoId{3};

    EdgeColleaguesTest() { open(colleagues_settings(), colleagues_config()); }

    static core::Config colleagues_config() {
        core::Config config = core_config();
        config.agents[0].skills = {{"bank", 1}};
        for (const std::string name : {"ben", "cleo", "dora"}) {
            core::AgentConfig agent = config.agents[0];
            agent.name = name;
            agent.skills = {{"travel", 1}};
            config.agents.push_back(agent);
        }
        return config;
    }
    static Settings colleagues_settings() {
        Settings with = settings();
        int host = 4;
        for (const std::string name : {"ben", "cleo", "dora"}) {
            Phone phone = with.phones[0];
            phone.agent = name;
            phone.address = sip::Uri::parse("sip:" + name + "@127.0.0." + std::to_string(host++));
            with.phones.push_back(phone);
        }
        return with;
    }

    // The phone at `host` answers our INVITE.
    void answer(const char* host, const sip::Message& invite, int status = 200) {
        const std::string tag = "t" + at(host).address.to_string();
        sip::Message response = sip::make_response(invite, status, {}, tag);
        response.contacts = {*sip::NameAddress::parse(std::string("<sip:x@") + host + ">")};
        if (status == 200) {
            response.content_type = "application/sdp";
            response.body = sdp(host, 32000, sip::Direction::sendrecv);
        }
        send(response, host);
        settle();
    }
    // A request of the phone's in the dialog of our INVITE.
    void request_from(const char* host, const sip::Message& invite, const std::string& method,
                      std::uint32_t cseq = 1, const std::string& body = {}) {
        sip::Message message = request(method, "x", host);
        message.uri = invite.contacts.at(0).uri;
        message.from = invite.to;
        const bool is_anna = std::string(host) == kAnna;
        sip::set_parameter(message.from.parameters, "tag",
                           is_anna ? "anna" : "t" + at(host).address.to_string());
        message.to = invite.from;
        message.call_id = invite.call_id;
        message.cseq = {cseq, method};
        if (!body.empty()) {
            message.content_type = "application/sdp";
            message.body = body;
        }
        send(message, host);
        settle();
    }

    void start() {
        talk_ = talk();
        contact_ = core::contact_of(anna());
        anna_leg_ = opened(0);  // called before the caller's own leg is opened
        caller_leg_ = opened(1);
    }
    // The leg that was opened as the nth.
    LegId opened(std::size_t nth) const {
        for (const ports::MediaOrder& order : orders_) {
            const auto* open = std::get_if<ports::OpenLeg>(&order);
            if (open != nullptr && nth-- == 0) {
                return open->leg;
            }
        }
        ADD_FAILURE() << "so many legs were not opened";
        return {};
    }
    LegId newest() const { return opened(count_orders<ports::OpenLeg>() - 1); }

    core::ContactId consult(core::AgentId agent = {}) {
        const core::Consult command{contact_, floor_->queue_by_name("travel"), agent};
        EXPECT_FALSE(edge_->command(command, now_));
        settle();
        return floor_->consultations_of(contact_).back();
    }
    // anna asks ben, who answers at his phone.
    core::ContactId consult_ben() {
        const core::ContactId consultation = consult(kBenId);
        ben_invite_ = take(kBen, "INVITE");
        answer(kBen, ben_invite_);
        take(kBen, "ACK");
        ben_leg_ = newest();
        return consultation;
    }
    void command(const core::Command& command) {
        EXPECT_FALSE(edge_->command(command, now_));
        settle();
    }

    // By the orders so far, as the media understands them: with whom a leg is, or what it hears.
    struct Heard {
        std::vector<LegId> with;
        std::optional<Sound> sound;
    };
    std::map<LegId, Heard> heard() const {
        std::map<LegId, Heard> all;
        const auto part = [&](LegId leg) {
            const std::vector<LegId> with = std::exchange(all[leg].with, {});
            for (const LegId other : with) {
                std::erase(all[other].with, leg);
                if (all[other].with.size() < 2) {
                    all[other].with.clear();
                }
            }
            all[leg].sound.reset();
        };
        const auto join = [&](const std::vector<LegId>& legs) {
            for (const LegId leg : legs) {
                part(leg);
            }
            for (const LegId leg : legs) {
                all[leg].with = legs;
            }
        };
        for (const ports::MediaOrder& order : orders_) {
            if (const auto* bridge = std::get_if<ports::Bridge>(&order)) {
                join({bridge->a, bridge->b});
            } else if (const auto* confer = std::get_if<ports::Confer>(&order)) {
                join(confer->legs);
            } else if (const auto* unbridge = std::get_if<ports::Unbridge>(&order)) {
                part(unbridge->a);
                part(unbridge->b);
            } else if (const auto* play = std::get_if<ports::Play>(&order)) {
                part(play->leg);
                all[play->leg].sound = play->sound;
            } else if (const auto* close = std::get_if<ports::CloseLeg>(&order)) {
                part(close->leg);
                all.erase(close->leg);
            }
        }
        return all;
    }
    void expect_together(std::vector<LegId> legs) {
        std::ranges::sort(legs);
        for (const LegId leg : legs) {
            std::vector<LegId> with = heard()[leg].with;
            std::ranges::sort(with);
            EXPECT_EQ(with, legs) << "leg " << leg.value();
        }
        for (const auto& [leg, what] : heard()) {
            const bool is_one = std::ranges::find(legs, leg) != legs.end();
            const bool hears_one = std::ranges::any_of(what.with, [&](LegId other) {
                return std::ranges::find(legs, other) != legs.end();
            });
            EXPECT_TRUE(is_one || !hears_one) << "leg " << leg.value() << " listens";
        }
    }
    void expect_hears(LegId leg, Sound sound) {
        EXPECT_TRUE(heard()[leg].with.empty());
        EXPECT_EQ(heard()[leg].sound, sound);
    }
    bool is_on_hold(core::ContactId contact) const {
        return std::get<core::Connected>(floor_->find_contact(contact)->state).is_on_hold;
    }
    const core::Agent& agent(core::AgentId id) const { return *floor_->find_agent(id); }
    // The caller hangs up, and nothing is left of anything.
    void caller_hangs_up() {
        send(inside("BYE", talk_.caller_invite, talk_.caller_ok, 2), kCaller);
        settle();
        take(kCaller, "200");
        expect_all_over();
    }
    void expect_all_over() {
        EXPECT_TRUE(floor_->contacts().empty());
        for (const core::AgentId id : {kAnnaId, kBenId, kCleoId}) {
            EXPECT_TRUE(agent(id).is_ready()) << id.value();
        }
        std::size_t open = count_orders<ports::OpenLeg>() - count_orders<ports::CloseLeg>();
        EXPECT_EQ(open, edge_->leg_count());  // at most one that awaits the answer to CANCEL
    }

    Talk talk_;
    core::ContactId contact_;
    LegId caller_leg_;
    LegId anna_leg_;
    LegId ben_leg_;
    sip::Message ben_invite_;
};

// anna and ben at their pages, where legs come and go with the page.
class EdgeColleaguesWebTest : public EdgeColleaguesTest {
protected:
    PhoneRefused say(core::AgentId agent, const ports::PhoneMessage& message) {
        auto refused = edge_->phone(agent, message, now_);
        settle();
        return refused;
    }
    LegId offered(core::AgentId agent) {
        LegId leg;
        for (const SendNews& news : edge_->take_phone_news()) {
            const auto* offer = std::get_if<ports::PhoneOffer>(&news.news);
            leg = offer != nullptr && news.agent == agent ? offer->leg : leg;
        }
        EXPECT_TRUE(leg.is_set());
        return leg;
    }
    LegId take_call(core::AgentId agent) {
        const LegId leg = offered(agent);
        EXPECT_FALSE(say(agent, ports::PhoneDescribed{leg, web_answer()}));
        EXPECT_FALSE(say(agent, ports::PhoneAnswered{leg}));
        return leg;
    }
    void start_at_pages() {
        say(kAnnaId, ports::PhoneOpened{});
        say(kBenId, ports::PhoneOpened{});
        talk_.caller_invite = invite("bank");
        send(talk_.caller_invite, kCaller);
        settle();
        talk_.caller_ok = take(kCaller, "200");
        send(inside("ACK", talk_.caller_invite, talk_.caller_ok, 1), kCaller);
        anna_leg_ = take_call(kAnnaId);
        contact_ = core::contact_of(anna());
        caller_leg_ = opened(0) == anna_leg_ ? opened(1) : opened(0);
    }
    core::ContactId consult_ben_at_his_page() {
        const core::ContactId consultation = consult(kBenId);
        ben_leg_ = take_call(kBenId);
        return consultation;
    }
};

}  // namespace lanze::edge
