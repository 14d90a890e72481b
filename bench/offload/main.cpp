// A model that does not fit: the engine against mmap and LLM in a Flash, under one memory cap.
//
//   bench_offload [--shape 1b-relu] [--folder DIR] [--rounds N] [--cap PERCENT] [compare]
//   bench_offload ... sweep [--csv FILE] [--svg FILE]
//   bench_offload ... ablation
//   bench_offload ... batches
//
// Writes a planted model (hearth-synth) and its pack into the folder unless they are there;
// --remove deletes them at the end. Every trial is a process of its own; the capped ones live in a
// memory control group (cgroup v1, root) that counts the page cache too, and whose files were
// dropped from it before. Rounds interleave all trials; figures are medians of rounds.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <map>

#include "bench/bench.h"
#include "bench/offload/batches.h"
#include "bench/offload/memory_group.h"
#include "bench/offload/sweep_plot.h"
#include "bench/offload/trials.h"
#include "engine/base/aligned_buffer.h"
#include "engine/base/file.h"
#include "planner/storage_rates.h"

namespace hearth::bench {
namespace {

struct Options {
    std::string shape = "1b-relu";
    std::string folder = ".";
    double cap_percent = 50.0;
    size_t n_rounds = 3;
    bool removes = false;
    std::vector<std::string> only;  // trials whose names contain one of them; empty: all
    std::string csv;
    std::string svg;
    Workload workload;
};

struct Outcome {
    std::string name;
    std::vector<Measurement> rounds;
    std::string failure;  // of the last round that failed

    double median(double (*figure)(const Measurement&)) const {
        std::vector<double> values;
        for (const Measurement& m : rounds) values.push_back(figure(m));
        return values.empty() ? 0.0 : summarise(std::move(values)).median;
    }
    double rate() const {
        return median([](const Measurement& m) { return m.tokens_per_second; });
    }
};

bool can_cap() {
    return MemoryGroup::create(uint64_t{1} << 30).has_value();
}

// All trials in turn, round by round.
std::vector<Outcome> run_rounds(std::vector<Trial> trials, const Options& options) {
    std::erase_if(trials, [&](const Trial& trial) {
        const auto names = [&](const std::string& part) {
            return trial.name.find(part) != std::string::npos;
        };
        return !options.only.empty() &&
               std::none_of(options.only.begin(), options.only.end(), names);
    });
    std::vector<Outcome> outcomes;
    for (const Trial& trial : trials) outcomes.push_back({trial.name, {}, ""});
    for (size_t round = 0; round < options.n_rounds; ++round) {
        for (size_t i = 0; i < trials.size(); ++i) {
            if (!outcomes[i].failure.empty()) continue;
            for (const std::string& file : {options.workload.model, options.workload.pack}) {
                static_cast<void>(drop_cached_pages(file));
            }
            auto measured = run_trial(trials[i]);
            if (measured) {
                outcomes[i].rounds.push_back(std::move(*measured));
            } else {
                outcomes[i].failure = measured.error().message;
            }
        }
    }
    return outcomes;
}

std::string percent(const std::optional<double>& share) {
    return share ? fmt::format("{:.1f}%", *share * 100) : "-";
}

void print_outcome(const Outcome& outcome, const std::vector<uint32_t>& expected) {
    if (outcome.rounds.empty()) {
        fmt::print("{:32} {}\n", outcome.name, outcome.failure);
        return;
    }
    const Measurement& last = outcome.rounds.back();
    fmt::print("{:32} {:7.2f} {:8.1f} {:6.2f} {:6.1f}% {:>7} {:>7} {:8.1f} {:7.0f} {:7.0f} {:>8}\n",
               outcome.name, outcome.rate(),
               outcome.median([](const Measurement& m) { return m.mean_ms; }),
               outcome.median([](const Measurement& m) { return m.p99_over_mean(); }),
               outcome.median([](const Measurement& m) { return m.io_share; }) * 100,
               percent(last.hit_rate), percent(last.recall),
               outcome.median([](const Measurement& m) { return m.megabytes_per_token; }),
               outcome.median([](const Measurement& m) { return m.reads_per_token; }),
               static_cast<double>(last.peak_rss_bytes) * 1e-6,
               percent(equal_share(last.tokens, expected)));
}

void print_header() {
    fmt::print("{:32} {:>7} {:>8} {:>6} {:>7} {:>7} {:>7} {:>8} {:>7} {:>7} {:>8}\n", "", "tok/s",
               "mean ms", "p99/m", "I/O", "hits", "recall", "MB/tok", "reads", "RSS MB", "equal");
}

const Outcome* find(const std::vector<Outcome>& outcomes, std::string_view name) {
    const auto found = std::find_if(outcomes.begin(), outcomes.end(),
                                    [&](const Outcome& o) { return o.name == name; });
    return found == outcomes.end() || found->rounds.empty() ? nullptr : &*found;
}

void print_ratios(const std::vector<Outcome>& outcomes) {
    for (const char* const base :
         {"all rows, dense, no cap", "resident dense", "mmap", "flash, 5 tokens"}) {
        const Outcome* const other = find(outcomes, base);
        if (other == nullptr) continue;
        fmt::print("x {}:", base);
        for (const Outcome& outcome : outcomes) {
            if (&outcome == other || outcome.rounds.empty()) continue;
            fmt::print("  {} {:.2f}", outcome.name, outcome.rate() / other->rate());
        }
        fmt::print("\n");
    }
}

void print_table(const std::vector<Outcome>& outcomes) {
    const Outcome* const dense = find(outcomes, "resident dense");
    print_header();
    for (const Outcome& outcome : outcomes) {
        print_outcome(outcome,
                      dense != nullptr ? dense->rounds.back().tokens : std::vector<uint32_t>());
    }
}

Result<void> compare(const Options& options, const Cap& cap) {
    fmt::print("{}, {} threads, {} tokens behind {} + {}; {} rounds; {}\n", options.shape,
               options.workload.n_threads, options.workload.n_tokens, options.workload.n_prompt,
               options.workload.n_warm, options.n_rounds, machine_line());
    fmt::print("cap {:.0f} MB: {:.0f} fixed + {:.0f} % of {:.0f} FFN + {:.0f}\n",
               static_cast<double>(cap.cap_bytes()) * 1e-6,
               static_cast<double>(cap.bytes.fixed) * 1e-6, options.cap_percent,
               static_cast<double>(cap.bytes.ffn) * 1e-6,
               static_cast<double>(cap.program_bytes()) * 1e-6);
    const auto outcomes = run_rounds(comparison(options.workload, cap), options);
    print_table(outcomes);
    print_ratios(outcomes);
    return {};
}

Result<void> ablate(const Options& options, const Cap& cap) {
    print_table(run_rounds(ablation(options.workload, cap), options));
    return {};
}

Result<void> write_text(const std::string& path, const std::string& text) {
    return write_file_atomically(path, std::as_bytes(std::span(text)));
}

Result<void> sweep(const Options& options, Cap cap) {
    std::string csv =
        "ffn_percent,cap_bytes,trial,tokens_per_second,io_share,hit_rate,peak_rss_bytes\n";
    std::map<std::string, SweepLine> lines;
    print_header();
    for (const double share : {0.15, 0.25, 0.40, 0.50, 0.65, 0.80, 1.0}) {
        cap.ffn_share = share;
        fmt::print("{:.0f} % of the FFN, cap {:.0f} MB\n", share * 100,
                   static_cast<double>(cap.cap_bytes()) * 1e-6);
        for (const Outcome& outcome : run_rounds(sweep_point(options.workload, cap), options)) {
            print_outcome(outcome, {});
            if (outcome.rounds.empty()) continue;
            const Measurement& last = outcome.rounds.back();
            csv += fmt::format("{:.0f},{},{},{:.3f},{:.4f},{},{}\n", share * 100, cap.cap_bytes(),
                               outcome.name, outcome.rate(), last.io_share,
                               last.hit_rate ? fmt::format("{:.4f}", *last.hit_rate) : "",
                               last.peak_rss_bytes);
            SweepLine& line = lines[outcome.name];
            line.name = outcome.name;
            line.ffn_percent.push_back(share * 100);
            line.tokens_per_second.push_back(outcome.rate());
        }
    }
    std::vector<SweepLine> drawn;
    for (auto& [name, line] : lines) drawn.push_back(std::move(line));
    if (!options.csv.empty()) HEARTH_TRY_VOID(write_text(options.csv, csv));
    if (options.svg.empty()) return {};
    return write_text(options.svg, sweep_svg("Decode under a memory cap, " + options.shape, drawn));
}

// What the engine's reads are planned by, as the planner would.
Result<StorageRates> measure_disk(const std::string& folder) {
    const PlanProgressSink nobody;
    StepProgress silent(PlanStep::storage, nobody);
    HEARTH_TRY(const StorageRates rates, measure_storage(folder, silent));
    const size_t depth = LoaderOptions{}.queue_depth;
    const auto us = [&](double bytes) { return 1e6 / rates.reads_per_second(bytes, depth); };
    fmt::print(
        "disk: {:.1f} us a read of 4 KB, {:.1f} of 16, {:.1f} of 64, {:.1f} of 256; worth reading "
        "over: {} KB\n",
        us(4096), us(16384), us(65536), us(262144), choose_gap(rates, kPage, depth) / 1024);
    return rates;
}

using Command = Result<void> (*)(const Options&, Cap);

Result<void> run(Options& options, const std::string& command) {
    const bool is_capped = command != "batches";
    if (is_capped && !can_cap()) {
        fmt::print("skipped: no memory control group can be made here (root and cgroup v1)\n");
        return {};
    }
    HEARTH_TRY(const SyntheticShape shape, preset_shape(options.shape));
    const Files files = files_in(options.folder, options.shape);
    options.workload.model = files.model;
    options.workload.pack = files.pack;
    options.workload.profile = files.profile;
    // In a process of its own, so that no memory of it is left in this one.
    const Trial preparing{"preparing", std::nullopt, [&] {
                              const auto made =
                                  make_files(files, shape, options.workload.n_threads);
                              std::fflush(stdout);
                              return made.map([] { return Measurement{}; });
                          }};
    HEARTH_TRY_VOID(run_trial(preparing));
    HEARTH_TRY(options.workload.storage, measure_disk(options.folder));
    HEARTH_TRY(const ModelBytes bytes, model_bytes(files.model, options.workload.n_ctx()));
    const Cap cap{bytes, options.cap_percent / 100};
    const auto done = command == "sweep"      ? sweep(options, cap)
                      : command == "ablation" ? ablate(options, cap)
                      : command == "batches"  ? time_batches(options.workload, cap.budget_bytes(),
                                                             options.n_rounds, options.only)
                                              : compare(options, cap);
    if (options.removes) {
        ::unlink(files.model.c_str());
        ::unlink(files.pack.c_str());
        ::unlink(files.profile.c_str());
    }
    return done;
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    hearth::bench::Options options;
    CLI::App app("A model that does not fit: the engine against mmap and LLM in a Flash");
    app.add_option("--shape", options.shape, "1b-relu (a minute) or 7b-relu (quiet machine)");
    app.add_option("--folder", options.folder, "where the model and its pack lie or are written");
    app.add_flag("--remove", options.removes, "deletes both files at the end");
    app.add_option("--cap", options.cap_percent, "percent of the FFN that memory holds")
        ->check(CLI::Range(1.0, 100.0));
    app.add_option("--rounds", options.n_rounds)->check(CLI::Range(1, 100));
    app.add_option("--tokens", options.workload.n_tokens)->check(CLI::Range(2, 4096));
    app.add_option("--warm", options.workload.n_warm)->check(CLI::Range(0, 4096));
    app.add_option("--prompt", options.workload.n_prompt)->check(CLI::Range(1, 4096));
    app.add_option("--threads", options.workload.n_threads)->check(CLI::Range(1, 256));
    app.add_option("--gap", options.workload.gap_bytes,
                   "bytes on disk that are read over, instead of what suits the disk")
        ->check(CLI::Range(size_t{0}, hearth::NeuronLoader::kMaxGapBytes));
    app.add_option("--only", options.only,
                   "trials whose names contain this; may be given several times");
    app.add_subcommand("compare", "all contestants (the default)");
    app.add_subcommand("ablation", "from bundles alone to all parts, one by one");
    app.add_subcommand("batches", "prefill of few tokens, by neurons and dense (no control group)");
    auto* const sweep = app.add_subcommand("sweep", "memory from 15 % to 100 % of the FFN");
    sweep->add_option("--csv", options.csv, "writes the figures");
    sweep->add_option("--svg", options.svg, "writes the plot");
    app.require_subcommand(0, 1);
    CLI11_PARSE(app, argc, argv);
    const auto chosen = app.get_subcommands();
    const auto done =
        hearth::bench::run(options, chosen.empty() ? "compare" : chosen.front()->get_name());
    if (done) return 0;
    fmt::print(stderr, "bench_offload: {}\n", done.error().message);
    return static_cast<int>(done.error().code);
}
