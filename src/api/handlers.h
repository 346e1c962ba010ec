// The handlers behind the table of routes, by what they are about.
#pragma once

#include "api/routes.h"

namespace lanze::api {

// session_routes.cpp
void sign_in(const Call& call, const Respond& respond);
void show_session(const Call& call, const Respond& respond);
void sign_out(const Call& call, const Respond& respond);
void sign_out_everywhere(const Call& call, const Respond& respond);
void change_password(const Call& call, const Respond& respond);

// oidc_routes.cpp
void show_ways_in(const Call& call, const Respond& respond);
void go_to_provider(const Call& call, const Respond& respond);
void come_from_provider(const Call& call, const Respond& respond);

// floor_routes.cpp
void show_openapi(const Call& call, const Respond& respond);
void show_health(const Call& call, const Respond& respond);
void show_metrics(const Call& call, const Respond& respond);
void show_queues(const Call& call, const Respond& respond);
void show_queue(const Call& call, const Respond& respond);
void show_agents(const Call& call, const Respond& respond);
void show_agent(const Call& call, const Respond& respond);
void show_contacts(const Call& call, const Respond& respond);
void show_contact(const Call& call, const Respond& respond);
void show_why(const Call& call, const Respond& respond);

// desk_routes.cpp; a contact that the path names is a chat of the agent's, else his call is meant
void make_own_desk_ready(const Call& call, const Respond& respond);
void make_own_desk_not_ready(const Call& call, const Respond& respond);
void reject_presented(const Call& call, const Respond& respond);
void hang_up_own_contact(const Call& call, const Respond& respond);
void end_own_wrap_up(const Call& call, const Respond& respond);
void extend_own_wrap_up(const Call& call, const Respond& respond);
void take_own_breather(const Call& call, const Respond& respond);
void take_presented_chat(const Call& call, const Respond& respond);

// chat_routes.cpp
void send_file_to_guest(const Call& call, const Respond& respond);
void show_file_to_agent(const Call& call, const Respond& respond);
void send_file_to_agent(const Call& call, const Respond& respond);
void show_file_to_guest(const Call& call, const Respond& respond);

// contact_routes.cpp
void show_contact_at_desk(const Call& call, const Respond& respond);
void write_remark(const Call& call, const Respond& respond);
void show_own_day(const Call& call, const Respond& respond);

// knowledge_routes.cpp
void find_articles(const Call& call, const Respond& respond);
void show_article(const Call& call, const Respond& respond);
void add_article(const Call& call, const Respond& respond);
void change_article(const Call& call, const Respond& respond);
void remove_article(const Call& call, const Respond& respond);

// thanks_routes.cpp
void pass_thanks_on(const Call& call, const Respond& respond);
void show_own_thanks(const Call& call, const Respond& respond);
void remove_own_thanks(const Call& call, const Respond& respond);

// consult_routes.cpp
void transfer_own_contact(const Call& call, const Respond& respond);
void consult_about_own_contact(const Call& call, const Respond& respond);
void call_somebody(const Call& call, const Respond& respond);
void talk_in_consultation(const Call& call, const Respond& respond);
void join_consultation(const Call& call, const Respond& respond);
void complete_consultation(const Call& call, const Respond& respond);
void end_consultation(const Call& call, const Respond& respond);

// supervisor_routes.cpp
void make_agent_ready(const Call& call, const Respond& respond);
void make_agent_not_ready(const Call& call, const Respond& respond);
void plan_shift(const Call& call, const Respond& respond);
void drop_shift(const Call& call, const Respond& respond);
void assign_contact(const Call& call, const Respond& respond);
void move_contact(const Call& call, const Respond& respond);
void prioritise_contact(const Call& call, const Respond& respond);
void change_needs(const Call& call, const Respond& respond);

// configuration_routes.cpp
void reload_configuration(const Call& call, const Respond& respond);

// guest_routes.cpp
void show_concerns(const Call& call, const Respond& respond);
void give_challenge(const Call& call, const Respond& respond);
void begin_guest_call(const Call& call, const Respond& respond);
void end_guest_call(const Call& call, const Respond& respond);

// A plain GET where a WebSocket is wanted.
void refuse_without_upgrade(const Call& call, const Respond& respond);

}  // namespace lanze::api
