// Dashboard: the engine in numbers and pictures, on six pages (F2), and the rail beside the
// conversation (F3). What the engine does not report is shown as "–", never as zero; the numbers
// are those of `hearth --help stats`.
#pragma once

#include <chrono>
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
    std::string model;  // its name
    EngineView view;
    std::vector<float> rates;  // decode speed, four a second, oldest first
    SessionTotals totals;
    ProcessNumbers process;
    std::optional<double> read_rate, fault_rate, ui_share;
    HistoryRows history;
};
// But for the history.
DashboardData dashboard_data(const EngineMonitor& monitor, std::string model,
                             const ProcessSampler& process, EngineMonitor::Clock::time_point now);

class Dashboard {
  public:
    static constexpr int kPages = 6;
    // What its owner is to do. zero: count the session anew, from the totals of now on.
    enum class Outcome { open, closed, zero, snapshot, glyphs };

    // 1 to kPages; another number leaves the page as it is.
    void show_page(int page);
    Outcome key(const Key& key);
    // How often it is to be drawn anew; nullopt = not at all.
    std::optional<std::chrono::milliseconds> period() const;
    // Over a slow line: half as often.
    void slow_down() { --rate_; }
    void zero(const SessionTotals& now) { before_ = now; }
    void draw(Canvas& canvas, const Area& area, const DashboardData& data) const;

  private:
    void letter(char letter);
    void draw_page(Canvas& canvas, const Area& page, const DashboardData& data) const;
    void draw_footer(Canvas& canvas, const Area& row) const;

    int page_ = 1;
    size_t layer_ = 0;
    bool paused_ = false;
    size_t rate_ = 3;                   // of kPeriods
    std::optional<std::string> typed_;  // the number of a layer
    SessionTotals before_;              // not counted in the session
};

// All pages as text and JSON, in two files of a folder that are named after the time. The path of
// the first, without its end; machine when it cannot be written.
Result<std::string> write_dashboard(const std::string& folder, const DashboardData& data);

// The rail: speed, hits, flash and memory in `area.columns` columns.
void draw_rail(Canvas& canvas, const Area& area, const DashboardData& data);

}  // namespace hearth
