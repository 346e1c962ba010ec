#include "app/resolver.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <numeric>
#include <thread>
#include <utility>

#include "app/live_clock.h"

namespace lanze::app {

namespace {

constexpr std::size_t kEndpointsMax = 16;
constexpr std::uint16_t kSipPort = 5060;
constexpr std::size_t kSrvHead = 6;  // priority, weight, port; the target follows
constexpr std::size_t kAnswerMax = 65535;

// Letters, digits, '-', '_' and single dots, as hosts are written. What else a target may hold is
// nothing that could be looked up.
bool is_plain_host(std::string_view host) {
    const bool has_only_plain = std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
    return has_only_plain && !host.empty() && host.front() != '.' && host.front() != '-' &&
           !IpAddress::parse(host);
}

// A record's service; its host is "." or "" where the target cannot be used. Nothing: the record
// is broken.
std::optional<Service> read_service(const ns_msg& message, const ns_rr& record) {
    if (ns_rr_rdlen(record) <= kSrvHead) {
        return std::nullopt;
    }
    const unsigned char* data = ns_rr_rdata(record);
    std::array<char, NS_MAXDNAME> name{};
    // Compressed targets are forbidden by RFC 2782 and sent all the same; loops are refused here.
    if (ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), data + kSrvHead, name.data(),
                           name.size()) < 0) {
        return std::nullopt;
    }
    const std::string host = name.data();
    Service service{static_cast<std::uint16_t>(ns_get16(data)),
                    static_cast<std::uint16_t>(ns_get16(data + 2)),
                    static_cast<std::uint16_t>(ns_get16(data + 4)), host};
    if (host != "." && (!is_plain_host(host) || service.port == 0)) {
        service.host.clear();
    }
    return service;
}

// The addresses of a host name, or the address it is.
void add_addresses(const std::string& host, std::uint16_t port, std::vector<Endpoint>& endpoints) {
    if (const auto address = IpAddress::parse(host)) {
        endpoints.push_back({*address, port});
        return;
    }
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
        return;
    }
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0,
                        NI_NUMERICHOST) == 0) {
            if (const auto address = IpAddress::parse(text.data())) {
                endpoints.push_back({*address, port});
            }
        }
    }
    freeaddrinfo(found);
}

std::optional<std::vector<Service>> ask_services(const edge::ProviderLookup& lookup) {
    const std::string name =
        (lookup.transport == sip::Transport::tcp ? "_sip._tcp." : "_sip._udp.") + lookup.host;
    std::vector<unsigned char> answer(kAnswerMax);
    const int size =
        res_query(name.c_str(), ns_c_in, ns_t_srv, answer.data(), static_cast<int>(answer.size()));
    if (size < 0) {
        return std::nullopt;
    }
    return parse_services({reinterpret_cast<const char*>(answer.data()),
                           std::min(static_cast<std::size_t>(size), answer.size())});
}

}  // namespace

std::optional<std::vector<Service>> parse_services(std::string_view answer) {
    ns_msg message{};
    const auto* bytes = reinterpret_cast<const unsigned char*>(answer.data());
    if (answer.size() > kAnswerMax ||
        ns_initparse(bytes, static_cast<int>(answer.size()), &message) != 0) {
        return std::nullopt;
    }
    std::vector<Service> services;
    bool has_any = false;
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
        ns_rr record{};
        if (ns_parserr(&message, ns_s_an, i, &record) != 0) {
            return std::nullopt;
        }
        if (ns_rr_type(record) != ns_t_srv || ns_rr_class(record) != ns_c_in) {
            continue;  // the aliases on the way there
        }
        auto service = read_service(message, record);
        if (!service) {
            return std::nullopt;
        }
        has_any = has_any || !service->host.empty();
        if (!service->host.empty() && service->host != ".") {
            services.push_back(std::move(*service));
        }
    }
    std::stable_sort(services.begin(), services.end(),
                     [](const Service& a, const Service& b) { return a.priority < b.priority; });
    services.resize(std::min(services.size(), kServicesMax));
    return has_any ? std::optional(std::move(services)) : std::nullopt;
}

void shuffle_by_weight(std::vector<Service>& services, Rng& rng) {
    const auto same_priority_end = [&](auto from) {
        return std::find_if(from, services.end(), [&](const Service& service) {
            return service.priority != from->priority;
        });
    };
    for (auto next = services.begin(); next != services.end(); ++next) {
        const auto end = same_priority_end(next);
        // Those without weight come first here, so that they are drawn at all, if seldom.
        std::stable_partition(next, end,
                              [](const Service& service) { return service.weight == 0; });
        const std::uint32_t sum = std::accumulate(
            next, end, std::uint32_t{0},
            [](std::uint32_t so_far, const Service& service) { return so_far + service.weight; });
        const std::uint32_t drawn = rng.below(sum + 1);
        std::uint32_t running = 0;
        const auto chosen = std::find_if(next, end, [&](const Service& service) {
            running += service.weight;
            return running >= drawn;
        });
        std::rotate(next, chosen, chosen + 1);
    }
}

std::vector<Endpoint> look_up(const edge::ProviderLookup& lookup) {
    std::vector<Endpoint> endpoints;
    const bool has_services = lookup.port == 0 && !IpAddress::parse(lookup.host);
    if (auto services = has_services ? ask_services(lookup) : std::nullopt) {
        Rng rng(LiveEntropy().next64());
        shuffle_by_weight(*services, rng);
        for (const Service& service : *services) {
            add_addresses(service.host, service.port, endpoints);
        }
    } else {
        add_addresses(lookup.host, lookup.port == 0 ? kSipPort : lookup.port, endpoints);
    }
    endpoints.resize(std::min(endpoints.size(), kEndpointsMax));
    return endpoints;
}

struct Resolver::State {
    Answer answer;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<edge::ProviderLookup> questions;
    bool is_stopping = false;
    std::thread thread;

    void run() {
        std::unique_lock lock(mutex);
        while (true) {
            changed.wait(lock, [this] { return is_stopping || !questions.empty(); });
            if (is_stopping) {
                return;
            }
            const edge::ProviderLookup lookup = std::move(questions.front());
            questions.pop_front();
            lock.unlock();
            answer(lookup.trunk, look_up(lookup));
            lock.lock();
        }
    }
};

Resolver::Resolver(Answer answer) : state_(std::make_unique<State>()) {
    state_->answer = std::move(answer);
    state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Resolver::~Resolver() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->is_stopping = true;
    }
    state_->changed.notify_all();
    state_->thread.join();
}

void Resolver::ask(const edge::ProviderLookup& lookup) {
    {
        const std::lock_guard lock(state_->mutex);
        state_->questions.push_back(lookup);
    }
    state_->changed.notify_one();
}

}  // namespace lanze::app
