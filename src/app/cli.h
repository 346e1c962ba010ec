// The command line: what is typed becomes the options of one subcommand, or a text and an exit
// code.
#pragma once

#include <string>
#include <variant>

#include "app/call.h"
#include "app/check.h"
#include "app/contacts.h"
#include "app/erlang.h"
#include "app/hours.h"
#include "app/person.h"
#include "app/replay.h"
#include "app/report.h"
#include "app/serve.h"
#include "app/simulate.h"
#include "app/soak.h"
#include "app/staff.h"
#include "app/token.h"
#include "app/why.h"
#include "base/result.h"

namespace lanze::app {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;  // the work could not be done, or found errors
inline constexpr int kExitBadCommandLine = 2;

struct VersionOptions {};

// What is read from a journal: the configuration names it, unless the command line did.
struct ReportCommand {
    std::string config_path;  // "": options.journal_path is set
    ReportOptions options;
};
struct ContactsCommand {
    std::string config_path;
    ContactsOptions options;
};
struct ReplayCommand {
    std::string config_path;
    ReplayOptions options;
};

struct WhyCommand {
    std::string config_path;
    WhyOptions options;
};

using Subcommand =
    std::variant<ServeOptions, CallOptions, CheckOptions, HoursOptions, ReportCommand,
                 ContactsCommand, WhyCommand, ReplayCommand, ErlangOptions, StaffOptions,
                 SimulateOptions, SoakOptions, PersonOptions, TokenOptions, VersionOptions>;

// Nothing is left to do but to print: a help text (exit code 0) or what was wrong.
struct CommandLineEnd {
    int exit_code = kExitDone;
    std::string output;  // to standard output if the exit code is 0, else to standard error
};

Result<Subcommand, CommandLineEnd> parse_command_line(int count, const char* const* arguments);

}  // namespace lanze::app
