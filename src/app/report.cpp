#include "app/report.h"

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "app/journal_text.h"
#include "app/local_time.h"
#include "journal/journal_reader.h"

namespace lanze::app {

namespace {

constexpr std::size_t kIntervalsMax = 5'000;

struct Span {
    Time from;
    Time to;
    Duration interval;
};

Result<Span, std::string> span_of(const ReportOptions& options, Time now) {
    const auto from = parse_local(options.from.empty() ? "today" : options.from, now);
    const auto to = options.to.empty() ? std::optional(now) : parse_local(options.to, now);
    const auto interval = parse_interval(options.interval);
    if (!from || !to) {
        return Unexpected("\"" + (from ? options.to : options.from) +
                          "\" is not a time; write 2026-03-01, 2026-03-01T08:30, today or "
                          "yesterday");
    }
    if (!interval) {
        return Unexpected("\"" + options.interval +
                          "\" is not an interval; write 15m, 30m, 1h or 1d");
    }
    if (*to <= *from) {
        return Unexpected(std::string("the report would end before it begins"));
    }
    if ((*to - *from) / *interval > static_cast<Duration::rep>(kIntervalsMax)) {
        return Unexpected("a report has at most " + std::to_string(kIntervalsMax) +
                          " intervals; take longer ones, or a shorter time");
    }
    return Span{*from, *to, *interval};
}

// Gathers a report from a journal: replays it for the agents' time and who still waits, then reads
// the finished contacts.
class Gathering {
public:
    Gathering(journal::JournalReader& reader, core::IntervalGrid grid)
        : reader_(reader), grid_(std::move(grid)), occupancy_(grid_) {}

    Result<Report, std::string> run(const std::string& only_queue);

private:
    void note(const ports::Decision& decision);
    Report empty_report(const std::string& only_queue) const;
    ReportLine* line_of(Report& report, core::QueueId queue, Time entered) const;
    void add_contacts(Report& report);
    void add_open(Report& report);
    void add_occupancy(Report& report) const;

    journal::JournalReader& reader_;
    core::IntervalGrid grid_;
    core::OccupancyTable occupancy_;
    core::RecordKeeper keeper_;
    std::vector<core::DivertedRecord> diverted_;
    Persons persons_;
    std::optional<core::Configured> configured_;
    Time last_;
};

void Gathering::note(const ports::Decision& decision) {
    static constexpr std::uint32_t kAnonymousFirst = 1U << 31U;
    last_ = std::max(last_, decision.at);
    for (const core::Event& event : decision.events) {
        occupancy_.note(event, decision.at);
        keeper_.note(event, decision.at);
        const auto* configured = std::get_if<core::Configured>(&event);
        if (configured == nullptr) {
            continue;
        }
        configured_ = *configured;
        for (const core::AgentId agent : configured->agent_ids) {
            if (agent.value() >= kAnonymousFirst) {
                const auto day = std::chrono::floor<std::chrono::days>(decision.at);
                persons_.note_anonymous(agent, day.time_since_epoch().count());
            }
        }
    }
    (void)keeper_.take_finished();  // read from their table, complete
    (void)keeper_.take_blocked();
    for (core::DivertedRecord& record : keeper_.take_diverted()) {
        if (record.queued >= grid_.start(0) && record.queued < grid_.end(grid_.size() - 1)) {
            diverted_.push_back(record);
        }
    }
}

Report Gathering::empty_report(const std::string& only_queue) const {
    Report report;
    report.centre = configured_->config.name;
    for (std::size_t i = 0; i < configured_->queue_ids.size(); ++i) {
        const core::QueueConfig& config = configured_->config.queues[i];
        if (!only_queue.empty() && only_queue != config.name) {
            continue;
        }
        ReportQueue queue{configured_->queue_ids[i], config.name, config.service_level, {}, {}};
        for (std::size_t j = 0; j < grid_.size(); ++j) {
            queue.lines.push_back({grid_.start(j), grid_.end(j), {}, {}, {}, false, false});
        }
        report.queues.push_back(std::move(queue));
    }
    return report;
}

ReportLine* Gathering::line_of(Report& report, core::QueueId queue, Time entered) const {
    const auto interval = grid_.index_of(entered);
    for (ReportQueue& candidate : report.queues) {
        if (candidate.id == queue && interval) {
            return &candidate.lines[*interval];
        }
    }
    return nullptr;
}

std::map<core::QueueId, core::ServiceLevel> levels_of(const Report& report) {
    std::map<core::QueueId, core::ServiceLevel> result;
    for (const ReportQueue& queue : report.queues) {
        result[queue.id] = queue.level;
    }
    return result;
}

void Gathering::add_contacts(Report& report) {
    const std::map<core::QueueId, core::ServiceLevel> levels = levels_of(report);
    journal::ContactQuery query;
    query.from = grid_.start(0);
    query.to = grid_.end(grid_.size() - 1);
    for (const journal::StoredContact& contact : reader_.contacts(query)) {
        const core::ContactRecord& record = contact.record;
        if (ReportLine* line = line_of(report, record.queue, record.queued)) {
            line->counts.add(record, levels.at(record.queue));
            if (record.answered) {
                line->handlers.insert(record.agent);
            }
        }
    }
    for (const core::DivertedRecord& diverted : diverted_) {
        if (ReportLine* line = line_of(report, diverted.queue, diverted.queued)) {
            line->counts.add(diverted);
        }
    }
    for (const core::BlockedRecord& blocked : reader_.blocked(query.from, query.to)) {
        if (ReportLine* line = line_of(report, blocked.queue, blocked.at)) {
            ++line->counts.blocked;
        }
    }
}

void Gathering::add_open(Report& report) {
    const std::map<core::QueueId, core::ServiceLevel> levels = levels_of(report);
    for (const core::ContactRecord& record : keeper_.open()) {
        if (ReportLine* line = line_of(report, record.queue, record.queued)) {
            line->counts.add_open(record, levels.at(record.queue));
        }
    }
}

void Gathering::add_occupancy(Report& report) const {
    for (ReportQueue& queue : report.queues) {
        for (std::size_t i = 0; i < queue.lines.size(); ++i) {
            queue.lines[i].occupancy = occupancy_.of(queue.id, i);
        }
    }
}

Result<Report, std::string> Gathering::run(const std::string& only_queue) {
    reader_.freeze();
    const auto replayed =
        reader_.replay([this](const ports::Decision& decision) { note(decision); },
                       [this](Time end) { occupancy_.forget(end); });
    if (!replayed) {
        reader_.release();
        return Unexpected(replayed.error());
    }
    if (!configured_) {
        reader_.release();
        return Unexpected(std::string("the journal is empty; nothing has been configured yet"));
    }
    occupancy_.cut(last_);
    Report report = empty_report(only_queue);
    if (report.queues.empty()) {
        reader_.release();
        return Unexpected("there is no queue \"" + only_queue + "\"");
    }
    add_contacts(report);
    reader_.release();
    add_open(report);
    add_occupancy(report);
    total_and_hide(report, persons_);
    return report;
}

std::optional<ReportFormat> format_of(const std::string& name) {
    if (name == "table") {
        return ReportFormat::table;
    }
    if (name == "csv") {
        return ReportFormat::csv;
    }
    return name == "json" ? std::optional(ReportFormat::json) : std::nullopt;
}

int fail(const std::string& sentence) {
    std::fprintf(stderr, "lanze: %s\n", sentence.c_str());
    return 1;
}

}  // namespace

std::string keys_path_of(const std::string& journal_path) {
    return std::filesystem::path(journal_path).replace_extension(".keys").string();
}

Time time_now() {
    return Time{
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
}

Result<Report, std::string> make_report(const ReportOptions& options, Time now) {
    const auto span = span_of(options, now);
    if (!span) {
        return Unexpected(span.error());
    }
    auto reader = open_journal(options.journal_path, options.keys_path);
    if (!reader) {
        return Unexpected(reader.error());
    }
    Gathering gathering(**reader, local_grid(span->from, span->to, span->interval));
    auto report = gathering.run(options.queue);
    if (report) {
        report->interval = span->interval;
        report->zone = options.time_zone;
    }
    return report;
}

int run_report(const ReportOptions& options) {
    if (!use_time_zone(options.time_zone)) {
        return fail("the system does not know the time zone \"" + options.time_zone + "\"");
    }
    const auto format = format_of(options.format);
    if (!format) {
        return fail("\"" + options.format + "\" is not a format; write table, csv or json");
    }
    const auto report = make_report(options, time_now());
    if (!report) {
        return fail(report.error());
    }
    std::fputs(report_text(*report, *format).c_str(), stdout);
    return 0;
}

}  // namespace lanze::app
