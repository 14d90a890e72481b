// matvec and matmul of every type and table against sums in double.
#include <algorithm>
#include <cmath>

#include "tests/unit/kernels_fixture.h"

namespace hearth {
namespace {

// How far a kernel may be from the exact sum of products of what it was given, relative to the sum
// of the products' magnitudes: float sums in lanes, each well conditioned. The offset of unsigned
// weights (up to 128 of a Q8_0 quant) is removed afterwards and costs a few more bits.
constexpr double kRelativeBound = 3e-6;

struct Exact {
    double sum = 0.0;
    double magnitude = 0.0;
};

Exact exact_dot(const MatrixView& w, size_t row, const Activation& x, size_t token) {
    std::vector<float> weights(w.cols);
    scalar::dequantize_row(w.dtype, w.row(row), weights.data(), w.cols);
    Exact exact;
    for (size_t i = 0; i < w.cols; ++i) {
        const double product = weights[i] * x.value(w.dtype, token, i);
        exact.sum += product;
        exact.magnitude += std::fabs(product);
    }
    return exact;
}

class KernelsMatmul : public KernelsTest {
  protected:
    std::vector<float> matvec(const MatrixView& w, size_t begin, size_t end, const Activation& x) {
        std::vector<float> y(w.rows, kUntouched);
        table().matvec(w, begin, end, x.view(1), y.data());
        return y;
    }
    // (n_tokens, ldy)
    std::vector<float> matmul(const MatrixView& w, size_t begin, size_t end, const Activation& x,
                              size_t n_tokens, size_t ldy) {
        std::vector<float> y(n_tokens * ldy, kUntouched);
        AlignedBuffer<std::byte> scratch(table().matmul_scratch_bytes(w.dtype, w.cols));
        table().matmul(w, begin, end, x.view(n_tokens), y.data(), ldy, scratch.data());
        return y;
    }

    static constexpr float kUntouched = 12345.0f;
};

// Row lengths: K-quants need whole super-blocks; the others meet every tail.
std::vector<size_t> cols_of(Dtype dtype) {
    if (is_float(dtype)) return {1, 15, 32, 100, 256, 769};
    if (traits(dtype).block_elements == 32)
        return {32, 64, 96, 128, 160, 192, 224, 256, 288, 896, 1056};
    return {256, 512, 768, 1280};
}

TEST_P(KernelsMatmul, MatvecIsWithinTheBoundForEveryTypeAndShape) {
    Random random;
    for (const Dtype dtype : kComputable) {
        for (const size_t cols : cols_of(dtype)) {
            for (const size_t rows : {1u, 2u, 3u, 5u, 8u, 13u, 31u, 40u}) {
                RandomMatrix matrix(dtype, rows, cols, random, rows % 2);
                const Activation x(table(), random.normals(cols), 1);
                const auto y = matvec(matrix.view(), 0, rows, x);
                for (size_t r = 0; r < rows; ++r) {
                    const Exact exact = exact_dot(matrix.view(), r, x, 0);
                    ASSERT_NEAR(y[r], exact.sum, kRelativeBound * exact.magnitude)
                        << traits(dtype).name << " " << rows << "x" << cols << " row " << r;
                }
            }
        }
    }
}

TEST_P(KernelsMatmul, MatmulIsWithinTheBoundForEveryTypeAndShape) {
    Random random;
    for (const Dtype dtype : kComputable) {
        for (const size_t cols : cols_of(dtype)) {
            const size_t rows = 1 + random.bits() % 70;
            const size_t n_tokens = 1 + random.bits() % 20;
            RandomMatrix matrix(dtype, rows, cols, random);
            const Activation x(table(), random.normals(cols * n_tokens), n_tokens);
            const auto y = matmul(matrix.view(), 0, rows, x, n_tokens, rows + 3);
            for (size_t t = 0; t < n_tokens; ++t) {
                for (size_t r = 0; r < rows; ++r) {
                    const Exact exact = exact_dot(matrix.view(), r, x, t);
                    ASSERT_NEAR(y[t * (rows + 3) + r], exact.sum, kRelativeBound * exact.magnitude)
                        << traits(dtype).name << " " << rows << "x" << cols << " of " << n_tokens
                        << " row " << r << " token " << t;
                }
                for (size_t r = rows; r < rows + 3; ++r) {
                    ASSERT_EQ(y[t * (rows + 3) + r], kUntouched);
                }
            }
        }
    }
}

// With scales of one every sum is an integer below 2^24 and must come out exactly.
TEST_P(KernelsMatmul, IntegerPartsAreExact) {
    Random random;
    const size_t cols = 256;
    for (const Dtype dtype : {Dtype::q4_0, Dtype::q5_0, Dtype::q8_0, Dtype::q6_k}) {
        RandomMatrix matrix(dtype, 5, cols, random);
        for (size_t r = 0; r < 5; ++r) {
            auto* row = const_cast<std::byte*>(matrix.view().row(r));
            for (size_t b = 0; b < cols / traits(dtype).block_elements; ++b) {
                std::byte* block = row + b * traits(dtype).block_bytes;
                put_half(dtype == Dtype::q6_k ? block + 208 : block, 1.0f);
                if (dtype != Dtype::q6_k) continue;
                for (size_t s = 0; s < 16; ++s) block[192 + s] = std::byte{1};
            }
        }
        std::vector<float> values(cols * 3);
        for (float& value : values) value = static_cast<float>(random.bits() % 255) - 127.0f;
        for (size_t i = 0; i < values.size(); i += kQ8Block) values[i] = 127.0f;  // scale 1
        const Activation x(table(), values, 3);
        const auto y = matmul(matrix.view(), 0, 5, x, 3, 5);
        const auto y0 = matvec(matrix.view(), 0, 5, x);
        for (size_t r = 0; r < 5; ++r) {
            EXPECT_EQ(y0[r], exact_dot(matrix.view(), r, x, 0).sum) << traits(dtype).name;
            for (size_t t = 0; t < 3; ++t) {
                EXPECT_EQ(y[t * 5 + r], exact_dot(matrix.view(), r, x, t).sum)
                    << traits(dtype).name;
            }
        }
    }
}

// The extremes of every operand: nothing may saturate.
TEST_P(KernelsMatmul, ExtremeQuantsDoNotSaturate) {
    for (const Dtype dtype : kComputable) {
        if (is_float(dtype)) continue;
        for (const int fill : {0x00, 0x7f, 0x80, 0xff}) {
            for (const float sign : {-1.0f, 1.0f}) {
                Random random;
                const size_t cols = 256;
                RandomMatrix matrix(dtype, 1, cols, random);
                auto* row = const_cast<std::byte*>(matrix.view().row(0));
                std::memset(row, fill, row_bytes(dtype, cols));
                for (size_t b = 0; b < cols / traits(dtype).block_elements; ++b) {
                    std::byte* block = row + b * traits(dtype).block_bytes;
                    put_half(dtype == Dtype::q6_k ? block + 208 : block, 0.5f);
                    if (dtype == Dtype::q4_k || dtype == Dtype::q5_k) put_half(block + 2, 0.5f);
                }
                const Activation x(table(), std::vector<float>(cols, sign * 127.0f), 1);
                const Exact exact = exact_dot(matrix.view(), 0, x, 0);
                const double bound = kRelativeBound * exact.magnitude;
                EXPECT_NEAR(matvec(matrix.view(), 0, 1, x)[0], exact.sum, bound);
                EXPECT_NEAR(matmul(matrix.view(), 0, 1, x, 1, 1)[0], exact.sum, bound);
            }
        }
    }
}

// Rows of files begin at any byte.
TEST_P(KernelsMatmul, AnyAlignmentGivesTheSameBits) {
    Random random;
    for (const Dtype dtype : kComputable) {
        const size_t cols = 512;
        const size_t rows = 3;
        const size_t bytes = rows * row_bytes(dtype, cols);
        RandomMatrix matrix(dtype, rows, cols, random);
        const Activation x(table(), random.normals(cols * 2), 2);
        const auto expected = matvec(matrix.view(), 0, rows, x);
        const auto expected_matmul = matmul(matrix.view(), 0, rows, x, 2, rows);
        for (size_t offset = 1; offset < 64; ++offset) {
            std::vector<std::byte> moved(bytes + offset);
            std::memcpy(moved.data() + offset, matrix.view().data, bytes);
            MatrixView view = matrix.view();
            view.data = moved.data() + offset;
            ASSERT_EQ(matvec(view, 0, rows, x), expected) << traits(dtype).name << offset;
            ASSERT_EQ(matmul(view, 0, rows, x, 2, rows), expected_matmul);
        }
    }
}

TEST_P(KernelsMatmul, RowRangesDoNotChangeTheResult) {
    Random random;
    for (const Dtype dtype : kComputable) {
        const size_t rows = 100;
        const size_t cols = 512;
        RandomMatrix matrix(dtype, rows, cols, random);
        const Activation x(table(), random.normals(cols * 5), 5);
        const auto whole = matvec(matrix.view(), 0, rows, x);
        const auto whole_matmul = matmul(matrix.view(), 0, rows, x, 5, rows);
        for (size_t begin = 0; begin < rows; begin += kMatmulRowTile) {
            const size_t end = std::min(begin + kMatmulRowTile, rows);
            const auto part = matvec(matrix.view(), begin, end, x);
            const auto part_matmul = matmul(matrix.view(), begin, end, x, 5, rows);
            for (size_t r = 0; r < rows; ++r) {
                const bool inside = r >= begin && r < end;
                ASSERT_EQ(part[r], inside ? whole[r] : kUntouched);
                for (size_t t = 0; t < 5; ++t) {
                    ASSERT_EQ(part_matmul[t * rows + r],
                              inside ? whole_matmul[t * rows + r] : kUntouched);
                }
            }
        }
    }
}

// A token's result must not depend on its neighbours: a prompt cut otherwise gives the same cache.
TEST_P(KernelsMatmul, ATokensResultDoesNotDependOnTheBatch) {
    Random random;
    for (const Dtype dtype : kComputable) {
        const size_t rows = 40;
        const size_t cols = 768;
        const size_t n_tokens = 37;
        RandomMatrix matrix(dtype, rows, cols, random);
        const auto values = random.normals(cols * n_tokens);
        const Activation all(table(), values, n_tokens);
        const auto together = matmul(matrix.view(), 0, rows, all, n_tokens, rows);
        EXPECT_EQ(matmul(matrix.view(), 0, rows, all, n_tokens, rows), together);
        for (size_t n = 1; n < n_tokens; ++n) {
            const auto some = matmul(matrix.view(), 0, rows, all, n, rows);
            for (size_t i = 0; i < some.size(); ++i) ASSERT_EQ(some[i], together[i]);
        }
        for (size_t t = 0; t < n_tokens; ++t) {
            const std::vector<float> one(values.begin() + static_cast<long>(t * cols),
                                         values.begin() + static_cast<long>((t + 1) * cols));
            const auto alone = matmul(matrix.view(), 0, rows, Activation(table(), one, 1), 1, rows);
            for (size_t r = 0; r < rows; ++r) ASSERT_EQ(alone[r], together[t * rows + r]);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Every, KernelsMatmul, testing::ValuesIn(supported_kernels()), table_name);

}  // namespace
}  // namespace hearth
