#include "app/ui/plan_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/ui/list_box.h"
#include "app/ui/safe_text.h"
#include "app/ui/status_line.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

constexpr size_t kNameColumns = 13;  // "1/5 hardware "
constexpr size_t kValueColumns = 8;  // "  43 %"
constexpr size_t kMeterColumns = 12;
constexpr std::string_view kWhat =
    "This model is new here, so the machine and the model are measured once: how fast it computes, "
    "how fast it reads, which neurons fire. It takes some 20 seconds, and is kept.";
constexpr std::string_view kHow =
    "Esc or Ctrl+C skips it: safe defaults run too, and hearth plan measures later. You can type "
    "meanwhile.";

}  // namespace

void PlanView::take(const PlanProgress& progress) {
    steps_[static_cast<size_t>(progress.step)] = progress;
}

StyledLine PlanView::step_line(size_t step, size_t columns) const {
    const std::string name = fmt::format("{}/{} {:<{}}", step + 1, kPlanSteps,
                                         to_string(static_cast<PlanStep>(step)), kNameColumns - 4);
    const std::optional<PlanProgress>& told = steps_[step];
    if (!told) return {{name, {Ink::dim}}};
    const bool is_wide = columns > kNameColumns + kValueColumns;
    const size_t room = is_wide ? columns - kNameColumns - kValueColumns : 0;
    std::string what = safe_line(told->found).str();
    if (!told->is_done) what = meter(told->share, std::min(kMeterColumns, room)) + "  " + what;
    what = fit(what, room);
    const std::string value = told->is_done ? fmt::format("{:.1f} s", told->seconds)
                                            : fmt::format("{:.0f} %", 100.0 * told->share);
    return {{name, told->is_done ? Style{Ink::good} : Style{Ink::accent, true}},
            {what + std::string(room - columns_of(what), ' '), {}},
            {fmt::format("{:>{}}", value, is_wide ? kValueColumns : 0), {Ink::dim}}};
}

std::vector<StyledLine> PlanView::lines(size_t columns) const {
    std::vector<StyledLine> lines;
    wrap_text(kWhat, {}, columns, {}, lines);
    lines.emplace_back();
    for (size_t step = 0; step < kPlanSteps; ++step) lines.push_back(step_line(step, columns));
    lines.emplace_back();
    wrap_text(kHow, {Ink::dim}, columns, {}, lines);
    return lines;
}

// In a low window the steps are what is left.
void PlanView::draw(Canvas& canvas, const Area& area) const {
    if (area.columns < 8 || area.rows < 3) return;
    std::vector<StyledLine> shown = lines(area.columns - 4);
    if (shown.size() + 2 > area.rows) {
        shown.clear();
        for (size_t step = 0; step < kPlanSteps; ++step) {
            if (steps_[step]) shown.push_back(step_line(step, area.columns - 4));
        }
    }
    Area box = area;
    box.rows = std::min(area.rows, shown.size() + 2);
    const Area inside =
        draw_box_over(canvas, box, "first run of " + safe_line(model_).str(), "Esc skips");
    const size_t first = shown.size() - std::min(shown.size(), inside.rows);
    for (size_t i = first; i < shown.size(); ++i) {
        canvas.put(inside.row + i - first, inside.column, shown[i], inside.columns);
    }
}

}  // namespace hearth
