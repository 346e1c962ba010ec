#include "app/resolver.h"

#include <gtest/gtest.h>

#include <map>

namespace lanze::app {
namespace {

std::string in_two_bytes(std::size_t number) {
    return {static_cast<char>(number >> 8U), static_cast<char>(number & 0xffU)};
}

// "sip.example" as labels: 3sip7example0.
std::string labels(const std::string& name) {
    std::string result;
    std::size_t begin = 0;
    while (begin < name.size()) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        result += static_cast<char>(end - begin);
        result += name.substr(begin, end - begin);
        begin = end + 1;
    }
    return result + '\0';
}

std::string pointer_to(std::size_t offset) {
    return in_two_bytes(0xc000U | offset);
}

constexpr std::size_t kQuestionAt = 12;
constexpr std::size_t kSrv = 33;
constexpr std::size_t kAlias = 5;

// Writes an answer of a server to _sip._udp.example, as RFC 1035 §4 wants it.
class Answer {
public:
    Answer& record(std::size_t type, const std::string& data) {
        records_ += pointer_to(kQuestionAt) + in_two_bytes(type) + in_two_bytes(1) +
                    std::string("\0\0\0\x3c", 4) + in_two_bytes(data.size()) + data;
        ++count_;
        return *this;
    }
    Answer& service(const Service& service) {
        return service_at(service, labels(service.host == "." ? "" : service.host));
    }
    // The target in bytes of its own.
    Answer& service_at(const Service& service, const std::string& target) {
        return record(kSrv, in_two_bytes(service.priority) + in_two_bytes(service.weight) +
                                in_two_bytes(service.port) + target);
    }
    // Where the next record's target will stand.
    std::size_t next_target() const { return head().size() + records_.size() + 2 + 10 + 6; }
    std::string bytes() const { return head() + records_; }

private:
    std::string head() const {
        return in_two_bytes(7) + in_two_bytes(0x8180) + in_two_bytes(1) + in_two_bytes(count_) +
               in_two_bytes(0) + in_two_bytes(0) + labels("_sip._udp.example") +
               in_two_bytes(kSrv) + in_two_bytes(1);
    }

    std::string records_;
    std::size_t count_ = 0;
};

using Services = std::vector<Service>;

TEST(ParseServices, LowestPriorityFirstOthersAsTheyStand) {
    const Services sent{{20, 0, 5060, "c.example"},
                        {10, 5, 5060, "a.example"},
                        {10, 60, 5070, "b.example"},
                        {0, 0, 1, "first.example"}};
    Answer answer;
    answer.record(kAlias, labels("_sip._udp.elsewhere.example"));
    for (const Service& service : sent) {
        answer.service(service);
    }
    EXPECT_EQ(parse_services(answer.bytes()), (Services{sent[3], sent[1], sent[2], sent[0]}));
}

TEST(ParseServices, ReadsCompressedTargetsThoughTheyAreForbidden) {
    Answer answer;
    // "example" stands behind "_sip" and "_udp" of the question.
    answer.service_at({1, 1, 5060, ""}, "\3sip" + pointer_to(kQuestionAt + 10));
    EXPECT_EQ(parse_services(answer.bytes()), (Services{{1, 1, 5060, "sip.example"}}));
}

TEST(ParseServices, ADotMeansThatThereIsNoService) {
    EXPECT_EQ(parse_services(Answer().service({0, 0, 0, "."}).bytes()), Services{});
    EXPECT_EQ(parse_services(
                  Answer().service({0, 0, 5060, "."}).service({1, 0, 5060, "a.example"}).bytes()),
              (Services{{1, 0, 5060, "a.example"}}));
}

TEST(ParseServices, KnowsNoneWhereNoneIsNamed) {
    EXPECT_EQ(parse_services(Answer().bytes()), std::nullopt);
    EXPECT_EQ(parse_services(Answer().record(kAlias, labels("other.example")).bytes()),
              std::nullopt);
    EXPECT_EQ(parse_services(""), std::nullopt);
}

TEST(ParseServices, TargetsThatCannotBeLookedUpAreLeftOut) {
    const Service good{1, 1, 5060, "good.example"};
    for (const Service& bad : Services{{0, 0, 5060, "192.0.2.7"},
                                       {0, 0, 5060, "a b"},
                                       {0, 0, 5060, "-oProxy"},
                                       {0, 0, 5060, std::string("nul\0.example", 12)},
                                       {0, 0, 0, "port-0.example"}}) {
        EXPECT_EQ(parse_services(Answer().service(bad).service(good).bytes()), Services{good})
            << bad.host;
        EXPECT_EQ(parse_services(Answer().service(bad).bytes()), std::nullopt) << bad.host;
    }
}

TEST(ParseServices, TruncatedAnywhereItIsNoAnswer) {
    const std::string whole =
        Answer().service({1, 1, 5060, "a.example"}).service({2, 1, 5060, "b.example"}).bytes();
    ASSERT_TRUE(parse_services(whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(parse_services(whole.substr(0, size)), std::nullopt) << size;
    }
}

TEST(ParseServices, BrokenTargetsMakeNoAnswer) {
    const Answer at;
    const struct {
        const char* name;
        std::string target;
    } cases[] = {
        {"a pointer to itself", pointer_to(at.next_target())},
        {"a label and then a loop", "\3sip" + pointer_to(at.next_target())},
        {"a pointer behind the end", pointer_to(0x3fff)},
        {"a label behind the end", std::string("\x3fsip")},
        {"a label of an unknown kind", std::string("\x80", 1) + '\0'},
        {"no end", "\3sip"},
        {"no target", ""},
    };
    for (const auto& [name, target] : cases) {
        Answer answer;
        answer.service_at({1, 1, 5060, ""}, target);
        EXPECT_EQ(parse_services(answer.bytes()), std::nullopt) << name;
    }
    // Two targets that point at one another.
    Answer two;
    const std::size_t first = two.next_target();
    two.service_at({1, 1, 5060, ""}, pointer_to(first + 2 + 2 + 10 + 6));
    two.service_at({1, 1, 5060, ""}, pointer_to(first));
    EXPECT_EQ(parse_services(two.bytes()), std::nullopt);
}

TEST(ParseServices, ManyAreCutToTheLimitWithTheLowestPriorityKept) {
    Answer answer;
    for (std::uint16_t i = 0; i < 200; ++i) {
        answer.service({static_cast<std::uint16_t>(1000 - i), 0, 5060, "a.example"});
    }
    const auto services = parse_services(answer.bytes());
    ASSERT_TRUE(services);
    EXPECT_EQ(services->size(), kServicesMax);
    EXPECT_EQ(services->front().priority, 801);
}

TEST(ShuffleByWeight, NeverMixesPriorities) {
    Rng rng(1);
    for (int round = 0; round < 100; ++round) {
        Services services{
            {1, 0, 1, "a"}, {1, 9, 1, "b"}, {2, 90, 1, "c"}, {3, 0, 1, "d"}, {3, 0, 1, "e"}};
        shuffle_by_weight(services, rng);
        ASSERT_EQ(services.size(), 5U);
        EXPECT_EQ(services[0].priority + services[1].priority, 2);
        EXPECT_EQ(services[2].host, "c");
        EXPECT_NE(services[3].host, services[4].host);
    }
    Services none;
    shuffle_by_weight(none, rng);
    EXPECT_TRUE(none.empty());
}

TEST(ShuffleByWeight, FirstInProportionToTheWeight) {
    Rng rng(2);
    std::map<std::string, int> first;
    constexpr int kRounds = 10'000;
    for (int round = 0; round < kRounds; ++round) {
        Services services{{1, 0, 1, "none"}, {1, 10, 1, "light"}, {1, 30, 1, "heavy"}};
        shuffle_by_weight(services, rng);
        ++first[services[0].host];
    }
    EXPECT_NEAR(first["heavy"], kRounds * 30 / 41, 200);
    EXPECT_NEAR(first["light"], kRounds * 10 / 41, 200);
    EXPECT_NEAR(first["none"], kRounds * 1 / 41, 100);
}

}  // namespace
}  // namespace lanze::app
