// What a dashboard shows, as one line of JSON: from the chat that runs the engine to `hearth top`,
// and into snapshots. What is not known is left out. Fields may be added, never changed.
#pragma once

#include <string>
#include <string_view>

#include "app/ui/dashboard.h"
#include "engine/base/result.h"

namespace hearth {

std::string to_json(const DashboardData& data);

// Its history is empty: it is in the database. Texts are made safe to show. bad_file for what is
// not such a line.
Result<DashboardData> parse_dashboard(std::string_view line);

}  // namespace hearth
