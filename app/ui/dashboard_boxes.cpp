// The boxes of the dashboard's pages.
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "app/memory_budget.h"
#include "app/ui/dashboard_pages.h"
#include "app/ui/list_box.h"
#include "app/ui/status_line.h"
#include "app/ui/widgets.h"

namespace hearth {
namespace {

using Text = std::optional<std::string>;

Text share_text(const std::optional<double>& share) {
    return share ? Text(percent(*share)) : std::nullopt;
}

Text size_text(const std::optional<uint64_t>& bytes) {
    return bytes ? Text(format_bytes(*bytes)) : std::nullopt;
}

Text milliseconds_text(double ms) {
    return ms > 0.0 ? Text(fmt::format("{:.1f} ms", ms)) : std::nullopt;
}

// "attention ▓▓▓▓▓     31.0 ms"
StyledLine part_line(std::string_view name, double value, double whole, Style style,
                     std::string_view shown, size_t columns) {
    constexpr size_t kName = 11;
    const size_t value_columns = columns_of(shown);
    const size_t room =
        columns > kName + value_columns + 1 ? columns - kName - value_columns - 1 : 0;
    const std::string cells = bar(whole > 0.0 ? value / whole : 0.0, room);
    const std::string gap(room - std::min(room, columns_of(cells)) + 1, ' ');
    return {{fmt::format("{:<{}}", name, kName), {Ink::dim}},
            {cells, style},
            {gap, {}},
            {std::string(shown), {}}};
}

// How long the token took that was recorded; 0 = none was.
double traced_token_ms(const EngineView& view) {
    double end_ms = 0.0;
    for (const TraceSpan& span : view.trace) {
        if (span.lane.starts_with("core")) end_ms = std::max(end_ms, span.end_ms);
    }
    return end_ms;
}

}  // namespace

void draw_speed_box(Canvas& canvas, const Area& area, const DashboardData& data) {
    const Area inside = draw_box(canvas, area, "speed · last 60 s", "");
    const EngineView& view = data.view;
    const RunStats* stats = view.any_stats();
    std::vector<StyledLine> lines;
    const size_t columns = inside.columns;
    lines.push_back(labelled(
        "decode", view.tokens_per_second ? Text(speed(*view.tokens_per_second)) : Text(), columns));
    lines.push_back({{sparkline(data.rates, columns), {Ink::good}}});
    if (stats != nullptr && stats->decode.tokens > 0) {
        lines.push_back(labelled(
            "ms p50, p99",
            Text(fmt::format("{:.1f}, {:.1f}", stats->latency_ms.p50, stats->latency_ms.p99)),
            columns));
    } else {
        lines.push_back(labelled("ms p50, p99", {}, columns));
    }
    const bool prefilled = stats != nullptr && stats->prefill.seconds > 0.0;
    lines.push_back(labelled(
        "prefill", prefilled ? Text(speed(stats->prefill.tokens_per_second())) : Text(), columns));
    lines.push_back(labelled(
        "first token", stats != nullptr ? milliseconds_text(stats->ttft_ms) : Text(), columns));
    lines.push_back(labelled(
        "session",
        Text(fmt::format("{} tok, {} answers", grouped(data.totals.tokens), data.totals.answers)),
        columns));
    put_lines(canvas, inside, lines);
}

void draw_hits_box(Canvas& canvas, const Area& area, const DashboardData& data) {
    const Area inside = draw_box(canvas, area, "cache hits", "");
    const SessionTotals& totals = data.totals;
    const auto row = [&](std::string_view name, const Text& now, const Text& session,
                         const Text& first) {
        return StyledLine{{fmt::format("{:<6}", name), {Ink::dim}},
                          {fmt::format("{:>7}{:>8}{:>8}", now.value_or("–"), session.value_or("–"),
                                       first.value_or("–")),
                           {}}};
    };
    std::vector<StyledLine> lines;
    lines.push_back(row("", Text("now"), Text("session"), Text("warm-up")));
    lines.push_back(
        row("hot", share_text(data.view.hot_hit_rate()), share_text(totals.hot_hit_rate()), {}));
    lines.push_back(row("cold", share_text(data.view.cold_hit_rate()),
                        share_text(totals.cold_hit_rate()), share_text(totals.warm_up_hit_rate())));
    const RunStats* stats = data.view.any_stats();
    const bool streams = stats != nullptr && stats->cold.capacity_bytes > 0;
    lines.push_back(labelled("evicted", streams ? Text(grouped(stats->cold.evictions)) : Text(),
                             inside.columns));
    lines.push_back(labelled("active neurons",
                             stats != nullptr ? share_text(stats->active_fraction) : Text(),
                             inside.columns));
    lines.push_back(labelled("predictor recall",
                             stats != nullptr ? share_text(stats->predictor_recall) : Text(),
                             inside.columns));
    put_lines(canvas, inside, lines);
}

void draw_flash_box(Canvas& canvas, const Area& area, const DashboardData& data) {
    const Area inside = draw_box(canvas, area, "flash", "");
    const size_t columns = inside.columns;
    const RunStats* stats = data.view.any_stats();
    const bool streams =
        stats != nullptr && (stats->io_reads > 0 || stats->cold.capacity_bytes > 0);
    const auto per_token = data.view.bytes_per_token();
    std::vector<StyledLine> lines;
    lines.push_back(
        labelled("per token", per_token ? Text(megabytes(*per_token)) : Text(), columns));
    lines.push_back(labelled("reads", streams ? Text(grouped(stats->io_reads)) : Text(), columns));
    lines.push_back(
        labelled("bytes", streams ? Text(megabytes(static_cast<double>(stats->io_bytes))) : Text(),
                 columns));
    const bool reads = streams && stats->io_reads > 0;
    lines.push_back(labelled(
        "bytes a read", reads ? size_text(stats->io_bytes / stats->io_reads) : Text(), columns));
    lines.push_back(labelled("stall", share_text(data.view.stall_share()), columns));
    const auto kernel = data.process.read_bytes;
    lines.push_back(labelled("kernel, in all",
                             kernel ? Text(megabytes(static_cast<double>(*kernel))) : Text(),
                             columns));
    lines.push_back(labelled(
        "kernel, now", data.read_rate ? Text(megabytes(*data.read_rate) + "/s") : Text(), columns));
    put_lines(canvas, inside, lines);
}

void draw_token_box(Canvas& canvas, const Area& area, const DashboardData& data) {
    const RunStats* stats = data.view.any_stats();
    const bool decoded = stats != nullptr && stats->decode.tokens > 0;
    const double mean_ms = decoded ? stats->latency_ms.mean : 0.0;
    const double traced_ms = traced_token_ms(data.view);
    const double token_ms = traced_ms > 0.0 ? traced_ms : mean_ms;
    std::string title = "where one token goes";
    if (decoded) title += fmt::format(" · {:.2f} ms", token_ms);
    const Area inside = draw_box(canvas, area, title, "");
    if (!decoded) {
        put_lines(canvas, inside, {{{"no answer was written yet", {Ink::dim}}}});
        return;
    }
    const size_t columns = inside.columns;
    std::vector<StyledLine> lines;
    const auto add = [&](std::string_view name, double ms, Style style) {
        lines.push_back(
            part_line(name, ms, token_ms, style, fmt::format("{:.2f} ms", ms), columns));
    };
    // The parts add up to the token: what no part accounts for is said, not hidden.
    double named = 0.0;
    bool tells_stall = false;
    for (const TokenPart& part : data.view.token_parts) {
        const bool is_stall = part.name == to_string(TraceKind::stall);
        add(part.name, part.milliseconds, {is_stall ? Ink::error : Ink::accent});
        named += part.milliseconds;
        tells_stall = tells_stall || is_stall;
    }
    const auto stall = tells_stall ? std::nullopt : data.view.stall_share();
    const double stall_ms = stall ? *stall * token_ms : 0.0;
    const bool detailed = !data.view.token_parts.empty();
    add(detailed ? "other" : "compute", std::max(0.0, token_ms - named - stall_ms), {Ink::good});
    if (stall) add("stall", stall_ms, {Ink::error});
    lines.emplace_back();
    if (traced_ms > 0.0) {
        lines.push_back(labelled("mean of all tokens", milliseconds_text(mean_ms), columns));
    }
    if (stats->bytes_per_token > 0) {
        const double rate =
            static_cast<double>(stats->bytes_per_token) * 1e-9 * stats->decode.tokens_per_second();
        lines.push_back(
            labelled("weights of a dense token", size_text(stats->bytes_per_token), columns));
        lines.push_back(labelled("at this speed", Text(fmt::format("{:.1f} GB/s", rate)), columns));
    }
    if (!detailed) {
        lines.push_back({{"the engine reports no finer parts", {Ink::dim, false, true}}});
    }
    put_lines(canvas, inside, lines);
}

void draw_memory_box(Canvas& canvas, const Area& area, const DashboardData& data) {
    const RunStats* stats = data.view.any_stats();
    const Area inside = draw_box(canvas, area, "memory", "");
    const size_t columns = inside.columns;
    std::vector<StyledLine> lines;
    const uint64_t budget = stats != nullptr ? stats->memory_budget_bytes : 0;
    const uint64_t rss = data.process.rss_bytes.value_or(0);
    const uint64_t parts =
        stats != nullptr ? stats->fixed_bytes + stats->hot.bytes + stats->cold.capacity_bytes : 0;
    const auto whole = static_cast<double>(std::max({budget, rss, parts, uint64_t{1}}));
    const auto add = [&](std::string_view name, uint64_t bytes, Style style) {
        lines.push_back(part_line(name, static_cast<double>(bytes), whole, style,
                                  format_bytes(bytes), columns));
    };
    if (budget > 0) add("limit", budget, {Ink::dim});
    if (rss > 0) add("resident", rss, {Ink::text});
    if (stats != nullptr) {
        add("fixed, kv", stats->fixed_bytes, {Ink::accent});
        add("hot", stats->hot.bytes, {Ink::good});
        if (stats->cold.capacity_bytes > 0) add("cold", stats->cold.bytes, {Ink::keyword});
    }
    lines.emplace_back();
    if (budget == 0) lines.push_back(labelled("limit (--memory)", {}, columns));
    lines.push_back(labelled(
        "major faults",
        data.process.major_faults ? Text(grouped(*data.process.major_faults)) : Text(), columns));
    lines.push_back(labelled("memory pressure",
                             data.process.memory_pressure
                                 ? Text(fmt::format("{:.1f} %", *data.process.memory_pressure))
                                 : Text(),
                             columns));
    lines.push_back(labelled("screen, of a core", share_text(data.ui_share), columns));
    put_lines(canvas, inside, lines);
}

}  // namespace hearth
