#include "app/ui/status_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "app/memory_budget.h"
#include "app/progress.h"
#include "app/ui/glyph.h"
#include "app/ui/safe_text.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

constexpr size_t kMeterColumns = 14;

Style phase_style(Phase phase) {
    switch (phase) {
        case Phase::stalled:
        case Phase::failed:
            return {Ink::error, true};
        case Phase::stopped:
            return {Ink::warning, true};
        case Phase::plan:
        case Phase::load:
        case Phase::read:
        case Phase::think:
        case Phase::decode:
            return {Ink::accent, true};
        case Phase::idle:
        case Phase::done:
            break;
    }
    return {Ink::good, true};
}

std::string percent(double share) {
    return fmt::format("{:.0f} %", 100.0 * share);
}

std::string share_text(uint64_t part, uint64_t whole) {
    return percent(static_cast<double>(part) / static_cast<double>(whole));
}

void add_progress(const EngineView& view, std::vector<std::string>& fields) {
    if (view.total == 0) return;
    fields.push_back(share_text(view.done, view.total));
    if (view.seconds_left) fields.push_back(format_seconds(*view.seconds_left) + " left");
    fields.push_back(
        view.phase == Phase::load
            ? fmt::format("{} of {}", format_bytes(view.done), format_bytes(view.total))
            : fmt::format("{} of {} tok", grouped(view.done), grouped(view.total)));
}

std::vector<std::string> fields_of(const EngineView& view) {
    std::vector<std::string> fields;
    if (view.phase == Phase::plan) {
        if (view.total > 0) fields.push_back(share_text(view.done, view.total));
        return fields;
    }
    if (view.phase == Phase::load || view.phase == Phase::read) {
        add_progress(view, fields);
        return fields;
    }
    if (view.stalled_seconds) fields.push_back(fmt::format("{:.0f} s", *view.stalled_seconds));
    if (view.tokens_per_second) fields.push_back(speed(*view.tokens_per_second));
    if (view.tokens > 0) fields.push_back(grouped(view.tokens) + " tok");
    const bool ended = view.phase == Phase::done || view.phase == Phase::stopped;
    if (ended && view.stats && view.stats->ttft_ms > 0.0) {
        fields.push_back(fmt::format("first token {}", short_time(view.stats->ttft_ms)));
    }
    if (const auto hit = view.cold_hit_rate()) {
        fields.push_back(fmt::format("cold hit {:.1f} %", 100.0 * *hit));
    }
    if (const auto bytes = view.bytes_per_token()) {
        fields.push_back(fmt::format("{:.1f} MB/tok", *bytes / 1e6));
    }
    if (const auto stall = view.stall_share()) fields.push_back("stall " + percent(*stall));
    return fields;
}

}  // namespace

std::string meter(double share, size_t columns) {
    const double cells = std::clamp(share, 0.0, 1.0) * static_cast<double>(columns);
    const auto full = static_cast<size_t>(std::lround(cells));
    std::string text;
    for (size_t i = 0; i < columns; ++i) text += i < full ? "▓" : "░";
    return text;
}

std::string grouped(uint64_t value) {
    std::string text = fmt::format("{}", value);
    for (size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
    return text;
}

std::string speed(double rate) {
    return fmt::format("{:.{}f} tok/s", rate, rate < 100.0 ? 1 : 0);
}

std::string short_time(double milliseconds) {
    if (milliseconds < 1000.0) return fmt::format("{:.0f} ms", milliseconds);
    return fmt::format("{:.1f} s", milliseconds / 1000.0);
}

StyledLine status_fields(const EngineView& view, size_t columns) {
    const std::string phase = fmt::format(" {}", to_string(view.phase));
    StyledLine line{{phase, phase_style(view.phase)}};
    size_t used = columns_of(phase);
    bool first = true;
    for (const std::string& field : fields_of(view)) {
        const std::string text = fmt::format("{}{}", first ? " " : " · ", field);
        used += columns_of(text);
        if (used > columns) break;
        line.push_back({text, {first ? Ink::text : Ink::dim}});
        first = false;
    }
    return line;
}

StyledLine header_line(const EngineView& view, std::string_view model, std::string_view title,
                       size_t columns) {
    std::string right;
    if (view.n_ctx > 0) {
        const double share =
            static_cast<double>(view.context_tokens) / static_cast<double>(view.n_ctx);
        right = fmt::format(" ctx {}{}/{}", columns >= 70 ? meter(share, kMeterColumns) + " " : "",
                            grouped(view.context_tokens), grouped(view.n_ctx));
    }
    if (columns >= 60) right += "   F1 help";
    right += ' ';
    const size_t right_columns = columns_of(right);
    const size_t room = columns > right_columns ? columns - right_columns : 0;
    StyledLine line{{fit(" hearth", room), {Ink::accent, true}}};
    const auto add = [&](std::string_view text, Style style) {
        const size_t used = columns_of(line);
        if (used < room) line.push_back({fit(text, room - used), style});
    };
    add(fmt::format("  {}", safe_line(model).str()), {});
    if (!title.empty()) add(fmt::format("   {}", safe_line(title).str()), {Ink::dim});
    const size_t used = columns_of(line);
    if (room >= used) line.push_back({std::string(room - used, ' '), {}});
    const bool nearly_full = view.n_ctx > 0 && view.context_tokens * 10 >= view.n_ctx * 9;
    line.push_back({right, {nearly_full ? Ink::warning : Ink::dim}});
    return line;
}

}  // namespace hearth
