// api_settings: what the API is told of the configuration, and how it reads the journal.
#pragma once

#include "api/server.h"
#include "app/config.h"

namespace lanze::app {

// The journal must have been made already. How the configuration is read again is left to the
// caller.
api::Settings api_settings(const CentreConfig& config);

}  // namespace lanze::app
