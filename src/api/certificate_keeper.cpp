#include "api/certificate_keeper.h"

namespace lanze::api {

Result<void, std::string> CertificateKeeper::take() {
    if (!files_.is_given()) {
        return {};
    }
    seen_ = content_digest(files_);
    auto loaded = Certificate::load(files_);
    if (!loaded) {
        return Unexpected(sentence_of(loaded.error()));
    }
    current_.emplace(std::move(*loaded));
    return {};
}

std::optional<CertificateKeeper::Outcome> CertificateKeeper::look(Time now) {
    std::string digest = current_ ? content_digest(files_) : "";
    const bool is_new = digest != seen_;
    if (!current_ || (!is_new && !may_serve_later_)) {
        return std::nullopt;
    }
    seen_ = std::move(digest);
    auto loaded = Certificate::load(files_);
    const std::string problem = loaded ? loaded->problem_at(now) : "";
    if (loaded && problem.empty()) {
        current_.emplace(std::move(*loaded));
        may_serve_later_ = false;
        return Outcome{true, "certificate renewed: " + files_.certificate};
    }
    may_serve_later_ = loaded.has_value();  // one that begins in the future
    if (!is_new) {
        return std::nullopt;
    }
    return Outcome{false,
                   "certificate refused: " +
                       (loaded ? files_.certificate + " " + problem : sentence_of(loaded.error())) +
                       "; the former one stays in use"};
}

std::string CertificateKeeper::sentence_of(const CertificateError& error) const {
    return (error.is_of_key ? files_.key : files_.certificate) + " " + error.what;
}

}  // namespace lanze::api
