#include "engine/model/embedding.h"

#include <vector>

namespace hearth {

Result<void> Embedding::read(const KernelTable& kernels, Token token, float* out) const {
    const auto index = to_index(token);
    if (is_resident()) {
        kernels.dequantize_row(table.dtype, table.row(index), out, table.cols);
        return {};
    }
    std::vector<std::byte> row(table.stride_bytes);
    HEARTH_TRY_VOID(read_exact(*file, offset + uint64_t{index} * row.size(), row));
    kernels.dequantize_row(table.dtype, row.data(), out, table.cols);
    return {};
}

}  // namespace hearth
