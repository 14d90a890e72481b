#include "app/ui/dashboard.h"

#include <algorithm>

#include "app/memory_budget.h"
#include "app/ui/dashboard_pages.h"
#include "app/ui/status_line.h"
#include "app/ui/widgets.h"

namespace hearth {
namespace {

constexpr std::string_view kFooter =
    " 1 live  2 neurons  3 pipeline  4 flash  5 memory  6 history  p pause  q back";

std::optional<std::string> rate_of(const std::optional<double>& rate) {
    return rate ? std::optional(speed(*rate)) : std::nullopt;
}

}  // namespace

bool Dashboard::key(const Key& key) {
    if (key.code == KeyCode::escape) return false;
    if (key.code == KeyCode::function) return key.number != 2;
    if (key.code == KeyCode::left) page_ = page_ > 1 ? page_ - 1 : kPages;
    if (key.code == KeyCode::right || key.code == KeyCode::tab) page_ = page_ % kPages + 1;
    if (key.code == KeyCode::up && layer_ > 0) --layer_;
    if (key.code == KeyCode::down) ++layer_;
    if (key.code != KeyCode::text) return true;
    const char letter = key.bytes[0];
    if (letter == 'q') return false;
    if (letter == 'p') paused_ = !paused_;
    if (letter >= '1' && letter < '1' + kPages) page_ = letter - '0';
    return true;
}

void Dashboard::draw(Canvas& canvas, const Area& area, const DashboardData& data) const {
    canvas.fill(area, U' ', {});
    if (area.rows < 2) return;
    const Area page{area.row, area.column, area.rows - 1, area.columns};
    switch (page_) {
        case 1:
            draw_live_page(canvas, page, data);
            break;
        case 2:
            draw_neuron_page(canvas, page, data, layer_);
            break;
        case 3:
            draw_pipeline_page(canvas, page, data);
            break;
        case 4:
            draw_flash_page(canvas, page, data);
            break;
        case 5:
            draw_memory_page(canvas, page, data);
            break;
        default:
            draw_history_page(canvas, page, data);
    }
    const size_t row = area.row + area.rows - 1;
    canvas.put(row, area.column, kFooter, {Ink::dim}, area.columns);
    const size_t at = kFooter.find(static_cast<char>('0' + page_));
    if (at < area.columns) canvas.restyle({row, area.column + at, 1, 1}, {Ink::select});
    if (paused_) canvas.put(row, area.column + kFooter.size() + 2, "PAUSED", {Ink::warning, true});
}

void draw_rail(Canvas& canvas, const Area& area, const DashboardData& data) {
    canvas.fill({area.row, area.column, area.rows, 1}, U'│', {Ink::dim});
    const Area inside{area.row, area.column + 2, area.rows, area.columns - 3};
    const size_t columns = inside.columns;
    const EngineView& view = data.view;
    std::vector<StyledLine> lines;
    const auto head = [&](const char* text) {
        if (!lines.empty()) lines.emplace_back();
        lines.push_back({{text, {Ink::heading, true}}});
    };
    head("speed");
    lines.push_back(labelled("decode", rate_of(view.tokens_per_second), columns));
    lines.push_back({{sparkline(data.rates, columns), {Ink::good}}});
    if (view.stats && view.stats->ttft_ms > 0.0) {
        lines.push_back(labelled("first token", short_time(view.stats->ttft_ms), columns));
    }
    if (view.stats && view.stats->prefill.seconds > 0.0) {
        lines.push_back(
            labelled("prefill", speed(view.stats->prefill.tokens_per_second()), columns));
    }
    head("cache hit");
    const auto shown = [](const std::optional<double>& share) {
        return share ? std::optional(percent(*share)) : std::nullopt;
    };
    lines.push_back(labelled("cold now", shown(view.cold_hit_rate()), columns));
    lines.push_back(labelled("cold session", shown(data.totals.cold_hit_rate()), columns));
    lines.push_back(labelled("hot session", shown(data.totals.hot_hit_rate()), columns));
    head("flash");
    const auto bytes = view.bytes_per_token();
    lines.push_back(
        labelled("per token", bytes ? std::optional(megabytes(*bytes)) : std::nullopt, columns));
    lines.push_back(labelled("stall", shown(view.stall_share()), columns));
    head("memory");
    const auto size = [](const std::optional<uint64_t>& value) {
        return value ? std::optional(format_bytes(*value)) : std::nullopt;
    };
    lines.push_back(labelled("resident", size(data.process.rss_bytes), columns));
    if (const RunStats* stats = view.any_stats()) {
        lines.push_back(labelled("fixed", format_bytes(stats->fixed_bytes), columns));
        lines.push_back(labelled("hot", format_bytes(stats->hot.bytes), columns));
        if (stats->cold.capacity_bytes > 0) {
            lines.push_back(labelled("cold", format_bytes(stats->cold.bytes), columns));
        }
    }
    put_lines(canvas, inside, lines);
}

}  // namespace hearth
