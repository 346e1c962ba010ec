// A key and a certificate made for one test, with the dates it wants.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "api/certificate.h"

namespace lanze::api {

// In days from the system's now. OpenSSL's own calls are trusted here: a failure fails the test.
struct TestDates {
    long begins = -1;
    long ends = 30;
};

// Writes NAME.pem and NAME.key into `folder`, self-signed for "localhost".
inline CertificateFiles make_certificate(const std::string& folder, const std::string& name,
                                         TestDates dates = {}) {
    std::filesystem::create_directories(folder);
    constexpr long kDay = 86'400;
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), dates.begins * kDay);
    X509_gmtime_adj(X509_getm_notAfter(certificate), dates.ends * kDay);
    X509_set_pubkey(certificate, key);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, key, EVP_sha256());
    const CertificateFiles files{folder + "/" + name + ".pem", folder + "/" + name + ".key"};
    std::FILE* file = std::fopen(files.certificate.c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
    file = std::fopen(files.key.c_str(), "w");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return files;
}

}  // namespace lanze::api
