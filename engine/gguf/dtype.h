// Dtype: the tensor element types of GGUF that hearth knows, their block sizes and names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hearth {

// The numbers are GGUF's (formats-and-kernels 1.1).
enum class Dtype : uint32_t {
    f32 = 0,
    f16 = 1,
    q4_0 = 2,
    q4_1 = 3,
    q5_0 = 6,
    q5_1 = 7,
    q8_0 = 8,
    q2_k = 10,
    q3_k = 11,
    q4_k = 12,
    q5_k = 13,
    q6_k = 14,
    iq4_nl = 20,
    iq4_xs = 23,
    i32 = 26,
    bf16 = 30,
    mxfp4 = 39,
};

struct DtypeTraits {
    std::string_view name;  // as llama.cpp prints it: "Q4_K"
    size_t block_elements;  // a row is a whole number of blocks
    size_t block_bytes;
    bool computable;  // the kernels can multiply with it
};

// The traits of a known type.
const DtypeTraits& traits(Dtype dtype);

// nullopt for an id we do not know.
std::optional<Dtype> dtype_from_id(uint32_t id);

// By name, in any case: "q4_k", "Q4_K"; nullopt for one we do not know.
std::optional<Dtype> dtype_from_name(std::string_view name);

// What to say about an id that is not ours: withdrawn layouts, ik_llama.cpp's own types, codebook
// types, or simply unknown. For error messages.
std::string describe_unknown_dtype(uint32_t id);

// Bytes of a row of n elements; n must be a multiple of the block length.
size_t row_bytes(Dtype dtype, size_t n);

}  // namespace hearth
