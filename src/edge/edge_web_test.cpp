#include "edge/edge_fixture.h"

namespace lanze::edge {
namespace {

// anna's telephone is a page; her SIP phone stands beside it.
class EdgeWebTest : public EdgeTest {
protected:
    static std::string answer(const std::string& codecs = "8 0 101") { return web_answer(codecs); }

    PhoneRefused say(const ports::PhoneMessage& message) {
        auto refused = edge_->phone(core::AgentId{1}, message, now_);
        settle();
        for (SendNews& news : edge_->take_phone_news()) {
            EXPECT_EQ(news.agent, core::AgentId{1});
            news_.push_back(std::move(news.news));
        }
        return refused;
    }

    void listen() {
        settle();
        for (SendNews& news : edge_->take_phone_news()) {
            news_.push_back(std::move(news.news));
        }
    }

    // The oldest news of that kind.
    template <typename News>
    News take_news() {
        listen();
        for (auto place = news_.begin(); place != news_.end(); ++place) {
            if (const auto* found = std::get_if<News>(&*place)) {
                News copy = *found;
                news_.erase(place);
                return copy;
            }
        }
        ADD_FAILURE() << "no such news";
        return {};
    }

    template <typename News>
    bool has_news() {
        listen();
        return std::any_of(news_.begin(), news_.end(), [](const ports::PhoneNews& news) {
            return std::holds_alternative<News>(news);
        });
    }

    sip::Message call() {
        sip::Message call = invite("bank");
        send(call, kCaller);
        settle();
        caller_ok_ = take(kCaller, "200");
        send(inside("ACK", call, caller_ok_, 1), kCaller);
        return call;
    }

    // A caller and anna at her page talk.
    ports::LegId talk_at_page() {
        say(ports::PhoneOpened{});
        caller_invite_ = call();
        const auto offer = take_news<ports::PhoneOffer>();
        EXPECT_FALSE(say(ports::PhoneDescribed{offer.leg, answer()}));
        EXPECT_FALSE(say(ports::PhoneAnswered{offer.leg}));
        EXPECT_TRUE(is_talking());
        return offer.leg;
    }

    bool plays(ports::Sound sound) const {
        const auto last =
            std::find_if(orders_.rbegin(), orders_.rend(), [](const ports::MediaOrder& order) {
                return std::holds_alternative<ports::Play>(order);
            });
        return last != orders_.rend() && std::get<ports::Play>(*last).sound == sound;
    }

    std::vector<ports::PhoneNews> news_;
    sip::Message caller_invite_;
    sip::Message caller_ok_;
};

TEST_F(EdgeWebTest, the_page_is_called_and_takes_the_call) {
    EXPECT_FALSE(say(ports::PhoneOpened{}));
    EXPECT_TRUE(take_news<ports::PhoneReady>().legs.empty());
    const sip::Message caller = call();
    EXPECT_FALSE(has_sent(kAnna, "INVITE"));
    const auto offer = take_news<ports::PhoneOffer>();
    EXPECT_FALSE(offer.is_answered);
    EXPECT_TRUE(offer.contact.is_set());
    EXPECT_NE(offer.sdp.find("a=ice-lite"), std::string::npos);
    ASSERT_TRUE(say(ports::PhoneAnswered{offer.leg}));  // no audio yet
    EXPECT_FALSE(say(ports::PhoneDescribed{offer.leg, answer()}));
    EXPECT_EQ(count_orders<ports::SecureLeg>(), 1U);
    const auto remote = std::find_if(orders_.begin(), orders_.end(), [&](const auto& order) {
        const auto* set = std::get_if<ports::SetRemote>(&order);
        return set != nullptr && set->leg == offer.leg;
    });
    ASSERT_NE(remote, orders_.end());
    EXPECT_TRUE(std::get<ports::SetRemote>(*remote).may_send);
    EXPECT_EQ(count_orders<ports::Bridge>(), 0U);
    EXPECT_FALSE(say(ports::PhoneAnswered{offer.leg}));
    EXPECT_TRUE(is_talking());
    EXPECT_EQ(count_orders<ports::Bridge>(), 1U);
    send(inside("BYE", caller, caller_ok_, 2), kCaller);
    settle();
    EXPECT_EQ(take_news<ports::PhoneOver>().leg, offer.leg);
    expect_quiet();
}

TEST_F(EdgeWebTest, the_page_is_offered_opus_beside_what_the_caller_talks) {
    say(ports::PhoneOpened{});
    call();
    const auto offer = take_news<ports::PhoneOffer>();
    EXPECT_NE(offer.sdp.find("SAVPF 111 8 0 101 110\r\n"), std::string::npos) << offer.sdp;
    const std::string opus = "a=rtpmap:111 opus/48000/2\r\na=rtpmap:110 telephone-event/48000\r\n";
    EXPECT_FALSE(say(ports::PhoneDescribed{offer.leg, answer("111 8 0 101 110") + opus}));
    const auto remote = std::find_if(orders_.begin(), orders_.end(), [&](const auto& order) {
        const auto* set = std::get_if<ports::SetRemote>(&order);
        return set != nullptr && set->leg == offer.leg;
    });
    ASSERT_NE(remote, orders_.end());
    EXPECT_EQ(std::get<ports::SetRemote>(*remote).codec, ports::G711::a_law);
    EXPECT_EQ(std::get<ports::SetRemote>(*remote).opus, (ports::OpusPayloads{111, 111, 110, 110}));
}

TEST_F(EdgeWebTest, without_opus_the_page_is_offered_g711_alone) {
    Settings without = settings();
    without.web_opus = false;
    open(without);
    say(ports::PhoneOpened{});
    call();
    const auto offer = take_news<ports::PhoneOffer>();
    EXPECT_NE(offer.sdp.find("SAVPF 8 0 101\r\n"), std::string::npos) << offer.sdp;
    EXPECT_FALSE(say(ports::PhoneDescribed{offer.leg, answer()}));
    const auto& remote = std::get<ports::SetRemote>(
        *std::find_if(orders_.begin(), orders_.end(), [&](const auto& order) {
            return std::holds_alternative<ports::SetRemote>(order) &&
                   std::get<ports::SetRemote>(order).leg == offer.leg;
        }));
    EXPECT_EQ(remote.opus, ports::OpusPayloads{});
}

TEST_F(EdgeWebTest, a_caller_who_hangs_up_ends_the_ringing) {
    say(ports::PhoneOpened{});
    const sip::Message caller = call();
    const auto offer = take_news<ports::PhoneOffer>();
    send(inside("BYE", caller, caller_ok_, 2), kCaller);
    settle();
    EXPECT_EQ(take_news<ports::PhoneOver>().leg, offer.leg);
    EXPECT_TRUE(say(ports::PhoneAnswered{offer.leg}));  // crossed
    expect_quiet();
}

TEST_F(EdgeWebTest, the_desk_hangs_up_and_rejects) {
    talk_at_page();
    EXPECT_FALSE(edge_->hang_up(core::AgentId{1}, {}, now_));
    settle();
    take(kCaller, "BYE");
    take_news<ports::PhoneOver>();
    call();
    take_news<ports::PhoneOffer>();
    EXPECT_FALSE(edge_->reject(core::AgentId{1}, {}, now_));
    take_news<ports::PhoneOver>();
}

TEST_F(EdgeWebTest, hold_plays_music_and_resume_connects) {
    const ports::LegId leg = talk_at_page();
    EXPECT_FALSE(say(ports::PhoneHeld{leg, true}));
    EXPECT_TRUE(plays(ports::Sound::waiting_music));
    EXPECT_EQ(count_orders<ports::Unbridge>(), 1U);
    EXPECT_FALSE(say(ports::PhoneHeld{leg, false}));
    EXPECT_EQ(count_orders<ports::Bridge>(), 2U);
}

TEST_F(EdgeWebTest, a_reload_keeps_the_call) {
    const ports::LegId leg = talk_at_page();
    say(ports::PhoneClosed{});
    EXPECT_TRUE(plays(ports::Sound::right_back));
    EXPECT_TRUE(is_talking());
    pass(seconds(2));
    say(ports::PhoneOpened{});
    EXPECT_EQ(take_news<ports::PhoneReady>().legs, std::vector<ports::LegId>{});  // the first one
    EXPECT_EQ(take_news<ports::PhoneReady>().legs, std::vector{leg});
    const auto offer = take_news<ports::PhoneOffer>();
    EXPECT_TRUE(offer.is_answered);
    EXPECT_EQ(offer.leg, leg);
    EXPECT_EQ(count_orders<ports::Bridge>(), 1U);
    EXPECT_FALSE(say(ports::PhoneDescribed{leg, answer()}));
    EXPECT_EQ(count_orders<ports::SecureLeg>(), 2U);
    EXPECT_EQ(count_orders<ports::Bridge>(), 2U);
    pass(minutes(1));
    EXPECT_TRUE(is_talking());
}

TEST_F(EdgeWebTest, a_reload_while_on_hold_stays_on_hold) {
    const ports::LegId leg = talk_at_page();
    say(ports::PhoneHeld{leg, true});
    say(ports::PhoneClosed{});
    say(ports::PhoneOpened{});
    EXPECT_TRUE(take_news<ports::PhoneOffer>().is_held);
    say(ports::PhoneDescribed{leg, answer()});
    EXPECT_TRUE(plays(ports::Sound::waiting_music));
    EXPECT_EQ(count_orders<ports::Bridge>(), 1U);
}

TEST_F(EdgeWebTest, who_waits_for_a_page_in_vain_goes_to_the_head_of_the_queue) {
    // The phone beside it is not there either.
    Settings with = settings();
    with.phones[0].address.reset();
    open(with);
    talk_at_page();
    const core::ContactId before = core::contact_of(anna());
    say(ports::PhoneClosed{});
    pass(settings().web_away_max - milliseconds(1));
    EXPECT_TRUE(is_talking());
    send(invite("bank"), kCaller);  // somebody else, not overdue yet
    settle();
    pass(milliseconds(1));
    EXPECT_FALSE(is_talking());
    EXPECT_EQ(floor_->find_contact(before), nullptr);
    EXPECT_FALSE(anna().is_reachable);
    pass(seconds(31));
    EXPECT_FALSE(anna().is_reachable);  // nothing makes a phone of nothing
    ASSERT_EQ(floor_->contacts().size(), 2U);
    const bool goes_first =
        std::any_of(floor_->contacts().begin(), floor_->contacts().end(), [](const auto& entry) {
            return entry.second.priority == 1 &&
                   std::holds_alternative<core::Waiting>(entry.second.state);
        });
    EXPECT_TRUE(goes_first);
    say(ports::PhoneOpened{});
    EXPECT_TRUE(anna().is_reachable);
    EXPECT_TRUE(core::contact_of(anna()).is_set());
}

TEST_F(EdgeWebTest, a_page_that_does_not_answer_is_not_the_agents_miss) {
    say(ports::PhoneOpened{});
    call();
    take_news<ports::PhoneOffer>();
    pass(seconds(3));
    EXPECT_FALSE(core::contact_of(anna()).is_set());
    EXPECT_FALSE(anna().is_reachable);
    pass(seconds(31));
    EXPECT_TRUE(anna().is_reachable);
}

TEST_F(EdgeWebTest, without_the_page_the_sip_phone_rings_again) {
    say(ports::PhoneOpened{});
    say(ports::PhoneClosed{true});
    EXPECT_TRUE(anna().is_reachable);
    call();
    take(kAnna, "INVITE");
}

TEST_F(EdgeWebTest, a_page_that_is_not_understood_is_told) {
    say(ports::PhoneOpened{});
    call();
    const auto offer = take_news<ports::PhoneOffer>();
    const auto refused = say(ports::PhoneDescribed{offer.leg, "v=0\r\nnonsense"});
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->code, "bad_description");
    EXPECT_EQ(take_news<ports::PhoneOver>().reason, ports::PhoneOverReason::not_understood);
    EXPECT_EQ(count_orders<ports::SecureLeg>(), 0U);
}

TEST_F(EdgeWebTest, other_codecs_are_refused) {
    say(ports::PhoneOpened{});
    call();
    const auto offer = take_news<ports::PhoneOffer>();
    EXPECT_TRUE(say(ports::PhoneDescribed{offer.leg, answer("9 101")}));
}

TEST_F(EdgeWebTest, another_agent_cannot_speak_for_the_leg) {
    const ports::LegId leg = talk_at_page();
    EXPECT_TRUE(edge_->phone(core::AgentId{2}, ports::PhoneHeld{leg, true}, now_));
    EXPECT_TRUE(edge_->phone(core::AgentId{2}, ports::PhoneDescribed{leg, answer()}, now_));
    settle();
    EXPECT_EQ(count_orders<ports::Unbridge>(), 0U);
    EXPECT_EQ(count_orders<ports::SecureLeg>(), 1U);
}

TEST_F(EdgeWebTest, a_test_lets_the_agent_hear_himself_until_a_call_comes) {
    EXPECT_TRUE(say(ports::PhoneTest{true}));  // no telephone here
    say(ports::PhoneOpened{});
    EXPECT_FALSE(say(ports::PhoneTest{true}));
    const auto test = take_news<ports::PhoneOffer>();
    EXPECT_FALSE(test.contact.is_set());
    EXPECT_FALSE(say(ports::PhoneDescribed{test.leg, answer()}));
    ASSERT_EQ(count_orders<ports::Bridge>(), 1U);
    call();
    EXPECT_EQ(take_news<ports::PhoneOver>().leg, test.leg);
    EXPECT_TRUE(take_news<ports::PhoneOffer>().contact.is_set());
    EXPECT_TRUE(say(ports::PhoneTest{true}));  // not while a call rings
}

TEST_F(EdgeWebTest, a_test_ends_by_itself) {
    say(ports::PhoneOpened{});
    say(ports::PhoneTest{true});
    pass(minutes(1));
    EXPECT_TRUE(has_news<ports::PhoneOver>());
    expect_quiet();
}

TEST_F(EdgeWebTest, a_page_that_is_back_but_takes_nothing_up_gives_the_caller_back) {
    const ports::LegId leg = talk_at_page();
    const core::ContactId before = core::contact_of(anna());
    say(ports::PhoneClosed{});
    say(ports::PhoneOpened{});
    say(ports::PhoneDescribed{leg, "nonsense"});
    pass(settings().web_away_max);
    EXPECT_EQ(floor_->find_contact(before), nullptr);
    EXPECT_EQ(floor_->contacts().size(), 1U);
    EXPECT_TRUE(anna().is_reachable);  // the page is there
}

TEST_F(EdgeWebTest, a_caller_who_is_back_before_the_page_hears_of_it) {
    const ports::LegId leg = talk_at_page();
    sip::Message hold = inside("INVITE", caller_invite_, caller_ok_, 2);
    hold.content_type = "application/sdp";
    hold.body = sdp(kCaller, 30000, sip::Direction::sendonly);
    send(hold, kCaller);
    settle();
    say(ports::PhoneClosed{});
    sip::Message resume = inside("INVITE", caller_invite_, caller_ok_, 3);
    resume.content_type = "application/sdp";
    resume.body = sdp(kCaller, 30000, sip::Direction::sendrecv);
    send(inside("ACK", caller_invite_, caller_ok_, 2), kCaller);
    send(resume, kCaller);
    settle();
    EXPECT_EQ(count_orders<ports::Bridge>(), 1U);  // nobody is there to talk to
    say(ports::PhoneOpened{});
    say(ports::PhoneDescribed{leg, answer()});
    EXPECT_EQ(count_orders<ports::Bridge>(), 2U);
    const auto& talk =
        std::get<core::Connected>(floor_->find_contact(core::contact_of(anna()))->state);
    EXPECT_FALSE(talk.is_on_hold);
}

TEST_F(EdgeWebTest, another_configuration_does_not_take_the_page_away) {
    say(ports::PhoneOpened{});
    call();
    take_news<ports::PhoneOffer>();
    pass(seconds(3));  // the page was slow once
    EXPECT_FALSE(anna().is_reachable);
    Settings next = settings();
    next.phones.clear();
    ASSERT_TRUE(edge_->configure(next, core_config(), now_));
    settle();
    pass(seconds(31));
    EXPECT_TRUE(anna().is_reachable);
}

TEST_F(EdgeWebTest, who_has_no_phone_is_not_reachable) {
    Settings next = settings();
    next.phones.clear();
    ASSERT_TRUE(edge_->configure(next, core_config(), now_));
    settle();
    EXPECT_FALSE(anna().is_reachable);
}

TEST_F(EdgeWebTest, a_page_given_up_while_it_rings_leaves_the_other_phone) {
    say(ports::PhoneOpened{});
    call();
    take_news<ports::PhoneOffer>();
    say(ports::PhoneClosed{true});
    EXPECT_TRUE(anna().is_reachable);
}

TEST_F(EdgeWebTest, tests_do_not_use_up_the_ports) {
    say(ports::PhoneOpened{});
    EXPECT_FALSE(say(ports::PhoneTest{true}));
    const auto refused = say(ports::PhoneTest{true});
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->code, "too_soon");
    pass(seconds(2));
    EXPECT_FALSE(say(ports::PhoneTest{true}));
}

TEST_F(EdgeWebTest, who_leaves_with_another_configuration_keeps_the_call) {
    const ports::LegId leg = talk_at_page();
    core::Config config = core_config();
    config.agents[0].name = "ben";
    Settings next = settings();
    next.phones.clear();
    ASSERT_TRUE(edge_->configure(next, config, now_));
    settle();
    EXPECT_TRUE(anna().is_retired);
    say(ports::PhoneClosed{});
    EXPECT_TRUE(plays(ports::Sound::right_back));
    EXPECT_FALSE(say(ports::PhoneOpened{}));
    EXPECT_FALSE(say(ports::PhoneDescribed{leg, answer()}));
    EXPECT_EQ(count_orders<ports::Bridge>(), 2U);
    send(inside("BYE", caller_invite_, caller_ok_, 2), kCaller);
    settle();
    say(ports::PhoneClosed{true});
    EXPECT_TRUE(say(ports::PhoneOpened{}));
    expect_quiet();
}

TEST_F(EdgeWebTest, closing_the_centre_ends_everything) {
    talk_at_page();
    edge_->cut_off_all(core::CutOffCause::centre_closed, now_);
    take_news<ports::PhoneOver>();
    take(kCaller, "BYE");
    expect_quiet();
}

}  // namespace
}  // namespace lanze::edge
