#include "app/serve.h"

#include <pthread.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <thread>

#include "api/server.h"
#include "app/api_settings.h"
#include "app/built_in.h"
#include "app/check.h"
#include "app/config.h"
#include "app/live_centre.h"
#include "app/live_clock.h"
#include "app/local_time.h"
#include "app/log.h"
#include "app/opening.h"
#include "app/reload.h"
#include "journal/sqlite_journal.h"
#include "media/workers.h"

namespace lanze::app {

namespace {

int fail(const std::string& sentence) {
    std::fprintf(stderr, "lanze: %s\n", sentence.c_str());
    return 1;
}

Result<media::Prompt, std::string> read_prompt(const std::string& field, const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    auto prompt = media::Prompt::from_wav(
        {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    if (!prompt) {
        return Unexpected(field + ": " + path + " is not a WAV file with 16 bit PCM or G.711");
    }
    return std::move(*prompt);
}

Result<media::Sounds, std::string> sounds_of(const MediaConfig& config) {
    media::Sounds sounds = media::Sounds::generated();
    struct Row {
        const char* field;
        const std::string& path;
        media::Prompt& prompt;
    };
    for (const Row& row :
         {Row{"media.waiting_music", config.waiting_music, sounds.waiting_music},
          Row{"media.closed_prompt", config.closed_prompt, sounds.closed},
          Row{"media.right_back_prompt", config.right_back_prompt, sounds.right_back}}) {
        if (row.path.empty()) {
            continue;
        }
        auto prompt = read_prompt(row.field, row.path);
        if (!prompt) {
            return Unexpected(prompt.error());
        }
        row.prompt = std::move(*prompt);
    }
    return sounds;
}

media::WorkerSettings worker_settings(const MediaConfig& config,
                                      const media::Certificate& certificate) {
    media::WorkerSettings settings;
    settings.certificate = certificate;
    settings.workers = config.workers;
    for (const MediaAddress& address : config.addresses) {
        settings.addresses.push_back({address.bind, address.advertise.value_or(address.bind)});
    }
    settings.port_first = config.port_first;
    settings.port_last = config.port_last;
    settings.port_rest = config.port_rest;
    settings.lent_min = 512;
    settings.lent_max = 4096;
    return settings;
}

void greet(const CentreConfig& config, const api::ApiServer& api) {
    const std::string desk = (config.http.certificate.is_given() ? "https://" : "http://") +
                             Endpoint{config.http.listen.address, api.port()}.to_string();
    std::printf("\n%s is open.\n\n", config.core.name.c_str());
    std::printf("  Desk and queues   %s\n", desk.c_str());
    if (api.new_people().empty()) {
        std::printf(
            "  Sign in           with the passwords printed at the first start; a new one: "
            "lanze person password\n");
    }
    for (const api::NewPassword& person : api.new_people()) {
        std::printf("  Sign in           %-12s %s\n", person.name.c_str(), person.password.c_str());
    }
    for (const edge::QueueLine& line : config.edge.queues) {
        std::printf("  Hear it work      build/release/lanze call %s\n",
                    line.numbers.empty() ? "NUMBER" : line.numbers.front().c_str());
        break;
    }
    if (!api.new_people().empty()) {
        std::printf("\nThese passwords are shown only now.\n");
    }
    std::printf("Ctrl-C ends the centre in good order.\n\n");
    std::fflush(stdout);
}

// The signals that end the centre, and the one by which it reads its file again; blocked in all
// threads, so that wait_for_end() gets them.
sigset_t expected_signals() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGHUP);
    return signals;
}

// The configuration, and with it the certificate's files.
void reload(Reloader& reloader, api::ApiServer& api) {
    const auto renew = [&api](const api::ReloadOutcome& outcome) {
        if (outcome) {
            api.renew_certificate();
        }
    };
    if (!reloader.request(renew)) {
        log_warning("reload", "too many reloads wait already; this one is not done");
    }
}

// SIGHUP of the kernel says that the terminal has gone, and then nobody would end the centre.
void wait_for_end(Reloader& reloader, api::ApiServer& api) {
    const sigset_t signals = expected_signals();
    while (true) {
        siginfo_t info{};
        const int received = sigwaitinfo(&signals, &info);
        if (received == SIGHUP && info.si_code != SI_KERNEL) {
            reload(reloader, api);
        } else if (received > 0) {
            return;
        }
    }
}

// Each leg has two sockets, and a pair rests 10 s after its call: as many descriptors as the system
// lets us have (docs/operating.md).
void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

Result<std::unique_ptr<journal::SqliteJournal>, std::string> open_journal(
    const CentreConfig& config) {
    journal::SqliteJournalOptions options;
    options.remember_days = static_cast<int>(config.desk.remember_days);
    return journal::SqliteJournal::open(config.journal.path, config.journal.keys_path, options);
}

int serve(CentreConfig config, bool is_quiet) {
    const auto folder = std::filesystem::path(config.journal.path).parent_path();
    auto built_in = BuiltIn::open(config, (folder / "speech-cache").string());
    if (!built_in) {
        return fail(built_in.error());
    }
    auto journal = open_journal(config);
    if (!journal) {
        return fail(journal.error());
    }
    auto sounds = sounds_of(config.media);
    if (!sounds) {
        return fail(sounds.error());
    }
    const std::optional<media::Certificate> certificate = media::Certificate::make();
    if (!certificate) {
        return fail("media: OpenSSL cannot make a certificate for browsers' telephones");
    }
    if (!config.media.closed_prompt.empty()) {
        config.edge.closed_prompt = sounds->closed.length();
    }
    config.edge.web_fingerprint = certificate->fingerprint();
    LiveCentreSettings settings{config.core,
                                config.edge,
                                offset_of_zone,
                                opening_of(config),
                                [&] { return (*journal)->is_full(); },
                                [&] { return std::uint64_t{(*journal)->waiting()}; }};
    auto centre = LiveCentre::open(
        std::move(settings), **journal,
        [&](std::function<void(ports::MediaReport)> report)
            -> Result<std::unique_ptr<ports::Media>, std::string> {
            auto workers = media::MediaWorkers::start(worker_settings(config.media, *certificate),
                                                      *sounds, std::move(report));
            if (!workers) {
                return Unexpected("media: " + std::string(media::describe(workers.error())));
            }
            return std::unique_ptr<ports::Media>(std::move(*workers));
        });
    if (!centre) {
        return fail(centre.error());
    }
    Reloader reloader(config, **centre);
    api::Settings served = api_settings(config);
    served.reload = [&reloader](std::function<void(api::ReloadOutcome)> done) {
        return reloader.request(std::move(done));
    };
    auto api = api::ApiServer::start(std::move(served), **centre);
    if (!api) {
        return fail(api.error());
    }
    std::thread signal_thread([&] { (*centre)->run(); });
    (*built_in)->start((*centre)->listeners().front().bound, !is_quiet);
    greet(config, **api);

    wait_for_end(reloader, **api);
    std::printf("\nClosing: calls are ended, the journal is completed.\n");
    std::fflush(stdout);
    reloader.stop();
    (*built_in)->stop();
    (*centre)->stop();
    signal_thread.join();
    (*api)->stop();
    api->reset();
    // The journal calls back into the centre, so it goes first.
    journal->reset();
    return 0;
}

}  // namespace

int run_serve(const ServeOptions& options) {
    auto config = load_config(options.config_path);
    if (!config) {
        for (const ConfigError& error : config.error()) {
            std::fprintf(stderr, "%s\n", to_string(error).c_str());
        }
        return 1;
    }
    // Calls matter more than a warning in browsers: the centre opens with an expired certificate.
    for (const ConfigError& error : certificate_errors(*config, LiveClock(Time{}).now())) {
        log_error("http", to_string(error));
    }
    for (const ConfigError& error : article_errors(*config)) {
        log_error("desk", to_string(error));
    }
    raise_descriptor_limit();
    setenv("TZ", config->time_zone.c_str(), 1);
    tzset();
    const sigset_t signals = expected_signals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    return serve(std::move(*config), options.is_quiet);
}

}  // namespace lanze::app
