// The global functions a template may call. None reaches the host.
#include "engine/text/jinja/methods.h"
#include "engine/text/jinja/strftime.h"
#include "engine/text/jinja/writer.h"

namespace hearth::jinja {

namespace {

Result<Value> range_function(Runtime& runtime, const Value&, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("range()", 3));
    int64_t numbers[3] = {0, 0, 1};  // start, stop, step
    const size_t n = arguments.positional.size();
    if (n == 0) {
        return make_error(ErrorCode::bad_file, "range expected at least 1 argument, got 0");
    }
    for (size_t i = 0; i < n; ++i) {
        HEARTH_TRY(numbers[n == 1 ? 1 : i], require_integer(arguments.positional[i], "range()"));
    }
    const auto [start, stop, step] = numbers;
    if (step == 0) return make_error(ErrorCode::bad_file, "range() arg 3 must not be zero");
    constexpr size_t kRangeMax = 100'000;  // as in jinja2's sandbox, which transformers uses
    std::vector<Value> items;
    for (int64_t at = start; step > 0 ? at < stop : at > stop;) {
        if (items.size() == kRangeMax) {
            return make_error(ErrorCode::bad_file, "range() of more than {} numbers", kRangeMax);
        }
        items.push_back(at);
        if (__builtin_add_overflow(at, step, &at)) break;
    }
    runtime.budget.spend(items.size() / 8);
    return runtime.heap.list(std::move(items));
}

Result<Value> dict_function(Runtime& runtime, const Value&, const Arguments& arguments) {
    Dict* dict = runtime.heap.dict();
    HEARTH_TRY_VOID(update(runtime, *dict, arguments));
    return dict;
}

Result<Value> namespace_function(Runtime& runtime, const Value&, const Arguments& arguments) {
    Namespace* result = runtime.heap.make_namespace();
    HEARTH_TRY_VOID(update(runtime, result->attributes, arguments));
    return result;
}

Result<Value> raise_function(Runtime& runtime, const Value&, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("raise_exception()", 1, {"message"}));
    const Value* message = arguments.find(0, "message");
    Writer words(runtime.budget);
    if (message != nullptr) words.write_str(*message);
    return make_error(ErrorCode::bad_file, "{}", words.text().text());
}

Result<Value> strftime_function(Runtime& runtime, const Value&, const Arguments& arguments) {
    HEARTH_TRY_VOID(arguments.expect("strftime_now()", 1, {"format"}));
    const Value* format = arguments.find(0, "format");
    if (format == nullptr) return make_error(ErrorCode::bad_file, "missing argument 'format'");
    HEARTH_TRY(const MarkedText* text, require_text(*format, "format"));
    runtime.budget.scan(text->size());
    return runtime.heap.text(format_time(runtime.now(), text->text()), text->origin());
}

constexpr Method kGlobals[] = {
    {"range", range_function},           {"dict", dict_function},
    {"namespace", namespace_function},   {"raise_exception", raise_function},
    {"strftime_now", strftime_function},
};

}  // namespace

std::span<const Method> global_functions() {
    return kGlobals;
}

}  // namespace hearth::jinja
