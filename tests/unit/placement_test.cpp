#include "planner/placement.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace hearth {
namespace {

using Sets = std::vector<std::vector<uint32_t>>;

std::vector<uint32_t> place(size_t n, const Sets& sets, size_t n_hot) {
    std::vector<uint32_t> counts(n);
    std::vector<std::span<const uint32_t>> spans;
    for (const auto& set : sets) {
        spans.emplace_back(set);
        for (const uint32_t neuron : set) ++counts[neuron];
    }
    return place_neurons(counts, spans, n_hot);
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
    EXPECT_EQ(place(5, sets, 2), (std::vector<uint32_t>{1, 3, 2, 4, 0}));
    EXPECT_EQ(place(5, {}, 0), (std::vector<uint32_t>{0, 1, 2, 3, 4}));
    EXPECT_EQ(place(5, sets, 5), (std::vector<uint32_t>{1, 3, 2, 4, 0}));
}

TEST(Placement, NeighboursFireTogether) {
    // 0-5-2 always together, 1-4 too; 3 never fires.
    const Sets sets{{0, 2, 5}, {1, 4}, {0, 2, 5}, {1, 4}, {0, 2, 5}};
    EXPECT_EQ(place(6, sets, 0), (std::vector<uint32_t>{0, 2, 5, 1, 4, 3}));
}

TEST(Placement, IsAPermutationAndTheSameEveryTime) {
    const Sets sets = grouped(500, 25, 60, 1);
    const auto order = place(500, sets, 100);
    EXPECT_TRUE(holds_all(order, 500));
    EXPECT_EQ(place(500, sets, 100), order);
}

TEST(Placement, GroupsThatWereSeenAreReadInFewerPieces) {
    const auto order = place(600, grouped(600, 30, 200, 1), 0);
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
    const Placement placement = place_by_trace(trace, 0.25, pool);
    ASSERT_EQ(placement.size(), 4u);
    for (const auto& order : placement) EXPECT_TRUE(holds_all(order, 64));
    const size_t kept = trace.kept_layers().front();
    EXPECT_EQ(placement[kept], place(64, sets, 16));
    EXPECT_TRUE(std::equal(placement[0].begin(), placement[0].begin() + 16, placement[3].begin()));
}

}  // namespace
}  // namespace hearth
