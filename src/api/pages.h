// Pages: the built page's files, read once at start and served from memory.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/http.h"
#include "api/target.h"

namespace lanze::api {

// Nothing but what was found at start is ever served, so that no path leads elsewhere. Without a
// directory (or without index.html in it) a built-in page says how to build it.
class Pages {
public:
    static constexpr std::size_t kFilesMax = 2'000;
    static constexpr std::size_t kSizeMax = std::size_t{32} << 20U;  // all files together

    // `call_page_frames`: whose pages may show /call in a frame, as in the directive
    // frame-ancestors; nothing: there is no /call.
    explicit Pages(const std::string& directory, std::optional<std::string> call_page_frames = {});

    // GET and HEAD. Paths without a dot are views of the page itself and get index.html.
    Response answer(const Request& request, const Target& target) const;

    bool is_built() const { return is_built_; }

private:
    struct File {
        std::string content_type;
        std::string body;
        std::string etag;
        bool is_immutable = false;  // its name changes with its content
        std::string gzip{};         // the same, packed; "": there is none
        std::string gzip_etag{};
    };
    void read(const std::string& directory);
    void pair_packed();
    const File* find(const Target& target) const;
    static bool is_call_page(const Target& target);

    std::map<std::string, File> files_;  // by path, "/index.html"
    bool is_built_ = false;
    std::optional<std::string> call_page_frames_;
};

// Headers that every response carries, unless it has one of that name already.
std::vector<Header> safety_headers();

}  // namespace lanze::api
