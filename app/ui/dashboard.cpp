#include "app/ui/dashboard.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <span>
#include <utility>

#include "app/memory_budget.h"
#include "app/ui/dashboard_json.h"
#include "app/ui/dashboard_pages.h"
#include "app/ui/status_line.h"
#include "app/ui/widgets.h"
#include "engine/base/file.h"

namespace hearth {
namespace {

using std::chrono::milliseconds;

constexpr std::array kPeriods{milliseconds(2000), milliseconds(1000), milliseconds(500),
                              milliseconds(250),  milliseconds(125),  milliseconds(62)};
constexpr size_t kMaxTyped = 4;

std::optional<std::string> rate_of(const std::optional<double>& rate) {
    return rate ? std::optional(speed(*rate)) : std::nullopt;
}

}  // namespace

DashboardData dashboard_data(const EngineMonitor& monitor, std::string model,
                             const ProcessSampler& process, EngineMonitor::Clock::time_point now) {
    return {
        std::move(model),     monitor.view(now),  {monitor.rates().begin(), monitor.rates().end()},
        monitor.totals(),     process.latest(),   process.read_rate(),
        process.fault_rate(), process.ui_share(), {}};
}

void Dashboard::show_page(int page) {
    if (page >= 1 && page <= kPages) page_ = page;
}

std::optional<milliseconds> Dashboard::period() const {
    return paused_ ? std::nullopt : std::optional(kPeriods[rate_]);
}

Dashboard::Outcome Dashboard::key(const Key& key) {
    if (typed_ && key.code == KeyCode::enter) {
        if (!typed_->empty()) layer_ = static_cast<size_t>(std::atoi(typed_->c_str()));
        typed_.reset();
        return Outcome::open;
    }
    if (key.code == KeyCode::escape) {
        const bool was_typing = typed_.has_value();
        typed_.reset();
        return was_typing ? Outcome::open : Outcome::closed;
    }
    if (key.code == KeyCode::function && key.number == 2) return Outcome::closed;
    if (key.code == KeyCode::left) page_ = page_ > 1 ? page_ - 1 : kPages;
    if (key.code == KeyCode::right || key.code == KeyCode::tab) page_ = page_ % kPages + 1;
    if (key.code == KeyCode::up && layer_ > 0) --layer_;
    if (key.code == KeyCode::down) ++layer_;
    if (key.code != KeyCode::text) return Outcome::open;
    for (const char one : key.bytes) {
        if (one == 'q') return Outcome::closed;
        if (one == 'r') return Outcome::zero;
        if (one == 's') return Outcome::snapshot;
        if (one == 'g') return Outcome::glyphs;
        letter(one);
    }
    return Outcome::open;
}

void Dashboard::letter(char letter) {
    const bool is_digit = letter >= '0' && letter <= '9';
    if (typed_ && is_digit && typed_->size() < kMaxTyped) {
        *typed_ += letter;
    } else if (letter == '/') {
        page_ = 2;
        typed_ = "";
    } else if (letter == 'p') {
        paused_ = !paused_;
    } else if (letter == '+' && rate_ + 1 < kPeriods.size()) {
        ++rate_;
    } else if (letter == '-' && rate_ > 0) {
        --rate_;
    } else if (is_digit) {
        show_page(letter - '0');
    }
}

void Dashboard::draw(Canvas& canvas, const Area& area, const DashboardData& data) const {
    canvas.fill(area, U' ', {});
    if (area.rows < 2) return;
    DashboardData counted = data;
    counted.totals = data.totals.since(before_);
    draw_page(canvas, {area.row, area.column, area.rows - 1, area.columns}, counted);
    draw_footer(canvas, {area.row + area.rows - 1, area.column, 1, area.columns});
}

void Dashboard::draw_page(Canvas& canvas, const Area& page, const DashboardData& data) const {
    switch (page_) {
        case 1:
            return draw_live_page(canvas, page, data);
        case 2:
            return draw_neuron_page(canvas, page, data, layer_);
        case 3:
            return draw_pipeline_page(canvas, page, data);
        case 4:
            return draw_flash_page(canvas, page, data);
        case 5:
            return draw_memory_page(canvas, page, data);
        default:
            return draw_history_page(canvas, page, data);
    }
}

// " 1 live  2 neurons ... p pause  +/- 4 Hz  r zero  s save  q back"
void Dashboard::draw_footer(Canvas& canvas, const Area& row) const {
    constexpr std::array<std::string_view, kPages> kNames{"live",  "neurons", "pipeline",
                                                          "flash", "memory",  "history"};
    if (typed_) {
        canvas.put(row.row, row.column, fmt::format(" layer {}", *typed_), {}, row.columns);
        return;
    }
    const size_t end = row.column + row.columns;
    size_t at = row.column + 1;
    for (size_t i = 0; i < kNames.size() && at < end; ++i) {
        const bool is_shown = static_cast<int>(i) + 1 == page_;
        const std::string text = fmt::format("{} {}", i + 1, kNames[i]);
        const Style style = is_shown ? Style{Ink::select} : Style{Ink::dim};
        at = canvas.put(row.row, at, text, style, end - at) + 2;
    }
    const double hertz = 1000.0 / static_cast<double>(kPeriods[rate_].count());
    const std::string rate = paused_ ? "PAUSED" : fmt::format("{:.2g} Hz", hertz);
    const Style style = paused_ ? Style{Ink::warning, true} : Style{Ink::dim};
    if (at < end) at = canvas.put(row.row, at, rate, style, end - at) + 2;
    // What fits whole, the most wanted first.
    for (const std::string_view hint :
         {"q back", "p pause", "s save", "r zero", "+ - rate", "/ layer", "g glyphs"}) {
        if (at + hint.size() > end) break;
        at = canvas.put(row.row, at, hint, {Ink::dim}) + 2;
    }
}

Result<std::string> write_dashboard(const std::string& folder, const DashboardData& data) {
    constexpr Size kPaper{30, 100};
    std::string text;
    for (int page = 1; page <= Dashboard::kPages; ++page) {
        Dashboard dashboard;
        dashboard.show_page(page);
        Canvas canvas(kPaper);
        dashboard.draw(canvas, {0, 0, kPaper.rows, kPaper.columns}, data);
        for (size_t row = 0; row < kPaper.rows; ++row) text += canvas.text(row) + "\n";
    }
    const std::time_t now = std::time(nullptr);
    const std::string path = fmt::format("{}/engine-{:%Y%m%d-%H%M%S}", folder, fmt::localtime(now));
    const std::string json = to_json(data) + "\n";
    HEARTH_TRY_VOID(write_file_atomically(path + ".txt", std::as_bytes(std::span(text))));
    HEARTH_TRY_VOID(write_file_atomically(path + ".json", std::as_bytes(std::span(json))));
    return path;
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
