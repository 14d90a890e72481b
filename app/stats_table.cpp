#include "app/stats_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/memory_budget.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMaxGroup = 28;  // characters of the first column
constexpr size_t kBarCells = 40;

std::string or_dash(const std::optional<double>& value, std::string_view format) {
    return value ? fmt::format(fmt::runtime(format), *value) : "-";
}

std::string percent(const std::optional<double>& share) {
    return share ? fmt::format("{:.1f} %", 100.0 * *share) : "-";
}

// A bar in eighths of a cell.
std::string bar(double share) {
    constexpr std::string_view kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const auto eighths = static_cast<size_t>(std::clamp(share, 0.0, 1.0) * kBarCells * 8.0 + 0.5);
    std::string cells;
    for (size_t i = 0; i < eighths / 8; ++i) cells += "█";
    cells += kEighths[eighths % 8];
    return cells;
}

std::string plot(std::span<const StatsRow> rows, size_t width) {
    double fastest = 0.0;
    for (const StatsRow& row : rows) {
        fastest = std::max(fastest, row.decode_tokens_per_second.value_or(0.0));
    }
    if (fastest <= 0.0) return "";
    std::string text = "\ndecode, tokens per second\n";
    for (const StatsRow& row : rows) {
        if (!row.decode_tokens_per_second) continue;
        const double speed = *row.decode_tokens_per_second;
        text += fmt::format("{:<{}}  {:>8.1f} {}\n", printable(row.group, kMaxGroup), width, speed,
                            bar(speed / fastest));
    }
    return text;
}

Json to_json(const StatsRow& row, std::string_view group) {
    const auto or_null = [](const std::optional<double>& value) {
        return value ? Json(*value) : Json(nullptr);
    };
    return {{group, row.group},
            {"turns", row.turns},
            {"prompt_tokens", row.prompt_tokens},
            {"reused_tokens", row.reused_tokens},
            {"prefill_tokens", row.prefill_tokens},
            {"prefill_tokens_per_second", or_null(row.prefill_tokens_per_second)},
            {"decode_tokens", row.decode_tokens},
            {"decode_tokens_per_second", or_null(row.decode_tokens_per_second)},
            {"ttft_ms", row.ttft_ms},
            {"cold_hit_rate", or_null(row.cold_hit_rate)},
            {"io_bytes", row.io_bytes},
            {"stall_seconds", row.stall_seconds},
            {"peak_rss_bytes", row.peak_rss_bytes}};
}

std::string csv_field(const Json& value) {
    if (value.is_null()) return "";
    if (!value.is_string()) return value.dump();
    const std::string text = value.get<std::string>();
    // A spreadsheet would take these for formulas.
    const bool formula =
        !text.empty() && std::string_view("=+-@").find(text[0]) != std::string::npos;
    if (!formula && text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = formula ? "\"'" : "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

}  // namespace

std::string stats_table(std::span<const StatsRow> rows, std::string_view group) {
    size_t width = group.size();
    for (const StatsRow& row : rows) {
        width = std::max(width, printable(row.group, kMaxGroup).size());
    }
    std::string text = fmt::format(
        "{:<{}} {:>6} {:>8} {:>9} {:>8} {:>9} {:>9} {:>8} {:>10} {:>8}\n", group, width, "turns",
        "prompt", "prefill/s", "decoded", "decode/s", "ttft ms", "cold hit", "read", "stall s");
    for (const StatsRow& row : rows) {
        const std::string name = row.group.empty() ? "none" : printable(row.group, kMaxGroup);
        text += fmt::format(
            "{:<{}} {:>6} {:>8} {:>9} {:>8} {:>9} {:>9.0f} {:>8} {:>10} {:>8.2f}\n", name, width,
            row.turns, row.prompt_tokens, or_dash(row.prefill_tokens_per_second, "{:.1f}"),
            row.decode_tokens, or_dash(row.decode_tokens_per_second, "{:.1f}"), row.ttft_ms,
            percent(row.cold_hit_rate), format_bytes(row.io_bytes), row.stall_seconds);
    }
    return text + plot(rows, width);
}

std::string stats_csv(std::span<const StatsRow> rows, std::string_view group) {
    const auto line = [](const Json& json, auto&& field_of) {
        std::string text;
        for (const auto& [key, value] : json.items()) {
            if (!text.empty()) text += ',';
            text += field_of(key, value);
        }
        return text + "\r\n";
    };
    std::string text =
        line(to_json({}, group), [](const std::string& key, const Json&) { return key; });
    for (const StatsRow& row : rows) {
        text += line(to_json(row, group),
                     [](const std::string&, const Json& value) { return csv_field(value); });
    }
    return text;
}

std::string stats_json(std::span<const StatsRow> rows, std::string_view group, bool ascii) {
    std::string text;
    for (const StatsRow& row : rows) {
        text += to_json(row, group).dump(-1, ' ', ascii, Json::error_handler_t::replace) + "\n";
    }
    return text;
}

}  // namespace hearth
