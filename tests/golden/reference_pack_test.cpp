// The sparse reference models computed from the records of their packs: the log-probabilities are
// the model's. Records are used in place, as rows whose stride is the record's.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/base/file.h"
#include "engine/model/transformer.h"
#include "planner/pack_writer.h"
#include "tests/golden/reference.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

double log_probability(std::span<const float> logits, Token token) {
    const double best = static_cast<double>(*std::max_element(logits.begin(), logits.end()));
    double sum = 0.0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit) - best);
    return static_cast<double>(logits[to_index(token)]) - best - std::log(sum);
}

class ReferencePack : public testing::Test {
  protected:
    // Mean error of the next id's log-probability when the FFNs are read from a pack whose down is
    // stored as `down` (nullopt: as hearth pack does by itself); NaN where there is no such model.
    double error_from_pack(const std::string& name, std::optional<Dtype> down) {
        const auto base = reference_folder() / "tiny" / name;
        const auto gguf = Gguf::open(base.string() + ".gguf");
        if (!gguf) return std::nan("");
        const auto config = read_model_config(*gguf);
        PackOptions options{.path = folder_.file("a.pack"), .down_type = down};
        EXPECT_TRUE(config && write_pack(*gguf, *config, options));
        const auto pack = Pack::open(options.path);
        const auto bytes = read_text_file(options.path, size_t{64} << 20);
        auto weights = load_weights(*gguf, *config, {}, nullptr);
        EXPECT_TRUE(pack && bytes && weights);
        use_records(*pack, *bytes, *weights);
        return mean_error(*config, *weights,
                          nlohmann::json::parse(std::ifstream(base.string() + ".json")));
    }

  private:
    static void use_records(const Pack& pack, const std::string& bytes, Weights& weights) {
        for (const PackSection& at : pack.sections()) {
            FfnWeights& ffn = weights.layers[at.layer].ffn[at.expert];
            const auto* const records =
                reinterpret_cast<const std::byte*>(bytes.data()) + at.offset;
            ffn.up = {at.up, records, at.n_records, at.d_model(), at.stride};
            ffn.down = {at.down, records + at.down_offset, at.n_records, at.d_model(), at.stride};
            ffn.gate = {at.gate, records + at.gate_offset, at.n_records, at.d_model(), at.stride};
            ffn.down_is_transposed = true;
        }
    }

    static double mean_error(const ModelConfig& config, const Weights& weights,
                             const nlohmann::json& expected) {
        std::vector<Token> tokens;
        for (const auto& id : expected["ids"]) tokens.push_back(Token{id.get<uint32_t>()});
        const KernelTable& kernels = *supported_kernels().front();
        ThreadPool pool(1);
        const std::atomic<bool> stop{false};
        Activations a(config, weights.max_predictor_rank, kernels, tokens.size(), 1);
        KvCache cache(config, tokens.size());
        const Rope rope(config.rope, weights.rope_factors);
        const Compute compute{kernels, pool, stop, a.scratch.data(), a.scratch_per_worker};
        double error = 0.0;
        for (size_t t = 0; t + 1 < tokens.size(); ++t) {
            const auto token = std::span(tokens).subspan(t, 1);
            EXPECT_TRUE(
                forward(compute, config, weights, rope, token, t, Logits::last, {}, cache, a));
            const double next = expected["positions"][t]["next"].get<double>();
            error +=
                std::abs(log_probability({a.logits.data(), config.n_vocab}, tokens[t + 1]) - next);
        }
        return error / static_cast<double>(tokens.size() - 1);
    }

    TempFolder folder_{TempFolder::in_memory()};
};

// 0.03 is what a path with 8-bit activations is allowed. Down as Q8_0 gives 0.010 to 0.013, as the
// model does itself; quantized to Q4_0 a second time it would be 0.05 to 0.08.
TEST_F(ReferencePack, LogProbabilitiesAreTheModels) {
    size_t n_models = 0;
    for (const char* name :
         {"pwri-relu-q4_0", "bamboo-drelu-q4_0", "llama-drelu-q8_0", "mixtral-drelu-q4_0",
          "smallthinker-q4_0", "mixtral-q4_k_m", "llama-f16"}) {
        const double error = error_from_pack(name, std::nullopt);
        if (std::isnan(error)) continue;
        EXPECT_LE(error, 0.02) << name;
        ++n_models;
    }
    if (n_models == 0) GTEST_SKIP() << "no reference models beside the checkout";
}

TEST_F(ReferencePack, DownInFewerBitsCosts) {
    const double same = error_from_pack("mixtral-drelu-q4_0", std::nullopt);
    if (std::isnan(same)) GTEST_SKIP() << "no reference models beside the checkout";
    EXPECT_GT(error_from_pack("mixtral-drelu-q4_0", Dtype::q4_0), 3 * same);
}

}  // namespace
}  // namespace hearth
