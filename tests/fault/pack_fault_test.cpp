// Writing a pack while things go wrong: killed, stopped, disk full, model unreadable.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <utility>

#include "tests/data/memory_file.h"
#include "tests/data/tiny_model.h"
#include "tests/unit/pack_fixture.h"

namespace hearth {
namespace {

class PackFaultTest : public ::testing::Test {
  protected:
    void SetUp() override {
        TinyModelOptions options;
        options.n_layers = 6;
        ASSERT_TRUE(tiny_model(options).write(folder_.file("tiny.gguf")));
        ASSERT_TRUE(write({.path = folder_.file("whole.pack")}));
        whole_ = file_bytes(folder_.file("whole.pack"));
    }

    Result<PackReport> write(const PackOptions& options) const {
        const OpenModel model = open_model(folder_.file("tiny.gguf"));
        return write_pack(model.gguf, model.config, options);
    }

    // Runs `body` in a process of its own; its return value, or 128 + the signal that ended it.
    static int in_child(const std::function<int()>& body) {
        const pid_t child = ::fork();
        if (child == 0) ::_exit(body());
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    bool exists(const std::string& name) const {
        return std::filesystem::exists(folder_.file(name));
    }
    std::string pack() const { return folder_.file("a.pack"); }
    std::string partial() const { return folder_.file("a.pack.partial"); }

    TempFolder folder_{TempFolder::in_memory()};
    std::string whole_;
};

// Stops at its n-th word of progress.
PackProgress at_word(int n, const std::function<bool()>& act) {
    return [n, act, words = 0](uint64_t, uint64_t) mutable { return ++words != n || act(); };
}

bool kill_self() {
    ::raise(SIGKILL);
    return true;
}

TEST_F(PackFaultTest, KilledAnywhereItGoesOnToTheSameBytes) {
    for (int n = 1; n <= 6; ++n) {
        EXPECT_EQ(in_child([&] {
                      (void)write({.path = pack(), .on_progress = at_word(n, kill_self)});
                      return 0;
                  }),
                  128 + SIGKILL);
        EXPECT_FALSE(exists("a.pack"));
        const auto report = write({.path = pack()});
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(report->n_sections_found, static_cast<size_t>(n - 1));
        EXPECT_EQ(file_bytes(pack()), whole_);
        EXPECT_FALSE(exists("a.pack.partial"));
        std::filesystem::remove(pack());
    }
}

TEST_F(PackFaultTest, KilledAtAnyMomentItGoesOnToTheSameBytes) {
    // Down to Q8_0 is turned and quantized: long enough to be hit at different places.
    for (unsigned after_us = 50; after_us < 6000; after_us += 350) {
        const pid_t child = ::fork();
        if (child == 0) {
            (void)write({.path = pack()});
            ::_exit(0);
        }
        ::usleep(after_us);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        const auto report = write({.path = pack()});
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(file_bytes(pack()), whole_) << after_us << " us";
        std::filesystem::remove(pack());
    }
}

TEST_F(PackFaultTest, WhatWasDamagedMeanwhileIsWrittenAgain) {
    for (size_t at = 0; at < whole_.size(); at += at < 6000 ? 101 : 9001) {
        {
            std::ofstream file(partial(), std::ios::binary);
            std::string bytes = whole_;
            bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
            file << bytes;
        }
        const auto report = write({.path = pack()});
        ASSERT_TRUE(report) << report.error().message;
        EXPECT_EQ(file_bytes(pack()), whole_) << "byte " << at;
        // Damage to the header costs all, damage to the pad behind the tables nothing.
        EXPECT_LE(report->n_sections_found, 6U);
        EXPECT_TRUE(at < 64 ? report->n_sections_found == 0 : report->n_sections_found >= 5);
    }
}

TEST_F(PackFaultTest, APartialFileOfOtherOptionsIsBegunAnew) {
    const auto stop = at_word(3, [] { return false; });
    ASSERT_FALSE(write({.path = pack(), .alignment = 4096, .on_progress = stop}));
    Placement placement(2);
    for (uint32_t i = 0; i < 96; ++i) placement[1].push_back(95 - i);
    ASSERT_FALSE(write({.path = pack(), .placement = placement, .on_progress = stop}));
    const auto report = write({.path = pack()});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->n_sections_found, 1U);  // the first, which was placed alike
    EXPECT_EQ(file_bytes(pack()), whole_);
}

TEST_F(PackFaultTest, AStopIsNoErrorOfTheDiskAndOneWritesAtATime) {
    std::string other;
    const auto stop = at_word(2, [&] {
        const auto second = write({.path = pack()});
        if (!second) other = second.error().message;
        return false;
    });
    const auto stopped = write({.path = pack(), .on_progress = stop});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
    EXPECT_NE(other.find("another hearth"), std::string::npos) << other;
    EXPECT_FALSE(exists("a.pack"));
    EXPECT_TRUE(exists("a.pack.partial"));
}

TEST_F(PackFaultTest, APackThatIsThereStaysUntilTheNewOneIsWhole) {
    std::ofstream(pack()) << "old";
    ASSERT_FALSE(write({.path = pack(), .on_progress = at_word(4, [] { return false; })}));
    EXPECT_EQ(file_bytes(pack()), "old");
    ASSERT_TRUE(write({.path = pack()}));
    EXPECT_EQ(file_bytes(pack()), whole_);
}

// --- no room -------------------------------------------------------------------------------------

// What a refused write must look like: one line with the next step, exit code 3, and nothing left.
int expect_no_room(const Result<PackReport>& report, const std::string& path) {
    if (report || report.error().code != ErrorCode::machine) return 1;
    if (report.error().message.find("another disk") == std::string::npos) return 2;
    if (std::filesystem::exists(path) || std::filesystem::exists(path + ".partial")) return 3;
    return 0;
}

void allow_file_bytes(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    ::setrlimit(RLIMIT_FSIZE, &limit);
}

TEST_F(PackFaultTest, AFileThatMayNotGrowLeavesNothing) {
    EXPECT_EQ(in_child([&] {
                  allow_file_bytes(100'000);
                  return expect_no_room(write({.path = pack()}), pack());
              }),
              0);
}

TEST_F(PackFaultTest, NoRoomHalfWayLeavesNothing) {
    for (int n = 1; n < 6; ++n) {
        const auto fill = at_word(n, [] {
            allow_file_bytes(70'000);
            return true;
        });
        EXPECT_EQ(in_child([&] {
                      return expect_no_room(write({.path = pack(), .on_progress = fill}), pack());
                  }),
                  0)
            << n;
    }
}

TEST_F(PackFaultTest, ADiskWithoutRoomIsRefusedBeforeWriting) {
    constexpr int kCannotMount = 77;
    const std::string disk = folder_.file("disk");
    std::filesystem::create_directory(disk);
    const int result = in_child([&] {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=128k") != 0) {
            return kCannotMount;
        }
        const auto report = write({.path = disk + "/a.pack"});
        if (!report &&
            report.error().message.find("its disk has 0.1 MB free") == std::string::npos) {
            return 4;
        }
        return expect_no_room(report, disk + "/a.pack");
    });
    if (result == kCannotMount) GTEST_SKIP() << "no small disk can be mounted here";
    EXPECT_EQ(result, 0);
}

// --- the model cannot be read --------------------------------------------------------------------

// Fails every read from the n-th on.
class FailingFile final : public File {
  public:
    FailingFile(MemoryFile file, int n) : file_(std::move(file)), left_(n) {}
    Result<size_t> read_at(uint64_t offset, std::span<std::byte> buffer) const override {
        if (left_-- > 0) return file_.read_at(offset, buffer);
        return make_error(ErrorCode::machine, "{}: cannot read {} bytes at {}: Input/output error",
                          file_.path(), buffer.size(), offset);
    }
    uint64_t size() const override { return file_.size(); }
    const std::string& path() const override { return file_.path(); }

  private:
    MemoryFile file_;
    mutable std::atomic<int> left_;
};

TEST_F(PackFaultTest, AModelThatCannotBeReadGivesNoPack) {
    const std::string text = file_bytes(folder_.file("tiny.gguf"));
    const auto bytes = std::as_bytes(std::span(text));
    int failures = 0;
    for (int n = 0;; ++n) {
        auto gguf = Gguf::parse(std::make_unique<FailingFile>(
            MemoryFile({bytes.begin(), bytes.end()}, "failing.gguf"), n));
        if (!gguf) continue;  // the header was not to be had
        const auto config = read_model_config(*gguf);
        ASSERT_TRUE(config);
        const auto report = write_pack(*gguf, *config, {.path = pack(), .n_threads = 2});
        if (report) break;
        ++failures;
        EXPECT_EQ(report.error().code, ErrorCode::machine);
        EXPECT_NE(report.error().message.find("Input/output error"), std::string::npos);
        EXPECT_FALSE(exists("a.pack"));
    }
    EXPECT_GT(failures, 100);
    EXPECT_EQ(file_bytes(pack()), whole_);
}

}  // namespace
}  // namespace hearth
