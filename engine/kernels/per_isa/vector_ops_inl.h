// Norms, activation functions, softmax: written once over Vec. And plain reading.
//
// Included by <isa>/vector_ops.cpp inside its namespace and target region, after <isa>/vec.h: no
// include guard and no includes here. Sums are formed in an order that depends on n only.

// exp(x) with a relative error below 2e-7; 0 below -104, infinity above 88.8, NaN for NaN.
static inline Vec exp(Vec x) {
    // The constants come first in min and max: a NaN passes.
    x = max(Vec::all(-105.0f), min(Vec::all(89.0f), x));
    const Vec n = nearest(x * Vec::all(1.44269504f));
    // ln 2 in two parts, the first with few enough bits that its product with n is exact.
    Vec r = fma(n, Vec::all(-0.693359375f), x);
    r = fma(n, Vec::all(2.12194440e-4f), r);
    // exp(r) = 1 + r + r^2 p(r) on [-ln 2 / 2, ln 2 / 2] (Cephes' coefficients).
    Vec p = Vec::all(1.9875691500e-4f);
    p = fma(p, r, Vec::all(1.3981999507e-3f));
    p = fma(p, r, Vec::all(8.3334519073e-3f));
    p = fma(p, r, Vec::all(4.1665795894e-2f));
    p = fma(p, r, Vec::all(1.6666665459e-1f));
    p = fma(p, r, Vec::all(5.0000001201e-1f));
    return scale_by_power(fma(p * r, r, r) + Vec::all(1.0f), n);
}

// x / (1 + exp(-x))
static inline Vec silu(Vec x) {
    return x / (Vec::all(1.0f) + exp(Vec::zero() - x));
}

// 0.5 x (1 + tanh(u)) = x / (1 + exp(-2 u)), u = sqrt(2 / pi) (x + 0.044715 x^3)
static inline Vec gelu(Vec x) {
    const Vec cubic = fma(x * x, Vec::all(0.044715f), Vec::all(1.0f));
    return x / (Vec::all(1.0f) + exp(x * cubic * Vec::all(-1.5957691216f)));
}

// A NaN stays a NaN: it is the second operand.
static inline Vec relu(Vec x) {
    return max(Vec::zero(), x);
}

void rms_norm(const float* x, const float* weight, float eps, float* out, size_t n) {
    constexpr size_t kStep = 4 * Vec::kWidth;
    Vec squares[4] = {Vec::zero(), Vec::zero(), Vec::zero(), Vec::zero()};
    for (size_t i = 0; i < n; i += kStep) {
        for (size_t j = 0; j < 4 && i + j * Vec::kWidth < n; ++j) {
            const size_t at = i + j * Vec::kWidth;
            const Vec values = Vec::load_first(x + at, n - at);
            squares[j] = fma(values, values, squares[j]);
        }
    }
    const float sum = ((squares[0] + squares[1]) + (squares[2] + squares[3])).sum();
    const Vec inverse = Vec::all(1.0f / __builtin_sqrtf(sum / static_cast<float>(n) + eps));
    for (size_t i = 0; i < n; i += Vec::kWidth) {
        const Vec values = Vec::load_first(x + i, n - i) * inverse;
        (values * Vec::load_first(weight + i, n - i)).store_first(out + i, n - i);
    }
}

void silu_mul(const float* gate, const float* up, float* out, size_t n) {
    for (size_t i = 0; i < n; i += Vec::kWidth) {
        const Vec activated = silu(Vec::load_first(gate + i, n - i));
        (activated * Vec::load_first(up + i, n - i)).store_first(out + i, n - i);
    }
}

void gelu_mul(const float* gate, const float* up, float* out, size_t n) {
    for (size_t i = 0; i < n; i += Vec::kWidth) {
        const Vec activated = gelu(Vec::load_first(gate + i, n - i));
        (activated * Vec::load_first(up + i, n - i)).store_first(out + i, n - i);
    }
}

void relu_mul(const float* gate, const float* up, float* out, size_t n) {
    for (size_t i = 0; i < n; i += Vec::kWidth) {
        const Vec activated = relu(Vec::load_first(gate + i, n - i));
        (activated * Vec::load_first(up + i, n - i)).store_first(out + i, n - i);
    }
}

void drelu_mul(const float* gate, const float* up, float* out, size_t n) {
    for (size_t i = 0; i < n; i += Vec::kWidth) {
        const Vec activated = relu(Vec::load_first(gate + i, n - i));
        (activated * relu(Vec::load_first(up + i, n - i))).store_first(out + i, n - i);
    }
}

void add(const float* x, float* accumulate, size_t n) {
    for (size_t i = 0; i < n; i += Vec::kWidth) {
        const Vec sum = Vec::load_first(accumulate + i, n - i) + Vec::load_first(x + i, n - i);
        sum.store_first(accumulate + i, n - i);
    }
}

void axpy(float a, const float* x, float* y, size_t n) {
    for (size_t i = 0; i < n; i += Vec::kWidth) {
        const Vec scaled = Vec::load_first(x + i, n - i);
        fma(Vec::all(a), scaled, Vec::load_first(y + i, n - i)).store_first(y + i, n - i);
    }
}

void softmax(float* x, size_t n) {
    if (n == 0) return;
    float max_value = x[0];
    size_t i = 0;
    if (n >= Vec::kWidth) {
        Vec greatest = Vec::load(x);
        for (i = Vec::kWidth; i + Vec::kWidth <= n; i += Vec::kWidth) {
            greatest = max(greatest, Vec::load(x + i));
        }
        max_value = greatest.max();
    }
    for (; i < n; ++i) max_value = x[i] > max_value ? x[i] : max_value;

    // Two levels of sums: 32 K probabilities added in one float lane would lose bits.
    const Vec shift = Vec::all(max_value);
    float sum = 0.0f;
    i = 0;
    while (i + Vec::kWidth <= n) {
        Vec part = Vec::zero();
        for (size_t j = 0; j < 64 && i + Vec::kWidth <= n; ++j, i += Vec::kWidth) {
            const Vec e = exp(Vec::load(x + i) - shift);
            e.store(x + i);
            part = part + e;
        }
        sum += part.sum();
    }
    if (i < n) {
        exp(Vec::load_first(x + i, n - i) - shift).store_first(x + i, n - i);
        sum += Vec::load_first(x + i, n - i).sum();
    }
    const Vec inverse = Vec::all(1.0f / sum);
    for (i = 0; i < n; i += Vec::kWidth) {
        (Vec::load_first(x + i, n - i) * inverse).store_first(x + i, n - i);
    }
}

void to_f16(const float* x, uint16_t* out, size_t n) {
    for (size_t i = 0; i < n; i += Vec::kWidth) {
        Vec::load_first(x + i, n - i).store_first_f16(out + i, n - i);
    }
}

uint64_t fold(const std::byte* data, size_t bytes) {
    using Line = uint64_t __attribute__((vector_size(64)));
    constexpr size_t kLines = 4;  // in flight; more streams of one thread read slower
    Line sums[kLines] = {};
    for (size_t i = 0; i + sizeof(Line) <= bytes; i += sizeof sums) {
        for (size_t j = 0; j < kLines && i + (j + 1) * sizeof(Line) <= bytes; ++j) {
            Line line;
            __builtin_memcpy(&line, data + i + j * sizeof line, sizeof line);
            sums[j] ^= line;
        }
    }
    const Line all = (sums[0] ^ sums[1]) ^ (sums[2] ^ sums[3]);
    uint64_t folded = 0;
    for (size_t j = 0; j < sizeof(Line) / sizeof(uint64_t); ++j) folded ^= all[j];
    return folded;
}
