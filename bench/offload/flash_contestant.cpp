#include <algorithm>
#include <array>
#include <chrono>

#include "bench/offload/contestant.h"
#include "bench/offload/file_weights.h"
#include "bench/offload/window_cache.h"
#include "engine/neuron/neuron_loader.h"
#include "engine/neuron/pack.h"
#include "planner/token_runner.h"

namespace hearth::bench {

namespace {

using Clock = std::chrono::steady_clock;

// Neurons computed together.
constexpr size_t kGroup = 64;
constexpr size_t kParts = 16;

class Flash final : public Contestant {
  public:
    Flash(std::unique_ptr<FileWeights> weights, const KernelTable& kernels, Pack pack,
          std::unique_ptr<NeuronLoader> loader, const Workload& workload,
          const FlashOptions& options)
        : weights_(std::move(weights)),
          pack_(std::move(pack)),
          loader_(std::move(loader)),
          runner_(config(), weights_->weights(), kernels, workload.n_ctx(), workload.n_threads),
          cache_(config().n_layers, config().d_ff, options.cache_bytes / section(0).stride,
                 section(0).stride, options.window),
          scratch_(config().d_model, weights_->weights().max_predictor_rank, config().d_ff),
          partial_(kParts * config().d_model) {}

    Result<Token> step(Token token) override {
        cache_.begin_token();
        return runner_.step(token, [this](size_t layer, Activations& a) { return feed(layer, a); });
    }

    Counters counters() const override {
        Counters counters = counters_;
        counters.bytes = loader_->stats().bytes;
        counters.reads = loader_->stats().reads;
        return counters;
    }

    size_t n_vocab() const override { return config().n_vocab; }

  private:
    const ModelConfig& config() const { return weights_->config(); }
    const PackSection& section(size_t layer) const { return pack_.sections()[layer]; }

    Result<void> feed(size_t layer, Activations& a) {
        predict(runner_.compute(), weights_->weights().layers[layer].predictor, a.residual.data(),
                scratch_, neurons_);
        if (!cache_.take(layer, neurons_, slots_, missing_)) {
            return make_error(ErrorCode::usage, "{} bundles do not hold what one token needs",
                              cache_.n_slots());
        }
        HEARTH_TRY_VOID(read_missing(layer));
        compute(layer, a);
        cache_.slide(layer);
        return {};
    }

    Result<void> read_missing(size_t layer) {
        counters_.hits += slots_.size() - missing_.size();
        counters_.misses += missing_.size();
        const auto start = Clock::now();
        requests_.clear();
        for (const uint32_t i : missing_) {
            requests_.push_back({pack_.record_offset(layer, neurons_[i]), section(layer).stride,
                                 cache_.data(slots_[i]), i});
        }
        HEARTH_TRY_VOID(loader_->submit(requests_));
        while (loader_->n_unfinished() > 0) {
            done_.clear();
            HEARTH_TRY_VOID(loader_->reap(done_, Wait::at_least_one));
            for (Completion& completion : done_) {
                if (completion.error) return tl::unexpected(std::move(*completion.error));
            }
        }
        counters_.io_seconds += std::chrono::duration<double>(Clock::now() - start).count();
        return {};
    }

    // One of the three rows of all slots, as a matrix.
    MatrixView rows(Dtype dtype, size_t offset, size_t layer) {
        return {dtype, cache_.data(0) + offset, cache_.n_slots(), config().d_model,
                section(layer).stride};
    }

    // Slots in, their neurons' sum out.
    void add(const FfnWeights& views, const ActivationView& x, std::span<const uint32_t> slots,
             float* out) const {
        const KernelTable& kernels = runner_.compute().kernels;
        while (!slots.empty()) {
            const size_t n = std::min(kGroup, slots.size());
            std::array<float, kGroup> gate;
            std::array<float, kGroup> up;
            std::array<uint32_t, kGroup> open;
            kernels.matvec_rows(views.gate, slots.data(), n, x, gate.data());
            size_t n_open = 0;
            for (size_t i = 0; i < n; ++i) {
                if (!(gate[i] > 0.0F)) continue;
                open[n_open] = slots[i];
                gate[n_open++] = gate[i];
            }
            kernels.matvec_rows(views.up, open.data(), n_open, x, up.data());
            const bool cuts_up = config().activation == FfnActivation::drelu;
            for (size_t i = 0; i < n_open; ++i) {
                gate[i] *= cuts_up ? std::max(up[i], 0.0F) : up[i];
            }
            kernels.accumulate_rows(views.down, open.data(), gate.data(), n_open, out);
            slots = slots.subspan(n);
        }
    }

    void compute(size_t layer, Activations& a) {
        const Compute& compute = runner_.compute();
        const PackSection& s = section(layer);
        FfnWeights views;
        views.gate = rows(s.gate, s.gate_offset, layer);
        views.up = rows(s.up, 0, layer);
        views.down = rows(s.down, s.down_offset, layer);
        const std::array readers{Product{views.gate}, Product{views.up}};
        const ActivationView x =
            prepare_input(compute, a.normed.data(), 1, config().d_model, readers, a.quantized);
        const size_t d_model = config().d_model;
        std::fill_n(partial_.data(), partial_.size(), 0.0F);
        compute.pool.parallel_for(kParts, 1, [&](size_t part, size_t, size_t) {
            const size_t begin = part * slots_.size() / kParts;
            const size_t end = (part + 1) * slots_.size() / kParts;
            add(views, x, std::span(slots_).subspan(begin, end - begin),
                partial_.data() + part * d_model);
        });
        std::fill_n(a.block_output.data(), d_model, 0.0F);
        for (size_t part = 0; part < kParts; ++part) {
            compute.kernels.add(partial_.data() + part * d_model, a.block_output.data(), d_model);
        }
    }

    std::unique_ptr<FileWeights> weights_;
    Pack pack_;
    std::unique_ptr<NeuronLoader> loader_;
    TokenRunner runner_;
    WindowCache cache_;
    PredictorScratch scratch_;
    AlignedBuffer<float> partial_;   // (kParts, d_model)
    std::vector<uint32_t> neurons_;  // of the layer at work: proposed
    std::vector<uint32_t> slots_;    // theirs
    std::vector<uint32_t> missing_;  // places in both
    std::vector<ReadRequest> requests_;
    std::vector<Completion> done_;
    Counters counters_;
};

}  // namespace

Result<std::unique_ptr<Contestant>> open_flash(const Workload& workload,
                                               const FlashOptions& options) {
    HEARTH_TRY(const KernelTable* const kernels, choose_kernels(""));
    HEARTH_TRY(auto weights, FileWeights::open(workload.model, FileWeights::Holding::fixed));
    if (weights->weights().max_predictor_rank == 0) {
        return make_error(ErrorCode::usage, "{}: has no predictors, which this policy needs",
                          workload.model);
    }
    HEARTH_TRY(Pack pack, Pack::open(workload.pack));
    HEARTH_TRY(const ModelIdentity identity, identify_model(weights->gguf()));
    HEARTH_TRY_VOID(pack.check_model(identity, workload.model));
    LoaderOptions reading;
    reading.queue_depth = options.queue_depth;
    if (options.joins_reads) {
        reading.gap_bytes = workload.gap(pack.sections().front().stride, options.queue_depth);
    }
    HEARTH_TRY(auto loader, NeuronLoader::open(workload.pack, reading));
    return std::make_unique<Flash>(std::move(weights), *kernels, std::move(pack), std::move(loader),
                                   workload, options);
}

}  // namespace hearth::bench
