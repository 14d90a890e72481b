#include "engine/gguf/metadata.h"

#include <cmath>
#include <limits>

#include "engine/base/printable.h"

namespace hearth {

namespace {

using Entry = Metadata::Entry;

// "an array of u8" reads better than "a array of u8".
std::string with_article(const std::string& type) {
    const bool vowel = type.starts_with('a') || type.starts_with('i');
    return (vowel ? "an " : "a ") + type;
}

tl::unexpected<Error> wrong_type(const std::string& path, const Entry& entry,
                                 std::string_view expected) {
    return make_error(ErrorCode::bad_file,
                      "{}: key '{}' is {}, {} was expected (a broken converter?)", path,
                      printable(entry.key), with_article(entry.type), expected);
}

tl::unexpected<Error> missing(const std::string& path, std::string_view key) {
    return make_error(ErrorCode::bad_file,
                      "{}: key '{}' is missing (not a model, or a broken converter?)", path,
                      printable(key));
}

template <typename T>
tl::unexpected<Error> out_of_range(const std::string& path, const Entry& entry, T value, T low,
                                   T high) {
    return make_error(ErrorCode::bad_file,
                      "{}: key '{}' is {}, it must be {} to {} (damaged file?)", path,
                      printable(entry.key), value, low, high);
}

bool is_wide_integer_array(const Entry& entry) {
    return entry.type.ends_with("32") || entry.type.ends_with("64");
}

template <typename From, typename To>
std::vector<To> converted(const std::vector<From>& from) {
    std::vector<To> out;
    out.reserve(from.size());
    for (const From value : from) out.push_back(static_cast<To>(value));
    return out;
}

template <typename T>
Result<T> required(Result<std::optional<T>> optional, const std::string& path,
                   std::string_view key) {
    if (!optional) return tl::unexpected(std::move(optional).error());
    if (!*optional) return missing(path, key);
    return std::move(**optional);
}

}  // namespace

bool Metadata::add(Entry entry) {
    if (!index_.emplace(entry.key, entries_.size()).second) return false;
    entries_.push_back(std::move(entry));
    return true;
}

const Entry* Metadata::find_entry(std::string_view key) const {
    const auto at = index_.find(std::string(key));
    return at == index_.end() ? nullptr : &entries_[at->second];
}

const MetadataValue* Metadata::find(std::string_view key) const {
    const Entry* entry = find_entry(key);
    return entry == nullptr ? nullptr : &entry->value;
}

Result<std::optional<uint64_t>> Metadata::optional_uint(std::string_view key, uint64_t low,
                                                        uint64_t high) const {
    const Entry* entry = find_entry(key);
    if (entry == nullptr) return std::nullopt;
    if (const auto* value = std::get_if<uint64_t>(&entry->value)) {
        if (*value < low || *value > high) return out_of_range(path_, *entry, *value, low, high);
        return *value;
    }
    const auto* value = std::get_if<int64_t>(&entry->value);
    if (value == nullptr) return wrong_type(path_, *entry, "a whole number");
    if (*value < 0) {
        return make_error(ErrorCode::bad_file,
                          "{}: key '{}' is {}, it must be {} to {} (damaged file?)", path_,
                          printable(key), *value, low, high);
    }
    const auto positive = static_cast<uint64_t>(*value);
    if (positive < low || positive > high) return out_of_range(path_, *entry, positive, low, high);
    return positive;
}

Result<uint64_t> Metadata::require_uint(std::string_view key, uint64_t low, uint64_t high) const {
    return required(optional_uint(key, low, high), path_, key);
}

Result<std::optional<double>> Metadata::optional_float(std::string_view key, double low,
                                                       double high) const {
    const Entry* entry = find_entry(key);
    if (entry == nullptr) return std::nullopt;
    double value = 0;
    if (const auto* real = std::get_if<double>(&entry->value)) {
        value = *real;
    } else if (const auto* whole = std::get_if<uint64_t>(&entry->value)) {
        value = static_cast<double>(*whole);
    } else if (const auto* integer = std::get_if<int64_t>(&entry->value)) {
        value = static_cast<double>(*integer);
    } else {
        return wrong_type(path_, *entry, "a number");
    }
    // Written so that NaN fails it.
    if (!(value >= low && value <= high) || std::isinf(value)) {
        return out_of_range(path_, *entry, value, low, high);
    }
    return value;
}

Result<double> Metadata::require_float(std::string_view key, double low, double high) const {
    return required(optional_float(key, low, high), path_, key);
}

Result<std::optional<std::string>> Metadata::optional_string(std::string_view key) const {
    const Entry* entry = find_entry(key);
    if (entry == nullptr) return std::nullopt;
    const auto* value = std::get_if<std::string>(&entry->value);
    if (value == nullptr) return wrong_type(path_, *entry, "a string");
    return *value;
}

Result<std::string> Metadata::require_string(std::string_view key) const {
    return required(optional_string(key), path_, key);
}

Result<std::optional<bool>> Metadata::optional_bool(std::string_view key) const {
    const Entry* entry = find_entry(key);
    if (entry == nullptr) return std::nullopt;
    const auto* value = std::get_if<bool>(&entry->value);
    if (value == nullptr) return wrong_type(path_, *entry, "true or false");
    return *value;
}

Result<const std::vector<std::string>*> Metadata::optional_strings(std::string_view key) const {
    const Entry* entry = find_entry(key);
    if (entry == nullptr) return nullptr;
    const auto* value = std::get_if<std::vector<std::string>>(&entry->value);
    if (value == nullptr) return wrong_type(path_, *entry, "an array of strings");
    return value;
}

Result<std::optional<std::vector<double>>> Metadata::optional_floats(std::string_view key) const {
    const Entry* entry = find_entry(key);
    if (entry == nullptr) return std::nullopt;
    const auto* values = std::get_if<std::vector<float>>(&entry->value);
    if (values == nullptr) return wrong_type(path_, *entry, "an array of f32 or f64");
    for (size_t i = 0; i < values->size(); ++i) {
        if (!std::isnan((*values)[i])) continue;
        return make_error(ErrorCode::bad_file,
                          "{}: key '{}': element {} is not a number (damaged file?)", path_,
                          printable(key), i);
    }
    return converted<float, double>(*values);
}

Result<std::optional<std::vector<int64_t>>> Metadata::optional_ints(std::string_view key) const {
    constexpr std::string_view kExpected = "an array of 32- or 64-bit integers";
    const Entry* entry = find_entry(key);
    if (entry == nullptr) return std::nullopt;
    if (!is_wide_integer_array(*entry)) return wrong_type(path_, *entry, kExpected);
    if (const auto* values = std::get_if<std::vector<int64_t>>(&entry->value)) return *values;
    const auto* values = std::get_if<std::vector<uint64_t>>(&entry->value);
    if (values == nullptr) return wrong_type(path_, *entry, kExpected);
    constexpr auto kHigh = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    for (const uint64_t value : *values) {
        if (value > kHigh) return out_of_range<uint64_t>(path_, *entry, value, 0, kHigh);
    }
    return converted<uint64_t, int64_t>(*values);
}

}  // namespace hearth
