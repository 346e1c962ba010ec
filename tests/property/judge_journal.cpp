// judge_journal JOURNAL KEYS: asks the naive models about every presentation in a centre's journal,
// as it was lived through with real phones.
#include <cstdio>
#include <string>

#include "journal/journal_reader.h"
#include "property/judge.h"

namespace lanze::property {
namespace {

struct Verdict {
    Tally tally;
    std::uint64_t decisions = 0;
    std::uint64_t problems = 0;
};

void judge(Judge& judge, const ports::Decision& decision, Verdict& verdict) {
    ++verdict.decisions;
    const std::string problem = judge.hear(decision.command, decision.events, decision.at);
    if (!problem.empty() && ++verdict.problems <= 10) {
        std::printf("decision %llu: %s\n", static_cast<unsigned long long>(verdict.decisions),
                    problem.c_str());
    }
}

int run(const char* journal, const char* keys) {
    auto reader = journal::JournalReader::open(journal, keys);
    if (!reader) {
        std::printf("%s\n", reader.error().c_str());
        return 2;
    }
    Verdict verdict;
    Judge naive(verdict.tally);
    const auto read = (*reader)->replay(
        [&](const ports::Decision& decision) { judge(naive, decision, verdict); });
    if (!read) {
        std::printf("%s\n", read.error().c_str());
        return 2;
    }
    std::printf("%llu decisions, %llu presentations judged, %llu not as the naive model says\n",
                static_cast<unsigned long long>(verdict.decisions),
                static_cast<unsigned long long>(verdict.tally.of<core::ContactPresented>()),
                static_cast<unsigned long long>(verdict.problems));
    return verdict.problems == 0 ? 0 : 1;
}

}  // namespace
}  // namespace lanze::property

int main(int argc, char** argv) {
    if (argc != 3) {
        std::printf("judge_journal JOURNAL KEYS\n");
        return 2;
    }
    return lanze::property::run(argv[1], argv[2]);
}
