#include "planner/json_object.h"

#include <cmath>
#include <utility>

namespace hearth {

Result<Json> parse_json(std::string_view text, const std::string& name) {
    Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_discarded()) return json;
    return make_error(ErrorCode::bad_file, "{}: is not JSON, {} bytes (damaged?)",
                      printable_path(name), text.size());
}

JsonObject::JsonObject(std::string name, const Json& json, std::string place)
    : name_(std::move(name)), json_(json), place_(std::move(place)) {
    if (!json_.is_object()) fault_ = place_ + " is not an object";
}

const Json* JsonObject::find(const char* key) {
    if (!fault_.empty()) return nullptr;
    const auto found = json_.find(key);
    if (found != json_.end()) return &*found;
    fault_ = fmt::format("{}{} is missing", place_, key);
    return nullptr;
}

void JsonObject::fail(const char* key, const std::string& expected) {
    if (!fault_.empty()) return;
    const auto found = json_.find(key);
    const std::string value = found == json_.end()
                                  ? "nothing"
                                  : found->dump(-1, ' ', true, Json::error_handler_t::replace);
    fault_ = fmt::format("{}{}: {} expected, found {}", place_, key, expected, printable(value));
}

void JsonObject::take(const char* key, double& out, double low, double high) {
    const Json* const value = find(key);
    if (value == nullptr) return;
    const double number = value->is_number() ? value->get<double>() : NAN;
    if (!(number >= low && number <= high)) {
        return fail(key, fmt::format("a number from {:g} to {:g}", low, high));
    }
    out = number;
}

void JsonObject::take(const char* key, bool& out) {
    const Json* const value = find(key);
    if (value == nullptr) return;
    if (!value->is_boolean()) return fail(key, "true or false");
    out = value->get<bool>();
}

void JsonObject::take(const char* key, std::string& out, size_t max_bytes) {
    const Json* const value = find(key);
    if (value == nullptr) return;
    if (!value->is_string() || value->get_ref<const std::string&>().size() > max_bytes) {
        return fail(key, fmt::format("a text of at most {} bytes", max_bytes));
    }
    out = value->get<std::string>();
}

void JsonObject::take_each(
    const char* key, size_t max_items,
    const std::function<Result<void>(const Json& item, std::string place)>& read) {
    const Json* const value = find(key);
    if (value == nullptr) return;
    if (!value->is_array() || value->size() > max_items) {
        return fail(key, fmt::format("a list of at most {}", max_items));
    }
    size_t i = 0;
    for (const Json& item : *value) {
        const auto done = read(item, fmt::format("{}{}[{}].", place_, key, i++));
        if (done) continue;
        fault_ = done.error().message;
        return;
    }
}

void JsonObject::take_object(
    const char* key, const std::function<Result<void>(const Json& item, std::string place)>& read) {
    const Json* const value = find(key);
    if (value == nullptr) return;
    const auto done = read(*value, fmt::format("{}{}.", place_, key));
    if (!done) fault_ = done.error().message;
}

void JsonObject::take_name(const char* key, size_t& out,
                           const std::vector<std::string_view>& names) {
    std::string text;
    take(key, text);
    for (size_t i = 0; i < names.size() && fault_.empty(); ++i) {
        if (names[i] != text) continue;
        out = i;
        return;
    }
    fail(key, fmt::format("one of {}", fmt::join(names, ", ")));
}

Result<void> JsonObject::finish() const {
    if (fault_.empty()) return {};
    if (name_.empty()) return make_error(ErrorCode::bad_file, "{}", fault_);
    return make_error(ErrorCode::bad_file, "{}: {} (damaged?)", printable_path(name_), fault_);
}

}  // namespace hearth
