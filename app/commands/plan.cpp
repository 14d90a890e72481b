// hearth plan: measures once, decides, and says why.
#include <signal.h>

#include <algorithm>
#include <optional>

#include "app/commands/commands.h"
#include "app/model_file.h"
#include "app/plan_lines.h"
#include "app/plan_table.h"
#include "app/planning.h"
#include "engine/base/printable.h"
#include "storage/store.h"

namespace hearth {
namespace {

// What answers with that plan measured, where there is a history at all.
std::optional<StatsRow> past_runs(const DataDir& data_dir, const std::string& plan_name) {
    const auto store = Store::open(data_dir, Access::read);
    if (!store) return std::nullopt;
    const auto rows = (*store)->run_stats().summary(GroupBy::plan, 0);
    if (!rows) return std::nullopt;
    const auto row = std::find_if(rows->begin(), rows->end(),
                                  [&](const StatsRow& one) { return one.group == plan_name; });
    return row == rows->end() ? std::nullopt : std::optional(*row);
}

std::optional<OwnConversations> own_conversations(const PlanMaker& planner) {
    const auto profile = planner.kept_profile();
    if (!profile) return std::nullopt;
    return OwnConversations{profile->own_tokens, profile->own_share};
}

}  // namespace

Result<int> plan_command(const PlanArguments& arguments, const Program& program) {
    if (!program.data_dir) return tl::unexpected(program.data_dir.error());
    HEARTH_TRY(const std::string model, find_model(program.options));
    HEARTH_TRY(SignalFd signals, SignalFd::create({SIGINT, SIGTERM, SIGHUP}));
    HEARTH_TRY(const Gguf gguf, Gguf::open(model));
    HEARTH_TRY(PlanInputs inputs, plan_inputs(gguf, program.options));
    inputs.min_speed = arguments.min_speed;
    PlanLines lines(program.err, program.environment.term);
    PlanningHooks hooks;
    hooks.on_progress = [&](const PlanProgress& progress) {
        lines.show(progress);
        return !signals.next();
    };
    hooks.on_note = [&](const std::string& line) { lines.note("hearth: " + line); };
    hooks.may_write_pack = [&](const PackOffer& offer) {
        lines.note(
            fmt::format("hearth: {}: writing it: {}", printable_path(offer.path), describe(offer)));
        return true;
    };
    HEARTH_TRY(PlanMaker planner, open_planner(gguf, *program.data_dir, hooks));
    std::optional<PlanFile> file;
    if (!arguments.redo) file = planner.find(inputs);
    if (!file) {
        HEARTH_TRY(file, planner.make(inputs, arguments.redo));
    }
    lines.clear();
    const std::string text =
        arguments.json      ? to_json(*file)
        : arguments.explain ? plan_explanation(*file, past_runs(*program.data_dir, file->plan.name),
                                               own_conversations(planner))
                            : plan_summary(*file);
    HEARTH_TRY_VOID(program.out.print_text(text));
    return kExitDone;
}

}  // namespace hearth
