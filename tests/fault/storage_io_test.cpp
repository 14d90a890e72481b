// Every call to the file system in an evening's life goes wrong once. A call that fails (S4, S5,
// S6) is reported, the next try works, nothing is lost or doubled. A process that is killed inside
// a call (S2) leaves the store as it was after the last step it finished, or the one begun.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>
#include <string>
#include <tuple>
#include <vector>

#include "engine/base/file.h"
#include "tests/fault/evening.h"
#include "tests/fault/faulty_vfs.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

DataDir data_dir(const TempFolder& folder) {
    return *DataDir::resolve({.hearth_home = folder.path()});
}

// What a start finds after each number of undisturbed steps, none first.
std::vector<std::string> undisturbed() {
    std::vector<std::string> snapshots;
    for (size_t steps = 0, all = 1; steps <= all; ++steps) {
        const TempFolder folder(TempFolder::in_memory());
        {
            Evening evening(data_dir(folder));
            const auto to_do = evening.steps();
            all = to_do.size();
            for (size_t i = 0; i < steps; ++i) EXPECT_TRUE(to_do[i]());
        }
        snapshots.push_back(snapshot(data_dir(folder)));
    }
    return snapshots;
}

// --- Calls that fail ---------------------------------------------------------------------------

// One evening in which the nth call fails. Returns false when there was no nth call.
bool live_through(FaultyVfs& disk, Fault fault, int nth, Lasting lasting,
                  const std::string& expected) {
    const TempFolder folder(TempFolder::in_memory());
    int failures = 0;
    {
        Evening evening(data_dir(folder));
        disk.arm(fault, nth, lasting);
        for (const auto& step : evening.steps()) {
            const auto first_try = step();
            if (first_try) continue;
            ++failures;
            EXPECT_EQ(first_try.error().code, ErrorCode::machine) << first_try.error().message;
            EXPECT_NE(first_try.error().message.find("hearth.db: cannot"), std::string::npos)
                << first_try.error().message;
            EXPECT_EQ(first_try.error().message.find('\n'), std::string::npos);
            // While the fault lasts a second try fails too, as a rule.
            if (lasting == Lasting::until_disarmed && step()) continue;
            disk.disarm();
            const auto next_try = step();
            EXPECT_TRUE(next_try) << next_try.error().message;
            if (!next_try) return false;
        }
        disk.disarm();
    }
    EXPECT_LE(failures, lasting == Lasting::once ? 1 : INT_MAX);
    EXPECT_EQ(snapshot(data_dir(folder)), expected);
    return disk.fired();
}

class FaultyDisk : public testing::TestWithParam<std::tuple<Fault, Lasting>> {};

std::string name_of(const testing::TestParamInfo<std::tuple<Fault, Lasting>>& test) {
    constexpr const char* kFaults[] = {"IoError", "DiskFull", "Sync"};
    constexpr const char* kLasting[] = {"Once", "Lasting"};
    return std::string(kFaults[static_cast<int>(std::get<0>(test.param))]) +
           kLasting[static_cast<int>(std::get<1>(test.param))];
}
INSTANTIATE_TEST_SUITE_P(Every, FaultyDisk,
                         testing::Combine(testing::Values(Fault::io_error, Fault::disk_full,
                                                          Fault::sync),
                                          testing::Values(Lasting::once, Lasting::until_disarmed)),
                         name_of);

TEST_P(FaultyDisk, CallMayFail) {
    const auto [fault, lasting] = GetParam();
    const std::string expected = undisturbed().back();
    FaultyVfs disk;
    int nth = 1;
    while (live_through(disk, fault, nth, lasting, expected) && !HasFailure()) ++nth;
    EXPECT_FALSE(HasFailure()) << "when call " << nth << " failed";
    EXPECT_GT(nth, 5) << "hardly any call was reached";
    RecordProperty("calls", nth - 1);
}

// --- Calls that a process dies in --------------------------------------------------------------

// Runs an evening in a child that is killed inside its nth call. Returns how many steps it
// finished; -1 when it lived to the end.
int steps_before_death(FaultyVfs& disk, const DataDir& dir, int nth) {
    int ends[2];
    if (::pipe(ends) != 0) return -1;
    const Fd from(ends[0]);
    Fd to(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) {
        disk.arm(Fault::death, nth, Lasting::once);
        Evening evening(dir);
        for (const auto& step : evening.steps()) {
            if (!step() || ::write(to.get(), ".", 1) != 1) ::_exit(1);
        }
        ::_exit(0);
    }
    to = Fd();
    int finished = 0;
    for (char dot = 0; ::read(from.get(), &dot, 1) == 1;) ++finished;
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status)) {
        EXPECT_EQ(WTERMSIG(status), SIGKILL);
        return finished;
    }
    EXPECT_EQ(status, 0);
    return -1;
}

TEST(FaultyDisk, CallMayBeTheLast) {
    const std::vector<std::string> after = undisturbed();
    FaultyVfs disk;
    int nth = 1;
    for (; !HasFailure(); ++nth) {
        const TempFolder folder(TempFolder::in_memory());
        const DataDir dir = data_dir(folder);
        const int finished = steps_before_death(disk, dir, nth);
        if (finished < 0) break;
        const std::string found = snapshot(dir);
        const auto step = static_cast<size_t>(finished);
        EXPECT_TRUE(found == after[step] || found == after[step + 1])
            << "killed inside call " << nth << " of step " << step << "\n"
            << found << "where this was promised\n"
            << after[step];
    }
    EXPECT_GT(nth, 100) << "hardly any call was reached";
    RecordProperty("calls", nth - 1);
}

}  // namespace
}  // namespace hearth
