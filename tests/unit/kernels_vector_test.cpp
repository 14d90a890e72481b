// Quantization of activations, norms, activation functions, softmax and attention.
#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/unit/kernels_fixture.h"

namespace hearth {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

class KernelsVector : public KernelsTest {};

// Lengths that meet every vector width and tail.
constexpr size_t kLengths[] = {0, 1, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 257, 1000};

TEST_P(KernelsVector, QuantizationByHand) {
    std::vector<float> x(64, 0.0f);
    x[0] = 254.0f;   // scale 2
    x[1] = -254.0f;  // never -128
    x[2] = 1.0f;     // 0.5: to even
    x[3] = 3.0f;     // 1.5: to even
    x[16] = -5.0f;   // -2.5: to even
    Q8Rows rows(1, 64);
    rows.set_cols(64);
    table().quantize_rows(x.data(), 64, 0, 1, rows);
    EXPECT_EQ(rows.scale(0)[0], 2.0f);
    EXPECT_EQ(rows.q(0)[0], 127);
    EXPECT_EQ(rows.q(0)[1], -127);
    EXPECT_EQ(rows.q(0)[2], 0);
    EXPECT_EQ(rows.q(0)[3], 2);
    EXPECT_EQ(rows.q(0)[16], -2);
    EXPECT_EQ(rows.sum(0)[0], 2);
    EXPECT_EQ(rows.sum(0)[1], -2);
    EXPECT_EQ(rows.scaled_sum(0)[0], 0.0f);
    EXPECT_EQ(rows.scale(0)[1], 0.0f);  // zero rows are fine
    EXPECT_EQ(rows.scaled_sum(0)[1], 0.0f);
}

TEST_P(KernelsVector, QuantizationEqualsScalarBitForBit) {
    Random random;
    const size_t cols = 352;
    const size_t n_rows = 9;
    std::vector<float> x(n_rows * cols);
    for (size_t i = 0; i < x.size(); ++i) {
        const int exponent = static_cast<int>(i / cols * 30) - 140;  // subnormal to huge
        x[i] = std::ldexp(random.normal(), exponent);
    }
    Q8Rows expected(n_rows + 1, cols);
    Q8Rows actual(n_rows + 1, cols);
    expected.set_cols(cols);
    actual.set_cols(cols);
    scalar::kTable.quantize_rows(x.data(), cols, 1, n_rows, expected);
    table().quantize_rows(x.data(), cols, 1, n_rows, actual);
    for (size_t r = 0; r <= n_rows; ++r) {
        for (size_t i = 0; i < cols; ++i) ASSERT_EQ(actual.q(r)[i], expected.q(r)[i]);
        for (size_t b = 0; b < cols / kQ8Block; ++b) {
            ASSERT_EQ(actual.scale(r)[b], expected.scale(r)[b]);
            ASSERT_EQ(actual.scaled_sum(r)[b], expected.scaled_sum(r)[b]);
        }
        for (size_t b = 0; b < cols / kQ8SumBlock; ++b) {
            ASSERT_EQ(actual.sum(r)[b], expected.sum(r)[b]);
        }
    }
}

TEST_P(KernelsVector, ABlockWithNaNOrInfinityBecomesNaN) {
    for (const float bad : {kNaN, kInfinity, -kInfinity}) {
        for (const size_t at : {0u, 13u, 31u}) {
            std::vector<float> x(64, 1.0f);
            x[at] = bad;
            Q8Rows rows(1, 64);
            rows.set_cols(64);
            table().quantize_rows(x.data(), 64, 0, 1, rows);
            EXPECT_TRUE(std::isnan(rows.scale(0)[0]));
            EXPECT_TRUE(std::isnan(rows.scaled_sum(0)[0]));
            for (size_t i = 0; i < 32; ++i) EXPECT_EQ(rows.q(0)[i], 0);
            EXPECT_EQ(rows.sum(0)[0], 0);
            EXPECT_EQ(rows.q(0)[32], 127);  // the next block is untouched by it
        }
    }
}

TEST_P(KernelsVector, RmsNorm) {
    Random random;
    for (const size_t n : kLengths) {
        if (n == 0) continue;
        auto x = random.normals(n);
        const auto weight = random.normals(n);
        double squares = 0.0;
        for (const float value : x) squares += double(value) * value;
        const double inverse = 1.0 / std::sqrt(squares / static_cast<double>(n) + 1e-5);
        std::vector<float> out(n);
        table().rms_norm(x.data(), weight.data(), 1e-5f, out.data(), n);
        for (size_t i = 0; i < n; ++i) {
            const double expected = x[i] * inverse * weight[i];
            EXPECT_NEAR(out[i], expected, 1e-6 * std::fabs(expected));
        }
        table().rms_norm(x.data(), weight.data(), 1e-5f, x.data(), n);  // in place
        EXPECT_EQ(x, out);
    }
}

using ActMul = void (*)(const float*, const float*, float*, size_t);

void expect_act_mul(ActMul act_mul, double (*act)(double), double up_act_min) {
    Random random;
    for (const size_t n : kLengths) {
        auto gate = random.normals(n);
        const auto up = random.normals(n);
        for (size_t i = 0; i < n; i += 3) gate[i] *= 30.0f;  // into the flat parts
        std::vector<float> out(n);
        act_mul(gate.data(), up.data(), out.data(), n);
        for (size_t i = 0; i < n; ++i) {
            const double expected = act(gate[i]) * std::max<double>(up[i], up_act_min);
            ASSERT_NEAR(out[i], expected, 1e-6 * std::fabs(gate[i] * up[i]) + 1e-30) << gate[i];
        }
        act_mul(gate.data(), up.data(), gate.data(), n);  // in place
        EXPECT_EQ(gate, out);
    }
}

TEST_P(KernelsVector, ActivationFunctions) {
    const double any = -std::numeric_limits<double>::infinity();
    expect_act_mul(
        table().silu_mul, [](double x) { return x / (1.0 + std::exp(-x)); }, any);
    expect_act_mul(
        table().gelu_mul,
        [](double x) {
            return 0.5 * x * (1.0 + std::tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)));
        },
        any);
    expect_act_mul(
        table().relu_mul, [](double x) { return std::max(x, 0.0); }, any);
    expect_act_mul(
        table().drelu_mul, [](double x) { return std::max(x, 0.0); }, 0.0);
}

TEST_P(KernelsVector, ActivationFunctionsAtTheEdges) {
    const std::vector<float> gate{-1000.0f, -100.0f, 1000.0f, -0.0f, 0.0f, kNaN};
    const std::vector<float> up(gate.size(), 1.0f);
    for (const ActMul act_mul : {table().silu_mul, table().gelu_mul, table().relu_mul}) {
        std::vector<float> out(gate.size());
        act_mul(gate.data(), up.data(), out.data(), out.size());
        EXPECT_NEAR(out[0], 0.0f, 1e-30f);
        EXPECT_NEAR(out[1], 0.0f, 1e-30f);
        EXPECT_EQ(out[2], 1000.0f);
        EXPECT_EQ(out[3], 0.0f);
        EXPECT_EQ(out[4], 0.0f);
        EXPECT_TRUE(std::isnan(out[5]));
    }
}

TEST_P(KernelsVector, AddAndAxpy) {
    Random random;
    for (const size_t n : kLengths) {
        const auto x = random.normals(n);
        const auto y = random.normals(n);
        auto sum = y;
        table().add(x.data(), sum.data(), n);
        for (size_t i = 0; i < n; ++i) EXPECT_EQ(sum[i], x[i] + y[i]);
        auto scaled = y;
        table().axpy(-0.75f, x.data(), scaled.data(), n);
        for (size_t i = 0; i < n; ++i) EXPECT_NEAR(scaled[i], y[i] - 0.75f * x[i], 1e-6f);
    }
}

// x - max is rounded to float before the exponential, hence a relative error that grows with it.
TEST_P(KernelsVector, Softmax) {
    Random random;
    for (const size_t n : kLengths) {
        auto x = random.normals(n);
        for (float& value : x) value *= 20.0f;
        if (n > 3) x[2] = -kInfinity;  // a masked position
        std::vector<double> expected(n), bound(n);
        double sum = 0.0;
        const double max = n == 0 ? 0.0 : *std::max_element(x.begin(), x.end());
        for (size_t i = 0; i < n; ++i) sum += expected[i] = std::exp(x[i] - max);
        for (size_t i = 0; i < n; ++i) {
            expected[i] /= sum;
            bound[i] = expected[i] > 0.0 ? expected[i] * (1e-6 + 6e-8 * (max - x[i])) + 1e-37 : 0.0;
        }
        table().softmax(x.data(), n);
        for (size_t i = 0; i < n; ++i) ASSERT_NEAR(x[i], expected[i], bound[i]);
    }
}

TEST_P(KernelsVector, FoldReadsEveryWholeLineOnce) {
    std::vector<uint64_t> words(8 * 13 + 5);
    uint64_t expected = 0;
    for (size_t i = 0; i < words.size(); ++i) {
        words[i] = i * 0x9E3779B97F4A7C15u;
        if (i < 8 * 13) expected ^= words[i];
    }
    const auto* const data = reinterpret_cast<const std::byte*>(words.data());
    EXPECT_EQ(table().fold(data, words.size() * sizeof(uint64_t)), expected);
    EXPECT_EQ(table().fold(data, 63), 0u);
}

TEST_P(KernelsVector, ToF16EqualsScalar) {
    Random random;
    std::vector<float> x{0.0f,       -0.0f,    65504.0f, 65519.0f,   65520.0f, 1e30f,
                         -kInfinity, 0x1p-24f, 0x1p-25f, 0x1.8p-24f, 6e-8f};
    for (int i = 0; i < 1000; ++i) x.push_back(std::ldexp(random.normal(), i % 44 - 28));
    std::vector<uint16_t> expected(x.size()), actual(x.size());
    scalar::kTable.to_f16(x.data(), expected.data(), x.size());
    table().to_f16(x.data(), actual.data(), x.size());
    EXPECT_EQ(actual, expected);
}

struct AttentionCase {
    size_t n_q, n_pos, head_dim;
};

class Attention {
  public:
    Attention(const AttentionCase& c, Random& random)
        : q(random.normals(c.n_q * (c.head_dim + 5))), cache(c.n_pos * (c.head_dim + 3)) {
        for (uint16_t& half : cache) half = f32_to_f16(random.normal());
    }
    std::vector<float> q;         // (n_q, head_dim), row stride head_dim + 5
    std::vector<uint16_t> cache;  // (n_pos, head_dim), row stride head_dim + 3
};

constexpr AttentionCase kAttention[] = {{1, 1, 64},  {1, 7, 128}, {4, 33, 64}, {3, 18, 80},
                                        {7, 5, 100}, {16, 9, 32}, {5, 4, 16},  {2, 3, 7},
                                        {8, 21, 96}, {4, 0, 64},  {6, 11, 256}};

TEST_P(KernelsVector, ScoresOfAttention) {
    Random random;
    for (const AttentionCase& c : kAttention) {
        const Attention a(c, random);
        const size_t ld_out = c.n_pos + 2;
        std::vector<float> out(c.n_q * ld_out, 7.0f);
        table().scores_f16(a.q.data(), c.head_dim + 5, c.n_q, a.cache.data(), c.head_dim + 3,
                           c.n_pos, c.head_dim, 0.125f, out.data(), ld_out);
        for (size_t i = 0; i < c.n_q; ++i) {
            for (size_t p = 0; p < c.n_pos; ++p) {
                double dot = 0.0, magnitude = 0.0;
                for (size_t d = 0; d < c.head_dim; ++d) {
                    const double product = double(a.q[i * (c.head_dim + 5) + d]) *
                                           f16_to_f32(a.cache[p * (c.head_dim + 3) + d]);
                    dot += product;
                    magnitude += std::fabs(product);
                }
                ASSERT_NEAR(out[i * ld_out + p], 0.125 * dot, 1e-6 * magnitude);
            }
            for (size_t p = c.n_pos; p < ld_out; ++p) ASSERT_EQ(out[i * ld_out + p], 7.0f);
        }
    }
}

TEST_P(KernelsVector, MixOfAttention) {
    Random random;
    for (const AttentionCase& c : kAttention) {
        const Attention a(c, random);
        const size_t ld_weight = c.n_pos + 1;
        const auto weight = random.normals(c.n_q * ld_weight);
        const auto before = random.normals(c.n_q * (c.head_dim + 5));
        auto out = before;
        table().mix_f16(weight.data(), ld_weight, c.n_q, a.cache.data(), c.head_dim + 3, c.n_pos,
                        c.head_dim, out.data(), c.head_dim + 5);
        for (size_t i = 0; i < c.n_q; ++i) {
            for (size_t d = 0; d < c.head_dim + 5; ++d) {
                const size_t at = i * (c.head_dim + 5) + d;
                double sum = before[at], magnitude = std::fabs(before[at]);
                for (size_t p = 0; p < c.n_pos && d < c.head_dim; ++p) {
                    const double product = double(weight[i * ld_weight + p]) *
                                           f16_to_f32(a.cache[p * (c.head_dim + 3) + d]);
                    sum += product;
                    magnitude += std::fabs(product);
                }
                ASSERT_NEAR(out[at], sum, 1e-6 * magnitude);
            }
        }
    }
}

// The cache may be cut anywhere: mixing two parts one after the other is mixing the whole.
TEST_P(KernelsVector, MixingInPartsGivesTheSameBits) {
    Random random;
    const AttentionCase c{4, 50, 128};
    const Attention a(c, random);
    const auto weight = random.normals(c.n_q * c.n_pos);
    const auto mix = [&](size_t begin, size_t end, std::vector<float>& out) {
        table().mix_f16(weight.data() + begin, c.n_pos, c.n_q,
                        a.cache.data() + begin * (c.head_dim + 3), c.head_dim + 3, end - begin,
                        c.head_dim, out.data(), c.head_dim);
    };
    std::vector<float> whole(c.n_q * c.head_dim), parts(c.n_q * c.head_dim);
    mix(0, 50, whole);
    mix(0, 13, parts);
    mix(13, 50, parts);
    EXPECT_EQ(parts, whole);
}

INSTANTIATE_TEST_SUITE_P(Every, KernelsVector, testing::ValuesIn(supported_kernels()), table_name);

}  // namespace
}  // namespace hearth
