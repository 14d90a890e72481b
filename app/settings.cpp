#include "app/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "engine/base/printable.h"

namespace hearth {
namespace {

constexpr uint64_t kMaxContext = 1 << 20;
constexpr uint64_t kMaxThreads = 256;
constexpr uint64_t kMaxTokens = 1'000'000'000;
constexpr uint64_t kMaxTopK = 1'000'000;
constexpr size_t kMaxValueShown = 60;  // bytes of a bad value that an error repeats
constexpr size_t kMaxStopStrings = 16;
constexpr size_t kMaxStopBytes = 256;
constexpr size_t kMaxSystemBytes = 1 << 20;

std::string quoted(std::string_view text) {
    return fmt::format("'{}'", printable(text, kMaxValueShown));
}

Result<uint64_t> parse_integer(std::string_view text, uint64_t low, uint64_t high) {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && low <= value && value <= high) {
        return value;
    }
    return make_error(ErrorCode::usage, "{} is not a whole number from {} to {}", quoted(text), low,
                      high);
}

Result<float> parse_number(std::string_view text, double low, double high) {
    double value = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size() && low <= value && value <= high) {
        return static_cast<float>(value);
    }
    return make_error(ErrorCode::usage, "{} is not a number from {} to {}", quoted(text), low,
                      high);
}

Result<std::string> parse_word(std::string_view text, std::span<const std::string_view> words) {
    if (std::find(words.begin(), words.end(), text) != words.end()) return std::string(text);
    return make_error(ErrorCode::usage, "{} is not one of {}", quoted(text),
                      fmt::join(words, ", "));
}

// The shapes that most settings have, as functions for the table.

template <size_t Options::*member, uint64_t low, uint64_t high>
Result<void> apply_size(Options& options, std::string_view text) {
    HEARTH_TRY(options.*member, parse_integer(text, low, high));
    return {};
}

template <float SamplerOptions::*member, int low, int high>
Result<void> apply_float(Options& options, std::string_view text) {
    HEARTH_TRY(options.sampler.*member, parse_number(text, low, high));
    return {};
}

template <float SamplerOptions::*member>
std::string show_float(const Options& options) {
    return fmt::format("{}", options.sampler.*member);
}

template <std::string Options::*member>
std::string show_text(const Options& options) {
    return options.*member;
}

std::string or_auto(size_t value) {
    return value == 0 ? "auto" : fmt::format("{}", value);
}

Result<void> apply_model(Options& options, std::string_view text) {
    if (text.empty() || text.find('\0') != std::string_view::npos) {
        return make_error(ErrorCode::usage, "{} is not the path of a model file", quoted(text));
    }
    options.model = text;
    return {};
}

Result<void> apply_memory(Options& options, std::string_view text) {
    auto limit = parse_memory_limit(text);
    if (!limit) return make_error(ErrorCode::usage, "{} {}", quoted(text), limit.error().message);
    options.memory = *limit;
    return {};
}

Result<void> apply_sparsity(Options& options, std::string_view text) {
    std::vector<std::string_view> names;
    for (const auto mode : {SparsityMode::dense, SparsityMode::exact, SparsityMode::predicted}) {
        names.push_back(to_string(mode));
        if (text == names.back()) options.sparsity = mode;
    }
    return parse_word(text, names).map([](const std::string&) {});
}

std::string show_sparsity(const Options& options) {
    return options.sparsity ? std::string(to_string(*options.sparsity)) : "auto";
}

Result<void> apply_plan(Options& options, std::string_view text) {
    constexpr std::array<std::string_view, 2> kWords{"auto", "off"};
    options.makes_plans = text != "off";
    return parse_word(text, kWords).map([](const std::string&) {});
}

Result<void> apply_isa(Options& options, std::string_view text) {
    constexpr std::array<std::string_view, 3> kIsas{"scalar", "avx2", "avx512"};
    HEARTH_TRY(options.isa, parse_word(text, kIsas));
    return {};
}

Result<void> apply_top_k(Options& options, std::string_view text) {
    HEARTH_TRY(options.sampler.top_k, parse_integer(text, 0, kMaxTopK));
    return {};
}

Result<void> apply_seed(Options& options, std::string_view text) {
    if (text == "random") {
        options.seed = std::nullopt;
        return {};
    }
    HEARTH_TRY(options.seed, parse_integer(text, 0, UINT64_MAX));
    return {};
}

Result<void> apply_repeat_penalty(Options& options, std::string_view text) {
    HEARTH_TRY(options.sampler.repetition_penalty, parse_number(text, 0.1, 2));
    return {};
}

Result<void> apply_stop(Options& options, std::string_view text) {
    if (text.empty() || text.size() > kMaxStopBytes) {
        return make_error(ErrorCode::usage, "{} has {} bytes, a stop string has 1 to {}",
                          quoted(text), text.size(), kMaxStopBytes);
    }
    if (options.stop_strings.size() == kMaxStopStrings) {
        return make_error(ErrorCode::usage, "{} is one too many, at most {} stop strings",
                          quoted(text), kMaxStopStrings);
    }
    options.stop_strings.emplace_back(text);
    return {};
}

Result<void> apply_system(Options& options, std::string_view text) {
    if (text.size() > kMaxSystemBytes) {
        return make_error(ErrorCode::usage, "{} has {} bytes, a system prompt has at most {}",
                          quoted(text), text.size(), kMaxSystemBytes);
    }
    options.system = text;
    return {};
}

template <std::string Options::*member>
Result<void> apply_text(Options& options, std::string_view text) {
    constexpr size_t kMaxTextBytes = 10'000;
    if (text.size() > kMaxTextBytes) {
        return make_error(ErrorCode::usage, "{} has {} bytes, at most {}", quoted(text),
                          text.size(), kMaxTextBytes);
    }
    options.*member = text;
    return {};
}

Result<void> apply_snapshots(Options& options, std::string_view text) {
    if (text == "off") {
        options.snapshot_bytes = 0;
        return {};
    }
    const auto limit = parse_memory_limit(text);
    if (!limit || limit->kind != MemoryLimit::Kind::bytes) {
        return make_error(ErrorCode::usage, "{} is not a size (8G, 500M) or off", quoted(text));
    }
    options.snapshot_bytes = limit->value;
    return {};
}

std::string show_snapshots(const Options& options) {
    return options.snapshot_bytes == 0 ? "off" : format_bytes(options.snapshot_bytes);
}

Result<void> apply_color(Options& options, std::string_view text) {
    constexpr std::array<std::string_view, 3> kWords{"auto", "always", "never"};
    HEARTH_TRY(const std::string word, parse_word(text, kWords));
    options.color = word == "auto"     ? Color::automatic
                    : word == "always" ? Color::always
                                       : Color::never;
    return {};
}

std::string show_color(const Options& options) {
    switch (options.color) {
        case Color::always:
            return "always";
        case Color::never:
            return "never";
        case Color::automatic:
            break;
    }
    return "auto";
}

// A setting that is one of a few words, in the order of its enumeration.
template <auto Options::*member, const auto& words>
Result<void> apply_word(Options& options, std::string_view text) {
    HEARTH_TRY_VOID(parse_word(text, words).map([](const std::string&) {}));
    const auto index = std::find(words.begin(), words.end(), text) - words.begin();
    options.*member = static_cast<std::decay_t<decltype(options.*member)>>(index);
    return {};
}

template <auto Options::*member, const auto& words>
std::string show_word(const Options& options) {
    return std::string(words[static_cast<size_t>(options.*member)]);
}

constexpr std::array<std::string_view, 4> kOverflows{"ask", "shift", "summarise", "error"};
constexpr std::array<std::string_view, 2> kGlyphs{"unicode", "ascii"};
constexpr std::array<std::string_view, 2> kSwitch{"off", "on"};

Result<void> apply_theme(Options& options, std::string_view text) {
    options.theme = text;
    return {};
}

constexpr auto kSettings = std::to_array<Setting>({
    {"model", "-m,--model", "", "PATH", "model file (GGUF); without it the bundled model", false,
     false, apply_model, show_text<&Options::model>},
    {"models", "", "", "PATH", "a folder of model files that /model lists too", false, false,
     apply_text<&Options::models>, show_text<&Options::models>},
    {"memory", "--memory", "engine", "SIZE", "memory the process may use: 6G, 50%, auto", false,
     false, apply_memory, [](const Options& o) { return to_string(o.memory); }},
    {"sparsity", "--sparsity", "engine", "MODE", "how the FFN is computed: dense, exact, predicted",
     false, false, apply_sparsity, show_sparsity},
    {"threads", "--threads", "engine", "N", "compute threads, 1 to 256; without it one per core",
     false, false, apply_size<&Options::n_threads, 1, kMaxThreads>,
     [](const Options& o) { return or_auto(o.n_threads); }},
    {"plan", "--plan", "engine", "WHEN",
     "measure a new model once, on a terminal: auto, off (safe defaults)", false, false, apply_plan,
     [](const Options& o) { return std::string(o.makes_plans ? "auto" : "off"); }},
    {"isa", "", "engine", "NAME", "instruction set: scalar, avx2, avx512; without it the best",
     false, false, apply_isa, show_text<&Options::isa>},
    {"ctx", "--ctx", "engine", "N",
     "context in tokens, 16 to 1048576; without it the model's, at most 4096", false, false,
     apply_size<&Options::n_ctx, 16, kMaxContext>,
     [](const Options& o) { return or_auto(o.n_ctx); }},
    {"system", "-s,--system", "chat", "TEXT", "system prompt", false, false, apply_system,
     show_text<&Options::system>},
    {"max-tokens", "-n,--max-tokens", "sampling", "N", "longest answer in tokens, 1 to 1000000000",
     false, true, apply_size<&Options::max_tokens, 1, kMaxTokens>,
     [](const Options& o) {
         return o.max_tokens == SIZE_MAX ? "no limit" : fmt::format("{}", o.max_tokens);
     }},
    {"temp", "--temp", "sampling", "T", "temperature, 0 (always the likeliest token) to 5", false,
     true, apply_float<&SamplerOptions::temperature, 0, 5>,
     show_float<&SamplerOptions::temperature>},
    {"top-k", "--top-k", "sampling", "N", "sample from the N likeliest tokens; 0 = all", false,
     true, apply_top_k, [](const Options& o) { return fmt::format("{}", o.sampler.top_k); }},
    {"top-p", "--top-p", "sampling", "P",
     "sample from the likeliest tokens with this share of the probability, 0 to 1; 1 = all", false,
     true, apply_float<&SamplerOptions::top_p, 0, 1>, show_float<&SamplerOptions::top_p>},
    {"min-p", "--min-p", "sampling", "P",
     "drop tokens less likely than P times the likeliest, 0 to 1; 0 = none", false, true,
     apply_float<&SamplerOptions::min_p, 0, 1>, show_float<&SamplerOptions::min_p>},
    {"repeat-penalty", "--repeat-penalty", "sampling", "X",
     "makes tokens of the last 64 less likely, 0.1 to 2; 1 = off", false, true,
     apply_repeat_penalty, show_float<&SamplerOptions::repetition_penalty>},
    {"presence-penalty", "--presence-penalty", "sampling", "X",
     "subtracted once from tokens seen lately, -2 to 2", false, true,
     apply_float<&SamplerOptions::presence_penalty, -2, 2>,
     show_float<&SamplerOptions::presence_penalty>},
    {"frequency-penalty", "--frequency-penalty", "sampling", "X",
     "subtracted each time a token was seen lately, -2 to 2", false, true,
     apply_float<&SamplerOptions::frequency_penalty, -2, 2>,
     show_float<&SamplerOptions::frequency_penalty>},
    {"seed", "--seed", "sampling", "N",
     "same seed, same answer: 0 to 18446744073709551615, or random", false, true, apply_seed,
     [](const Options& o) { return o.seed ? fmt::format("{}", *o.seed) : "random"; }},
    {"stop", "--stop", "sampling", "TEXT", "end the answer before this text; may be repeated", true,
     true, apply_stop,
     [](const Options& o) { return fmt::format("{}", fmt::join(o.stop_strings, ", ")); }},
    {"user-name", "", "roleplay", "NAME", "what characters call you", false, false,
     apply_text<&Options::user_name>, show_text<&Options::user_name>},
    {"persona", "", "roleplay", "TEXT", "who you are, for characters", false, false,
     apply_text<&Options::persona>, show_text<&Options::persona>},
    {"snapshots", "", "kv", "SIZE",
     "disk for the caches of closed conversations, which reopen at once: 8G, or off", false, false,
     apply_snapshots, show_snapshots},
    {"color", "--color", "ui", "WHEN", "auto, always, never", false, false, apply_color,
     show_color},
    {"overflow", "--overflow", "chat", "HOW",
     "when the conversation outgrows the context: ask, shift (send without the oldest), summarise "
     "(the model sums them up), error",
     false, true, apply_word<&Options::overflow, kOverflows>,
     show_word<&Options::overflow, kOverflows>},
    {"theme", "--theme", "ui", "NAME", "default, dark, light, high-contrast, mono, or your own",
     false, true, apply_theme, show_text<&Options::theme>},
    {"glyphs", "--glyphs", "ui", "SET", "what the screen is drawn with: unicode, ascii", false,
     false, apply_word<&Options::glyphs, kGlyphs>, show_word<&Options::glyphs, kGlyphs>},
    {"rail", "", "ui", "SWITCH", "the numbers beside the conversation: on, off (F3)", false, true,
     apply_word<&Options::rail, kSwitch>, show_word<&Options::rail, kSwitch>},
    {"mouse", "", "ui", "SWITCH", "the wheel scrolls: on, off (the terminal selects)", false, false,
     apply_word<&Options::mouse, kSwitch>, show_word<&Options::mouse, kSwitch>},
});

// Insertions, deletions and replacements that turn one word into the other.
size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (size_t i = 0; i < a.size(); ++i) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b.size(); ++j) {
            const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
        }
    }
    return row[b.size()];
}

}  // namespace

std::span<const Setting> all_settings() {
    return kSettings;
}

const Setting* find_setting(std::string_view name) {
    const auto* found = std::find_if(kSettings.begin(), kSettings.end(),
                                     [&](const Setting& s) { return s.name == name; });
    return found == kSettings.end() ? nullptr : found;
}

Result<void> assign(Options& options, const Assignment& assignment) {
    if (assignment.setting->is_list) options.stop_strings.clear();
    for (const std::string& value : assignment.values) {
        const auto applied = assignment.setting->apply(options, value);
        if (!applied) {
            return make_error(assignment.on_error, "{}: {}", assignment.origin,
                              applied.error().message);
        }
    }
    return {};
}

std::string nearest_name(std::string_view word, std::span<const std::string_view> names) {
    constexpr size_t kNear = 3;
    if (word.size() > 64) return "";
    size_t best = kNear;
    std::string nearest;
    for (const std::string_view name : names) {
        const size_t distance = edit_distance(word, name);
        if (distance < best && distance < name.size()) {
            best = distance;
            nearest = name;
        }
    }
    return nearest;
}

}  // namespace hearth
