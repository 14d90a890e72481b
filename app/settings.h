// Settings: everything a person can set, in one table.
//
// A setting has one name and one range wherever it is said: as a flag (--temp 0.5), in the
// environment (HEARTH_TEMP), in config.toml (sampling.temp) or in a chat (/set temp 0.5).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/memory_budget.h"
#include "engine/base/result.h"
#include "engine/neuron/sparse_ffn.h"
#include "engine/sampler.h"

namespace hearth {

enum class Color { automatic, always, never };
enum class Overflow {
    ask,
    shift,
    summarise,
    error
};  // when a conversation no longer fits the context
enum class Glyphs { unicode, ascii };
enum class Switch { off, on };

// What the settings come to. Every value is within its range.
struct Options {
    std::string model;                     // path; "" = the bundled model
    std::string models;                    // folder that /model looks in too, "" = none
    std::string isa;                       // "" = the best this CPU has
    MemoryLimit memory;                    // of the whole process
    std::optional<SparsityMode> sparsity;  // nullopt = exact where the model can, else dense
    bool makes_plans = true;               // measures on a first launch; false: only what is kept
    size_t n_ctx = 0;                      // positions; 0 = the model's own, at most 4096
    size_t n_threads = 0;                  // 0 = one per core this process may run on
    size_t max_tokens = SIZE_MAX;
    std::string system;  // system prompt, "" = none
    std::vector<std::string> stop_strings;
    SamplerOptions sampler;                       // but its seed is `seed`
    std::optional<uint64_t> seed;                 // nullopt = another one for every answer
    std::string user_name = "You";                // what characters call the person
    std::string persona;                          // who the person is, for characters
    uint64_t snapshot_bytes = uint64_t{8} << 30;  // of kept KV caches; 0 = none are kept
    Color color = Color::automatic;
    Overflow overflow = Overflow::ask;
    std::string theme = "default";
    Glyphs glyphs = Glyphs::unicode;
    Switch rail = Switch::on;
    Switch mouse = Switch::off;
};

struct Setting {
    std::string_view name;   // "temp": --temp, HEARTH_TEMP, /set temp
    std::string_view flags;  // for the command line, "" = not a flag
    std::string_view table;  // of config.toml, "" = top level
    std::string_view value;  // what the value is called in help: "N", "PATH"
    std::string_view help;   // one line, with the range
    bool is_list;            // may be given several times; a later source replaces the whole list
    bool in_chat;            // /set may change it: it holds from the next answer on
    // Parses one value into the options. The error has no origin yet: "'9' is not a ...".
    Result<void> (*apply)(Options& options, std::string_view text);
    // The value in force, for /set without a value.
    std::string (*show)(const Options& options);
};

std::span<const Setting> all_settings();
const Setting* find_setting(std::string_view name);

// A setting as some source gives it.
struct Assignment {
    const Setting* setting = nullptr;
    std::vector<std::string> values;        // one, unless the setting is a list
    std::string origin;                     // "--temp", "HEARTH_TEMP", "config.toml: line 3, ..."
    ErrorCode on_error = ErrorCode::usage;  // bad_file when a file said it
};

// Checks and applies; an error is "<origin>: <what is wrong with the value>".
Result<void> assign(Options& options, const Assignment& assignment);

// The name in `names` that `word` was probably meant to be, "" when none is near.
std::string nearest_name(std::string_view word, std::span<const std::string_view> names);

}  // namespace hearth
