// JsonObject: takes fields from a JSON object that somebody may have damaged or forged.
//
// take() checks kind and range and keeps the first fault, so that a reader is a list of fields with
// one look at the end:
//
//   JsonObject json(name, value);
//   json.take("version", version, 1, 1);
//   json.take("speed", speed, 0.0, 1.0);
//   HEARTH_TRY_VOID(json.finish());
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/printable.h"
#include "engine/base/result.h"

namespace hearth {

using Json = nlohmann::ordered_json;

// The whole text as one JSON value; bad_file with the place of the fault.
Result<Json> parse_json(std::string_view text, const std::string& name);

class JsonObject {
  public:
    static constexpr size_t kMaxText = 4096;
    static constexpr size_t kMaxItems = 1 << 20;

    // `json` must outlive this; `name` (of the file) begins messages. An object inside another has
    // no name but a place: "kernels[3].".
    JsonObject(std::string name, const Json& json, std::string place = "");

    template <std::unsigned_integral T>
    void take(const char* key, T& out, T low, T high) {
        const Json* const value = find(key);
        if (value == nullptr) return;
        if (!value->is_number_unsigned() || value->template get<uint64_t>() < low ||
            value->template get<uint64_t>() > high) {
            return fail(key, fmt::format("a whole number from {} to {}", low, high));
        }
        out = value->template get<T>();
    }
    void take(const char* key, double& out, double low, double high);
    void take(const char* key, bool& out);
    void take(const char* key, std::string& out, size_t max_bytes = kMaxText);

    // An array, each item by `read`; at most max_items of them.
    void take_each(const char* key, size_t max_items,
                   const std::function<Result<void>(const Json& item, std::string place)>& read);
    void take_object(const char* key,
                     const std::function<Result<void>(const Json& item, std::string place)>& read);

    // One of `names`; its place in the list.
    void take_name(const char* key, size_t& out, const std::vector<std::string_view>& names);

    // What the caller found wrong with a field that was taken.
    void fail(const char* key, const std::string& expected);

    // The first fault, if any: bad_file, "<name>: <place>.<key>: <expected>, found <what>".
    Result<void> finish() const;

  private:
    const Json* find(const char* key);  // null and a fault where there is none

    std::string name_;
    const Json& json_;
    std::string place_;
    std::string fault_;
};

}  // namespace hearth
