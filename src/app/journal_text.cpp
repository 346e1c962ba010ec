#include "app/journal_text.h"

#include <cstdio>

#include "app/local_time.h"
#include "app/report.h"
#include "journal/journal_reader.h"

namespace lanze::app {

Result<std::unique_ptr<journal::JournalReader>, std::string> open_journal(
    const std::string& journal_path, const std::string& keys_path) {
    return journal::JournalReader::open(journal_path,
                                        keys_path.empty() ? keys_path_of(journal_path) : keys_path);
}

int print_text(const std::string& time_zone,
               const std::function<Result<std::string, std::string>()>& make_text) {
    if (!use_time_zone(time_zone)) {
        std::fprintf(stderr, "lanze: the system does not know the time zone \"%s\"\n",
                     time_zone.c_str());
        return 1;
    }
    const auto text = make_text();
    if (!text) {
        std::fprintf(stderr, "lanze: %s\n", text.error().c_str());
        return 1;
    }
    std::fputs(text->c_str(), stdout);
    return 0;
}

}  // namespace lanze::app
