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
#include <thread>
#include <utility>

namespace lanze::app {

namespace {

constexpr std::size_t kEndpointsMax = 16;
constexpr std::uint16_t kSipPort = 5060;

struct Service {
    std::uint16_t priority = 0;
    std::uint16_t weight = 0;
    std::uint16_t port = 0;
    std::string host;
};

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

std::vector<Service> services(const edge::ProviderLookup& lookup) {
    const std::string name =
        (lookup.transport == sip::Transport::tcp ? "_sip._tcp." : "_sip._udp.") + lookup.host;
    std::array<unsigned char, 4096> answer{};
    std::vector<Service> found;
    const int size =
        res_query(name.c_str(), ns_c_in, ns_t_srv, answer.data(), static_cast<int>(answer.size()));
    ns_msg message{};
    if (size < 0 || ns_initparse(answer.data(), std::min(size, static_cast<int>(answer.size())),
                                 &message) != 0) {
        return found;
    }
    for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
        ns_rr record{};
        if (ns_parserr(&message, ns_s_an, i, &record) != 0 || ns_rr_type(record) != ns_t_srv ||
            ns_rr_rdlen(record) < 7) {
            continue;
        }
        const unsigned char* data = ns_rr_rdata(record);
        std::array<char, NS_MAXDNAME> host{};
        if (ns_name_uncompress(ns_msg_base(message), ns_msg_end(message), data + 6, host.data(),
                               host.size()) < 0) {
            continue;
        }
        found.push_back({static_cast<std::uint16_t>(ns_get16(data)),
                         static_cast<std::uint16_t>(ns_get16(data + 2)),
                         static_cast<std::uint16_t>(ns_get16(data + 4)), host.data()});
    }
    std::stable_sort(found.begin(), found.end(), [](const Service& a, const Service& b) {
        return a.priority != b.priority ? a.priority < b.priority : a.weight > b.weight;
    });
    return found;
}

}  // namespace

std::vector<Endpoint> look_up(const edge::ProviderLookup& lookup) {
    std::vector<Endpoint> endpoints;
    if (lookup.port == 0 && !IpAddress::parse(lookup.host)) {
        for (const Service& service : services(lookup)) {
            add_addresses(service.host, service.port, endpoints);
        }
    }
    if (endpoints.empty()) {
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
