#include "api/pages.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>

#include "api/passwords.h"

namespace lanze::api {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBuiltInPage = R"(<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Lanze</title>
<h1>Lanze is running</h1>
<p>The desk page is not built yet. Run <code>npm ci &amp;&amp; npm run build</code> in the folder
<code>ui</code>, set <code>page_directory</code> to <code>ui/dist</code> and start Lanze again.</p>
<p>The API is here: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</p>
</html>
)";

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kContentTypes{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".map", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".wav", "audio/wav"},
    {".mp3", "audio/mpeg"},
}};

std::string_view content_type_of(const fs::path& path) {
    const std::string extension = path.extension().string();
    const auto found =
        std::ranges::find(kContentTypes, extension, [](const auto& t) { return t.first; });
    return found == kContentTypes.end() ? "application/octet-stream" : found->second;
}

std::string etag_of(std::string_view body) {
    return "\"" + sha256_hex(body).substr(0, 32) + "\"";
}

constexpr char kContentPolicy[] = "Content-Security-Policy";

std::string content_policy(const std::string& frame_ancestors) {
    return "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
           "frame-ancestors " +
           frame_ancestors + "; object-src 'none'";
}

// Named, and not with a weight of nothing (RFC 9110 §12.5.3).
bool takes_gzip(const Request& request) {
    const std::string_view accepted = request.header("Accept-Encoding");
    const std::size_t at = accepted.find("gzip");
    return at != std::string_view::npos && !accepted.substr(at + 4).starts_with(";q=0");
}

}  // namespace

std::vector<Header> safety_headers() {
    return {
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {kContentPolicy, content_policy("'none'")},
    };
}

Pages::Pages(const std::string& directory, std::optional<std::string> call_page_frames)
    : call_page_frames_(std::move(call_page_frames)) {
    if (!directory.empty()) {
        read(directory);
    }
    is_built_ = files_.contains("/index.html");
    if (!is_built_) {
        files_.clear();
        files_["/index.html"] = {"text/html; charset=utf-8", std::string(kBuiltInPage),
                                 etag_of(kBuiltInPage), false};
    }
}

void Pages::read(const std::string& directory) {
    std::error_code error;
    std::size_t size = 0;
    // Links to directories are not followed; links to files and unreadable entries are left out.
    for (fs::recursive_directory_iterator it(directory, error), end; !error && it != end;
         it.increment(error)) {
        std::error_code bad;
        if (it->is_symlink(bad) || !it->is_regular_file(bad) || bad) {
            continue;
        }
        const auto file_size = it->file_size(bad);
        if (bad || size + file_size > kSizeMax || files_.size() >= kFilesMax) {
            continue;
        }
        size += file_size;
        std::ifstream in(it->path(), std::ios::binary);
        std::string body{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
        const std::string path = "/" + it->path().lexically_relative(directory).generic_string();
        std::string etag = etag_of(body);
        files_[path] = {std::string(content_type_of(it->path())), std::move(body), std::move(etag),
                        path.starts_with("/assets/")};
    }
    pair_packed();
}

// NAME.gz is another form of NAME.
void Pages::pair_packed() {
    static constexpr std::string_view kPacked = ".gz";
    for (auto it = files_.begin(); it != files_.end();) {
        const bool is_packed = it->first.ends_with(kPacked);
        const auto plain = is_packed
                               ? files_.find(it->first.substr(0, it->first.size() - kPacked.size()))
                               : files_.end();
        if (plain == files_.end()) {
            ++it;
            continue;
        }
        plain->second.gzip = std::move(it->second.body);
        plain->second.gzip_etag = std::move(it->second.etag);
        it = files_.erase(it);
    }
}

bool Pages::is_call_page(const Target& target) {
    return target.segments.size() == 1 &&
           (target.segments.front() == "call" || target.segments.front() == "call.html");
}

const Pages::File* Pages::find(const Target& target) const {
    if (is_call_page(target)) {
        const auto page = files_.find("/call.html");
        return call_page_frames_ && page != files_.end() ? &page->second : nullptr;
    }
    const bool is_view =
        target.segments.empty() || target.segments.back().find('.') == std::string::npos;
    const bool is_asset = !target.segments.empty() && target.segments.front() == "assets";
    const auto found = files_.find(is_view && !is_asset ? "/index.html" : target.path());
    return found == files_.end() ? nullptr : &found->second;
}

Response Pages::answer(const Request& request, const Target& target) const {
    if (request.method != "GET" && request.method != "HEAD") {
        Response refused = error_response(405, "method_not_allowed", "Pages can only be read.");
        refused.headers.push_back({"Allow", "GET, HEAD"});
        return refused;
    }
    const File* file = find(target);
    if (file == nullptr) {
        return error_response(404, "not_found", "There is no such page.");
    }
    Response response{.content_type = file->content_type};
    const bool is_packed = !file->gzip.empty() && takes_gzip(request);
    const std::string& etag = is_packed ? file->gzip_etag : file->etag;
    response.headers.push_back({"ETag", etag});
    if (!file->gzip.empty()) {
        response.headers.push_back({"Vary", "Accept-Encoding"});
    }
    response.headers.push_back(
        {"Cache-Control", file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache"});
    if (is_call_page(target)) {
        response.headers.push_back({kContentPolicy, content_policy(*call_page_frames_)});
        response.headers.push_back({"Permissions-Policy", "microphone=(self)"});
    }
    const std::string_view known = request.header("If-None-Match");
    if (known.find(etag) != std::string_view::npos || known == "*") {
        response.status = 304;
        return response;
    }
    if (is_packed) {
        response.headers.push_back({"Content-Encoding", "gzip"});
    }
    response.body = is_packed ? file->gzip : file->body;
    return response;
}

}  // namespace lanze::api
