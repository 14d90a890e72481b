#include "engine/neuron/sparse_ffn.h"

#include <algorithm>
#include <iterator>

namespace hearth {

namespace {

// Candidates handled together: their rows are fetched while others are computed, and the partial
// sum is read and written once per group of rows instead of once per row.
constexpr size_t kGroup = 64;

// Columns of the final sum that one worker adds.
constexpr size_t kReduceGrain = 1024;

// One lane at work: candidates in, its partial sum out.
class Lane {
  public:
    Lane(const KernelTable& kernels, FfnActivation activation, const FfnWeights& weights,
         const ActivationView& x, float* partial, float* fired)
        : kernels_(kernels),
          activation_(activation),
          weights_(weights),
          x_(x),
          partial_(partial),
          fired_(fired) {
        std::fill_n(partial_, weights.down.cols, 0.0F);
    }

    // At most kGroup candidates with their gate values. Returns how many were active.
    size_t add(const uint32_t* neurons, const float* gates, size_t n) {
        std::array<uint32_t, kGroup> open;  // the gate lets something through
        std::array<float, kGroup> value;
        size_t n_open = 0;
        for (size_t i = 0; i < n; ++i) {
            if (!(gates[i] > 0.0F)) continue;
            open[n_open] = neurons[i];
            value[n_open++] = gates[i];
        }
        std::array<float, kGroup> up;
        kernels_.matvec_rows(weights_.up, open.data(), n_open, x_, up.data());
        size_t n_active = 0;
        for (size_t i = 0; i < n_open; ++i) {
            const float u = activation_ == FfnActivation::drelu ? std::max(up[i], 0.0F) : up[i];
            const float a = value[i] * u;
            if (a == 0.0F) continue;
            open[n_active] = open[i];
            value[n_active++] = a;
        }
        kernels_.accumulate_rows(weights_.down, open.data(), value.data(), n_active, partial_);
        if (fired_ != nullptr) note_fired(neurons, n, open.data(), value.data(), n_active);
        return n_active;
    }

    size_t add_candidates(const uint32_t* neurons, size_t n) {
        std::array<float, kGroup> gates;
        kernels_.matvec_rows(weights_.gate, neurons, n, x_, gates.data());
        return add(neurons, gates.data(), n);
    }

  private:
    void note_fired(const uint32_t* candidates, size_t n, const uint32_t* active,
                    const float* values, size_t n_active) const {
        for (size_t i = 0; i < n; ++i) fired_[candidates[i]] = 0.0F;
        for (size_t i = 0; i < n_active; ++i) fired_[active[i]] = values[i];
    }

    const KernelTable& kernels_;
    FfnActivation activation_;
    const FfnWeights& weights_;
    const ActivationView& x_;
    float* partial_;  // (d_model)
    float* fired_;    // (d_ff) activations by neuron, set for candidates only; or null
};

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
                                static_cast<uint32_t>(l * d_ff / kLanes));
    };
    return {begin_of(lane), begin_of(lane + 1)};
}

void sum_lanes(const Compute& compute, const SparseScratch& scratch, size_t d_model, float* out) {
    compute.pool.parallel_for(d_model, kReduceGrain, [&](size_t begin, size_t end, size_t) {
        std::copy_n(scratch.partial.data() + begin, end - begin, out + begin);
        for (size_t lane = 1; lane < kLanes; ++lane) {
            compute.kernels.add(scratch.partial.data() + lane * d_model + begin, out + begin,
                                end - begin);
        }
    });
}

}  // namespace

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
    // The gates of candidates are read before their activations take the place.
    float* const fired = input.fired != nullptr ? scratch.gate.data() : nullptr;
    compute.pool.parallel_for(kLanes, 1, [&](size_t lane, size_t, size_t) {
        Lane sum(compute.kernels, activation, weights, input.normed,
                 scratch.partial.data() + lane * d_model, fired);
        size_t active = 0;
        auto rest = lane_candidates(scratch.candidates, lane, d_ff);
        while (!rest.empty() && !compute.stopped()) {
            const size_t n = std::min(kGroup, rest.size());
            if (mode == SparsityMode::predicted) {
                active += sum.add_candidates(rest.data(), n);
            } else {
                std::array<float, kGroup> gates;
                for (size_t i = 0; i < n; ++i) gates[i] = scratch.gate[rest[i]];
                active += sum.add(rest.data(), gates.data(), n);
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
