// Small batches by neurons: near to dense, and the same bits from memory and from a pack, for any
// thread count, cache size and cache contents.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "engine/neuron/model_identity.h"
#include "engine/neuron/neuron_stream.h"
#include "tests/golden/reference.h"
#include "tests/unit/neuron_streaming_fixture.h"

namespace hearth {
namespace {

class BatchByNeurons : public NeuronStreamingFixture {
  protected:
    // The logits behind a prompt of n tokens and those of a token that follows it.
    static std::vector<float> prefill(const std::string& path, const Plan& plan,
                                      const SessionOptions& options, size_t n) {
        std::unique_ptr<Model> model;
        const auto session = open(model, path, plan, options);
        const auto done = session->prefill(tokens(n), {});
        EXPECT_TRUE(done) << (done ? "" : done.error().message);
        std::vector<float> both = logits(*session);
        EXPECT_TRUE(session->decode(Token{7}));
        both.insert(both.end(), session->logits().begin(), session->logits().end());
        return both;
    }

    // As a share of the largest value.
    static double mean_error(const std::vector<float>& a, const std::vector<float>& b) {
        EXPECT_EQ(a.size(), b.size());
        double sum = 0.0;
        double largest = 0.0;
        for (size_t i = 0; i < a.size(); ++i) {
            sum += std::abs(a[i] - b[i]);
            largest = std::max<double>(largest, std::abs(a[i]));
        }
        return sum / static_cast<double>(a.size()) / largest;
    }
};

TEST_F(BatchByNeurons, IsNearDenseForEveryTypeAndSize) {
    for (const char* activation : {"relu", "drelu"}) {
        for (const Dtype dtype :
             {Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::q4_0, Dtype::q5_0, Dtype::q8_0}) {
            TinyModelOptions options = tiny_options_for(dtype);
            options.ffn_activation = activation;
            options.pwri = true;
            options.d_ff = 768;
            const std::string path = folder_.file("typed.gguf");
            ASSERT_TRUE(tiny_model(options).write(path));
            for (const size_t n : {size_t{2}, size_t{7}, kSparseBatch}) {
                const auto dense = prefill(path, {}, {.sparsity = SparsityMode::dense}, n);
                const auto exact = prefill(path, {}, {.sparsity = SparsityMode::exact}, n);
                // Sums in another order, and what rounding an input to int8 makes of that.
                EXPECT_LT(mean_error(dense, exact), dtype == Dtype::f32 ? 1e-6 : 2e-3)
                    << activation << " " << traits(dtype).name << " " << n;
            }
        }
    }
}

TEST_F(BatchByNeurons, IsTheSameFromAPackForAnyThreadsAndCache) {
    for (const char* activation : {"relu", "drelu"}) {
        const std::string path = write_model(activation, 1024);
        const std::string packed = pack(path);
        for (const size_t n : {size_t{2}, size_t{8}}) {
            const auto expected = prefill(path, {}, {.n_threads = 1}, n);
            for (const size_t n_slots : {size_t{256}, size_t{1500}, size_t{4000}}) {
                Plan plan = plan_for(packed, n_slots);
                plan.fills_cache_at_start = n_slots != 1500;
                for (const size_t n_threads : {size_t{1}, size_t{3}}) {
                    EXPECT_EQ(prefill(path, plan, {.n_threads = n_threads}, n), expected)
                        << activation << " " << n << " tokens " << n_slots << " slots " << n_threads
                        << " threads";
                }
            }
            Plan streaming = plan_for(packed, 400);
            streaming.streamed_gate_bytes = 100'000;
            streaming.hot_records = {100, 0, 40};
            EXPECT_EQ(prefill(path, streaming, {.n_threads = 2}, n), expected) << n;
        }
        EXPECT_EQ(prefill(path, {}, {.n_threads = 3}, kSparseBatch),
                  prefill(path, {}, {.n_threads = 1}, kSparseBatch));
    }
}

// A lane of 512 neurons, most of them open for one token or another: two claims and more.
TEST_F(BatchByNeurons, LanesTakeSeveralClaims) {
    const std::string path = write_model("relu", 8192);
    Plan plan = plan_for(pack(path), 300);
    const auto expected = prefill(path, {}, {}, 8);
    EXPECT_EQ(prefill(path, plan, {.n_threads = 2}, 8), expected);
    plan.cache_bytes *= 9;
    EXPECT_EQ(prefill(path, plan, {.n_threads = 2}, 8), expected);
}

// A batch of a long prompt streams whole matrices, its tail reads the pack.
TEST_F(BatchByNeurons, TheTailOfALongPromptGoesByNeuronsBehindDenseBatches) {
    const std::string path = write_model("relu");
    const std::string packed = pack(path);
    for (const uint64_t gates_streamed : {uint64_t{0}, uint64_t{60'000}}) {
        Plan plan = plan_for(packed, 300);
        plan.streamed_gate_bytes = gates_streamed;
        for (const size_t n : {size_t{256 + 5}, size_t{256 + 40}}) {
            EXPECT_EQ(prefill(path, plan, {.n_threads = 2}, n),
                      prefill(path, {}, {.n_threads = 1}, n))
                << n;
        }
    }
}

TEST_F(BatchByNeurons, PredictedFromBundlesIsTheSameForAnyThreadsAndCacheAndNearExact) {
    const std::string path = write_model("relu");
    const std::string packed = pack(path);
    for (const bool gates_resident : {true, false}) {
        Plan plan = plan_for(packed, 1 << 14);
        plan.gates_resident = gates_resident;
        plan.sparsity = SparsityMode::predicted;
        plan.hot_records = {30, 0, 200};
        const auto expected = prefill(path, plan, {.n_threads = 1}, 6);
        for (const size_t n_slots : {size_t{600}, size_t{900}}) {
            plan.cache_bytes = n_slots * (gates_resident ? 512 : 1024);
            for (const size_t n_threads : {size_t{1}, size_t{3}}) {
                EXPECT_EQ(prefill(path, plan, {.n_threads = n_threads}, 6), expected)
                    << gates_resident << " " << n_slots;
            }
        }
        std::unique_ptr<Model> model;
        const auto session = open(model, path, plan, {});
        ASSERT_TRUE(session->prefill(tokens(6), {}));
        std::unique_ptr<Model> same;
        const auto exact = open(same, path, {}, {.sparsity = SparsityMode::exact});
        ASSERT_TRUE(exact->prefill(tokens(6), {}));
        // Untrained predictors propose about half: far from nothing, and from all.
        const double error = mean_error(logits(*session), logits(*exact));
        EXPECT_EQ(error == 0.0, gates_resident);
        EXPECT_LT(error, 0.5);
    }
}

TEST_F(BatchByNeurons, ReluExpertsAreBatchesOfTheirOwn) {
    const std::string path = (reference_folder() / "tiny" / "mixtral-drelu-q4_0.gguf").string();
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no reference files";
    const std::string model = folder_.file("mixtral.gguf");
    std::filesystem::copy_file(path, model);
    const std::string packed = pack(model);
    const auto all = prefill(model, plan_for(packed, 1 << 16), {.n_threads = 1}, 8);
    EXPECT_EQ(prefill(model, plan_for(packed, 256), {.n_threads = 2}, 8), all);
    Plan streaming = plan_for(packed, 300);
    streaming.streamed_gate_bytes = 50'000;
    EXPECT_EQ(prefill(model, streaming, {.n_threads = 2}, 8), all);
    // Stock files hold down along the other axis: the pack's copy is quantized anew.
    EXPECT_LT(mean_error(prefill(model, {}, {.sparsity = SparsityMode::dense}, 8), all), 0.05);
}

TEST_F(BatchByNeurons, CountsNothingAsDecode) {
    const std::string path = write_model("relu");
    Plan plan = plan_for(pack(path), 300);
    std::unique_ptr<Model> model;
    const auto session = open(model, path, plan, {.n_threads = 2});
    ASSERT_TRUE(session->prefill(tokens(8), {}));
    RunStats stats = session->stats();
    EXPECT_GT(stats.io_bytes, 0u);
    EXPECT_EQ(stats.cold.hits + stats.cold.misses + stats.cold.evictions, 0u);
    EXPECT_FALSE(stats.active_fraction.has_value());
    ASSERT_TRUE(session->decode(Token{3}));
    stats = session->stats();
    const double neurons = *stats.active_fraction * 3 * 512;
    EXPECT_GT(stats.cold.hits + stats.cold.misses, 0u);
    EXPECT_GE(stats.cold.hits + stats.cold.misses, static_cast<uint64_t>(neurons + 0.5));
    EXPECT_LT(stats.cold.hits + stats.cold.misses, 3u * 512);
}

TEST_F(BatchByNeurons, WhatFiresIsToldAlikeFromMemoryAndFromAPack) {
    const std::string path = write_model("drelu");
    const std::string packed = pack(path);
    using Told = std::set<std::tuple<size_t, size_t, std::vector<uint32_t>>>;
    const auto told_by = [&](const Plan& plan, const SessionOptions& how) {
        Told told;
        SessionOptions options = how;
        options.on_firing = [&](const Firing& firing) {
            told.emplace(firing.position, firing.layer,
                         std::vector(firing.neurons.begin(), firing.neurons.end()));
        };
        prefill(path, plan, options, 7);
        return told;
    };
    const Told streamed = told_by(plan_for(packed, 300), {.n_threads = 2});
    EXPECT_EQ(streamed.size(), 8u * 3);  // the token behind the batch, too
    EXPECT_EQ(streamed, told_by({}, {.sparsity = SparsityMode::exact}));
    EXPECT_EQ(streamed, told_by({}, {.sparsity = SparsityMode::dense}));
}

TEST_F(BatchByNeurons, StoppedAtAnyMomentItGoesOnAsIfNothingHadHappened) {
    const std::string path = write_model("relu", 2048);
    Plan plan = plan_for(pack(path), 256);
    plan.fills_cache_at_start = false;
    std::unique_ptr<Model> model;
    const auto session = open(model, path, plan, {.n_threads = 2});
    const auto expected = prefill(path, {}, {}, 8);
    size_t n_stopped = 0;
    for (int round = 0; round < 25; ++round) {
        ASSERT_TRUE(session->prefill(tokens(1), {}));
        std::jthread stopper([&] {
            std::this_thread::sleep_for(std::chrono::microseconds(29 * round));
            session->request_stop();
        });
        auto prompt = tokens(8);
        prompt[1] = Token{300 + static_cast<uint32_t>(round % 2)};
        const auto done = session->prefill(prompt, {});
        if (done) continue;
        EXPECT_EQ(done.error().code, ErrorCode::cancelled);
        ++n_stopped;
    }
    EXPECT_GT(n_stopped, 0u);
    // All in one batch again, as it was expected.
    ASSERT_TRUE(session->prefill(std::vector<Token>{Token{299}}, {}));
    ASSERT_TRUE(session->prefill(tokens(8), {}));
    EXPECT_EQ(logits(*session),
              std::vector<float>(expected.begin(),
                                 expected.begin() + static_cast<ptrdiff_t>(expected.size() / 2)));
}

TEST_F(BatchByNeurons, ADamagedRecordOrAFailingReadEndsTheTurnWithOneLine) {
    const std::string path = write_model("relu");
    const std::string packed = pack(path);
    Plan plan = plan_for(packed, 300);
    plan.fills_cache_at_start = false;
    {
        std::unique_ptr<Model> model;
        const auto session = open(model, path, plan, {.n_threads = 2});
        std::filesystem::copy_file(packed, packed + ".whole");
        std::filesystem::resize_file(packed, 4096);
        const auto done = session->prefill(tokens(5), {});
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().message.find('\n'), std::string::npos);
        EXPECT_TRUE(session->prefill(tokens(12), {})) << "a large batch streams the model file";
        std::filesystem::remove(packed);
        std::filesystem::rename(packed + ".whole", packed);
    }
    const auto opened = Pack::open(packed);
    std::fstream file(packed, std::ios::in | std::ios::out | std::ios::binary);
    const PackSection& section = opened->sections()[1];
    for (uint32_t p = 0; p < section.n_records; ++p) {
        file.seekp(static_cast<std::streamoff>(section.offset + p * section.stride + 3));
        file.put('!');
    }
    file.close();
    std::unique_ptr<Model> model;
    const auto session = open(model, path, plan, {.n_threads = 2});
    const auto done = session->prefill(tokens(5), {});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::bad_file);
    EXPECT_NE(done.error().message.find("damaged"), std::string::npos);
}

// Small bundles are dear to read one by one. How much of the model is in memory must not matter:
// the same prompt would come out rounded in another way.
TEST_F(BatchByNeurons, TheSizeOfBundlesDecidesHowManyTokensReadAPack) {
    TinyModelOptions options;
    options.ffn_activation = "relu";
    options.pwri = true;
    const std::string path = folder_.file("wide.gguf");
    const auto limit = [&](uint64_t d_model, size_t n_slots, size_t given) {
        options.d_model = d_model;
        options.d_ff = 256;
        EXPECT_TRUE(tiny_model(options).write(path));
        Plan plan = plan_for(pack(path), n_slots);
        const auto identity = identify_model(*Gguf::open(path));
        auto store = BundleStore::open(plan, *identity, path);
        EXPECT_TRUE(store) << (store ? "" : store.error().message);
        return NeuronStream(std::move(*store), d_model, 256, 0, given).max_batch();
    };
    EXPECT_EQ(limit(64, 256, 0), 1u);
    EXPECT_EQ(limit(1024, 256, 0), 8u);  // two rows of 1088 bytes
    EXPECT_EQ(limit(1024, 512, 0), 8u);
    EXPECT_EQ(limit(64, 256, 7), 7u);
    EXPECT_EQ(limit(64, 256, 1000), kSparseBatch);
}

}  // namespace
}  // namespace hearth
