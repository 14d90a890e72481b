// Past turns as tables, plots and files. Pure functions; the numbers are those of
// `hearth --help stats`.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "storage/run_stats.h"

namespace hearth {

// One line a group under a header, then the decode speed as bars. `group` names the first column.
std::string stats_table(std::span<const StatsRow> rows, std::string_view group);

// Comma-separated values with a header (RFC 4180); what was not measured is empty.
std::string stats_csv(std::span<const StatsRow> rows, std::string_view group);

// One JSON object a line; what was not measured is null. With `ascii` everything else is escaped.
std::string stats_json(std::span<const StatsRow> rows, std::string_view group, bool ascii);

}  // namespace hearth
