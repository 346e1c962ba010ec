// The reference values, read where they lie: everything that is computed holds to 1e-9, what was
// published rounded to its digits, and limits are neared.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/erlang.h"

namespace lanze::plan {
namespace {

struct Row {
    std::string line;
    std::string model;
    std::string quantity;
    std::string value;
    std::string source;
    StaffedQueue queue;
    double theta = 0;
};

std::filesystem::path reference_file() {
    const char* const named = std::getenv("LANZE_REFERENCE_DATA");
    return std::filesystem::path(named != nullptr ? named : "../shared/data") /
           "erlang_reference.csv";
}

std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields(1);
    bool is_quoted = false;
    for (const char c : line) {
        if (c == '"') {
            is_quoted = !is_quoted;
        } else if (c == ',' && !is_quoted) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    return fields;
}

double number(const std::string& text) {
    return text.empty() ? 0 : std::strtod(text.c_str(), nullptr);
}

// "M/M/n+D(patience=0.5)" -> 0.5
double number_in(const std::string& text) {
    return number(text.substr(text.find('=') + 1));
}

std::optional<Patience> patience_of(const Row& row) {
    if (row.model.starts_with("M/M/n+D(")) {
        return FixedPatience{number_in(row.model)};
    }
    if (row.model.starts_with("M/M/n+Erlang2(")) {
        return Erlang2{1 / row.theta};
    }
    return row.theta > 0 ? std::optional<Patience>(Exponential{row.theta}) : std::nullopt;
}

// model,lambda,mu,theta,n,K,T,quantity,value,source,selfcheck_reldiff
Row row_of(const std::string& line) {
    const std::vector<std::string> fields = fields_of(line);
    Row row{line, fields.at(0), fields.at(7), fields.at(8), fields.at(9), {}, 0};
    row.theta = number(fields[3]);
    row.queue.lambda = number(fields[1]);
    row.queue.mu = number(fields[2]);
    row.queue.agents = static_cast<std::int64_t>(number(fields[4]));
    if (!fields[5].empty()) {
        row.queue.places = static_cast<std::int64_t>(number(fields[5]));
    }
    row.queue.within = number(fields[6]);
    row.queue.patience = patience_of(row);
    if (row.quantity.starts_with("ASA (")) {  // "ASA (20.8 s)": what was published stands here
        row.value = row.quantity.substr(5, row.quantity.find(' ', 5) - 5);
        row.quantity = "ASA seconds";
    }
    return row;
}

std::vector<Row> rows() {
    std::vector<Row> result;
    std::ifstream file(reference_file());
    std::string line;
    std::getline(file, line);  // the names of the columns
    while (std::getline(file, line)) {
        result.push_back(row_of(line));
    }
    return result;
}

Measures measured(const StaffedQueue& queue) {
    const auto found = measures(queue);
    EXPECT_TRUE(found.has_value());
    return found ? *found : Measures{};
}

using Quantity = double (*)(const Measures&);

// What the columns of the file are in our measures; T is queue.within.
const std::map<std::string, Quantity>& quantities() {
    static const std::map<std::string, Quantity> kQuantities = {
        {"P_block", [](const Measures& m) { return m.p_block; }},
        {"P_wait", [](const Measures& m) { return m.p_wait; }},
        {"P_wait_given_accepted", [](const Measures& m) { return m.p_wait; }},
        {"P_wait_of_arrivals", [](const Measures& m) { return m.p_wait * (1 - m.p_block); }},
        {"P_abandon", [](const Measures& m) { return m.p_abandon; }},
        {"P_abandon_of_arrivals", [](const Measures& m) { return m.p_abandon; }},
        {"ASA", [](const Measures& m) { return m.mean_wait; }},
        {"E_wait_all", [](const Measures& m) { return m.mean_wait; }},
        {"E_wait_given_accepted", [](const Measures& m) { return m.mean_wait; }},
        {"E_wait_of_accepted", [](const Measures& m) { return m.mean_wait; }},
        {"E_queue_len", [](const Measures& m) { return m.mean_queue; }},
        {"occupancy", [](const Measures& m) { return m.occupancy; }},
        {"P_W_gt_T", [](const Measures& m) { return m.p_wait_longer; }},
        {"P_W_le_T", [](const Measures& m) { return 1 - m.p_wait_longer; }},
        {"P_served_within_T", [](const Measures& m) { return m.served_within; }},
        {"ASA seconds", [](const Measures& m) { return 60 * m.mean_wait; }},
        {"SL(20 s)", [](const Measures& m) { return m.served_within; }},
    };
    return kQuantities;
}

// "min n: P_abandon<=0.03": the smallest number of agents.
double smallest_agents(const Row& row) {
    const std::size_t sign = row.quantity.rfind('=') - 1;
    const std::string name = row.quantity.substr(7, sign - 7);
    const double bound = number(row.quantity.substr(sign + 2));
    const Quantity quantity = quantities().at(name == "P(W<=T)" ? std::string("P_W_le_T") : name);
    const auto is_enough = [&](const Measures& m) {
        return row.quantity[sign] == '<' ? quantity(m) <= bound : quantity(m) >= bound;
    };
    if (row.model != "ErlangB_min_n") {
        const auto found = smallest(row.queue, is_enough);
        return found ? static_cast<double>(found->agents) : 0;
    }
    StaffedQueue queue = row.queue;
    for (queue.agents = 1;; ++queue.agents) {
        queue.places = queue.agents;
        if (is_enough(measured(queue))) {
            return static_cast<double>(queue.agents);
        }
    }
}

// "load a: P_block=0.01": the load at which so much is blocked.
double load_at(const Row& row) {
    StaffedQueue queue = row.queue;
    double low = 0;
    double high = 1'000;
    for (int i = 0; i < 100; ++i) {
        queue.lambda = (low + high) / 2;
        (measured(queue).p_block < number_in(row.quantity) ? low : high) = queue.lambda;
    }
    return high;
}

// Nothing if the row is about something else than our measures.
std::optional<double> computed(const Row& row) {
    if (row.quantity.starts_with("min n: ")) {
        return smallest_agents(row);
    }
    if (row.model == "ErlangB_max_load") {
        return load_at(row);
    }
    const auto quantity = quantities().find(row.quantity);
    if (quantity == quantities().end() || row.model.starts_with("M/G/1")) {
        return std::nullopt;
    }
    StaffedQueue queue = row.queue;
    queue.within = row.quantity == "SL(20 s)" ? 1.0 / 3 : queue.within;
    return quantity->second(measured(queue));
}

// Half a unit of the last digit that is written, for what was published rounded.
double rounding_of(const Row& row) {
    const std::size_t point = row.value.find('.');
    const bool is_rounded = row.source.starts_with("PUBLISHED") && point != std::string::npos;
    return is_rounded ? 0.5 * std::pow(10, -static_cast<double>(row.value.size() - point - 1)) : 0;
}

// The probability of waiting in a centre of so many agents whose load is smaller than they are by
// beta times their root, with patience like handle times or without end; what is left of the limit
// falls with the root, and its first term is extrapolated away.
double near_limit(double beta, bool is_patient) {
    const auto at = [&](double root) {
        StaffedQueue queue;
        queue.agents = static_cast<std::int64_t>(root * root);
        queue.lambda = root * root - beta * root;
        queue.patience = is_patient ? std::nullopt : std::optional<Patience>(Exponential{1});
        return measured(queue).p_wait;
    };
    return 2 * at(800) - at(400);
}

TEST(ErlangReference, holds_in_every_row) {
    if (!std::filesystem::exists(reference_file())) {
        GTEST_SKIP() << "skipped: no reference data";
    }
    int checked = 0;
    double worst = 0;
    std::string worst_line;
    for (const Row& row : rows()) {
        const std::optional<double> ours = computed(row);
        if (!ours) {
            continue;
        }
        const double expected = number(row.value);
        const double error = std::fabs(*ours - expected);
        EXPECT_LE(error, std::max(1e-9 * expected, rounding_of(row))) << row.line << ": " << *ours;
        ++checked;
        if (rounding_of(row) == 0 && error / expected > worst) {
            worst = error / expected;
            worst_line = row.line;
        }
    }
    std::printf("%d rows checked, worst relative error %.2g in %s\n", checked, worst,
                worst_line.c_str());
    EXPECT_GT(checked, 0);
}

TEST(ErlangReference, nears_the_limits_of_many_agents) {
    if (!std::filesystem::exists(reference_file())) {
        GTEST_SKIP() << "skipped: no reference data";
    }
    int checked = 0;
    for (const Row& row : rows()) {
        if (row.model == "HalfinWhitt") {
            EXPECT_NEAR(near_limit(number(row.value), true), number_in(row.quantity), 1e-5);
            ++checked;
        } else if (row.model == "GarnettQED") {
            EXPECT_NEAR(near_limit(0, false), number(row.value), 1e-5);
            ++checked;
        }
    }
    std::printf("%d limits checked\n", checked);
}

}  // namespace
}  // namespace lanze::plan
