#include "engine/neuron/activity.h"

#include <algorithm>
#include <cmath>

namespace hearth {

namespace {

// How much of the measured sums lives on into the next token: about ten tokens are looked at.
constexpr double kSumsKept = 0.9;

// Where persistence would make the bonus infinite.
constexpr double kMostPersistent = 0.95;

double decay_per_token() {
    return std::exp2(-1.0 / ActivityModel::kHalfLifeTokens);
}

// The count of a neuron that is used by every one of n tokens: what a count is divided by to be a
// rate.
double full_count(uint64_t n_tokens) {
    const double decay = decay_per_token();
    return (1.0 - std::pow(decay, static_cast<double>(n_tokens))) / (1.0 - decay);
}

}  // namespace

ActivityModel::ActivityModel() {
    static_assert(kCountUnit * (kHalfLifeTokens / 0.69 + 1.0) < 65536.0, "a count fits 16 bits");
    for (uint32_t age = 0; age < kAges; ++age) {
        decay_[age] = static_cast<uint32_t>(65536.0 * std::pow(decay_per_token(), age));
    }
}

void ActivityModel::begin_token() {
    if (uses_ > 0.0) {
        const double repeated = repeated_ / uses_;
        const double by_chance = std::min(expected_ / uses_, kMostPersistent);
        persistence_ = std::clamp((repeated - by_chance) / (1.0 - by_chance), 0.0, kMostPersistent);
        bonus_ = static_cast<uint32_t>(persistence_ / (1.0 - persistence_) * kCountUnit *
                                       full_count(n_tokens_));
    }
    uses_ *= kSumsKept;
    repeated_ *= kSumsKept;
    expected_ *= kSumsKept;
    full_count_ = kCountUnit * std::max(1.0, full_count(n_tokens_));
    ++n_tokens_;
    ++now_;
}

Activity ActivityModel::expect(double rate) {
    constexpr uint64_t kLong = uint64_t{1} << 20;
    n_tokens_ = std::max(n_tokens_, kLong);
    const double count = std::clamp(rate, 0.0, 1.0) * kCountUnit * full_count(kLong);
    // Not of the last token: whether it fired for that is another thing.
    return {static_cast<uint16_t>(std::min(count, 65535.0)), static_cast<uint16_t>(now_ - 2)};
}

void ActivityModel::use(Activity& activity) {
    const auto age = static_cast<uint16_t>(now_ - activity.token);
    const bool is_known = activity.count > 0 && age < kAges;
    if (is_known && age == 0) return;
    const uint32_t decayed = is_known ? (activity.count * decay_[age]) >> 16 : 0;
    uses_ += 1.0;
    repeated_ += is_known && age == 1 ? 1.0 : 0.0;
    expected_ += decayed / full_count_;
    activity.count = static_cast<uint16_t>(std::min<uint32_t>(decayed + kCountUnit, 65535));
    activity.token = now_;
}

}  // namespace hearth
