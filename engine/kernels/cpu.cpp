#include "engine/kernels/cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>

#include <cstdint>
#elif defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace hearth {

#if defined(__x86_64__)

namespace {

struct Registers {
    uint32_t a = 0, b = 0, c = 0, d = 0;
};

// Zeroes for a leaf that the processor does not have.
Registers cpuid(uint32_t leaf) {
    Registers r;
    __get_cpuid_count(leaf, 0, &r.a, &r.b, &r.c, &r.d);
    return r;
}

// The register states that the operating system saves.
uint32_t saved_states() {
    uint32_t low = 0;
    uint32_t high = 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

constexpr bool has(uint32_t value, uint32_t bits) {
    return (value & bits) == bits;
}

}  // namespace

CpuFeatures detect_cpu() {
    CpuFeatures features;
    const Registers basic = cpuid(1);
    features.crc32c = has(basic.c, bit_SSE4_2);
    if (!has(basic.c, bit_OSXSAVE | bit_AVX)) return features;
    const Registers extended = cpuid(7);
    const uint32_t saved = saved_states();
    constexpr uint32_t kYmm = 0x06;  // SSE and AVX state
    constexpr uint32_t kZmm = 0xe6;  // and opmask, upper halves, upper sixteen
    features.avx2 =
        has(saved, kYmm) && has(basic.c, bit_FMA | bit_F16C) && has(extended.b, bit_AVX2);
    features.avx512_vnni =
        features.avx2 && has(saved, kZmm) &&
        has(extended.b, bit_AVX512F | bit_AVX512BW | bit_AVX512VL | bit_AVX512DQ | bit_BMI2) &&
        has(extended.c, bit_AVX512VNNI);
    return features;
}

#elif defined(__aarch64__)

CpuFeatures detect_cpu() {
    CpuFeatures features;
    features.crc32c = (::getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
    return features;
}

#else

CpuFeatures detect_cpu() {
    return {};
}

#endif

}  // namespace hearth
