#include "planner/low_rank.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace hearth {

namespace {

// Leading directions separate by the ratio of their variances per step; a dozen is plenty for a
// subspace that is only to be good, not exact.
constexpr int kIterations = 12;

float dot(const float* a, const float* b, size_t n) {
    constexpr size_t kLanes = 16;
    float lanes[kLanes] = {};
    size_t i = 0;
    for (; i + kLanes <= n; i += kLanes) {
        for (size_t j = 0; j < kLanes; ++j) lanes[j] += a[i + j] * b[i + j];
    }
    float sum = 0.0F;
    for (; i < n; ++i) sum += a[i] * b[i];
    for (const float lane : lanes) sum += lane;
    return sum;
}

// Makes the rows of m (n_rows, n) orthonormal, in order; a row that depends on those before it
// becomes zero.
void orthonormalize(std::span<float> m, size_t n) {
    for (size_t i = 0; i * n < m.size(); ++i) {
        float* const row = m.data() + i * n;
        const float before = std::sqrt(dot(row, row, n));
        for (int pass = 0; pass < 2; ++pass) {  // the second removes what rounding left
            for (size_t j = 0; j < i; ++j) {
                const float* const other = m.data() + j * n;
                const float along = dot(row, other, n);
                for (size_t k = 0; k < n; ++k) row[k] -= along * other[k];
            }
        }
        const float length = std::sqrt(dot(row, row, n));
        const float scale = length > 1e-5F * before ? 1.0F / length : 0.0F;
        for (size_t k = 0; k < n; ++k) row[k] *= scale;
    }
}

// out (a_rows, b_rows) = the inner products of the rows of a and b, n long each.
std::vector<float> inner_products(std::span<const float> a, std::span<const float> b, size_t n,
                                  ThreadPool& pool) {
    const size_t a_rows = a.size() / n;
    const size_t b_rows = b.size() / n;
    std::vector<float> out(a_rows * b_rows);
    pool.parallel_for(a_rows, 4, [&](size_t begin, size_t end, size_t) {
        for (size_t i = begin; i < end; ++i) {
            for (size_t j = 0; j < b_rows; ++j) {
                out[i * b_rows + j] = dot(a.data() + i * n, b.data() + j * n, n);
            }
        }
    });
    return out;
}

}  // namespace

LowRank fit_low_rank(std::span<const float> gates, size_t n_neurons, size_t rank,
                     ThreadPool& pool) {
    const size_t n_samples = gates.size() / n_neurons;
    LowRank result{n_neurons, std::min(rank, n_samples), {}};
    const std::vector<float> products = inner_products(gates, gates, n_neurons, pool);
    std::vector<float> basis(result.rank * n_samples);  // in the space of samples
    std::mt19937 random(1);
    for (float& value : basis) value = static_cast<float>(random()) / 4294967296.0F - 0.5F;
    orthonormalize(basis, n_samples);
    for (int i = 0; i < kIterations; ++i) {
        basis = inner_products(basis, products, n_samples, pool);
        orthonormalize(basis, n_samples);
    }
    result.directions.assign(result.rank * n_neurons, 0.0F);
    pool.parallel_for(result.rank, 1, [&](size_t k, size_t, size_t) {
        float* const direction = result.directions.data() + k * n_neurons;
        for (size_t s = 0; s < n_samples; ++s) {
            const float weight = basis[k * n_samples + s];
            const float* const sample = gates.data() + s * n_neurons;
            for (size_t i = 0; i < n_neurons; ++i) direction[i] += weight * sample[i];
        }
    });
    orthonormalize(result.directions, n_neurons);
    return result;
}

std::vector<float> project(const LowRank& low_rank, std::span<const float> gates,
                           ThreadPool& pool) {
    return inner_products(gates, low_rank.directions, low_rank.n_neurons, pool);
}

}  // namespace hearth
