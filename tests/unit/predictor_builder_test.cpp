// Predictors made from the gates alone know what fires, and their file is not mistaken for another.
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "bench/synth/synthetic_model.h"
#include "engine/kernels/kernels.h"
#include "engine/model/config.h"
#include "engine/model/ffn.h"
#include "engine/model/predictor_file.h"
#include "planner/predictor_builder.h"
#include "planner/token_runner.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

constexpr size_t kRank = 96;  // what is planted has that many dimensions

SyntheticOptions small_planted(uint64_t seed) {
    SyntheticOptions options;
    SyntheticShape& shape = options.shape;
    shape.n_layers = 2;
    shape.d_model = 256;
    shape.n_heads = 4;
    shape.n_kv_heads = 2;
    shape.d_ff = 512;
    shape.n_vocab = 1000;
    shape.rope_base = 10'000.0F;
    shape.ffn_activation = "relu";
    shape.active_fraction = 0.10;
    options.seed = seed;
    return options;
}

std::vector<Token> random_tokens(size_t n, uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<Token> tokens;
    for (size_t i = 0; i < n; ++i) tokens.push_back(Token{static_cast<uint32_t>(random() % 1000)});
    return tokens;
}

class PredictorBuilder : public testing::Test {
  protected:
    std::unique_ptr<Model> open(const std::string& name, uint64_t seed) {
        const auto synthetic = SyntheticModel::create(small_planted(seed));
        EXPECT_TRUE(synthetic && synthetic->write(folder_.file(name)));
        auto model = Model::open(folder_.file(name), {});
        EXPECT_TRUE(model) << model.error().message;
        return std::move(*model);
    }

    Result<PredictorReport> make(const Model& model) {
        PredictorOptions options;
        options.path = predictors_;
        options.rank = kRank;
        options.n_threads = 2;
        return make_predictors(model, random_tokens(5 * kRank, 1), options);
    }

    // What a model would get from the file, whoever's predictors it has itself.
    Result<Weights> load(const Model& model) {
        HEARTH_TRY(Weights weights, load_weights(model.gguf(), model.config(), {}, {}));
        HEARTH_TRY(const ModelIdentity identity, identify_model(model.gguf()));
        HEARTH_TRY_VOID(load_predictors(predictors_, identity, model.config(), weights));
        return weights;
    }

    TempFolder folder_;
    std::string predictors_ = folder_.file("model.predictor");
};

TEST_F(PredictorBuilder, ProposesWhatFiresInANewText) {
    const auto model = open("model.gguf", 1);
    const auto report = make(*model);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_GE(report->recall, 0.985);
    EXPECT_LT(report->proposed, 2.5);
    const auto weights = load(*model);
    ASSERT_TRUE(weights) << weights.error().message;

    const ModelConfig& config = model->config();
    TokenRunner runner(config, *weights, model->kernels(), 48, 2);
    PredictorScratch scratch(config.d_model, weights->max_predictor_rank, config.d_ff);
    std::vector<uint32_t> proposed;
    double n_active = 0.0;
    double n_proposed = 0.0;
    double n_recalled = 0.0;
    for (const Token token : random_tokens(48, 2)) {
        ASSERT_TRUE(runner.step(token, [&](size_t i, Activations& a) -> Result<void> {
            const LayerWeights& layer = weights->layers[i];
            predict(runner.compute(), layer.predictor, a.residual.data(), scratch, proposed);
            HEARTH_TRY_VOID(feed_forward(runner.compute(), config, layer.ffn.front(), nullptr,
                                         a.normed.data(), 1, a.block_output.data(), a));
            for (const float x : a.gate.span().first(config.d_ff)) n_active += x != 0.0F;
            for (const uint32_t neuron : proposed) n_recalled += a.gate[neuron] != 0.0F;
            n_proposed += static_cast<double>(proposed.size());
            return {};
        }));
    }
    EXPECT_GT(n_recalled, 0.95 * n_active);
    EXPECT_LT(n_proposed, 3.0 * n_active);
}

TEST_F(PredictorBuilder, AFileOfAnotherModelOrADamagedOneIsRefused) {
    const auto model = open("model.gguf", 1);
    ASSERT_TRUE(make(*model));
    const auto other = open("other.gguf", 2);
    const auto foreign = load(*other);
    ASSERT_FALSE(foreign);
    EXPECT_NE(foreign.error().message.find("another model"), std::string::npos);

    std::fstream file(predictors_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(-1000, std::ios::end);
    const char old = static_cast<char>(file.get());
    file.seekp(-1000, std::ios::end);
    file.put(static_cast<char>(old ^ 1));
    file.close();
    const auto damaged = load(*model);
    ASSERT_FALSE(damaged);
    EXPECT_EQ(damaged.error().code, ErrorCode::bad_file);
    EXPECT_NE(damaged.error().message.find("layer 1 is damaged"), std::string::npos);
}

TEST_F(PredictorBuilder, WantsAReluModelAndEnoughText) {
    const auto model = open("model.gguf", 1);
    PredictorOptions options;
    options.path = predictors_;
    options.rank = 40;
    EXPECT_EQ(make_predictors(*model, random_tokens(500, 1), options).error().code,
              ErrorCode::usage);
    options.rank = kRank;
    EXPECT_FALSE(make_predictors(*model, random_tokens(100, 1), options));
}

}  // namespace
}  // namespace hearth
