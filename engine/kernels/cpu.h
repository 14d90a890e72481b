// What the processor and the operating system let us use.
#pragma once

namespace hearth {

struct CpuFeatures {
    bool avx2 = false;         // with FMA and F16C
    bool avx512_vnni = false;  // F, BW, VL, DQ and VNNI
    bool crc32c = false;       // the instruction: x86 SSE4.2, ARM CRC32
};

// Asks CPUID, and XGETBV whether the system saves the wide registers; on ARM the system is asked.
// Nothing is set on other architectures.
CpuFeatures detect_cpu();

}  // namespace hearth
