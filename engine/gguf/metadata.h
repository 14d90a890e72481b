// Metadata: the typed key-value pairs of a GGUF file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/base/result.h"

namespace hearth {

// Unsigned integers of any width are kept as uint64_t, signed ones as int64_t, floats as double;
// arrays by element kind.
// The declared GGUF type is kept beside the value for `inspect` and for width checks.
using MetadataValue = std::variant<uint64_t, int64_t, double, bool, std::string,
                                   std::vector<uint64_t>, std::vector<int64_t>, std::vector<float>,
                                   std::vector<bool>, std::vector<std::string>>;

class Metadata {
  public:
    // `path` is what messages begin with: it has gone through printable_path().
    explicit Metadata(std::string path) : path_(std::move(path)) {}

    // In file order; keys are unique and not empty.
    struct Entry {
        std::string key;
        std::string type;  // "u32", "string", "array of f32": for people
        MetadataValue value;
    };
    const std::vector<Entry>& entries() const { return entries_; }
    // False when the key is there already.
    bool add(Entry entry);

    const MetadataValue* find(std::string_view key) const;

    // A number within [low, high], or an error that names key, value and range. Unsigned and
    // signed integers are accepted alike as long as the value is in range.
    Result<uint64_t> require_uint(std::string_view key, uint64_t low, uint64_t high) const;
    Result<std::optional<uint64_t>> optional_uint(std::string_view key, uint64_t low,
                                                  uint64_t high) const;
    // A finite number within [low, high]; integers are accepted as floats.
    Result<double> require_float(std::string_view key, double low, double high) const;
    Result<std::optional<double>> optional_float(std::string_view key, double low,
                                                 double high) const;
    Result<std::string> require_string(std::string_view key) const;
    Result<std::optional<std::string>> optional_string(std::string_view key) const;
    Result<std::optional<bool>> optional_bool(std::string_view key) const;
    // Arrays: nullptr or nullopt when absent, an error when the key holds something else. No writer
    // makes scores or token types narrower than 32 bits, and readers have taken such arrays for
    // 4-byte elements (llama.cpp PR 26690), so narrow ones are refused.
    Result<const std::vector<std::string>*> optional_strings(std::string_view key) const;
    // f32 or f64; infinities are let through, not-a-number is an error.
    Result<std::optional<std::vector<double>>> optional_floats(std::string_view key) const;
    // i32, u32, i64, or u64 within int64_t.
    Result<std::optional<std::vector<int64_t>>> optional_ints(std::string_view key) const;

    const std::string& path() const { return path_; }  // of the file, for messages

  private:
    const Entry* find_entry(std::string_view key) const;

    std::string path_;
    std::vector<Entry> entries_;
    std::unordered_map<std::string, size_t> index_;
};

}  // namespace hearth
