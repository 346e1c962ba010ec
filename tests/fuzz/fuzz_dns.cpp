// Whatever a DNS server answers: no crash, and the services are few, in order, and hosts.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "app/resolver.h"
#include "base/check.h"

using lanze::app::Service;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto services =
        lanze::app::parse_services(std::string_view(reinterpret_cast<const char*>(data), size));
    if (!services) {
        return 0;
    }
    LANZE_CHECK(services->size() <= lanze::app::kServicesMax);
    const auto is_before = [](const Service& a, const Service& b) {
        return a.priority < b.priority;
    };
    LANZE_CHECK(std::is_sorted(services->begin(), services->end(), is_before));
    for (const Service& service : *services) {
        LANZE_CHECK(!service.host.empty() && service.host.size() < 1025 && service.port != 0);
        LANZE_CHECK(service.host.find('\0') == std::string::npos && service.host != ".");
    }
    lanze::Rng rng(size);
    auto shuffled = *services;
    lanze::app::shuffle_by_weight(shuffled, rng);
    LANZE_CHECK(std::is_permutation(shuffled.begin(), shuffled.end(), services->begin()));
    LANZE_CHECK(std::is_sorted(shuffled.begin(), shuffled.end(), is_before));
    return 0;
}
