#include "app/speech.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

namespace lanze::app {

namespace {

constexpr std::size_t kOutputMax = 1'000;
constexpr std::uintmax_t kWavHeaderBytes = 44;
constexpr int kNotFound = 127;  // what posix_spawn's child exits with if exec fails

// A pipe whose ends close by themselves.
class Pipe {
public:
    Pipe() { is_open_ = pipe2(ends_.data(), O_CLOEXEC) == 0; }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close_end(0);
        close_end(1);
    }

    bool is_open() const { return is_open_; }
    int reading() const { return ends_[0]; }
    int writing() const { return ends_[1]; }
    void close_writing() { close_end(1); }

private:
    void close_end(std::size_t end) {
        if (is_open_ && ends_[end] >= 0) {
            close(ends_[end]);
            ends_[end] = -1;
        }
    }

    std::array<int, 2> ends_{-1, -1};
    bool is_open_ = false;
};

// Standard input from nowhere, both outputs into the pipe, no other file of ours.
class SpawnSetup {
public:
    explicit SpawnSetup(int output) {
        posix_spawn_file_actions_init(&actions_);
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        posix_spawnattr_init(&attributes_);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
    }
    SpawnSetup(const SpawnSetup&) = delete;
    SpawnSetup& operator=(const SpawnSetup&) = delete;
    ~SpawnSetup() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }

    const posix_spawn_file_actions_t* actions() const { return &actions_; }
    const posix_spawnattr_t* attributes() const { return &attributes_; }

private:
    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
};

// Reads until the program has closed its outputs; false if that took too long.
bool read_to_end(int descriptor, Duration time_max, std::string& output) {
    const auto deadline = std::chrono::steady_clock::now() + time_max;
    for (;;) {
        const auto rest =
            std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
        if (rest.count() <= 0) {
            return false;
        }
        pollfd watched{descriptor, POLLIN, 0};
        if (poll(&watched, 1, static_cast<int>(rest.count())) <= 0) {
            continue;  // interrupted, or the time is over: seen above
        }
        std::array<char, 512> chunk{};
        const ssize_t count = read(descriptor, chunk.data(), chunk.size());
        if (count == 0 || (count < 0 && errno != EINTR)) {
            return true;
        }
        const auto room = kOutputMax - std::min(kOutputMax, output.size());
        output.append(chunk.data(),
                      std::min(room, static_cast<std::size_t>(std::max<ssize_t>(count, 0))));
    }
}

int wait_for(pid_t process) {
    int status = 0;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// FNV-1a: names the cached file; stable across builds.
std::string fingerprint(const Speech& speech) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : speech.language + '\n' + speech.text) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    }
    std::string result;
    for (int shift = 60; shift >= 0; shift -= 4) {
        result += "0123456789abcdef"[(hash >> shift) & 0xfU];
    }
    return result;
}

bool is_spoken(const std::string& path) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    return !error && size > kWavHeaderBytes;
}

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

}  // namespace

Result<ProgramOutcome, std::string> run_program(const std::vector<std::string>& arguments,
                                                Duration time_max) {
    LANZE_CHECK(!arguments.empty());
    Pipe pipe;
    if (!pipe.is_open()) {
        return Unexpected(std::string("No pipe could be opened: ") + std::strerror(errno));
    }
    std::vector<std::string> copies = arguments;
    std::vector<char*> pointers;
    pointers.reserve(copies.size() + 1);
    for (std::string& argument : copies) {
        pointers.push_back(argument.data());
    }
    pointers.push_back(nullptr);
    const SpawnSetup setup(pipe.writing());
    pid_t process = 0;
    const int error = posix_spawnp(&process, pointers[0], setup.actions(), setup.attributes(),
                                   pointers.data(), environ);
    if (error == ENOENT) {
        return ProgramOutcome{kNotFound, ""};
    }
    if (error != 0) {
        return Unexpected(arguments[0] + " cannot be run: " + std::strerror(error));
    }
    pipe.close_writing();
    ProgramOutcome outcome;
    const bool has_ended = read_to_end(pipe.reading(), time_max, outcome.output);
    if (!has_ended) {
        kill(process, SIGKILL);
    }
    outcome.exit_code = wait_for(process);
    if (!has_ended) {
        return Unexpected(arguments[0] + " did not come to an end in time and was stopped");
    }
    return outcome;
}

Result<std::string, std::string> speak(const Speech& speech, const std::string& cache_folder) {
    const std::string path = cache_folder + "/speech-" + fingerprint(speech) + ".wav";
    if (is_spoken(path)) {
        return path;
    }
    std::error_code error;
    std::filesystem::create_directories(cache_folder, error);
    if (error) {
        return Unexpected("The folder " + cache_folder + " cannot be made: " + error.message());
    }
    // Written under another name first: what was cut short is never taken for the whole.
    const std::string draft = path + "." + std::to_string(getpid());
    const auto outcome =
        run_program({"espeak-ng", "-b", "1", "-v", speech.language, "-w", draft, "--", speech.text},
                    kSpeechTimeMax);
    if (!outcome) {
        std::filesystem::remove(draft, error);
        return Unexpected(outcome.error());
    }
    if (outcome->exit_code == kNotFound) {
        return Unexpected(
            std::string("espeak-ng is not there; install the package espeak-ng, or "
                        "take `says` out of the configuration"));
    }
    if (outcome->exit_code != 0 || !is_spoken(draft)) {
        std::filesystem::remove(draft, error);
        return Unexpected("espeak-ng could not speak the language \"" + speech.language +
                          "\": " + first_line(outcome->output) +
                          "; `espeak-ng --voices` lists the languages it knows");
    }
    std::filesystem::rename(draft, path, error);
    if (error) {
        return Unexpected(path + " cannot be written: " + error.message());
    }
    return path;
}

}  // namespace lanze::app
