#include <algorithm>

#include "sip/grammar.h"
#include "sip/message.h"

namespace lanze::sip {

namespace {

constexpr std::size_t kHeadSizeMax = 16'384;
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

// The one Content-Length of a head; nothing: none, no number, too large, or several that differ.
std::optional<std::size_t> content_length(std::string_view head) {
    std::optional<std::size_t> length;
    std::size_t end = head.find(kLineEnd);
    while (end != std::string_view::npos) {
        head.remove_prefix(end + kLineEnd.size());
        end = head.find(kLineEnd);
        const std::string_view line = head.substr(0, end);
        const std::size_t colon = line.find(':');
        const std::string_view name = trim(line.substr(0, colon));
        if (colon == std::string_view::npos || is_blank(line.front()) ||
            !(equals_ignoring_case(name, "Content-Length") || equals_ignoring_case(name, "l"))) {
            continue;
        }
        std::string_view value = line.substr(colon + 1);
        const bool is_folded =
            end != std::string_view::npos && end + 2 < head.size() && is_blank(head[end + 2]);
        if (is_folded) {  // "Content-Length:\r\n 5": the number stands in the next line
            const std::size_t next = head.find(kLineEnd, end + 2);
            value = trim(value).empty() ? head.substr(end, next - end) : value;
        }
        const auto number = parse_number<std::size_t>(trim(value), kMessageSizeMax);
        if (!number || (length && *length != *number)) {
            return std::nullopt;
        }
        length = number;
    }
    return length;
}

}  // namespace

bool StreamFramer::find_head_end(std::string_view rest) {
    // An empty line may begin in what was searched before, up to three bytes back.
    const std::size_t from = scanned_ < kHeadEnd.size() ? 0 : scanned_ - kHeadEnd.size() + 1;
    const std::size_t end = rest.find(kHeadEnd, from);
    const std::size_t head_size = end == std::string_view::npos ? rest.size() : end;
    scanned_ = rest.size();
    if (head_size > kHeadSizeMax) {
        is_broken_ = true;
        return false;
    }
    if (end == std::string_view::npos) {
        return false;
    }
    const auto length = content_length(rest.substr(0, end));
    message_size_ = end + kHeadEnd.size() + length.value_or(0);
    is_broken_ = !length || message_size_ > kMessageSizeMax;
    return !is_broken_;
}

std::size_t StreamFramer::cut_one(std::string_view rest) {
    if (message_size_ == 0 && rest.starts_with(kLineEnd)) {
        if (rest.starts_with(kHeadEnd)) {
            ready_.push_back({{}, true});
            return kHeadEnd.size();
        }
        const bool may_be_ping = kHeadEnd.starts_with(rest.substr(0, kHeadEnd.size()));
        return may_be_ping ? 0 : kLineEnd.size();
    }
    if (message_size_ == 0 && (rest == "\r" || !find_head_end(rest))) {
        return 0;
    }
    if (rest.size() < message_size_) {
        return 0;
    }
    ready_.push_back({std::string(rest.substr(0, message_size_)), false});
    return message_size_;
}

bool StreamFramer::feed(std::string_view bytes) {
    if (is_broken_) {
        return false;
    }
    buffer_ += bytes;
    std::size_t used = 0;
    while (used < buffer_.size() && !is_broken_) {
        const std::size_t step = cut_one(std::string_view(buffer_).substr(used));
        if (step == 0) {
            break;
        }
        used += step;
        scanned_ = 0;
        message_size_ = 0;
    }
    buffer_.erase(0, used);
    return !is_broken_;
}

std::optional<StreamFramer::Frame> StreamFramer::next() {
    if (ready_next_ == ready_.size()) {
        ready_.clear();
        ready_next_ = 0;
        return std::nullopt;
    }
    return std::move(ready_[ready_next_++]);
}

}  // namespace lanze::sip
