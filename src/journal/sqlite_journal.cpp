#include "journal/sqlite_journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "base/check.h"
#include "journal/store.h"

namespace lanze::journal {

namespace {

constexpr int kExitLost = 74;  // EX_IOERR of sysexits.h

// Held by the one writer; the system lets go of it when the process ends, however it ends.
class WriterLock {
public:
    explicit WriterLock(const std::string& path)
        : descriptor_(::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
        is_held_ = descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
    }
    WriterLock(const WriterLock&) = delete;
    WriterLock& operator=(const WriterLock&) = delete;
    ~WriterLock() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    bool is_open() const { return descriptor_ >= 0; }
    bool is_held() const { return is_held_; }

private:
    int descriptor_;
    bool is_held_ = false;
};

Time system_time() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return Time{std::chrono::duration_cast<Duration>(now)};
}

void end_process(const std::string& message) {
    std::fputs(("lanze: " + message + "\n").c_str(), stderr);
    std::_Exit(kExitLost);
}

}  // namespace

struct SqliteJournal::State {
    State(const std::string& path, const SqliteJournalOptions& wanted)
        : options(wanted), lock(path) {}

    void run();
    bool take_group(std::vector<ports::Batch>& group);
    void lose_ground(const std::string& message);

    SqliteJournalOptions options;
    WriterLock lock;
    std::unique_ptr<Store> store;  // the journal thread's, once the first batch is handed over
    std::atomic<std::uint64_t> durable{0};
    std::uint64_t appended = 0;

    std::mutex mutex;  // guards what follows
    std::condition_variable has_work;
    std::deque<ports::Batch> queue;
    std::function<void(std::uint64_t)> callback;
    bool is_stopping = false;
    bool is_lost = false;

    std::atomic<std::size_t> waiting{0};
    std::thread thread;
};

// Waits for batches and takes all that are there, up to the group's limit. False: nothing more
// will come.
bool SqliteJournal::State::take_group(std::vector<ports::Batch>& group) {
    group.clear();
    std::unique_lock guard(mutex);
    has_work.wait(guard, [&] { return is_stopping || !queue.empty(); });
    while (!queue.empty() && group.size() < options.group_max) {
        group.push_back(std::move(queue.front()));
        queue.pop_front();
    }
    return !group.empty() && !is_lost;
}

void SqliteJournal::State::run() {
    std::vector<ports::Batch> group;
    while (take_group(group)) {
        if (const auto written = store->write(group); !written) {
            lose_ground("cannot write the journal, and nothing may happen without it: " +
                        written.error());
            return;
        }
        const std::uint64_t sequence = group.back().sequence;
        durable = sequence;
        waiting -= group.size();
        std::function<void(std::uint64_t)> told;
        {
            const std::lock_guard guard(mutex);
            told = callback;
        }
        if (told) {
            told(sequence);
        }
    }
}

void SqliteJournal::State::lose_ground(const std::string& message) {
    {
        const std::lock_guard guard(mutex);
        is_lost = true;
    }
    (options.on_lost ? options.on_lost : end_process)(message);
}

SqliteJournal::SqliteJournal(std::unique_ptr<State> state) : state_(std::move(state)) {
    state_->thread = std::thread([this] { state_->run(); });
}

SqliteJournal::~SqliteJournal() {
    {
        const std::lock_guard guard(state_->mutex);
        state_->is_stopping = true;
    }
    state_->has_work.notify_one();
    state_->thread.join();
}

Result<std::unique_ptr<SqliteJournal>, std::string> SqliteJournal::open(
    const std::string& path, const std::string& key_path, const SqliteJournalOptions& options) {
    auto state = std::make_unique<State>(path, options);
    if (!state->lock.is_open()) {
        return Unexpected("cannot write beside the journal " + path +
                          "; does the folder exist, and may this process write there?");
    }
    if (!state->lock.is_held()) {
        return Unexpected("the journal " + path +
                          " is in use by another process; two would destroy it");
    }
    const Time now = options.opened_at == from_micros(0) ? system_time() : options.opened_at;
    auto store =
        Store::open({path, key_path},
                    {options.agent_days, options.caller_days, options.remember_days}, day_of(now));
    if (!store) {
        return Unexpected(store.error());
    }
    state->store = std::move(*store);
    state->appended = state->store->last_sequence();
    state->durable = state->appended;
    return std::unique_ptr<SqliteJournal>(new SqliteJournal(std::move(state)));
}

void SqliteJournal::append(ports::Batch batch) {
    LANZE_CHECK(batch.sequence == state_->appended + 1);
    state_->appended = batch.sequence;
    ++state_->waiting;
    {
        const std::lock_guard guard(state_->mutex);
        state_->queue.push_back(std::move(batch));
    }
    state_->has_work.notify_one();
}

void SqliteJournal::on_durable(std::function<void(std::uint64_t)> callback) {
    const std::lock_guard guard(state_->mutex);
    state_->callback = std::move(callback);
}

std::uint64_t SqliteJournal::last_sequence() const {
    return state_->durable;
}

void SqliteJournal::replay(const std::function<void(const ports::Decision&)>& visit) {
    if (const auto replayed = state_->store->replay(visit); !replayed) {
        state_->lose_ground(replayed.error());
    }
}

std::vector<ports::Note> SqliteJournal::notes() {
    auto notes = state_->store->notes();
    if (!notes) {
        state_->lose_ground(notes.error());
        return {};
    }
    return std::move(*notes);
}

bool SqliteJournal::is_full() const {
    return state_->waiting >= state_->options.waiting_max;
}

std::size_t SqliteJournal::waiting() const {
    return state_->waiting;
}

}  // namespace lanze::journal
