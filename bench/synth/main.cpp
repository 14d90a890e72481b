// hearth-synth: writes a GGUF model of any shape with synthetic weights.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <new>
#include <string>

#include "bench/synth/synthetic_model.h"

namespace hearth {
namespace {

struct Flags {
    std::string shape = "1b";
    std::string dtype = "q4_0";
    std::string head_dtype;  // empty: as dtype
    std::string output;
    SyntheticOptions options;
};

// The preset is chosen first, so that flags given beside it change it.
void describe(CLI::App& app, Flags& flags) {
    SyntheticShape& shape = flags.options.shape;
    app.add_option("OUTPUT", flags.output, "the file to write")->required();
    app.add_option(
           "--shape", flags.shape,
           "1b (Llama-3.2-1B), 7b (Mistral-7B), 8b (Llama-3-8B); with planted sparsity: 1b-relu, "
           "7b-relu, 47b (TurboSparse-Mixtral-47B, 27 GB)")
        ->default_str("1b");
    app.add_option("--type", flags.dtype,
                   "of all matrices: f32 f16 bf16 q4_0 q5_0 q8_0 q4_k q5_k q6_k")
        ->default_str("q4_0");
    app.add_option("--head-type", flags.head_dtype, "of output.weight; as --type unless given");
    app.add_option("--arch", shape.architecture, "llama or qwen2");
    app.add_option("--layers", shape.n_layers, "layers");
    app.add_option("--d-model", shape.d_model, "width");
    app.add_option("--heads", shape.n_heads, "query heads");
    app.add_option("--kv-heads", shape.n_kv_heads, "key-value heads");
    app.add_option("--ff", shape.d_ff, "neurons of a layer's FFN");
    app.add_option("--vocab", shape.n_vocab, "tokens");
    app.add_option("--context", shape.context_length, "context length the file declares");
    app.add_flag("--tied", shape.tied_head, "the head is the embedding");
    app.add_option("--ffn-activation", shape.ffn_activation,
                   "writes hearth.ffn_activation: silu, gelu, relu or drelu");
    app.add_option("--active", shape.active_fraction,
                   "plants sparsity: the share of neurons that fire for a token (relu or drelu)");
    app.add_option("--seed", flags.options.seed, "of the weights");
}

Result<Dtype> parse_dtype(const std::string& name) {
    const auto dtype = dtype_from_name(name);
    if (!dtype) return make_error(ErrorCode::usage, "there is no type '{}' (see --help)", name);
    return *dtype;
}

Result<void> refuse_full_disk(const std::string& path, uint64_t needed) {
    std::error_code error;
    const auto folder = std::filesystem::absolute(path, error).parent_path();
    const auto space = std::filesystem::space(folder, error);
    if (error || space.available >= needed) return {};  // the writer will say what is wrong
    return make_error(ErrorCode::machine, "{}: needs {:.1f} GB, the disk has {:.1f} GB free", path,
                      static_cast<double>(needed) / 1e9,
                      static_cast<double>(space.available) / 1e9);
}

Result<void> make(Flags& flags) {
    HEARTH_TRY(flags.options.dtype, parse_dtype(flags.dtype));
    HEARTH_TRY(flags.options.head_dtype,
               parse_dtype(flags.head_dtype.empty() ? flags.dtype : flags.head_dtype));
    HEARTH_TRY(const SyntheticModel model, SyntheticModel::create(flags.options));
    const uint64_t bytes = model.file_bytes();
    HEARTH_TRY_VOID(refuse_full_disk(flags.output, bytes));
    const auto start = std::chrono::steady_clock::now();
    HEARTH_TRY_VOID(model.write(flags.output));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    fmt::print("{}: {:.2f} GB in {:.1f} s, {:.0f} MB/s\n", flags.output,
               static_cast<double>(bytes) / 1e9, took.count(),
               static_cast<double>(bytes) / 1e6 / took.count());
    return {};
}

// The value of --shape, found before the other flags are bound to its numbers.
std::string shape_argument(int argc, char** argv) {
    std::string shape = "1b";
    CLI::App first;
    first.allow_extras();
    first.set_help_flag();
    first.add_option("--shape", shape);
    try {
        first.parse(argc, argv);
    } catch (const CLI::ParseError&) {
        // The full parser says what is wrong.
    }
    return shape;
}

int run(int argc, char** argv) {
    CLI::App app(
        "Writes a GGUF model whose weights are synthetic: random, untrained, good for measuring "
        "speed and memory and for nothing else.",
        "hearth-synth");
    Flags flags;
    auto made = preset_shape(shape_argument(argc, argv)).and_then([&](SyntheticShape shape) {
        flags.options.shape = std::move(shape);
        return Result<void>();
    });
    describe(app, flags);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const bool asked_for_help = error.get_exit_code() == 0;
        app.exit(error);
        return asked_for_help ? 0 : static_cast<int>(ErrorCode::usage);
    }
    if (made) made = make(flags);
    if (made) return 0;
    fmt::print(stderr, "hearth-synth: {}\n", made.error().message);
    return static_cast<int>(made.error().code);
}

}  // namespace
}  // namespace hearth

int main(int argc, char** argv) {
    try {
        return hearth::run(argc, argv);
    } catch (const std::bad_alloc&) {
        fmt::print(stderr, "hearth-synth: out of memory\n");
        return static_cast<int>(hearth::ErrorCode::machine);
    }
}
