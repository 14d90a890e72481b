// The pages of the dashboard, each drawn into an area. See dashboard.h.
#pragma once

#include "app/ui/dashboard.h"

namespace hearth {

void draw_live_page(Canvas& canvas, const Area& area, const DashboardData& data);
void draw_neuron_page(Canvas& canvas, const Area& area, const DashboardData& data, size_t layer);
void draw_pipeline_page(Canvas& canvas, const Area& area, const DashboardData& data);
void draw_flash_page(Canvas& canvas, const Area& area, const DashboardData& data);
void draw_memory_page(Canvas& canvas, const Area& area, const DashboardData& data);
void draw_history_page(Canvas& canvas, const Area& area, const DashboardData& data);

// Parts that pages share. Each draws a titled box into its area.
void draw_speed_box(Canvas& canvas, const Area& area, const DashboardData& data);
void draw_hits_box(Canvas& canvas, const Area& area, const DashboardData& data);
void draw_flash_box(Canvas& canvas, const Area& area, const DashboardData& data);
void draw_token_box(Canvas& canvas, const Area& area, const DashboardData& data);
void draw_memory_box(Canvas& canvas, const Area& area, const DashboardData& data);

// Writes lines into an area from its top; what does not fit is left out.
void put_lines(Canvas& canvas, const Area& area, const std::vector<StyledLine>& lines);

}  // namespace hearth
