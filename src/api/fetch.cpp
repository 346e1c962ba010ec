#include "api/fetch.h"

#include <curl/curl.h>

#include <chrono>
#include <memory>

#include "api/freed.h"
#include "base/endpoint.h"

namespace lanze::api {

namespace {

using Handle = std::unique_ptr<CURL, Freed<curl_easy_cleanup>>;
using Lines = std::unique_ptr<curl_slist, Freed<curl_slist_free_all>>;

// What libcurl calls with each piece; fewer bytes than given end the transfer.
std::size_t take_piece(char* data, std::size_t one, std::size_t count, void* into) {
    std::string& body = *static_cast<std::string*>(into);
    if (body.size() + count > kFetchedMax) {
        return 0;
    }
    body.append(data, one * count);
    return one * count;
}

std::string problem_of(CURLcode code) {
    return code == CURLE_WRITE_ERROR ? "answers with more than 64 KiB"
                                     : std::string("cannot be asked: ") + curl_easy_strerror(code);
}

}  // namespace

Result<Fetched, std::string> fetch_over_network(const FetchRequest& request) {
    // Once, and by whoever comes first (C++ makes the others wait).
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const Handle handle(ready == CURLE_OK ? curl_easy_init() : nullptr);
    const Lines lines(curl_slist_append(nullptr, "Accept: application/json"));
    if (handle == nullptr || lines == nullptr || !is_safe_address(request.address)) {
        return Unexpected(std::string("cannot be asked: no https address"));
    }
    Fetched fetched;
    CURL* curl = handle.get();
    const auto within = std::chrono::duration_cast<milliseconds>(kFetchWithin).count();
    curl_easy_setopt(curl, CURLOPT_URL, request.address.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);  // threads and signals do not mix
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(within));
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines.get());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_piece);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &fetched.body);
    if (!request.form.empty()) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.form.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.form.c_str());
    }
    if (!request.credential.empty()) {
        curl_easy_setopt(curl, CURLOPT_USERPWD, request.credential.c_str());
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    }
    if (!request.bearer.empty()) {
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, request.bearer.c_str());
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    }
    if (const CURLcode code = curl_easy_perform(curl); code != CURLE_OK) {
        return Unexpected(problem_of(code));
    }
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &fetched.status);
    return fetched;
}

bool is_safe_address(std::string_view address) {
    constexpr std::string_view kSecure = "https://";
    constexpr std::string_view kPlain = "http://";
    if (address.find_first_of(" \t\r\n\"\\@#") != std::string_view::npos) {
        return false;  // nothing that two readers could take for two hosts
    }
    if (address.starts_with(kSecure)) {
        return address.size() > kSecure.size() && address[kSecure.size()] != '/';
    }
    if (!address.starts_with(kPlain)) {
        return false;
    }
    std::string_view host = address.substr(kPlain.size());
    host = host.substr(0, host.find('/'));
    if (host.starts_with('[')) {
        return host.substr(0, host.find(']') + 1) == "[::1]";
    }
    host = host.substr(0, host.find(':'));
    const auto ip = IpAddress::parse(host);
    return host == "localhost" || (ip && ip->is_loopback());
}

}  // namespace lanze::api
