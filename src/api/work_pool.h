// WorkPool: a few threads for work that would hold up the web thread, with a bounded queue.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lanze::api {

class WorkPool {
public:
    WorkPool(std::size_t threads, std::size_t waiting_max);
    ~WorkPool() { stop(); }
    WorkPool(const WorkPool&) = delete;
    WorkPool& operator=(const WorkPool&) = delete;

    // False: too much waits already; the work is not done.
    [[nodiscard]] bool add(std::function<void()> work);
    // Finishes the work begun and drops what waits; no more is taken.
    void stop();

private:
    void run();

    const std::size_t waiting_max_;
    std::mutex mutex_;
    std::condition_variable has_work_;
    std::deque<std::function<void()>> waiting_;
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace lanze::api
