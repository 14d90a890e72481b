// The bit layout of every block type, by hand: one marked element at a time.
#include <cmath>

#include "engine/kernels/blocks.h"
#include "tests/unit/kernels_fixture.h"

namespace hearth {
namespace {

class KernelsBlocks : public KernelsTest {
  protected:
    // The values of one block of raw bytes.
    std::vector<float> dequantize(Dtype dtype, const std::vector<uint8_t>& block) {
        EXPECT_EQ(block.size(), traits(dtype).block_bytes);
        std::vector<float> out(traits(dtype).block_elements);
        table().dequantize_row(dtype, reinterpret_cast<const std::byte*>(block.data()), out.data(),
                               out.size());
        return out;
    }
};

constexpr uint8_t kHalfTwo[2] = {0x00, 0x40};   // 2.0
constexpr uint8_t kHalfHalf[2] = {0x00, 0x38};  // 0.5

void put(std::vector<uint8_t>& block, size_t at, const uint8_t (&half)[2]) {
    block[at] = half[0];
    block[at + 1] = half[1];
}

TEST_P(KernelsBlocks, FloatsOfEveryWidth) {
    EXPECT_EQ(dequantize(Dtype::f32, {0x00, 0x00, 0x40, 0xc0})[0], -3.0f);
    EXPECT_EQ(dequantize(Dtype::f16, {0x00, 0xc2})[0], -3.0f);
    EXPECT_EQ(dequantize(Dtype::f16, {0x01, 0x00})[0], 0x1p-24f);  // the least subnormal
    EXPECT_EQ(dequantize(Dtype::f16, {0xff, 0x7b})[0], 65504.0f);
    EXPECT_TRUE(std::isinf(dequantize(Dtype::f16, {0x00, 0x7c})[0]));
    EXPECT_TRUE(std::isnan(dequantize(Dtype::f16, {0x01, 0x7c})[0]));
    EXPECT_EQ(dequantize(Dtype::bf16, {0x40, 0xc0})[0], -3.0f);
}

TEST_P(KernelsBlocks, Q4_0LowNibblesFirst) {
    std::vector<uint8_t> block(18, 0x88);  // q = 8 everywhere: zero
    put(block, 0, kHalfTwo);
    block[2 + 3] = 0xf1;  // element 3: 1 - 8, element 19: 15 - 8
    const auto values = dequantize(Dtype::q4_0, block);
    for (size_t i = 0; i < 32; ++i) {
        EXPECT_EQ(values[i], i == 3 ? -14.0f : i == 19 ? 14.0f : 0.0f) << i;
    }
}

TEST_P(KernelsBlocks, Q5_0FifthBitsInElementOrder) {
    std::vector<uint8_t> block(22, 0);
    put(block, 0, kHalfTwo);
    block[2] = 0x02;       // qh bit 1: element 1
    block[2 + 3] = 0x80;   // qh bit 31: element 31
    block[6 + 15] = 0x70;  // element 31: high nibble 7
    const auto values = dequantize(Dtype::q5_0, block);
    for (size_t i = 0; i < 32; ++i) {
        const float q = i == 1 ? 16.0f : i == 31 ? 23.0f : 0.0f;
        EXPECT_EQ(values[i], 2.0f * (q - 16.0f)) << i;
    }
}

TEST_P(KernelsBlocks, Q8_0SignedBytes) {
    std::vector<uint8_t> block(34, 0);
    put(block, 0, kHalfHalf);
    block[2] = 0x80;
    block[2 + 31] = 0x7f;
    const auto values = dequantize(Dtype::q8_0, block);
    EXPECT_EQ(values[0], -64.0f);
    EXPECT_EQ(values[1], 0.0f);
    EXPECT_EQ(values[31], 63.5f);
}

// Scales 1, 2, 3, 60 in sub-blocks 0..3 and 33, 18, 7, 63 in 4..7; mins 5, 6, 7, 8, 40, 21, 12, 63.
void put_scales(std::vector<uint8_t>& block, size_t at) {
    const int scale[8] = {1, 2, 3, 60, 33, 18, 7, 63};
    const int min[8] = {5, 6, 7, 8, 40, 21, 12, 63};
    for (size_t j = 0; j < 4; ++j) {
        block[at + j] = static_cast<uint8_t>(scale[j] | (scale[j + 4] >> 4) << 6);
        block[at + j + 4] = static_cast<uint8_t>(min[j] | (min[j + 4] >> 4) << 6);
        block[at + j + 8] = static_cast<uint8_t>((scale[j + 4] & 15) | (min[j + 4] & 15) << 4);
    }
}
constexpr float kScale[8] = {1, 2, 3, 60, 33, 18, 7, 63};
constexpr float kMin[8] = {5, 6, 7, 8, 40, 21, 12, 63};

TEST_P(KernelsBlocks, Q4_KSixBitScalesAndNibbleRuns) {
    std::vector<uint8_t> block(144, 0);
    put(block, 0, kHalfTwo);
    put(block, 2, kHalfHalf);
    put_scales(block, 4);
    for (size_t run = 0; run < 4; ++run) {  // element 9 of every sub-block: 3 low, 12 high
        block[16 + run * 32 + 9] = 0xc3;
    }
    const auto values = dequantize(Dtype::q4_k, block);
    for (size_t i = 0; i < 256; ++i) {
        const size_t s = i / 32;
        const float q = i % 32 != 9 ? 0.0f : s % 2 == 0 ? 3.0f : 12.0f;
        EXPECT_EQ(values[i], 2.0f * kScale[s] * q - 0.5f * kMin[s]) << i;
    }
}

TEST_P(KernelsBlocks, Q5_KFifthBitPerSubBlock) {
    std::vector<uint8_t> block(176, 0);
    put(block, 0, kHalfTwo);
    put(block, 2, kHalfHalf);
    put_scales(block, 4);
    block[16 + 4] = 0xa5;  // element 4 of sub-blocks 0, 2, 5, 7 has the fifth bit
    for (size_t run = 0; run < 4; ++run) block[48 + run * 32 + 4] = 0xc3;
    const auto values = dequantize(Dtype::q5_k, block);
    for (size_t i = 0; i < 256; ++i) {
        const size_t s = i / 32;
        const float low = s % 2 == 0 ? 3.0f : 12.0f;
        const float high = s == 0 || s == 2 || s == 5 || s == 7 ? 16.0f : 0.0f;
        const float q = i % 32 == 4 ? low + high : 0.0f;
        EXPECT_EQ(values[i], 2.0f * kScale[s] * q - 0.5f * kMin[s]) << i;
    }
}

TEST_P(KernelsBlocks, Q6_KQuartersAndSixteenScales) {
    std::vector<uint8_t> block(210, 0);
    for (size_t s = 0; s < 16; ++s) block[192 + s] = static_cast<uint8_t>(int(s) * 9 - 70);
    put(block, 208, kHalfTwo);
    for (size_t half = 0; half < 2; ++half) {  // element 20 of each quarter: 1, 2, 3, 4 low
        block[half * 64 + 20] = 0x31;
        block[half * 64 + 52] = 0x42;
        block[128 + half * 32 + 20] = 0b00011011;  // high bits: 3, 2, 1, 0
    }
    const auto values = dequantize(Dtype::q6_k, block);
    for (size_t i = 0; i < 256; ++i) {
        const size_t quarter = i % 128 / 32;
        const float q = i % 32 != 20 ? 0.0f : static_cast<float>(quarter + 1 + 16 * (3 - quarter));
        const float scale = static_cast<float>(int(i / 16) * 9 - 70);
        EXPECT_EQ(values[i], 2.0f * scale * (q - 32.0f)) << i;
    }
}

TEST_P(KernelsBlocks, DequantizeEqualsScalarOnRandomBits) {
    Random random;
    for (const Dtype dtype : kComputable) {
        for (const size_t cols : {256u, 512u, 1280u}) {
            RandomMatrix matrix(dtype, 3, cols, random);
            std::vector<float> expected(cols), actual(cols);
            for (size_t r = 0; r < 3; ++r) {
                scalar::dequantize_row(dtype, matrix.view().row(r), expected.data(), cols);
                table().dequantize_row(dtype, matrix.view().row(r), actual.data(), cols);
                EXPECT_EQ(actual, expected) << traits(dtype).name;
            }
        }
    }
}

TEST(Half, EveryHalfSurvivesTheRoundTrip) {
    for (uint32_t bits = 0; bits <= 0xffff; ++bits) {
        const float value = f16_to_f32(static_cast<uint16_t>(bits));
        if (std::isnan(value)) {
            EXPECT_EQ(f32_to_f16(value), bits | 0x200u);
        } else {
            ASSERT_EQ(f32_to_f16(value), bits);
        }
    }
}

TEST(Half, RoundsToNearestEven) {
    EXPECT_EQ(f32_to_f16(1.0f + 0x1p-11f), 0x3c00);             // tie: down to even
    EXPECT_EQ(f32_to_f16(1.0f + 3 * 0x1p-11f), 0x3c02);         // tie: up to even
    EXPECT_EQ(f32_to_f16(1.0f + 0x1p-11f + 0x1p-20f), 0x3c01);  // above the tie
    EXPECT_EQ(f32_to_f16(65519.0f), 0x7bff);
    EXPECT_EQ(f32_to_f16(65520.0f), 0x7c00);
    EXPECT_EQ(f32_to_f16(-0x1p-25f), 0x8000);   // tie: down to zero
    EXPECT_EQ(f32_to_f16(0x1.8p-24f), 0x0002);  // tie: up to even
    EXPECT_EQ(f32_to_f16(0x1.ff8p-15f), 0x03ff);
    EXPECT_EQ(f32_to_f16(0x1.ffcp-15f), 0x0400);  // tie: up into the normals
}

TEST(ChooseKernels, TheForcedTableIsTheActiveOne) {
    ASSERT_FALSE(supported_kernels().empty());
    EXPECT_EQ(supported_kernels().back()->name, "scalar");
    for (const KernelTable* table : supported_kernels()) {
        const auto chosen = choose_kernels(table->name);
        ASSERT_TRUE(chosen);
        EXPECT_EQ(*chosen, table);
    }
    EXPECT_EQ(choose_kernels("").value(), supported_kernels().front());
}

TEST(ChooseKernels, AnUnknownNameListsWhatThereIs) {
    const auto chosen = choose_kernels("mmx\x1b[31m");
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().code, ErrorCode::usage);
    EXPECT_NE(chosen.error().message.find("scalar"), std::string::npos);
    EXPECT_EQ(chosen.error().message.find('\x1b'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Every, KernelsBlocks, testing::ValuesIn(supported_kernels()), table_name);

}  // namespace
}  // namespace hearth
