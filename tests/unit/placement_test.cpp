#include "planner/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hearth {
namespace {

using Sets = std::vector<std::vector<uint32_t>>;

// One lane, one chain.
constexpr PlacementRules kOneChain{
    .hot_share = 0.0, .n_lanes = 1, .tier = PlacementRules::kOneTier};

std::vector<uint32_t> place(size_t n, const Sets& sets, const PlacementRules& rules) {
    std::vector<uint32_t> counts(n);
    std::vector<std::span<const uint32_t>> spans;
    for (const auto& set : sets) {
        spans.emplace_back(set);
        for (const uint32_t neuron : set) ++counts[neuron];
    }
    return place_neurons(counts, spans, rules);
}

bool holds_all(std::vector<uint32_t> order, size_t n) {
    std::sort(order.begin(), order.end());
    for (size_t i = 0; i < n; ++i) {
        if (order[i] != i) return false;
    }
    return order.size() == n;
}

// `groups` of neurons that fire together, their members spread over the indices.
Sets grouped(size_t n, size_t groups, size_t tokens, uint32_t seed) {
    std::mt19937 random(seed);
    Sets sets(tokens);
    for (auto& set : sets) {
        for (size_t g = 0; g < groups; ++g) {
            if (random() % 5 != 0) continue;
            for (size_t i = g; i < n; i += groups) {
                if (random() % 10 != 0) set.push_back(static_cast<uint32_t>(i));
            }
        }
        std::sort(set.begin(), set.end());
    }
    return sets;
}

// Stretches of positions that a token needs.
double reads_per_token(const std::vector<uint32_t>& order, const Sets& sets) {
    std::vector<uint32_t> position(order.size());
    for (uint32_t p = 0; p < order.size(); ++p) position[order[p]] = p;
    size_t reads = 0;
    for (const auto& set : sets) {
        std::vector<uint32_t> at;
        for (const uint32_t neuron : set) at.push_back(position[neuron]);
        std::sort(at.begin(), at.end());
        for (size_t i = 0; i < at.size(); ++i) reads += i == 0 || at[i] != at[i - 1] + 1;
    }
    return static_cast<double>(reads) / static_cast<double>(sets.size());
}

TEST(Placement, HotOnesComeFirstHottestFirst) {
    const Sets sets{{1, 3, 4}, {1, 3}, {1, 2}, {1}};
    for (const double share : {0.4, 1.0}) {
        EXPECT_EQ(place(5, sets, {.hot_share = share, .n_lanes = 1, .tier = 2.0}),
                  (std::vector<uint32_t>{1, 3, 2, 4, 0}));
    }
    EXPECT_EQ(place(5, {}, {}), (std::vector<uint32_t>{0, 1, 2, 3, 4}));
}

TEST(Placement, BehindTheHotEachLaneHasAStretch) {
    // Neuron i fires for i of 32 tokens, so the hottest quarter are the last 8 of 32.
    Sets sets(32);
    for (uint32_t i = 0; i < 32; ++i) {
        for (uint32_t token = 0; token < i; ++token) sets[token].push_back(i);
    }
    for (const Sets& known : {sets, Sets{}}) {
        std::vector<uint32_t> counts(32);
        for (uint32_t i = 0; i < 32; ++i) counts[i] = i;
        std::vector<std::span<const uint32_t>> spans(known.begin(), known.end());
        const auto order =
            place_neurons(counts, spans, {.hot_share = 0.25, .n_lanes = 4, .tier = 1.0});
        for (uint32_t p = 0; p < 32; ++p) {
            // 31 to 24, then 7 to 0, 15 to 8 and 23 to 16.
            const uint32_t expected = p < 8 ? 31 - p : p / 8 * 8 - 1 - p % 8;
            EXPECT_EQ(order[p], expected) << p;
        }
    }
}

TEST(Placement, LanesAreTheEngines) {
    constexpr size_t kNeurons = 100;  // not a multiple of the lanes
    const auto order = place(kNeurons, grouped(kNeurons, 10, 50, 4), {.hot_share = 0.0});
    EXPECT_TRUE(holds_all(order, kNeurons));
    for (size_t lane = 0; lane < kLanes; ++lane) {
        for (size_t p = lane_begin(lane, kNeurons); p < lane_begin(lane + 1, kNeurons); ++p) {
            EXPECT_GE(order[p], lane_begin(lane, kNeurons));
            EXPECT_LT(order[p], lane_begin(lane + 1, kNeurons));
        }
    }
}

TEST(Placement, ChainsStayInTheirTier) {
    // 0 and 3 fire together but not equally often: 4 times, 1 time. 1 and 2 fire 5 times.
    const Sets sets{{0, 3}, {0, 1}, {0, 2}, {0, 1}, {1, 2}, {1}, {2}, {2}, {1, 2}};
    const auto tiers = [&](double tier) {
        return place(4, sets, {.hot_share = 0.0, .n_lanes = 1, .tier = tier});
    };
    EXPECT_EQ(tiers(PlacementRules::kOneTier), (std::vector<uint32_t>{1, 0, 3, 2}));
    EXPECT_EQ(tiers(2.0), (std::vector<uint32_t>{1, 0, 2, 3}));
    EXPECT_EQ(tiers(1.0), (std::vector<uint32_t>{1, 2, 0, 3}));
}

TEST(Placement, RatesPlaceAsCountsDo) {
    const std::vector<std::vector<float>> rates{{0.1F, 0.4F, 0.2F, 0.3F},
                                                {0.5F, 0.0F, 0.25F, 1.0F}};
    const Placement placement =
        place_by_rates(rates, {.hot_share = 0.25, .n_lanes = 2, .tier = 2.0});
    ASSERT_EQ(placement.size(), 2u);
    EXPECT_EQ(placement[0], (std::vector<uint32_t>{1, 0, 3, 2}));
    EXPECT_EQ(placement[1], (std::vector<uint32_t>{3, 0, 1, 2}));
}

TEST(Placement, NeighboursFireTogether) {
    // 0-5-2 always together, 1-4 too; 3 never fires.
    const Sets sets{{0, 2, 5}, {1, 4}, {0, 2, 5}, {1, 4}, {0, 2, 5}};
    EXPECT_EQ(place(6, sets, kOneChain), (std::vector<uint32_t>{0, 2, 5, 1, 4, 3}));
}

TEST(Placement, IsAPermutationAndTheSameEveryTime) {
    const Sets sets = grouped(500, 25, 60, 1);
    const auto order = place(500, sets, {.hot_share = 0.2});
    EXPECT_TRUE(holds_all(order, 500));
    EXPECT_EQ(place(500, sets, {.hot_share = 0.2}), order);
}

TEST(Placement, GroupsThatWereSeenAreReadInFewerPieces) {
    const auto order = place(600, grouped(600, 30, 200, 1), kOneChain);
    const Sets later = grouped(600, 30, 100, 2);
    std::vector<uint32_t> by_index(600);
    for (uint32_t i = 0; i < 600; ++i) by_index[i] = i;
    EXPECT_LT(reads_per_token(order, later), 0.4 * reads_per_token(by_index, later));
}

TEST(Placement, ATracePlacesTheLayersItKeeps) {
    const Sets sets = grouped(64, 8, 40, 3);
    ActivityTrace trace({4, 1, 64}, 2);
    for (size_t token = 0; token < sets.size(); ++token) {
        for (size_t layer = 0; layer < 4; ++layer) {
            trace.add({.layer = layer, .expert = 0, .position = token, .neurons = sets[token]});
        }
    }
    ThreadPool pool(2);
    const Placement placement = place_by_trace(trace, {}, pool);
    ASSERT_EQ(placement.size(), 4u);
    for (const auto& order : placement) EXPECT_TRUE(holds_all(order, 64));
    const size_t kept = trace.kept_layers().front();
    EXPECT_EQ(placement[kept], place(64, sets, {}));
    EXPECT_TRUE(std::equal(placement[0].begin(), placement[0].begin() + 16, placement[3].begin()));
}

}  // namespace
}  // namespace hearth
