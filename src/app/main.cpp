#include <cstdio>

#include "app/cli.h"
#include "base/variant.h"

namespace {

constexpr const char* kVersion = "0.1.0";

// The configuration says where the journal is and which zone its days are in; what stands on the
// command line wins.
template <typename Command>
bool find_journal(Command& command) {
    if (command.config_path.empty()) {
        return true;
    }
    const lanze::app::ConfigResult config = lanze::app::load_config(command.config_path);
    if (!config) {
        std::fputs(lanze::app::report_errors(config.error()).c_str(), stderr);
        return false;
    }
    command.options.journal_path = config->journal.path;
    if (command.options.keys_path.empty()) {
        command.options.keys_path = config->journal.keys_path;
    }
    if (command.options.time_zone.empty()) {
        command.options.time_zone = config->time_zone;
    }
    return true;
}

int run(const lanze::app::Subcommand& subcommand) {
    using namespace lanze::app;
    return std::visit(
        lanze::Overloaded{
            [](const ServeOptions& options) { return run_serve(options); },
            [](const CallOptions& options) { return run_call(options); },
            [](const CheckOptions& options) { return run_check(options); },
            [](const HoursOptions& options) { return run_hours(options); },
            [](ReportCommand command) {
                return find_journal(command) ? run_report(command.options) : kExitFailed;
            },
            [](ContactsCommand command) {
                return find_journal(command) ? run_contacts(command.options) : kExitFailed;
            },
            [](WhyCommand command) {
                return find_journal(command) ? run_why(command.options) : kExitFailed;
            },
            [](ReplayCommand command) {
                return find_journal(command) ? run_replay(command.options) : kExitFailed;
            },
            [](const PersonOptions& options) { return run_person(options); },
            [](const TokenOptions& options) { return run_token(options); },
            [](const ErlangOptions& options) { return run_erlang(options); },
            [](const SimulateOptions& options) { return run_simulate(options); },
            [](const StaffOptions& options) { return run_staff(options); },
            [](const SoakOptions& options) { return run_soak(options); },
            [](const VersionOptions&) {
                std::printf("lanze %s\n", kVersion);
                return kExitDone;
            },
        },
        subcommand);
}

}  // namespace

int main(int count, char** arguments) {
    const auto subcommand = lanze::app::parse_command_line(count, arguments);
    if (!subcommand) {
        const lanze::app::CommandLineEnd& end = subcommand.error();
        std::fputs(end.output.c_str(), end.exit_code == 0 ? stdout : stderr);
        return end.exit_code;
    }
    return run(*subcommand);
}
