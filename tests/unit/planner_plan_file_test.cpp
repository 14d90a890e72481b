// Plan files: whole, damaged, of others.
#include <gtest/gtest.h>

#include "planner/plan_file.h"
#include "tests/support/damaged_text.h"
#include "tests/support/planner_profiles.h"

namespace hearth {
namespace {

PlanFile some_plan() {
    const ModelProfile model = sparse_7b();
    const auto solution = solve(laptop_profile(), model, {uint64_t{1} << 30, 1 << 20, {}},
                                {.budget_bytes = uint64_t{3} << 30});
    EXPECT_TRUE(solution);
    PlanFile file;
    file.device = laptop_profile().identity;
    file.model_identity = model.identity;
    file.model_name = model.name;
    file.made_at = "2026-11-20 12:00";
    file.inputs = {uint64_t{3} << 30, 4096, SparsityMode::exact, 4, 0.0};
    file.setting = solution->setting;
    file.predicted = solution->cost;
    file.memory = solution->memory;
    file.alternatives = solution->alternatives;
    file.basis = basis_of(laptop_profile(), model, solution->setting);
    file.plan.name = "3.0 GiB";
    file.plan.budget_bytes = file.inputs.budget_bytes;
    file.plan.n_threads = 4;
    file.plan.sparsity = file.setting.mode;
    file.plan.placement = file.setting.placement;
    file.plan.pack_path = "/packs/7b.pack";
    file.plan.cache_bytes = 123456789;
    file.plan.lent_bytes = 12345678;
    file.plan.hot_records.assign(32, 4300);
    file.plan.io.queue_depth = 32;
    file.plan.io.alignment = 512;
    file.plan.io.backend = LoaderBackend::pread;
    return file;
}

TEST(PlanFile, JsonHoldsAllOfIt) {
    const PlanFile file = some_plan();
    const std::string json = to_json(file);
    const auto back = parse_plan_file(json, "plan.json");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(to_json(*back), json);
    EXPECT_EQ(back->inputs, file.inputs);
    EXPECT_EQ(back->setting, file.setting);
    EXPECT_EQ(back->plan.placement, file.plan.placement);
    EXPECT_EQ(back->plan.hot_records, file.plan.hot_records);
    EXPECT_EQ(back->plan.io.backend, LoaderBackend::pread);
    EXPECT_EQ(back->plan.n_threads, 4u);
    EXPECT_NEAR(back->predicted.seconds(), file.predicted.seconds(), 1e-12);
}

TEST(PlanFile, APlanOfOthersIsNotUsed) {
    const PlanFile file = some_plan();
    EXPECT_TRUE(check_made_for(file, "p", file.device, file.model_identity, file.inputs));
    DeviceIdentity device = file.device;
    device.n_cores = 2;
    const auto other_device = check_made_for(file, "p", device, file.model_identity, file.inputs);
    ASSERT_FALSE(other_device);
    EXPECT_EQ(other_device.error().message, "p: was made for another device (made anew)");
    EXPECT_FALSE(check_made_for(file, "p", file.device, "ff", file.inputs));
    PlanInputs inputs = file.inputs;
    inputs.budget_bytes /= 2;
    EXPECT_FALSE(check_made_for(file, "p", file.device, file.model_identity, inputs));
}

TEST(PlanFile, DamagedJsonIsRefusedInOneLine) {
    const std::string json = to_json(some_plan());
    size_t refused = 0;
    for (const std::string& damaged : damaged_texts(json, 600)) {
        const auto file = parse_plan_file(damaged, "plan.json");
        if (file) {
            EXPECT_GE(file->plan.io.queue_depth, 1u);
            EXPECT_LE(file->plan.io.queue_depth, NeuronLoader::kMaxQueueDepth);
            EXPECT_GT(file->predicted.seconds(), 0.0);
            continue;
        }
        ++refused;
        EXPECT_EQ(file.error().code, ErrorCode::bad_file);
        EXPECT_TRUE(file.error().message.starts_with("plan.json: "));
        EXPECT_EQ(file.error().message.find('\n'), std::string::npos);
    }
    EXPECT_GT(refused, 300u);
}

}  // namespace
}  // namespace hearth
