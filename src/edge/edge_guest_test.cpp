#include "edge/edge_fixture.h"

namespace lanze::edge {
namespace {

using ports::GuestOverReason;
using ports::Sound;

constexpr ports::GuestId kGuest{1};
constexpr core::QueueId kBank{1};

// Frau Meyer calls `bank` from a web page; anna is at her SIP phone.
class EdgeGuestTest : public EdgeTest {
protected:
    void say(const ports::GuestMessage& message, ports::GuestId guest = kGuest) {
        edge_->guest(guest, message, now_);
        listen();
    }
    void listen() {
        settle();
        for (SendGuestNews& news : edge_->take_guest_news()) {
            news_.push_back(std::move(news.news));
        }
        for (SendNews& news : edge_->take_phone_news()) {
            anna_news_.push_back(std::move(news.news));
        }
    }

    template <typename News, typename List>
    static std::optional<News> find_news(List& list) {
        for (auto place = list.begin(); place != list.end(); ++place) {
            if (const auto* found = std::get_if<News>(&*place)) {
                News copy = *found;
                list.erase(place);
                return copy;
            }
        }
        return std::nullopt;
    }
    // The oldest news of that kind.
    template <typename News>
    News take_news() {
        listen();
        const auto found = find_news<News>(news_);
        EXPECT_TRUE(found) << "no such news";
        return found.value_or(News{});
    }
    template <typename News>
    bool has_news() {
        listen();
        return find_news<News>(news_).has_value();
    }
    void expect_over(GuestOverReason reason) {
        EXPECT_EQ(take_news<ports::GuestOver>().reason, reason);
        EXPECT_FALSE(has_news<ports::GuestOver>()) << "once";
        news_.clear();
        say(ports::PhoneClosed{false});  // what the page still says has no effect
        say(ports::PhoneOpened{});
        say(ports::PhoneBroken{leg_});
        EXPECT_TRUE(news_.empty());
    }

    // He waits and hears music.
    void call(const std::string& name = "Meyer") {
        say(ports::GuestCalls{kBank, core::Channel::voice, name});
        leg_ = take_news<ports::PhoneOffer>().leg;
        say(ports::PhoneDescribed{leg_, web_answer()});
    }
    void anna_takes_it() {
        const sip::Message invite = take(kAnna, "INVITE");
        anna_answers(invite, 200);
        take(kAnna, "ACK");
        anna_invite_ = invite;
        EXPECT_TRUE(is_talking());
        listen();
    }
    void anna_is_busy_with_another() {
        talk();
        orders_.clear();
    }

    template <typename Order>
    std::optional<Order> last_order(LegId leg) const {
        for (auto place = orders_.rbegin(); place != orders_.rend(); ++place) {
            const auto* order = std::get_if<Order>(&*place);
            if (order != nullptr && order->leg == leg) {
                return *order;
            }
        }
        return std::nullopt;
    }
    bool hears(LegId leg, Sound sound) const {
        const auto play = last_order<ports::Play>(leg);
        return play && play->sound == sound;
    }
    // As the last order of all says.
    bool is_bridged() const {
        for (auto place = orders_.rbegin(); place != orders_.rend(); ++place) {
            if (std::holds_alternative<ports::Bridge>(*place)) {
                return true;
            }
            if (std::holds_alternative<ports::Unbridge>(*place)) {
                return false;
            }
        }
        return false;
    }
    LegId agents_leg() const {
        for (auto place = orders_.rbegin(); place != orders_.rend(); ++place) {
            if (const auto* open = std::get_if<ports::OpenLeg>(&*place)) {
                return open->leg;
            }
        }
        return {};
    }
    std::vector<ports::GuestNews> news_;
    std::vector<ports::PhoneNews> anna_news_;
    LegId leg_;
    sip::Message anna_invite_;
};

TEST_F(EdgeGuestTest, a_guest_waits_talks_and_hangs_up) {
    say(ports::GuestCalls{kBank, core::Channel::voice, "Meyer"});
    const auto queued = take_news<ports::GuestQueued>();
    EXPECT_EQ(edge_->caller_text(queued.contact), "Meyer <web>");
    EXPECT_EQ(take_news<ports::PhoneReady>().legs.size(), 1U);
    const auto offer = take_news<ports::PhoneOffer>();
    EXPECT_FALSE(offer.contact.is_set());
    EXPECT_TRUE(offer.is_answered) << "nothing rings at a caller's";
    EXPECT_TRUE(hears(offer.leg, Sound::waiting_music));
    say(ports::PhoneDescribed{offer.leg, web_answer()});
    EXPECT_EQ(count_orders<ports::SecureLeg>(), 1U);
    anna_takes_it();
    EXPECT_TRUE(is_bridged());
    EXPECT_EQ(anna_invite_.from.display_name, "Meyer <web>");
    EXPECT_EQ(anna_invite_.from.uri.user, "web");
    say(ports::PhoneClosed{true});
    take(kAnna, "BYE");
    expect_over(GuestOverReason::hung_up);
    ASSERT_EQ(finished_.size(), 2U) << "with its quality then";
    EXPECT_EQ(finished_.back().end, core::ContactEnd::finished);
    EXPECT_EQ(finished_.back().by, core::EndedBy::caller);
    expect_quiet();
}

TEST_F(EdgeGuestTest, who_gives_no_name_is_from_the_web) {
    anna_is_busy_with_another();
    call("");
    EXPECT_EQ(edge_->caller_text(take_news<ports::GuestQueued>().contact), "web");
}

TEST_F(EdgeGuestTest, the_agent_hangs_up) {
    call();
    anna_takes_it();
    send(from_anna("BYE", anna_invite_, 2), kAnna);
    listen();
    expect_over(GuestOverReason::ended);
    expect_quiet();
}

TEST_F(EdgeGuestTest, reaches_queues_only_and_by_voice_or_chat) {
    say(ports::GuestCalls{core::QueueId{9}, core::Channel::voice, ""});
    expect_over(GuestOverReason::not_offered);
    say(ports::GuestCalls{kBank, core::Channel::outbound, ""});
    expect_over(GuestOverReason::not_offered);
    EXPECT_TRUE(orders_.empty());
    expect_quiet();
}

TEST_F(EdgeGuestTest, a_second_call_in_a_visit_has_no_effect) {
    call();
    say(ports::GuestCalls{kBank, core::Channel::voice, "again"});
    EXPECT_EQ(floor_->contacts().size(), 1U);
}

TEST_F(EdgeGuestTest, is_turned_away_when_the_centre_is_full) {
    edge_->set_overloaded(true);
    say(ports::GuestCalls{kBank, core::Channel::voice, ""});
    expect_over(GuestOverReason::busy);
    EXPECT_TRUE(orders_.empty()) << "no port is taken";
    expect_quiet();
}

TEST_F(EdgeGuestTest, is_turned_away_when_the_queue_is_full_or_closed) {
    core::Config config = core_config();
    config.queues[0].waiting_max = 0;
    config.agents[0].starts_ready = false;
    open(settings(), config);
    say(ports::GuestCalls{kBank, core::Channel::voice, ""});
    expect_over(GuestOverReason::queue_full);
    expect_quiet();
    open();
    EXPECT_FALSE(edge_->command(core::SetHours{kBank, {{now_ + hours(1), now_ + hours(2)}}}, now_));
    say(ports::GuestCalls{kBank, core::Channel::voice, ""}, ports::GuestId{2});
    EXPECT_EQ(take_news<ports::GuestOver>().reason, GuestOverReason::queue_closed);
    expect_quiet();
}

TEST_F(EdgeGuestTest, is_let_go_when_the_queue_closes) {
    core::Config config = core_config();
    config.queues[0].at_closing = core::AtClosing::end;
    config.agents[0].starts_ready = false;
    open(settings(), config);
    EXPECT_FALSE(edge_->command(core::SetHours{kBank, {{now_, now_ + minutes(1)}}}, now_));
    call();
    pass(minutes(2));
    expect_over(GuestOverReason::queue_closed);
    expect_quiet();
}

TEST_F(EdgeGuestTest, a_reload_while_waiting_keeps_the_place) {
    anna_is_busy_with_another();
    call();
    say(ports::PhoneClosed{false});
    EXPECT_EQ(last_order<ports::WatchSilence>(leg_)->silence, Duration::zero());
    pass(seconds(5));
    say(ports::PhoneOpened{});
    EXPECT_EQ(take_news<ports::PhoneReady>().legs, std::vector<LegId>{leg_});
    EXPECT_EQ(take_news<ports::PhoneOffer>().leg, leg_);
    say(ports::PhoneDescribed{leg_, web_answer()});
    EXPECT_TRUE(hears(leg_, Sound::waiting_music));
    pass(minutes(1));
    EXPECT_EQ(floor_->contacts().size(), 2U) << "still there";
}

TEST_F(EdgeGuestTest, a_reload_in_mid_call_keeps_the_call_and_the_agent_hears_so) {
    call();
    anna_takes_it();
    const LegId annas = agents_leg();
    say(ports::PhoneClosed{false});
    EXPECT_FALSE(is_bridged());
    EXPECT_TRUE(hears(annas, Sound::right_back));
    pass(seconds(3));
    say(ports::PhoneOpened{});
    say(ports::PhoneDescribed{take_news<ports::PhoneOffer>().leg, web_answer()});
    EXPECT_TRUE(is_bridged());
    pass(minutes(1));
    EXPECT_TRUE(is_talking());
}

TEST_F(EdgeGuestTest, a_page_that_opens_without_having_closed_is_a_new_one) {
    call();
    anna_takes_it();
    say(ports::PhoneOpened{});
    EXPECT_FALSE(is_bridged());
    say(ports::PhoneDescribed{take_news<ports::PhoneOffer>().leg, web_answer()});
    EXPECT_TRUE(is_bridged());
}

TEST_F(EdgeGuestTest, a_page_that_does_not_come_back_has_hung_up) {
    call();
    anna_takes_it();
    say(ports::PhoneClosed{false});
    pass(settings().guest_away_max - milliseconds(1));
    EXPECT_TRUE(is_talking());
    pass(milliseconds(1));
    take(kAnna, "BYE");
    expect_over(GuestOverReason::hung_up);
    EXPECT_EQ(finished_.back().by, core::EndedBy::caller);
    expect_quiet();
}

TEST_F(EdgeGuestTest, a_page_that_comes_back_without_audio_ends_the_call) {
    call();
    anna_takes_it();
    say(ports::PhoneClosed{false});
    say(ports::PhoneOpened{});
    pass(settings().guest_away_max);
    take(kAnna, "BYE");
    expect_over(GuestOverReason::no_audio);
    expect_quiet();
}

TEST_F(EdgeGuestTest, an_agent_who_answers_a_page_that_is_away_hears_so) {
    anna_is_busy_with_another();
    call();
    say(ports::PhoneClosed{false});
    EXPECT_FALSE(edge_->hang_up(core::AgentId{1}, {}, now_));
    listen();
    anna_takes_it();
    EXPECT_FALSE(is_bridged());
    EXPECT_TRUE(hears(agents_leg(), Sound::right_back));
    say(ports::PhoneOpened{});
    say(ports::PhoneDescribed{take_news<ports::PhoneOffer>().leg, web_answer()});
    EXPECT_TRUE(is_bridged());
}

TEST_F(EdgeGuestTest, a_leg_that_never_gets_audio_ends) {
    anna_is_busy_with_another();
    say(ports::GuestCalls{kBank, core::Channel::voice, ""});
    EXPECT_EQ(floor_->contacts().size(), 2U);
    pass(settings().guest_silence_max);
    EXPECT_EQ(take_news<ports::GuestOver>().reason, GuestOverReason::no_audio);
    EXPECT_EQ(floor_->contacts().size(), 1U);
}

TEST_F(EdgeGuestTest, a_browser_from_which_nothing_is_heard_is_watched_from_the_start) {
    call();
    const auto watch = last_order<ports::WatchSilence>(leg_);
    ASSERT_TRUE(watch);
    EXPECT_EQ(watch->silence, settings().guest_silence_max);
    EXPECT_TRUE(watch->from_now);
    edge_->report(ports::LegSilent{leg_}, now_);
    expect_over(GuestOverReason::no_audio);
    pass(minutes(1));
    anna_answers(take(kAnna, "INVITE"), 487);
    expect_quiet();
}

TEST_F(EdgeGuestTest, a_description_that_makes_no_sense_ends_the_call) {
    say(ports::GuestCalls{kBank, core::Channel::voice, ""});
    say(ports::PhoneDescribed{take_news<ports::PhoneOffer>().leg, "v=0"});
    EXPECT_EQ(take_news<ports::PhoneOver>().reason, ports::PhoneOverReason::not_understood);
    EXPECT_EQ(take_news<ports::PhoneRefusal>().code, "bad_description");
    EXPECT_EQ(take_news<ports::GuestOver>().reason, GuestOverReason::no_audio);
}

TEST_F(EdgeGuestTest, nobody_speaks_for_another_guest) {
    call();
    const std::size_t secured = count_orders<ports::SecureLeg>();
    const ports::GuestId other{2};
    say(ports::PhoneDescribed{leg_, web_answer()}, other);
    say(ports::PhoneClosed{true}, other);
    EXPECT_EQ(count_orders<ports::SecureLeg>(), secured);
    EXPECT_EQ(floor_->contacts().size(), 1U);
    say(ports::PhoneDescribed{agents_leg(), web_answer()});
    EXPECT_EQ(count_orders<ports::SecureLeg>(), secured) << "nor for an agent";
}

TEST_F(EdgeGuestTest, broken_audio_is_offered_anew) {
    call();
    anna_takes_it();
    say(ports::PhoneBroken{leg_});
    EXPECT_EQ(take_news<ports::PhoneOffer>().leg, leg_);
    say(ports::PhoneDescribed{leg_, web_answer()});
    EXPECT_TRUE(is_bridged());
}

TEST_F(EdgeGuestTest, a_held_guest_hears_music_also_after_a_reload) {
    call();
    anna_takes_it();
    const auto hold = [&](sip::Direction direction, std::uint32_t cseq) {
        sip::Message reinvite = from_anna("INVITE", anna_invite_, cseq);
        reinvite.content_type = "application/sdp";
        reinvite.body = sdp(kAnna, 31000, direction);
        send(reinvite, kAnna);
        settle();
        send(from_anna("ACK", anna_invite_, cseq), kAnna);
        listen();
    };
    hold(sip::Direction::sendonly, 2);
    EXPECT_TRUE(hears(leg_, Sound::waiting_music));
    say(ports::PhoneClosed{false});
    orders_.clear();
    say(ports::PhoneOpened{});
    say(ports::PhoneDescribed{take_news<ports::PhoneOffer>().leg, web_answer()});
    EXPECT_TRUE(hears(leg_, Sound::waiting_music));
    hold(sip::Direction::sendrecv, 3);
    EXPECT_TRUE(is_bridged());
}

TEST_F(EdgeGuestTest, is_told_of_the_contact_that_follows_a_transfer) {
    call();
    const core::ContactId before = take_news<ports::GuestQueued>().contact;
    anna_takes_it();
    EXPECT_FALSE(edge_->command(core::Transfer{before, core::QueueId{2}, {}}, now_));
    const core::ContactId after = take_news<ports::GuestQueued>().contact;
    EXPECT_NE(after, before);
    EXPECT_TRUE(hears(leg_, Sound::waiting_music));
    EXPECT_EQ(edge_->caller_text(after), "Meyer <web>");
    say(ports::PhoneClosed{true});
    expect_over(GuestOverReason::hung_up);
}

TEST_F(EdgeGuestTest, both_sides_may_be_pages_and_reload) {
    edge_->phone(core::AgentId{1}, ports::PhoneOpened{}, now_);
    call();
    const auto ringing = find_news<ports::PhoneOffer>(anna_news_);
    ASSERT_TRUE(ringing);
    const auto as_anna = [&](const ports::PhoneMessage& message) {
        edge_->phone(core::AgentId{1}, message, now_);
        listen();
    };
    as_anna(ports::PhoneDescribed{ringing->leg, web_answer()});
    as_anna(ports::PhoneAnswered{ringing->leg});
    EXPECT_TRUE(is_bridged());
    as_anna(ports::PhoneClosed{false});
    EXPECT_TRUE(hears(leg_, Sound::right_back));
    say(ports::PhoneClosed{false});
    as_anna(ports::PhoneOpened{});
    as_anna(ports::PhoneDescribed{ringing->leg, web_answer()});
    EXPECT_FALSE(is_bridged());
    EXPECT_TRUE(hears(ringing->leg, Sound::right_back)) << "now the guest is away";
    say(ports::PhoneOpened{});
    say(ports::PhoneDescribed{leg_, web_answer()});
    EXPECT_TRUE(is_bridged());
}

TEST_F(EdgeGuestTest, the_centre_closes) {
    call();
    anna_takes_it();
    edge_->cut_off_all(core::CutOffCause::centre_closed, now_);
    expect_over(GuestOverReason::centre_closed);
    EXPECT_EQ(edge_->leg_count(), 0U);
}

TEST_F(EdgeGuestTest, an_offer_of_a_call_that_is_over_does_not_leave) {
    edge_->guest(kGuest, ports::GuestCalls{kBank, core::Channel::voice, ""}, now_);
    edge_->guest(kGuest, ports::PhoneClosed{true}, now_);
    EXPECT_FALSE(has_news<ports::PhoneOffer>());
    EXPECT_EQ(take_news<ports::GuestOver>().reason, GuestOverReason::hung_up);
}

}  // namespace
}  // namespace lanze::edge
