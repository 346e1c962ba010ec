// TrialFolder: a folder of its own for one test of this layer, gone at its end.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace lanze::journal {

class TrialFolder {
public:
    TrialFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "lanze-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    TrialFolder(const TrialFolder&) = delete;
    TrialFolder& operator=(const TrialFolder&) = delete;
    ~TrialFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

}  // namespace lanze::journal
