// Files whose first 24 bytes are wrong, and header-level oddities.
#include <utility>

#include "engine/gguf/header.h"
#include "engine/gguf/metadata_reader.h"
#include "tests/fault/malformed_gguf.h"
#include "tests/fault/raw_gguf.h"

namespace hearth {

namespace {

constexpr uint64_t kWrap = uint64_t{1} << 63;
constexpr uint32_t kF32 = 0;

std::vector<std::byte> bytes_of(std::string_view text) {
    const auto all = std::as_bytes(std::span(text));
    return {all.begin(), all.end()};
}

std::vector<std::byte> big_endian() {
    return bytes_of(std::string_view("GGUF\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 24));
}

// A whole, valid model of one tensor.
RawGguf one_tensor() {
    return std::move(RawGguf(1, 0).tensor("a", {8}, kF32, 0).pad().zeros(32));
}

}  // namespace

std::vector<MalformedGguf> malformed_headers() {
    const auto by = RefusedBy::gguf;
    return {
        {"header_empty", by, "the magic", {}},
        {"header_bad_magic", by, "begins with 'FUGG'", RawGguf(0, 0, "FUGG").bytes()},
        {"header_version_1", by, "version 1", RawGguf(0, 0, "GGUF", 1).bytes()},
        {"header_version_future", by, "version 4", RawGguf(0, 0, "GGUF", 4).bytes()},
        {"header_bad_n_tensors", by, "the number of tensors is", RawGguf(kWrap, 0).bytes()},
        {"header_bad_n_kv", by, "the number of keys is", RawGguf(0, kWrap).bytes()},
        {"n_tensors_wrap", by, "the number of tensors is",
         RawGguf((uint64_t{1} << 58) + 1, 0).zeros(4096).bytes()},
        {"n_kv_wrap", by, "the number of keys is",
         RawGguf(0, (uint64_t{1} << 59) + 1).zeros(4096).bytes()},
        {"n_tensors_boundary", by, "at most 65536",
         RawGguf(kMaxTensors + 1, 0).zeros((kMaxTensors + 1) * 32).bytes()},
        {"n_kv_boundary", by, "at most 65536",
         RawGguf(0, kMaxMetadataKeys + 1).zeros((kMaxMetadataKeys + 1) * 13).bytes()},
        {"just_magic", by, "the version", bytes_of("GGUF")},
        {"magic_escape", by, "\\x1b[2J", RawGguf(0, 0, "\x1b[2J").bytes()},
        {"big_endian", by, "big-endian", big_endian()},
        {"version_0", by, "version 0", RawGguf(0, 0, "GGUF", 0).bytes()},
        {"older_ggjt", by, "older than GGUF", RawGguf(0, 0, "tjgg").bytes()},
        {"trailing_garbage", by, "follow the last tensor",
         one_tensor().number(uint64_t{0xDEADBEEF}).bytes()},
        {"trailing_zeros", by, "follow the last tensor", one_tensor().zeros(1 << 20).bytes()},
        {"split_without_parts", by, "part 1 of 3",
         RawGguf(0, 3)
             .key("split.no", 0)
             .key("split.count", 3)
             .key("split.tensors.count", 3)
             .bytes()},
        {"split_no_past_count", by, "split.no",
         RawGguf(0, 3)
             .key("split.no", 3)
             .key("split.count", 3)
             .key("split.tensors.count", 3)
             .bytes()},
    };
}

}  // namespace hearth
