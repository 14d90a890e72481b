// A trained model with public weights: its perplexity and its greedy words.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/engine.h"
#include "tests/golden/reference.h"

namespace hearth {
namespace {

class ReferenceStories : public testing::Test {
  protected:
    void SetUp() override {
        const auto base = reference_folder() / "stories" / "stories260k";
        if (!std::filesystem::exists(base.string() + ".gguf")) {
            GTEST_SKIP() << "no reference model at " << base;
        }
        expected_ = nlohmann::json::parse(std::ifstream(base.string() + ".json"));
        auto model = Model::open(base.string() + ".gguf", {});
        ASSERT_TRUE(model) << model.error().message;
        model_ = std::move(*model);
    }

    static std::vector<Token> tokens(const nlohmann::json& ids) {
        std::vector<Token> out;
        for (const auto& id : ids) out.push_back(Token{id.get<uint32_t>()});
        return out;
    }

    nlohmann::json expected_;
    std::unique_ptr<Model> model_;
};

TEST_F(ReferenceStories, PerplexityWithinHalfAPercent) {
    double sum = 0.0;
    size_t n = 0;
    for (const auto& story : expected_["cases"]) {
        const auto ids = tokens(story["ids"]);
        const auto session = *Session::create(*model_, {.n_ctx = ids.size()});
        const auto scored = session->score(ids, [&](size_t p, std::span<const float> logits) {
            if (p + 1 == ids.size()) return Continue::yes;
            double total = 0.0;
            for (const float logit : logits) total += std::exp(static_cast<double>(logit));
            sum += static_cast<double>(logits[to_index(ids[p + 1])]) - std::log(total);
            ++n;
            return Continue::yes;
        });
        ASSERT_TRUE(scored) << scored.error().message;
        EXPECT_EQ(model_->encode_raw(story["text"].get<std::string>()), ids);
    }
    EXPECT_EQ(n, expected_["predicted_tokens"].get<size_t>());
    const double exact = expected_["perplexity"].get<double>();
    EXPECT_NEAR(std::exp(-sum / static_cast<double>(n)), exact, 0.005 * exact);
}

TEST_F(ReferenceStories, GreedyContinuationIsTheReferences) {
    const auto& greedy = expected_["greedy"];
    const auto prompt = tokens(greedy["prompt_ids"]);
    EXPECT_EQ(model_->encode_raw(greedy["prompt"].get<std::string>()), prompt);
    const auto session = *Session::create(*model_, {.n_ctx = 256});
    ASSERT_TRUE(session->prefill(prompt, {}));
    GenerateOptions options;
    options.sampler.temperature = 0.0F;
    options.max_tokens = greedy["ids"].size();
    const auto generated = session->generate(options, {});
    ASSERT_TRUE(generated) << generated.error().message;
    EXPECT_EQ(generated->tokens, tokens(greedy["ids"]));
}

}  // namespace
}  // namespace hearth
