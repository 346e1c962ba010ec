// Dialog: RFC 3261 §12 as a plain value; what is written down of it is all there is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "sip/message.h"
#include "sip/session_timer.h"  // whoever keeps a dialog times its session

namespace lanze::sip {

// One side's view of a dialog. Copyable, comparable, encodable field by field.
struct Dialog {
    bool is_caller = false;  // we sent the INVITE (UAC)
    std::string call_id;
    NameAddress local;   // with our tag
    NameAddress remote;  // with their tag once known
    std::uint32_t local_cseq = 0;
    std::uint32_t remote_cseq = 0;    // 0: none seen yet
    Uri remote_target;                // their Contact
    std::vector<NameAddress> routes;  // in sending order
    Flow flow;                        // where the dialog's messages came from or went to last
    bool is_confirmed = false;

    friend bool operator==(const Dialog&, const Dialog&) = default;
};

// Identifies a dialog: Call-ID, local tag, remote tag.
std::string dialog_key(const Dialog& dialog);
// The key a received message belongs to (request: To is us; response: From is us).
std::string dialog_key(const Message& message);

// UAS side: from an INVITE and our tag (§12.1.1).
Dialog make_uas_dialog(const Message& invite, const Flow& flow, std::string_view local_tag);
// UAC side: before the INVITE leaves (no remote tag, no route set yet beyond a given outbound
// route).
Dialog make_uac_dialog(const NameAddress& local, const NameAddress& remote, const Uri& target,
                       std::string_view call_id, std::string_view local_tag, std::uint32_t cseq,
                       const Flow& flow);
// Takes tag, target and (first time) the route set from a 1xx with tag or a 2xx (§12.1.2,
// §13.2.2.4).
void update_from_response(Dialog& dialog, const Message& response);
// Target refresh by a request in the dialog (re-INVITE, UPDATE).
void update_target(Dialog& dialog, const Message& message);

// A request inside the dialog (§12.2.1.1) without Via; counts local_cseq up except for ACK and
// CANCEL, which take `cseq_of_invite`. Loose and strict routing (§12.2.1.1).
Message make_request(Dialog& dialog, std::string_view method, const NameAddress& contact,
                     std::uint32_t cseq_of_invite = 0);

// False for a request whose CSeq is not above the last one (§12.2.2: answer 500); notes it
// otherwise.
bool accept_cseq(Dialog& dialog, const Message& request);

// Where the next request goes: the topmost route or the target, if its host is an IP address;
// a name must be resolved by the caller (returned as text with its port and transport).
struct NextHop {
    std::optional<Endpoint> endpoint;
    std::string host;
    std::uint16_t port = 0;
    Transport transport = Transport::udp;
};
NextHop next_hop(const Dialog& dialog);
NextHop next_hop(const Uri& uri);

}  // namespace lanze::sip
