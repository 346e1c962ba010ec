// The words of `lanze why`: those of its JSON document, and those of its sentences.
#pragma once

#include <string>
#include <string_view>

#include "app/why.h"

namespace lanze::app {

// As in the JSON document.
std::string_view word(core::Occasion occasion);
std::string_view word(core::ExcludedBy by);
std::string_view word(core::AgentRule rule);
std::string_view word(core::PresentationEnd end);
std::string_view word(core::MoveCause cause);
std::string_view word(core::Channel channel);
std::string_view word(Recomputed recomputed);
std::string_view kind_word(const Moment& moment);

// "when an agent became free".
std::string said(core::Occasion occasion);
// "talking", after a number of agents.
std::string said(core::ExcludedBy by);
// "did not answer in time".
std::string said(core::PresentationEnd end);
std::string said(core::MoveCause cause);
std::string said(const core::ContactEnded& ended);

}  // namespace lanze::app
