// The device profile: classes of cores, the storage's surface, the scratch file, its JSON.
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/base/file.h"
#include "planner/compute_rates.h"
#include "planner/core_classes.h"
#include "planner/device_profile.h"
#include "planner/storage_rates.h"
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

TEST(ComputeRates, ThreadCountsEndWithAllCores) {
    EXPECT_EQ(thread_counts(1), (std::vector<size_t>{1}));
    EXPECT_EQ(thread_counts(2), (std::vector<size_t>{1, 2}));
    EXPECT_EQ(thread_counts(6), (std::vector<size_t>{1, 2, 4, 6}));
    EXPECT_EQ(thread_counts(8), (std::vector<size_t>{1, 2, 4, 8}));
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
