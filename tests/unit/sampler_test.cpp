#include "engine/sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

namespace hearth {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Logits of a distribution.
std::vector<float> log_of(std::vector<float> probabilities) {
    for (float& p : probabilities) p = std::log(p);
    return probabilities;
}

// Everything off but the temperature.
SamplerOptions plain(float temperature = 1.0F) {
    SamplerOptions options;
    options.temperature = temperature;
    options.top_k = 0;
    options.top_p = 1.0F;
    options.min_p = 0.0F;
    return options;
}

std::map<uint32_t, int> draw(const SamplerOptions& options, const std::vector<float>& logits,
                             const std::vector<Token>& history, int n) {
    Sampler sampler(options, logits.size());
    std::map<uint32_t, int> counts;
    for (int i = 0; i < n; ++i) {
        ++counts[static_cast<uint32_t>(*sampler.pick(logits, history))];
    }
    return counts;
}

TEST(Sampler, GreedyTakesTheLowestIdAmongEquals) {
    Sampler sampler(plain(0.0F), 4);
    EXPECT_EQ(*sampler.pick(std::vector{1.0F, 3.0F, 3.0F, 2.0F}, {}), Token{1});
}

TEST(Sampler, FrequenciesFollowTheProbabilities) {
    const auto counts = draw(plain(), log_of({0.1F, 0.2F, 0.3F, 0.4F}), {}, 20000);
    for (uint32_t id = 0; id < 4; ++id) {
        const double expected = 0.1 * (id + 1);
        EXPECT_NEAR(counts.at(id) / 20000.0, expected, 0.015) << id;
    }
}

TEST(Sampler, TopKKeepsTheBest) {
    auto options = plain();
    options.top_k = 2;
    const auto counts = draw(options, log_of({0.1F, 0.2F, 0.3F, 0.4F}), {}, 2000);
    EXPECT_EQ(counts.size(), 2u);
    EXPECT_TRUE(counts.contains(2) && counts.contains(3));
}

TEST(Sampler, TopPKeepsTheFewestThatFillIt) {
    auto options = plain();
    options.top_p = 0.65F;
    const auto counts = draw(options, log_of({0.1F, 0.2F, 0.3F, 0.4F}), {}, 2000);
    EXPECT_EQ(counts.size(), 2u);
    options.top_p = 0.0F;  // the best always stays
    EXPECT_EQ(draw(options, log_of({0.1F, 0.2F, 0.3F, 0.4F}), {}, 100).size(), 1u);
}

TEST(Sampler, MinPIsRelativeToTheBest) {
    auto options = plain();
    options.min_p = 0.6F;  // of 0.4: 0.24 and more stay
    const auto counts = draw(options, log_of({0.1F, 0.2F, 0.3F, 0.4F}), {}, 2000);
    EXPECT_EQ(counts.size(), 2u);
}

TEST(Sampler, PenaltiesCountTheWindowOnly) {
    auto options = plain(0.0F);
    options.presence_penalty = 1.0F;
    options.penalty_window = 2;
    const std::vector<float> logits{2.0F, 1.5F, 0.0F};
    Sampler sampler(options, logits.size());
    EXPECT_EQ(*sampler.pick(logits, std::vector{Token{0}, Token{2}}), Token{1});
    EXPECT_EQ(*sampler.pick(logits, std::vector{Token{0}, Token{2}, Token{2}}), Token{0});

    options.presence_penalty = 0.0F;
    options.repetition_penalty = 2.0F;
    Sampler repetition(options, logits.size());
    EXPECT_EQ(*repetition.pick(logits, std::vector{Token{0}}), Token{1});

    options.repetition_penalty = 1.0F;
    options.frequency_penalty = 0.3F;
    Sampler frequency(options, logits.size());
    EXPECT_EQ(*frequency.pick(logits, std::vector{Token{0}}), Token{0});
    EXPECT_EQ(*frequency.pick(logits, std::vector{Token{0}, Token{0}}), Token{1});
}

TEST(Sampler, TheSeedDecides) {
    const std::vector<float> logits(50, 0.0F);
    auto options = plain();
    options.seed = 7;
    Sampler a(options, logits.size());
    Sampler b(options, logits.size());
    options.seed = 8;
    Sampler c(options, logits.size());
    int differences = 0;
    for (int i = 0; i < 50; ++i) {
        const Token token = *a.pick(logits, {});
        EXPECT_EQ(token, *b.pick(logits, {}));
        if (token != *c.pick(logits, {})) ++differences;
    }
    EXPECT_GT(differences, 30);
}

TEST(Sampler, NonFiniteLogitsAreNeverPicked) {
    const std::vector<float> logits{kNan, -kInf, 1.0F, kInf};
    for (const float temperature : {0.0F, 1.0F, 100.0F}) {
        Sampler sampler(plain(temperature), logits.size());
        EXPECT_EQ(*sampler.pick(logits, {}), Token{2});
    }
    Sampler sampler(plain(), 2);
    const auto none = sampler.pick(std::vector{kNan, -kInf}, {});
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("no finite logit"), std::string::npos);
}

TEST(SamplerOptions, RefusesValuesOutOfRange) {
    SamplerOptions options;
    EXPECT_TRUE(options.check());
    options.temperature = -1.0F;
    EXPECT_FALSE(options.check());
    options.temperature = kNan;
    EXPECT_FALSE(options.check());
    options = {};
    options.top_p = 1.5F;
    ASSERT_FALSE(options.check());
    EXPECT_EQ(options.check().error().message, "top-p is 1.5, range 0 to 1");
}

}  // namespace
}  // namespace hearth
