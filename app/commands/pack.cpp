// hearth pack: writes the file that cold neurons are read from, or verifies one.
#include <signal.h>

#include <algorithm>
#include <optional>

#include "app/commands/commands.h"
#include "app/event_loop.h"
#include "app/memory_budget.h"
#include "app/model_file.h"
#include "app/pack_file.h"
#include "app/progress.h"
#include "engine/base/printable.h"
#include "engine/base/thread_pool.h"
#include "engine/engine.h"
#include "engine/model/predictor_file.h"
#include "planner/pack_writer.h"
#include "planner/predictor_builder.h"
#include "planner/profile_text.h"

namespace hearth {
namespace {

// Shows progress on standard error and ends the work when a signal comes.
PackProgress show_progress(ProgressLine& line, SignalFd& signals, std::string_view label) {
    return [&line, &signals, label](uint64_t done, uint64_t total) {
        line.update(label, done, total);
        return !signals.next();
    };
}

size_t n_threads(const Program& program) {
    const size_t wanted = program.options.n_threads;
    return wanted != 0 ? wanted : usable_cores();
}

Result<std::string> choose_path(const PackArguments& arguments, const Gguf& gguf,
                                const Program& program) {
    if (!arguments.output.empty()) return arguments.output;
    if (!program.data_dir) return tl::unexpected(program.data_dir.error());
    HEARTH_TRY_VOID(program.data_dir->create_packs());
    HEARTH_TRY(const ModelIdentity identity, identify_model(gguf));
    return default_pack_path(*program.data_dir, gguf, identity);
}

Result<std::optional<Dtype>> parse_down_type(const std::string& name) {
    if (name.empty()) return std::nullopt;
    if (const auto dtype = dtype_from_name(name)) return dtype;
    return make_error(ErrorCode::usage, "--down: no type '{}' (F16, Q8_0, Q4_0, Q4_K, Q6_K, ...)",
                      printable(name));
}

std::string report_text(const std::string& path, const PackReport& report) {
    std::string text =
        fmt::format("{}: {}, {} sections, records aligned to {}\n", printable_path(path),
                    format_bytes(report.file_bytes), report.n_sections, report.alignment);
    if (report.n_sections_found > 0) {
        text += fmt::format("{} sections were there from an earlier run and are whole\n",
                            report.n_sections_found);
    }
    if (report.down_error > 0.0F) {
        const auto [least, most] =
            std::minmax_element(report.layer_down_error.begin(), report.layer_down_error.end());
        text += fmt::format(
            "down was turned and quantized anew: relative RMS error {:.4f} ({:.4f} "
            "to {:.4f} by layer)\n",
            report.down_error, *least, *most);
    }
    return text;
}

// Text that predictors are made from: four tokens for each of their directions, and some.
constexpr size_t kPredictorTokens = 1024;

// For models that were published without predictors.
Result<std::string> write_predictors(const std::string& model_path, const std::string& pack_path,
                                     const Program& program, ProgressLine& line,
                                     SignalFd& signals) {
    HEARTH_TRY(const auto model, Model::open(model_path, {}));
    if (model->weights().max_predictor_rank > 0) {
        return make_error(ErrorCode::usage,
                          "{}: has predictors of its own (no --predictors needed)",
                          printable_path(model_path));
    }
    std::vector<Token> tokens = model->encode_raw(profile_text());
    tokens.resize(std::min(tokens.size(), kPredictorTokens));
    PredictorOptions options;
    options.path = predictor_path_beside(pack_path);
    options.n_threads = n_threads(program);
    options.on_progress = show_progress(line, signals, "predictors");
    HEARTH_TRY(const PredictorReport report, make_predictors(*model, tokens, options));
    return fmt::format(
        "{}: predictors of rank {}, {}; they find {:.1f} % of what fires by proposing {:.1f} times "
        "as much\n",
        printable_path(options.path), report.rank, format_bytes(report.bytes), report.recall * 100,
        report.proposed);
}

Result<void> write(const PackArguments& arguments, const Program& program, SignalFd& signals) {
    HEARTH_TRY(const std::string model, find_model(program.options));
    HEARTH_TRY(const Gguf gguf, Gguf::open(model));
    HEARTH_TRY(const ModelConfig config, read_model_config(gguf));
    ProgressLine line(program.err, program.environment.term);
    PackOptions options;
    HEARTH_TRY(options.down_type, parse_down_type(arguments.down));
    HEARTH_TRY(options.path, choose_path(arguments, gguf, program));
    options.alignment = arguments.alignment;
    options.n_threads = n_threads(program);
    options.on_progress = show_progress(line, signals, "packing");
    HEARTH_TRY(const PackReport report, write_pack(gguf, config, options));
    std::string text = report_text(options.path, report);
    if (arguments.predictors) {
        HEARTH_TRY(const std::string made,
                   write_predictors(model, options.path, program, line, signals));
        text += made;
    }
    line.clear();
    return program.out.print(SafeText::literal(text));
}

Result<void> verify(const std::string& path, const Program& program, SignalFd& signals) {
    ProgressLine line(program.err, program.environment.term);
    HEARTH_TRY(const auto file, open_file(path));
    HEARTH_TRY_VOID(
        verify_pack(*file, n_threads(program), show_progress(line, signals, "verifying")));
    line.clear();
    return program.out.print(SafeText::literal(printable_path(path) + ": is whole\n"));
}

}  // namespace

Result<int> pack_command(const PackArguments& arguments, const Program& program) {
    HEARTH_TRY(SignalFd signals, SignalFd::create({SIGINT, SIGTERM, SIGHUP}));
    if (arguments.verify.empty()) {
        HEARTH_TRY_VOID(write(arguments, program, signals));
    } else {
        HEARTH_TRY_VOID(verify(arguments.verify, program, signals));
    }
    return kExitDone;
}

}  // namespace hearth
