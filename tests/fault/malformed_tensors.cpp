// Files whose tensor table is wrong.
#include "tests/fault/malformed_gguf.h"
#include "tests/fault/raw_gguf.h"

namespace hearth {

namespace {

constexpr uint32_t kF32 = 0;
constexpr uint32_t kQ4_0 = 2;
constexpr auto kBy = RefusedBy::gguf;

// One tensor of that shape and 4 KiB of data.
std::vector<std::byte> shaped(std::vector<uint64_t> dims, uint32_t dtype = kF32,
                              uint64_t offset = 0) {
    return RawGguf(1, 0).tensor("a", std::move(dims), dtype, offset).pad().zeros(4096).bytes();
}

std::vector<std::byte> named(std::string_view name) {
    return RawGguf(1, 0).tensor(name, {8}, kF32, 0).pad().zeros(32).bytes();
}

// One tensor that claims `n_dims` dimensions of 1.
std::vector<std::byte> claimed_dims(uint32_t n_dims) {
    RawGguf raw(1, 0);
    raw.string("a").number(n_dims);
    for (int i = 0; i < 64; ++i) raw.number(uint64_t{1});
    return raw.bytes();
}

// Two tensors of 8 floats at these offsets.
std::vector<std::byte> two(std::string_view first, std::string_view second, uint64_t offset,
                           uint32_t alignment = 32) {
    RawGguf raw(2, 1);
    raw.key("general.alignment", alignment);
    raw.tensor(first, {8}, kF32, 0).tensor(second, {8}, kF32, offset);
    return raw.pad(alignment).zeros(128).bytes();
}

// `n` tensors of 2^60 floats, so that the sum of their sizes wraps.
std::vector<std::byte> wrapping_sum(uint64_t n) {
    RawGguf raw(n, 0);
    for (uint64_t i = 0; i < n; ++i) {
        const char name = static_cast<char>('a' + i);
        raw.tensor({&name, 1}, {uint64_t{1} << 60}, kF32, i << 62);
    }
    return raw.pad().zeros(4096).bytes();
}

}  // namespace

std::vector<MalformedGguf> malformed_tensors() {
    constexpr uint64_t k2to32 = uint64_t{1} << 32;
    constexpr uint64_t k2to62 = uint64_t{1} << 62;
    return {
        {"tensors_bad_name_size", kBy, "its name has 64 bytes", named(std::string(64, 'n'))},
        {"tensors_bad_n_dims", kBy, "has 0 dimensions", claimed_dims(0)},
        {"tensors_bad_shape", kBy, "dimension 0 is -1", shaped({UINT64_MAX})},
        {"tensors_ne_too_big", kBy, "more than 2^63 elements", shaped({k2to32, k2to32, 2})},
        {"tensors_bad_type", kBy, "type 4294967295", shaped({8}, UINT32_MAX)},
        {"tensors_bad_offset", kBy, "ends at byte", shaped({8}, kF32, 1 << 20)},
        {"tensors_duplicate_name", kBy, "'same' is there twice", two("same", "same", 32)},
        {"tensors_bad_align", kBy, "not a multiple of 64", two("a", "b", 32, 64)},
        {"tensors_inconsistent_align", kBy, "not a multiple of 64",
         RawGguf(2, 1)
             .key("general.alignment", 64)
             .tensor("a", {8}, kF32, 0)
             .tensor("b", {8}, kF32, 96)
             .pad(64)
             .zeros(128)
             .bytes()},
        {"data_not_enough", kBy, "truncated download", shaped({2048})},
        {"n_dims_5", kBy, "has 5 dimensions", claimed_dims(5)},
        {"n_dims_max", kBy, "has 4294967295 dimensions", claimed_dims(UINT32_MAX)},
        {"name_missing", kBy, "has no name", named("")},
        {"name_escape", kBy, "\\x1b[31m", named("\x1b[31m")},
        {"size_sum_wrap", kBy, "ends at byte", wrapping_sum(4)},
        {"nbytes_wrap", kBy, "more than 2^64 bytes", shaped({k2to62 + 1})},
        {"mem_size_wrap", kBy, "more than 2^64 bytes", shaped({k2to62, 1})},
        {"pad_wrap", kBy, "tensor 'a' is at offset 0 with 18446744073709551612 bytes",
         shaped({k2to62 - 1})},
        {"pad_wrap_alloc", kBy, "is at offset 18446744073709551584",
         shaped({8}, kF32, UINT64_MAX - 31)},
        {"dims_wrap_zero", kBy, "more than 2^63 elements", shaped({k2to32, k2to32})},
        {"dims_wrap_negative", kBy, "more than 2^63 elements", shaped({k2to32, k2to32 / 2})},
        {"q4_nbytes_wrap", kBy, "ends at byte 2882303761517117506",
         shaped({5'124'095'576'030'431'008u}, kQ4_0)},
        {"dim_zero", kBy, "dimension 1 is 0", shaped({8, 0})},
        {"tensor_past_eof", kBy, "truncated download", shaped({32, 33})},
        {"rows_not_blocks", kBy, "not whole blocks of 32", shaped({48}, kQ4_0)},
        {"tensors_overlap", kBy, "overlap at byte", two("a", "b", 0)},
        {"offset_unaligned", kBy, "not a multiple of 32", two("a", "b", 40)},
        {"dtype_unknown", kBy, "type 1000", shaped({8}, 1000)},
        {"dtype_withdrawn", kBy, "withdrawn", shaped({32}, 31)},
        {"dtype_ik", kBy, "ik_llama.cpp", shaped({256}, 140)},
        {"table_missing", kBy, "tensor 2 of 2",
         RawGguf(2, 0).tensor("a", {8}, kF32, 0).string(std::string(23, 'b'), 40).bytes()},
    };
}

}  // namespace hearth
