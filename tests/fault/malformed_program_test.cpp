// F1 of reliability.md through the program: every malformed file ends in exit code 2 and one line,
// quickly and in little memory. The files that must load are run as well.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/printable.h"
#include "tests/fault/malformed_gguf.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

constexpr size_t kMaxLineBytes = 240;
constexpr long kMaxRssKiB = 64 << 10;
constexpr double kMaxCpuSeconds = 0.1;

// Sanitizers multiply time and memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasured = false;
#else
constexpr bool kMeasured = true;
#endif

struct Ended {
    int exit_code = -1;  // -1: by a signal
    std::string errors;  // standard error
    double cpu_seconds = 0;
    long peak_rss_kib = 0;
};

std::string read_all(int fd) {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t n = 0; (n = ::read(fd, buffer.data(), buffer.size())) > 0;) {
        text.append(buffer.data(), static_cast<size_t>(n));
    }
    return text;
}

double seconds(const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// Runs the program with standard input and output at /dev/null.
Ended run_hearth(std::vector<std::string> arguments, const std::string& home) {
    arguments.insert(arguments.begin(), HEARTH_PROGRAM);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    std::string home_setting = "HEARTH_HOME=" + home;
    std::array<char*, 2> environment{home_setting.data(), nullptr};

    std::array<int, 2> pipe_fds{};
    EXPECT_EQ(::pipe2(pipe_fds.data(), O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, pipe_fds[1], 2);
    pid_t pid = -1;
    EXPECT_EQ(
        ::posix_spawn(&pid, HEARTH_PROGRAM, &actions, nullptr, argv.data(), environment.data()), 0);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(pipe_fds[1]);

    Ended ended;
    ended.errors = read_all(pipe_fds[0]);
    ::close(pipe_fds[0]);
    int status = 0;
    rusage usage{};
    EXPECT_EQ(::wait4(pid, &status, 0, &usage), pid);
    if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
    ended.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    ended.peak_rss_kib = usage.ru_maxrss;
    return ended;
}

void expect_one_line(const std::string& errors) {
    ASSERT_TRUE(errors.ends_with('\n')) << errors;
    const std::string line = errors.substr(0, errors.size() - 1);
    EXPECT_TRUE(is_printable(line)) << "not one printable line: " << printable(errors, 1000);
    EXPECT_LE(line.size(), kMaxLineBytes);
    EXPECT_TRUE(line.starts_with("hearth: ")) << line;
}

void expect_refused(const Ended& ended) {
    EXPECT_EQ(ended.exit_code, 2) << ended.errors;
    expect_one_line(ended.errors);
    if (!kMeasured) return;
    EXPECT_LE(ended.cpu_seconds, kMaxCpuSeconds);
    EXPECT_LE(ended.peak_rss_kib, kMaxRssKiB);
}

class MalformedProgram : public testing::Test {
  protected:
    std::string write(const MalformedGguf& file) {
        const std::string path = folder_.file(file.name + ".gguf");
        EXPECT_TRUE(write_file_atomically(path, file.bytes));
        return path;
    }
    Ended run_model(const std::string& path) {
        return run_hearth({"run", "-m", path, "-n", "1", "hi"}, folder_.path());
    }

    TempFolder folder_{TempFolder::in_memory()};
};

TEST_F(MalformedProgram, RunRefusesEach) {
    for (const MalformedGguf& file : malformed_ggufs()) {
        SCOPED_TRACE(file.name);
        const Ended ended = run_model(write(file));
        if (file.refused_by == RefusedBy::nobody) {
            EXPECT_EQ(ended.exit_code, 0) << ended.errors;
        } else {
            expect_refused(ended);
        }
    }
}

TEST_F(MalformedProgram, InspectRefusesWhatIsNoGguf) {
    for (const MalformedGguf& file : malformed_ggufs()) {
        if (file.refused_by != RefusedBy::gguf) continue;
        SCOPED_TRACE(file.name);
        expect_refused(run_hearth({"inspect", write(file)}, folder_.path()));
    }
}

// F10: what may stand where a model was expected.
TEST_F(MalformedProgram, RefusesWhatIsNoFile) {
    ASSERT_EQ(::mkfifo(folder_.file("fifo").c_str(), 0600), 0);
    const Fd huge(::open(folder_.file("huge").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    ASSERT_EQ(::ftruncate(huge.get(), off_t{1} << 40), 0);
    const std::string odd_name = folder_.file("\x1b[31mred\n" + std::string(200, 'x'));
    for (const std::string& path : {folder_.file("absent"), folder_.path(), folder_.file("fifo"),
                                    folder_.file("huge"), std::string("/dev/zero"), odd_name}) {
        SCOPED_TRACE(printable(path));
        expect_refused(run_model(path));
    }
}

}  // namespace
}  // namespace hearth
