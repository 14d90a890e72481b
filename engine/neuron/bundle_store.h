// BundleStore: the bundles of a pack, in memory or fetched: cache, reads and checks in one place.
//
// Rows are addressed by slot: up(), down() and gate() are matrices over the memory of all slots, so
// the row kernels work on bundles wherever they lie. Of what the plan keeps hot, slots are held for
// good; the rest is the cold segment.
//
//   claim(neurons) -> slots, some of them still being read -> reap() ... -> rows -> release()
//
// One thread owns the store and calls everything but is_intact() and the matrices, which any worker
// may use for slots that a claim holds and that have arrived.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/result.h"
#include "engine/neuron/neuron_cache.h"
#include "engine/neuron/neuron_loader.h"
#include "engine/neuron/pack.h"
#include "engine/neuron/plan.h"

namespace hearth {

// Some neurons of one section whose bundles are wanted. Must not move or go while it is reading.
struct BundleClaim {
    std::vector<uint32_t> slots;      // of the neurons served, in the order they were asked for
    std::vector<CacheSlot> held;      // the cold ones among them
    std::vector<uint32_t> fetched;    // places in `slots` that came from disk for this claim
    size_t n_reading = 0;             // reads that have not arrived
    std::optional<Error> error = {};  // of a read
};

struct BundleStats {
    uint64_t hot_hits = 0;
    CacheCounts cold;
    LoaderStats io;
};

// One FFN of a pack, for those who show it.
struct FfnMemory {
    uint32_t layer = 0;
    uint32_t expert = 0;
    uint64_t neurons = 0;
    uint64_t hot = 0;      // in memory for good
    uint64_t present = 0;  // in memory, hot ones included
    uint64_t hits = 0;     // since the session began, cold ones only
    uint64_t misses = 0;
    // Share of neurons in memory, frequent to rare (where rates are not known: by their place in
    // the pack), in kRanks equal parts; of large FFNs a sample.
    static constexpr size_t kRanks = 32;
    std::array<float, kRanks> present_by_rank{};
};

class BundleStore {
  public:
    // Opens plan.pack_path and takes plan.cache_bytes for slots. Bundles without gate rows are held
    // when plan.gates_resident. Fails when the pack is another model's, or the bytes hold too few
    // slots: fewer than one claim.
    static Result<std::unique_ptr<BundleStore>> open(const Plan& plan, const ModelIdentity& model,
                                                     const std::string& model_path);

    // The most neurons that one claim serves.
    static constexpr size_t kMaxClaim = 256;

    // Fills hot and cold slots (cache_fill.h), in large reads. `on_progress` may be empty; false
    // stops (ErrorCode::cancelled). Once.
    using Progress = std::function<bool(uint64_t done, uint64_t total)>;
    Result<void> fill(const Progress& on_progress);

    // plan.lent_bytes more for the cold segment, read full of what is most worth having; and given
    // back again: what is worth least goes. Between tokens, while no claim is held; it takes a few
    // dozen milliseconds. After an error there may be slots that are never filled: no more claims.
    Result<void> borrow();
    Result<void> give_back();

    // A decode step begins.
    void begin_token() { cache_->begin_token(); }

    bool holds_gates() const { return with_gates_; }  // bundles are whole
    // The section of an FFN.
    size_t section_of(size_t layer, size_t expert) const;
    // Neurons of a section that are hot, ascending.
    std::span<const uint32_t> hot(size_t section) const { return hot_neurons_[section]; }

    // Serves the first of `neurons` (ascending, at most kMaxClaim), as many as there is room for,
    // and begins the reads of those that are missing. None served means: reap or release first.
    Result<size_t> claim(size_t section, std::span<const uint32_t> neurons, BundleClaim& claim);
    // Begins to read those of `neurons` that are not in memory and not hot, for a claim that is
    // likely to come. Ends early where there is no room.
    Result<void> read_ahead(size_t section, std::span<const uint32_t> neurons);
    // Takes what has arrived off the claims that wait for it.
    Result<void> reap(Wait wait, const std::atomic<bool>* stop);
    // Gives the slots back, whether their reads have arrived or not: late ones are taken later, as
    // if they had been read ahead.
    void release(BundleClaim& claim);
    size_t n_reading() const { return loader_->n_unfinished(); }

    // Whether a fetched bundle is what the packer wrote, and what to say when it is not.
    bool is_intact(size_t section, uint32_t neuron, uint32_t slot) const;
    Error damaged(size_t section, uint32_t neuron) const;
    // A damaged bundle was found after its claim took it for present: no claim is served any more.
    void distrust(Error error) { distrusted_ = std::move(error); }

    // (n_slots, d_model) of a section's types; the gate only where bundles are held with it.
    MatrixView up(size_t section) const;
    MatrixView down(size_t section) const;
    MatrixView gate(size_t section) const;

    const Pack& pack() const { return pack_; }
    const NeuronCache& cache() const { return *cache_; }
    BundleStats stats() const;
    std::vector<FfnMemory> ffn_memory() const;
    uint64_t hot_bytes() const { return n_hot_ * slot_bytes_; }
    uint64_t slot_bytes() const { return slot_bytes_; }

  private:
    struct SlotRead {
        BundleClaim* claim = nullptr;  // who waits for it
        uint32_t section = 0;
        uint32_t neuron = 0;
    };

    BundleStore(Pack pack, bool with_gates) : pack_(std::move(pack)), with_gates_(with_gates) {}

    size_t bytes_read(const PackSection& section) const;
    Result<void> take_rates(const Plan& plan);
    Result<void> choose_hot(const Plan& plan);
    std::vector<uint32_t> hottest_first(size_t section) const;
    void make_requests(size_t section, std::span<const CacheSlot> slots);
    Result<void> begin_reads(size_t section, std::span<const CacheSlot> slots,
                             ReadPriority priority);
    Result<void> settle();
    Result<void> read_all(NeuronLoader& loader, size_t section, std::span<const CacheSlot> slots);
    Result<void> wait_until(NeuronLoader& loader, size_t n_unfinished);
    MatrixView rows(size_t section, Dtype dtype, size_t offset) const;
    void count_by_rank(size_t section, FfnMemory& ffn) const;

    Pack pack_;
    bool with_gates_;
    size_t alignment_ = 1;  // of reads
    size_t slot_bytes_ = 0;
    uint64_t own_bytes_ = 0;  // of the cache, without what is lent
    size_t n_hot_ = 0;
    bool fills_cold_ = true;
    std::vector<std::vector<float>> firing_rates_;  // until fill()
    uint64_t hot_hits_ = 0;
    std::optional<Error> distrusted_;
    std::unique_ptr<NeuronCache> cache_;
    std::unique_ptr<NeuronLoader> loader_;
    std::vector<SlotRead> reads_;                     // by slot: what is read into it, or was last
    std::vector<std::vector<uint32_t>> by_rank_;      // by section, a sample for count_by_rank()
    std::vector<std::vector<uint32_t>> hot_neurons_;  // by section, ascending
    std::vector<std::vector<uint32_t>> hot_slots_;    // by section and neuron; kNoSlot: not hot
    std::vector<uint32_t> cold_;                      // scratch of claim()
    std::vector<CacheSlot> ahead_;
    std::vector<ReadRequest> requests_;
    std::vector<uint64_t> promoted_;
    std::vector<Completion> completions_;
};

}  // namespace hearth
