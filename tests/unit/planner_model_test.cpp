// The model profile: sizes by part, the trace of what fires, the curve of hit rates.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "engine/base/file.h"
#include "engine/model/config.h"
#include "planner/activity_trace.h"
#include "planner/hit_rate_curve.h"
#include "planner/model_sizes.h"
#include "planner/plan_maker.h"
#include "planner/profile_text.h"
#include "tests/data/tiny_model.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

TEST(ProfileText, IsThereAndPlain) {
    EXPECT_GT(profile_text().size(), 3000u);
    EXPECT_LT(profile_text().size(), 16384u);
    EXPECT_NE(profile_text().find("lighthouse"), std::string_view::npos);
}

TEST(ModelSizes, EveryTensorIsInOnePart) {
    const TempFolder folder;
    for (const bool pwri : {false, true}) {
        for (const bool tied : {false, true}) {
            const std::string path = folder.file("m.gguf");
            TinyModelOptions options;
            options.pwri = pwri;
            options.tied_head = tied;
            if (pwri) options.ffn_activation = "relu";
            ASSERT_TRUE(tiny_model(options).write(path));
            const auto gguf = Gguf::open(path);
            ASSERT_TRUE(gguf);
            const auto config = read_model_config(*gguf);
            ASSERT_TRUE(config);
            const auto measured = model_sizes(*gguf, *config);
            ASSERT_TRUE(measured) << measured.error().message;
            const ModelSizes& sizes = *measured;
            uint64_t all = 0;
            for (const TensorInfo& tensor : gguf->tensors()) all += tensor.bytes;
            EXPECT_EQ(sizes.fixed_bytes() + sizes.ffn_bytes(), all);
            EXPECT_EQ(sizes.gate.bytes, sizes.up.bytes);
            EXPECT_EQ(sizes.gate.bytes, row_bytes(Dtype::q8_0, 64) * 96 * 2);
            EXPECT_EQ(sizes.gate.dtype, Dtype::q8_0);
            EXPECT_EQ(sizes.down_is_transposed, pwri);
            EXPECT_EQ(sizes.has_predictors, pwri);
            EXPECT_EQ(sizes.predictors.bytes > 0, pwri);
            EXPECT_EQ(sizes.embedding_bytes == 0, tied);
        }
    }
}

// Neurons with rates drawn like those of ReLU models: a quarter fires often, the rest seldom; what
// fired for one token fires for the next with probability `persistence`, beyond chance.
ActivityTrace synthetic_trace(size_t n_layers, size_t n_kept, size_t d_ff, size_t n_tokens,
                              double persistence) {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> uniform(0.0, 1.0);
    std::vector<double> rates(n_layers * d_ff);
    for (double& rate : rates) rate = std::pow(uniform(random), 4.0) * 0.5;
    ActivityTrace trace({n_layers, 1, d_ff}, n_kept);
    std::vector<bool> fired(rates.size());
    for (size_t token = 0; token < n_tokens; ++token) {
        for (size_t layer = 0; layer < n_layers; ++layer) {
            std::vector<uint32_t> neurons;
            for (uint32_t i = 0; i < d_ff; ++i) {
                const size_t at = layer * d_ff + i;
                const bool keeps = token > 0 && uniform(random) < persistence;
                if (!keeps) fired[at] = uniform(random) < rates[at];
                if (fired[at]) neurons.push_back(i);
            }
            trace.add({layer, 0, token, neurons});
        }
    }
    return trace;
}

TEST(ActivityTrace, CountsWhatItWasTold) {
    ActivityTrace trace({4, 2, 8}, 2);
    EXPECT_EQ(trace.kept_layers().size(), 2u);
    EXPECT_EQ(trace.kept_layers()[0], 1u);
    EXPECT_EQ(trace.kept_layers()[1], 3u);
    const std::vector<uint32_t> some{1, 2, 7};
    const std::vector<uint32_t> others{2, 7};
    trace.add({1, 1, 0, some});
    trace.add({1, 1, 1, others});
    trace.add({0, 0, 1, some});
    EXPECT_EQ(trace.n_tokens(), 2u);
    EXPECT_EQ(trace.counts().of(1 * 2 + 1)[7], 2u);
    EXPECT_EQ(trace.counts().of(1 * 2 + 1)[1], 1u);
    EXPECT_EQ(trace.counts().tokens_of(3), 2u);
    EXPECT_EQ(trace.counts().tokens_of(0), 1u);
    ASSERT_EQ(trace.steps(0, 1).size(), 2u);
    const auto neurons = trace.neurons(0, 1, trace.steps(0, 1)[1]);
    EXPECT_TRUE(std::equal(neurons.begin(), neurons.end(), others.begin(), others.end()));
    EXPECT_NEAR(trace.counts().active_fraction(1), 5.0 / 16.0, 1e-9);
    EXPECT_NEAR(trace.persistence(), 2.0 / 3.0, 1e-9);
    const std::vector<uint32_t> beyond{8};
    trace.add({0, 0, 5, beyond});  // dropped
    trace.add({4, 0, 5, some});
    EXPECT_EQ(trace.n_tokens(), 2u);
}

TEST(HitRateCurve, FallsAndRisesAsItMust) {
    const ActivityTrace trace = synthetic_trace(8, 3, 400, 120, 0.5);
    const PlanProgressSink nobody;
    StepProgress progress(PlanStep::model, nobody);
    const auto curve = HitRateCurve::measure(trace, progress);
    ASSERT_TRUE(curve) << curve.error().message;
    EXPECT_EQ(curve->at(0.0, 0.0).cold_hits, 0.0);
    EXPECT_EQ(curve->at(0.0, 0.0).hot_hits, 0.0);
    // All of it in the cache: only first uses miss, and few neurons fire first late.
    EXPECT_GT(curve->at(0.0, 1.0).cold_hits, 0.95);
    // The hottest fifth answers more than half.
    EXPECT_GT(curve->at(0.2, 0.0).hot_hits, 0.4);
    double before = -1.0;
    for (const double cache : {0.0, 0.02, 0.08, 0.15, 0.3, 0.6, 0.9}) {
        const auto point = curve->at(0.1, cache);
        EXPECT_GE(point.cold_hits, before - 0.02) << cache;
        before = point.cold_hits;
    }
    // The fewer are missed, the farther apart they lie.
    EXPECT_GT(curve->at(0.1, 0.0).joined, 0.1);
    EXPECT_LT(curve->at(0.1, 0.5).joined, 0.5 * curve->at(0.1, 0.0).joined);
    for (const HitRateCurve::Point& point : curve->points()) {
        EXPECT_GE(point.joined, 0.0);
        EXPECT_LT(point.joined, 1.0);
    }
    const HitRateCurve::Point point{.joined = 0.36};
    EXPECT_NEAR(point.joined_over(8), 0.36, 1e-9);
    EXPECT_NEAR(point.joined_over(3.5), 0.2, 1e-9);  // 0.8 * 0.8 do not join
    // In the middle of a cell: between its corners.
    const double low = curve->at(0.1, 0.12).cold_hits;
    const double high = curve->at(0.1, 0.25).cold_hits;
    EXPECT_NEAR(curve->at(0.1, 0.185).cold_hits, (low + high) / 2, 1e-9);
    const auto back = HitRateCurve::from_points(curve->points());
    ASSERT_TRUE(back);
    EXPECT_EQ(back->at(0.33, 0.2).cold_hits, curve->at(0.33, 0.2).cold_hits);
}

TEST(HitRateCurve, APartOfTheLayersTellsTheSame) {
    const PlanProgressSink nobody;
    StepProgress progress(PlanStep::model, nobody);
    const auto whole = HitRateCurve::measure(synthetic_trace(8, 8, 400, 120, 0.6), progress);
    const auto part = HitRateCurve::measure(synthetic_trace(8, 2, 400, 120, 0.6), progress);
    ASSERT_TRUE(whole && part);
    for (const double hot : {0.0, 0.2, 0.5}) {
        for (const double cache : {0.12, 0.25, 0.5}) {
            EXPECT_NEAR(whole->at(hot, cache).cold_hits, part->at(hot, cache).cold_hits, 0.06)
                << hot << " " << cache;
        }
    }
}

TEST(PlanMaker, WhatConversationsMakeFireIsKept) {
    const TempFolder folder;
    TinyModelOptions options;
    options.pwri = true;
    ASSERT_TRUE(tiny_model(options).write(folder.file("tiny.gguf")));
    const auto gguf = Gguf::open(folder.file("tiny.gguf"));
    ASSERT_TRUE(gguf);
    auto maker = PlanMaker::create(*gguf, {.folder = folder.path()});
    ASSERT_TRUE(maker) << maker.error().message;
    FiringCounts said({options.n_layers, 1, options.d_ff});
    const std::vector<uint32_t> neurons{7, 9};
    for (size_t t = 0; t < 100; ++t) said.add({1, 0, t, neurons});
    for (size_t t = 0; t < 100; ++t) said.add({0, 0, t, neurons});
    EXPECT_TRUE(maker->learn(said));  // there is no profile to refine
    EXPECT_FALSE(maker->has_profile());
    const auto config = read_model_config(*gguf);
    ModelProfile profile;
    profile.identity = identify_model(*gguf)->hex();
    profile.sizes = *model_sizes(*gguf, *config);
    ActivityTrace text({options.n_layers, 1, options.d_ff}, 2);
    const std::vector<uint32_t> others{1, 2, 3};
    for (size_t t = 0; t < 64; ++t) {
        for (size_t layer = 0; layer < options.n_layers; ++layer) text.add({layer, 0, t, others});
    }
    profile.learn(text);
    const PlanProgressSink nobody;
    StepProgress progress(PlanStep::model, nobody);
    profile.hit_rate = *HitRateCurve::measure(text, progress);
    const std::string json = to_json(profile);
    ASSERT_TRUE(write_file_atomically(maker->profile_path(), std::as_bytes(std::span(json))));
    for (size_t evening = 0; evening < 3; ++evening) ASSERT_TRUE(maker->learn(said));
    const auto kept = maker->kept_profile();
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->own_tokens, 300u);
    // 300 of a half-life of 8192: small, and not rounded away between evenings.
    EXPECT_NEAR(kept->firing_rates[1][7], 0.025, 0.002);
    EXPECT_NEAR(kept->own_share, 0.025, 0.001);
}

TEST(HitRateCurve, PointsThatAreNoGridAreRefused) {
    using Point = HitRateCurve::Point;
    EXPECT_TRUE(HitRateCurve::from_points({Point{0, 0}, Point{0, 1}, Point{1, 0}, Point{1, 1}}));
    EXPECT_FALSE(HitRateCurve::from_points({Point{0, 0}, Point{0, 1}, Point{1, 0}}));
    EXPECT_FALSE(HitRateCurve::from_points({Point{0, 0}, Point{0, 0}}));
    EXPECT_FALSE(HitRateCurve::from_points({Point{0, 1}, Point{0, 0}, Point{1, 1}, Point{1, 0}}));
    EXPECT_FALSE(HitRateCurve::from_points({Point{0, 0}, Point{0, 1}, Point{1, 0}, Point{1, 2}}));
}

}  // namespace
}  // namespace hearth
