#include "engine/sampler.h"

#include <algorithm>
#include <cmath>

namespace hearth {

namespace {

template <typename T>
Result<void> in_range(const char* name, T value, T low, T high) {
    if (value >= low && value <= high) return {};
    return make_error(ErrorCode::usage, "{} is {}, range {} to {}", name, value, low, high);
}

}  // namespace

Result<void> SamplerOptions::check() const {
    HEARTH_TRY_VOID(in_range("temperature", temperature, 0.0F, 100.0F));
    HEARTH_TRY_VOID(in_range("top-p", top_p, 0.0F, 1.0F));
    HEARTH_TRY_VOID(in_range("min-p", min_p, 0.0F, 1.0F));
    HEARTH_TRY_VOID(in_range("repetition penalty", repetition_penalty, 0.01F, 100.0F));
    HEARTH_TRY_VOID(in_range("presence penalty", presence_penalty, -100.0F, 100.0F));
    return in_range("frequency penalty", frequency_penalty, -100.0F, 100.0F);
}

Sampler::Sampler(const SamplerOptions& options, size_t n_vocab)
    : options_(options), state_(options.seed), counts_(n_vocab, 0) {
    candidates_.reserve(n_vocab);
}

// SplitMix64 (Steele, Lea, Flood 2014): 64 bits of state, any seed is good.
uint64_t Sampler::next_random() {
    uint64_t z = (state_ += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

void Sampler::collect(std::span<const float> logits, std::span<const Token> history) {
    const size_t n_window = std::min(options_.penalty_window, history.size());
    const auto window = history.last(n_window);
    for (const Token token : window) ++counts_[to_index(token)];
    candidates_.clear();
    for (size_t id = 0; id < logits.size(); ++id) {
        float logit = logits[id];
        if (!std::isfinite(logit)) continue;
        if (counts_[id] > 0) {
            logit = logit > 0.0F ? logit / options_.repetition_penalty
                                 : logit * options_.repetition_penalty;
            logit -= options_.presence_penalty +
                     options_.frequency_penalty * static_cast<float>(counts_[id]);
        }
        candidates_.push_back({logit, 0.0F, static_cast<uint32_t>(id)});
    }
    for (const Token token : window) counts_[to_index(token)] = 0;
}

// Best first; among equals the lowest id, so that a choice never depends on the sort.
bool Sampler::better(const Candidate& a, const Candidate& b) {
    return a.logit != b.logit ? a.logit > b.logit : a.id < b.id;
}

void Sampler::keep_top_k() {
    const size_t k =
        options_.top_k == 0 ? candidates_.size() : std::min(options_.top_k, candidates_.size());
    std::partial_sort(candidates_.begin(), candidates_.begin() + static_cast<ptrdiff_t>(k),
                      candidates_.end(), better);
    candidates_.resize(k);
}

// Fills the probabilities of the sorted candidates; returns their sum (not 1: relative to the
// best).
double Sampler::weigh(float temperature) {
    const float best = candidates_.front().logit;
    double sum = 0.0;
    for (Candidate& candidate : candidates_) {
        candidate.probability = std::exp((candidate.logit - best) / temperature);
        sum += static_cast<double>(candidate.probability);
    }
    return sum;
}

// Cuts the tail: below min_p of the best, and behind the first that fills top_p. At least one
// stays.
void Sampler::cut_tail() {
    const double sum = weigh(1.0F);
    double covered = 0.0;
    size_t n = 0;
    while (n < candidates_.size()) {
        const Candidate& candidate = candidates_[n];
        if (n > 0 && candidate.probability < options_.min_p) break;
        ++n;
        covered += static_cast<double>(candidate.probability);
        if (covered >= static_cast<double>(options_.top_p) * sum) break;
    }
    candidates_.resize(n);
}

Result<Token> Sampler::pick(std::span<const float> logits, std::span<const Token> history) {
    collect(logits, history);
    if (candidates_.empty()) {
        return make_error(ErrorCode::machine,
                          "the model computed no finite logit among {} (damaged weights?)",
                          logits.size());
    }
    if (options_.temperature == 0.0F) {
        return Token{std::min_element(candidates_.begin(), candidates_.end(), better)->id};
    }
    keep_top_k();
    cut_tail();
    const double sum = weigh(options_.temperature);
    // 53 random bits make a double in [0, 1).
    const double target = static_cast<double>(next_random() >> 11) * 0x1.0p-53 * sum;
    double covered = 0.0;
    for (const Candidate& candidate : candidates_) {
        covered += static_cast<double>(candidate.probability);
        if (target < covered) return Token{candidate.id};
    }
    return Token{candidates_.back().id};  // rounding left the target at the very end
}

}  // namespace hearth
