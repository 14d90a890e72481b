#include "planner/pack_offer.h"

#include <sys/statvfs.h>

#include "planner/pack_layout.h"

namespace hearth {
namespace {

// As measured for a 7B shape (bench/README.md, Packs); other disks differ, so "roughly".
constexpr double kBytesPerSecond = 0.25e9;
// Turning a down matrix and quantizing it anew, per weight and thread.
constexpr double kSecondsPerWeight = 60e-9;

std::optional<uint64_t> free_bytes_at(const std::string& path) {
    struct statvfs disk {};
    const std::string folder = path.substr(0, path.rfind('/') + 1);
    if (::statvfs(folder.c_str(), &disk) != 0) return std::nullopt;
    return uint64_t{disk.f_bavail} * disk.f_frsize;
}

}  // namespace

Result<PackOffer> offer_pack(const Gguf& gguf, const ModelConfig& config, const std::string& path,
                             size_t alignment, size_t n_threads) {
    HEARTH_TRY(const PackLayout layout, lay_out_pack(gguf, config, alignment, std::nullopt, {}));
    PackOffer offer;
    offer.path = path;
    offer.bytes = layout.file_bytes;
    offer.free_bytes = free_bytes_at(path);
    offer.seconds = static_cast<double>(offer.bytes) / kBytesPerSecond;
    for (const PackLayout::Section& one : layout.sections) {
        if (one.tensors.down_is_transposed) continue;
        const auto weights =
            static_cast<double>(one.section.n_records) * static_cast<double>(one.section.d_model());
        offer.seconds += weights * kSecondsPerWeight / static_cast<double>(n_threads);
    }
    return offer;
}

}  // namespace hearth
