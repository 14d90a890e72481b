#include "app/plan_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "app/memory_budget.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

constexpr size_t kOthersShown = 5;

// "12,345".
std::string with_commas(uint64_t n) {
    std::string text = fmt::format("{}", n);
    for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
    return text;
}

std::string percent(double share) {
    return fmt::format("{:.{}f} %", 100.0 * share, share < 0.0995 || share > 0.9 ? 1 : 0);
}

// Reads per second, coarsely: "77 K/s".
std::string rate(double per_second) {
    return per_second < 10e3 ? fmt::format("{:.1f} K/s", per_second * 1e-3)
                             : fmt::format("{:.0f} K/s", per_second * 1e-3);
}

// --- headline ------------------------------------------------------------------------------------

std::string headline(const PlanFile& file) {
    const double speed = file.predicted.tokens_per_second();
    std::string text =
        fmt::format("Plan \"{}\" for {}, made {}\n{}, {}, {} thread{}: expected {:.2f} tok/s\n",
                    file.plan.name, printable(file.model_name), file.made_at,
                    to_string(file.setting.placement), to_string(file.setting.mode),
                    file.setting.n_threads, file.setting.n_threads == 1 ? "" : "s", speed);
    if (file.inputs.min_speed > 0.0) {
        text +=
            fmt::format("the least memory for {:.1f} tok/s (--min-speed)\n", file.inputs.min_speed);
    }
    return text;
}

std::string measured_lines(const PlanFile& file, const std::optional<StatsRow>& measured) {
    const PlanBasis& basis = file.basis;
    std::string text =
        basis.tried_tokens > 0
            ? fmt::format("expected   corrected by {} tokens decoded with it when it was made\n",
                          basis.tried_tokens)
            : std::string("expected   modelled from what the device and the model measured\n");
    if (!measured || !measured->decode_tokens_per_second) {
        return text + "measured   no answers with this plan yet\n";
    }
    const double speed = *measured->decode_tokens_per_second;
    const double error = file.predicted.tokens_per_second() / speed - 1.0;
    text +=
        fmt::format("measured   {:.2f} tok/s over {} answers, {} tokens: expected {:+.1f} %\n",
                    speed, measured->turns, with_commas(measured->decode_tokens), 100.0 * error);
    if (measured->cold_hit_rate) {
        text += fmt::format("           cold hits {}, expected {}\n",
                            percent(*measured->cold_hit_rate), percent(file.predicted.cold_hits));
    }
    return text;
}

std::string activity_lines(const PlanFile& file, const std::optional<OwnConversations>& own) {
    const PlanBasis& basis = file.basis;
    if (basis.text_tokens == 0) {
        return "activity   every neuron takes part in every token: nothing to skip\n";
    }
    std::string text = fmt::format(
        "activity   {} of {} neurons fire for a token, {} of them for the next again\n",
        percent(basis.active), with_commas(basis.n_neurons), percent(basis.persistence));
    text += fmt::format("           seen over {} tokens of text", with_commas(basis.text_tokens));
    if (own && own->tokens > 0) {
        text += fmt::format(" and {} of your conversations\n           (their weight {})",
                            with_commas(own->tokens), percent(own->share));
    } else {
        text += ", none of your conversations yet";
    }
    return text + '\n';
}

// --- memory and time -----------------------------------------------------------------------------

struct Segment {
    const char* name;
    uint64_t bytes;
    const char* what;
};

std::string memory_lines(const PlanFile& file) {
    const MemoryUse& use = file.memory;
    std::string text = fmt::format("memory     {}", format_bytes(use.total()));
    if (file.inputs.budget_bytes != 0) {
        text += fmt::format(" of {}", format_bytes(file.inputs.budget_bytes));
    }
    text += '\n';
    const bool by_layer = file.setting.placement == FfnPlacement::by_layer;
    const std::array<Segment, 8> segments{{
        {"fixed", use.fixed, "attention, head, KV cache, the program"},
        {"predictors", use.predictors, "what guesses which neurons fire"},
        {"gates", use.gates, "what says which neurons fire"},
        {"hot", use.hot,
         by_layer ? "FFN matrices that stay" : "neurons that stay, up and down rows"},
        {"cold", use.cold, "cache of the others"},
        {"staging", use.staging, "buffers that matrices are streamed through"},
        {"tables", use.tables, "places, checksums and pasts of neurons"},
        {"lent", use.lent, "of fixed and staging to cold, while nothing is streamed"},
    }};
    for (const Segment& one : segments) {
        if (one.bytes == 0) continue;
        text += fmt::format("  {:<10}{:>10}   {}\n", one.name, format_bytes(one.bytes), one.what);
    }
    return text;
}

struct Part {
    const char* name;
    double seconds;
    const char* what;
};

std::string token_lines(const TokenCost& cost) {
    const std::array<Part, 8> parts{{
        {"attention", cost.attention, "projections, KV cache"},
        {"head", cost.head, "output matrix"},
        {"predict", cost.predict, "guessing which neurons fire"},
        {"gates", cost.gates, "finding which neurons fire"},
        {"neurons", cost.neurons, "up and down of those that do"},
        {"threads", cost.loops, "handing out work"},
        {"reading", cost.io_cpu, "processor time of reads"},
        {"stall", cost.stall, "waiting for reads"},
    }};
    std::string text = fmt::format("a token    {:.2f} ms\n", 1e3 * cost.seconds());
    for (const Part& part : parts) {
        if (part.seconds * 1e3 < 0.0005) continue;
        text += fmt::format("  {:<10}{:>8.3f} ms{:>5.0f} %  {}\n", part.name, 1e3 * part.seconds,
                            100.0 * part.seconds / cost.seconds(), part.what);
    }
    if (cost.reads > 0.0) {
        text += fmt::format("  {:.0f} reads, {:.2f} MB a token\n", cost.reads, cost.bytes * 1e-6);
    }
    return text;
}

// --- decisions -----------------------------------------------------------------------------------

std::string why_placement(const PlanFile& file) {
    const PlanBasis& basis = file.basis;
    switch (file.setting.placement) {
        case FfnPlacement::resident:
            return fmt::format("all {} of FFN weights stay in memory, nothing is read",
                               format_bytes(basis.ffn_bytes));
        case FfnPlacement::by_layer:
            return fmt::format("matrices are read in order, {:.2f} GB a token at {:.1f} GB/s",
                               file.predicted.bytes * 1e-9, basis.sequential_gbps);
        case FfnPlacement::by_neuron:
            return fmt::format("neurons that fire are read, {} each, {:.0f} a token",
                               format_bytes(basis.record_bytes), file.predicted.reads);
    }
    return "";
}

std::string why_sparsity(const PlanFile& file) {
    const PlanBasis& basis = file.basis;
    if (file.setting.mode == SparsityMode::exact) {
        return fmt::format("all gates, then only the {} that fire: the same answers",
                           percent(basis.active));
    }
    if (file.setting.mode == SparsityMode::predicted) {
        return basis.recall > 0.0 ? fmt::format("found {} of what fired", percent(basis.recall))
                                  : "you allow to lose what the predictor misses";
    }
    return basis.text_tokens > 0 ? "every neuron is computed"
                                 : "every neuron fires in this model: there is nothing to skip";
}

std::string why_threads(const PlanFile& file) {
    const PlanBasis& basis = file.basis;
    std::string text =
        fmt::format("of {} cores; memory is read at {:.0f} GB/s", basis.n_cores, basis.read_gbps);
    if (file.setting.n_threads > 1) {
        text += fmt::format(", by one at {:.0f}", basis.one_thread_gbps);
    }
    return text;
}

std::string why_hot(const PlanFile& file) {
    return fmt::format("of neurons; they answer {} of firings, the cache {} of the others",
                       percent(file.predicted.hot_hits), percent(file.predicted.cold_hits));
}

std::string why_gates(const PlanFile& file) {
    if (!file.setting.gates_resident) return "read with their neuron, if the predictor proposes it";
    if (file.setting.gates_kept >= 1.0) return "what fires is known before anything is read";
    return fmt::format("{} stay, the rest is read in order for every token",
                       percent(file.setting.gates_kept));
}

std::string why_depth(const PlanFile& file) {
    return fmt::format("reads in flight: {} measured, {} with 8", rate(file.basis.reads_per_second),
                       rate(file.basis.shallow_reads_per_second));
}

std::string why_memory(const PlanFile& file) {
    return file.inputs.budget_bytes != 0 ? "what other limits (--memory) would give"
                                         : "no limit; what one (--memory) would give";
}

struct Decision {
    const char* name;
    std::string (*why)(const PlanFile& file);
};
constexpr std::array kDecisions{
    Decision{"placement", why_placement},
    Decision{"sparsity", why_sparsity},
    Decision{"threads", why_threads},
    Decision{"gates", why_gates},
    Decision{"hot", why_hot},
    Decision{"queue depth", why_depth},
    Decision{"memory", why_memory},
};

// "    by_layer      1.86 tok/s  -67.7 %"
std::string alternative_line(const Alternative& one, double chosen_speed) {
    const double change = one.tokens_per_second / chosen_speed - 1.0;
    std::string text = fmt::format("    {:<16}{:>9.2f} tok/s {:>+7.1f} %", one.value,
                                   one.tokens_per_second, 100.0 * change);
    if (!one.why_not.empty()) {
        text += "  ";
        text += one.why_not;
    } else if (change >= 0.0 && one.decision != "memory") {
        text += "  no clear gain: the simpler one stays";
    }
    return text + '\n';
}

// The chosen value and why, then what others would give: the best first, but in order of size where
// the value is one.
std::string decision_lines(const PlanFile& file, const Decision& decision) {
    std::vector<Alternative> values;
    for (const Alternative& one : file.alternatives) {
        if (one.decision == decision.name) values.push_back(one);
    }
    const auto chosen = std::find_if(values.begin(), values.end(),
                                     [](const Alternative& one) { return one.is_chosen; });
    if (chosen == values.end()) return "";
    const double speed = chosen->tokens_per_second;
    std::string text =
        fmt::format("  {:<12}{:<11} {}\n", decision.name, chosen->value, decision.why(file));
    values.erase(chosen);
    if (values.empty()) {
        const bool is_read_free = file.setting.placement == FfnPlacement::resident;
        return text +
               (is_read_free ? "    what reads cannot be faster\n" : "    nothing else fits\n");
    }
    if (std::string_view(decision.name) != "memory") {
        std::stable_sort(values.begin(), values.end(), [](const auto& a, const auto& b) {
            return a.tokens_per_second > b.tokens_per_second;
        });
        if (values.size() > kOthersShown) values.resize(kOthersShown);
    }
    for (const Alternative& one : values) text += alternative_line(one, speed);
    return text;
}

// Where there are fast and slow cores.
std::string core_lines(const PlanFile& file) {
    if (file.basis.clusters.size() < 2 && file.plan.cores.empty()) return "";
    std::string cores;
    for (const uint32_t core : file.plan.cores) {
        cores += fmt::format("{}{}", cores.empty() ? "" : ", ", core);
    }
    std::string text =
        fmt::format("  {:<12}{:<11} the fast ones first; they share an FFN's {} clusters:\n",
                    "cores", cores.empty() ? "all" : cores, kLanes);
    for (const ClassShare& one : file.basis.clusters) {
        text += fmt::format("    {} thread{} of a class take {}\n", one.n_threads,
                            one.n_threads == 1 ? "" : "s", one.n_clusters);
    }
    return text;
}

std::string decisions(const PlanFile& file) {
    std::string text =
        "decisions  with what others would give, the best of everything else granted\n";
    for (const Decision& decision : kDecisions) {
        text += decision_lines(file, decision);
        if (std::string_view(decision.name) == "threads") text += core_lines(file);
    }
    return text;
}

std::string io_lines(const PlanFile& file) {
    if (file.setting.placement == FfnPlacement::resident) return "";
    const LoaderOptions& io = file.plan.io;
    std::string text = "reads\n";
    if (file.setting.placement == FfnPlacement::by_neuron) {
        text += fmt::format("  gaps         up to {} are read over, which is quicker\n",
                            format_bytes(io.gap_bytes));
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

}  // namespace

std::string plan_summary(const PlanFile& file) {
    return headline(file) + memory_lines(file);
}

std::string plan_explanation(const PlanFile& file, const std::optional<StatsRow>& measured,
                             const std::optional<OwnConversations>& own) {
    return headline(file) + measured_lines(file, measured) + activity_lines(file, own) + '\n' +
           decisions(file) + '\n' + memory_lines(file) + '\n' + token_lines(file.predicted) +
           io_lines(file) +
           fmt::format("device measured {} (hearth plan --redo measures again)\n",
                       file.basis.measured_at);
}

}  // namespace hearth
