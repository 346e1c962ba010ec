#include "journal/key_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "core/codec.h"

namespace lanze::journal {

namespace {

constexpr std::string_view kHeader = "lanze keys 1";
constexpr std::size_t kFileBytesMax = 1U << 20U;
constexpr std::array<std::string_view, 3> kPurposes = {"agents", "callers", "index"};

std::string reason() {
    return std::strerror(errno);
}

// A descriptor that closes itself.
class File {
public:
    File(const std::string& path, int flags, mode_t mode = 0)
        : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (is_open()) {
            ::close(descriptor_);
        }
    }
    bool is_open() const { return descriptor_ >= 0; }
    int descriptor() const { return descriptor_; }

    bool write_all(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return true;
    }

private:
    int descriptor_;
};

std::string hex(const Key& key) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : key) {
        text.push_back(kDigits[byte >> 4U]);
        text.push_back(kDigits[byte & 15U]);
    }
    return text;
}

std::optional<Key> parse_hex(std::string_view text) {
    Key key;
    if (text.size() != 2 * key.size()) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < key.size(); ++i) {
        const char* first = text.data() + 2 * i;
        const auto [end, error] = std::from_chars(first, first + 2, key[i], 16);
        if (error != std::errc{} || end != first + 2) {
            return std::nullopt;
        }
    }
    return key;
}

// Takes the text up to `mark` off the front.
std::string_view take_until(std::string_view& text, char mark) {
    const std::size_t end = text.find(mark);
    const std::string_view taken = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return taken;
}

std::optional<std::string> read_file(const File& file) {
    std::string text;
    std::array<char, 4096> part{};
    while (text.size() <= kFileBytesMax) {
        const ssize_t got = ::read(file.descriptor(), part.data(), part.size());
        if (got <= 0) {
            return got == 0 ? std::optional(text) : std::nullopt;
        }
        text.append(part.data(), static_cast<std::size_t>(got));
    }
    return std::nullopt;
}

void overwrite(const File& file) {
    struct stat status {};
    if (!file.is_open() || ::fstat(file.descriptor(), &status) != 0) {
        return;
    }
    if (file.write_all(std::string(static_cast<std::size_t>(status.st_size), '\0'))) {
        ::fsync(file.descriptor());
    }
}

std::string folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) {
        return ".";
    }
    return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

Day day_of(Time time) {
    return std::chrono::floor<std::chrono::days>(time.time_since_epoch()).count();
}

Time start_of(Day day) {
    return Time{std::chrono::days{day}};
}

Result<KeyFile, std::string> KeyFile::load(const std::string& path) {
    KeyFile result(path);
    const File file(path, O_RDONLY);
    if (!file.is_open()) {
        if (errno == ENOENT) {
            return result;
        }
        return Unexpected("cannot read the key file " + path + ": " + reason());
    }
    const auto text = read_file(file);
    if (!text) {
        return Unexpected("cannot read the key file " + path + ": " + reason());
    }
    if (!result.parse(*text)) {
        return Unexpected("the key file " + path +
                          " is damaged or of a later version; put back the copy that belongs to "
                          "this journal");
    }
    return result;
}

// lanze keys 1
// agents 20500 0123...   (one line per key)
// end 1234567890         (hash of all before)
bool KeyFile::parse(std::string_view text) {
    const std::size_t end = text.rfind("end ");
    if (end == std::string_view::npos || take_until(text, '\n') != kHeader) {
        return false;
    }
    const std::string body =
        std::string(kHeader) + "\n" + std::string(text.substr(0, end - kHeader.size() - 1));
    while (!text.empty()) {
        std::string_view line = take_until(text, '\n');
        const std::string_view word = take_until(line, ' ');
        if (word == "end") {
            return line == std::to_string(core::stable_hash(body)) && text.empty();
        }
        const std::string_view number = take_until(line, ' ');
        Day day = 0;
        const auto parsed = std::from_chars(number.data(), number.data() + number.size(), day);
        const auto key = parse_hex(line);
        std::size_t purpose = 0;
        while (purpose < kPurposes.size() && kPurposes[purpose] != word) {
            ++purpose;
        }
        if (parsed.ec != std::errc{} || !key || purpose == kPurposes.size()) {
            return false;
        }
        keys_[{static_cast<Purpose>(purpose), day}] = *key;
    }
    return false;
}

std::string KeyFile::to_text() const {
    std::string text = std::string(kHeader) + "\n";
    for (const auto& [name, key] : keys_) {
        text += std::string(kPurposes[static_cast<std::size_t>(name.first)]) + " " +
                std::to_string(name.second) + " " + hex(key) + "\n";
    }
    return text + "end " + std::to_string(core::stable_hash(text)) + "\n";
}

std::optional<Key> KeyFile::find(Purpose purpose, Day day) const {
    const auto place = keys_.find({purpose, day});
    return place == keys_.end() ? std::nullopt : std::optional(place->second);
}

Result<Key, std::string> KeyFile::make(Purpose purpose, Day day) {
    if (const auto key = find(purpose, day)) {
        return *key;
    }
    const auto key = random_key();
    if (!key) {
        return Unexpected(std::string("the system gives no random numbers for a new key"));
    }
    keys_[{purpose, day}] = *key;
    return *key;
}

bool KeyFile::has_older(Purpose purpose, Day first_kept) const {
    const auto first = keys_.lower_bound({purpose, std::numeric_limits<Day>::min()});
    return first != keys_.end() && first->first.first == purpose &&
           first->first.second < first_kept;
}

bool KeyFile::shred(Purpose purpose, Day first_kept) {
    return std::erase_if(keys_, [&](const auto& entry) {
               return entry.first.first == purpose && entry.first.second < first_kept;
           }) > 0;
}

Result<void, std::string> KeyFile::save() const {
    const std::string fresh = path_ + ".new";
    const auto failed = [&](const char* what) {
        return Unexpected(std::string("cannot ") + what + " the key file " + path_ + ": " +
                          reason());
    };
    ::unlink(fresh.c_str());
    {
        const File file(fresh, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (!file.is_open() || !file.write_all(to_text()) || ::fsync(file.descriptor()) != 0) {
            return failed("write");
        }
    }
    const File old(path_, O_WRONLY);
    if (std::rename(fresh.c_str(), path_.c_str()) != 0) {
        return failed("replace");
    }
    const File folder(folder_of(path_), O_RDONLY | O_DIRECTORY);
    if (!folder.is_open() || ::fsync(folder.descriptor()) != 0) {
        return failed("make durable");
    }
    overwrite(old);
    return {};
}

}  // namespace lanze::journal
