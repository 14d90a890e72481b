// Dashboard: the engine in numbers and pictures, on six pages (F2), and the rail beside the
// conversation (F3). What the engine does not report is shown as "–", never as zero; the numbers
// are those of `hearth --help stats`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/ui/canvas.h"
#include "app/ui/engine_view.h"
#include "app/ui/keys.h"
#include "app/ui/process_numbers.h"
#include "app/ui/user_interface.h"

namespace hearth {

// Everything a page shows, as it is now.
struct DashboardData {
    EngineView view;
    std::vector<float> rates;  // decode speed, four a second, oldest first
    SessionTotals totals;
    const ModelReady* model = nullptr;
    ProcessNumbers process;
    std::optional<double> read_rate, fault_rate, ui_share;
    const HistoryRows& history;
};

class Dashboard {
  public:
    static constexpr int kPages = 6;

    explicit Dashboard(int page) : page_(page) {}

    // false: it is to be closed.
    bool key(const Key& key);
    bool paused() const { return paused_; }
    void draw(Canvas& canvas, const Area& area, const DashboardData& data) const;

  private:
    int page_;
    size_t layer_ = 0;
    bool paused_ = false;
};

// The rail: speed, hits, flash and memory in `area.columns` columns.
void draw_rail(Canvas& canvas, const Area& area, const DashboardData& data);

}  // namespace hearth
