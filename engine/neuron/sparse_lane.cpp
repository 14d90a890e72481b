#include "engine/neuron/sparse_lane.h"

#include <algorithm>

#include "engine/base/check.h"

namespace hearth {

size_t SparseLane::add(const uint32_t* neurons, const uint32_t* rows, const float* gates,
                       size_t n) {
    HEARTH_DCHECK(n <= kGroup);
    std::array<uint32_t, kGroup> open;  // candidates whose gate lets something through
    std::array<uint32_t, kGroup> row{};
    std::array<float, kGroup> value;
    size_t n_open = 0;
    for (size_t i = 0; i < n; ++i) {
        if (fired_ != nullptr) fired_[neurons[i]] = 0.0F;
        if (!(gates[i] > 0.0F)) continue;
        open[n_open] = neurons[i];
        row[n_open] = rows[i];
        value[n_open++] = gates[i];
    }
    std::array<float, kGroup> up;
    kernels_.matvec_rows(bundles_.up, row.data(), n_open, x_, up.data());
    size_t n_active = 0;
    for (size_t i = 0; i < n_open; ++i) {
        const float u = activation_ == FfnActivation::drelu ? std::max(up[i], 0.0F) : up[i];
        const float a = value[i] * u;
        if (a == 0.0F) continue;
        if (fired_ != nullptr) fired_[open[i]] = a;
        row[n_active] = row[i];
        value[n_active++] = a;
    }
    kernels_.accumulate_rows(bundles_.down, row.data(), value.data(), n_active, partial_);
    return n_active;
}

size_t SparseLane::add_candidates(const uint32_t* neurons, const uint32_t* rows, size_t n) {
    std::array<float, kGroup> gates;
    kernels_.matvec_rows(bundles_.gate, rows, n, x_, gates.data());
    return add(neurons, rows, gates.data(), n);
}

}  // namespace hearth
