// What the kernel tests share: one run per supported table, printed seeds, random matrices of any
// type, and memory that ends at a page nobody may touch.
#pragma once

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <ostream>
#include <random>
#include <string>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/check.h"
#include "engine/kernels/half.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/scalar.h"

namespace hearth {

inline void PrintTo(const KernelTable* table, std::ostream* out) {
    *out << table->name;
}

// A test that runs once for every table this processor supports.
class KernelsTest : public testing::TestWithParam<const KernelTable*> {
  protected:
    const KernelTable& table() const { return *GetParam(); }
};

inline std::string table_name(const testing::TestParamInfo<const KernelTable*>& info) {
    return std::string(info.param->name);
}

// Every type that the kernels multiply with.
inline constexpr std::array kComputable{Dtype::f32,  Dtype::f16,  Dtype::bf16,
                                        Dtype::q4_0, Dtype::q5_0, Dtype::q8_0,
                                        Dtype::q4_k, Dtype::q5_k, Dtype::q6_k};

inline bool is_float(Dtype dtype) {
    return dtype == Dtype::f32 || dtype == Dtype::f16 || dtype == Dtype::bf16;
}

// A generator whose seed is in every failure message while it lives. HEARTH_TEST_SEED overrides it.
class Random {
  public:
    Random() : Random(seed_from_environment()) {}
    explicit Random(uint32_t seed)
        : engine_(seed), trace_(__FILE__, __LINE__, "HEARTH_TEST_SEED=" + std::to_string(seed)) {}
    float normal() { return normal_(engine_); }
    uint32_t bits() { return static_cast<uint32_t>(engine_()); }
    std::vector<float> normals(size_t n) {
        std::vector<float> values(n);
        for (float& value : values) value = normal();
        return values;
    }

  private:
    static uint32_t seed_from_environment() {
        const char* text = std::getenv("HEARTH_TEST_SEED");
        return text == nullptr ? 20261120u : static_cast<uint32_t>(std::strtoul(text, nullptr, 10));
    }

    std::mt19937 engine_;
    std::normal_distribution<float> normal_;
    testing::ScopedTrace trace_;
};

// `size` bytes that end exactly before a page that cannot be read or written.
class GuardedBytes {
  public:
    explicit GuardedBytes(size_t size) : size_(size) {
        const size_t page = 4096;
        pages_ = round_up(size, page) + page;
        base_ = static_cast<std::byte*>(
            ::mmap(nullptr, pages_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        HEARTH_CHECK(base_ != MAP_FAILED);
        HEARTH_CHECK(::mprotect(base_ + pages_ - page, page, PROT_NONE) == 0);
    }
    ~GuardedBytes() { ::munmap(base_, pages_); }
    GuardedBytes(const GuardedBytes&) = delete;
    GuardedBytes& operator=(const GuardedBytes&) = delete;

    std::byte* data() { return base_ + pages_ - 4096 - size_; }

  private:
    size_t size_;
    size_t pages_ = 0;
    std::byte* base_ = nullptr;
};

inline void put_half(std::byte* at, float value) {
    const uint16_t bits = f32_to_f16(value);
    std::memcpy(at, &bits, sizeof bits);
}

// Random blocks: every bit of the quants and sub-scales random, the halves of moderate size.
inline void fill_random_row(Dtype dtype, std::byte* row, size_t cols, Random& random) {
    const DtypeTraits& t = traits(dtype);
    for (size_t i = 0; i < row_bytes(dtype, cols); ++i) {
        row[i] = static_cast<std::byte>(random.bits() >> 24);
    }
    for (size_t b = 0; b < cols / t.block_elements; ++b) {
        std::byte* block = row + b * t.block_bytes;
        const float d = random.normal() * 0.01f;
        switch (dtype) {
            case Dtype::f32:
                std::memcpy(block, &d, 4);
                break;
            case Dtype::f16:
                put_half(block, d);
                break;
            case Dtype::bf16: {
                const uint32_t bits = std::bit_cast<uint32_t>(d) >> 16;
                std::memcpy(block, &bits, 2);
                break;
            }
            case Dtype::q4_k:
            case Dtype::q5_k:
                put_half(block + 2, random.normal() * 0.01f);
                [[fallthrough]];
            case Dtype::q4_0:
            case Dtype::q5_0:
            case Dtype::q8_0:
                put_half(block, d);
                break;
            case Dtype::q6_k:
                put_half(block + 208, d);
                break;
            default:
                HEARTH_CHECK(false);
        }
    }
}

// A random matrix whose last byte is the last before a guard page.
class RandomMatrix {
  public:
    RandomMatrix(Dtype dtype, size_t rows, size_t cols, Random& random, size_t padding = 0)
        : bytes_(rows * (row_bytes(dtype, cols) + padding) - padding),
          view_{dtype, bytes_.data(), rows, cols, row_bytes(dtype, cols) + padding} {
        for (size_t r = 0; r < rows; ++r) {
            fill_random_row(dtype, bytes_.data() + r * view_.stride_bytes, cols, random);
        }
    }
    const MatrixView& view() const { return view_; }

  private:
    GuardedBytes bytes_;
    MatrixView view_;
};

// Activations in both forms.
struct Activation {
    Activation(const KernelTable& table, std::vector<float> values, size_t n_tokens)
        : f32(std::move(values)), q8(n_tokens, f32.size() / n_tokens) {
        const size_t cols = f32.size() / n_tokens;
        q8.set_cols(cols);
        if (cols % kQ8Block == 0) table.quantize_rows(f32.data(), cols, 0, n_tokens, q8);
    }
    ActivationView view(size_t n_tokens) const {
        return {f32.data(), &q8, n_tokens, f32.size() / q8.max_rows()};
    }
    // What a kernel of this weight type multiplies with.
    double value(Dtype dtype, size_t token, size_t i) const {
        if (is_float(dtype)) return f32[token * (f32.size() / q8.max_rows()) + i];
        return static_cast<double>(q8.scale(token)[i / kQ8Block]) * q8.q(token)[i];
    }

    std::vector<float> f32;
    Q8Rows q8;
};

}  // namespace hearth
