// NeuronCache: the cold segment, one slot per neuron bundle that is in memory.
//
// A key is (section, record): a record of one section (layer or expert) of a pack. Slots all have
// the size of the largest record and lie in one 2 MiB aligned region, so that direct I/O can read
// into them and the region can be registered with the ring.
//
// The life of a key
//
//        find_or_claim(), claim_ahead()          loaded()
//   absent ---------------------------> loading -----------> present
//     ^  ^                                 |                    |
//     |  +------------ failed() -----------+                    |
//     +------------------- evicted to make room ----------------+
//
//   absent   no slot; how often it was used lately is remembered all the same.
//   loading  owns a slot that a read is writing to. Nobody else may read it, nothing can evict it,
//            whether it is pinned or not: only loaded() and failed() end this state, and they are
//            called once, by whoever submitted the read, after it was reaped.
//   present  owns a slot with valid bytes. Evictable while nobody pins it.
//
// Pins count users. find_or_claim() pins every record it serves, once each, hits as well as misses,
// and unpin() takes that back. A pin keeps the slot where it is; it says nothing about its bytes:
// the bytes of a miss may be read after loaded(). When a pinned key fails, the key is absent at
// once, but its slot returns to the free ones only with its last pin.
//
// So a slot is always exactly one of: free; loading; present and pinned; present and evictable;
// or failed, waiting for its last pin.
//
// What goes first is what is worth least by engine/neuron/activity.h, looked for among kWindow
// neighbouring slots at a time: of all records ever asked for, 4 bytes of past are kept.
//
// One thread owns the cache and calls everything; pool workers only read the bytes of present,
// pinned slots that were handed to them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/base/aligned_buffer.h"
#include "engine/base/result.h"
#include "engine/neuron/activity.h"

namespace hearth {

struct CacheOptions {
    std::vector<uint32_t> section_records;  // how many records each section has
    size_t slot_bytes = 0;                  // the largest record, padded as the pack pads it
    size_t bytes = 0;                       // budget now: bytes / slot_bytes slots
    size_t max_bytes = 0;                   // what resize() may grow to; 0 = bytes
    // The fewest slots that the caller can work with: one group of demanded records plus what it
    // reads ahead. The cache itself works with one slot.
    size_t min_slots = 1;
};

// How a record was found.
enum class Found : uint8_t {
    present,  // a hit
    loading,  // already being read, by an earlier claim: wait for that read
    claimed,  // a miss, and the slot is the caller's to fill
};

// One record that was served.
struct CacheSlot {
    std::byte* data = nullptr;  // slot_bytes
    uint32_t slot = 0;          // for loaded(), failed(), unpin(); a good tag for the read
    uint32_t record = 0;
    Found found = Found::present;
};

// What has happened in one section, or in all.
struct CacheCounts {
    uint64_t hits = 0;        // demanded and present
    uint64_t pending = 0;     // demanded while being read ahead
    uint64_t misses = 0;      // demanded and absent
    uint64_t read_ahead = 0;  // claimed by claim_ahead()
    uint64_t evictions = 0;
    uint64_t present = 0;  // records in memory now, those being read included

    CacheCounts& operator+=(const CacheCounts& other);
};

struct CacheStats {
    CacheCounts counts;
    size_t n_slots = 0;
    size_t slot_bytes = 0;
    size_t used_slots = 0;  // loading or present, or failed and still pinned
    size_t loading_slots = 0;
    size_t pinned_slots = 0;
    size_t table_bytes = 0;  // what the cache itself needs beside the slots
};

class NeuronCache {
  public:
    static constexpr uint32_t kMaxSlots = uint32_t{1} << 30;
    static constexpr uint32_t kWindow = 32;

    // Refused with the number needed when `bytes` holds fewer than min_slots slots.
    static Result<std::unique_ptr<NeuronCache>> create(const CacheOptions& options);

    // By record of a section, the share of tokens that will want it, as far as is known: taken for
    // its past.
    void expect(uint32_t section, std::span<const float> rates);

    // A new decode step (or prefill batch) begins: what was used lately is counted in these.
    void begin_token() { model_.begin_token(); }

    // Serves `records` of one section (distinct; each below the section's count), in order, and
    // pins what it serves. `out` is replaced by the served ones: as many of the first records as
    // there is room for. Fewer than asked for means that everything else is pinned or loading: work
    // on what was served, unpin() it and ask for the rest; none means that only reaping a read or
    // unpinning an earlier group helps.
    void find_or_claim(uint32_t section, std::span<const uint32_t> records,
                       std::vector<CacheSlot>& out);

    // Claims slots for those of `records` that are absent, to be read ahead: not pinned, and
    // evictable once loaded. `out` is replaced by the claimed ones. Ends early when there is no
    // room.
    void claim_ahead(uint32_t section, std::span<const uint32_t> records,
                     std::vector<CacheSlot>& out);

    // The read into a loading slot has finished, or will never.
    void loaded(uint32_t slot);
    void failed(uint32_t slot);

    // Takes back one pin of each.
    void unpin(std::span<const CacheSlot> slots);

    // Whether a record is present now; neither pins nor counts.
    bool is_present(uint32_t section, uint32_t record) const;

    // Changes the budget, keeping the records most worth keeping: the rest is evicted, survivors
    // move to the front, and memory behind them is given back. Call it between tokens: nothing may
    // be loading, and pinned only what was claimed first of all and lies in the front for good. At
    // most max_bytes, at least min_slots. When region() is registered with a loader, forget it
    // there first and register it again afterwards.
    Result<void> resize(size_t bytes);

    // By section, the n absent records that are most worth having; none of which nothing is known.
    std::vector<std::vector<uint32_t>> most_wanted(size_t n) const;

    // The memory of all slots within the budget, for NeuronLoader::use_buffers().
    std::span<std::byte> region();

    CacheStats stats() const;
    const CacheCounts& section_counts(uint32_t section) const;
    size_t n_sections() const { return sections_.size(); }
    size_t n_slots() const { return slots_.size(); }
    size_t n_free() const { return free_.size(); }
    size_t max_slots() const { return memory_.size() / slot_bytes_; }

  private:
    static constexpr uint32_t kNone = ~uint32_t{0};

    enum class SlotState : uint8_t { free, loading, present, failed };
    struct Slot {
        uint32_t key = 0;   // means something unless free
        Activity activity;  // of the key, while it has the slot
        uint16_t pins = 0;
        SlotState state = SlotState::free;
    };
    struct Key {
        uint32_t slot = kNone;  // kNone: absent
        Activity activity;      // while absent
    };
    struct Section {
        uint32_t first_key = 0;
        uint32_t n_records = 0;
        CacheCounts counts;
    };

    NeuronCache(const CacheOptions& options, size_t max_bytes, uint32_t n_keys);

    bool is_evictable(const Slot& slot) const {
        return slot.state == SlotState::present && slot.pins == 0;
    }
    std::byte* data_of(uint32_t slot) { return memory_.data() + size_t{slot} * slot_bytes_; }
    size_t section_of(uint32_t key) const;
    CacheCounts& counts_of(uint32_t key);
    uint32_t take_slot();       // a free one, else an evicted one, else kNone
    uint32_t find_victim();     // kNone when nothing is evictable
    void evict(uint32_t slot);  // -> free, but not in free_
    void claim(uint32_t slot, uint32_t key);
    void forget_key(uint32_t slot);  // the slot's key becomes absent
    void pin(uint32_t slot);
    void unpin(uint32_t slot);
    void count_use(CacheCounts& counts, CacheSlot& served);
    void evict_least(size_t n);
    void move_to_front(size_t n_slots);

    size_t slot_bytes_;
    size_t min_slots_;
    AlignedBuffer<std::byte> memory_;  // max_bytes, touched as it is used
    std::vector<Slot> slots_;
    std::vector<uint32_t> free_;
    std::vector<Key> keys_;  // (sections, records) one after the other
    std::vector<Section> sections_;
    ActivityModel model_;
    uint32_t hand_ = 0;  // where find_victim() goes on
    size_t n_evictable_ = 0;
    size_t n_loading_ = 0;
    size_t n_pinned_ = 0;
};

}  // namespace hearth
