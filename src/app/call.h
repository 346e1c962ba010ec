// lanze call: a test caller or a test phone in the same program.
#pragma once

#include <cstdint>
#include <string>

namespace lanze::app {

struct CallOptions {
    std::string number;  // to dial; with is_agent the agent's name
    std::string server = "127.0.0.1:5060";
    std::string local = "127.0.0.1";  // our own address
    std::uint16_t port = 0;           // our own SIP port; 0: any
    bool is_tcp = false;
    bool is_agent = false;             // answers instead of calling
    std::string password;              // with is_agent: registers
    double lasts_seconds = 10;         // hang up so long after the answer
    double patience_seconds = 60;      // give up so long after dialling
    double answers_after_seconds = 1;  // with is_agent
    int rejects_with = 0;              // with is_agent: a status instead of an answer
    int calls = 0;                     // with is_agent: end after so many; 0: never
    double tone_hertz = 440;
    double tone_dbm0 = -13;
};

// 0: the call was answered and something was heard; 1: not.
int run_call(const CallOptions& options);

}  // namespace lanze::app
