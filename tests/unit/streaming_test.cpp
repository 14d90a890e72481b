// Streamed equals resident: whatever a plan leaves on disk, logits and tokens are the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "engine/default_plan.h"
#include "engine/engine.h"
#include "engine/model/config.h"
#include "engine/neuron/row_stream.h"
#include "tests/data/tiny_model.h"
#include "tests/golden/reference.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

struct Outcome {
    std::vector<float> logits;  // after the prompt
    std::vector<Token> tokens;
    RunStats stats;
};

Outcome run(const std::string& path, const Plan& plan, size_t n_threads = 2) {
    auto model = Model::open(path, {.isa = "", .plan = plan});
    if (!model) ADD_FAILURE() << model.error().message;
    auto session = Session::create(**model, {.n_threads = n_threads});
    if (!session) ADD_FAILURE() << session.error().message;
    std::vector<Token> prompt;
    for (uint32_t i = 0; i < 40; ++i) {
        prompt.push_back(Token{static_cast<uint32_t>(i * 7 % (*model)->config().n_vocab)});
    }
    EXPECT_TRUE((*session)->prefill(prompt, {}));
    Outcome result;
    result.logits.assign((*session)->logits().begin(), (*session)->logits().end());
    GenerateOptions greedy;
    greedy.sampler.temperature = 0.0F;
    greedy.max_tokens = 12;
    const auto generated = (*session)->generate(greedy, {});
    EXPECT_TRUE(generated);
    result.tokens = generated->tokens;
    result.stats = (*session)->stats();
    return result;
}

Plan by_layer(uint64_t resident_bytes, size_t chunk_bytes, size_t n_buffers) {
    Plan plan;
    plan.placement = FfnPlacement::by_layer;
    plan.resident_ffn_bytes = resident_bytes;
    plan.stream = {chunk_bytes, n_buffers};
    return plan;
}

class Streaming : public testing::Test {
  protected:
    std::string write(const TinyModelOptions& options) {
        const std::string path = folder_.file("tiny.gguf");
        EXPECT_TRUE(tiny_model(options).write(path));
        return path;
    }

    TempFolder folder_;
};

TEST_F(Streaming, MatricesByLayerGiveTheSameLogitsBitForBit) {
    for (const char* activation : {"silu", "gelu", "relu", "drelu"}) {
        for (const bool pwri : {false, true}) {
            TinyModelOptions options;
            options.ffn_activation = activation;
            options.pwri = pwri;
            options.n_layers = 3;
            const std::string path = write(options);
            Plan resident;
            resident.sparsity = SparsityMode::dense;
            const Outcome expected = run(path, resident);
            for (const uint64_t stays : {uint64_t{0}, uint64_t{30'000}, uint64_t{1} << 30}) {
                Plan plan = by_layer(stays, stays == 0 ? 1000 : 5000, 3);
                plan.sparsity = SparsityMode::dense;
                const Outcome streamed = run(path, plan);
                EXPECT_EQ(streamed.logits, expected.logits) << activation << " " << stays;
                EXPECT_EQ(streamed.tokens, expected.tokens);
                EXPECT_EQ(streamed.stats.io_bytes > 0, stays < (uint64_t{1} << 30));
            }
        }
    }
}

TEST_F(Streaming, MixturesStreamTheExpertsThatAreRoutedTo) {
    const std::string path = (reference_folder() / "tiny" / "mixtral-q4_k_m.gguf").string();
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no reference files";
    const Outcome expected = run(path, Plan{});
    const Outcome streamed = run(path, by_layer(0, 4096, 4));
    EXPECT_EQ(streamed.logits, expected.logits);
    EXPECT_EQ(streamed.tokens, expected.tokens);
    EXPECT_GT(streamed.stats.io_bytes, 0u);
}

TEST_F(Streaming, AStoppedPassLeavesTheStreamUsable) {
    const std::string path = write({});
    auto model = Model::open(path, {.isa = "", .plan = by_layer(0, 1000, 2)});
    ASSERT_TRUE(model);
    auto session = Session::create(**model, {});
    ASSERT_TRUE(session);
    const std::vector<Token> prompt{Token{1}, Token{300}, Token{301}};
    const std::vector<Token> other{Token{2}, Token{302}};  // shares nothing with it
    ASSERT_TRUE((*session)->prefill(prompt, {}));
    const std::vector<float> first((*session)->logits().begin(), (*session)->logits().end());
    ASSERT_TRUE((*session)->prefill(other, {}));
    const auto stopped = (*session)->generate({}, [&](std::string_view) {
        (*session)->request_stop();
        return Continue::yes;
    });
    ASSERT_TRUE(stopped);
    EXPECT_EQ(stopped->stop_reason, StopReason::cancelled);
    ASSERT_TRUE((*session)->prefill(prompt, {}));
    ASSERT_EQ(first.size(), (*session)->logits().size());
    EXPECT_TRUE(std::equal(first.begin(), first.end(), (*session)->logits().begin()));
}

TEST_F(Streaming, ATruncatedFileStopsTheTurnWithOneLine) {
    const std::string path = write({});
    auto model = Model::open(path, {.isa = "", .plan = by_layer(0, 1000, 2)});
    ASSERT_TRUE(model);
    auto session = Session::create(**model, {});
    ASSERT_TRUE(session);
    std::filesystem::resize_file(path, 8192);
    const auto failed = (*session)->prefill(std::vector<Token>{Token{1}, Token{300}}, {});
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().message.find("tiny.gguf"), std::string::npos);
    EXPECT_EQ(failed.error().message.find('\n'), std::string::npos);
}

TEST_F(Streaming, RowsComeInTheOrderTheyWereAskedFor) {
    const std::string path = folder_.file("rows");
    std::vector<float> values(1000);
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(values.data()),
               static_cast<std::streamsize>(values.size() * sizeof(float)));
    auto rows = RowStream::create({path}, {.chunk_bytes = 400, .n_buffers = 2}, {}, 40);
    ASSERT_TRUE(rows);
    const std::atomic<bool> stop{false};
    const MatrixView matrix{Dtype::f32, nullptr, 90, 10, 40};
    for (int round = 0; round < 2; ++round) {
        ASSERT_TRUE((*rows)->enqueue(matrix, {0, 400}));
        ASSERT_TRUE((*rows)->enqueue(matrix, {0, 0}));
        for (const float first : {100.0F, 0.0F}) {
            for (size_t row = 0; row < matrix.rows;) {
                const auto chunk = (*rows)->next(stop);
                ASSERT_TRUE(chunk);
                ASSERT_EQ(chunk->first_row, row);
                for (size_t r = 0; r < chunk->rows.rows; ++r, ++row) {
                    EXPECT_EQ(load_unaligned<float>(chunk->rows.row(r)),
                              first + 10.0F * static_cast<float>(row));
                }
            }
        }
        EXPECT_EQ((*rows)->n_enqueued(), 0u);
        ASSERT_TRUE((*rows)->enqueue(matrix, {0, 0}));
        ASSERT_TRUE((*rows)->next(stop));
        (*rows)->clear();
    }
}

TEST_F(Streaming, TheDefaultPlanKeepsWhatFitsAndSaysWhatIsNeeded) {
    TinyModelOptions options;
    options.d_ff = 2048;
    const std::string path = write(options);
    const auto gguf = Gguf::open(path);
    ASSERT_TRUE(gguf);
    const auto config = read_model_config(*gguf);
    const auto needs = memory_needs(*gguf, *config, 0, 1);
    ASSERT_TRUE(needs);
    EXPECT_EQ(needs->weights.gate_bytes * 2, needs->weights.up_down_bytes);
    const auto all = default_plan(*gguf, {.budget_bytes = needs->everything(), .n_threads = 1});
    ASSERT_TRUE(all);
    EXPECT_EQ(all->placement, FfnPlacement::resident);
    const auto less =
        default_plan(*gguf, {.budget_bytes = needs->everything() - 1, .n_threads = 1});
    ASSERT_TRUE(less) << less.error().message;
    EXPECT_EQ(less->placement, FfnPlacement::by_layer);
    EXPECT_LE(needs->fixed() + less->resident_ffn_bytes + less->stream.bytes(), less->budget_bytes);
    const auto none = default_plan(*gguf, {.budget_bytes = needs->fixed(), .n_threads = 1});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::machine);
}

}  // namespace
}  // namespace hearth
