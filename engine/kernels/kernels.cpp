// Which kernel tables this processor can run.
#include "engine/kernels/kernels.h"

#include <array>
#include <string>

#include "engine/kernels/scalar.h"

namespace hearth {

namespace {

struct Supported {
    std::array<const KernelTable*, 3> tables{};
    size_t count = 0;

    void add(const KernelTable& table) { tables[count++] = &table; }
};

Supported detect() {
    Supported supported;
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
    return make_error(ErrorCode::usage,
                      "HEARTH_ISA: this processor has no kernels of that name (choose one of: {})",
                      names);
}

}  // namespace hearth
