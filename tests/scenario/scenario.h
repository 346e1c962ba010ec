// Scenario: one behaviour of the core in text that a contact-centre manager can read. The form is
// explained in tests/scenarios/README.md.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/floor.h"
#include "scenario/told.h"
#include "scenario/words.h"

namespace lanze::scenario {

// Runs a scenario line by line.
class Scenario {
public:
    Scenario() : teller_(floor_) {}
    Scenario(const Scenario&) = delete;
    Scenario& operator=(const Scenario&) = delete;

    // "" if it went as the line says, else what was wrong.
    std::string run(const std::string& line);

private:
    std::string declare(const Words& words);
    std::string step(const std::string& line);
    std::optional<core::Command> command(const Words& words);
    core::Command enter(const Words& words);
    template <typename Kind>
    core::Command hand_on(const Words& words);
    core::Command plan_shift(const Words& words);
    core::Command dial(const Words& words);
    core::Command hours(const Words& words);
    void hear(const core::Outcome& outcome, Time now, std::string& told);

    core::Config config_;
    bool is_configured_ = false;
    bool is_declared_anew_ = false;
    core::Floor floor_;
    core::Floor replayed_;
    Teller teller_;
};

// Writes what happened as a scenario, so that a failure can be read, kept and run again.
class ScenarioWriter {
public:
    // `floor` is the one that decided, and outlives the writer.
    explicit ScenarioWriter(const core::Floor& floor) : teller_(floor) {}

    // Call it right after the decision.
    void note(const core::Command& command, const core::Outcome& outcome, Time now);
    const std::string& text() const { return text_; }

private:
    Teller teller_;
    std::optional<Time> began_;
    int entered_ = 0;
    std::string text_;
};

}  // namespace lanze::scenario
