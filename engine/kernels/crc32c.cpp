#include "engine/kernels/crc32c.h"

#include <array>

#include "engine/base/bytes.h"
#include "engine/kernels/cpu.h"

#if defined(__x86_64__)
#include "engine/kernels/intrinsics.h"
#endif

namespace hearth {

namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;  // reflected

// --- tables --------------------------------------------------------------------------------------

using Table = std::array<uint32_t, 256>;

// kTables[k][b] is what byte b becomes when k zero bytes follow it.
constexpr std::array<Table, 8> make_tables() {
    std::array<Table, 8> tables{};
    for (uint32_t b = 0; b < 256; ++b) {
        uint32_t crc = b;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
        tables[0][b] = crc;
    }
    for (size_t k = 1; k < 8; ++k) {
        for (size_t b = 0; b < 256; ++b) {
            const uint32_t crc = tables[k - 1][b];
            tables[k][b] = (crc >> 8) ^ tables[0][crc & 0xff];
        }
    }
    return tables;
}
constexpr std::array<Table, 8> kTables = make_tables();

constexpr uint32_t table_byte(uint32_t crc, uint8_t byte) {
    return (crc >> 8) ^ kTables[0][(crc ^ byte) & 0xff];
}

constexpr uint32_t table_word(uint32_t crc, uint64_t word) {
    const uint64_t x = word ^ crc;
    uint32_t next = 0;
    for (size_t i = 0; i < 8; ++i) next ^= kTables[7 - i][(x >> (8 * i)) & 0xff];
    return next;
}

uint32_t run_tables(const std::byte* data, size_t n, uint32_t crc) {
    for (; n >= 8; data += 8, n -= 8) crc = table_word(crc, load_unaligned<uint64_t>(data));
    for (; n > 0; ++data, --n) crc = table_byte(crc, static_cast<uint8_t>(*data));
    return crc;
}

// --- the processor's instruction -----------------------------------------------------------------

// The instruction takes three cycles and one can begin in each, so three streams of kBytes go side
// by side. Their checksums are joined by moving the earlier ones over kBytes of zeroes, which is
// linear: four look-ups.
template <size_t kBytes>
struct Shift {
    static constexpr std::array<Table, 4> make() {
        std::array<Table, 4> tables{};
        for (size_t bit = 0; bit < 32; ++bit) {
            uint32_t crc = uint32_t{1} << bit;
            for (size_t i = 0; i < kBytes; i += 8) crc = table_word(crc, 0);
            for (size_t b = 0; b < 256; ++b) {
                if ((b >> (bit % 8) & 1) != 0) tables[bit / 8][b] ^= crc;
            }
        }
        return tables;
    }
    static constexpr std::array<Table, 4> kOf = make();

    static uint32_t over(uint32_t crc) {
        return kOf[0][crc & 0xff] ^ kOf[1][(crc >> 8) & 0xff] ^ kOf[2][(crc >> 16) & 0xff] ^
               kOf[3][crc >> 24];
    }
};

#if defined(__x86_64__)
#define HEARTH_CRC_TARGET [[gnu::target("sse4.2")]]
HEARTH_CRC_TARGET inline uint32_t step(uint32_t crc, uint64_t word) {
    return static_cast<uint32_t>(_mm_crc32_u64(crc, word));
}
HEARTH_CRC_TARGET inline uint32_t step(uint32_t crc, uint8_t byte) {
    return _mm_crc32_u8(crc, byte);
}
#elif defined(__aarch64__)
#define HEARTH_CRC_TARGET
inline uint32_t step(uint32_t crc, uint64_t word) {
    __asm__(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(crc) : "r"(word));
    return crc;
}
inline uint32_t step(uint32_t crc, uint8_t byte) {
    __asm__(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1" : "+r"(crc) : "r"(byte));
    return crc;
}
#endif

#if defined(HEARTH_CRC_TARGET)

// All whole triples of kBytes; moves `data` and `n` behind them.
template <size_t kBytes>
HEARTH_CRC_TARGET uint32_t run_triples(const std::byte*& data, size_t& n, uint32_t crc) {
    for (; n >= 3 * kBytes; data += 3 * kBytes, n -= 3 * kBytes) {
        uint32_t second = 0;
        uint32_t third = 0;
        for (size_t i = 0; i < kBytes; i += 8) {
            crc = step(crc, load_unaligned<uint64_t>(data + i));
            second = step(second, load_unaligned<uint64_t>(data + kBytes + i));
            third = step(third, load_unaligned<uint64_t>(data + 2 * kBytes + i));
        }
        crc = Shift<kBytes>::over(Shift<kBytes>::over(crc) ^ second) ^ third;
    }
    return crc;
}

// The prefix of a 7B record in Q4_0 is 4608 bytes: three long triples; its gate row of 2304 bytes
// is one long and two short ones.
HEARTH_CRC_TARGET uint32_t run_instruction(const std::byte* data, size_t n, uint32_t crc) {
    crc = run_triples<512>(data, n, crc);
    crc = run_triples<128>(data, n, crc);
    for (; n >= 8; data += 8, n -= 8) crc = step(crc, load_unaligned<uint64_t>(data));
    for (; n > 0; ++data, --n) crc = step(crc, static_cast<uint8_t>(*data));
    return crc;
}

#endif

using Run = uint32_t (*)(const std::byte* data, size_t n, uint32_t crc);

Run choose() {
#if defined(HEARTH_CRC_TARGET)
    if (detect_cpu().crc32c) return run_instruction;
#endif
    return run_tables;
}

}  // namespace

uint32_t crc32c(std::span<const std::byte> bytes, uint32_t before) {
    static const Run run = choose();
    return ~run(bytes.data(), bytes.size(), ~before);
}

uint32_t crc32c_by_table(std::span<const std::byte> bytes, uint32_t before) {
    return ~run_tables(bytes.data(), bytes.size(), ~before);
}

}  // namespace hearth
