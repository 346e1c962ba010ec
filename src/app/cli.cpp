#include "app/cli.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <utility>

namespace lanze::app {

namespace {

constexpr const char* kExitCodes =
    "Exit codes: 0 done, 1 refused or found wrong (standard error says why), 2 the command line is "
    "wrong.";

// Builds the parser. Each add_* lets CLI11 write into options that live as long as this object, and
// notes the subcommand when it is the one that was called.
class Parser {
public:
    Parser() : app_("Lanze: an open contact centre in one program.", "lanze") {
        app_.footer("Example:\n  lanze check examples/hanse/lanze.toml\n\n" +
                    std::string(kExitCodes));
        app_.require_subcommand(1);
        app_.set_help_all_flag("--help-all", "Print the help of all subcommands");
        add_serve();
        add_call();
        add_check();
        add_hours();
        add_report();
        add_contacts();
        add_why();
        add_replay();
        add_person();
        add_token();
        add_erlang();
        add_simulate();
        add_staff();
        add_soak();
        add_version();
    }
    Parser(const Parser&) = delete;
    Parser& operator=(const Parser&) = delete;

    Result<Subcommand, CommandLineEnd> parse(int count, const char* const* arguments) {
        try {
            app_.parse(count, arguments);
        } catch (const CLI::ParseError& error) {
            return Unexpected(end_of(error));
        }
        return chosen_;
    }

private:
    CommandLineEnd end_of(const CLI::ParseError& error) {
        std::ostringstream output;
        std::ostringstream errors;
        const int code = app_.exit(error, output, errors);
        if (code == 0) {
            return {kExitDone, output.str()};
        }
        return {kExitBadCommandLine, "lanze: " + errors.str()};
    }

    CLI::App* add(CLI::App& parent, const std::string& name, const std::string& what,
                  const std::string& example) {
        CLI::App* command = parent.add_subcommand(name, what);
        command->footer("Example:\n  " + example + "\n\n" + kExitCodes);
        return command;
    }

    void add_file(CLI::App& command, std::string& path) {
        command
            .add_option("FILE,--config", path, "The centre's configuration (docs/configuration.md)")
            ->required();
    }

    void add_serve() {
        CLI::App* command = add(app_, "serve", "Run the centre until Ctrl-C",
                                "lanze serve --config examples/hanse/lanze.toml");
        add_file(*command, serve_.config_path);
        command->add_flag("--quiet", serve_.is_quiet, "Without the built-in callers");
        command->callback([this] { chosen_ = serve_; });
    }

    void add_call() {
        CLI::App* command =
            add(app_, "call",
                "Call a number of a centre, print each stage and what is heard; or be a phone",
                "lanze call bank\n  lanze call --agent --password ben-on-trial ben");
        command
            ->add_option("NUMBER", call_.number,
                         "The number to dial; with --agent the agent whose phone this is")
            ->required();
        command->add_flag("--agent", call_.is_agent, "Answer as a phone instead of calling");
        command->add_option("--server", call_.server, "Where the centre listens for SIP")
            ->capture_default_str();
        command->add_option("--local", call_.local, "Our own IP address")->capture_default_str();
        command->add_option("--port", call_.port, "Our own SIP port; 0: any")
            ->capture_default_str();
        command->add_flag("--tcp", call_.is_tcp, "SIP over TCP instead of UDP");
        command->add_option("--password", call_.password,
                            "With --agent: register at the server with this password");
        command->add_option("--for", call_.lasts_seconds, "Seconds until hanging up")
            ->capture_default_str();
        command->add_option("--patience", call_.patience_seconds, "Seconds to wait for an answer")
            ->capture_default_str();
        command
            ->add_option("--answer-after", call_.answers_after_seconds,
                         "With --agent: seconds to ring")
            ->capture_default_str();
        command->add_option("--reject", call_.rejects_with,
                            "With --agent: a status such as 603 instead of an answer");
        command->add_option("--calls", call_.calls, "With --agent: end after so many calls");
        command->add_option("--tone", call_.tone_hertz, "Hertz of the tone that is sent")
            ->capture_default_str();
        command->add_option("--level", call_.tone_dbm0, "Its level in dBm0")->capture_default_str();
        command->callback([this] { chosen_ = call_; });
    }

    void add_check() {
        CLI::App* command =
            add(app_, "check",
                "Read a configuration and say that it is fine, or everything that is wrong with it",
                "lanze check examples/hanse/lanze.toml");
        add_file(*command, check_.config_path);
        command->callback([this] { chosen_ = check_; });
    }

    void add_hours() {
        CLI::App* command = add(app_, "hours", "Print when each queue is open on the coming days",
                                "lanze hours examples/hanse/lanze.toml --days 30");
        add_file(*command, hours_.config_path);
        command->add_option("--days", hours_.days, "How many, from today on")
            ->check(CLI::Range(1, 800))
            ->capture_default_str();
        command->callback([this] { chosen_ = hours_; });
    }

    // Where the journal is: in the configuration, or named outright.
    template <typename Command>
    void add_journal(CLI::App& command, Command& target) {
        CLI::Option_group* where = command.add_option_group("Where");
        where->add_option("FILE,--config", target.config_path, "The centre's configuration");
        where->add_option("--journal", target.options.journal_path,
                          "The journal, where there is no configuration");
        where->require_option(1);
        command.add_option("--keys", target.options.keys_path,
                           "Its key file; default: the journal's name with the ending .keys");
        command.add_option("--time-zone", target.options.time_zone,
                           "The zone days begin in; default: the configuration's or the system's");
    }

    void add_report() {
        CLI::App* command =
            add(app_, "report",
                "Traffic, service level, handle times and occupancy, per queue and interval; also "
                "while serving",
                "lanze report examples/hanse/lanze.toml --from today --interval 30m");
        add_journal(*command, report_);
        ReportOptions& options = report_.options;
        command->add_option("--from", options.from,
                            "2026-03-01, \"2026-03-01 08:30\", today or yesterday; default: today");
        command->add_option("--to", options.to, "The same; default: now");
        command->add_option("--interval", options.interval, "15m, 30m, 1h or 1d")
            ->capture_default_str();
        command->add_option("--queue", options.queue, "One queue; default: all");
        command->add_option("--format", options.format, "table, csv or json")
            ->check(CLI::IsMember({"table", "csv", "json"}))
            ->capture_default_str();
        command->callback([this] { chosen_ = report_; });
    }

    void add_contacts() {
        CLI::App* command =
            add(app_, "contacts", "List contacts, newest first; who handled them is not told",
                "lanze contacts examples/hanse/lanze.toml --limit 50");
        add_journal(*command, contacts_);
        command->add_option("--limit", contacts_.options.limit, "How many")
            ->check(CLI::Range(1, 1'000'000))
            ->capture_default_str();
        command->add_flag("--json", contacts_.options.is_json, "As JSON, one contact a line");
        command->callback([this] { chosen_ = contacts_; });
    }

    void add_why() {
        CLI::App* command =
            add(app_, "why", "Tell a contact's life, and why it went to whom or to nobody",
                "lanze why 4711 examples/hanse/lanze.toml");
        command->add_option("CONTACT", why_.options.contact, "Its number (lanze contacts)")
            ->required()
            ->check(CLI::PositiveNumber);
        add_journal(*command, why_);
        command->add_flag("--names", why_.options.has_names,
                          "Name the agents who came into question, recomputed");
        command->add_flag("--json", why_.options.is_json, "As the API's document");
        command->callback([this] { chosen_ = why_; });
    }

    void add_replay() {
        CLI::App* command =
            add(app_, "replay",
                "Rebuild the past from a journal, decide it again, or simulate it with another "
                "configuration",
                "lanze replay examples/hanse/lanze.toml --verify\n"
                "  lanze replay examples/hanse/lanze.toml --with tried.toml --from yesterday");
        add_journal(*command, replay_);
        CLI::Option* verify =
            command->add_flag("--verify", replay_.options.verifies,
                              "Decide every command again and compare with what was recorded");
        CLI::Option* with = command->add_option(
            "--with", what_if_.other_path,
            "Another configuration: what would have been, beside what was (docs/planning.md)");
        with->excludes(verify);
        command
            ->add_option("--from", what_if_.from,
                         "With --with: 2026-03-01, \"2026-03-01 08:30\", today or yesterday; "
                         "default: the journal's beginning")
            ->needs(with);
        command->add_option("--to", what_if_.to, "The same; default: its end")->needs(with);
        command->add_option("--seed", what_if_.seed, "With --with: the same seed draws the same")
            ->needs(with)
            ->capture_default_str();
        command->add_option("--replications", what_if_.replications, "With --with: how many")
            ->needs(with)
            ->check(CLI::Range(sim::kReplicationsMin, sim::kReplicationsMax))
            ->capture_default_str();
        command
            ->add_option("--redials", what_if_.redials,
                         "With --with: this share of those who gave up or were blocked is taken to "
                         "have called again; default none")
            ->needs(with)
            ->check(CLI::Range(0.0, 1.0));
        command->add_option("--html", what_if_.html_path, "With --with: write a page, too")
            ->needs(with);
        command->add_flag("--json", replay_.options.is_json, "As JSON, with all measures");
        command->callback([this, with] {
            if (with->count() > 0) {
                replay_.options.what_if = what_if_;
            }
            chosen_ = replay_;
        });
    }

    CLI::App* add_person_action(CLI::App& parent, PersonAction action, const std::string& name,
                                const std::string& what) {
        const bool is_named = action != PersonAction::list;
        CLI::App* command = add(parent, name, what,
                                "lanze person " + name + " lanze.toml" + (is_named ? " mia" : ""));
        add_file(*command, person_.config_path);
        if (is_named) {
            command->add_option("NAME", person_.name, "The name the person signs in with")
                ->required();
        }
        command->callback([this, action] {
            person_.action = action;
            chosen_ = person_;
        });
        return command;
    }

    void add_person() {
        CLI::App* command = add(app_, "person", "Manage who may sign in, also while serving",
                                "lanze person add lanze.toml mia --roles supervisor");
        command->require_subcommand(1);
        add_person_action(*command, PersonAction::list, "list", "List all with their roles");
        CLI::App* adding = add_person_action(*command, PersonAction::add, "add",
                                             "Let a person in and print a first password");
        adding
            ->add_option("--roles", person_.roles,
                         "agent, planner, supervisor, administrator; several with commas")
            ->capture_default_str();
        adding->add_option("--agent", person_.agent,
                           "The agent whose desk it is; default: the one of the person's name");
        add_person_action(*command, PersonAction::password, "password",
                          "Print a new password; the old one and open sessions end");
        add_person_action(*command, PersonAction::remove, "remove", "Let a person in no longer");
    }

    void add_token_action(CLI::App& parent, TokenAction action, const std::string& name,
                          const std::string& what) {
        const bool is_named = action != TokenAction::list;
        CLI::App* command =
            add(parent, name, what,
                "lanze token " + name + " lanze.toml" + (is_named ? " wallboard" : ""));
        add_file(*command, token_.config_path);
        if (is_named) {
            command->add_option("NAME", token_.name, "What the token is for")->required();
        }
        command->callback([this, action] {
            token_.action = action;
            chosen_ = token_;
        });
    }

    void add_token() {
        CLI::App* command = add(app_, "token", "Manage the tokens of programs that use the API",
                                "lanze token add lanze.toml wallboard");
        command->require_subcommand(1);
        add_token_action(*command, TokenAction::list, "list", "List the tokens' names and ages");
        add_token_action(*command, TokenAction::add, "add", "Print a new token");
        add_token_action(*command, TokenAction::remove, "remove", "End a token");
    }

    void add_erlang() {
        CLI::App* command =
            add(app_, "erlang",
                "Compute one queue by Erlang's formulas, or the smallest number of agents for it",
                "lanze erlang a --lambda 48 --mu 1 --theta 0.5 --agents 50 --within 0.33");
        command
            ->add_option("MODEL", erlang_.model,
                         "b: no waiting; c: endless patience; a: exponential patience; x: any")
            ->required()
            ->check(CLI::IsMember({"b", "c", "a", "x"}));
        command->add_option("--lambda", erlang_.lambda, "Arrivals per time unit")->required();
        command->add_option("--mu", erlang_.mu, "Contacts a busy agent handles per time unit")
            ->required();
        command->add_option("--theta", erlang_.theta, "With a: 1 / mean patience");
        command->add_option("--patience", erlang_.patience,
                            "With x: fixed:TIME, exponential:MEAN, erlang2:MEAN, "
                            "weibull:SHAPE,SCALE or two:SHARE,MEAN,MEAN");
        command->add_option("--agents", erlang_.agents, "How many");
        command->add_option("--target", erlang_.target,
                            "Instead: the smallest number for service_level=0.8, p_abandon=0.03, "
                            "...");
        command->add_option("--places", erlang_.places,
                            "With c and a: contacts there at once, with agents or waiting");
        command->add_option("--within", erlang_.within, "The service level's threshold; default 0");
        command->add_option("--definition", erlang_.definition, "Of the service level")
            ->capture_default_str();
        command->add_option("--short-abandon", erlang_.short_abandon,
                            "Giving up sooner is a short abandon");
        command->add_flag("--json", erlang_.is_json, "As JSON, with 17 digits");
        command->callback([this] { chosen_ = erlang_; });
    }

    void add_simulate() {
        CLI::App* command =
            add(app_, "simulate",
                "Simulate a centre and its people with the router that runs it, and tell what "
                "callers and agents would meet",
                "lanze simulate examples/hanse/day.toml --html day.html");
        command->add_option("SCENARIO", simulate_.scenario_path, "The scenario's file (TOML)")
            ->required();
        auto* calls = command->add_option("--calls", simulate_.calls, "About so many first calls")
                          ->check(CLI::Range(1.0, kCallsMax));
        command->add_option("--days", simulate_.days, "So many days instead")
            ->check(CLI::Range(1U, kReplicationsMax))
            ->excludes(calls);
        command->add_option("--seed", simulate_.seed, "Of chance; the scenario's if not given");
        command
            ->add_option("--jobs", simulate_.jobs,
                         "Threads; as many as there are cores if not given. The results are the "
                         "same")
            ->check(CLI::Range(1U, kJobsMax));
        command->add_flag("--json", simulate_.is_json, "As JSON, with 17 digits");
        command->add_option("--html", simulate_.html_path, "Write a page with plots, too");
        command->callback([this] { chosen_ = simulate_; });
    }

    void add_staff() {
        CLI::App* command = add(
            app_, "staff",
            "Agents needed in each interval of a day whose load changes, checked by simulation, or "
            "the demands that conflict",
            "lanze staff examples/hanse/plan.toml --html plan.html");
        command->add_option("PLAN", staff_.plan_path, "Load and demands (docs/planning.md)")
            ->required();
        CLI::Option* json = command->add_flag("--json", staff_.is_json, "As JSON, with 17 digits");
        command->add_flag("--csv", staff_.is_csv, "As CSV, with 17 digits")->excludes(json);
        command->add_option("--html", staff_.html_path,
                            "Write a page with plots to this file as well");
        command->add_flag("--no-check", staff_.is_unchecked,
                          "By the formulas alone, without simulating the day");
        command->add_option("--seed", staff_.seed, "Of chance in the simulation")
            ->capture_default_str();
        command
            ->add_option("--jobs", staff_.jobs,
                         "Threads; as many as there are cores if not given. The results are the "
                         "same")
            ->check(CLI::Range(1U, kJobsMax));
        command->callback([this] { chosen_ = staff_; });
    }

    void add_soak() {
        CLI::App* command =
            add(app_, "soak",
                "Let a whole centre live through bad days in simulated time, and check it",
                "lanze soak --seeds 100\n  lanze soak --seed 4711 --story");
        command
            ->add_option("--seed", soak_.seed,
                         "Of the first day; the others follow it. Default: by the clock")
            ->check(CLI::PositiveNumber);
        command
            ->add_option("--seeds", soak_.seeds,
                         "How many days. Default: one with --seed, else ten")
            ->check(CLI::Range(1, 10'000'000));
        command->add_flag("--story", soak_.tells_story,
                          "Tell every packet and event on standard error");
        command->add_flag("--json", soak_.is_json, "As JSON");
        command->callback([this] { chosen_ = soak_; });
    }

    void add_version() {
        CLI::App* command = add(app_, "version", "Print the version", "lanze version");
        command->callback([this] { chosen_ = VersionOptions{}; });
    }

    CLI::App app_;
    ServeOptions serve_;
    CallOptions call_;
    CheckOptions check_;
    HoursOptions hours_;
    ReportCommand report_;
    ContactsCommand contacts_;
    WhyCommand why_;
    ReplayCommand replay_;
    WhatIfOptions what_if_;
    PersonOptions person_;
    TokenOptions token_;
    ErlangOptions erlang_;
    SimulateOptions simulate_;
    StaffOptions staff_;
    SoakOptions soak_;
    Subcommand chosen_ = VersionOptions{};
};

}  // namespace

Result<Subcommand, CommandLineEnd> parse_command_line(int count, const char* const* arguments) {
    return Parser().parse(count, arguments);
}

}  // namespace lanze::app
