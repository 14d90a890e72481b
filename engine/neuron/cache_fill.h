// What the cold segment is filled with before the first token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/neuron/pack.h"

namespace hearth {

// By section, the neurons to be in memory from the start, in the order they lie on disk: at most
// `n` in all, none of the hot ones (ascending, by section). By rate (of each section and neuron,
// share of tokens) the most frequent of the whole model; where rates are empty, of each section
// as many of those that are placed first.
std::vector<std::vector<uint32_t>> choose_fill(const Pack& pack,
                                               std::span<const std::vector<uint32_t>> hot,
                                               std::span<const std::vector<float>> rates, size_t n);

}  // namespace hearth
