#include "bench/offload/trials.h"

#include "bench/offload/contestant.h"
#include "bench/offload/engine_runs.h"

namespace hearth::bench {

namespace {

// A window that never drops anything by age: memory alone limits it.
constexpr size_t kWholeWindow = size_t{1} << 30;

Trial resident(const Workload& workload, SparsityMode mode) {
    EngineRun run;
    run.mode = mode;
    return {fmt::format("resident {}", to_string(mode)), std::nullopt,
            [workload, run] { return run_engine(workload, run); }};
}

Trial streamed(const Workload& workload, const Cap& cap, SparsityMode mode,
               std::string what = "streamed", std::function<void(Plan&)> change = {}) {
    EngineRun run;
    run.mode = mode;
    run.budget_bytes = cap.budget_bytes();
    run.change_plan = std::move(change);
    return {fmt::format("{} {}", what, to_string(mode)), cap.cap_bytes(),
            [workload, run] { return run_engine(workload, run); }};
}

Trial flash(const Workload& workload, const Cap& cap, std::string name, size_t window,
            bool joins_reads = false) {
    FlashOptions options;
    options.window = window;
    options.joins_reads = joins_reads;
    options.cache_bytes = cap.ffn_bytes();
    return {std::move(name), cap.cap_bytes(), [workload, options] {
                return open_flash(workload, options).and_then([&](const auto& contestant) {
                    return measure(*contestant, workload);
                });
            }};
}

// Dense, and every row is read. Under a cap seconds per token: few of them, and a short prompt.
Trial mapped(Workload workload, std::string name, std::optional<uint64_t> cap_bytes) {
    workload.n_prompt = 2;
    workload.n_warm = 1;
    workload.n_tokens = std::min<size_t>(workload.n_tokens, cap_bytes ? 6 : 32);
    return {std::move(name), cap_bytes, [workload] {
                auto measured = open_mapped(workload).and_then(
                    [&](const auto& contestant) { return measure(*contestant, workload); });
                // With another prompt, there is nothing to compare them with.
                if (measured) measured->tokens.clear();
                return measured;
            }};
}

}  // namespace

uint64_t Cap::ffn_bytes() const {
    return static_cast<uint64_t>(ffn_share * static_cast<double>(bytes.ffn));
}
// 320 MB for a 7B.
uint64_t Cap::program_bytes() const {
    return bytes.ffn / 10;
}
uint64_t Cap::cap_bytes() const {
    return bytes.fixed + ffn_bytes() + program_bytes();
}
uint64_t Cap::budget_bytes() const {
    return cap_bytes() / 100 * 99;  // the kernel counts its own pages, too
}

std::vector<Trial> comparison(const Workload& workload, const Cap& cap) {
    return {resident(workload, SparsityMode::dense),
            resident(workload, SparsityMode::exact),
            resident(workload, SparsityMode::predicted),
            streamed(workload, cap, SparsityMode::dense),
            streamed(workload, cap, SparsityMode::exact),
            streamed(workload, cap, SparsityMode::predicted),
            flash(workload, cap, "flash, 5 tokens", FlashOptions{}.window),
            flash(workload, cap, "flash, 5 tokens, joined reads", FlashOptions{}.window, true),
            flash(workload, cap, "flash, all memory", kWholeWindow, true),
            mapped(workload, "mmap", cap.cap_bytes()),
            mapped(workload, "all rows, dense, no cap", std::nullopt)};
}

std::vector<Trial> sweep_point(const Workload& workload, const Cap& cap) {
    return {streamed(workload, cap, SparsityMode::exact),
            streamed(workload, cap, SparsityMode::predicted)};
}

std::vector<Trial> ablation(const Workload& workload, const Cap& cap) {
    constexpr size_t kNoWindow = 1;  // nothing outlives the token that used it
    const auto with = [&](std::string what, std::function<void(Plan&)> change) {
        return streamed(workload, cap, SparsityMode::predicted, std::move(what), std::move(change));
    };
    return {flash(workload, cap, "bundles", kNoWindow),
            flash(workload, cap, "+ cache", kWholeWindow),
            with("+ pipeline,",
                 [](Plan& plan) {
                     plan.fills_cache_at_start = plan.looks_ahead = false;
                     plan.lent_bytes = plan.io.gap_bytes = 0;
                 }),
            with("+ hot start,",
                 [](Plan& plan) {
                     plan.looks_ahead = false;
                     plan.lent_bytes = plan.io.gap_bytes = 0;
                 }),
            with("+ joined reads,",
                 [](Plan& plan) {
                     plan.looks_ahead = false;
                     plan.lent_bytes = 0;
                 }),
            with("+ borrowed memory,", [](Plan& plan) { plan.looks_ahead = false; }),
            with("+ look-ahead,", {}),
            with("all, 1 read at a time,", [](Plan& plan) { plan.io.queue_depth = 1; })};
}

}  // namespace hearth::bench
