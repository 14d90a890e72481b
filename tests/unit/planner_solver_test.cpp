// The cost model and the solver, on machines and models written by hand.
#include <gtest/gtest.h>

#include "planner/memory_model.h"
#include "planner/solver.h"
#include "tests/support/damaged_text.h"
#include "tests/support/planner_profiles.h"

namespace hearth {
namespace {

constexpr uint64_t kMiB = uint64_t{1} << 20;
constexpr uint64_t kGiB = uint64_t{1} << 30;

// All but the FFN, with a context of 4096.
uint64_t fixed_bytes(const ModelProfile& model) {
    return model.sizes.fixed_bytes() + model.sizes.kv_bytes_per_token * 4096 + 40 * kMiB;
}

// With 32 MiB to stream through.
BaseMemory base_memory(const ModelProfile& model) {
    return {fixed_bytes(model), 24 * kMiB, StreamPlan{}};
}

Result<Solution> solve(const DeviceProfile& device, const ModelProfile& model,
                       const SolveRequest& request) {
    return solve(device, model, base_memory(model), request);
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

// The 7B with predictors of rank 256, in a file of their own.
ModelProfile predictable_7b() {
    ModelProfile model = sparse_7b();
    model.sizes.predictors = {uint64_t{32} * 256 * (4096 + 14336) * 9 / 16, Dtype::q4_0};
    model.sizes.predictors_are_apart = true;
    return model;
}

TEST(Solver, PredictedIsChosenOnlyWhereItIsAllowedAndToldOtherwise) {
    const ModelProfile model = predictable_7b();
    const uint64_t budget = fixed_bytes(model) + model.sizes.ffn_bytes() / 2 + 100 * kMiB;
    const auto lossless = solve(laptop_profile(), model, {.budget_bytes = budget});
    ASSERT_TRUE(lossless);
    EXPECT_EQ(lossless->setting.mode, SparsityMode::exact);
    EXPECT_EQ(lossless->memory.predictors, 0u);
    const Alternative* const told = find(*lossless, "sparsity", "predicted");
    ASSERT_NE(told, nullptr);
    EXPECT_FALSE(told->is_chosen);
    EXPECT_NE(told->why_not.find("--sparsity predicted"), std::string::npos);
    const auto allowed = solve(laptop_profile(), model,
                               {.budget_bytes = budget, .sparsity = SparsityMode::predicted});
    ASSERT_TRUE(allowed);
    EXPECT_EQ(allowed->setting.mode, SparsityMode::predicted);
    EXPECT_EQ(allowed->memory.predictors, model.sizes.predictors.bytes);
    EXPECT_LE(allowed->memory.total(), budget);
    EXPECT_NEAR(allowed->cost.tokens_per_second(), told->tokens_per_second,
                0.01 * told->tokens_per_second);
    EXPECT_GT(allowed->cost.tokens_per_second(), lossless->cost.tokens_per_second());
}

TEST(Solver, AModeTheModelCannotRunIsRefusedInOneLine) {
    const auto predicted =
        solve(laptop_profile(), sparse_7b(), {.sparsity = SparsityMode::predicted});
    ASSERT_FALSE(predicted);
    EXPECT_EQ(predicted.error().code, ErrorCode::usage);
    EXPECT_NE(predicted.error().message.find("hearth pack --predictors"), std::string::npos);
    const auto exact = solve(laptop_profile(), dense_7b(), {.sparsity = SparsityMode::exact});
    ASSERT_FALSE(exact);
    EXPECT_NE(exact.error().message.find("ReLU"), std::string::npos);
}

TEST(Solver, APredictorsGatesAreAllInMemoryOrAllFetched) {
    const ModelProfile model = predictable_7b();
    for (uint64_t budget = 2 * kGiB; budget <= 4 * kGiB; budget += 128 * kMiB) {
        const auto solution = solve(laptop_profile(), model,
                                    {.budget_bytes = budget, .sparsity = SparsityMode::predicted});
        if (!solution) continue;
        EXPECT_EQ(solution->setting.gates_kept, 1.0) << budget;
    }
}

TEST(Solver, OtherBudgetsAreTold) {
    const ModelProfile model = sparse_7b();
    const auto solution = solve(laptop_profile(), model, {.budget_bytes = 3 * kGiB});
    ASSERT_TRUE(solution);
    double before = 0.0;
    size_t n = 0;
    for (const Alternative& one : solution->alternatives) {
        if (one.decision != "memory" || one.is_chosen) continue;
        EXPECT_GE(one.tokens_per_second, before * 0.99) << one.value;
        before = one.tokens_per_second;
        ++n;
    }
    EXPECT_GE(n, 3u);
    EXPECT_GT(before, solution->cost.tokens_per_second());  // all of it in memory
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

TEST(CostModel, NeighboursTravelTogetherWhereTheDiskIsBoundByReads) {
    PlanSetting setting;
    setting.placement = FfnPlacement::by_neuron;
    setting.mode = SparsityMode::exact;
    setting.n_threads = 4;
    setting.hot_share = 0.25;
    setting.cache_share = 0.2;
    setting.queue_depth = 64;
    const ModelProfile lone = sparse_7b();
    ModelProfile dense = lone;
    auto points = dense.hit_rate.points();
    for (HitRateCurve::Point& point : points) point.joined = 0.3;
    dense.hit_rate = *HitRateCurve::from_points(std::move(points));
    const DeviceProfile phone = phone_profile();  // 30 K reads a second, whatever their size
    const TokenCost apart = CostModel(phone, lone).cost(setting);
    const TokenCost joined = CostModel(phone, dense).cost(setting);
    EXPECT_LT(joined.reads, 0.75 * apart.reads);
    EXPECT_GT(joined.bytes, apart.bytes);
    EXPECT_LT(joined.stall, apart.stall);
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

TEST(CostModel, StockFilesAreReadAsTheirPackHoldsThem) {
    // Down of a stock file becomes Q8_0 rows in the pack: 2304 and 4352 bytes, read in 512s.
    ModelProfile model = sparse_7b();
    model.sizes.down_is_transposed = false;
    model.sizes.packed_down = {uint64_t{32} * 14336 * 4352, Dtype::q8_0};
    model.sizes.packed_row_bytes = 2304 + 4352;
    const DeviceProfile device = laptop_profile();
    const CostModel cost(device, model);
    EXPECT_EQ(cost.record_bytes(true), 6656u);
    EXPECT_EQ(cost.record_bytes(false), 9216u);  // 8960
    const MemoryModel memory(model.sizes, {kGiB, 0, StreamPlan{}}, cost);
    const PlanSetting setting{
        FfnPlacement::by_neuron, SparsityMode::exact, true, 1.0, 0.25, 0.25, 4, 64};
    EXPECT_EQ(memory.use(setting).hot, uint64_t{32} * 14336 / 4 * 6656);
}

TEST(CostModel, ACorrectionIsForWhatIsAlike) {
    ModelProfile model = sparse_7b();
    const DeviceProfile device = laptop_profile();
    const PlanSetting shallow{
        FfnPlacement::by_neuron, SparsityMode::exact, true, 1.0, 0.3, 0.1, 4, 8};
    PlanSetting deep = shallow;
    deep.queue_depth = 128;
    const double guessed = CostModel(device, model).cost(deep).seconds();
    model.learn(Observation{shallow, 64, 2.0 * guessed, 1.0 * guessed});
    model.learn(Observation{deep, 64, 0.8 * guessed, 0.1 * guessed});
    const CostModel cost(device, model);
    EXPECT_NEAR(cost.cost(shallow).seconds(), 2.0 * guessed, 0.02 * guessed);
    EXPECT_NEAR(cost.cost(deep).seconds(), 0.8 * guessed, 0.01 * guessed);
    PlanSetting dense = shallow;
    dense.placement = FfnPlacement::by_layer;
    dense.mode = SparsityMode::dense;
    EXPECT_EQ(cost.cost(dense).seconds(), CostModel(device, sparse_7b()).cost(dense).seconds());
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
            (void)solve(laptop_profile(), *profile, BaseMemory{kGiB, 0, StreamPlan{}}, {});
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
}

TEST(ModelProfile, ConversationsRefineWhatATextSaid) {
    ModelProfile model;
    model.sizes.n_layers = 1;
    model.sizes.d_ff = 2;
    const std::vector<uint32_t> first{0};
    const std::vector<uint32_t> second{1};
    const auto said = [&](size_t n_tokens) {
        FiringCounts counts({1, 1, 2});
        for (size_t t = 0; t < n_tokens; ++t) counts.add({0, 0, t, second});
        return counts;
    };
    model.learn(said(100));  // nothing to refine yet
    EXPECT_EQ(model.own_tokens, 0u);
    ActivityTrace text({1, 1, 2}, 1);
    for (size_t t = 0; t < 64; ++t) text.add({0, 0, t, first});
    model.learn(text);
    model.learn(said(10));  // a word changes nothing
    EXPECT_EQ(model.own_tokens, 10u);
    EXPECT_GT(model.firing_rates[0][0], 0.99F);
    EXPECT_LT(model.own_share, 0.01);
    model.learn(said(8192));
    EXPECT_NEAR(model.firing_rates[0][1], 0.5, 0.01);
    EXPECT_NEAR(model.own_share, 0.5, 0.01);
    model.learn(said(3 * 8192));
    EXPECT_EQ(model.own_tokens, 10u + 4 * 8192u);
    EXPECT_NEAR(model.active_fraction(), 0.5, 1e-9);
    FiringCounts other({1, 1, 3});  // of another model
    other.add({0, 0, 0, second});
    model.learn(other);
    EXPECT_EQ(model.own_tokens, 10u + 4 * 8192u);
}

}  // namespace
}  // namespace hearth
