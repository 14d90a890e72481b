// SymbolMerger: joins adjacent symbols, cheapest pair first. The core of SPM and of BPE, which
// differ only in what a pair costs (a negated score, a merge rank).
//
// For n symbols at most 3n pairs are looked up and each passes once through a heap: O(n log n)
// time, O(n) memory, no recursion, whatever the text.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/text/tokenizer.h"

namespace hearth {

// A run of the text that is a token, or a character that is none.
struct Symbol {
    uint32_t begin = 0;   // byte offset in the text
    uint32_t length = 0;  // bytes; 0 once the symbol before it has swallowed it
    uint32_t previous = 0;
    uint32_t next = 0;
    std::optional<Token> token;
};

// What two adjacent symbols become together.
struct Joint {
    double cost = 0;  // the least is joined first; the leftmost of equals
    Token token{};
};

// Scratch that is reused from one text to the next; one thread at a time.
class SymbolMerger {
  public:
    // Texts are limited by the width of Symbol's offsets.
    static constexpr size_t kTextBytesMax = size_t{1} << 31;

    void clear() { symbols_.clear(); }
    // The next `length` bytes (at least 1) of the text as one symbol.
    void append(size_t length, std::optional<Token> token);

    // Joins until no pair can be. `join(left, right)` returns std::optional<Joint> and depends on
    // nothing but the two symbols.
    template <typename Join>
    void merge(Join join);

    // In text order; those of length 0 are gone.
    const std::vector<Symbol>& symbols() const { return symbols_; }

  private:
    static constexpr uint32_t kNone = UINT32_MAX;

    struct Pair {
        double cost;
        uint32_t left;
        uint32_t right;
        uint32_t length;  // of both when it was proposed: another sum now means it is stale
        Token token;

        // For a heap whose top is the cheapest, leftmost pair.
        friend bool operator<(const Pair& a, const Pair& b) {
            return a.cost != b.cost ? a.cost > b.cost : a.left > b.left;
        }
    };

    // Whether left and right could be joined; if so, the pair is at the back of pairs_.
    template <typename Join>
    bool propose(uint32_t left, uint32_t right, Join& join);
    // Swallows pair.right; false when the pair is stale.
    bool apply(const Pair& pair);

    std::vector<Symbol> symbols_;
    std::vector<Pair> pairs_;  // a heap
};

inline void SymbolMerger::append(size_t length, std::optional<Token> token) {
    const auto index = static_cast<uint32_t>(symbols_.size());
    Symbol symbol;
    symbol.length = static_cast<uint32_t>(length);
    symbol.previous = kNone;
    symbol.next = kNone;
    symbol.token = token;
    if (index > 0) {
        Symbol& before = symbols_.back();
        symbol.begin = before.begin + before.length;
        symbol.previous = index - 1;
        before.next = index;
    }
    symbols_.push_back(symbol);
}

template <typename Join>
void SymbolMerger::merge(Join join) {
    pairs_.clear();
    for (uint32_t right = 1; right < symbols_.size(); ++right) propose(right - 1, right, join);
    std::make_heap(pairs_.begin(), pairs_.end());
    while (!pairs_.empty()) {
        std::pop_heap(pairs_.begin(), pairs_.end());
        const Pair best = pairs_.back();
        pairs_.pop_back();
        if (!apply(best)) continue;
        const Symbol joined = symbols_[best.left];
        if (joined.previous != kNone && propose(joined.previous, best.left, join)) {
            std::push_heap(pairs_.begin(), pairs_.end());
        }
        if (joined.next != kNone && propose(best.left, joined.next, join)) {
            std::push_heap(pairs_.begin(), pairs_.end());
        }
    }
}

template <typename Join>
bool SymbolMerger::propose(uint32_t left, uint32_t right, Join& join) {
    const std::optional<Joint> joint = join(symbols_[left], symbols_[right]);
    if (!joint) return false;
    const uint32_t length = symbols_[left].length + symbols_[right].length;
    pairs_.push_back({joint->cost, left, right, length, joint->token});
    return true;
}

inline bool SymbolMerger::apply(const Pair& pair) {
    Symbol& left = symbols_[pair.left];
    Symbol& right = symbols_[pair.right];
    if (left.length == 0 || right.length == 0 || left.length + right.length != pair.length) {
        return false;
    }
    left.length = pair.length;
    left.token = pair.token;
    left.next = right.next;
    if (right.next != kNone) symbols_[right.next].previous = pair.left;
    right.length = 0;
    return true;
}

}  // namespace hearth
