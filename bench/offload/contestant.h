// Contestant: a way to run a model that does not fit, other than the engine's own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "bench/offload/measurement.h"
#include "engine/base/result.h"
#include "engine/base/token.h"

namespace hearth::bench {

// Since it was opened.
struct Counters {
    double io_seconds = 0.0;  // that computing waited for reads
    uint64_t bytes = 0;       // read
    uint64_t reads = 0;
    uint64_t hits = 0;  // neurons that were in memory when they were needed
    uint64_t misses = 0;
};

class Contestant {
  public:
    virtual ~Contestant() = default;
    // Computes one token and returns the likeliest next one.
    virtual Result<Token> step(Token token) = 0;
    virtual Counters counters() const = 0;
    virtual size_t n_vocab() const = 0;
};

// What every contestant is prompted with.
std::vector<Token> random_prompt(size_t n, size_t n_vocab);

// Decodes greedily behind the prompt.
Result<Measurement> measure(Contestant& contestant, const Workload& workload);

// Dense decode over a mapping of the file, which touches all of it in order.
Result<std::unique_ptr<Contestant>> open_mapped(const Workload& workload);

// LLM in a Flash (arXiv 2312.11514) in our house: the policy that PowerInfer-2 measured itself
// against, with our reader, our pack and our kernels.
//
//   - everything but the FFN in memory; a predictor says which neurons a token needs
//   - sliding window: the neurons of the last k tokens stay in memory, others are dropped; there
//     is no hot set
//   - bundles: a neuron's rows lie together on disk and are read together (for a model with a gate:
//     gate, up and down)
//   - per layer all missing bundles are read at once, then everything is computed: no pipeline
struct FlashOptions {
    size_t window = 5;         // tokens whose neurons stay
    uint64_t cache_bytes = 0;  // for bundles; where it is too small the window shrinks
    size_t queue_depth = 64;
    bool joins_reads = false;  // over gaps, as the engine does; as published: a read per bundle
};
Result<std::unique_ptr<Contestant>> open_flash(const Workload& workload,
                                               const FlashOptions& options);

}  // namespace hearth::bench
