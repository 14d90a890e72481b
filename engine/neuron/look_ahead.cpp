#include "engine/neuron/look_ahead.h"

#include <bit>

namespace hearth {

LookAhead::LookAhead(size_t d_model, size_t max_rank, size_t d_ff) {
    if (max_rank > 0) scratch_ = PredictorScratch(d_model, max_rank, d_ff);
}

void LookAhead::begin(const Compute& compute, size_t section, const Predictor& predictor,
                      const float* residual) {
    const TraceScope trace(compute.trace, TraceKind::predict);
    section_ = section;
    predictor_ = &predictor;
    predict_hidden(compute, predictor, residual, scratch_);
    guessed_.store(0, std::memory_order_relaxed);
    next_lane_.store(0, std::memory_order_release);
}

bool LookAhead::propose_some(const Compute& compute, size_t worker) {
    if (next_lane_.load(std::memory_order_acquire) >= kLanes) return false;
    const uint32_t lane = next_lane_.fetch_add(1, std::memory_order_acq_rel);
    if (lane >= kLanes) return false;
    const TraceScope trace(compute.trace, TraceKind::predict, worker, lane);
    const size_t d_ff = predictor_->fc2.rows;
    proposed_[lane].clear();
    predict_range(compute.kernels, *predictor_, lane_begin(lane, d_ff), lane_begin(lane + 1, d_ff),
                  scratch_, proposed_[lane]);
    guessed_.fetch_or(uint32_t{1} << lane, std::memory_order_acq_rel);
    return true;
}

Result<bool> LookAhead::read_some(BundleStore& store) {
    const uint32_t guessed = guessed_.load(std::memory_order_acquire);
    if (guessed == 0) return false;
    const auto lane = static_cast<size_t>(std::countr_zero(guessed));
    guessed_.fetch_and(~(uint32_t{1} << lane), std::memory_order_acq_rel);
    HEARTH_TRY_VOID(store.read_ahead(section_, proposed_[lane]));
    return true;
}

void LookAhead::drop() {
    next_lane_.store(kLanes, std::memory_order_relaxed);
    guessed_.store(0, std::memory_order_relaxed);
}

Result<void> LookAhead::finish(BundleStore& store) {
    next_lane_.store(kLanes, std::memory_order_relaxed);
    while (guessed_.load(std::memory_order_acquire) != 0) HEARTH_TRY_VOID(read_some(store));
    return {};
}

}  // namespace hearth
