// Which kernel tables this processor can run.
#include "engine/kernels/kernels.h"

#include <array>
#include <string>

#include "engine/base/printable.h"
#include "engine/kernels/cpu.h"
#include "engine/kernels/scalar.h"
#ifdef HEARTH_X86_KERNELS
#include "engine/kernels/avx2/avx2.h"
#include "engine/kernels/avx512/avx512.h"
#elif defined(HEARTH_NEON_KERNELS)
#include "engine/kernels/neon/neon.h"
#endif

namespace hearth {

namespace {

struct Supported {
    std::array<const KernelTable*, 3> tables{};
    size_t count = 0;

    void add(const KernelTable& table) { tables[count++] = &table; }
};

Supported detect() {
    Supported supported;
#ifdef HEARTH_X86_KERNELS
    const CpuFeatures cpu = detect_cpu();
    if (cpu.avx512_vnni) supported.add(avx512::kTable);
    if (cpu.avx2) supported.add(avx2::kTable);
#elif defined(HEARTH_NEON_KERNELS)
    supported.add(neon::kTable);  // every aarch64 has it
#endif
    supported.add(scalar::kTable);
    return supported;
}

}  // namespace

std::span<const KernelTable* const> supported_kernels() {
    static const Supported supported = detect();
    return {supported.tables.data(), supported.count};
}

Result<const KernelTable*> choose_kernels(std::string_view name) {
    const auto supported = supported_kernels();
    if (name.empty()) return supported.front();
    std::string names;
    for (const KernelTable* table : supported) {
        if (table->name == name) return table;
        if (!names.empty()) names += ", ";
        names += table->name;
    }
    return make_error(ErrorCode::usage, "HEARTH_ISA: no kernels '{}' here (choose one of: {})",
                      printable(name), names);
}

}  // namespace hearth
