// CertificateKeeper: the certificate that is served, and whether its files hold a newer one.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "api/certificate.h"

namespace lanze::api {

class CertificateKeeper {
public:
    // What became of files that are others than before.
    struct Outcome {
        bool is_taken = false;
        std::string sentence;
    };

    explicit CertificateKeeper(CertificateFiles files) : files_(std::move(files)) {}

    // At start: what the files hold, whatever its dates, as an expired certificate still serves
    // those who know it. Without files there is nothing to take.
    Result<void, std::string> take();
    // Nothing: the files are as they were. What does not serve `now` leaves the former one in use.
    std::optional<Outcome> look(Time now);
    // Null: plain HTTP.
    const Certificate* current() const { return current_ ? &*current_ : nullptr; }

private:
    std::string sentence_of(const CertificateError& error) const;

    CertificateFiles files_;
    std::optional<Certificate> current_;
    std::string seen_;              // digest of the files when they were last read
    bool may_serve_later_ = false;  // what was refused then was whole, but not good at that time
};

}  // namespace lanze::api
