#include "engine/base/bytes.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace hearth {
namespace {

TEST(CheckedArithmetic, RefusesWhatDoesNotFit) {
    EXPECT_EQ(checked_mul<uint64_t>(uint64_t{1} << 32, uint64_t{1} << 32), std::nullopt);
    EXPECT_EQ(checked_mul<uint64_t>(5124095576030431008u, 18), std::nullopt);
    EXPECT_EQ(checked_mul<uint64_t>(1u << 20, 1u << 20), uint64_t{1} << 40);
    EXPECT_EQ(checked_add<uint64_t>(UINT64_MAX, 1), std::nullopt);
    EXPECT_EQ(checked_add<uint64_t>(UINT64_MAX - 1, 1), UINT64_MAX);
}

TEST(CheckedArithmetic, RoundUpDoesNotWrap) {
    EXPECT_EQ(checked_round_up<uint64_t>(UINT64_MAX - 3, 32), std::nullopt);
    EXPECT_EQ(checked_round_up<uint64_t>(0, 32), 0u);
    EXPECT_EQ(checked_round_up<uint64_t>(1, 32), 32u);
    EXPECT_EQ(checked_round_up<uint64_t>(32, 32), 32u);
}

}  // namespace
}  // namespace hearth
