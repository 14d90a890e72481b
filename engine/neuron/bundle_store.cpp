#include "engine/neuron/bundle_store.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/printable.h"
#include "engine/neuron/cache_fill.h"

namespace hearth {

namespace {

constexpr uint32_t kNoSlot = ~uint32_t{0};

// Filling at the start: neighbours on disk, so reads are joined over what lies between.
constexpr size_t kFillBatch = 256;
constexpr size_t kFillDepth = 8;
constexpr size_t kFillJoined = size_t{256} << 10;
constexpr size_t kFillGap = size_t{16} << 10;  // takes no disk as long as another read

constexpr size_t kRankSamples = 1024;

}  // namespace

Result<std::unique_ptr<BundleStore>> BundleStore::open(const Plan& plan, const ModelIdentity& model,
                                                       const std::string& model_path) {
    HEARTH_TRY(Pack pack, Pack::open(plan.pack_path));
    HEARTH_TRY_VOID(pack.check_model(model, model_path));
    std::unique_ptr<BundleStore> store(new BundleStore(std::move(pack), !plan.gates_resident));
    HEARTH_TRY(store->loader_, NeuronLoader::open(plan.pack_path, plan.io));
    store->alignment_ = store->loader_->alignment();
    if (store->alignment_ > store->pack_.alignment()) {
        return make_error(ErrorCode::bad_file,
                          "{}: records are aligned to {} bytes, this disk reads at multiples of {} "
                          "(make the pack anew: hearth pack --alignment {})",
                          printable_path(plan.pack_path), store->pack_.alignment(),
                          store->alignment_, store->alignment_);
    }
    CacheOptions cache{.section_records = {}, .bytes = plan.cache_bytes, .min_slots = kMaxClaim};
    for (const PackSection& section : store->pack_.sections()) {
        cache.section_records.push_back(section.n_records);
        cache.slot_bytes = std::max(cache.slot_bytes, store->bytes_read(section));
    }
    store->slot_bytes_ = cache.slot_bytes;
    const uint64_t all = store->pack_.n_records() * cache.slot_bytes;
    cache.max_bytes = std::min<uint64_t>(cache.bytes + plan.lent_bytes, all);
    cache.bytes = std::min<uint64_t>(cache.bytes, all);
    store->own_bytes_ = cache.bytes;
    cache.min_slots = std::min<size_t>(kMaxClaim, store->pack_.n_records());
    HEARTH_TRY(store->cache_, NeuronCache::create(cache));
    store->reads_.resize(store->cache_->max_slots());
    HEARTH_TRY_VOID(store->take_rates(plan));
    HEARTH_TRY_VOID(store->choose_hot(plan));
    store->fills_cold_ = plan.fills_cache_at_start;
    return store;
}

// What a bundle is read with: all of it, or what comes before the gate.
size_t BundleStore::bytes_read(const PackSection& section) const {
    return round_up<size_t>(with_gates_ ? section.record_bytes : section.gate_offset, alignment_);
}

Result<void> BundleStore::choose_hot(const Plan& plan) {
    const size_t n_sections = pack_.sections().size();
    hot_neurons_.resize(n_sections);
    hot_slots_.resize(n_sections);
    by_rank_.resize(n_sections);
    for (size_t s = 0; s < n_sections; ++s) {
        std::vector<uint32_t> order = hottest_first(s);
        const size_t step = std::max<size_t>(1, order.size() / kRankSamples);
        for (size_t i = 0; i < order.size(); i += step) by_rank_[s].push_back(order[i]);
        const size_t n_planned = s < plan.hot_records.size() ? plan.hot_records[s] : 0;
        if (n_planned == 0) continue;
        hot_slots_[s].assign(order.size(), kNoSlot);
        order.resize(std::min(n_planned, order.size()));
        std::sort(order.begin(), order.end());
        n_hot_ += order.size();
        hot_neurons_[s] = std::move(order);
    }
    if (n_hot_ + std::min<size_t>(kMaxClaim, pack_.n_records()) <= cache_->n_slots() ||
        n_hot_ == pack_.n_records()) {
        return {};
    }
    return make_error(ErrorCode::usage,
                      "{}: {} hot neurons and a claim of {} do not fit {} slots of {} bytes (the "
                      "plan gives hot and cold {} bytes)",
                      printable_path(plan.pack_path), n_hot_, kMaxClaim, cache_->n_slots(),
                      slot_bytes_, plan.cache_bytes);
}

// By rate; of equals, and where no rates are known, those that are placed first.
std::vector<uint32_t> BundleStore::hottest_first(size_t section) const {
    const auto placed = pack_.placement(section);
    std::vector<uint32_t> order(placed.begin(), placed.end());
    if (firing_rates_.empty()) return order;
    const std::vector<float>& rates = firing_rates_[section];
    std::stable_sort(order.begin(), order.end(),
                     [&](uint32_t a, uint32_t b) { return rates[a] > rates[b]; });
    return order;
}

Result<void> BundleStore::take_rates(const Plan& plan) {
    if (plan.firing_rates.empty()) return {};
    const auto is_like = [](const std::vector<float>& rates, const PackSection& section) {
        return rates.size() == section.n_records;
    };
    if (!std::equal(plan.firing_rates.begin(), plan.firing_rates.end(), pack_.sections().begin(),
                    pack_.sections().end(), is_like)) {
        return make_error(ErrorCode::usage,
                          "{}: {} sections, the plan knows how often the neurons of {} fire (plan "
                          "anew: hearth plan --redo)",
                          printable_path(plan.pack_path), pack_.sections().size(),
                          plan.firing_rates.size());
    }
    for (size_t s = 0; s < plan.firing_rates.size(); ++s) {
        cache_->expect(static_cast<uint32_t>(s), plan.firing_rates[s]);
    }
    firing_rates_ = plan.firing_rates;
    return {};
}

Result<void> BundleStore::fill(const Progress& on_progress) {
    LoaderOptions options;
    options.queue_depth = kFillDepth;
    options.max_joined_bytes = kFillJoined;
    options.gap_bytes = kFillGap + (with_gates_ ? 0 : slot_bytes_);
    HEARTH_TRY(const auto loader, NeuronLoader::open(pack_.path(), options));
    const uint64_t total = (fills_cold_ ? cache_->n_slots() : n_hot_) * slot_bytes_;
    uint64_t done = 0;
    std::vector<CacheSlot> slots;
    const auto read = [&](size_t section) -> Result<void> {
        HEARTH_TRY_VOID(read_all(*loader, section, slots));
        done += slots.size() * slot_bytes_;
        if (!on_progress || on_progress(done, total)) return {};
        HEARTH_TRY_VOID(wait_until(*loader, 0));
        return make_error(ErrorCode::cancelled, "{}: filling the cache was stopped", pack_.path());
    };
    // Hot bundles hold their slots for good: they are never released.
    for (size_t s = 0; s < hot_neurons_.size(); ++s) {
        std::vector<uint32_t> placed = hot_neurons_[s];
        std::sort(placed.begin(), placed.end(), [&](uint32_t a, uint32_t b) {
            return pack_.position(s, a) < pack_.position(s, b);
        });
        for (std::span<const uint32_t> rest = placed; !rest.empty();) {
            const auto batch = rest.first(std::min(rest.size(), kFillBatch));
            cache_->find_or_claim(static_cast<uint32_t>(s), batch, slots);
            HEARTH_CHECK(slots.size() == batch.size());
            for (const CacheSlot& slot : slots) hot_slots_[s][slot.record] = slot.slot;
            HEARTH_TRY_VOID(read(s));
            rest = rest.subspan(batch.size());
        }
    }
    if (!fills_cold_) return wait_until(*loader, 0);
    const size_t n_free = cache_->n_slots() - n_hot_;
    const auto chosen = choose_fill(pack_, hot_neurons_, std::exchange(firing_rates_, {}), n_free);
    for (size_t s = 0; s < chosen.size(); ++s) {
        for (std::span<const uint32_t> rest = chosen[s]; !rest.empty();) {
            const auto batch = rest.first(std::min(rest.size(), kFillBatch));
            cache_->claim_ahead(static_cast<uint32_t>(s), batch, slots);
            HEARTH_TRY_VOID(read(s));
            rest = rest.subspan(batch.size());
        }
    }
    return wait_until(*loader, 0);
}

Result<void> BundleStore::borrow() {
    HEARTH_TRY_VOID(settle());
    HEARTH_TRY_VOID(cache_->resize(cache_->max_slots() * slot_bytes_));
    if (!fills_cold_) return {};
    const auto wanted = cache_->most_wanted(cache_->n_free());
    // Nothing else reads: all of the queue is theirs.
    for (size_t s = 0; s < wanted.size(); ++s) {
        cache_->claim_ahead(static_cast<uint32_t>(s), wanted[s], ahead_);
        HEARTH_TRY_VOID(begin_reads(s, ahead_, ReadPriority::demand));
    }
    return settle();
}

Result<void> BundleStore::give_back() {
    HEARTH_TRY_VOID(settle());
    return cache_->resize(own_bytes_);
}

// Waits for the reads that no claim waits for.
Result<void> BundleStore::settle() {
    while (n_reading() > 0) HEARTH_TRY_VOID(reap(Wait::at_least_one, nullptr));
    return {};
}

// requests_ = the reads of bundles into their slots, for which no claim waits.
void BundleStore::make_requests(size_t section, std::span<const CacheSlot> slots) {
    const size_t bytes = bytes_read(pack_.sections()[section]);
    requests_.clear();
    for (const CacheSlot& slot : slots) {
        reads_[slot.slot] = {nullptr, static_cast<uint32_t>(section), slot.record};
        requests_.push_back(
            {pack_.record_offset(section, slot.record), bytes, slot.data, slot.slot});
    }
}

// Begins to read bundles into their slots, and waits while too many are under way.
Result<void> BundleStore::read_all(NeuronLoader& loader, size_t section,
                                   std::span<const CacheSlot> slots) {
    make_requests(section, slots);
    HEARTH_TRY_VOID(loader.submit(requests_));
    return wait_until(loader, 4 * kFillBatch);
}

Result<void> BundleStore::wait_until(NeuronLoader& loader, size_t n_unfinished) {
    while (loader.n_unfinished() > n_unfinished) {
        completions_.clear();
        HEARTH_TRY_VOID(loader.reap(completions_, Wait::at_least_one));
        for (const Completion& done : completions_) {
            const auto slot = static_cast<uint32_t>(done.tag);
            if (done.error) return tl::unexpected(*done.error);
            const SlotRead& read = reads_[slot];
            if (!is_intact(read.section, read.neuron, slot)) {
                return tl::unexpected(damaged(read.section, read.neuron));
            }
            cache_->loaded(slot);
        }
    }
    return {};
}

size_t BundleStore::section_of(size_t layer, size_t expert) const {
    const PackSection* const section =
        pack_.find(static_cast<uint32_t>(layer), static_cast<uint32_t>(expert));
    HEARTH_CHECK(section != nullptr);
    return static_cast<size_t>(section - pack_.sections().data());
}

Result<size_t> BundleStore::claim(size_t section, std::span<const uint32_t> neurons,
                                  BundleClaim& claim) {
    HEARTH_CHECK(neurons.size() <= kMaxClaim && claim.n_reading == 0 && claim.held.empty());
    if (distrusted_) return tl::unexpected(*distrusted_);
    claim.slots.clear();
    claim.fetched.clear();
    const std::span<const uint32_t> hot = hot_slots_[section];
    cold_.clear();
    for (const uint32_t neuron : neurons) {
        if (hot.empty() || hot[neuron] == kNoSlot) cold_.push_back(neuron);
    }
    cache_->find_or_claim(static_cast<uint32_t>(section), cold_, claim.held);
    requests_.clear();
    promoted_.clear();
    const size_t bytes = bytes_read(pack_.sections()[section]);
    auto served = claim.held.begin();
    for (const uint32_t neuron : neurons) {
        if (!hot.empty() && hot[neuron] != kNoSlot) {
            claim.slots.push_back(hot[neuron]);
            ++hot_hits_;
            continue;
        }
        if (served == claim.held.end()) break;
        if (served->found != Found::present) {
            reads_[served->slot] = {&claim, static_cast<uint32_t>(section), neuron};
            ++claim.n_reading;
            claim.fetched.push_back(static_cast<uint32_t>(claim.slots.size()));
        }
        if (served->found == Found::claimed) {
            requests_.push_back(
                {pack_.record_offset(section, neuron), bytes, served->data, served->slot});
        } else if (served->found == Found::loading) {
            promoted_.push_back(served->slot);
        }
        claim.slots.push_back(served->slot);
        ++served;
    }
    if (!promoted_.empty()) loader_->promote(promoted_);
    if (!requests_.empty()) {
        if (auto begun = loader_->submit(requests_); !begun) {
            for (const ReadRequest& request : requests_) {
                cache_->failed(static_cast<uint32_t>(request.tag));
                --claim.n_reading;
            }
            return tl::unexpected(std::move(begun).error());
        }
    }
    return claim.slots.size();
}

Result<void> BundleStore::read_ahead(size_t section, std::span<const uint32_t> neurons) {
    if (distrusted_) return tl::unexpected(*distrusted_);
    const std::span<const uint32_t> hot = hot_slots_[section];
    cold_.clear();
    for (const uint32_t neuron : neurons) {
        if (hot.empty() || hot[neuron] == kNoSlot) cold_.push_back(neuron);
    }
    cache_->claim_ahead(static_cast<uint32_t>(section), cold_, ahead_);
    return begin_reads(section, ahead_, ReadPriority::read_ahead);
}

Result<void> BundleStore::begin_reads(size_t section, std::span<const CacheSlot> slots,
                                      ReadPriority priority) {
    if (slots.empty()) return {};
    make_requests(section, slots);
    auto begun = loader_->submit(requests_, priority);
    if (begun) return {};
    for (const CacheSlot& slot : slots) cache_->failed(slot.slot);
    return begun;
}

Result<void> BundleStore::reap(Wait wait, const std::atomic<bool>* stop) {
    completions_.clear();
    HEARTH_TRY_VOID(loader_->reap(completions_, wait, stop));
    for (Completion& done : completions_) {
        const auto slot = static_cast<uint32_t>(done.tag);
        BundleClaim* const claim = std::exchange(reads_[slot].claim, nullptr);
        if (claim != nullptr) --claim->n_reading;
        // What a claim waits for is checked by those who compute with it; what nobody waits for any
        // more is checked here. A damaged one is absent: whoever wants it next will find out.
        const SlotRead& read = reads_[slot];
        const bool is_usable =
            !done.error && (claim != nullptr || is_intact(read.section, read.neuron, slot));
        is_usable ? cache_->loaded(slot) : cache_->failed(slot);
        if (done.error && claim != nullptr) claim->error = std::move(done.error);
    }
    return {};
}

void BundleStore::release(BundleClaim& claim) {
    for (const CacheSlot& held : claim.held) {
        if (reads_[held.slot].claim == &claim) reads_[held.slot].claim = nullptr;
    }
    cache_->unpin(claim.held);
    claim.held.clear();
    claim.slots.clear();
    claim.fetched.clear();
    claim.n_reading = 0;
    claim.error.reset();
}

Error BundleStore::damaged(size_t section, uint32_t neuron) const {
    return {ErrorCode::bad_file,
            fmt::format("{}: the record of neuron {} in layer {} is damaged (make the pack anew: "
                        "hearth pack)",
                        printable_path(pack_.path()), neuron, pack_.sections()[section].layer)};
}

bool BundleStore::is_intact(size_t section, uint32_t neuron, uint32_t slot) const {
    const std::byte* const record = up(section).row(slot);
    return pack_.verify_prefix(section, neuron, record) &&
           (!with_gates_ || pack_.verify_gate(section, neuron, record));
}

MatrixView BundleStore::rows(size_t section, Dtype dtype, size_t offset) const {
    return {dtype, cache_->region().data() + offset, cache_->n_slots(),
            static_cast<size_t>(pack_.sections()[section].d_model()), slot_bytes_};
}

MatrixView BundleStore::up(size_t section) const {
    return rows(section, pack_.sections()[section].up, 0);
}
MatrixView BundleStore::down(size_t section) const {
    const PackSection& in = pack_.sections()[section];
    return rows(section, in.down, in.down_offset);
}
MatrixView BundleStore::gate(size_t section) const {
    HEARTH_CHECK(with_gates_);
    const PackSection& in = pack_.sections()[section];
    return rows(section, in.gate, in.gate_offset);
}

std::vector<FfnMemory> BundleStore::ffn_memory() const {
    std::vector<FfnMemory> all;
    for (size_t s = 0; s < pack_.sections().size(); ++s) {
        const PackSection& section = pack_.sections()[s];
        const CacheCounts& counts = cache_->section_counts(static_cast<uint32_t>(s));
        all.push_back({section.layer,
                       section.expert,
                       section.n_records,
                       hot_neurons_[s].size(),
                       counts.present,
                       counts.hits,
                       counts.misses + counts.pending,
                       {}});
        count_by_rank(s, all.back());
    }
    return all;
}

void BundleStore::count_by_rank(size_t section, FfnMemory& ffn) const {
    const std::vector<uint32_t>& sample = by_rank_[section];
    std::array<uint32_t, FfnMemory::kRanks> seen{};
    for (size_t i = 0; i < sample.size(); ++i) {
        const size_t rank = i * FfnMemory::kRanks / sample.size();
        ++seen[rank];
        const bool present = cache_->is_present(static_cast<uint32_t>(section), sample[i]);
        ffn.present_by_rank[rank] += present ? 1.0F : 0.0F;
    }
    for (size_t r = 0; r < seen.size(); ++r) {
        if (seen[r] > 0) ffn.present_by_rank[r] /= static_cast<float>(seen[r]);
    }
}

BundleStats BundleStore::stats() const {
    return {hot_hits_, cache_->stats().counts, loader_->stats()};
}

}  // namespace hearth
