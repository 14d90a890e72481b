// The sparse reference models, streamed from their packs: 256 greedy tokens are those of memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "engine/engine.h"
#include "engine/model/config.h"
#include "engine/neuron/pack.h"
#include "planner/pack_writer.h"
#include "tests/golden/reference.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

constexpr size_t kTokens = 256;

class ReferenceStream : public testing::Test {
  protected:
    // The path of a model whose pack is at pack_; "" where it is not beside the checkout.
    std::string prepare(const std::string& name) {
        const std::string path = (reference_folder() / "tiny" / (name + ".gguf")).string();
        if (!std::filesystem::exists(path)) return "";
        const auto gguf = Gguf::open(path);
        const auto config = read_model_config(*gguf);
        PackOptions options;
        options.path = pack_;
        EXPECT_TRUE(config && write_pack(*gguf, *config, options)) << name;
        return path;
    }

    // Decode by neurons with so many slots for all layers.
    Plan streamed(size_t n_slots) const {
        const auto pack = Pack::open(pack_);
        Plan plan;
        plan.name = "test";
        plan.placement = FfnPlacement::by_neuron;
        plan.pack_path = pack_;
        plan.cache_bytes = n_slots * round_up<size_t>(pack->sections().front().gate_offset, 512);
        plan.stream = {size_t{64} << 10, 3};
        return plan;
    }

    static std::vector<Token> decode(const std::string& path, const Plan& plan, SparsityMode mode,
                                     size_t n_threads) {
        const auto model = Model::open(path, {.isa = "", .plan = plan});
        EXPECT_TRUE(model) << (model ? "" : model.error().message);
        const auto session = Session::create(
            **model, {.n_ctx = kTokens + 8, .n_threads = n_threads, .sparsity = mode});
        EXPECT_TRUE(session) << (session ? "" : session.error().message);
        std::vector<Token> tokens{Token{1}, Token{70}, Token{110}, Token{40}};
        EXPECT_TRUE((*session)->prefill(tokens, {}));
        for (size_t i = 0; i < kTokens; ++i) {
            const auto logits = (*session)->logits();
            const auto best = std::max_element(logits.begin(), logits.end());
            tokens.push_back(Token{static_cast<uint32_t>(best - logits.begin())});
            EXPECT_TRUE((*session)->decode(tokens.back()));
        }
        return tokens;
    }

    TempFolder folder_;
    std::string pack_ = folder_.file("a.pack");
};

TEST_F(ReferenceStream, TokensAreThoseOfMemory) {
    size_t n_models = 0;
    for (const std::string name : {"pwri-relu-q4_0", "bamboo-drelu-q4_0"}) {
        const std::string path = prepare(name);
        if (path.empty()) continue;
        const auto expected = decode(path, {}, SparsityMode::dense, 1);
        for (const size_t n_slots : {size_t{256}, size_t{600}}) {
            EXPECT_EQ(decode(path, streamed(n_slots), SparsityMode::exact, 2), expected)
                << name << ", " << n_slots << " slots";
        }
        ++n_models;
    }
    if (n_models == 0) GTEST_SKIP() << "no reference models beside the checkout";
}

// Of stock files the pack has its own down: what is the same is every way to stream it.
TEST_F(ReferenceStream, NeitherCacheNorThreadsChangeATokenOfStockFiles) {
    size_t n_models = 0;
    for (const std::string name : {"llama-drelu-q8_0", "mixtral-drelu-q4_0"}) {
        const std::string path = prepare(name);
        if (path.empty()) continue;
        const auto expected = decode(path, streamed(size_t{1} << 16), SparsityMode::exact, 1);
        EXPECT_EQ(decode(path, streamed(256), SparsityMode::exact, 2), expected) << name;
        ++n_models;
    }
    if (n_models == 0) GTEST_SKIP() << "no reference models beside the checkout";
}

}  // namespace
}  // namespace hearth
