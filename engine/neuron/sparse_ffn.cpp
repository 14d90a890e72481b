#include "engine/neuron/sparse_ffn.h"

#include <algorithm>
#include <iterator>

#include "engine/neuron/sparse_lane.h"

namespace hearth {

namespace {

// Columns of the final sum that one worker adds.
constexpr size_t kReduceGrain = 1024;

// Candidates whose gate is open, from gates that are all known.
void find_open(std::span<const float> gate, std::vector<uint32_t>& candidates) {
    candidates.clear();
    for (size_t i = 0; i < gate.size(); ++i) {
        if (gate[i] > 0.0F) candidates.push_back(static_cast<uint32_t>(i));
    }
}

void compute_gates(const Compute& compute, const FfnWeights& weights, const ActivationView& x,
                   float* gate) {
    const std::array product{Product{weights.gate, nullptr, gate, weights.gate.rows}};
    multiply(compute, x, product);
}

// All gates (and ups, for dReLU) of a token in predicted mode: which active ones were proposed?
NeuronCount measure_recall(const Compute& compute, FfnActivation activation,
                           const FfnWeights& weights, const ActivationView& x,
                           SparseScratch& scratch) {
    compute_gates(compute, weights, x, scratch.gate.data());
    NeuronCount count;
    auto proposed = scratch.candidates.begin();
    for (uint32_t i = 0; i < weights.gate.rows; ++i) {
        while (proposed != scratch.candidates.end() && *proposed < i) ++proposed;
        if (!(scratch.gate[i] > 0.0F)) continue;
        if (activation == FfnActivation::drelu) {
            float up = 0.0F;
            compute.kernels.matvec_rows(weights.up, &i, 1, x, &up);
            if (!(up > 0.0F)) continue;
        }
        ++count.sampled;
        if (proposed != scratch.candidates.end() && *proposed == i) ++count.recalled;
    }
    return count;
}

// The candidates of a lane: [first, last) of the ascending list.
std::span<const uint32_t> lane_candidates(const std::vector<uint32_t>& candidates, size_t lane,
                                          size_t d_ff) {
    const auto begin_of = [&](size_t l) {
        return std::lower_bound(candidates.begin(), candidates.end(),
                                static_cast<uint32_t>(lane_begin(l, d_ff)));
    };
    return {begin_of(lane), begin_of(lane + 1)};
}

}  // namespace

void sum_lanes(const Compute& compute, const SparseScratch& scratch, size_t d_model, float* out) {
    compute.pool.parallel_for(d_model, kReduceGrain, [&](size_t begin, size_t end, size_t) {
        std::copy_n(scratch.partial.data() + begin, end - begin, out + begin);
        for (size_t lane = 1; lane < kLanes; ++lane) {
            compute.kernels.add(scratch.partial.data() + lane * d_model + begin, out + begin,
                                end - begin);
        }
    });
}

std::string_view to_string(SparsityMode mode) {
    switch (mode) {
        case SparsityMode::dense:
            return "dense";
        case SparsityMode::exact:
            return "exact";
        case SparsityMode::predicted:
            return "predicted";
    }
    return "";
}

NeuronCount& NeuronCount::operator+=(const NeuronCount& other) {
    seen += other.seen;
    active += other.active;
    sampled += other.sampled;
    recalled += other.recalled;
    return *this;
}

SparseScratch::SparseScratch(size_t d_model, size_t d_ff, size_t max_rank)
    : gate(d_ff), partial(kLanes * d_model), predictor(d_model, max_rank, d_ff) {
    candidates.reserve(d_ff);
}

NeuronCount sparse_feed_forward(const Compute& compute, FfnActivation activation,
                                const FfnWeights& weights, const Predictor& predictor,
                                SparsityMode mode, const SparseInput& input, float* out,
                                SparseScratch& scratch) {
    const size_t d_ff = weights.gate.rows;
    const size_t d_model = weights.gate.cols;
    NeuronCount total{.seen = d_ff};
    if (mode == SparsityMode::predicted) {
        predict(compute, predictor, input.residual, scratch.predictor, scratch.candidates);
        if (input.measures_recall) {
            total += measure_recall(compute, activation, weights, input.normed, scratch);
        }
    } else {
        compute_gates(compute, weights, input.normed, scratch.gate.data());
        find_open(scratch.gate.span().first(d_ff), scratch.candidates);
    }
    const BundleRows rows{weights.gate, weights.up, weights.down};
    // The gates of candidates are read before their activations take the place.
    float* const fired = input.fired != nullptr ? scratch.gate.data() : nullptr;
    compute.pool.parallel_for(kLanes, 1, [&](size_t lane, size_t, size_t) {
        float* const partial = scratch.partial.data() + lane * d_model;
        std::fill_n(partial, d_model, 0.0F);
        SparseLane sum(compute.kernels, activation, rows, input.normed, partial, fired);
        size_t active = 0;
        auto rest = lane_candidates(scratch.candidates, lane, d_ff);
        while (!rest.empty() && !compute.stopped()) {
            const size_t n = std::min(SparseLane::kGroup, rest.size());
            if (mode == SparsityMode::predicted) {
                active += sum.add_candidates(rest.data(), rest.data(), n);
            } else {
                std::array<float, SparseLane::kGroup> gates;
                for (size_t i = 0; i < n; ++i) gates[i] = scratch.gate[rest[i]];
                active += sum.add(rest.data(), rest.data(), gates.data(), n);
            }
            rest = rest.subspan(n);
        }
        scratch.counts[lane] = {.active = active};
    });
    for (const NeuronCount& count : scratch.counts) total += count;
    if (input.fired != nullptr) {
        input.fired->clear();
        std::copy_if(scratch.candidates.begin(), scratch.candidates.end(),
                     std::back_inserter(*input.fired),
                     [&](uint32_t i) { return scratch.gate[i] != 0.0F; });
    }
    sum_lanes(compute, scratch, d_model, out);
    return total;
}

}  // namespace hearth
