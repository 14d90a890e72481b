// Q8Rows: activations quantized to int8, the right-hand side of every quantized mat-vec.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/aligned_buffer.h"

namespace hearth {

// Elements that share one scale.
inline constexpr size_t kQ8Block = 32;
// Elements that share one stored sum: Q6_K has a scale per 16.
inline constexpr size_t kQ8SumBlock = 16;
// Blocks with a smaller max|x| are zero: 127 / max|x| must stay finite.
inline constexpr float kQ8Tiny = 1e-30f;

// n_rows x cols values, x[i] = scale[i / 32] * q[i], in planes so that kernels load vectors:
//   q           (n_rows, cols)       int8, -127..127, never -128
//   scale       (n_rows, cols / 32)  float, max|x| / 127 of the block
//   sum         (n_rows, cols / 16)  int16, the sum of 16 consecutive q
//   scaled_sum  (n_rows, cols / 32)  float, scale times the sum of the block's q: turns the offset
//                                    of an unsigned weight (q - 8, - min) into one multiply
// cols is a multiple of 32 everywhere (checked at load). Owned by Activations; grown never.
//
// KernelTable::quantize_rows fills it, bit-identically for every table: q = x * (127 / max|x|),
// rounded to nearest even. A block whose max|x| is below 1e-30 is stored as zeroes. A block with a
// NaN or an infinity gets q = 0 and scale = scaled_sum = NaN, so that every dot product with it is
// NaN, as it would be in float.
class Q8Rows {
  public:
    Q8Rows() = default;
    Q8Rows(size_t max_rows, size_t max_cols)
        : max_rows_(max_rows),
          q_(max_rows * max_cols),
          scale_(max_rows * max_cols / kQ8Block),
          sum_(max_rows * max_cols / kQ8SumBlock),
          scaled_sum_(max_rows * max_cols / kQ8Block) {}

    // Sets the row length of what is stored next; at most the max_cols of the constructor.
    void set_cols(size_t cols) { cols_ = cols; }
    size_t cols() const { return cols_; }
    size_t max_rows() const { return max_rows_; }
    size_t bytes() const {
        return q_.size() + sizeof(float) * (scale_.size() + scaled_sum_.size()) +
               sizeof(int16_t) * sum_.size();
    }

    int8_t* q(size_t row) { return q_.data() + row * cols_; }
    float* scale(size_t row) { return scale_.data() + row * (cols_ / kQ8Block); }
    int16_t* sum(size_t row) { return sum_.data() + row * (cols_ / kQ8SumBlock); }
    float* scaled_sum(size_t row) { return scaled_sum_.data() + row * (cols_ / kQ8Block); }
    const int8_t* q(size_t row) const { return q_.data() + row * cols_; }
    const float* scale(size_t row) const { return scale_.data() + row * (cols_ / kQ8Block); }
    const int16_t* sum(size_t row) const { return sum_.data() + row * (cols_ / kQ8SumBlock); }
    const float* scaled_sum(size_t row) const {
        return scaled_sum_.data() + row * (cols_ / kQ8Block);
    }

  private:
    size_t max_rows_ = 0;
    size_t cols_ = 0;
    AlignedBuffer<int8_t> q_;
    AlignedBuffer<float> scale_;
    AlignedBuffer<int16_t> sum_;
    AlignedBuffer<float> scaled_sum_;
};

}  // namespace hearth
