#include "app/generation.h"

#include <random>

namespace hearth {

SessionOptions session_options(const Options& options) {
    return {options.n_ctx, options.n_threads, options.sparsity};
}

GenerateOptions generate_options(const Options& options) {
    GenerateOptions generate;
    generate.sampler = options.sampler;
    generate.sampler.seed = options.seed.value_or(std::random_device()());
    generate.max_tokens = options.max_tokens;
    generate.stop_strings = options.stop_strings;
    return generate;
}

}  // namespace hearth
