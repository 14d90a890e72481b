#include "app/plan_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "app/memory_budget.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

constexpr size_t kOthersShown = 4;

struct Part {
    const char* name;
    double seconds;
};

std::string memory_lines(const PlanFile& file) {
    const MemoryUse& use = file.memory;
    std::string text = fmt::format("memory     {}", format_bytes(use.total()));
    if (file.inputs.budget_bytes != 0) {
        text += fmt::format(" of {}", format_bytes(file.inputs.budget_bytes));
    }
    text += '\n';
    const std::array<std::pair<const char*, uint64_t>, 6> segments{{
        {"fixed", use.fixed},
        {"gates", use.gates},
        {"hot", use.hot},
        {"cold", use.cold},
        {"staging", use.staging},
        {"tables", use.tables},
    }};
    for (const auto& [name, bytes] : segments) {
        if (bytes > 0) text += fmt::format("  {:<9}{:>10}\n", name, format_bytes(bytes));
    }
    return text;
}

std::string token_lines(const TokenCost& cost) {
    const std::array<Part, 8> parts{{
        {"attention", cost.attention},
        {"head", cost.head},
        {"predict", cost.predict},
        {"gates", cost.gates},
        {"neurons", cost.neurons},
        {"threads", cost.loops},
        {"reading", cost.io_cpu},
        {"stall", cost.stall},
    }};
    std::string text = fmt::format("a token    {:.2f} ms\n", 1e3 * cost.seconds());
    for (const Part& part : parts) {
        if (part.seconds * 1e3 < 0.0005) continue;
        text += fmt::format("  {:<9}{:>8.3f} ms{:>5.0f} %\n", part.name, 1e3 * part.seconds,
                            100.0 * part.seconds / cost.seconds());
    }
    if (cost.reads > 0.0) {
        text += fmt::format("  {:.0f} reads, {:.2f} MB a token\n", cost.reads, cost.bytes * 1e-6);
    }
    return text;
}

std::string headline(const PlanFile& file) {
    return fmt::format("Plan \"{}\" for {}, made {}\n{}, {}, {} threads: expected {:.2f} tok/s\n",
                       file.plan.name, printable(file.model_name), file.made_at,
                       to_string(file.setting.placement), to_string(file.setting.mode),
                       file.setting.n_threads, file.predicted.tokens_per_second());
}

// What a decision is for, said once.
std::string_view meaning(const std::string& decision) {
    static const std::map<std::string, std::string_view, std::less<>> kMeanings{
        {"placement", "where FFN weights are that no segment holds"},
        {"sparsity", "how the FFN is computed"},
        {"threads", "compute threads"},
        {"hot", "neurons that are always in memory"},
        {"gates", "gate rows: in memory, or fetched with the neuron"},
        {"queue depth", "reads in flight"},
    };
    const auto found = kMeanings.find(decision);
    return found == kMeanings.end() ? "" : found->second;
}

// "threads      2          14.20 tok/s   compute threads"
// "             instead of 1: 9.10 (-36 %)"
std::string decision_lines(const std::string& decision, std::vector<Alternative> values) {
    std::stable_sort(values.begin(), values.end(), [](const Alternative& a, const Alternative& b) {
        return a.tokens_per_second > b.tokens_per_second;
    });
    const auto chosen = std::find_if(values.begin(), values.end(),
                                     [](const Alternative& one) { return one.is_chosen; });
    if (chosen == values.end()) return "";
    std::string text =
        fmt::format("  {:<12} {:<11}{}\n", decision, chosen->value, meaning(decision));
    std::string others;
    size_t n_shown = 0;
    for (const Alternative& one : values) {
        if (one.is_chosen || n_shown++ == kOthersShown) continue;
        if (n_shown > kOthersShown) break;
        const double change = one.tokens_per_second / chosen->tokens_per_second - 1.0;
        others += fmt::format("{}{} {:.2f} ({:+.1f} %)", others.empty() ? "" : ", ", one.value,
                              one.tokens_per_second, 100.0 * change);
    }
    if (values.size() == 1) return text + "               the only one that fits\n";
    return text + fmt::format("               instead of: {}\n", others);
}

std::string decisions(const PlanFile& file) {
    std::map<std::string, std::vector<Alternative>> by_decision;
    for (const Alternative& one : file.alternatives) by_decision[one.decision].push_back(one);
    std::string text = "decisions, tok/s with the best of everything else\n";
    for (const char* decision :
         {"placement", "sparsity", "threads", "gates", "hot", "queue depth"}) {
        const auto values = by_decision.find(decision);
        if (values != by_decision.end()) text += decision_lines(decision, values->second);
    }
    return text;
}

std::string io_lines(const PlanFile& file) {
    if (file.setting.placement == FfnPlacement::resident) return "";
    const LoaderOptions& io = file.plan.io;
    std::string text = "reads\n";
    if (file.setting.placement == FfnPlacement::by_neuron) {
        text += fmt::format(
            "  hits         {:.1f} % of firings are hot, {:.1f} % of the others "
            "cached\n",
            100.0 * file.predicted.hot_hits, 100.0 * file.predicted.cold_hits);
        text += fmt::format("  gaps         up to {} are read over\n", format_bytes(io.gap_bytes));
        text += fmt::format("  pack         {}\n", printable_path(file.plan.pack_path));
    } else {
        text += fmt::format("  buffers      {} of {}\n", file.plan.stream.n_buffers,
                            format_bytes(file.plan.stream.chunk_bytes));
    }
    text += fmt::format("  backend      {}\n", io.backend == LoaderBackend::pread
                                                   ? "pread, which was faster here"
                                                   : "io_uring where it may be used");
    return text;
}

std::string measured_lines(const PlanFile& file, const std::optional<StatsRow>& measured) {
    if (!measured || !measured->decode_tokens_per_second) {
        return "measured   no answers with this plan yet\n";
    }
    const double speed = *measured->decode_tokens_per_second;
    const double error = file.predicted.tokens_per_second() / speed - 1.0;
    std::string text = fmt::format(
        "measured   {:.2f} tok/s over {} answers, {} tokens: expected {:.2f} ({:+.1f} "
        "%)\n",
        speed, measured->turns, measured->decode_tokens, file.predicted.tokens_per_second(),
        100.0 * error);
    if (measured->cold_hit_rate) {
        text += fmt::format("           cold hits {:.1f} %, expected {:.1f} %\n",
                            100.0 * *measured->cold_hit_rate, 100.0 * file.predicted.cold_hits);
    }
    return text;
}

}  // namespace

std::string plan_summary(const PlanFile& file) {
    return headline(file) + memory_lines(file);
}

std::string plan_explanation(const PlanFile& file, const std::optional<StatsRow>& measured) {
    return headline(file) + measured_lines(file, measured) + memory_lines(file) +
           token_lines(file.predicted) + decisions(file) + io_lines(file);
}

}  // namespace hearth
