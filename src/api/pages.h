// Pages: the built page's files, read once at start and served from memory.
#pragma once

#include <cstddef>
#include <map>
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

    explicit Pages(const std::string& directory);

    // GET and HEAD. Paths without a dot are views of the page itself and get index.html.
    Response answer(const Request& request, const Target& target) const;

    bool is_built() const { return is_built_; }

private:
    struct File {
        std::string content_type;
        std::string body;
        std::string etag;
        bool is_immutable = false;  // its name changes with its content
    };
    void read(const std::string& directory);
    const File* find(const Target& target) const;

    std::map<std::string, File> files_;  // by path, "/index.html"
    bool is_built_ = false;
};

// Headers that every response carries.
std::vector<Header> safety_headers();

}  // namespace lanze::api
