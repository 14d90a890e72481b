#include "engine/neuron/sparse_batch.h"

#include <algorithm>
#include <numeric>

#include "engine/base/check.h"

namespace hearth {

namespace {

// Candidates over whose rows the tokens take turns: 128 of a 7B's are 0.6 MB, most of a core's
// cache, of which a token wants a tenth or a fifth.
constexpr size_t kTogether = 128;

// Gates that are compared at a time.
constexpr size_t kGateBlock = 64;

}  // namespace

BatchScratch::BatchScratch(size_t n_tokens, size_t d_model, size_t d_ff, size_t max_rank)
    : partial(n_tokens * kLanes * d_model), inputs(n_tokens) {
    const size_t longest = round_up(d_model, kQ8Block);
    for (size_t t = 0; t < n_tokens; ++t) quantized.emplace_back(1, longest);
    for (auto& lane : candidates) lane.reserve(d_ff / kLanes + 1);
    if (max_rank > 0) predictor = PredictorScratch(d_model, max_rank, 0, n_tokens);
}

uint64_t BatchScratch::bytes() const {
    uint64_t bytes =
        sizeof(float) * (partial.size() + predictor.hidden.size()) + predictor.quantized.bytes();
    for (const Q8Rows& row : quantized) bytes += row.bytes();
    for (const auto& lane : candidates) bytes += sizeof(uint32_t) * lane.capacity();
    return bytes;
}

SparseBatch::SparseBatch(const Compute& compute, FfnActivation activation,
                         const FfnWeights& weights, const ActivationView& x, float* gate,
                         BatchScratch& scratch)
    : compute_(compute),
      activation_(activation),
      weights_(weights),
      x_(x),
      gate_(gate),
      scratch_(scratch) {
    HEARTH_CHECK(x.n_tokens <= scratch.inputs.size());
    for (size_t t = 0; t < x.n_tokens; ++t) {
        const float* const token = x.f32 + t * x.cols;
        Q8Rows& quantized = scratch.quantized[t];
        if (x.q8 != nullptr) {
            quantized.set_cols(x.cols);
            compute.kernels.quantize_rows(token, x.cols, 0, 1, quantized);
        }
        scratch.inputs[t] = {token, x.q8 != nullptr ? &quantized : nullptr, 1, x.cols};
    }
}

void SparseBatch::compute_gates(size_t worker, size_t lane) {
    const TraceScope trace(compute_.trace, TraceKind::gates, worker, lane);
    multiply_range(compute_, worker, x_, {weights_.gate, nullptr, gate_, d_ff()},
                   lane_begin(lane, d_ff()), lane_begin(lane + 1, d_ff()));
}

void SparseBatch::predict(const Predictor& predictor, const float* residual) {
    predictor_ = &predictor;
    predict_hidden(compute_, predictor, residual, scratch_.predictor, n_tokens());
}

void SparseBatch::propose(size_t worker, size_t lane, std::span<const uint32_t> hot) {
    const TraceScope trace(compute_.trace, TraceKind::predict, worker, lane);
    const size_t begin = lane_begin(lane, d_ff());
    const size_t end = lane_begin(lane + 1, d_ff());
    predict_range(compute_, worker, *predictor_, begin, end, scratch_.predictor, gate_);
    const auto first = std::lower_bound(hot.begin(), hot.end(), begin);
    const auto last = std::lower_bound(first, hot.end(), end);
    for (size_t t = 0; t < n_tokens(); ++t) {
        for (auto neuron = first; neuron != last; ++neuron) gate_[t * d_ff() + *neuron] = 1.0F;
    }
}

void SparseBatch::begin_lane(size_t lane, std::vector<uint32_t>& open) {
    for (size_t t = 0; t < n_tokens(); ++t) std::fill_n(partial(t, lane), weights_.gate.cols, 0.0F);
    const size_t end = lane_begin(lane + 1, d_ff());
    for (size_t i = lane_begin(lane, d_ff()); i < end; i += kGateBlock) {
        const size_t n = std::min(kGateBlock, end - i);
        std::array<float, kGateBlock> widest{};
        for (size_t t = 0; t < n_tokens(); ++t) {
            float* const gate = gate_ + t * d_ff() + i;
            for (size_t j = 0; j < n; ++j) {
                gate[j] = gate[j] > 0.0F ? gate[j] : 0.0F;
                widest[j] = std::max(widest[j], gate[j]);
            }
        }
        for (size_t j = 0; j < n; ++j) {
            if (widest[j] > 0.0F) open.push_back(static_cast<uint32_t>(i + j));
        }
    }
}

size_t SparseBatch::add(size_t lane, const BundleRows& rows, bool guessed,
                        std::span<const uint32_t> neurons, const uint32_t* places) {
    size_t n_active = 0;
    for (size_t i = 0; i < neurons.size() && !compute_.stopped(); i += kTogether) {
        const auto group = neurons.subspan(i, std::min(kTogether, neurons.size() - i));
        for (size_t t = 0; t < n_tokens(); ++t) {
            n_active += add_for(t, lane, rows, guessed, group, places + i);
        }
    }
    return n_active;
}

size_t SparseBatch::add_for(size_t token, size_t lane, const BundleRows& rows, bool guessed,
                            std::span<const uint32_t> neurons, const uint32_t* places) {
    float* const gate = gate_ + token * d_ff();
    std::array<uint32_t, kTogether> wanted;
    std::array<uint32_t, kTogether> place;
    std::array<float, kTogether> value;
    size_t n = 0;
    for (size_t i = 0; i < neurons.size(); ++i) {
        wanted[n] = neurons[i];
        place[n] = places[i];
        value[n] = gate[neurons[i]];
        n += value[n] > 0.0F ? 1 : 0;
    }
    SparseLane sum(compute_.kernels, activation_, rows, scratch_.inputs[token],
                   partial(token, lane), gate);
    size_t n_active = 0;
    for (size_t i = 0; i < n; i += SparseLane::kGroup) {
        const size_t some = std::min(SparseLane::kGroup, n - i);
        n_active += guessed ? sum.add_candidates(&wanted[i], &place[i], some)
                            : sum.add(&wanted[i], &place[i], &value[i], some);
    }
    return n_active;
}

void SparseBatch::sum(float* out) const {
    const size_t d_model = weights_.gate.cols;
    compute_.pool.parallel_for(n_tokens(), 1, [&](size_t token, size_t, size_t) {
        float* const total = out + token * d_model;
        std::copy_n(partial(token, 0), d_model, total);
        for (size_t lane = 1; lane < kLanes; ++lane) {
            compute_.kernels.add(partial(token, lane), total, d_model);
        }
    });
}

NeuronCount sparse_feed_forward(const Compute& compute, const FfnWeights& weights,
                                SparseBatch& batch, BatchScratch& scratch, float* out) {
    const BundleRows rows{weights.gate, weights.up, weights.down};
    compute.pool.parallel_for(kLanes, 1, [&](size_t lane, size_t, size_t) {
        std::vector<uint32_t>& open = scratch.candidates[lane];
        open.clear();
        batch.begin_lane(lane, open);
        scratch.n_active[lane] = batch.add(lane, rows, false, open, open.data());
    });
    batch.sum(out);
    return {
        .seen = batch.n_tokens() * batch.d_ff(),
        .active = std::accumulate(scratch.n_active.begin(), scratch.n_active.end(), uint64_t{0})};
}

}  // namespace hearth
