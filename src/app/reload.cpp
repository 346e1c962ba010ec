#include "app/reload.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>

#include "api/people.h"
#include "app/check.h"
#include "app/config_changes.h"
#include "app/log.h"
#include "app/opening.h"
#include "core/refusal.h"

namespace lanze::app {

namespace {

constexpr std::size_t kWaitingMax = 4;

using Errors = std::vector<api::ReloadError>;

// What the file does not say of the running centre: where phones that are built in were bound, and
// how long the announcement is.
void keep_what_runs(const CentreConfig& running, CentreConfig& next) {
    next.edge.closed_prompt = running.edge.closed_prompt;
    for (const BuiltInAgent& agent : running.built_in_agents) {
        const auto phone =
            std::find_if(running.edge.phones.begin(), running.edge.phones.end(),
                         [&](const edge::Phone& one) { return one.agent == agent.agent; });
        if (phone != running.edge.phones.end()) {
            next.edge.phones.push_back(*phone);
        }
    }
}

Errors log_errors(const std::vector<ConfigError>& found) {
    Errors errors;
    for (const ConfigError& error : found) {
        log_error("reload", to_string(error));
        errors.push_back({error.line, error.field, error.problem, error.remedy});
    }
    return errors;
}

Errors log_restart(const std::string& path, const std::vector<RestartField>& needed) {
    Errors errors;
    for (const RestartField& field : needed) {
        ConfigError error{path, 0, 0, field.field, "", "restart the centre for this"};
        error.problem = "was " + field.before + " and is now " + field.after;
        log_error("reload", to_string(error));
        errors.push_back({0, error.field, error.problem, error.remedy});
    }
    return errors;
}

Errors log_refusal(const std::string& path, const ports::CommandRefused& refused) {
    const bool is_in_use = refused.code == core::to_string(core::Refusal::queue_not_empty);
    const ConfigError error{path,
                            0,
                            0,
                            is_in_use ? "queue" : "",
                            refused.message,
                            is_in_use ? "wait until nobody does, or move who waits to another "
                                        "queue, and reload again"
                                      : "look at the file again"};
    log_error("reload", to_string(error));
    return {{0, error.field, error.problem, error.remedy}};
}

Time system_now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return Time{std::chrono::duration_cast<Duration>(since)};
}

// Through a connection of its own, so that hashing many passwords holds up nobody.
std::vector<std::string> make_people(const CentreConfig& config) {
    auto people = api::People::open(config.journal.people_path);
    auto made =
        people ? people->ensure_people(config.desk_agents, system_now())
               : Result<std::vector<api::NewPassword>, std::string>(Unexpected(people.error()));
    if (!made) {
        log_error("reload", "nobody new may sign in yet: " + made.error());
        return {};
    }
    std::vector<std::string> names;
    for (const api::NewPassword& person : *made) {
        std::printf("  Sign in           %-12s %s\n", person.name.c_str(), person.password.c_str());
        names.push_back(person.name);
    }
    if (!names.empty()) {
        std::printf("These passwords are shown only now.\n");
        std::fflush(stdout);
    }
    return names;
}

}  // namespace

Reloader::Reloader(CentreConfig running, LiveCentre& centre)
    : running_(std::move(running)), centre_(centre), work_(1, kWaitingMax) {}

bool Reloader::request(std::function<void(api::ReloadOutcome)> done) {
    return work_.add([this, done = std::move(done)] { done(reload()); });
}

api::ReloadOutcome Reloader::reload() {
    auto next = load_config(running_.path);
    Errors errors;
    if (!next) {
        errors = log_errors(next.error());
    } else {
        errors = log_restart(running_.path, restart_needed(running_, *next));
    }
    if (errors.empty()) {
        errors = log_errors(certificate_errors(*next, system_now()));
    }
    if (errors.empty()) {
        keep_what_runs(running_, *next);
        return take(std::move(*next));
    }
    log_error("reload", running_.path + " was not taken; nothing changed");
    return Unexpected(std::move(errors));
}

api::ReloadOutcome Reloader::take(CentreConfig next) {
    using Outcome = Result<std::uint64_t, ports::CommandRefused>;
    // Owned here and by the centre's thread, which may still be in set_value() when we go on.
    const auto told = std::make_shared<std::promise<Outcome>>();
    centre_.configure({next.core, next.edge, opening_of(next)},
                      [told](Outcome outcome) { told->set_value(std::move(outcome)); });
    const Outcome outcome = told->get_future().get();
    if (!outcome) {
        return Unexpected(log_refusal(running_.path, outcome.error()));
    }
    api::Reloaded reloaded{*outcome, changes_between(running_, next), make_people(next)};
    running_ = std::move(next);
    log_info("reload", running_.path + " was taken: " + describe(reloaded.changes));
    return reloaded;
}

}  // namespace lanze::app
