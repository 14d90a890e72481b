// Files whose key-values are wrong.
#include "engine/gguf/metadata_reader.h"
#include "tests/fault/malformed_gguf.h"
#include "tests/fault/raw_gguf.h"

namespace hearth {

namespace {

constexpr uint64_t kGiB = uint64_t{1} << 30;
constexpr auto kBy = RefusedBy::gguf;

// One key "k" of a string that claims `length` bytes.
std::vector<std::byte> claimed_string(uint64_t length, size_t bytes_there = 4096) {
    return RawGguf(0, 1)
        .key("k", ValueType::string)
        .string(std::string(bytes_there, 'x'), length)
        .bytes();
}

std::vector<std::byte> claimed_array(ValueType element, uint64_t length) {
    return RawGguf(0, 1).array("k", element, length).zeros(4096).bytes();
}

std::vector<std::byte> with_key(std::string_view key) {
    return RawGguf(0, 1).key(key, 1).bytes();
}

std::vector<std::byte> with_alignment(uint32_t alignment) {
    return RawGguf(0, 1).key("general.alignment", alignment).bytes();
}

}  // namespace

std::vector<MalformedGguf> malformed_keys() {
    constexpr uint64_t kMax = UINT64_MAX;
    return {
        {"kv_bad_key_size", kBy, "key 1 of 1",
         RawGguf(0, 1).string("key", kMax - 1).zeros(64).bytes()},
        {"kv_bad_type", kBy, "has type 13", RawGguf(0, 1).string("k").number(13).zeros(64).bytes()},
        {"kv_bad_value_size", kBy, "needs 8 bytes",
         RawGguf(0, 1).key("k", ValueType::u64).number(1).bytes()},
        {"kv_duplicate_key", kBy, "key 'k' is there twice",
         RawGguf(0, 2).key("k", 1).key("k", 2).bytes()},
        {"kv_bad_align", kBy, "not a power of two", with_alignment(48)},
        {"str_len_max", kBy, "18446744073709551615", claimed_string(kMax)},
        {"str_len_sign", kBy, "9223372036854775808", claimed_string(uint64_t{1} << 63)},
        {"str_1gib", kBy, "at most 16777216", claimed_string(kGiB)},
        {"str_huge_small_file", kBy, "has 16 left", claimed_string(16 << 20, 16)},
        {"arr_len_wrap", kBy, "has room for 1024",
         claimed_array(ValueType::u32, (uint64_t{1} << 62) + 1)},
        {"arr_strings_wrap", kBy, "has room for 512",
         claimed_array(ValueType::string, (uint64_t{1} << 59) + 1)},
        {"arr_past_limit", kBy, "elements, at most",
         RawGguf(0, 1)
             .array("k", ValueType::u8, kMaxArrayElements + 1)
             .zeros(kMaxArrayElements + 1)
             .bytes()},
        {"value_larger_than_file", kBy, "has room for 4096",
         claimed_array(ValueType::u8, uint64_t{1} << 40)},
        {"array_nested", kBy, "array of arrays",
         RawGguf(0, 1).array("k", ValueType::array, 1).number(ValueType::u8).zeros(64).bytes()},
        {"bool_2", kBy, "a bool of 2",
         RawGguf(0, 1).key("k", ValueType::boolean).number(uint8_t{2}).bytes()},
        {"key_empty", kBy, "is empty", with_key("")},
        {"key_not_utf8", kBy, "not plain text", with_key("caf\xE9")},
        {"key_escape", kBy, "\\x1b]0;owned\\x07", with_key("\x1b]0;owned\x07")},
        {"key_too_long", kBy, "at most 65535", with_key(std::string(65'536, 'k'))},
        {"align_type", kBy, "is a string",
         RawGguf(0, 1).key("general.alignment", ValueType::string).string("32").bytes()},
        {"align_huge", kBy, "1073741824", with_alignment(1u << 30)},
        {"align_zero", kBy, "general.alignment", with_alignment(0)},
    };
}

}  // namespace hearth
