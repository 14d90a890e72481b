// The cost model and the solver, on machines and models written by hand.
#include <gtest/gtest.h>

#include "planner/solver.h"
#include "tests/support/damaged_text.h"
#include "tests/support/planner_profiles.h"

namespace hearth {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr uint64_t kGiB = uint64_t{1} << 30;
constexpr uint64_t kStaging = 32 * kMiB;

// All but the FFN, with a context of 4096.
uint64_t fixed_bytes(const ModelProfile& model) {
    return model.sizes.fixed_bytes() + model.sizes.kv_bytes_per_token * 4096 + 40 * kMiB;
}

Result<Solution> solve(const DeviceProfile& device, const ModelProfile& model,
                       const SolveRequest& request) {
    return solve(device, model, fixed_bytes(model), kStaging, request);
}

const Alternative* find(const Solution& solution, const std::string& decision,
                        const std::string& value) {
    for (const Alternative& one : solution.alternatives) {
        if (one.decision == decision && one.value == value) return &one;
    }
    return nullptr;
}

TEST(Solver, WithRoomEverythingStaysInMemory) {
    const auto solution = solve(laptop_profile(), sparse_7b(), {});
    ASSERT_TRUE(solution) << solution.error().message;
    EXPECT_EQ(solution->setting.placement, FfnPlacement::resident);
    EXPECT_EQ(solution->setting.mode, SparsityMode::exact);
    EXPECT_EQ(solution->setting.n_threads, 4u);
    EXPECT_EQ(solution->cost.stall, 0.0);
    EXPECT_EQ(find(*solution, "hot", "0 %"), nullptr);  // not a question
    // 0.82 GB of attention and head, 1.06 of gates at 38 GB/s, 0.21 of rows at about 22.
    EXPECT_NEAR(solution->cost.tokens_per_second(), 1.0 / (1.89 / 38 + 0.21 / 22), 1.0);
    const Alternative* const dense = find(*solution, "sparsity", "dense");
    ASSERT_NE(dense, nullptr);
    EXPECT_LT(dense->tokens_per_second, solution->cost.tokens_per_second() * 0.65);
}

TEST(Solver, MoreMemoryIsNeverSlowerAndAlwaysKept) {
    for (const ModelProfile& model : {sparse_7b(), dense_7b()}) {
        double before = 0.0;
        for (uint64_t budget = 2 * kGiB; budget <= 6 * kGiB; budget += 200 * kMiB) {
            const auto solution = solve(laptop_profile(), model, {.budget_bytes = budget});
            if (!solution) continue;
            EXPECT_LE(solution->memory.total(), budget);
            EXPECT_GE(solution->cost.tokens_per_second(), before * 0.994) << budget;
            before = solution->cost.tokens_per_second();
        }
        EXPECT_GT(before, 5.0);
    }
}

TEST(Solver, ACappedReluModelGoesByNeurons) {
    const ModelProfile model = sparse_7b();
    const uint64_t budget = fixed_bytes(model) + model.sizes.ffn_bytes() / 2 + 100 * kMiB;
    const auto solution = solve(laptop_profile(), model, {.budget_bytes = budget});
    ASSERT_TRUE(solution) << solution.error().message;
    EXPECT_EQ(solution->setting.placement, FfnPlacement::by_neuron);
    EXPECT_TRUE(solution->setting.gates_resident);
    EXPECT_GT(solution->setting.hot_share + solution->setting.cache_share, 0.1);
    EXPECT_GT(solution->cost.reads, 0.0);
    const auto without =
        solve(laptop_profile(), model, {.budget_bytes = budget, .may_use_pack = false});
    ASSERT_TRUE(without);
    EXPECT_EQ(without->setting.placement, FfnPlacement::by_layer);
    EXPECT_LT(without->cost.tokens_per_second(), solution->cost.tokens_per_second() / 3);
}

TEST(Solver, ADenseModelIsStreamedByLayers) {
    const ModelProfile model = dense_7b();
    const uint64_t budget = fixed_bytes(model) + model.sizes.ffn_bytes() / 2;
    const auto solution = solve(laptop_profile(), model, {.budget_bytes = budget});
    ASSERT_TRUE(solution);
    EXPECT_EQ(solution->setting.placement, FfnPlacement::by_layer);
    EXPECT_EQ(solution->setting.mode, SparsityMode::dense);
    // Half of 3.17 GB at 3 GB/s.
    EXPECT_NEAR(solution->cost.seconds(), 0.53, 0.05);
}

TEST(Solver, APhonesLittleCoresAreLeftAloneWhereTheyDoNotHelp) {
    DeviceProfile phone = phone_profile();
    // What was measured there: eight threads wait for the little ones.
    for (KernelRate& rate : phone.compute.kernels) {
        if (rate.n_threads > 4) rate.dense = rate.picked = rate.accumulated = 20.0;
    }
    const auto solution = solve(phone, sparse_7b(), {});
    ASSERT_TRUE(solution);
    EXPECT_EQ(solution->setting.n_threads, 4u);  // the prime and the middle ones
    EXPECT_NE(find(*solution, "threads", "8"), nullptr);
}

TEST(Solver, AnotherStorageGetsAnotherPlanThatIsFasterThere) {
    const ModelProfile model = sparse_7b();
    const uint64_t budget = fixed_bytes(model) + model.sizes.ffn_bytes() / 2 + 100 * kMiB;
    DeviceProfile fast = laptop_profile();
    DeviceProfile slow = laptop_profile();
    slow.storage = synthetic_storage(8000, 0.3, 500.0);
    const auto on_fast = solve(fast, model, {.budget_bytes = budget});
    const auto on_slow = solve(slow, model, {.budget_bytes = budget});
    ASSERT_TRUE(on_fast && on_slow);
    EXPECT_GT(on_fast->cost.tokens_per_second(), on_slow->cost.tokens_per_second());
    const CostModel cost(slow, model);
    EXPECT_GE(on_slow->cost.tokens_per_second(),
              cost.cost(on_fast->setting).tokens_per_second() * 0.999);
}

TEST(Solver, AWantedSpeedTakesTheLeastMemory) {
    const ModelProfile model = sparse_7b();
    const auto whole = solve(laptop_profile(), model, {});
    ASSERT_TRUE(whole);
    const double wanted = whole->cost.tokens_per_second() * 0.6;
    const auto solution = solve(laptop_profile(), model, {.min_speed = wanted});
    ASSERT_TRUE(solution) << solution.error().message;
    EXPECT_GE(solution->cost.tokens_per_second(), wanted);
    EXPECT_LT(solution->memory.total(), whole->memory.total() * 9 / 10);
    // With five percent less the speed is not reached any more.
    const auto less =
        solve(laptop_profile(), model, {.budget_bytes = solution->memory.total() * 95 / 100});
    EXPECT_TRUE(!less || less->cost.tokens_per_second() < wanted * 1.03);
}

TEST(Solver, WhatCannotBeIsSaidWithTheNearestThatCan) {
    const ModelProfile model = sparse_7b();
    const auto small = solve(laptop_profile(), model, {.budget_bytes = kGiB});
    ASSERT_FALSE(small);
    EXPECT_EQ(small.error().code, ErrorCode::machine);
    EXPECT_NE(small.error().message.find("--memory"), std::string::npos);
    const auto fast = solve(laptop_profile(), model, {.min_speed = 1000.0});
    ASSERT_FALSE(fast);
    EXPECT_NE(fast.error().message.find("--min-speed"), std::string::npos);
    EXPECT_EQ(fast.error().message.find('\n'), std::string::npos);
}

TEST(Solver, TheSameProfilesGiveTheSamePlan) {
    const ModelProfile model = sparse_7b();
    const SolveRequest request{.budget_bytes = fixed_bytes(model) + model.sizes.ffn_bytes() / 2};
    const auto once = solve(laptop_profile(), model, request);
    const auto twice = solve(laptop_profile(), model, request);
    ASSERT_TRUE(once && twice);
    EXPECT_EQ(once->setting, twice->setting);
}

TEST(CostModel, AnObservationIsPredictedAsItWasSeen) {
    ModelProfile model = sparse_7b();
    const DeviceProfile device = laptop_profile();
    const PlanSetting setting{
        FfnPlacement::by_neuron, SparsityMode::exact, true, 1.0, 0.3, 0.1, 4, 64};
    const double guessed = CostModel(device, model).cost(setting).seconds();
    Observation seen{setting, 64, 1.7 * guessed, 0.4 * guessed, 0, 0};
    model.learn(seen);
    EXPECT_NEAR(CostModel(device, model).cost(setting).seconds(), 1.7 * guessed, 0.01 * guessed);
    // A neighbour is corrected too; another placement in its computing.
    PlanSetting neighbour = setting;
    neighbour.cache_share = 0.2;
    const double corrected = CostModel(device, model).cost(neighbour).seconds();
    EXPECT_GT(corrected, 1.2 * guessed);
    EXPECT_LT(corrected, 1.7 * guessed);
    seen.seconds = 0.9 * guessed;
    seen.stall_seconds = 0.0;
    model.learn(seen);
    EXPECT_EQ(model.observations.size(), 1u);
    EXPECT_NEAR(CostModel(device, model).cost(setting).seconds(), 0.9 * guessed, 0.01 * guessed);
}

TEST(ModelProfile, JsonHoldsAllOfIt) {
    ModelProfile model = sparse_7b();
    model.sizes.d_ff = 16;
    model.firing_rates.assign(32, std::vector<float>(16));
    for (size_t i = 0; i < 16; ++i) {
        model.firing_rates[3][i] = static_cast<float>(i * i) / (15.0F * 15.0F);
    }
    model.learn(Observation{PlanSetting{}, 10, 0.1, 0.01, 3, 4096});
    const auto back = parse_model_profile(to_json(model), "model.json");
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(to_json(*back), to_json(model));
    EXPECT_EQ(back->sizes, model.sizes);
    EXPECT_NEAR(back->firing_rates[3][7], model.firing_rates[3][7], 0.01);
    EXPECT_TRUE(parse_model_profile(to_json(dense_7b()), "model.json"));
}

TEST(ModelProfile, DamagedJsonIsRefusedInOneLine) {
    ModelProfile model = sparse_7b();
    model.sizes.d_ff = 4;
    model.firing_rates.assign(32, std::vector<float>(4));
    const std::string json = to_json(model);
    size_t refused = 0;
    for (const std::string& damaged : damaged_texts(json, 300)) {
        const auto profile = parse_model_profile(damaged, "model.json");
        if (profile) {
            (void)solve(laptop_profile(), *profile, kGiB, kMiB, {});
            continue;
        }
        ++refused;
        EXPECT_EQ(profile.error().code, ErrorCode::bad_file);
        EXPECT_EQ(profile.error().message.find('\n'), std::string::npos);
    }
    EXPECT_GT(refused, 150u);
}

TEST(ModelProfile, WhatIsUsedNowMattersMore) {
    ModelProfile model;
    const std::vector<uint32_t> first{0};
    const std::vector<uint32_t> second{1};
    for (size_t round = 0; round < 3; ++round) {
        ActivityTrace trace({1, 1, 2}, 1);
        for (size_t t = 0; t < 8; ++t) trace.add({0, 0, t, round == 0 ? first : second});
        model.learn(trace);
    }
    EXPECT_EQ(model.n_tokens, 24u);
    EXPECT_NEAR(model.firing_rates[0][0], 0.25, 1e-6);
    EXPECT_NEAR(model.firing_rates[0][1], 0.75, 1e-6);
    EXPECT_EQ(model.hottest_first()[0], (std::vector<uint32_t>{1, 0}));
}

}  // namespace
}  // namespace hearth
