// What keeping a neuron in memory is worth: the judgement behind the cache's evictions.
//
// Decode sweeps through all layers for every token, so a cache that goes by recency alone (LRU, and
// S3-FIFO's small queue) hits nothing once it is smaller than the demand of one token: every
// neuron is evicted just before it is needed again. Two things predict the next use instead: how
// often a neuron fires (hot ones fire in most tokens), and whether it fired for the last token
// (82 to 85 % of the active ones do so again, NeuroPrefetcher). For a neuron with rate r in a
// stream of persistence k the chance to fire next is
//
//   (1 - k) r + k [it fired in this token or the last]
//
// so the worth is the decayed count of uses, which is r times the count's memory, plus a bonus of
// k / (1 - k) times that memory. k is measured from the stream itself. With k = 0 this is LFU, with
// k near 1 it is LRU among equals; bench/cache_policy compares it with others and with the bound.
#pragma once

#include <array>
#include <cstdint>

namespace hearth {

// The past of one neuron, four bytes so that every neuron can have one, in memory or not.
struct Activity {
    uint16_t count = 0;  // decayed number of tokens that used it, in 1/kCountUnit
    uint16_t token = 0;  // the last of them, modulo 2^16; means nothing while count is 0
};

class ActivityModel {
  public:
    static constexpr double kHalfLifeTokens = 64.0;
    static constexpr uint32_t kCountUnit = 512;

    ActivityModel();

    // A new token (or batch of tokens): ages everything, renews the measured persistence.
    void begin_token();

    // `activity` is used by the current token; a second use by the same token changes nothing.
    void use(Activity& activity);

    // What is known of a neuron before it was used: it fires for this share of tokens. Once
    // anything is known so, all counts are taken for those of a long past.
    Activity expect(double rate);

    // Comparable among neurons at one moment. Inline: an eviction compares some dozens.
    uint32_t worth(Activity activity) const {
        const auto age = static_cast<uint16_t>(now_ - activity.token);
        if (activity.count == 0 || age >= kAges) return 0;
        const uint32_t decayed = (activity.count * decay_[age]) >> 16;
        return age <= 1 ? decayed + bonus_ : decayed;
    }

    // The share of active neurons that repeats beyond chance, 0 to 0.95.
    double persistence() const { return persistence_; }

  private:
    static constexpr uint32_t kAges = 1024;  // 16 half-lives: nothing is left

    std::array<uint32_t, kAges> decay_{};  // 2^16 * 2^(-age / kHalfLifeTokens)
    uint32_t bonus_ = 0;
    uint16_t now_ = 0;
    uint64_t n_tokens_ = 0;
    double full_count_ = kCountUnit;  // the count of a neuron that every token used
    double persistence_ = 0.0;
    // Sums over the uses of late tokens.
    double uses_ = 0.0;
    double repeated_ = 0.0;  // used by the token before, too
    double expected_ = 0.0;  // would have been, had each fired at its own rate by chance
};

}  // namespace hearth
