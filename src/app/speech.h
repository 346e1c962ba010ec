// Speech: makes a WAV file that says a sentence, by running espeak-ng as a program of its own.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace lanze::app {

struct Speech {
    std::string text;      // UTF-8
    std::string language;  // a voice of espeak-ng: "de", "en"
};

inline constexpr Duration kSpeechTimeMax = seconds(20);

// The path of the WAV file in `cache_folder` (made if missing); a sentence that was said before is
// there already and nothing is run. Blocks for at most kSpeechTimeMax: for the start, not for the
// signal thread. The error is a sentence for the operator with what to do.
Result<std::string, std::string> speak(const Speech& speech, const std::string& cache_folder);

// What a program came to. `output` is what it wrote to its standard output and error, cut short.
struct ProgramOutcome {
    int exit_code = 0;
    std::string output;
};

// Runs a program, found in PATH, without a shell; it is killed when `time_max` is over.
Result<ProgramOutcome, std::string> run_program(const std::vector<std::string>& arguments,
                                                Duration time_max);

}  // namespace lanze::app
