#include "engine/kernels/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>
#include <vector>

namespace hearth {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text));
}

std::vector<std::byte> random_bytes(size_t n) {
    std::mt19937 random(7);
    std::vector<std::byte> bytes(n);
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
    return bytes;
}

// RFC 3720 B.4, and the usual check value.
TEST(Crc32c, KnownValues) {
    EXPECT_EQ(crc32c(bytes_of("123456789")), 0xe3069283U);
    EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0})), 0x8a9136aaU);
    EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0xff})), 0x62a8ab43U);
    EXPECT_EQ(crc32c({}), 0U);
    EXPECT_EQ(crc32c_by_table(bytes_of("123456789")), 0xe3069283U);
}

TEST(Crc32c, TheInstructionAgreesWithTheTables) {
    const auto bytes = random_bytes(5000);
    for (size_t n = 0; n < bytes.size(); n += n < 800 ? 1 : 37) {
        for (const size_t begin : {0, 1, 5}) {
            const auto part = std::span(bytes).subspan(std::min(begin, bytes.size() - n), n);
            ASSERT_EQ(crc32c(part), crc32c_by_table(part)) << n << " bytes from " << begin;
        }
    }
}

TEST(Crc32c, GoesOnFromWhatPrecedes) {
    const auto bytes = random_bytes(3000);
    const std::span<const std::byte> all(bytes);
    for (const size_t cut : {0, 1, 511, 1536, 2999, 3000}) {
        EXPECT_EQ(crc32c(all.subspan(cut), crc32c(all.first(cut))), crc32c(all)) << cut;
    }
}

}  // namespace
}  // namespace hearth
