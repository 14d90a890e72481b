// RoPE: rotary position embedding, with the scaling that the file asks for.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/model/config.h"

namespace hearth {

// The angle of each rotated pair per position step. Immutable.
class Rope {
  public:
    // factors: (n_rot / 2) divisors of the frequencies (Llama 3), or nullptr.
    Rope(const RopeConfig& config, const float* factors);

    // cos and sin of positions first .. first + n, (n, n_rot / 2) each.
    void angles(size_t first, size_t n, float* cos, float* sin) const;

    // Rotates the first n_rot dimensions of each of n_heads heads of `x` (n_heads, head_dim).
    void rotate(float* x, size_t n_heads, size_t head_dim, const float* cos,
                const float* sin) const;

    size_t n_pairs() const { return frequencies_.size(); }

  private:
    RopeLayout layout_;
    float magnitude_;  // yarn: multiplies cos and sin
    std::vector<double> frequencies_;
};

}  // namespace hearth
