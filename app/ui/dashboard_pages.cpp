#include "app/ui/dashboard_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "app/ui/list_box.h"
#include "app/ui/safe_text.h"
#include "app/ui/status_line.h"
#include "app/ui/widgets.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

// What a page says that has nothing to show.
void draw_absent(Canvas& canvas, const Area& area, std::string_view title, std::string_view why) {
    const Area inside = draw_box(canvas, area, title, "");
    std::vector<StyledLine> lines;
    wrap_text(why, {Ink::dim}, std::max<size_t>(inside.columns, 1), {}, lines);
    put_lines(canvas, inside, lines);
}

// Splits an area from left to right; the last part gets the rest.
std::vector<Area> side_by_side(const Area& area, size_t parts) {
    std::vector<Area> areas;
    for (size_t i = 0; i < parts; ++i) {
        const size_t begin = area.columns * i / parts;
        const size_t end = area.columns * (i + 1) / parts;
        areas.push_back({area.row, area.column + begin, area.rows, end - begin});
    }
    return areas;
}

Area below(const Area& area, size_t rows) {
    const size_t used = std::min(rows, area.rows);
    return {area.row + used, area.column, area.rows - used, area.columns};
}

Area top(const Area& area, size_t rows) {
    return {area.row, area.column, std::min(rows, area.rows), area.columns};
}

}  // namespace

void put_lines(Canvas& canvas, const Area& area, const std::vector<StyledLine>& lines) {
    for (size_t i = 0; i < std::min(lines.size(), area.rows); ++i) {
        canvas.put(area.row + i, area.column, lines[i], area.columns);
    }
}

void draw_live_page(Canvas& canvas, const Area& area, const DashboardData& data) {
    constexpr size_t kUpper = 8;
    constexpr size_t kLower = 13;
    constexpr size_t kLeastMap = 8;
    constexpr size_t kNarrow = 60;
    if (area.columns < kNarrow) {  // one below the other, the most wanted first
        draw_speed_box(canvas, top(area, kUpper), data);
        if (area.rows > kUpper + 3) draw_token_box(canvas, below(area, kUpper), data);
        return;
    }
    const bool three = area.columns >= 90;
    const std::vector<Area> upper = side_by_side(top(area, kUpper), three ? 3 : 2);
    draw_speed_box(canvas, upper[0], data);
    draw_hits_box(canvas, upper[1], data);
    if (three) draw_flash_box(canvas, upper[2], data);
    const Area rest = below(area, kUpper);
    if (rest.rows < 4) return;
    const bool has_map = rest.rows >= kLower + kLeastMap;
    if (has_map) draw_neuron_page(canvas, below(rest, kLower), data, 0);
    const std::vector<Area> lower = side_by_side(has_map ? top(rest, kLower) : rest, 2);
    draw_token_box(canvas, lower[0], data);
    draw_memory_box(canvas, lower[1], data);
}

void draw_neuron_page(Canvas& canvas, const Area& area, const DashboardData& data, size_t layer) {
    const std::vector<LayerView>& layers = data.view.layers;
    if (layers.empty()) {
        draw_absent(canvas, area, "neuron residency by layer",
                    "The engine reports no neurons: all of them are in memory, or layers are "
                    "streamed whole, or nothing has been written yet.");
        return;
    }
    const Area inside = draw_box(canvas, area, "neurons by layer · shade: share resident", "↑↓");
    std::vector<StyledLine> lines;
    const size_t first = std::min(layer, layers.size() - 1);
    const auto worst = std::min_element(layers.begin(), layers.end(), [](auto& a, auto& b) {
        return a.cold_hit_rate.value_or(2.0) < b.cold_hit_rate.value_or(2.0);
    });
    for (size_t i = first; i < layers.size() && lines.size() < inside.rows; ++i) {
        const LayerView& one = layers[i];
        StyledLine line{{fmt::format("{:>3} ", i), {Ink::dim}}};
        std::string cells;
        for (const float share : one.resident) {
            cells += share > 0.95F   ? "█"
                     : share > 0.6F  ? "▓"
                     : share > 0.3F  ? "▒"
                     : share > 0.02F ? "░"
                                     : " ";
        }
        line.push_back({cells, {Ink::accent}});
        const std::string hit = one.cold_hit_rate ? percent(*one.cold_hit_rate) : "–";
        line.push_back({fmt::format("  cold hit {:>7}", hit), {}});
        if (one.read_bytes) {
            line.push_back(
                {fmt::format("  read {:>9}", megabytes(double(*one.read_bytes))), {Ink::dim}});
        }
        if (&one == &*worst && one.cold_hit_rate) line.push_back({" ◂ worst", {Ink::warning}});
        lines.push_back(std::move(line));
    }
    put_lines(canvas, inside, lines);
}

void draw_pipeline_page(Canvas& canvas, const Area& area, const DashboardData& data) {
    if (data.view.trace.empty()) {
        draw_absent(canvas, area, "pipeline of one token",
                    "The engine has traced no token yet. Where nothing is streamed there is no "
                    "pipeline: a token is attention and FFN, layer after layer.");
        return;
    }
    const Area inside = draw_box(canvas, area, "pipeline of one token", "");
    double end_ms = 0.0;
    for (const TraceSpan& span : data.view.trace) end_ms = std::max(end_ms, span.end_ms);
    if (end_ms <= 0.0 || inside.columns < 20) return;
    const size_t plot = inside.columns - 9;
    std::vector<std::string> names;
    for (const TraceSpan& span : data.view.trace) {
        auto row = std::find(names.begin(), names.end(), span.lane) - names.begin();
        if (static_cast<size_t>(row) == names.size()) names.push_back(span.lane);
        if (static_cast<size_t>(row) + 2 > inside.rows) continue;
        const size_t at = inside.row + static_cast<size_t>(row) + 1;
        const auto column = [&](double ms) {
            return static_cast<size_t>(ms / end_ms * static_cast<double>(plot - 1));
        };
        canvas.put(at, inside.column, safe_line(span.lane).str(), {Ink::dim}, 8);
        for (size_t c = column(span.begin_ms); c <= column(span.end_ms); ++c) {
            canvas.put(at, inside.column + 9 + c, std::string(1, span.mark), {Ink::accent});
        }
    }
    canvas.put(inside.row, inside.column + 9, fmt::format("0 … {:.2f} ms", end_ms), {Ink::dim});
    const size_t used = names.size() + 2;
    if (used >= inside.rows) return;
    std::vector<StyledLine> legend;
    wrap_text(
        "A attention · P predict · G gates · L look up · U up and down · F dense FFN · S sum · "
        "H head · R reading · . waiting for a read",
        {Ink::dim}, inside.columns, {}, legend);
    put_lines(canvas, below(inside, used), legend);
}

void draw_flash_page(Canvas& canvas, const Area& area, const DashboardData& data) {
    draw_flash_box(canvas, area, data);
}

void draw_memory_page(Canvas& canvas, const Area& area, const DashboardData& data) {
    draw_memory_box(canvas, area, data);
}

void draw_history_page(Canvas& canvas, const Area& area, const DashboardData& data) {
    if (data.history.days.empty()) {
        draw_absent(canvas, area, "history", "No answer has been recorded yet.");
        return;
    }
    const Area inside = draw_box(canvas, area, "history · hearth stats has all of it", "");
    std::vector<StyledLine> lines;
    const auto add = [&](const char* name, const std::vector<StatsRow>& rows, size_t most) {
        lines.push_back(
            {{fmt::format("{:<20}{:>6}{:>9}{:>14}{:>14}{:>10}{:>9}{:>11}", name, "turns", "tok out",
                          "decode tok/s", "prefill tok/s", "ttft ms", "cold hit", "flash"),
              {Ink::dim}}});
        const size_t first = rows.size() > most ? rows.size() - most : 0;
        for (size_t i = first; i < rows.size(); ++i) {
            const StatsRow& row = rows[i];
            const auto number = [](const std::optional<double>& value) {
                return value ? fmt::format("{:.1f}", *value) : "–";
            };
            const std::string hit = row.cold_hit_rate ? percent(*row.cold_hit_rate) : "–";
            const std::string flash = row.io_bytes > 0 ? megabytes(double(row.io_bytes)) : "–";
            const std::string group = row.group.empty() ? "no plan" : safe_line(row.group).str();
            lines.push_back(
                {{fmt::format("{:<20}{:>6}{:>9}{:>14}{:>14}{:>10.0f}", fit(group, 19), row.turns,
                              grouped(row.decode_tokens), number(row.decode_tokens_per_second),
                              number(row.prefill_tokens_per_second), row.ttft_ms),
                  {}},
                 {fmt::format("{:>9}{:>11}", hit, flash), {}}});
        }
    };
    const size_t for_plans = data.history.plans.size() + 2;
    add("day", data.history.days, inside.rows > for_plans + 2 ? inside.rows - for_plans - 2 : 1);
    lines.emplace_back();
    add("plan", data.history.plans, data.history.plans.size());
    put_lines(canvas, inside, lines);
}

}  // namespace hearth
