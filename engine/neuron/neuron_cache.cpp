#include "engine/neuron/neuron_cache.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>

#include "engine/base/bytes.h"
#include "engine/base/check.h"

namespace hearth {

namespace {

constexpr size_t kFetchAhead = 16;  // records

}  // namespace

CacheCounts& CacheCounts::operator+=(const CacheCounts& other) {
    hits += other.hits;
    pending += other.pending;
    misses += other.misses;
    read_ahead += other.read_ahead;
    evictions += other.evictions;
    present += other.present;
    return *this;
}

Result<std::unique_ptr<NeuronCache>> NeuronCache::create(const CacheOptions& options) {
    if (options.slot_bytes == 0 || options.section_records.empty()) {
        return make_error(ErrorCode::usage, "neuron cache: {} sections of records of {} bytes",
                          options.section_records.size(), options.slot_bytes);
    }
    uint32_t n_keys = 0;
    for (const uint32_t n : options.section_records) {
        const auto sum = checked_add(n_keys, n);
        if (!sum || *sum == kNone) {
            return make_error(ErrorCode::bad_file, "neuron cache: too many records, at most {}",
                              kNone - 1);
        }
        n_keys = *sum;
    }
    const size_t max_bytes = std::max(options.bytes, options.max_bytes);
    if (max_bytes / options.slot_bytes > kMaxSlots) {
        return make_error(ErrorCode::usage, "neuron cache: {} bytes are more than {} slots of {}",
                          max_bytes, kMaxSlots, options.slot_bytes);
    }
    std::unique_ptr<NeuronCache> cache(new NeuronCache(options, max_bytes, n_keys));
    HEARTH_TRY_VOID(cache->resize(options.bytes));
    return cache;
}

NeuronCache::NeuronCache(const CacheOptions& options, size_t max_bytes, uint32_t n_keys)
    : slot_bytes_(options.slot_bytes),
      min_slots_(std::max<size_t>(options.min_slots, 1)),
      memory_(max_bytes / options.slot_bytes * options.slot_bytes),
      keys_(n_keys) {
    uint32_t first_key = 0;
    for (const uint32_t n : options.section_records) {
        sections_.push_back({.first_key = first_key, .n_records = n, .counts = {}});
        first_key += n;
    }
}

void NeuronCache::expect(uint32_t section, std::span<const float> rates) {
    HEARTH_CHECK(section < sections_.size() && rates.size() == sections_[section].n_records);
    for (size_t i = 0; i < rates.size(); ++i) {
        Key& key = keys_[sections_[section].first_key + i];
        const Activity expected = model_.expect(static_cast<double>(rates[i]));
        (key.slot == kNone ? key.activity : slots_[key.slot].activity) = expected;
    }
}

void NeuronCache::find_or_claim(uint32_t section, std::span<const uint32_t> records,
                                std::vector<CacheSlot>& out) {
    HEARTH_CHECK(section < sections_.size());
    Section& in = sections_[section];
    out.clear();
    // Both tables are far larger than a core's caches: what a record needs is fetched ahead.
    for (size_t i = 0; i < records.size(); ++i) {
        HEARTH_CHECK(records[i] < in.n_records);
        if (i + kFetchAhead < records.size()) {
            const uint32_t next = std::min(records[i + kFetchAhead], in.n_records - 1);
            __builtin_prefetch(&keys_[in.first_key + next]);
        }
        const uint32_t slot = keys_[in.first_key + records[i]].slot;
        out.push_back(
            {.data = nullptr, .slot = slot, .record = records[i], .found = Found::present});
        if (slot != kNone) __builtin_prefetch(&slots_[slot], 1);
    }
    // Hits are pinned before anything is evicted, so that no miss takes the place of a later hit.
    for (const CacheSlot& served : out) {
        if (served.slot != kNone) pin(served.slot);
    }
    size_t n_served = out.size();
    for (size_t i = 0; i < n_served; ++i) {
        if (out[i].slot != kNone) continue;
        uint32_t slot = take_slot();
        // No room but under the last hits of this very call: they are served another time.
        while (slot == kNone && n_served > i + 1) {
            --n_served;
            if (out[n_served].slot == kNone) continue;
            unpin(out[n_served].slot);
            slot = take_slot();
        }
        if (slot == kNone) {
            n_served = i;
            break;
        }
        claim(slot, in.first_key + out[i].record);
        pin(slot);
        out[i].slot = slot;
        out[i].found = Found::claimed;
    }
    out.resize(n_served);
    for (CacheSlot& served : out) count_use(in.counts, served);
}

// A record that is served: its past, the statistics, and what the caller has to know.
void NeuronCache::count_use(CacheCounts& counts, CacheSlot& served) {
    Slot& slot = slots_[served.slot];
    model_.use(slot.activity);
    served.data = data_of(served.slot);
    if (served.found == Found::claimed) {
        ++counts.misses;
    } else if (slot.state == SlotState::loading) {
        served.found = Found::loading;
        ++counts.pending;
    } else {
        ++counts.hits;
    }
}

void NeuronCache::claim_ahead(uint32_t section, std::span<const uint32_t> records,
                              std::vector<CacheSlot>& out) {
    HEARTH_CHECK(section < sections_.size());
    Section& in = sections_[section];
    out.clear();
    for (size_t i = 0; i < records.size(); ++i) {
        const uint32_t record = records[i];
        HEARTH_CHECK(record < in.n_records);
        if (i + kFetchAhead < records.size()) {
            const uint32_t next = std::min(records[i + kFetchAhead], in.n_records - 1);
            __builtin_prefetch(&keys_[in.first_key + next]);
        }
        const uint32_t key = in.first_key + record;
        if (keys_[key].slot != kNone) continue;
        const uint32_t slot = take_slot();
        if (slot == kNone) return;
        claim(slot, key);
        ++in.counts.read_ahead;
        out.push_back({data_of(slot), slot, record, Found::claimed});
    }
}

void NeuronCache::loaded(uint32_t slot) {
    HEARTH_CHECK(slot < slots_.size() && slots_[slot].state == SlotState::loading);
    slots_[slot].state = SlotState::present;
    --n_loading_;
    if (slots_[slot].pins == 0) ++n_evictable_;
}

void NeuronCache::failed(uint32_t slot) {
    HEARTH_CHECK(slot < slots_.size() && slots_[slot].state == SlotState::loading);
    --n_loading_;
    forget_key(slot);
    if (slots_[slot].pins == 0) {
        slots_[slot].state = SlotState::free;
        free_.push_back(slot);
    } else {
        slots_[slot].state = SlotState::failed;
    }
}

void NeuronCache::unpin(std::span<const CacheSlot> slots) {
    for (const CacheSlot& served : slots) unpin(served.slot);
}

bool NeuronCache::is_present(uint32_t section, uint32_t record) const {
    HEARTH_CHECK(section < sections_.size() && record < sections_[section].n_records);
    const uint32_t slot = keys_[sections_[section].first_key + record].slot;
    return slot != kNone && slots_[slot].state == SlotState::present;
}

Result<void> NeuronCache::resize(size_t bytes) {
    HEARTH_CHECK(n_loading_ == 0);
    const size_t n_slots = std::min(bytes, memory_.size()) / slot_bytes_;
    if (n_slots < min_slots_) {
        return make_error(ErrorCode::usage,
                          "neuron cache: {} bytes hold {} records of {} bytes, at least {} are "
                          "needed ({} bytes)",
                          bytes, n_slots, slot_bytes_, min_slots_, min_slots_ * slot_bytes_);
    }
    const size_t n_before = slots_.size();
    const size_t n_used = n_before - free_.size();
    if (n_used > n_slots) evict_least(n_used - n_slots);
    if (n_slots < n_before) move_to_front(n_slots);
    slots_.resize(n_slots);
    hand_ = 0;
    free_.clear();
    for (size_t i = n_slots; i-- > 0;) {
        if (slots_[i].state == SlotState::free) free_.push_back(static_cast<uint32_t>(i));
    }
    if (n_slots < n_before) memory_.drop_behind(n_slots * slot_bytes_);
    return {};
}

// The n records that are worth least of all; so many are evictable.
void NeuronCache::evict_least(size_t n) {
    std::vector<std::pair<uint32_t, uint32_t>> candidates;  // worth, slot
    for (uint32_t slot = 0; slot < slots_.size(); ++slot) {
        if (!is_evictable(slots_[slot])) continue;
        candidates.emplace_back(model_.worth(slots_[slot].activity), slot);
    }
    HEARTH_CHECK(n <= candidates.size());
    std::nth_element(candidates.begin(), candidates.begin() + static_cast<ptrdiff_t>(n - 1),
                     candidates.end());
    for (size_t i = 0; i < n; ++i) evict(candidates[i].second);
}

// Moves what lies in slots from n_slots on into free ones before: there are enough.
void NeuronCache::move_to_front(size_t n_slots) {
    uint32_t to = 0;
    for (size_t from = n_slots; from < slots_.size(); ++from) {
        if (slots_[from].state == SlotState::free) continue;
        HEARTH_CHECK(slots_[from].pins == 0);
        while (slots_[to].state != SlotState::free) ++to;
        std::memcpy(data_of(to), data_of(static_cast<uint32_t>(from)), slot_bytes_);
        slots_[to] = slots_[from];
        keys_[slots_[to].key].slot = to;
    }
}

std::vector<std::vector<uint32_t>> NeuronCache::most_wanted(size_t n) const {
    std::vector<std::pair<uint32_t, uint32_t>> absent;  // worth, key
    for (uint32_t key = 0; key < keys_.size(); ++key) {
        if (keys_[key].slot != kNone) continue;
        const uint32_t worth = model_.worth(keys_[key].activity);
        if (worth > 0) absent.emplace_back(worth, key);
    }
    if (n < absent.size()) {
        std::nth_element(absent.begin(), absent.begin() + static_cast<ptrdiff_t>(n), absent.end(),
                         std::greater<>());
        absent.resize(n);
    }
    std::vector<std::vector<uint32_t>> wanted(sections_.size());
    for (const auto& [worth, key] : absent) {
        const size_t section = section_of(key);
        wanted[section].push_back(key - sections_[section].first_key);
    }
    return wanted;
}

std::span<std::byte> NeuronCache::region() {
    return memory_.span().first(slots_.size() * slot_bytes_);
}

CacheStats NeuronCache::stats() const {
    CacheStats stats{.counts = {},
                     .n_slots = slots_.size(),
                     .slot_bytes = slot_bytes_,
                     .used_slots = slots_.size() - free_.size(),
                     .loading_slots = n_loading_,
                     .pinned_slots = n_pinned_,
                     .table_bytes = keys_.size() * sizeof(Key) + slots_.size() * sizeof(Slot) +
                                    free_.capacity() * sizeof(uint32_t)};
    for (const Section& section : sections_) stats.counts += section.counts;
    return stats;
}

const CacheCounts& NeuronCache::section_counts(uint32_t section) const {
    HEARTH_CHECK(section < sections_.size());
    return sections_[section].counts;
}

size_t NeuronCache::section_of(uint32_t key) const {
    const auto after =
        std::upper_bound(sections_.begin(), sections_.end(), key,
                         [](uint32_t k, const Section& section) { return k < section.first_key; });
    return static_cast<size_t>(after - sections_.begin()) - 1;
}

CacheCounts& NeuronCache::counts_of(uint32_t key) {
    return sections_[section_of(key)].counts;
}

uint32_t NeuronCache::take_slot() {
    if (!free_.empty()) {
        const uint32_t slot = free_.back();
        free_.pop_back();
        return slot;
    }
    const uint32_t slot = find_victim();
    if (slot != kNone) evict(slot);
    return slot;
}

// The evictable slot that is worth least in the next window that has one.
uint32_t NeuronCache::find_victim() {
    if (n_evictable_ == 0) return kNone;
    uint32_t victim = kNone;
    while (victim == kNone) {
        uint32_t least = std::numeric_limits<uint32_t>::max();
        for (uint32_t i = 0; i < kWindow; ++i) {
            const Slot& slot = slots_[hand_];
            if (is_evictable(slot)) {
                const uint32_t worth = model_.worth(slot.activity);
                if (victim == kNone || worth < least) {
                    victim = hand_;
                    least = worth;
                }
            }
            if (++hand_ == slots_.size()) hand_ = 0;
        }
    }
    return victim;
}

// The caller hands the slot on, or adds it to the free ones.
void NeuronCache::evict(uint32_t slot) {
    HEARTH_DCHECK(is_evictable(slots_[slot]));
    ++counts_of(slots_[slot].key).evictions;
    --n_evictable_;
    forget_key(slot);
    slots_[slot].state = SlotState::free;
}

void NeuronCache::claim(uint32_t slot, uint32_t key) {
    slots_[slot] = {
        .key = key, .activity = keys_[key].activity, .pins = 0, .state = SlotState::loading};
    keys_[key].slot = slot;
    ++counts_of(key).present;
    ++n_loading_;
}

void NeuronCache::forget_key(uint32_t slot) {
    const uint32_t key = slots_[slot].key;
    keys_[key] = {.slot = kNone, .activity = slots_[slot].activity};
    --counts_of(key).present;
}

void NeuronCache::pin(uint32_t slot) {
    Slot& pinned = slots_[slot];
    HEARTH_CHECK(pinned.pins < std::numeric_limits<uint16_t>::max());
    if (pinned.pins++ > 0) return;
    ++n_pinned_;
    if (pinned.state == SlotState::present) --n_evictable_;
}

void NeuronCache::unpin(uint32_t slot) {
    HEARTH_CHECK(slot < slots_.size() && slots_[slot].pins > 0);
    Slot& pinned = slots_[slot];
    if (--pinned.pins > 0) return;
    --n_pinned_;
    if (pinned.state == SlotState::present) ++n_evictable_;
    if (pinned.state == SlotState::failed) {
        pinned.state = SlotState::free;
        free_.push_back(slot);
    }
}

}  // namespace hearth
