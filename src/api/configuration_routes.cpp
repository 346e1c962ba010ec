// What administrators do to the configuration of the running centre.
#include <utility>

#include "api/handlers.h"
#include "api/json_view.h"

namespace lanze::api {

void reload_configuration(const Call& call, const Respond& respond) {
    Context& context = call.context;
    if (!context.reload) {
        respond(error_response(503, "no_reload", "This centre cannot read its file again."));
        return;
    }
    context.people.note(context.now(), call.identity.person.name, "reloaded the configuration");
    const bool is_taken =
        context.reload([respond, renew = context.renew_certificate](const ReloadOutcome& outcome) {
            if (outcome && renew) {
                renew();
            }
            respond(outcome ? Response{.body = reloaded_json(*outcome)}
                            : Response{.status = 422, .body = reload_errors_json(outcome.error())});
        });
    if (!is_taken) {
        respond(error_response(503, "too_busy", "Too many reloads wait already; try again."));
    }
}

}  // namespace lanze::api
