#include "plan/erlang.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace lanze::plan {
namespace {

struct Figure {
    const char* name;
    double Measures::*value;
};

constexpr Figure kFigures[] = {
    {"p_block", &Measures::p_block},
    {"p_abandon", &Measures::p_abandon},
    {"answered", &Measures::answered},
    {"served_within", &Measures::served_within},
    {"p_wait", &Measures::p_wait},
    {"mean_wait", &Measures::mean_wait},
    {"p_wait_longer", &Measures::p_wait_longer},
    {"asa", &Measures::asa},
    {"occupancy", &Measures::occupancy},
    {"mean_queue", &Measures::mean_queue},
};

StaffedQueue queue(double lambda, std::int64_t agents, std::optional<Patience> patience = {},
                   double within = 0.25) {
    return {lambda, 1, agents, std::nullopt, patience, within};
}

StaffedQueue with_places(StaffedQueue of, std::int64_t places) {
    of.places = places;
    return of;
}

Measures measured(const StaffedQueue& of) {
    const auto found = measures(of);
    EXPECT_TRUE(found.has_value());
    return found ? *found : Measures{};
}

void expect_close(double ours, double expected, double share, const std::string& what) {
    EXPECT_LE(std::fabs(ours - expected), share * std::fabs(expected))
        << what << ": " << ours << " instead of " << expected;
}

void expect_alike(const Measures& one, const Measures& other, double share) {
    for (const Figure& figure : kFigures) {
        expect_close(one.*figure.value, other.*figure.value, share, figure.name);
    }
}

struct Case {
    double lambda;
    std::int64_t agents;
};

TEST(ErlangB, agrees_with_the_recursion) {
    for (const auto& [lambda, agents] : std::vector<Case>{
             {0.001, 3}, {1, 1}, {10, 10}, {500, 10}, {950, 1'000}, {49'995, 50'000}}) {
        long double blocked = 1;
        for (std::int64_t n = 1; n <= agents; ++n) {
            blocked = lambda * blocked / (static_cast<long double>(n) + lambda * blocked);
        }
        const Measures ours = measured(with_places(queue(lambda, agents), agents));
        expect_close(ours.p_block, static_cast<double>(blocked), 1e-12, "p_block");
        EXPECT_EQ(ours.p_wait, 0);
        EXPECT_EQ(ours.served_within, ours.answered);
    }
}

// Known in closed form: M/M/1, and one agent with callers as patient as he is quick.
TEST(Erlang, knows_one_agent) {
    const Measures c = measured(queue(0.5, 1));
    expect_close(c.p_wait, 0.5, 1e-15, "p_wait");
    expect_close(c.mean_wait, 1, 1e-15, "mean_wait");
    expect_close(c.p_wait_longer, 0.5 * std::exp(-0.125), 1e-15, "p_wait_longer");
    const Measures a = measured(queue(1, 1, Exponential{1}));
    expect_close(a.p_abandon, std::exp(-1), 1e-14, "p_abandon");
    expect_close(a.occupancy, 1 - std::exp(-1), 1e-14, "occupancy");
}

TEST(ErlangA, tends_to_c_where_nobody_gives_up) {
    for (const auto& [lambda, agents] : std::vector<Case>{{0.5, 1}, {48, 50}, {49'995, 50'000}}) {
        Measures patient = measured(queue(lambda, agents, Exponential{1e-20}));
        EXPECT_LT(patient.p_abandon, 1e-18);
        patient.p_abandon = 0;
        expect_alike(patient, measured(queue(lambda, agents)), 1e-10);
    }
}

TEST(ErlangA, tends_to_b_where_all_give_up_at_once) {
    for (const auto& [lambda, agents] :
         std::vector<Case>{{0.5, 1}, {48, 50}, {60, 50}, {60'000, 50'000}}) {
        const Measures hasty = measured(queue(lambda, agents, Exponential{1e20}));
        const Measures b = measured(with_places(queue(lambda, agents), agents));
        expect_close(hasty.p_abandon, b.p_block, 1e-10, "p_abandon");
        expect_close(hasty.occupancy, b.occupancy, 1e-10, "occupancy");
        expect_close(hasty.served_within, b.served_within, 1e-10, "served_within");
    }
}

// Two ways that share nothing: the birth and death chain, and the integrals over the virtual wait.
TEST(ErlangA, is_the_same_with_more_places_than_are_ever_filled) {
    struct Crowd {
        double lambda;
        std::int64_t agents;
        std::int64_t places;
        double theta;
    };
    for (const auto& [lambda, agents, places, theta] :
         std::vector<Crowd>{{0.5, 1, 200, 0.5},
                            {48, 50, 1'500, 0.01},
                            {100, 50, 800, 0.25},
                            {20, 50, 200, 30},
                            {9'990, 10'000, 20'000, 0.5}}) {
        for (const double within : {0.0, 0.01, 0.5}) {
            const StaffedQueue open = queue(lambda, agents, Exponential{theta}, within);
            Measures limited = measured(with_places(open, places));
            EXPECT_LT(limited.p_block, 1e-20);
            limited.p_block = 0;
            expect_alike(limited, measured(open), 1e-11);
        }
    }
}

TEST(GeneralPatience, is_exponential_patience_in_three_forms) {
    for (const auto& [lambda, agents] : std::vector<Case>{{5, 50}, {48, 50}, {80, 50}}) {
        const Measures a = measured(queue(lambda, agents, Exponential{0.5}));
        expect_alike(measured(queue(lambda, agents, Weibull{1, 2})), a, 1e-12);
        expect_alike(measured(queue(lambda, agents, TwoKinds{0.3, 2, 2})), a, 1e-12);
    }
}

// Computed with 40 digits from the integrals of Zeltyn and Mandelbaum, on other panels.
TEST(GeneralPatience, agrees_with_forty_digits) {
    struct Known {
        StaffedQueue of;
        double p_abandon, served_within, p_wait, mean_wait, p_wait_longer;
    };
    for (const Known& known : std::vector<Known>{
             {queue(110, 100, Weibull{0.5, 1}, 0.2), 0.11264613430823751, 0.8837936921440406,
              0.58460350579142557, 0.027509351833366972, 0.0036718235514892768},
             {queue(199, 200, Weibull{3, 100}, 0.2), 5.3010463166356027e-6, 0.25066971715073497,
              0.91546763043377639, 0.91138140361274689, 0.74933027654205064},
             {queue(520, 500, Weibull{0.7, 3}, 0.02), 0.043568220482263361, 0.36254190771580594,
              0.79104238676939078, 0.041078431872752798, 0.61591349724632383},
             {queue(55, 50, Weibull{8, 0.5}, 0.2), 0.096208790693130482, 0.27262686880424449,
              0.93653974013108763, 0.27403940261178966, 0.72687473098550109},
             {queue(48, 50, TwoKinds{0.25, 0.01, 2}, 0.3), 0.060525487112847799, 0.9386247736297514,
              0.25061825999101924, 0.012078098251960044, 0.00087054461336839581}}) {
        const Measures ours = measured(known.of);
        expect_close(ours.p_abandon, known.p_abandon, 1e-13, "p_abandon");
        expect_close(ours.served_within, known.served_within, 1e-13, "served_within");
        expect_close(ours.p_wait, known.p_wait, 1e-13, "p_wait");
        expect_close(ours.mean_wait, known.mean_wait, 1e-13, "mean_wait");
        expect_close(ours.p_wait_longer, known.p_wait_longer, 1e-13, "p_wait_longer");
    }
}

// Computed with 30 digits from the birth and death chain.
TEST(ErlangA, agrees_with_thirty_digits_for_many_agents) {
    const Measures patient = measured(queue(49'995, 50'000, Exponential{0.001}));
    expect_close(patient.p_abandon, 7.9137112653986432e-5, 1e-13, "p_abandon");
    expect_close(patient.p_wait, 0.95036490844103235, 1e-13, "p_wait");
    const Measures overloaded = measured(queue(50'500, 50'000, Exponential{0.5}));
    expect_close(overloaded.p_abandon, 0.0099021706117110738, 1e-13, "p_abandon");
    expect_close(overloaded.mean_wait, 0.019804341223422148, 1e-13, "mean_wait");
    const Measures idle = measured(queue(5, 50, Exponential{0.2}));
    expect_close(idle.p_abandon, 9.6597585936522471e-35, 1e-13, "p_abandon");
}

std::vector<StaffedQueue> many_queues() {
    std::vector<StaffedQueue> result;
    for (const double lambda : {0.3, 20.0, 47.5}) {
        result.push_back(queue(lambda, 1, Exponential{0.5}));
        result.push_back(queue(lambda, 1, Exponential{1e-6}));
        result.push_back(queue(lambda, 1, FixedPatience{0.3}));
        result.push_back(queue(lambda, 1, Erlang2{0.5}));
        result.push_back(queue(lambda, 1, Weibull{1.5, 0.5}));
        result.push_back(queue(lambda, 1, TwoKinds{0.25, 0.01, 2}));
        result.push_back(with_places(queue(lambda, 1), 70));
        result.push_back(with_places(queue(lambda, 1, Exponential{0.5}), 70));
    }
    return result;
}

TEST(Measures, keep_what_goes_in_and_out_in_balance) {
    for (StaffedQueue of : many_queues()) {
        for (const std::int64_t agents : {1, 20, 50, 60}) {
            of.agents = agents;
            const Measures m = measured(of);
            EXPECT_NEAR(m.p_block + m.p_abandon + m.answered, 1, 1e-12);
            expect_close(m.occupancy * static_cast<double>(agents), of.lambda * m.answered, 1e-12,
                         "busy agents");
            expect_close(m.mean_queue, of.lambda * (1 - m.p_block) * m.mean_wait, 1e-11, "Little");
            EXPECT_LE(m.p_wait_longer, m.p_wait);
            EXPECT_LE(m.served_within, m.answered * (1 + 1e-12));
            EXPECT_GE(abandoned_within(m), 0);
            EXPECT_LE(abandoned_within(m), m.p_abandon);
        }
    }
}

TEST(Measures, improve_with_every_agent) {
    for (StaffedQueue of : many_queues()) {
        of.agents = 1;
        Measures before = measured(of);
        for (const std::int64_t agents : {2, 3, 10, 19, 20, 21, 30, 46, 47, 48, 49, 50, 60}) {
            of.agents = agents;
            const Measures m = measured(of);
            const double slack = 1 + 1e-12;
            EXPECT_LE(m.p_block, before.p_block * slack);
            EXPECT_LE(m.p_abandon, before.p_abandon * slack);
            EXPECT_LE(m.p_wait, before.p_wait * slack);
            EXPECT_LE(m.mean_wait, before.mean_wait * slack);
            EXPECT_LE(m.p_wait_longer, before.p_wait_longer * slack);
            EXPECT_LE(m.occupancy, before.occupancy * slack);
            EXPECT_GE(m.served_within * slack, before.served_within);
            before = m;
        }
    }
}

TEST(Smallest, is_enough_and_one_less_is_not) {
    const auto is_enough = [](const Measures& m) { return m.served_within >= 0.8; };
    std::vector<StaffedQueue> queues = many_queues();
    queues.push_back(queue(47.5, 1));
    queues.push_back(queue(9'999, 1));
    for (StaffedQueue of : queues) {
        const auto found = smallest(of, is_enough);
        ASSERT_TRUE(found.has_value());
        EXPECT_TRUE(is_enough(*found));
        of.agents = found->agents - 1;
        const auto fewer = of.agents > 0 ? measures(of) : measures(of = queue(9, 1));
        EXPECT_FALSE(fewer && is_enough(*fewer)) << of.lambda << " " << found->agents;
    }
}

TEST(Smallest, says_what_is_out_of_reach) {
    const auto never = [](const Measures&) { return false; };
    EXPECT_EQ(smallest(with_places(queue(5, 1), 10), never).error(), ErlangError::out_of_reach);
    EXPECT_EQ(smallest(queue(2e6, 1), never).error(), ErlangError::endless_queue);
}

TEST(Erlang, knows_an_endless_queue) {
    EXPECT_EQ(measures(queue(10, 10)).error(), ErlangError::endless_queue);
    EXPECT_EQ(measures(queue(11, 10)).error(), ErlangError::endless_queue);
    // 0.3 is less than 3 * 0.1 as doubles; nobody means that.
    EXPECT_TRUE(is_endless({0.3, 0.1, 3, std::nullopt, std::nullopt, 0}));
    EXPECT_FALSE(is_endless(queue(9.999, 10)));
    EXPECT_FALSE(is_endless(queue(11, 10, Exponential{1e-9})));
    EXPECT_FALSE(is_endless(with_places(queue(11, 10), 20)));
}

TEST(Erlang, knows_what_is_no_queue) {
    EXPECT_TRUE(is_valid(queue(1, 1)));
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double infinite = std::numeric_limits<double>::infinity();
    for (const double bad : {0.0, -1.0, nan, infinite, 1e31}) {
        EXPECT_FALSE(is_valid(queue(bad, 1)));
        EXPECT_FALSE(is_valid({1, bad, 1, std::nullopt, std::nullopt, 0}));
        EXPECT_FALSE(is_valid(queue(1, 1, Exponential{bad})));
        EXPECT_FALSE(is_valid(queue(1, 1, TwoKinds{bad, 1, 1})));
    }
    EXPECT_FALSE(is_valid(queue(1, 0)));
    EXPECT_FALSE(is_valid(queue(1, kAgentsMax + 1)));
    EXPECT_FALSE(is_valid(queue(1, 1, std::nullopt, -1)));
    EXPECT_FALSE(is_valid(queue(1, 1, Weibull{0.01, 1})));
    EXPECT_FALSE(is_valid(with_places(queue(1, 10), 9)));
    EXPECT_FALSE(is_valid(with_places(queue(1, 10), kPlacesMax + 1)));
    EXPECT_FALSE(is_valid(with_places(queue(1, 10, FixedPatience{1}), 20)));
}

}  // namespace
}  // namespace lanze::plan
