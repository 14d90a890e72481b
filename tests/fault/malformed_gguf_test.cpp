// F1 to F4 of reliability.md, in process: named malformed files, truncation, flipped bits and
// mutated numbers. Each gives one good line or a whole model, and never anything else.
#include "tests/fault/malformed_gguf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <set>

#include "engine/gguf/gguf.h"
#include "tests/data/memory_file.h"
#include "tests/data/tiny_model.h"
#include "tests/fault/header_fields.h"
#include "tests/fault/raw_gguf.h"
#include "tests/fault/refusal.h"

namespace hearth {
namespace {

// reliability.md 5.1: 21 of llama.cpp's test-gguf, 41 of the advisories, 10 oddities. token_4gib
// stands apart: it needs a file larger than a test may write.
constexpr std::array<const char*, 72> kNames{"header_empty",
                                             "header_bad_magic",
                                             "header_version_1",
                                             "header_version_future",
                                             "header_bad_n_tensors",
                                             "header_bad_n_kv",
                                             "kv_bad_key_size",
                                             "kv_bad_type",
                                             "kv_bad_value_size",
                                             "kv_duplicate_key",
                                             "kv_bad_align",
                                             "tensors_bad_name_size",
                                             "tensors_bad_n_dims",
                                             "tensors_bad_shape",
                                             "tensors_ne_too_big",
                                             "tensors_bad_type",
                                             "tensors_bad_offset",
                                             "tensors_duplicate_name",
                                             "tensors_bad_align",
                                             "tensors_inconsistent_align",
                                             "data_not_enough",
                                             "str_len_max",
                                             "arr_len_wrap",
                                             "n_dims_5",
                                             "n_dims_max",
                                             "n_tensors_wrap",
                                             "n_kv_wrap",
                                             "name_missing",
                                             "size_sum_wrap",
                                             "nbytes_wrap",
                                             "mem_size_wrap",
                                             "n_tensors_boundary",
                                             "pad_wrap",
                                             "pad_wrap_alloc",
                                             "dims_wrap_zero",
                                             "dims_wrap_negative",
                                             "q4_nbytes_wrap",
                                             "dim_zero",
                                             "align_type",
                                             "align_huge",
                                             "str_1gib",
                                             "str_huge_small_file",
                                             "key_empty",
                                             "magic_escape",
                                             "just_magic",
                                             "block_count_type",
                                             "tensor_past_eof",
                                             "str_len_sign",
                                             "scores_u8",
                                             "types_u8",
                                             "scores_short",
                                             "byte_token_sign",
                                             "byte_token_zz",
                                             "token_dup",
                                             "bos_missing",
                                             "layers_513",
                                             "layers_max",
                                             "heads_0",
                                             "kv_heads_0",
                                             "experts_used_0",
                                             "heads_not_divisible",
                                             "eos_id_past_vocab",
                                             "big_endian",
                                             "value_larger_than_file",
                                             "split_without_parts",
                                             "trailing_garbage",
                                             "key_not_utf8",
                                             "key_escape",
                                             "tensors_overlap",
                                             "offset_unaligned",
                                             "dtype_unknown",
                                             "architecture_unknown"};

std::vector<std::byte> tiny_bytes() {
    return *tiny_model().bytes();
}

TEST(MalformedGguf, TheCatalogueIsWhole) {
    std::set<std::string> names;
    for (const MalformedGguf& file : malformed_ggufs()) {
        EXPECT_TRUE(names.insert(file.name).second) << file.name << " is there twice";
    }
    for (const char* name : kNames) EXPECT_TRUE(names.contains(name)) << name;
}

TEST(MalformedGguf, EachIsRefusedByTheRightCheckInOneLine) {
    EXPECT_FALSE(refusal_of(tiny_bytes())) << "the tiny model itself must be whole";
    for (MalformedGguf& file : malformed_ggufs()) {
        const auto refusal = refusal_of(std::move(file.bytes));
        if (file.refused_by == RefusedBy::nobody) {
            EXPECT_FALSE(refusal) << file.name << ": " << refusal->error.message;
            continue;
        }
        ASSERT_TRUE(refusal) << file.name << " was accepted";
        EXPECT_EQ(refusal->by, file.refused_by) << file.name << ": " << refusal->error.message;
        EXPECT_NE(refusal->error.message.find(file.says), std::string::npos)
            << file.name << ": " << refusal->error.message;
        EXPECT_EQ(fault_of_message(refusal->error), "")
            << file.name << ": " << refusal->error.message;
    }
}

// A file of 8 EiB that has a token of 4 GiB and a half: nothing near that may be allocated.
class HugeTokenFile final : public File {
  public:
    HugeTokenFile()
        : head_(RawGguf(0, 1)
                    .array("tokenizer.ggml.tokens", ValueType::string, 2)
                    .string("", (uint64_t{1} << 32) + 5)
                    .bytes()) {}
    Result<size_t> read_at(uint64_t offset, std::span<std::byte> buffer) const override {
        for (size_t i = 0; i < buffer.size(); ++i) {
            buffer[i] = offset + i < head_.size() ? head_[offset + i] : std::byte{'x'};
        }
        return buffer.size();
    }
    uint64_t size() const override { return uint64_t{1} << 62; }
    const std::string& path() const override { return path_; }

  private:
    std::vector<std::byte> head_;
    std::string path_ = "bad.gguf";
};

TEST(MalformedGguf, RefusesATokenOf4GiB) {
    const auto gguf = Gguf::parse(std::make_unique<HugeTokenFile>());
    ASSERT_FALSE(gguf);
    EXPECT_NE(gguf.error().message.find("at most 16777216"), std::string::npos)
        << gguf.error().message;
}

TEST(MalformedGguf, EveryTruncationIsAnError) {
    const std::vector<std::byte> whole = tiny_bytes();
    for (size_t length = 0; length < whole.size(); length += 16) {
        const auto refusal =
            refusal_of({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(length)});
        ASSERT_TRUE(refusal) << length;
        EXPECT_EQ(refusal->by, RefusedBy::gguf) << length;
        EXPECT_EQ(fault_of_message(refusal->error), "") << length << refusal->error.message;
    }
}

TEST(MalformedGguf, AFlippedBitGivesAnErrorOrAModel) {
    std::vector<std::byte> bytes = tiny_bytes();
    const size_t n_bits = header_fields(bytes).header_bytes * 8;
    size_t n_refused = 0;
    for (size_t bit = 7; bit < n_bits; bit += 49) {  // 49: every bit of a byte has its turn
        const std::byte flip = std::byte{1} << (bit % 8);
        bytes[bit / 8] ^= flip;
        const auto refusal = refusal_of(bytes);
        if (refusal) {
            EXPECT_EQ(fault_of_message(refusal->error), "") << bit << refusal->error.message;
            ++n_refused;
        }
        bytes[bit / 8] ^= flip;
    }
    EXPECT_GT(n_refused, 100u);
}

class Mutator {
  public:
    explicit Mutator(uint64_t seed) : random_(seed) {}

    // One to three numbers of the header become boundary values.
    std::vector<std::byte> mutate(std::vector<std::byte> bytes, const HeaderFields& header) {
        const size_t n = 1 + random_() % 3;
        for (size_t i = 0; i < n; ++i) {
            const HeaderField& field = header.fields[random_() % header.fields.size()];
            const uint64_t value = boundary(bytes, field);
            std::memcpy(bytes.data() + field.offset, &value, field.bytes);
        }
        return bytes;
    }

  private:
    uint64_t boundary(const std::vector<std::byte>& bytes, const HeaderField& field) {
        uint64_t old = 0;
        std::memcpy(&old, bytes.data() + field.offset, field.bytes);
        const uint64_t power = uint64_t{1} << (random_() % 64);
        const std::array<uint64_t, 12> values{
            0,     1,         UINT64_MAX, UINT64_MAX - 31, old + 1, old - 1,
            power, power - 1, power + 1,  old * 2,         ~old,    UINT64_MAX / power + 1};
        return values[random_() % values.size()];
    }

    std::mt19937_64 random_;
};

TEST(MalformedGguf, AMutatedNumberGivesAnErrorOrAModel) {
    constexpr uint64_t kSeed = 20'261'120;
    const std::vector<std::byte> whole = tiny_bytes();
    const HeaderFields header = header_fields(whole);
    Mutator mutator(kSeed);
    size_t n_refused = 0;
    for (int i = 0; i < 5000; ++i) {
        const auto refusal = refusal_of(mutator.mutate(whole, header));
        if (!refusal) continue;
        ASSERT_EQ(fault_of_message(refusal->error), "")
            << "seed " << kSeed << ", mutation " << i << ": " << refusal->error.message;
        ++n_refused;
    }
    EXPECT_GT(n_refused, 1000u);
}

}  // namespace
}  // namespace hearth
