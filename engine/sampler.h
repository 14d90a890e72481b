// Sampler: the next token from logits. Penalties, then top-k, top-p, min-p, temperature.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "engine/base/token.h"

namespace hearth {

struct SamplerOptions {
    float temperature = 0.7F;         // 0 = greedy (the lowest id among equals)
    size_t top_k = 40;                // 0 = all
    float top_p = 0.95F;              // 1 = off
    float min_p = 0.05F;              // 0 = off
    float repetition_penalty = 1.0F;  // 1 = off; divides positive, multiplies negative logits
    float presence_penalty = 0.0F;    // subtracted once from tokens seen in the window
    float frequency_penalty = 0.0F;   // subtracted per occurrence in the window
    size_t penalty_window = 64;       // last tokens that count, prompt included
    uint64_t seed = 0;

    // Every value within its range, or a usage error that names the option, the value, the range.
    Result<void> check() const;
};

// One per generation. Deterministic: the same logits, history and seed give the same token.
class Sampler {
  public:
    Sampler(const SamplerOptions& options, size_t n_vocab);

    // Picks from `logits` (n_vocab, not changed). `history` is the sequence so far; its last
    // penalty_window tokens are penalised. Non-finite logits: NaN and -inf are never picked; fails
    // with machine when nothing finite is left ("model computed no finite logits ...").
    Result<Token> pick(std::span<const float> logits, std::span<const Token> history);

  private:
    struct Candidate {
        float logit;
        float probability;
        uint32_t id;
    };
    static bool better(const Candidate& a, const Candidate& b);
    uint64_t next_random();
    void collect(std::span<const float> logits, std::span<const Token> history);
    void keep_top_k();
    double weigh(float temperature);
    void cut_tail();

    SamplerOptions options_;
    uint64_t state_;
    std::vector<Candidate> candidates_;  // scratch, (n_vocab)
    std::vector<uint32_t> counts_;       // scratch, occurrences in the window, (n_vocab)
};

}  // namespace hearth
