// LowRank: the directions in which the gates of an FFN vary most, from samples of the gates.
//
// The best guess of rank r at all gates y of an FFN from r numbers that are linear in its input is
// y ~ P P' y, with P the r leading principal directions of y over real inputs: the truncated SVD of
// the gate matrix whitened by the inputs' covariance (SVDP, arXiv 2603.14110). They are found from
// the samples alone, by orthogonal iteration on the n x n matrix of their inner products, so that a
// matrix of 14,336 x 4,096 is never decomposed.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/base/thread_pool.h"

namespace hearth {

struct LowRank {
    size_t n_neurons = 0;
    size_t rank = 0;
    std::vector<float> directions;  // (rank, n_neurons), orthonormal rows
};

// `gates` (n_samples, n_neurons). The rank is at most n_samples. Deterministic.
LowRank fit_low_rank(std::span<const float> gates, size_t n_neurons, size_t rank, ThreadPool& pool);

// out (n_samples, rank) = the numbers that stand for each sample.
std::vector<float> project(const LowRank& low_rank, std::span<const float> gates, ThreadPool& pool);

}  // namespace hearth
