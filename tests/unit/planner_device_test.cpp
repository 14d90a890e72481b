// The device profile: classes of cores, the storage's surface, the scratch file, its JSON.
#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <thread>

#include "engine/base/file.h"
#include "engine/base/thread_pool.h"
#include "planner/compute_rates.h"
#include "planner/core_classes.h"
#include "planner/core_shares.h"
#include "planner/device_profile.h"
#include "planner/disturbance.h"
#include "planner/storage_rates.h"
#include "tests/support/cpu_quota.h"
#include "tests/support/damaged_text.h"
#include "tests/support/planner_profiles.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

TEST(CoreClasses, EqualCoresAreOneClassHoweverNoisy) {
    const std::vector<CoreRate> cores{{0, 1024, 40.0}, {1, 1024, 13.0}, {2, 1024, 36.0}};
    const auto classes = classify_cores(cores);
    ASSERT_EQ(classes.size(), 1u);
    EXPECT_EQ(classes[0].cores, (std::vector<uint32_t>{0, 1, 2}));
    EXPECT_EQ(classes[0].speed, 1.0);
}

TEST(CoreClasses, APhoneHasThree) {
    const std::vector<CoreRate> cores{{0, 320, 4.0}, {1, 320, 4.2},  {2, 780, 11.0},
                                      {3, 780, 9.8}, {4, 780, 10.4}, {7, 1024, 20.0}};
    const auto classes = classify_cores(cores);
    ASSERT_EQ(classes.size(), 3u);
    EXPECT_EQ(classes[0].cores, (std::vector<uint32_t>{7}));
    EXPECT_EQ(classes[0].capacity, 1024u);
    EXPECT_EQ(classes[1].cores, (std::vector<uint32_t>{2, 3, 4}));
    EXPECT_NEAR(classes[1].speed, 0.52, 1e-9);
    EXPECT_EQ(classes[2].cores, (std::vector<uint32_t>{0, 1}));
}

TEST(CoreClasses, WhereTheKernelTellsNothingSpeedDecides) {
    const std::vector<CoreRate> cores{{0, 0, 10.0}, {1, 0, 30.0}, {2, 0, 29.0}, {3, 0, 9.0}};
    const auto classes = classify_cores(cores);
    ASSERT_EQ(classes.size(), 2u);
    EXPECT_EQ(classes[0].cores, (std::vector<uint32_t>{1, 2}));
    EXPECT_EQ(classes[1].cores, (std::vector<uint32_t>{0, 3}));
    EXPECT_NEAR(classes[1].speed, 1.0 / 3.0, 0.02);
}

TEST(CoreClasses, ThisMachineHasCores) {
    const auto cores = measure_cores();
    ASSERT_FALSE(cores.empty());
    for (const CoreRate& core : cores) EXPECT_GT(core.gbps, 0.01);
}

TEST(CoreShares, FastCoresTakeMoreClustersAndSlowOnesMayBeWaitedFor) {
    const std::vector<CoreClass> alike{{{0, 1}, 1024, 1.0}};
    EXPECT_EQ(share_clusters(alike, 2).classes.front().n_clusters, 16u);
    EXPECT_NEAR(share_clusters(alike, 2).efficiency, 1.0, 1e-9);
    EXPECT_TRUE(fastest_cores(alike, 1).empty());  // all alike: anywhere
    const auto phone = phone_profile().classes;    // 1 x 1.0, 3 x 0.7, 4 x 0.2
    const ClusterShares four = share_clusters(phone, 4);
    ASSERT_EQ(four.classes.size(), 2u);
    EXPECT_EQ(four.classes[0].n_clusters + four.classes[1].n_clusters, 16u);
    EXPECT_GT(3 * four.classes[0].n_clusters, four.classes[1].n_clusters);
    EXPECT_GT(four.efficiency, 0.85);
    // A little core holds its cluster five times as long as the prime one.
    const ClusterShares eight = share_clusters(phone, 8);
    ASSERT_EQ(eight.classes.size(), 3u);
    EXPECT_EQ(eight.classes[2].n_clusters, 4u);
    EXPECT_LT(eight.efficiency, four.efficiency);
    EXPECT_EQ(fastest_cores(phone, 4), (std::vector<uint32_t>{4, 5, 6, 7}));
    EXPECT_EQ(fastest_cores(phone, 2), (std::vector<uint32_t>{4, 7}));
    EXPECT_TRUE(fastest_cores(phone, 8).empty());
}

// A machine with a little core, as far as a quota can make one: the thread that measures may run a
// quarter of the time on all cores but the first. Needs a cpu control group that may be written.
TEST(CoreClasses, ACoreUnderAQuotaIsASlowOne) {
    const CpuQuota quota(1000, 4000);
    if (!quota.is_there()) GTEST_SKIP() << "no cpu control group (v1, root) to set a quota in";
    if (usable_cores() < 2) GTEST_SKIP() << "one core";
    // The kernel looks at quotas at its ticks, every 4 ms or 10: shorter rounds slip through.
    CoreProbe probe{.n_rounds = 2, .round = std::chrono::milliseconds(60)};
    probe.on_core = [&](uint32_t core) { core == 0 ? quota.leave() : quota.enter(); };
    std::vector<CoreClass> classes;
    // Again where others took as much from the first core as the quota from the second.
    for (size_t attempt = 0; attempt < 8 && classes.size() != 2; ++attempt) {
        std::vector<CoreRate> cores = measure_cores(probe);
        for (CoreRate& core : cores) core.capacity = 0;
        classes = classify_cores(cores);
    }
    ASSERT_EQ(classes.size(), 2u);
    EXPECT_EQ(classes[0].cores, (std::vector<uint32_t>{0}));
    EXPECT_LT(classes[1].speed, kSameClass);
    EXPECT_EQ(fastest_cores(classes, 1), (std::vector<uint32_t>{0}));
}

TEST(Disturbance, SeesAnotherProcessAtWork) {
    Disturbance disturbance;
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(20);  // in case nobody is left to end it
        std::atomic<uint64_t> n{0};
        for (;;) n.fetch_add(1, std::memory_order_relaxed);
    }
    const auto begin = std::chrono::steady_clock::now();
    double seen = 0.0;
    while (seen < 0.1 && std::chrono::steady_clock::now() - begin < std::chrono::seconds(5)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        seen = disturbance.cores();
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_GT(seen, 0.1);
}

TEST(ComputeRates, ThreadCountsEndWithAllCores) {
    EXPECT_EQ(thread_counts(1), (std::vector<size_t>{1}));
    EXPECT_EQ(thread_counts(2), (std::vector<size_t>{1, 2}));
    EXPECT_EQ(thread_counts(6), (std::vector<size_t>{1, 2, 4, 6}));
    EXPECT_EQ(thread_counts(8), (std::vector<size_t>{1, 2, 4, 8}));
    const std::vector<CoreClass> classes{
        {{5}, 1024, 1.0}, {{3, 4}, 800, 0.7}, {{0, 1, 2}, 300, 0.2}};
    EXPECT_EQ(thread_counts(6, classes), (std::vector<size_t>{1, 2, 3, 4, 6}));
}

TEST(ComputeRates, TheNearestMeasuredRateIsTaken) {
    ComputeRates rates;
    rates.kernels = {{Dtype::q4_0, 1, 10, 5, 4},
                     {Dtype::q4_0, 4, 30, 20, 16},
                     {Dtype::f16, 1, 11, 6, 5},
                     {Dtype::f16, 4, 33, 25, 18}};
    EXPECT_EQ(rates.kernel(Dtype::q4_0, 1).dense, 10);
    EXPECT_EQ(rates.kernel(Dtype::q4_0, 3).dense, 10);  // 4 were not there to be had
    EXPECT_EQ(rates.kernel(Dtype::q4_0, 4).dense, 30);
    EXPECT_EQ(rates.kernel(Dtype::q4_0, 64).dense, 30);
    EXPECT_EQ(rates.kernel(Dtype::bf16, 4).dense, 33);  // as many bits as F16
    EXPECT_EQ(rates.kernel(Dtype::q4_k, 1).dense, 10);  // 4.5 bits
}

TEST(StorageRates, BetweenAndBeyondMeasuredPoints) {
    StorageRates rates;
    rates.points = {
        {4096, 1, 1000, 8}, {4096, 16, 16000, 2}, {65536, 1, 500, 8}, {65536, 16, 4000, 4}};
    EXPECT_NEAR(rates.reads_per_second(4096, 1), 1000, 1e-6);
    EXPECT_NEAR(rates.reads_per_second(4096, 4), 4000, 1e-6);
    EXPECT_NEAR(rates.reads_per_second(512, 16), 16000, 1e-6);  // not faster
    EXPECT_NEAR(rates.reads_per_second(4096, 999), 16000, 1e-6);
    EXPECT_NEAR(rates.reads_per_second(16384, 16), 8000, 1e-6);
    EXPECT_NEAR(rates.reads_per_second(131072, 16), 2000, 1e-6);  // the same bandwidth
    EXPECT_NEAR(rates.cpu_us(131072, 16), 4, 1e-9);
    EXPECT_GT(StorageRates::cautious().reads_per_second(8192, 64), 1000);
}

// A disk whose reads take so long each, and so long for every byte, when many are in flight.
StorageRates storage_of(double read_us, double kilobyte_us) {
    StorageRates rates;
    for (const size_t bytes : {4096, 8192, 16384, 65536, 262144, 1048576}) {
        const double us = read_us + kilobyte_us * static_cast<double>(bytes) / 1024.0;
        rates.points.push_back({bytes, 64, 1e6 / us, 3.0});
    }
    return rates;
}

TEST(StorageRates, AGapIsReadOverWhileThatIsQuickerThanAnotherRead) {
    // The disk of bench/README.md: 13.4 us are 51 KB.
    EXPECT_NEAR(static_cast<double>(choose_gap(storage_of(13.4, 0.26), 4608, 128)), 51e3, 6e3);
    // A laptop's NVMe: 9 KB.
    EXPECT_EQ(choose_gap(storage_of(3.0, 0.33), 4608, 128), 8192u);
    // Bytes are all that counts.
    EXPECT_EQ(choose_gap(storage_of(0.01, 1.0), 8192, 128), 0u);
    EXPECT_EQ(choose_gap(storage_of(1e6, 0.01), 4608, 128), NeuronLoader::kMaxGapBytes);
}

TEST(ScratchFile, LeavesNothingBehind) {
    const TempFolder folder;
    {
        const auto file = ScratchFile::create(folder.path(), 16 << 20);
        ASSERT_TRUE(file) << file.error().message;
        EXPECT_EQ(file->bytes(), uint64_t{16} << 20);
        EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
        const auto opened = open_file(file->path());
        ASSERT_TRUE(opened);
        EXPECT_EQ((*opened)->size(), file->bytes());
    }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
    EXPECT_FALSE(ScratchFile::create(folder.file("missing"), 16 << 20));
}

TEST(DeviceProfile, StopsWhenAsked) {
    const TempFolder folder;
    size_t told = 0;
    const auto stopped =
        measure_device(folder.path(), uint64_t{1} << 30, [&](const PlanProgress& progress) {
            ++told;
            return progress.step != PlanStep::storage;
        });
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
    EXPECT_GE(told, 3u);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(DeviceProfile, JsonHoldsAllOfIt) {
    const DeviceProfile phone = phone_profile();
    const auto back = parse_device_profile(to_json(phone), "device.json");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(to_json(*back), to_json(phone));
    EXPECT_EQ(back->identity, phone.identity);
    EXPECT_EQ(back->classes.size(), 3u);
}

TEST(DeviceProfile, DamagedJsonIsRefusedInOneLine) {
    const std::string json = to_json(phone_profile());
    EXPECT_FALSE(parse_device_profile("", "device.json"));
    EXPECT_FALSE(parse_device_profile("[]", "device.json"));
    size_t refused = 0;
    for (const std::string& damaged : damaged_texts(json, 400)) {
        const auto profile = parse_device_profile(damaged, "device.json");
        if (profile) {
            EXPECT_GE(profile->storage.reads_per_second(8192, 64), 0.0);
            EXPECT_GT(profile->compute.kernel(Dtype::q4_k, 3).dense, 0.0);
            continue;
        }
        ++refused;
        EXPECT_EQ(profile.error().code, ErrorCode::bad_file);
        EXPECT_TRUE(profile.error().message.starts_with("device.json: "));
        EXPECT_EQ(profile.error().message.find('\n'), std::string::npos);
    }
    EXPECT_GT(refused, 200u);
}

}  // namespace
}  // namespace hearth
