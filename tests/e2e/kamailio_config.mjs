// Kamailio's configuration as a proxy that stays in the way by Record-Route; what a test wants of it
// besides is put in at three places.

// `address` is "ip:port"; `modules` are settings, `on_request` comes first for every request,
// `on_new` decides where a request outside a dialog goes ($du, $rU), before it is relayed.
export const kamailio_config = ({ address, modules = '', on_request = '', on_new }) => `
debug=1
log_stderror=yes
fork=no
children=1
auto_aliases=no
listen=udp:${address}
listen=tcp:${address}
tcp_children=1
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
modparam("rr", "enable_full_lr", 1)
${modules}
request_route {
    if (!mf_process_maxfwd_header("10")) {
        sl_send_reply("483", "Too Many Hops");
        exit;
    }
    ${on_request}
    if (has_totag()) {
        if (loose_route()) {
            t_relay();
            exit;
        }
        if (is_method("ACK")) {
            if (t_check_trans()) { t_relay(); }
            exit;
        }
        sl_send_reply("404", "Not Here");
        exit;
    }
    if (is_method("CANCEL")) {
        if (t_check_trans()) { t_relay(); }
        exit;
    }
    t_check_trans();
    record_route();
    ${on_new}
    t_relay();
}
`;
