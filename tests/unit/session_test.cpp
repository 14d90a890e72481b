// Session on tiny models: what is computed is the same however it was asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "engine/base/utf8.h"
#include "engine/engine.h"
#include "engine/kernels/kernels.h"
#include "tests/data/tiny_model.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

class SessionTest : public testing::Test {
  protected:
    std::unique_ptr<Model> open(const TinyModelOptions& options, const std::string& isa = "") {
        const std::string path = folder_.file("tiny.gguf");
        const auto written = tiny_model(options).write(path);
        EXPECT_TRUE(written);
        auto model = Model::open(path, {.isa = isa});
        EXPECT_TRUE(model) << (model ? "" : model.error().message);
        return model ? std::move(*model) : nullptr;
    }

    static std::unique_ptr<Session> session(const Model& model, SessionOptions options = {}) {
        auto made = Session::create(model, options);
        EXPECT_TRUE(made) << (made ? "" : made.error().message);
        return std::move(*made);
    }

    static std::vector<Token> prompt(size_t n) {
        std::vector<Token> tokens{Token{kTinyBos}};
        for (uint32_t i = 1; i < n; ++i) tokens.push_back(Token{kTinyPieces + i * 7 % 40});
        return tokens;
    }

    static GenerateOptions greedy(size_t n) {
        GenerateOptions options;
        options.sampler.temperature = 0.0F;
        options.max_tokens = n;
        return options;
    }

    static std::vector<Token> continuation(Session& session, std::span<const Token> tokens,
                                           size_t n) {
        EXPECT_TRUE(session.prefill(tokens, {}));
        const auto generated = session.generate(greedy(n), {});
        EXPECT_TRUE(generated);
        return generated->tokens;
    }

    TempFolder folder_;
};

TEST_F(SessionTest, TheSameTokensForAnyThreadCountAndModelKind) {
    for (const char* activation : {"silu", "relu", "drelu"}) {
        for (const bool pwri : {false, true}) {
            TinyModelOptions options;
            options.ffn_activation = activation;
            options.pwri = pwri;
            const auto model = open(options);
            const auto tokens = prompt(40);
            const auto expected = continuation(*session(*model, {.n_threads = 1}), tokens, 60);
            EXPECT_GT(expected.size(), 1u);
            for (const size_t n_threads : {2u, 5u}) {
                EXPECT_EQ(continuation(*session(*model, {.n_threads = n_threads}), tokens, 60),
                          expected)
                    << activation << " pwri " << pwri << " threads " << n_threads;
            }
        }
    }
}

// Decoding by neurons computes what dense decoding computes.
TEST_F(SessionTest, ExactSparsityGivesTheDenseTokens) {
    for (const char* activation : {"relu", "drelu"}) {
        TinyModelOptions options;
        options.ffn_activation = activation;
        options.pwri = true;
        options.dtype = Dtype::f32;  // no quantized activations: only the order of sums differs
        const auto model = open(options);
        const auto dense = session(*model, {.sparsity = SparsityMode::dense});
        const auto exact = session(*model, {.sparsity = SparsityMode::exact});
        const auto tokens = prompt(20);
        EXPECT_EQ(continuation(*exact, tokens, 80), continuation(*dense, tokens, 80));
        EXPECT_EQ(exact->stats().sparsity_mode, "exact");
        EXPECT_EQ(exact->stats().active_fraction, dense->stats().active_fraction);
        EXPECT_GT(*exact->stats().active_fraction, 0.0);
        EXPECT_LT(*exact->stats().active_fraction, 1.0);
    }
}

TEST_F(SessionTest, WhatFiresIsToldTheSameForABatchAndTokenByToken) {
    const auto model = open({.ffn_activation = "relu", .pwri = true});
    using Trace = std::vector<std::tuple<size_t, size_t, std::vector<uint32_t>>>;
    const auto trace_of = [&](bool token_by_token) {
        Trace trace;
        const auto listening = session(*model, {.on_firing = [&](const Firing& firing) {
            trace.emplace_back(firing.position, firing.layer,
                               std::vector(firing.neurons.begin(), firing.neurons.end()));
        }});
        const auto tokens = prompt(12);
        if (token_by_token) {
            for (const Token token : tokens) EXPECT_TRUE(listening->decode(token));
        } else {
            EXPECT_TRUE(listening->prefill(tokens, {}));
        }
        std::sort(trace.begin(), trace.end());
        return trace;
    };
    const Trace batch = trace_of(false);
    ASSERT_EQ(batch.size(), 12 * 2);  // tokens x layers
    size_t fired = 0;
    for (const auto& [position, layer, neurons] : batch) fired += neurons.size();
    EXPECT_GT(fired, 12u * 2 * 96 / 10);
    EXPECT_LT(fired, 12u * 2 * 96);
    // A GEMM sums in another order than a mat-vec: a neuron on the brink may differ.
    const Trace single = trace_of(true);
    ASSERT_EQ(single.size(), batch.size());
    size_t differing = 0;
    for (size_t i = 0; i < batch.size(); ++i) {
        std::vector<uint32_t> difference;
        std::set_symmetric_difference(std::get<2>(batch[i]).begin(), std::get<2>(batch[i]).end(),
                                      std::get<2>(single[i]).begin(), std::get<2>(single[i]).end(),
                                      std::back_inserter(difference));
        differing += difference.size();
    }
    EXPECT_LE(differing, fired / 100);
}

TEST_F(SessionTest, AModeTheModelCannotRunIsRefusedWithTheReason) {
    const auto model = open({});
    for (const auto mode : {SparsityMode::exact, SparsityMode::predicted}) {
        const auto made = Session::create(*model, {.sparsity = mode});
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code, ErrorCode::usage);
        EXPECT_NE(made.error().message.find("not a ReLU"), std::string::npos);
    }
}

TEST_F(SessionTest, PrefillKeepsTheCommonPrefixAndChangesNothing) {
    const auto model = open({});
    const auto one = session(*model);
    auto tokens = prompt(30);
    continuation(*one, tokens, 5);
    EXPECT_EQ(one->tokens().size(), 34u);  // the fifth token was sampled, not computed
    tokens.resize(20);
    tokens.push_back(Token{kTinyPieces + 3});
    EXPECT_EQ(one->tokens_to_read(tokens), 1u);
    const auto again = continuation(*one, tokens, 12);
    EXPECT_EQ(one->stats().reused_tokens, 20u);
    EXPECT_EQ(one->stats().prompt_tokens, 21u);
    EXPECT_EQ(one->stats().prefill.tokens, 1u);
    EXPECT_EQ(again, continuation(*session(*model), tokens, 12));

    // The very same prompt: its last token is computed again for the logits.
    EXPECT_EQ(one->tokens_to_read(std::span(tokens)), 1u);
    EXPECT_EQ(continuation(*one, tokens, 12), again);
}

TEST_F(SessionTest, ALongPromptInBatchesIsThePromptTokenByToken) {
    TinyModelOptions options;
    options.dtype = Dtype::f32;
    const auto model = open(options);
    const auto tokens = prompt(300);  // more than one batch
    const auto batched = session(*model);
    ASSERT_TRUE(batched->prefill(tokens, {}));
    const auto stepped = session(*model);
    for (const Token token : tokens) ASSERT_TRUE(stepped->decode(token));
    for (size_t i = 0; i < batched->logits().size(); ++i) {
        ASSERT_NEAR(batched->logits()[i], stepped->logits()[i], 2e-3) << i;
    }
}

TEST_F(SessionTest, EveryInstructionSetAgrees) {
    for (const Dtype dtype : {Dtype::q4_0, Dtype::q8_0, Dtype::q4_k, Dtype::q6_k, Dtype::f16}) {
        std::vector<float> expected;
        for (const KernelTable* table : supported_kernels()) {
            const auto model = open(tiny_options_for(dtype), std::string(table->name));
            const auto s = session(*model);
            ASSERT_TRUE(s->prefill(prompt(33), {}));
            if (expected.empty()) expected.assign(s->logits().begin(), s->logits().end());
            // A last bit in a sum can flip the rounding of a quantized activation: alike on
            // average.
            double difference = 0.0;
            for (size_t i = 0; i < expected.size(); ++i) {
                difference += std::abs(static_cast<double>(s->logits()[i] - expected[i]));
            }
            EXPECT_LT(difference / static_cast<double>(expected.size()), 0.06) << table->name;
        }
    }
}

TEST_F(SessionTest, StopStringsAndLimitsEndAnAnswer) {
    const auto model = open({});
    const auto s = session(*model);
    const auto tokens = prompt(10);
    ASSERT_TRUE(s->prefill(tokens, {}));
    std::string streamed;
    const auto whole = s->generate(greedy(40), [&](std::string_view text) {
        EXPECT_TRUE(is_valid_utf8(text));
        streamed += text;
        return Continue::yes;
    });
    ASSERT_TRUE(whole);
    EXPECT_EQ(streamed, whole->text);
    EXPECT_EQ(whole->stop_reason, StopReason::length);
    ASSERT_GT(whole->text.size(), 8u);

    auto options = greedy(40);
    options.stop_strings = {whole->text.substr(5, 3)};
    ASSERT_TRUE(s->prefill(tokens, {}));
    const auto stopped = s->generate(options, {});
    ASSERT_TRUE(stopped);
    EXPECT_EQ(stopped->stop_reason, StopReason::stop_string);
    EXPECT_EQ(stopped->text, whole->text.substr(0, whole->text.find(options.stop_strings[0])));
}

TEST_F(SessionTest, AFullContextIsSaidNotHidden) {
    const auto model = open({});
    const auto s = session(*model, {.n_ctx = 16});
    const auto too_long = s->prefill(prompt(17), {});
    ASSERT_FALSE(too_long);
    EXPECT_EQ(too_long.error().code, ErrorCode::usage);
    EXPECT_NE(too_long.error().message.find("17 tokens, the context holds 16"), std::string::npos);
    ASSERT_TRUE(s->prefill(prompt(12), {}));
    const auto generated = s->generate(greedy(100), {});
    ASSERT_TRUE(generated);
    EXPECT_EQ(generated->stop_reason, StopReason::context_full);
    EXPECT_EQ(generated->tokens.size(), 5u);  // four fit, the fifth was sampled from the last
    EXPECT_FALSE(s->decode(Token{kTinyPieces}));
}

TEST_F(SessionTest, WrongTokensAreRefused) {
    const auto model = open({});
    const auto s = session(*model);
    EXPECT_FALSE(s->prefill({}, {}));
    EXPECT_FALSE(s->prefill(std::vector{Token{1u << 30}}, {}));
    EXPECT_FALSE(s->generate(greedy(1), {}));  // before any prefill
}

TEST_F(SessionTest, CancellingKeepsTheCacheConsistent) {
    const auto model = open({});
    const auto s = session(*model);
    const auto tokens = prompt(400);
    const auto expected = continuation(*session(*model), tokens, 10);

    // By the progress callback, after the first batch.
    const auto refused = s->prefill(
        tokens, [](size_t done, size_t) { return done > 0 ? Continue::no : Continue::yes; });
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::cancelled);
    EXPECT_GT(s->tokens().size(), 0u);
    EXPECT_EQ(continuation(*s, tokens, 10), expected);
    EXPECT_GT(s->stats().reused_tokens, 0u);

    // By the text callback, in the middle of an answer.
    ASSERT_TRUE(s->prefill(tokens, {}));
    size_t pieces = 0;
    const auto stopped = s->generate(
        greedy(50), [&](std::string_view) { return ++pieces == 3 ? Continue::no : Continue::yes; });
    ASSERT_TRUE(stopped);
    EXPECT_EQ(stopped->stop_reason, StopReason::cancelled);
    EXPECT_EQ(continuation(*s, tokens, 10), expected);
}

TEST_F(SessionTest, StoppingFromAnotherThreadIsHeard) {
    const auto model = open({});
    const auto s = session(*model, {.n_ctx = 20000});
    const auto tokens = prompt(15000);  // seconds of work
    std::atomic<bool> has_begun = false;
    std::jthread stopper([&] {
        has_begun.wait(false);
        s->request_stop();
    });
    const auto prefilled = s->prefill(tokens, [&](size_t, size_t) {
        has_begun = true;
        has_begun.notify_one();
        return Continue::yes;
    });
    ASSERT_FALSE(prefilled);
    EXPECT_EQ(prefilled.error().code, ErrorCode::cancelled);
    EXPECT_LT(s->tokens().size(), tokens.size());
    // The next run is not stopped by the old request.
    EXPECT_TRUE(s->prefill(std::span(tokens).first(10), {}));
}

TEST_F(SessionTest, StatisticsAddUp) {
    const auto model = open({});
    const auto s = session(*model);
    ASSERT_TRUE(s->prefill(prompt(50), {}));
    ASSERT_TRUE(s->generate(greedy(20), {}));
    const RunStats& stats = s->stats();
    EXPECT_EQ(stats.prefill.tokens, 50u);
    EXPECT_EQ(stats.decode.tokens, 19u);  // the first token cost no decode step
    EXPECT_GT(stats.decode.tokens_per_second(), 0.0);
    EXPECT_GE(stats.ttft_ms, 1000.0 * stats.prefill.seconds);
    EXPECT_LE(stats.latency_ms.p50, stats.latency_ms.p99);
    EXPECT_NEAR(stats.latency_ms.mean * 19.0 / 1000.0, stats.decode.seconds, 1e-9);
    EXPECT_GT(stats.peak_rss_bytes, 0u);
    EXPECT_EQ(stats.sparsity_mode, "dense");
    EXPECT_FALSE(stats.active_fraction);
    EXPECT_FALSE(stats.cold.hit_rate());
    // The head is the embedding here: both arenas are read but for norms and padding.
    EXPECT_NEAR(static_cast<double>(stats.bytes_per_token),
                static_cast<double>(model->weight_bytes()), 4096.0);
}

TEST(Latencies, NearestRank) {
    EXPECT_EQ(summarize_latencies({}).p99, 0.0);
    std::vector<double> ms;
    for (int i = 100; i >= 1; --i) ms.push_back(i);
    const LatencyStats stats = summarize_latencies(ms);
    EXPECT_EQ(stats.mean, 50.5);
    EXPECT_EQ(stats.p50, 50.0);
    EXPECT_EQ(stats.p90, 90.0);
    EXPECT_EQ(stats.p99, 99.0);
}

}  // namespace
}  // namespace hearth
