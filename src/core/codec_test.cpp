#include "core/codec.h"

#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/rng.h"
#include "core/codec_fixture.h"

namespace lanze::core {
namespace {

const Time kAt = from_micros(1'770'000'000'000'000);

Config sample_config() {
    Config config;
    config.name = "Bank an der Förde";
    QueueConfig queue;
    queue.name = "accounts";
    queue.needs = {{"accounts", 3}, {"german", 50}};
    queue.service_level.share_permille = 900;
    queue.service_level.definition = ServiceLevelDefinition::answered_within_per_answered;
    queue.waiting_max = 7;
    queue.agent_rule = AgentRule::round_robin;
    queue.priority = 2;
    queue.widening = {{seconds(30), {{"accounts", 1}}, false}, {seconds(60), {}, true}};
    queue.reserves = {{{{"cards", 2}}, 3}};
    queue.preferred_for = seconds(7);
    queue.overflows = {{"mobile", seconds(90), 0, {}}, {"travel", {}, 50, {}}};
    queue.at_closing = AtClosing::divert;
    queue.closing_to = "night";
    config.queues = {queue, QueueConfig{}};
    AgentConfig anna;
    anna.name = "anna";
    anna.skills = {{"german", 99}};
    anna.wrap_up = Duration{0};
    anna.starts_ready = true;
    AgentConfig ben;
    ben.name = "ben";
    ben.is_stand_in = true;
    ben.starts_reachable = false;
    ben.place = 300;
    config.agents = {anna, ben};
    config.contact_rule = ContactRule::longer_queue;
    config.charter = {850, true, true, seconds(90), 5};
    config.seed = 4711;
    return config;
}

std::vector<Command> sample_commands() {
    const ContactId contact{300};
    const PresentationId presentation{70'000};
    const AgentId agent{2};
    return {Configure{sample_config()},
            EnterQueue{QueueId{2}, {{"french", 2}}, 3, agent},
            Answer{presentation},
            Decline{presentation, DeclineReason::failed},
            Hold{contact},
            Resume{contact},
            HangUp{contact, EndedBy::centre},
            CutOff{contact, CutOffCause::time_limit},
            Ready{agent},
            NotReady{agent, NotReadyReason::missed},
            OpenDesk{agent},
            CloseDesk{agent},
            EndWrapUp{agent, "solved"},
            PhoneSeen{agent},
            PhoneLost{agent},
            AdvanceTime{},
            TakeBreather{agent},
            ChangeNeeds{contact, {{"turkish", 1}}},
            Prioritise{contact, 9},
            Assign{contact, agent},
            PlanShift{agent, kAt, kAt + hours(8), {{kAt + hours(3), minutes(30)}}},
            MoveContact{contact, QueueId{2}},
            SetHours{QueueId{2}, {{kAt, kAt + hours(9)}}},
            RequestCallback{contact},
            NotReached{contact},
            ExtendWrapUp{agent, contact},
            LeaveMessage{contact},
            Transfer{contact, QueueId{2}, agent},
            Consult{contact, {}, agent},
            Join{contact},
            CompleteTransfer{contact},
            TransferOut{contact},
            TakeBack{contact, QueueId{2}, {{"french", 2}}, seconds(7)},
            Dial{agent, QueueId{2}}};
}

std::vector<Event> sample_events() {
    const ContactId contact{300};
    const PresentationId presentation{70'000};
    const AgentId agent{2};
    return {
        Configured{sample_config(), {QueueId{1}, QueueId{2}}, {AgentId{1}, agent}},
        ContactQueued{contact, QueueId{1}, {{"french", 2}}, 3, agent},
        ContactBlocked{QueueId{2}, BlockedReason::centre_full},
        ContactPresented{contact, agent, presentation, kAt + seconds(15)},
        PresentationEnded{presentation, contact, agent, PresentationEnd::withdrawn},
        ContactAnswered{contact, agent, presentation},
        ContactHeld{contact},
        ContactResumed{contact},
        ContactEnded{contact, ContactEnd::cut_off, EndedBy::agent, CutOffCause::restart},
        AgentReady{agent},
        AgentNotReady{agent, NotReadyReason::phone_busy},
        AgentWishNoted{agent, false, NotReadyReason::training},
        AgentRests{agent, NotReadyReason::missed, Time::max()},
        WrapUpStarted{agent, contact, Time::min()},
        WrapUpEnded{agent, contact, ""},
        DeskOpened{agent},
        DeskClosed{agent},
        PhoneFound{agent},
        PhoneMissing{agent},
        ContactWidened{contact, 2},
        PreferenceEnded{contact},
        ContactOverdue{contact},
        NeedsChanged{contact, {}},
        ContactPrioritised{contact, 1},
        AgentWithheld{agent, WithheldBy::break_due},
        AgentReturned{agent},
        QueueShort{QueueId{2}, 3},
        BreatherNoted{agent},
        ShiftPlanned{agent, kAt, kAt + hours(8), {{kAt + hours(3), minutes(30)}}},
        ContactMoved{contact, QueueId{2}, MoveCause::supervisor},
        OverflowRefused{contact},
        HoursSet{QueueId{2}, {{kAt, kAt + hours(9)}}},
        QueueOpened{QueueId{2}},
        QueueClosed{QueueId{2}},
        CallbackRequested{contact},
        WrapUpExtended{agent, contact, kAt + seconds(40)},
        MessageLeft{contact},
        AlternativeProposed{contact, Channel::message, MoveCause::overflow_expected},
        ConsultationJoined{contact},
        TransferCompleted{contact,
                          ContactId{299},
                          QueueId{2},
                          agent,
                          Channel::outbound,
                          {{"french", 2}},
                          seconds(12)},
        RestServed{QueueId{2}},
        Dialled{contact, QueueId{2}, agent},
    };
}

// Agents under numbers that say nothing, names readable only while `has_key`.
class SecretCodebook final : public AgentCodebook {
public:
    explicit SecretCodebook(bool has_key) : has_key_(has_key) {}
    std::uint64_t pseudonym(AgentId agent) const override { return split_mix(agent.value()); }
    AgentId agent(std::uint64_t pseudonym) override {
        const auto place = known_.find(pseudonym);
        if (place != known_.end()) {
            return place->second;
        }
        const auto fresh = AgentId{1000 + static_cast<std::uint32_t>(known_.size())};
        known_[pseudonym] = fresh;
        return fresh;
    }
    std::string seal(std::string_view plain) const override {
        std::string sealed(plain);
        for (char& byte : sealed) {
            byte = static_cast<char>(byte ^ 0x5a);
        }
        return sealed;
    }
    std::optional<std::string> open(std::string_view sealed) const override {
        return has_key_ ? std::optional(seal(sealed)) : std::nullopt;
    }
    void learn(AgentId agent) override { known_[pseudonym(agent)] = agent; }

private:
    bool has_key_;
    std::map<std::uint64_t, AgentId> known_;
};

TEST(CodecTest, HasASampleOfEveryAlternative) {
    std::set<std::size_t> commands;
    for (const Command& command : sample_commands()) {
        commands.insert(command.index());
    }
    std::set<std::size_t> events;
    for (const Event& event : sample_events()) {
        events.insert(event.index());
    }
    EXPECT_EQ(commands.size(), std::variant_size_v<Command>);
    EXPECT_EQ(events.size(), std::variant_size_v<Event>);
}

TEST(CodecTest, BringsEveryCommandBack) {
    PlainCodebook book;
    for (const Command& command : sample_commands()) {
        ByteWriter out;
        encode(command, kAt, book, out);
        ByteReader in(out.bytes());
        EXPECT_EQ(decode_command(in, kAt, book), command) << command.index();
        EXPECT_TRUE(in.is_at_end()) << command.index();
    }
}

TEST(CodecTest, BringsEveryEventBack) {
    PlainCodebook book;
    for (const Event& event : sample_events()) {
        ByteWriter out;
        encode(event, kAt, book, out);
        ByteReader in(out.bytes());
        EXPECT_EQ(decode_event(in, kAt, book), event) << event.index();
        EXPECT_TRUE(in.is_at_end()) << event.index();
    }
}

TEST(CodecTest, BringsAReasonBackInFewBytes) {
    Reason reason;
    reason.contact = ContactId{1'000'000};
    reason.occasion = Occasion::reserve_let_go;
    reason.agent = AgentId{2};
    reason.presentation = PresentationId{2'000'000};
    reason.rule = AgentRule::least_occupied;
    reason.candidates = 300;
    reason.key = to_micros(kAt);
    reason.contacts = 100'000;
    for (std::uint32_t i = 0; i < kExclusionsMax; ++i) {
        reason.excluded.push_back({i, ExcludedBy::talking, 60});
    }
    PlainCodebook book;
    ByteWriter out;
    encode(reason, kAt, book, out);
    EXPECT_LT(out.bytes().size(), 200U);
    ByteReader in(out.bytes());
    EXPECT_EQ(decode_reason(in, kAt, book), reason);
    EXPECT_TRUE(in.is_at_end());
    for (std::size_t size = 0; size < out.bytes().size(); ++size) {
        ByteReader cut(std::string_view(out.bytes()).substr(0, size));
        EXPECT_FALSE(decode_reason(cut, kAt, book)) << size;
    }
}

// Changing these bytes means that no older journal can be read: raise kCodecVersion then.
TEST(CodecTest, KeepsItsForm) {
    struct Row {
        Event event;
        std::string bytes;
    };
    const std::array<Row, 3> rows{{
        {ContactQueued{ContactId{300}, QueueId{1}},
         std::string("\x01\xac\x02\x01\x00\x05\0\0\0\0\0\0\0\0\0\0\0", 17)},
        {AgentRests{AgentId{5}, NotReadyReason::missed, kAt + microseconds(3)},
         std::string("\x0c\x05\0\0\0\0\0\0\0\x08\x06", 11)},
        {PhoneMissing{AgentId{1}}, std::string("\x12\x01\0\0\0\0\0\0\0", 9)},
    }};
    for (const Row& row : rows) {
        ByteWriter out;
        encode(row.event, kAt, PlainCodebook{}, out);
        EXPECT_EQ(out.bytes(), row.bytes);
    }
}

// Commands and events that an older version wrote, in a file of theirs. The batch of the same file
// is read by the journal's tests.
struct Corpus {
    std::vector<Command> commands;
    std::vector<Event> events;
};

Corpus read_corpus(const std::string& path, std::uint8_t version) {
    std::ifstream file(path);
    PlainCodebook book;
    Corpus corpus;
    for (std::string kind, hex; file >> kind >> hex;) {
        const std::string bytes = from_hex(hex);
        ByteReader in(bytes);
        if (kind == "command") {
            const auto command = decode_command(in, kAt, book, version);
            EXPECT_TRUE(command && in.is_at_end()) << hex;
            corpus.commands.push_back(command.value_or(Command{}));
        } else if (kind == "event") {
            const auto event = decode_event(in, kAt, book, version);
            EXPECT_TRUE(event && in.is_at_end()) << hex;
            corpus.events.push_back(event.value_or(Event{}));
        } else {
            break;
        }
    }
    return corpus;
}

// What the first version wrote can be read for ever; what it did not know has its default.
TEST(CodecTest, ReadsTheFirstVersion) {
    const auto [commands, events] = read_corpus("tests/corpus/codec_v1.txt", 1);
    ASSERT_EQ(commands.size(), 16U);
    ASSERT_EQ(events.size(), 19U);
    EXPECT_EQ(commands[1], Command{EnterQueue{QueueId{2}}});
    EXPECT_EQ(events[1], (Event{ContactQueued{ContactId{300}, QueueId{1}}}));
    const Config& config = std::get<Configure>(commands[0]).config;
    EXPECT_EQ(config.queues[0].needs, (Skills{{"accounts", 3}, {"german", 50}}));
    EXPECT_EQ(config.queues[0].agent_rule, AgentRule::longest_idle);
    EXPECT_EQ(config.charter, Charter{});
    EXPECT_EQ(config.agents[1].name, "ben");
}

// The first so many of today's samples, as that version wrote them.
void expect_samples(std::uint8_t version, std::size_t command_count, std::size_t event_count) {
    const auto [commands, events] =
        read_corpus("tests/corpus/codec_v" + std::to_string(version) + ".txt", version);
    ASSERT_EQ(commands.size(), command_count);
    ASSERT_EQ(events.size(), event_count);
    const auto same_commands = sample_commands();
    const auto same_events = sample_events();
    for (std::size_t i = 0; i < commands.size(); ++i) {
        EXPECT_EQ(commands[i], same_commands[i]) << i;
    }
    for (std::size_t i = 0; i < events.size(); ++i) {
        EXPECT_EQ(events[i], same_events[i]) << i;
    }
}

TEST(CodecTest, ReadsTheSecondVersion) {
    expect_samples(2, 23, 34);
}

TEST(CodecTest, ReadsTheThirdVersion) {
    expect_samples(3, 31, 41);
}

TEST(CodecTest, KeepsWhatCameWithTheThirdVersion) {
    Config config = sample_config();
    config.agents[1].capacity = {3, 2, true, false, true, false};
    config.queues[0].overflows[1] = {"travel", {}, 0, seconds(300)};
    config.queues[1].overflows = {{"", seconds(60), 0, {}, Channel::callback}};
    PlainCodebook book;
    for (const Command& command :
         {Command{Configure{config}}, Command{EnterQueue{QueueId{2}, {}, 0, {}, Channel::chat}},
          Command{EndWrapUp{AgentId{2}, "solved", ContactId{7}}}}) {
        ByteWriter out;
        encode(command, kAt, book, out);
        ByteReader in(out.bytes());
        EXPECT_EQ(decode_command(in, kAt, book), command);
    }
}

TEST(CodecTest, KeepsAgentsInOrderAndByNameWhileTheKeyIsThere) {
    SecretCodebook writer(true);
    SecretCodebook reader(true);
    const Event configured = sample_events().front();
    ByteWriter out;
    encode(configured, kAt, writer, out);
    encode(Event{AgentReady{AgentId{2}}}, kAt, writer, out);
    ByteReader in(out.bytes());
    EXPECT_EQ(decode_event(in, kAt, reader), configured);
    EXPECT_EQ(decode_event(in, kAt, reader), Event{AgentReady{AgentId{2}}});
}

TEST(CodecTest, StoresNoNameOfAnAgent) {
    ByteWriter out;
    encode(sample_commands().front(), kAt, SecretCodebook(true), out);
    encode(sample_events().front(), kAt, SecretCodebook(true), out);
    EXPECT_EQ(out.bytes().find("anna"), std::string::npos);
    EXPECT_EQ(out.bytes().find("ben"), std::string::npos);
    EXPECT_NE(out.bytes().find("accounts"), std::string::npos);
}

TEST(CodecTest, ForgetsWhoTheAgentsAreOnceTheKeyIsGone) {
    ByteWriter out;
    encode(sample_events().front(), kAt, SecretCodebook(true), out);
    encode(Event{AgentReady{AgentId{2}}}, kAt, SecretCodebook(true), out);
    SecretCodebook reader(false);
    ByteReader in(out.bytes());
    const auto first = decode_event(in, kAt, reader);
    const auto second = decode_event(in, kAt, reader);
    ASSERT_TRUE(first && second);
    const auto& configured = std::get<Configured>(*first);
    ASSERT_EQ(configured.agent_ids.size(), 2U);
    const AgentId ready = std::get<AgentReady>(*second).agent;
    EXPECT_GE(ready.value(), 1000U);
    // The same person within the day: one of the two in the configuration.
    EXPECT_TRUE(ready == configured.agent_ids[0] || ready == configured.agent_ids[1]);
    for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(configured.config.agents[i].name,
                  "agent-" + std::to_string(configured.agent_ids[i].value()));
    }
}

TEST(CodecTest, RefusesWhatIsCutShort) {
    PlainCodebook book;
    for (const Event& event : sample_events()) {
        ByteWriter out;
        encode(event, kAt, book, out);
        for (std::size_t size = 0; size < out.bytes().size(); ++size) {
            ByteReader in(std::string_view(out.bytes()).substr(0, size));
            EXPECT_FALSE(decode_event(in, kAt, book)) << event.index() << " cut at " << size;
            EXPECT_TRUE(in.has_failed());
        }
    }
}

TEST(CodecTest, RefusesWhatIsOutOfRange) {
    const std::vector<std::string> rows = {
        std::string("\x29", 1),                             // no such event
        std::string("\x02\x01\x03", 3),                     // no such reason
        std::string("\x01\x01\xff\xff\xff\xff\x7f", 7),     // a queue's id beyond 32 bits
        std::string("\x00\x00\xff\xff\xff\x7f", 6),         // 268 million queues
        std::string("\x0b\x01\0\0\0\0\0\0\0\x02\x00", 11),  // neither true nor false
    };
    PlainCodebook book;
    for (const std::string& row : rows) {
        ByteReader in(row);
        EXPECT_FALSE(decode_event(in, kAt, book));
    }
}

TEST(CodecTest, SurvivesChangedBytes) {
    Rng rng(4711);
    PlainCodebook book;
    for (const Event& event : sample_events()) {
        ByteWriter out;
        encode(event, kAt, book, out);
        for (int round = 0; round < 2'000; ++round) {
            std::string bytes = out.bytes();
            for (std::uint32_t i = 0; i <= rng.below(3); ++i) {
                bytes[rng.below(static_cast<std::uint32_t>(bytes.size()))] =
                    static_cast<char>(rng.below(256));
            }
            ByteReader in(bytes);
            const auto decoded = decode_event(in, kAt, book);
            EXPECT_EQ(decoded.has_value(), !in.has_failed());
        }
    }
}

TEST(CodecTest, HashesTheConfigurationByWhatItSays) {
    const Config config = sample_config();
    Config other = config;
    EXPECT_EQ(config_hash(config), config_hash(other));
    other.agents[1].name = "bea";
    EXPECT_NE(config_hash(config), config_hash(other));
    other = config;
    other.queues[0].service_level.within += microseconds(1);
    EXPECT_NE(config_hash(config), config_hash(other));
    EXPECT_EQ(stable_hash("lanze"), stable_hash("lanze"));
    EXPECT_EQ(stable_hash(""), split_mix(0xcbf29ce484222325ULL));
}

}  // namespace
}  // namespace lanze::core
