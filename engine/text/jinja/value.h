// Value: what a template computes with, with the meaning Python gives it.
//
// Values are small and copied freely; texts, lists, dicts and so on live in the rendering's Heap
// and are shared by reference, as in Python. Nothing is freed before the rendering ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/result.h"
#include "engine/text/jinja/limits.h"
#include "engine/text/jinja/marked_text.h"

namespace hearth::jinja {

struct Callable;
struct Dict;
struct List;
struct Loop;
struct Macro;
struct Namespace;
struct None {};

// Falsy, prints as nothing, iterates as empty; using it otherwise is an error that says what was
// missing. 16 bytes, since Value is as large as its largest alternative.
struct Undefined {
    enum class What : uint8_t { variable, attribute, element, other };
    const MarkedText* name = nullptr;  // of the variable or attribute; for `other` the whole reason
    What what = What::other;
    uint8_t type = 0;  // of the object looked in: an index for type_words()
};

using Value = std::variant<Undefined, None, bool, int64_t, double, const MarkedText*, List*, Dict*,
                           Namespace*, const Macro*, const Callable*, Loop*>;

struct List {
    enum class Kind : uint8_t {
        list,
        tuple,
        generator,  // what select, map and the like give: always true, without length or items
    };
    Kind kind = Kind::list;
    std::vector<Value> items;
};

// Keeps the order of insertion. Lookups are linear: templates' dicts are small, and each lookup
// pays steps for its length.
struct Dict {
    std::vector<std::pair<Value, Value>> entries;

    const Value* find(std::string_view key) const;
    Result<const Value*> find(Budget& budget, const Value& key) const;
};

struct Namespace {
    Dict attributes;
};

// The arguments of a call, evaluated.
struct Arguments {
    std::vector<Value> positional;
    std::vector<std::pair<std::string_view, Value>> named;

    // The argument at `index` or called `name`; nullptr when absent.
    const Value* find(size_t index, std::string_view name) const;
    // Refuses more than `most` positional arguments and names not listed.
    Result<void> expect(std::string_view callee, size_t most,
                        std::initializer_list<std::string_view> names = {}) const;
};

class Runtime;
using Native = Result<Value> (*)(Runtime& runtime, const Value& self, const Arguments& arguments);

// A global function, or a method bound to its object.
struct Callable {
    const char* name = "";
    Native native = nullptr;
    Value self;
};

// Owns what Values point to; charges it to the budget. A charge past the limit still gives a valid
// value, and the evaluator stops at its next step: what can multiply in one step (joins, ranges,
// repetition) reserves before it allocates.
class Heap {
  public:
    explicit Heap(Budget& budget) : budget_(budget) {}
    Heap(const Heap&) = delete;
    Heap& operator=(const Heap&) = delete;

    Value text(MarkedText text);
    Value text(std::string text, Origin origin) { return this->text({std::move(text), origin}); }
    Value list(std::vector<Value> items, List::Kind kind = List::Kind::list);
    Dict* dict();
    Namespace* make_namespace();
    Value callable(Callable callable);
    // An undefined for this reason.
    Value undefined(std::string reason) {
        return Undefined{std::get<const MarkedText*>(text(std::move(reason), Origin::markup)),
                         Undefined::What::other};
    }
    // `object` has no such attribute, or no such element.
    static Value no_attribute(const Value& object, const MarkedText& name);
    Value no_element(const Value& object, std::string key);

  private:
    Budget& budget_;
    std::deque<MarkedText> texts_;
    std::deque<List> lists_;
    std::deque<Dict> dicts_;
    std::deque<Namespace> namespaces_;
    std::deque<Callable> callables_;
};

// What filters, tests, methods and global functions may use: nothing of the host.
class Runtime {
  public:
    Runtime(const Limits& limits, int64_t now) : budget(limits), heap(budget), now_(now) {}
    int64_t now() const { return now_; }  // seconds since the epoch

    Budget budget;
    Heap heap;

  private:
    int64_t now_;
};

// nullptr when `value` is not a text.
const MarkedText* as_text(const Value& value);
List* as_list(const Value& value);
Dict* as_dict(const Value& value);
bool is_undefined(const Value& value);
bool is_none(const Value& value);
bool is_callable(const Value& value);

// A Python number: bool counts as an integer.
struct Number {
    bool integral = true;
    int64_t integer = 0;
    double real = 0;  // the value in either case
};
std::optional<Number> as_number(const Value& value);
// The integer of an int or bool; an error naming `what` otherwise.
Result<int64_t> require_integer(const Value& value, std::string_view what);
Result<const MarkedText*> require_text(const Value& value, std::string_view what);

bool truth(const Value& value);

// type(value).__name__ for error messages: "str", "dict", "NoneType".
const char* type_name(const Value& value);
// "'foo' is undefined", as jinja2 says it.
std::string undefined_words(const Undefined& undefined);

Result<bool> equals(Budget& budget, const Value& a, const Value& b);
// Negative, zero, positive; an error for types Python does not order. `op` is for the message.
Result<int> compare(Budget& budget, const Value& a, const Value& b, const char* op);
// `needle in haystack`.
Result<bool> contains(Budget& budget, const Value& haystack, const Value& needle);

// What a for loop visits: items, keys, characters. A generator is empty afterwards.
Result<std::vector<Value>> iterate(Runtime& runtime, const Value& value);

// Sets or replaces an entry.
Result<void> assign(Budget& budget, Dict& dict, const Value& key, const Value& value);

}  // namespace hearth::jinja
