#include "tidy/layer_rules.h"

#include <algorithm>
#include <array>
#include <optional>

namespace lanze::tidy {

namespace {

constexpr std::array<std::string_view, 8> kPure = {"base", "core",    "plan", "ports",
                                                   "sip",  "predict", "edge", "sim"};

constexpr std::array<std::string_view, 22> kBannedHeaders = {
    "<thread>",       "<mutex>",       "<shared_mutex>", "<condition_variable>",
    "<future>",       "<semaphore>",   "<latch>",        "<stop_token>",
    "<fstream>",      "<filesystem>",  "<iostream>",     "<cstdio>",
    "<ctime>",        "<random>",      "<unistd.h>",     "<pthread.h>",
    "<arpa/inet.h>",  "<netdb.h>",     "<fcntl.h>",      "<poll.h>",
    "<sys/socket.h>", "<netinet/in.h>"};

constexpr std::array<std::string_view, 16> kBannedWords = {
    "system_clock",  "steady_clock", "high_resolution_clock",
    "random_device", "sleep_for",    "sleep_until",
    "spdlog",        "thread",       "mutex",
    "jthread",       "ifstream",     "ofstream",
    "asio",          "mt19937",      "cout",
    "cerr"};

// Functions of C: banned only where they are called, not as the name of something of ours.
constexpr std::array<std::string_view, 16> kBannedCalls = {
    "time",   "clock",   "rand",   "srand",  "getenv",   "gettimeofday", "clock_gettime", "fopen",
    "printf", "fprintf", "socket", "sendto", "recvfrom", "usleep",       "localtime",     "system"};

template <typename Range>
bool holds(const Range& range, std::string_view value) {
    return std::find(range.begin(), range.end(), value) != range.end();
}

// A call of a free function: "x(" that is neither a member, nor somebody's declaration.
bool is_free_call(const std::string& code, const Word& word) {
    const std::size_t end = word.at + word.text.size();
    if (end >= code.size() || code[end] != '(') {
        return false;
    }
    const std::string before = code.substr(0, word.at);
    if (before.ends_with(".") || before.ends_with("->") || before.ends_with("~")) {
        return false;
    }
    if (before.ends_with("::")) {
        return before.ends_with("std::") || before == "::" || before.ends_with(" ::");
    }
    const std::size_t last = before.find_last_not_of(' ');
    if (last == std::string::npos || !before.ends_with(' ')) {
        return true;
    }
    const std::vector<Word> earlier = words(before);
    const bool follows_word =
        !earlier.empty() && earlier.back().at + earlier.back().text.size() == last + 1;
    return !(follows_word && earlier.back().text != "return") && before[last] != '>' &&
           before[last] != '&' && before[last] != '*';
}

std::vector<std::string> banned_in(const Line& line) {
    std::vector<std::string> result;
    const std::string header = included(line);
    if (holds(kBannedHeaders, header) || header.starts_with("<spdlog") ||
        header.starts_with("<boost/asio") || header.starts_with("<sys/")) {
        result.push_back(header);
    }
    if (!header.empty()) {
        return result;
    }
    for (const Word& word : words(line.code)) {
        const bool is_banned = holds(kBannedWords, word.text) ||
                               (holds(kBannedCalls, word.text) && is_free_call(line.code, word));
        if (is_banned) {
            result.emplace_back(word.text);
        }
    }
    return result;
}

Findings banned_in(const Source& source) {
    Findings result;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        for (std::string& what : banned_in(source.lines[i])) {
            result.push_back({source.path, i + 1, std::move(what)});
        }
    }
    return result;
}

bool is_library_header(const std::string& header) {
    // <ext/...> is the standard library's own too: extensions that libstdc++ brings with it.
    const bool is_std =
        header.find_first_of("./") == std::string::npos || header.starts_with("<ext/");
    return header.starts_with('<') && !is_std;
}

using ByPath = std::map<std::string, const Source*>;

// Marks what `source` includes of ours, and what that includes, and so on.
void follow(const Source& source, const ByPath& by_path, std::set<std::string>& reached) {
    for (const Line& line : source.lines) {
        const std::string path = "src/" + included(line);
        const auto found = by_path.find(path);
        if (found != by_path.end() && reached.insert(path).second) {
            follow(*found->second, by_path, reached);
        }
    }
}

// The headers that a file of another layer sees, directly or through others.
std::set<std::string> seen_from_outside(const std::vector<Source>& tree) {
    ByPath by_path;
    for (const Source& source : tree) {
        by_path[source.path] = &source;
    }
    std::set<std::string> result;
    for (const Source& source : tree) {
        std::set<std::string> reached;
        if (!source.layer().empty()) {
            follow(source, by_path, reached);
        }
        for (const std::string& path : reached) {
            if (by_path.at(path)->layer() != source.layer()) {
                result.insert(path);
            }
        }
    }
    return result;
}

std::set<std::string> names_in(std::string_view text) {
    std::set<std::string> result;
    for (const Word& word : words(text)) {
        result.emplace(word.text);
    }
    return result;
}

std::string joined(const std::set<std::string>& names) {
    std::string result;
    for (const std::string& name : names) {
        result += (result.empty() ? "" : " ") + name;
    }
    return result.empty() ? "nothing" : result;
}

// The words after USES up to LIBRARIES or the closing bracket of one lanze_layer(...) call.
std::set<std::string> used_in(const std::string& call) {
    const std::size_t uses = call.find(" USES ");
    if (uses == std::string::npos) {
        return {};
    }
    const std::size_t end = std::min(call.find("LIBRARIES", uses), call.find(')', uses));
    return names_in(std::string_view(call).substr(uses + 6, end - uses - 6));
}

}  // namespace

Layers parse_layers(const Source& cmake) {
    Layers result;
    std::string call;
    for (const Line& line : cmake.lines) {
        if (call.empty() && !line.whole.starts_with("lanze_layer(")) {
            continue;
        }
        call += line.whole + " ";
        if (call.find(')') == std::string::npos) {
            continue;
        }
        const std::vector<Word> call_words = words(call);
        result[std::string(call_words.at(1).text)] = used_in(call);
        call.clear();
    }
    return result;
}

Layers parse_layer_table(const Source& architecture) {
    Layers result;
    for (const Line& line : architecture.lines) {
        const std::string& row = line.whole;
        const std::size_t name_end = row.starts_with("| `") ? row.find("` | ") : std::string::npos;
        const std::size_t uses_end =
            name_end == std::string::npos ? name_end : row.find(" | ", name_end + 4);
        if (uses_end == std::string::npos || row.find('/') < uses_end) {
            continue;
        }
        std::set<std::string> uses = names_in(row.substr(name_end + 4, uses_end - name_end - 4));
        uses.erase("std");
        result[row.substr(3, name_end - 3)] = uses;
    }
    return result;
}

bool is_pure(std::string_view layer) {
    return holds(kPure, layer);
}

Findings check_includes(const std::vector<Source>& tree, const Layers& layers) {
    Findings findings;
    for (const auto& [layer, uses] : layers) {
        for (const std::string& used : uses) {
            if (!layers.contains(used)) {
                findings.push_back({"CMakeLists.txt", 0, layer + " uses unknown layer " + used});
            } else if (is_pure(layer) && !is_pure(used)) {
                findings.push_back({"CMakeLists.txt", 0, "pure layer " + layer + " uses " + used});
            }
        }
    }
    for (const Source& source : tree) {
        const std::string layer = source.layer();
        const auto uses = layers.find(layer);
        for (std::size_t i = 0; uses != layers.end() && i < source.lines.size(); ++i) {
            const std::string header = included(source.lines[i]);
            const std::string target = header.substr(0, header.find('/'));
            if (layers.contains(target) && target != layer && !uses->second.contains(target)) {
                findings.push_back({source.path, i + 1, layer + " must not include " + header});
            } else if (header.ends_with("_fixture.h") && !source.is_test()) {
                findings.push_back({source.path, i + 1, header + " is for tests only"});
            }
        }
    }
    return findings;
}

Findings check_library_headers(const std::vector<Source>& tree) {
    const std::set<std::string> outside = seen_from_outside(tree);
    Findings findings;
    for (const Source& source : tree) {
        const bool is_bound =
            !source.is_test() && (is_pure(source.layer()) || outside.contains(source.path));
        for (std::size_t i = 0; source.is_header() && is_bound && i < source.lines.size(); ++i) {
            const std::string header = included(source.lines[i]);
            if (is_library_header(header)) {
                findings.push_back({source.path, i + 1, "library header " + header + " in a .h"});
            }
        }
    }
    return findings;
}

Findings check_folders(const std::vector<Source>& tree, const Layers& layers, const Layers& table) {
    std::set<std::string> folders;
    for (const Source& source : tree) {
        folders.insert(source.layer());
    }
    folders.erase("");
    Findings findings;
    for (const std::string& folder : folders) {
        if (!layers.contains(folder)) {
            findings.push_back({"src/" + folder, 0, "no lanze_layer() in CMakeLists.txt"});
        }
    }
    for (const auto& [layer, uses] : layers) {
        const auto row = table.find(layer);
        if (row == table.end()) {
            findings.push_back({"ARCHITECTURE.md", 0, "no row for layer " + layer});
        } else if (row->second != uses) {
            findings.push_back(
                {"ARCHITECTURE.md", 0,
                 layer + " uses " + joined(uses) + ", the table says " + joined(row->second)});
        }
    }
    return findings;
}

const std::vector<Exception>& pure_exceptions() {
    static const std::vector<Exception> kExceptions = {
        {"src/base/check.cpp", "<cstdio>", "the last words of a process before it aborts"},
        {"src/base/check.cpp", "fprintf", "the last words of a process before it aborts"},
        {"src/base/endpoint.cpp", "<arpa/inet.h>", "inet_pton and inet_ntop only turn text"},
    };
    return kExceptions;
}

Findings check_purity(const std::vector<Source>& tree, const std::vector<Exception>& exceptions) {
    std::set<const Exception*> used;
    const auto is_excepted = [&](const std::string& path, const std::string& what) {
        const auto found =
            std::find_if(exceptions.begin(), exceptions.end(), [&](const Exception& exception) {
                return exception.path == path && exception.what == what;
            });
        if (found == exceptions.end()) {
            return false;
        }
        used.insert(&*found);
        return true;
    };
    Findings findings;
    for (const Source& source : tree) {
        // A test may read its data; that it does not sleep is another rule.
        if (!is_pure(source.layer()) || source.is_test()) {
            continue;
        }
        for (const Finding& finding : banned_in(source)) {
            if (!is_excepted(source.path, finding.what)) {
                findings.push_back({source.path, finding.line, finding.what + " in a pure layer"});
            }
        }
    }
    for (const Exception& exception : exceptions) {
        if (!used.contains(&exception)) {
            findings.push_back({exception.path, 0, "needs no exception for " + exception.what});
        }
    }
    return findings;
}

}  // namespace lanze::tidy
