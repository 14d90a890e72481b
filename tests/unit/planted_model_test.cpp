// Planted models fire like trained ones: measured through the engine on a small shape.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <random>
#include <set>
#include <vector>

#include "bench/activity_statistics.h"
#include "bench/synth/synthetic_model.h"
#include "engine/model/config.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

constexpr size_t kPrompt = 32;

SyntheticOptions small_planted() {
    SyntheticOptions options;
    SyntheticShape& shape = options.shape;
    shape.n_layers = 4;
    shape.d_model = 256;
    shape.n_heads = 4;
    shape.n_kv_heads = 2;
    shape.d_ff = 1024;
    shape.n_vocab = 2000;
    shape.rope_base = 10'000.0F;
    shape.ffn_activation = "relu";
    shape.active_fraction = 0.10;
    return options;
}

class PlantedModel : public testing::Test {
  protected:
    std::unique_ptr<Model> open(const SyntheticOptions& options) {
        const auto synthetic = SyntheticModel::create(options);
        EXPECT_TRUE(synthetic) << synthetic.error().message;
        const std::string path = folder_.file("planted.gguf");
        EXPECT_TRUE(synthetic->write(path));
        auto model = Model::open(path, {});
        EXPECT_TRUE(model) << model.error().message;
        return std::move(*model);
    }

    // A random prompt and what the model says to it, greedily; visited behind the prompt.
    std::vector<Token> run(
        const Model& model, size_t n_tokens,
        const std::function<void(const Compute&, const bench::FfnVisit&)>& visit) {
        bench::FfnProbe probe(model, kPrompt + n_tokens, 2);
        std::mt19937 random(1);
        std::vector<Token> text;
        Token token{0};
        for (size_t i = 0; i < kPrompt + n_tokens; ++i) {
            if (i < kPrompt) {
                token = Token{static_cast<uint32_t>(random() % model.config().n_vocab)};
            } else {
                text.push_back(token);
            }
            token = probe.step(token, [&](const bench::FfnVisit& v) {
                if (i >= kPrompt) visit(probe.compute(), v);
            });
        }
        return text;
    }

    TempFolder folder_;
};

TEST_F(PlantedModel, FiresLikeATrainedOne) {
    const auto model = open(small_planted());
    bench::ActivityStatistics statistics(*model);
    run(*model, 160, [&](const Compute& compute, const bench::FfnVisit& visit) {
        statistics.add(compute, visit);
    });
    for (const bench::LayerActivity& layer : statistics.layers()) {
        EXPECT_NEAR(layer.active, 0.10, 0.015);
        EXPECT_GT(layer.hottest_fifth, 0.60);
        EXPECT_LT(layer.hottest_fifth, 0.77);
        EXPECT_GE(layer.recall, 0.99);
        EXPECT_LE(layer.proposed, 1.5 * layer.active);
    }
    EXPECT_GT(bench::mean(statistics.layers()).persistence, 0.40);
    EXPECT_LT(bench::mean(statistics.layers()).persistence, 0.60);
}

TEST_F(PlantedModel, GreedyTextGoesOn) {
    const auto model = open(small_planted());
    const auto text = run(*model, 256, [](const Compute&, const bench::FfnVisit&) {});
    // Neither a fixed point nor a short loop, up to the end; and no special token.
    const std::set<Token> late(text.end() - 128, text.end());
    EXPECT_GT(late.size(), 64U);
    for (const Token token : text) EXPECT_GE(to_index(token), 261U);
}

TEST_F(PlantedModel, SkippingWhatThePredictorSkipsHardlyChangesTheText) {
    const auto model = open(small_planted());
    std::vector<std::vector<Token>> texts;
    GenerateOptions options;
    options.max_tokens = 32;
    options.sampler.temperature = 0.0F;
    for (const auto mode : {SparsityMode::dense, SparsityMode::exact, SparsityMode::predicted}) {
        auto session = Session::create(*model, {.n_ctx = 128, .n_threads = 2, .sparsity = mode});
        ASSERT_TRUE(session) << session.error().message;
        const std::vector<Token> prompt{Token{300}, Token{400}, Token{500}};
        ASSERT_TRUE((*session)->prefill(prompt, {}));
        const auto generated = (*session)->generate(options, {});
        ASSERT_TRUE(generated);
        EXPECT_EQ(generated->tokens.size(), 32U);
        texts.push_back(generated->tokens);
    }
    EXPECT_EQ(texts[0], texts[1]);
    EXPECT_TRUE(std::equal(texts[0].begin(), texts[0].begin() + 8, texts[2].begin()));
}

TEST_F(PlantedModel, ExpertsFireAsSparsely) {
    SyntheticOptions options = small_planted();
    options.shape.ffn_activation = "drelu";
    options.shape.active_fraction = 0.15;
    options.shape.d_ff = 512;
    options.shape.n_experts = 4;
    options.shape.n_experts_used = 2;
    const auto model = open(options);
    std::vector<uint64_t> active(options.shape.n_layers);
    std::vector<uint64_t> seen(options.shape.n_layers);
    std::set<size_t> experts;
    const auto text = run(*model, 32, [&](const Compute&, const bench::FfnVisit& visit) {
        experts.insert(visit.expert);
        for (const float a : visit.activation) active[visit.layer] += a != 0.0F;
        seen[visit.layer] += visit.activation.size();
    });
    EXPECT_EQ(experts.size(), 4U);
    for (size_t i = 0; i < active.size(); ++i) {
        EXPECT_NEAR(static_cast<double>(active[i]) / static_cast<double>(seen[i]), 0.15, 0.02);
    }
    EXPECT_GT(std::set<Token>(text.begin(), text.end()).size(), 16U);
}

TEST_F(PlantedModel, RefusesWhatCannotBePlanted) {
    SyntheticOptions options = small_planted();
    options.shape.ffn_activation = "silu";
    EXPECT_EQ(SyntheticModel::create(options).error().code, ErrorCode::usage);
    options = small_planted();
    options.dtype = Dtype::q4_k;
    EXPECT_FALSE(SyntheticModel::create(options));
    options = small_planted();
    options.shape.active_fraction = 0.0;
    options.shape.n_experts = 4;
    EXPECT_FALSE(SyntheticModel::create(options));
    EXPECT_EQ(preset_shape("47b")->n_experts, 8U);
}

}  // namespace
}  // namespace hearth
