// Decode by neurons from a pack equals decode with all of them in memory, for any cache size,
// thread count, hot set and alignment; what goes wrong with a pack ends the turn with one line.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/golden/reference.h"
#include "tests/unit/neuron_streaming_fixture.h"

namespace hearth {
namespace {

class NeuronStreaming : public NeuronStreamingFixture {};

TEST_F(NeuronStreaming, ExactEqualsResidentBitForBit) {
    for (const char* activation : {"relu", "drelu"}) {
        const std::string model = write_model(activation);
        for (const size_t alignment : {size_t{512}, size_t{4096}}) {
            const std::string packed = pack(model, alignment);
            const Decoded expected = decode(model, {}, {.sparsity = SparsityMode::exact});
            for (const size_t n_slots : {size_t{256}, size_t{300}, size_t{700}, size_t{1600}}) {
                for (const size_t n_threads : {size_t{1}, size_t{2}, size_t{3}}) {
                    const Decoded streamed =
                        decode(model, plan_for(packed, n_slots), {.n_threads = n_threads});
                    EXPECT_EQ(streamed.logits, expected.logits)
                        << activation << " " << n_slots << " slots " << n_threads << " threads";
                    EXPECT_EQ(streamed.stats.sparsity_mode, "exact");
                    EXPECT_EQ(streamed.stats.io_bytes == 0, n_slots == 1600);
                    EXPECT_EQ(streamed.stats.cold.misses == 0, n_slots == 1600);
                    EXPECT_EQ(streamed.stats.cold.evictions > 0, n_slots < 1600);
                }
            }
        }
    }
}

TEST_F(NeuronStreaming, HotNeuronsAndPreadAndGapsChangeNothing) {
    const std::string model = write_model("drelu");
    const std::string packed = pack(model);
    const Decoded expected = decode(model, {}, {.sparsity = SparsityMode::exact});
    Plan plan = plan_for(packed, 600);
    plan.hot_records = {64, 0, 200};
    plan.fills_cache_at_start = false;
    for (const auto backend : {LoaderBackend::automatic, LoaderBackend::pread}) {
        plan.io.backend = backend;
        plan.io.gap_bytes = backend == LoaderBackend::pread ? 4096 : 65536;
        const Decoded streamed = decode(model, plan, {});
        EXPECT_EQ(streamed.logits, expected.logits);
        EXPECT_GT(streamed.stats.hot.hits, 0u);
        EXPECT_GT(streamed.stats.cold.misses, 0u);
    }
}

// The cache holds more while tokens go by neurons, and gives it back before whole matrices are
// streamed; what is hot stays where it is.
TEST_F(NeuronStreaming, LentMemoryIsUsedAndGivenBackAndChangesNothing) {
    const std::string path = write_model("relu");
    Plan plan = plan_for(pack(path), 400);
    plan.hot_records = {32, 0, 64};
    plan.lent_bytes = plan.cache_bytes;
    plan.firing_rates.assign(3, std::vector<float>(512, 0.1F));
    const auto n_present = [](const Session& session) {
        uint64_t n = 0;
        for (const FfnMemory& ffn : session.ffn_memory()) n += ffn.present;
        return n;
    };
    const auto talk = [&](const Plan& how, uint64_t own, uint64_t most) {
        std::unique_ptr<Model> model;
        const auto session = open(model, path, how, {.sparsity = SparsityMode::exact});
        std::vector<std::vector<float>> logits;
        std::vector<Token> tokens;
        for (const size_t n_prompt : {size_t{3}, size_t{300}, size_t{40}}) {
            for (size_t i = 0; i < n_prompt; ++i)
                tokens.push_back(Token{static_cast<uint32_t>((7 * i + 3) % 50)});
            const auto watch = [&](size_t done, size_t total) {
                EXPECT_TRUE(done == 0 || done == total || n_present(*session) <= own);
                return Continue::yes;
            };
            EXPECT_TRUE(session->prefill(tokens, watch));
            EXPECT_EQ(n_present(*session), most) << n_prompt;
            for (uint32_t i = 0; i < 4; ++i) {
                tokens.push_back(Token{11 + i});
                EXPECT_TRUE(session->decode(tokens.back()));
                logits.emplace_back(session->logits().begin(), session->logits().end());
            }
        }
        return logits;
    };
    EXPECT_EQ(talk(plan, 400, 800), talk({}, 0, 0));
}

TEST_F(NeuronStreaming, GatesThatDoNotFitAreStreamed) {
    const std::string model = write_model("relu");
    const std::string packed = pack(model);
    const Decoded expected = decode(model, {}, {.sparsity = SparsityMode::exact});
    for (const uint64_t streamed : {uint64_t{60'000}, uint64_t{1} << 30}) {
        Plan plan = plan_for(packed, 300);
        plan.streamed_gate_bytes = streamed;
        for (const size_t n_threads : {size_t{1}, size_t{3}}) {
            EXPECT_EQ(decode(model, plan, {.n_threads = n_threads}).logits, expected.logits);
        }
    }
}

TEST_F(NeuronStreaming, PredictedEqualsResidentWithAndWithoutGatesInMemory) {
    const std::string model = write_model("relu");
    const std::string packed = pack(model);
    // Of a batch, neurons are predicted only where gates are not in memory: one by one, then.
    const Decoded expected =
        decode(model, {}, {.sparsity = SparsityMode::predicted}, 12, Prompt::one_by_one);
    for (const bool gates_resident : {true, false}) {
        Plan plan = plan_for(packed, 700);
        plan.gates_resident = gates_resident;
        plan.sparsity = SparsityMode::predicted;
        for (const bool looks_ahead : {true, false}) {
            plan.looks_ahead = looks_ahead;
            for (const size_t n_threads : {size_t{1}, size_t{3}}) {
                const Decoded streamed =
                    decode(model, plan, {.n_threads = n_threads}, 12, Prompt::one_by_one);
                EXPECT_EQ(streamed.logits, expected.logits) << gates_resident << looks_ahead;
                EXPECT_TRUE(streamed.stats.predictor_recall.has_value());
            }
        }
    }
}

// What the profile knows to fire is in memory before the first token.
TEST_F(NeuronStreaming, TheCacheStartsWithWhatFiresMost) {
    const std::string model = write_model("relu");
    const std::string packed = pack(model);
    Plan plan = plan_for(packed, 400);
    std::vector<std::vector<float>> rates(3, std::vector<float>(512));
    size_t n_tokens = 0;
    const auto count = [&](const Firing& firing) {
        for (const uint32_t neuron : firing.neurons) rates[firing.layer][neuron] += 1.0F;
        n_tokens += firing.layer == 0 ? 1 : 0;
    };
    const Decoded unknown = decode(model, plan, {.on_firing = count});
    for (auto& layer : rates) {
        for (float& rate : layer) rate /= static_cast<float>(n_tokens);
    }
    plan.firing_rates = rates;
    const Decoded known = decode(model, plan, {});
    EXPECT_EQ(known.logits, unknown.logits);
    EXPECT_LT(known.stats.cold.misses, unknown.stats.cold.misses);

    plan.firing_rates.pop_back();
    const auto opened = Model::open(model, {.isa = "", .plan = plan});
    ASSERT_TRUE(opened);
    const auto refused = Session::create(**opened, {});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("hearth plan --redo"), std::string::npos);
}

TEST_F(NeuronStreaming, ReluExpertsAreSparseInside) {
    const std::string path = (reference_folder() / "tiny" / "mixtral-drelu-q4_0.gguf").string();
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no reference files";
    const std::string model = folder_.file("mixtral.gguf");
    std::filesystem::copy_file(path, model);
    const std::string packed = pack(model);
    const Decoded all = decode(model, plan_for(packed, 1 << 16), {.n_threads = 1});
    const Decoded few = decode(model, plan_for(packed, 256), {.n_threads = 2});
    EXPECT_EQ(few.logits, all.logits);
    EXPECT_EQ(all.stats.cold.misses, 0u);
    EXPECT_LT(*few.stats.active_fraction, 0.9);
    // Stock files hold down along the other axis: the pack's copy is quantized anew.
    const Decoded dense = decode(model, {}, {.sparsity = SparsityMode::dense});
    ASSERT_EQ(dense.logits.front().size(), all.logits.front().size());
    double error = 0.0;
    for (size_t i = 0; i < dense.logits.front().size(); ++i) {
        error += std::abs(dense.logits.front()[i] - all.logits.front()[i]);
    }
    EXPECT_LT(error / static_cast<double>(dense.logits.front().size()), 0.1);
}

TEST_F(NeuronStreaming, TooFewSlotsAreRefusedWithTheNumberNeeded) {
    const std::string path = write_model("relu");
    const Plan plan = plan_for(pack(path), 100);
    const auto model = Model::open(path, {.isa = "", .plan = plan});
    ASSERT_TRUE(model);
    const auto session = Session::create(**model, {});
    ASSERT_FALSE(session);
    EXPECT_NE(session.error().message.find("256"), std::string::npos) << session.error().message;
}

TEST_F(NeuronStreaming, AForeignPackIsRefused) {
    const std::string other = write_model("relu", 640);
    const std::string packed = pack(other);
    const std::string path = write_model("relu");
    const auto model = Model::open(path, {.isa = "", .plan = plan_for(packed, 300)});
    ASSERT_TRUE(model);
    const auto session = Session::create(**model, {});
    ASSERT_FALSE(session);
    EXPECT_EQ(session.error().code, ErrorCode::bad_file);
}

TEST_F(NeuronStreaming, ADamagedRecordEndsTheTurnWithOneLine) {
    const std::string path = write_model("relu");
    const std::string packed = pack(path);
    Plan plan = plan_for(packed, 300);
    plan.fills_cache_at_start = false;
    plan.max_batch_by_neurons = 1;
    const auto opened = Pack::open(packed);
    std::fstream file(packed, std::ios::in | std::ios::out | std::ios::binary);
    for (const PackSection& section : opened->sections()) {
        for (uint32_t p = 0; p < section.n_records; ++p) {
            file.seekp(static_cast<std::streamoff>(section.offset + p * section.stride + 3));
            file.put('!');
        }
    }
    file.close();
    Plan filling = plan;
    filling.fills_cache_at_start = true;
    const auto filled = Model::open(path, {.isa = "", .plan = filling});
    ASSERT_TRUE(filled);
    const auto refused = Session::create(**filled, {});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("damaged"), std::string::npos);

    std::unique_ptr<Model> model;
    const auto session = open(model, path, plan, {.n_threads = 2});
    ASSERT_TRUE(session->prefill(std::vector<Token>{Token{1}, Token{2}}, {}));
    for (int attempt = 0; attempt < 2; ++attempt) {
        const auto done = session->decode(Token{3});
        ASSERT_FALSE(done);
        EXPECT_EQ(done.error().code, ErrorCode::bad_file);
        EXPECT_NE(done.error().message.find("damaged"), std::string::npos);
    }
}

TEST_F(NeuronStreaming, ATruncatedPackEndsTheTurnAndLeavesTheSessionAlive) {
    const std::string path = write_model("relu");
    const std::string packed = pack(path);
    Plan plan = plan_for(packed, 300);
    plan.fills_cache_at_start = false;
    plan.max_batch_by_neurons = 1;
    std::unique_ptr<Model> model;
    const auto session = open(model, path, plan, {.n_threads = 2});
    ASSERT_TRUE(session->prefill(std::vector<Token>{Token{1}, Token{2}}, {}));
    std::filesystem::resize_file(packed, 4096);
    const auto done = session->decode(Token{3});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message.find('\n'), std::string::npos);
    // Large batches go by the model file, which is whole.
    EXPECT_TRUE(session->prefill(std::vector<Token>{Token{4}, Token{2}}, {}));
}

TEST_F(NeuronStreaming, StoppedAtAnyMomentItGoesOnAsIfNothingHadHappened) {
    const std::string path = write_model("drelu", 1024);
    Plan plan = plan_for(pack(path), 256);
    plan.fills_cache_at_start = false;
    std::unique_ptr<Model> model;
    const auto session = open(model, path, plan, {.n_threads = 2});
    const Decoded expected = decode(path, {}, {.sparsity = SparsityMode::exact}, 3);
    for (int round = 0; round < 40; ++round) {
        ASSERT_TRUE(session->prefill(std::vector<Token>{Token{7}, Token{8}}, {}));
        std::jthread stopper([&] {
            std::this_thread::sleep_for(std::chrono::microseconds(37 * round));
            session->request_stop();
        });
        const auto generated = session->generate({}, {});
        ASSERT_TRUE(generated) << generated.error().message;
    }
    ASSERT_TRUE(session->prefill(std::vector<Token>{Token{1}, Token{5}, Token{9}}, {}));
    for (size_t i = 0; i < expected.tokens.size(); ++i) {
        ASSERT_TRUE(session->decode(expected.tokens[i]));
        const auto logits = session->logits();
        EXPECT_EQ(std::vector<float>(logits.begin(), logits.end()), expected.logits[i]);
    }
}

TEST_F(NeuronStreaming, ATokenIsTracedOnRequest) {
    const std::string path = write_model("relu");
    std::unique_ptr<Model> model;
    const auto session = open(model, path, plan_for(pack(path), 256), {.n_threads = 2});
    ASSERT_TRUE(session->prefill(std::vector<Token>{Token{1}, Token{2}}, {}));
    ASSERT_TRUE(session->decode(Token{3}));
    EXPECT_TRUE(session->take_trace().empty());
    session->trace_next_token();
    ASSERT_TRUE(session->decode(Token{4}));
    size_t n_gates = 0;
    size_t n_rows = 0;
    for (const TraceEvent& event : session->take_trace()) {
        EXPECT_LE(event.begin_us, event.end_us);
        EXPECT_LT(event.layer, 3u);
        n_gates += event.kind == TraceKind::gates;
        n_rows += event.kind == TraceKind::rows;
    }
    EXPECT_EQ(n_gates, 3 * kLanes);
    EXPECT_GE(n_rows, 3u);
    EXPECT_TRUE(session->take_trace().empty());
    size_t present = 0;
    for (const FfnMemory& ffn : session->ffn_memory()) present += ffn.present;
    EXPECT_EQ(session->ffn_memory().size(), 3u);
    EXPECT_EQ(present, 256u);
}

}  // namespace
}  // namespace hearth
