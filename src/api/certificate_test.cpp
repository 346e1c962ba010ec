#include "api/certificate.h"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

#include "api/certificate_keeper.h"
#include "api/test_certificate.h"

namespace lanze::api {
namespace {

Time now_of_system() {
    return Time{
        std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch())};
}

class CertificateTest : public testing::Test {
protected:
    ~CertificateTest() override { std::filesystem::remove_all(folder); }
    void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

    const std::string folder = (std::filesystem::temp_directory_path() /
                                ("lanze_certificate_" + std::to_string(std::random_device{}())))
                                   .string();
    CertificateFiles good = make_certificate(folder, "good");
};

TEST_F(CertificateTest, APairThatFitsIsTakenWithItsDates) {
    const auto loaded = Certificate::load(good);
    ASSERT_TRUE(loaded) << loaded.error().what;
    EXPECT_NE(loaded->context(), nullptr);
    const Time now = now_of_system();
    EXPECT_EQ(loaded->problem_at(now), "");
    EXPECT_TRUE(loaded->problem_at(now + hours(24 * 31)).starts_with("expired on 20"));
    EXPECT_TRUE(loaded->problem_at(now - hours(24 * 2)).starts_with("is not good before 20"));
    EXPECT_EQ(loaded->problem_at(loaded->ends() - milliseconds(1)), "");
    EXPECT_NE(loaded->problem_at(loaded->ends()), "");
}

TEST_F(CertificateTest, OneThatBeginsLaterIsTakenThen) {
    CertificateKeeper keeper(good);
    ASSERT_TRUE(keeper.take());
    const CertificateFiles later = make_certificate(folder, "later", {2, 30});
    std::filesystem::rename(later.certificate, good.certificate);
    std::filesystem::rename(later.key, good.key);
    const auto refused = keeper.look(now_of_system());
    ASSERT_TRUE(refused);
    EXPECT_FALSE(refused->is_taken);
    EXPECT_FALSE(keeper.look(now_of_system())) << "said twice";
    const auto taken = keeper.look(now_of_system() + hours(24 * 3));
    ASSERT_TRUE(taken);
    EXPECT_TRUE(taken->is_taken);
}

TEST_F(CertificateTest, WhatIsWrongNamesTheFileAtFault) {
    const CertificateFiles other = make_certificate(folder, "other");
    const std::string junk = folder + "/junk";
    write(junk, "no PEM at all");
    const std::string large = folder + "/large";
    write(large, std::string(Certificate::kFileMax + 1, 'x'));
    struct Row {
        CertificateFiles files;
        bool is_of_key;
        const char* what;
    };
    for (const Row& row : {
             Row{{folder + "/missing", good.key}, false, "cannot be read"},
             Row{{good.certificate, folder + "/missing"}, true, "cannot be read"},
             Row{{junk, good.key}, false, "has no certificate in PEM form"},
             Row{{good.key, good.key}, false, "has no certificate in PEM form"},
             Row{{good.certificate, junk},
                 true,
                 "has no key in PEM form, or one that asks for a password"},
             Row{{large, good.key}, false, "is larger than 256 KiB"},
             Row{{good.certificate, other.key}, true, "does not fit the certificate"},
         }) {
        const auto loaded = Certificate::load(row.files);
        ASSERT_FALSE(loaded) << row.what;
        EXPECT_EQ(loaded.error().what, row.what);
        EXPECT_EQ(loaded.error().is_of_key, row.is_of_key) << row.what;
    }
}

TEST_F(CertificateTest, AChainThatIsTooLongIsRefused) {
    std::ifstream file(good.certificate);
    const std::string one{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::string chain;
    for (std::size_t i = 0; i < Certificate::kChainMax + 1; ++i) {
        chain += one;
    }
    write(good.certificate, chain);
    EXPECT_EQ(Certificate::load(good).error().what, "has more than ten certificates");
}

TEST_F(CertificateTest, OtherContentHasAnotherDigest) {
    const std::string before = content_digest(good);
    EXPECT_EQ(content_digest(good), before);
    make_certificate(folder, "good");
    EXPECT_NE(content_digest(good), before);
}

}  // namespace
}  // namespace lanze::api
