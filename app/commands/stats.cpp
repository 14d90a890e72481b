// hearth stats: what past answers cost, over days and plans.
#include "app/commands/commands.h"
#include "app/stats_table.h"
#include "storage/conversation_rows.h"
#include "storage/store.h"

namespace hearth {
namespace {

constexpr int64_t kDayMs = 86'400'000;

GroupBy group_by(std::string_view word) {
    if (word == "plan") return GroupBy::plan;
    if (word == "model") return GroupBy::model;
    if (word == "machine") return GroupBy::machine;
    if (word == "turn") return GroupBy::turn;
    return GroupBy::day;
}

}  // namespace

Result<int> stats_command(const StatsArguments& arguments, const Program& program) {
    if (!program.data_dir) return tl::unexpected(program.data_dir.error());
    HEARTH_TRY(const auto store, Store::open(*program.data_dir, Access::read));
    const int64_t since = now_ms() - static_cast<int64_t>(arguments.days) * kDayMs;
    HEARTH_TRY(const auto rows, store->run_stats().summary(group_by(arguments.by), since));
    Output& out = program.out;
    std::string text = fmt::format("no answers in the last {} days\n", arguments.days);
    if (arguments.csv) {
        text = stats_csv(rows, arguments.by);
    } else if (arguments.json) {
        text = stats_json(rows, arguments.by, out.is_terminal());
    } else if (!rows.empty()) {
        text = stats_table(rows, arguments.by);
    }
    HEARTH_TRY_VOID(out.print_text(text));
    return kExitDone;
}

}  // namespace hearth
