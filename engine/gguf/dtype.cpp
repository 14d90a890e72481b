#include "engine/gguf/dtype.h"

#include <algorithm>
#include <array>

#include "engine/base/check.h"

namespace hearth {

namespace {

struct Row {
    Dtype dtype;
    DtypeTraits traits;
};

constexpr std::array kTable{
    Row{Dtype::f32, {"F32", 1, 4, true}},          Row{Dtype::f16, {"F16", 1, 2, true}},
    Row{Dtype::q4_0, {"Q4_0", 32, 18, true}},      Row{Dtype::q4_1, {"Q4_1", 32, 20, false}},
    Row{Dtype::q5_0, {"Q5_0", 32, 22, true}},      Row{Dtype::q5_1, {"Q5_1", 32, 24, false}},
    Row{Dtype::q8_0, {"Q8_0", 32, 34, true}},      Row{Dtype::q2_k, {"Q2_K", 256, 84, false}},
    Row{Dtype::q3_k, {"Q3_K", 256, 110, false}},   Row{Dtype::q4_k, {"Q4_K", 256, 144, true}},
    Row{Dtype::q5_k, {"Q5_K", 256, 176, true}},    Row{Dtype::q6_k, {"Q6_K", 256, 210, true}},
    Row{Dtype::iq4_nl, {"IQ4_NL", 32, 18, false}}, Row{Dtype::iq4_xs, {"IQ4_XS", 256, 136, false}},
    Row{Dtype::i32, {"I32", 1, 4, false}},         Row{Dtype::bf16, {"BF16", 1, 2, true}},
    Row{Dtype::mxfp4, {"MXFP4", 32, 17, false}},
};

}  // namespace

const DtypeTraits& traits(Dtype dtype) {
    for (const Row& row : kTable) {
        if (row.dtype == dtype) return row.traits;
    }
    HEARTH_CHECK(false && "dtype not in the table");
}

std::optional<Dtype> dtype_from_id(uint32_t id) {
    for (const Row& row : kTable) {
        if (static_cast<uint32_t>(row.dtype) == id) return row.dtype;
    }
    return std::nullopt;
}

std::optional<Dtype> dtype_from_name(std::string_view name) {
    const auto same = [](char a, char b) {
        const char upper = a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a;
        return upper == b;
    };
    for (const Row& row : kTable) {
        if (std::equal(name.begin(), name.end(), row.traits.name.begin(), row.traits.name.end(),
                       same)) {
            return row.dtype;
        }
    }
    return std::nullopt;
}

std::string describe_unknown_dtype(uint32_t id) {
    const auto text = std::to_string(id);
    if (id == 4 || id == 5 || (id >= 31 && id <= 33) || (id >= 36 && id <= 38)) {
        return "type " + text + " (a layout that was withdrawn: download the file again)";
    }
    if (id < 43) return "type " + text + " (a GGUF type hearth does not compute with yet)";
    if (id >= 97 && id < 512) return "type " + text + " (an ik_llama.cpp-only type)";
    return "type " + text + " (unknown)";
}

size_t row_bytes(Dtype dtype, size_t n) {
    const DtypeTraits& t = traits(dtype);
    HEARTH_DCHECK(n % t.block_elements == 0);
    return n / t.block_elements * t.block_bytes;
}

}  // namespace hearth
