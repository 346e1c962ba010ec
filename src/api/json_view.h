// The views as JSON text, exactly as openapi.json says, and bodies back to fields.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/people.h"
#include "api/reload.h"
#include "base/time.h"
#include "core/config.h"
#include "core/record.h"
#include "ports/centre.h"

namespace lanze::api {

// A JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
std::string text_json(std::string_view text);
// "2026-11-23T10:00:00.000000Z".
std::string time_text(Time time);

// {"low_s", "high_s", "told_at", "found_by", "cause"} or null.
std::string told_wait_json(const std::optional<ports::ToldWait>& told);
std::string queue_json(const ports::QueueView& queue);
// Who looks at an agent: some things are for himself only.
enum class Seer : std::uint8_t { others, himself };
std::string agent_json(const ports::AgentView& agent, Seer seer);
// Whether others see no difference.
bool looks_alike(const ports::AgentView& a, const ports::AgentView& b);
std::string contact_json(const ports::ContactView& contact);
// An ended contact. Its agent is left out on purpose (charter: no contacts by agent).
std::string record_json(const core::ContactRecord& record);
// {"name", "roles", "agent"}; `agent` unset: null.
std::string person_json(const Person& person, core::AgentId agent);

std::string reloaded_json(const Reloaded& reloaded);
// {"error": {"code", "message"}, "errors": [{"line", "field", "what", "remedy"}]}; a line of 0 is
// null.
std::string reload_errors_json(const std::vector<ReloadError>& errors);

// [a,b,c] of JSON texts.
std::string array_json(const std::vector<std::string>& items);

std::string_view word(core::NotReadyReason reason);
std::string_view word(core::ContactEnd end);
std::string_view word(core::Channel channel);
std::string_view word(core::EndedBy by);
std::string_view word(ports::ContactState state);
std::string_view word(core::CutOffCause cause);
// Only the reasons a person can choose.
std::optional<core::NotReadyReason> chosen_reason(std::string_view text);

// The text fields of a JSON object; fields of other types are left out. Nothing if the body is not
// a JSON object or nests deeper than four levels. An empty body is an empty object.
std::optional<std::map<std::string, std::string>> parse_fields(std::string_view body);

}  // namespace lanze::api
