#include "app/built_in.h"

#include <boost/asio.hpp>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

#include "app/log.h"
#include "app/softphone.h"
#include "app/speech.h"
#include "base/rng.h"

namespace lanze::app {

namespace asio = boost::asio;

namespace {

constexpr Duration kAgentTalksFor = minutes(3);

// What is said into a built-in phone: the sentence, or a quiet tone where nobody can speak it.
media::PhoneAudioSettings audio_of(const std::string& text, const std::string& language,
                                   const std::string& cache_folder) {
    media::PhoneAudioSettings tone{media::Tone{330.0, -24.0}};
    if (text.empty()) {
        return tone;
    }
    const auto path = speak({text, language}, cache_folder);
    if (!path) {
        log_warning("built-in", path.error());
        return tone;
    }
    std::ifstream file(*path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const std::span<const std::uint8_t> view(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                             bytes.size());
    auto prompt = media::Prompt::from_wav(view);
    if (!prompt) {
        log_warning("built-in", "the sentence's WAV file cannot be used; a tone is played");
        return tone;
    }
    return {std::move(*prompt)};
}

class BuiltInThread final : public BuiltIn {
public:
    ~BuiltInThread() override { stop(); }

    Result<void, std::string> open(CentreConfig& config, const std::string& cache_folder);
    void start(const Endpoint& centre, bool with_callers) override;
    void stop() override;

private:
    struct Caller {
        BuiltInCaller config;
        media::PhoneAudioSettings audio;
        std::unique_ptr<SoftPhone> phone;
        std::unique_ptr<asio::steady_timer> timer;
    };
    void plan_next(Caller& caller);
    void ring(Caller& caller);
    void on_news(Caller& caller, const PhoneNews& news);

    asio::io_context loop_;
    std::vector<std::unique_ptr<SoftPhone>> agents_;
    std::vector<std::unique_ptr<Caller>> callers_;
    Endpoint centre_;
    Rng rng_{
        static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count())};
    std::thread thread_;
};

Result<void, std::string> BuiltInThread::open(CentreConfig& config,
                                              const std::string& cache_folder) {
    for (const BuiltInAgent& agent : config.built_in_agents) {
        SoftPhoneSettings settings;
        settings.name = agent.agent;
        settings.listen = {IpAddress::v4(127, 0, 0, 1), agent.port};
        settings.audio = audio_of(agent.says, agent.language, cache_folder);
        settings.rings_for = milliseconds(1500);
        settings.talks_for = kAgentTalksFor;
        auto phone = SoftPhone::open(loop_, settings, [](const PhoneNews&) {});
        if (!phone) {
            return Unexpected("built-in agent " + agent.agent + ": " + phone.error());
        }
        edge::Phone entry;
        entry.agent = agent.agent;
        entry.check_every = Duration::zero();
        const Endpoint at = (*phone)->listens_at();
        entry.address = sip::Uri{};
        entry.address->user = agent.agent;
        entry.address->host = at.address.to_string();
        entry.address->port = at.port;
        config.edge.phones.push_back(std::move(entry));
        agents_.push_back(std::move(*phone));
    }
    for (const BuiltInCaller& caller : config.built_in_callers) {
        callers_.push_back(std::make_unique<Caller>(
            Caller{caller, audio_of(caller.says, caller.language, cache_folder), {}, {}}));
    }
    return {};
}

void BuiltInThread::start(const Endpoint& centre, bool with_callers) {
    centre_ = centre;
    if (with_callers) {
        for (const auto& caller : callers_) {
            caller->timer = std::make_unique<asio::steady_timer>(loop_);
            plan_next(*caller);
        }
    }
    thread_ = std::thread([this] {
        const auto work = asio::make_work_guard(loop_);
        loop_.run();
    });
}

void BuiltInThread::stop() {
    loop_.stop();
    if (thread_.joinable()) {
        thread_.join();
    }
}

// Poisson arrivals: the time to the next call is exponential.
void BuiltInThread::plan_next(Caller& caller) {
    const double mean = std::chrono::duration<double>(caller.config.every).count();
    const double wait = -mean * std::log(1.0 - rng_.unit());
    caller.timer->expires_after(
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(wait)));
    caller.timer->async_wait([this, &caller](const boost::system::error_code& error) {
        if (!error) {
            ring(caller);
        }
    });
}

void BuiltInThread::ring(Caller& caller) {
    SoftPhoneSettings settings;
    settings.name = caller.config.name;
    settings.display_name = caller.config.name;
    settings.listen = {IpAddress::v4(127, 0, 0, 1), 0};
    settings.audio = caller.audio;
    settings.server = centre_;
    auto phone = SoftPhone::open(loop_, settings,
                                 [this, &caller](const PhoneNews& news) { on_news(caller, news); });
    if (!phone) {
        log_warning("built-in", phone.error());
        plan_next(caller);
        return;
    }
    caller.phone = std::move(*phone);
    caller.timer->expires_after(caller.config.patience + caller.config.talk_for);
    caller.timer->async_wait([&caller](const boost::system::error_code& error) {
        if (!error && caller.phone) {
            caller.phone->hang_up();
        }
    });
    caller.phone->dial(caller.config.number);
}

void BuiltInThread::on_news(Caller& caller, const PhoneNews& news) {
    if (news.stage == PhoneStage::ended_here || news.stage == PhoneStage::ended_there ||
        news.stage == PhoneStage::failed) {
        // The phone lives on until its BYE is answered; the next call brings a new one.
        plan_next(caller);
    }
}

}  // namespace

Result<std::unique_ptr<BuiltIn>, std::string> BuiltIn::open(CentreConfig& config,
                                                            const std::string& cache_folder) {
    auto built_in = std::make_unique<BuiltInThread>();
    if (auto opened = built_in->open(config, cache_folder); !opened) {
        return Unexpected(opened.error());
    }
    return std::unique_ptr<BuiltIn>(std::move(built_in));
}

}  // namespace lanze::app
