#include "app/call.h"

#include <array>
#include <boost/asio.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "app/softphone.h"

namespace lanze::app {

namespace asio = boost::asio;

namespace {

const char* stage_text(PhoneStage stage) {
    switch (stage) {
        case PhoneStage::dialling:
            return "dialling";
        case PhoneStage::trying:
            return "the centre has the call";
        case PhoneStage::ringing:
            return "ringing";
        case PhoneStage::early:
            return "waiting, not yet answered (early media)";
        case PhoneStage::answered:
            return "answered";
        case PhoneStage::incoming:
            return "a call comes in";
        case PhoneStage::ended_here:
            return "hung up here";
        case PhoneStage::ended_there:
            return "hung up there";
        case PhoneStage::failed:
            return "failed";
        case PhoneStage::registered:
            return "registered";
        case PhoneStage::not_registered:
            return "not registered";
    }
    return "";
}

Duration from_seconds(double value) {
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(value));
}

class CallRun {
public:
    explicit CallRun(const CallOptions& options)
        : options_(options), timer_(loop_), meter_(loop_), signals_(loop_, SIGINT, SIGTERM) {}

    int run();

private:
    void on_news(const PhoneNews& news);
    void hang_up_in_time();
    void print(Time at, const std::string& line);
    void print_now(const std::string& line);
    static void print_line(double passed, const std::string& line);
    void measure_every_second();
    void finish(bool is_good);
    void summarise();

    const CallOptions& options_;
    asio::io_context loop_;
    asio::steady_timer timer_;
    asio::steady_timer meter_;
    asio::signal_set signals_;
    std::unique_ptr<SoftPhone> phone_;
    std::optional<Time> started_;
    std::chrono::steady_clock::time_point steady_start_;
    std::uint64_t seconds_printed_ = 0;
    std::size_t digits_printed_ = 0;
    int calls_ = 0;
    bool was_answered_ = false;
    bool is_good_ = false;
};

void CallRun::print(Time at, const std::string& line) {
    if (!started_) {
        started_ = at;
        steady_start_ = std::chrono::steady_clock::now();
    }
    print_line(std::chrono::duration<double>(at - *started_).count(), line);
}

void CallRun::print_now(const std::string& line) {
    print_line(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - steady_start_).count(),
        line);
}

void CallRun::print_line(double passed, const std::string& line) {
    std::printf("%8.3f s  %s\n", passed, line.c_str());
    std::fflush(stdout);
}

void CallRun::on_news(const PhoneNews& news) {
    std::string line = stage_text(news.stage);
    if (!news.text.empty()) {
        line += ": " + news.text;
    }
    print(news.at, line);
    switch (news.stage) {
        case PhoneStage::answered:
            was_answered_ = true;
            seconds_printed_ = 0;
            digits_printed_ = 0;
            measure_every_second();
            if (!options_.is_agent) {
                hang_up_in_time();
            }
            return;
        case PhoneStage::ended_here:
        case PhoneStage::ended_there:
        case PhoneStage::failed:
            ++calls_;
            meter_.cancel();
            summarise();
            if (!options_.is_agent || calls_ == options_.calls) {
                finish(was_answered_ && phone_->heard().packets_received > 0);
            }
            return;
        case PhoneStage::early:
            measure_every_second();
            return;
        case PhoneStage::dialling:
        case PhoneStage::trying:
        case PhoneStage::ringing:
        case PhoneStage::incoming:
        case PhoneStage::registered:
        case PhoneStage::not_registered:
            return;
    }
}

void CallRun::hang_up_in_time() {
    timer_.expires_after(from_seconds(options_.lasts_seconds));
    timer_.async_wait([this](const boost::system::error_code& error) {
        if (!error) {
            phone_->hang_up();
        }
    });
}

// One line for each second heard whose sound differs from the line before.
void CallRun::measure_every_second() {
    meter_.expires_after(std::chrono::seconds(1));
    meter_.async_wait([this](const boost::system::error_code& error) {
        if (error || !phone_->is_in_call()) {
            return;
        }
        const media::PhoneAudioReport heard = phone_->heard();
        if (heard.digits.size() > digits_printed_) {
            print_now("hears the digits " + heard.digits.substr(digits_printed_));
            digits_printed_ = heard.digits.size();
        }
        // What has just begun would be measured at a part that may fall between two beeps, always.
        if (heard.whole_seconds > seconds_printed_ && heard.last_whole) {
            seconds_printed_ = heard.whole_seconds;
            const media::Measurement& last = *heard.last_whole;
            std::array<char, 96> text{};
            if (last.frequency > 0) {
                std::snprintf(text.data(), text.size(), "hears %6.1f dBm0, strongest at %4.0f Hz",
                              last.level, last.frequency);
            } else {
                std::snprintf(text.data(), text.size(), "hears silence");
            }
            print_now(text.data());
        }
        measure_every_second();
    });
}

void CallRun::summarise() {
    const media::PhoneAudioReport heard = phone_->heard();
    std::printf(
        "            RTP: %llu sent, %llu received, %llu lost, jitter %.1f ms, longest gap "
        "%.0f ms\n",
        static_cast<unsigned long long>(heard.packets_sent),
        static_cast<unsigned long long>(heard.packets_received),
        static_cast<unsigned long long>(heard.packets_lost),
        std::chrono::duration<double, std::milli>(heard.jitter).count(),
        std::chrono::duration<double, std::milli>(heard.gap_max).count());
    std::fflush(stdout);
}

// The BYE gets a moment to be answered; then the loop ends.
void CallRun::finish(bool is_good) {
    is_good_ = is_good;
    phone_->sign_out();
    timer_.expires_after(std::chrono::milliseconds(300));
    timer_.async_wait([this](const boost::system::error_code&) { loop_.stop(); });
}

int CallRun::run() {
    const auto server = Endpoint::parse(options_.server);
    const auto local = IpAddress::parse(options_.local);
    if (!server || !local) {
        std::fprintf(stderr, "lanze: \"%s\" is not an address; write for instance %s\n",
                     server ? options_.local.c_str() : options_.server.c_str(),
                     server ? "127.0.0.1" : "127.0.0.1:5060");
        return 1;
    }
    SoftPhoneSettings settings;
    settings.name = options_.is_agent ? options_.number : "lanze-call";
    settings.display_name = options_.is_agent ? "" : "Test call";
    settings.listen = {*local, options_.port};
    settings.transport = options_.is_tcp ? sip::Transport::tcp : sip::Transport::udp;
    settings.audio = {media::Tone{options_.tone_hertz, options_.tone_dbm0}};
    settings.rings_for = from_seconds(options_.answers_after_seconds);
    settings.talks_for = options_.is_agent ? from_seconds(options_.lasts_seconds) : Duration{};
    settings.rejects_with = options_.rejects_with;
    settings.password = options_.password;
    settings.server = *server;
    auto phone = SoftPhone::open(loop_, settings, [this](const PhoneNews& news) { on_news(news); });
    if (!phone) {
        std::fprintf(stderr, "lanze: %s\n", phone.error().c_str());
        return 1;
    }
    phone_ = std::move(*phone);
    signals_.async_wait([this](const boost::system::error_code& error, int) {
        if (!error) {
            phone_->hang_up();
            finish(was_answered_);
        }
    });
    if (options_.is_agent) {
        std::printf("            the phone of %s listens at %s; Ctrl-C ends it\n",
                    options_.number.c_str(), phone_->listens_at().to_string().c_str());
        std::fflush(stdout);
    } else {
        timer_.expires_after(from_seconds(options_.patience_seconds));
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error && phone_->is_in_call()) {
                print_now("patience is over");
                phone_->hang_up();
            }
        });
        phone_->dial(options_.number);
    }
    loop_.run();
    return is_good_ ? 0 : 1;
}

}  // namespace

int run_call(const CallOptions& options) {
    return CallRun(options).run();
}

}  // namespace lanze::app
