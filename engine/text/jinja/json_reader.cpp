#include <limits>
#include <nlohmann/json.hpp>

#include "engine/text/jinja/json.h"

namespace hearth::jinja {

namespace {

// Builds Values as nlohmann's parser reports them; keeps the order of keys.
class JsonReader {
  public:
    JsonReader(Runtime& runtime, Origin origin) : runtime_(runtime), origin_(origin) {}

    bool null() { return add(None{}); }
    bool boolean(bool value) { return add(value); }
    bool number_integer(int64_t value) { return add(value); }
    bool number_unsigned(uint64_t value) {
        if (value > uint64_t{std::numeric_limits<int64_t>::max()}) return false;
        return add(static_cast<int64_t>(value));
    }
    bool number_float(double value, const std::string&) { return add(value); }
    bool string(std::string& value) { return add(runtime_.heap.text(std::move(value), origin_)); }
    bool binary(nlohmann::json::binary_t&) { return false; }
    bool key(std::string& name) {
        keys_.back() = runtime_.heap.text(std::move(name), origin_);
        return runtime_.budget.ok();
    }
    bool start_object(size_t) { return open(runtime_.heap.dict()); }
    bool start_array(size_t) { return open(runtime_.heap.list({})); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    bool parse_error(size_t, const std::string&, const nlohmann::json::exception&) { return false; }

    const Value& result() const { return result_; }

  private:
    // Puts `value` into the innermost open list or dict.
    bool add(const Value& value) {
        if (!runtime_.budget.spend()) return false;
        if (open_.empty()) {
            result_ = value;
            return true;
        }
        if (Dict* dict = as_dict(open_.back())) {
            return assign(runtime_.budget, *dict, keys_.back(), value).has_value();
        }
        if (!runtime_.budget.reserve(sizeof(Value))) return false;
        as_list(open_.back())->items.push_back(value);
        return true;
    }
    bool open(const Value& value) {
        if (!add(value)) return false;
        open_.push_back(value);
        keys_.emplace_back();
        return true;
    }
    bool close() {
        open_.pop_back();
        keys_.pop_back();
        return true;
    }

    Runtime& runtime_;
    Origin origin_;
    std::vector<Value> open_;  // lists and dicts being filled, outermost first
    std::vector<Value> keys_;  // one for each of these
    Value result_;
};

}  // namespace

Result<Value> parse_json(Runtime& runtime, const MarkedText& text) {
    JsonReader reader(runtime, text.origin());
    if (!nlohmann::json::sax_parse(text.text(), &reader)) {
        HEARTH_TRY_VOID(runtime.budget.check());
        return make_error(ErrorCode::bad_file, "from_json: not JSON that can be read");
    }
    return reader.result();
}

}  // namespace hearth::jinja
