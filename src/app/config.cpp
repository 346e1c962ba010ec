#include "app/config.h"

#include "app/config_node.h"
#include "app/config_reader.h"
#include "app/config_sections.h"
#include "app/text_file.h"

namespace lanze::app {

namespace {

// One of every table, so that every field is asked for once.
constexpr std::string_view kSurvey = R"(
[routing]
[charter]
[desk]
[[trunk]]
credentials = {}
register = {}
[dial_out]
[[hours]]
week = {}
special_days = [{}]
[[queue]]
overflow = [{}]
service_level = {}
widening = [{}]
reserve = [{}]
[[agent]]
at_once = {}
interrupts = {}
[[agents]]
at_once = {}
interrupts = {}
[[caller]]
[call_page]
calls_per_address = {}
[[call_page.concern]]
)";

ConfigDraft read_sections(const ConfigNode& node, const std::string& path,
                          ConfigFindings& findings) {
    ConfigDraft draft;
    draft.config.path = path;
    TableReader root(node, "", findings);
    read_centre(root, draft);
    read_sip(root, draft);
    read_media(root, draft);
    read_trunks(root, draft);
    read_dial_out(root, draft);
    read_http(root, draft);
    read_oidc(root, draft);
    read_journal(root, draft);
    read_desk(root, draft);
    read_routing(root, draft);
    read_charter(root, draft);
    read_calendars(root, draft);
    read_queues(root, draft);
    read_agents(root, draft);
    read_call_page(root, draft);
    read_callers(root, draft);
    root.reject_unknown();
    check_queues_are_staffed(draft, findings);
    check_overflow_leads_on(draft, findings);
    check_ports_are_apart(draft, findings);
    check_callers_have_queues(draft, findings);
    check_cancelling_is_not_slower(draft, findings);
    return draft;
}

}  // namespace

std::vector<ConfigError> whole_file_error(const std::string& path, std::string problem,
                                          std::string remedy) {
    return {ConfigError{path, 0, 0, "", std::move(problem), std::move(remedy)}};
}

std::string to_string(const ConfigError& error) {
    std::string result = error.file;
    if (error.line != 0) {
        result += ":" + std::to_string(error.line) + ":" + std::to_string(error.column);
    }
    result += ": ";
    if (!error.field.empty()) {
        result += error.field + ": ";
    }
    result += error.problem;
    return error.remedy.empty() ? result : result + "; " + error.remedy;
}

ConfigResult parse_config(std::string_view text, const std::string& path) {
    if (text.size() > kConfigBytesMax) {
        return Unexpected(
            whole_file_error(path, "is larger than 16 MiB", "describe many alike by [[agents]]"));
    }
    ConfigFindings findings(path);
    const Result<ConfigNode, TomlError> node = parse_toml(text);
    if (!node) {
        findings.add(node.error().at, "", "is not TOML here: " + node.error().problem,
                     "see https://toml.io for how it is written");
        return Unexpected(findings.sorted_errors());
    }
    ConfigDraft draft = read_sections(*node, path, findings);
    if (findings.has_errors()) {
        return Unexpected(findings.sorted_errors());
    }
    return std::move(draft.config);
}

ConfigResult load_config(const std::string& path) {
    // One byte more than allowed is enough to see that it is too large.
    const auto text = read_text_file(path, kConfigBytesMax + 1);
    if (!text) {
        return Unexpected(whole_file_error(path, "cannot be read",
                                           "check that it is there and that you may read it"));
    }
    return parse_config(*text, path);
}

std::vector<std::string> known_config_fields() {
    const Result<ConfigNode, TomlError> node = parse_toml(kSurvey);
    LANZE_CHECK(node.has_value());
    ConfigFindings findings("", true);
    read_sections(*node, "", findings);
    return findings.known_fields();
}

}  // namespace lanze::app
