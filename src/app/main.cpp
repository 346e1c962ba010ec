#include <cstdio>

#include "app/cli.h"
#include "base/variant.h"

namespace {

constexpr const char* kVersion = "0.1.0";

int run(const lanze::app::Subcommand& subcommand) {
    using namespace lanze::app;
    return std::visit(lanze::Overloaded{
                          [](const ServeOptions& options) { return run_serve(options); },
                          [](const CallOptions& options) { return run_call(options); },
                          [](const CheckOptions& options) { return run_check(options); },
                          [](const PersonOptions& options) { return run_person(options); },
                          [](const TokenOptions& options) { return run_token(options); },
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
