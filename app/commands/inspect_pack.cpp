// hearth inspect FILE, where FILE is a pack.
#include <fmt/format.h>

#include "app/commands/inspect.h"
#include "app/memory_budget.h"
#include "engine/base/printable.h"
#include "engine/neuron/pack.h"

namespace hearth {
namespace {

std::string summary(const Pack& pack) {
    return fmt::format("{}: pack of model {}, {} sections, {} neurons, {}, records aligned to {}\n",
                       printable_path(pack.path()), pack.identity().hex(), pack.sections().size(),
                       pack.n_records(), format_bytes(pack.file_bytes()), pack.alignment());
}

// Whether any neuron is elsewhere than in the order of the model.
bool is_placed(const Pack& pack, size_t section) {
    const auto placement = pack.placement(section);
    for (size_t p = 0; p < placement.size(); ++p) {
        if (placement[p] != p) return true;
    }
    return false;
}

std::string section_table(const Pack& pack) {
    std::string table = fmt::format(
        "  {:>5}  {:>6}  {:>7}  {:<6}  {:<6}  {:<6}  {:>6}  {:>6}  {:>12}"
        "  {:<9}  {}\n",
        "layer", "expert", "neurons", "up", "down", "gate", "record", "stride", "offset", "order",
        "down error");
    for (size_t i = 0; i < pack.sections().size(); ++i) {
        const PackSection& one = pack.sections()[i];
        table += fmt::format(
            "  {:>5}  {:>6}  {:>7}  {:<6}  {:<6}  {:<6}  {:>6}  {:>6}  {:>12}"
            "  {:<9}  {}\n",
            one.layer, one.expert, one.n_records, traits(one.up).name, traits(one.down).name,
            traits(one.gate).name, one.record_bytes, one.stride, one.offset,
            is_placed(pack, i) ? "placed" : "model's",
            one.down_error > 0.0F ? fmt::format("{:.4f}", one.down_error) : "-");
    }
    return table;
}

}  // namespace

Result<void> inspect_pack(const std::string& path, Output& out) {
    HEARTH_TRY(const Pack pack, Pack::open(path));
    // All of it was filtered by printable() or written by us, line by line.
    return out.print(SafeText::literal(summary(pack) + section_table(pack)));
}

}  // namespace hearth
