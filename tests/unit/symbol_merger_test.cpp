#include "engine/text/symbol_merger.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace hearth {
namespace {

// What merging is by definition: the cheapest pair, leftmost of equals, until there is none.
std::vector<std::string> merge_by_definition(std::vector<std::string> symbols,
                                             const std::map<std::string, double>& costs) {
    while (true) {
        size_t best = symbols.size();
        double best_cost = 0;
        for (size_t i = 0; i + 1 < symbols.size(); ++i) {
            const auto cost = costs.find(symbols[i] + symbols[i + 1]);
            if (cost == costs.end()) continue;
            if (best < symbols.size() && cost->second >= best_cost) continue;
            best = i;
            best_cost = cost->second;
        }
        if (best == symbols.size()) return symbols;
        symbols[best] += symbols[best + 1];
        symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(best) + 1);
    }
}

std::vector<std::string> merge(const std::string& text, const std::map<std::string, double>& costs,
                               size_t* n_lookups = nullptr) {
    SymbolMerger merger;
    for (size_t i = 0; i < text.size(); ++i) merger.append(1, std::nullopt);
    merger.merge([&](const Symbol& left, const Symbol& right) -> std::optional<Joint> {
        if (n_lookups != nullptr) ++*n_lookups;
        const auto cost = costs.find(text.substr(left.begin, left.length + right.length));
        if (cost == costs.end()) return std::nullopt;
        return Joint{cost->second, Token{0}};
    });
    std::vector<std::string> out;
    for (const Symbol& symbol : merger.symbols()) {
        if (symbol.length > 0) out.push_back(text.substr(symbol.begin, symbol.length));
    }
    return out;
}

TEST(SymbolMerger, DoesWhatTheDefinitionSays) {
    std::mt19937 random(20261120);
    const auto draw = [&random](size_t n) { return static_cast<size_t>(random() % n); };
    for (int round = 0; round < 2000; ++round) {
        std::map<std::string, double> costs;  // few costs, so that there are ties
        for (size_t i = draw(12); i > 0; --i) {
            std::string piece;
            for (size_t n = 2 + draw(4); n > 0; --n) piece += static_cast<char>('a' + draw(3));
            costs[piece] = static_cast<double>(draw(5));
        }
        std::string text;
        std::vector<std::string> symbols;
        for (size_t n = draw(24); n > 0; --n) {
            text += static_cast<char>('a' + draw(3));
            symbols.push_back(text.substr(text.size() - 1));
        }
        ASSERT_EQ(merge(text, costs), merge_by_definition(symbols, costs)) << text;
    }
}

TEST(SymbolMerger, LooksUpAtMostThreePairsPerSymbol) {
    std::map<std::string, double> costs;
    for (size_t length = 2; length <= 64; length *= 2) {
        costs[std::string(length, 'a')] = 1.0 / static_cast<double>(length);
    }
    costs["ab"] = 3;
    costs["abab"] = 2;
    const size_t n = size_t{256} << 10;
    std::string ab;
    while (ab.size() < n) ab += "ab";
    for (const std::string& text : {std::string(n, 'a'), ab, std::string(n, 'c')}) {
        size_t n_lookups = 0;
        merge(text, costs, &n_lookups);
        EXPECT_LE(n_lookups, 3 * n);
    }
}

TEST(SymbolMerger, IsReusedFromTextToText) {
    SymbolMerger merger;
    EXPECT_TRUE(merger.symbols().empty());
    for (int round = 0; round < 2; ++round) {
        merger.clear();
        merger.append(2, Token{7});
        merger.append(3, std::nullopt);
        merger.merge([](const Symbol&, const Symbol&) {
            return std::optional(Joint{0, Token{9}});
        });
        ASSERT_EQ(merger.symbols().size(), 2u);
        EXPECT_EQ(merger.symbols()[0].length, 5u);
        EXPECT_EQ(merger.symbols()[0].token, Token{9});
        EXPECT_EQ(merger.symbols()[1].length, 0u);
    }
}

}  // namespace
}  // namespace hearth
