// Mailbox: the way from any thread to the web thread, which stays safe after the server is gone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <mutex>
#include <utility>

namespace lanze::api {

// Shared by the server and by whoever still owes it an answer (the centre's thread); only the
// server closes it.
class Mailbox {
public:
    explicit Mailbox(boost::asio::io_context& io) : io_(&io) {}

    // Runs `work` on the web thread; drops it once the mailbox is closed.
    void post(std::function<void()> work) {
        const std::lock_guard lock(mutex_);
        if (io_ != nullptr) {
            boost::asio::post(*io_, std::move(work));
        }
    }

    void close() {
        const std::lock_guard lock(mutex_);
        io_ = nullptr;
    }

private:
    std::mutex mutex_;
    boost::asio::io_context* io_;
};

}  // namespace lanze::api
