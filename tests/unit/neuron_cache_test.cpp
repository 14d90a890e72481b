#include "engine/neuron/neuron_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <random>
#include <set>

namespace hearth {
namespace {

constexpr size_t kSlotBytes = 512;

std::unique_ptr<NeuronCache> make_cache(std::vector<uint32_t> sections, size_t n_slots,
                                        size_t max_slots = 0) {
    auto cache = NeuronCache::create({.section_records = std::move(sections),
                                      .slot_bytes = kSlotBytes,
                                      .bytes = n_slots * kSlotBytes,
                                      .max_bytes = max_slots * kSlotBytes});
    EXPECT_TRUE(cache) << cache.error().message;
    return std::move(*cache);
}

// What a record holds; what its read would bring.
void fill(const CacheSlot& slot, uint32_t section) {
    const std::array<uint32_t, 2> mark{section, slot.record};
    std::memcpy(slot.data, mark.data(), sizeof mark);
}
bool holds(const CacheSlot& slot, uint32_t section) {
    const std::array<uint32_t, 2> mark{section, slot.record};
    return std::memcmp(slot.data, mark.data(), sizeof mark) == 0;
}

// Serves one record and loads it at once. Returns how it was found.
Found touch(NeuronCache& cache, uint32_t section, uint32_t record) {
    std::vector<CacheSlot> out;
    cache.find_or_claim(section, {{record}}, out);
    EXPECT_EQ(out.size(), 1U);
    if (out[0].found == Found::claimed) {
        fill(out[0], section);
        cache.loaded(out[0].slot);
    }
    EXPECT_TRUE(holds(out[0], section));
    cache.unpin(out);
    return out[0].found;
}

TEST(NeuronCache, AMissIsClaimedThenPresent) {
    const auto cache = make_cache({10, 10}, 8);
    std::vector<CacheSlot> out;
    cache->find_or_claim(1, {{3, 7}}, out);
    ASSERT_EQ(out.size(), 2U);
    EXPECT_EQ(out[0].found, Found::claimed);
    EXPECT_EQ(out[1].record, 7U);
    EXPECT_NE(out[0].data, out[1].data);
    EXPECT_FALSE(cache->is_present(1, 3));
    cache->loaded(out[0].slot);
    EXPECT_TRUE(cache->is_present(1, 3));
    EXPECT_FALSE(cache->is_present(0, 3));

    std::vector<CacheSlot> again;
    cache->find_or_claim(1, {{3, 7}}, again);
    EXPECT_EQ(again[0].found, Found::present);
    EXPECT_EQ(again[1].found, Found::loading);
    EXPECT_EQ(again[0].data, out[0].data);
    const CacheStats stats = cache->stats();
    EXPECT_EQ(stats.counts.misses, 2U);
    EXPECT_EQ(stats.counts.hits, 1U);
    EXPECT_EQ(stats.counts.pending, 1U);
    EXPECT_EQ(stats.pinned_slots, 2U);
    EXPECT_EQ(stats.loading_slots, 1U);
    EXPECT_EQ(cache->section_counts(0).misses, 0U);
}

TEST(NeuronCache, AFailedRecordIsAbsentAndItsSlotFreeAfterTheLastPin) {
    const auto cache = make_cache({10}, 1);
    std::vector<CacheSlot> out;
    cache->find_or_claim(0, {{5}}, out);
    cache->failed(out[0].slot);
    EXPECT_FALSE(cache->is_present(0, 5));
    std::vector<CacheSlot> other;
    cache->find_or_claim(0, {{6}}, other);
    EXPECT_TRUE(other.empty()) << "the only slot is pinned still";
    cache->unpin(out);
    EXPECT_EQ(cache->stats().used_slots, 0U);
    EXPECT_EQ(touch(*cache, 0, 6), Found::claimed);
}

TEST(NeuronCache, ServesAsManyOfTheFirstAsThereIsRoomFor) {
    const auto cache = make_cache({100}, 4);
    std::vector<CacheSlot> out;
    cache->find_or_claim(0, {{0, 1, 2, 3, 4, 5}}, out);
    ASSERT_EQ(out.size(), 4U);
    EXPECT_EQ(out[3].record, 3U);
    for (const CacheSlot& slot : out) cache->loaded(slot.slot);
    std::vector<CacheSlot> none;
    cache->find_or_claim(0, {{6}}, none);
    EXPECT_TRUE(none.empty());
    cache->unpin(out);
    // The last hits make room for the first misses, as far as needed.
    cache->find_or_claim(0, {{10, 11, 0, 1, 2, 3}}, out);
    ASSERT_EQ(out.size(), 4U);
    EXPECT_EQ(out[0].found, Found::claimed);
    EXPECT_EQ(out[1].found, Found::claimed);
    EXPECT_EQ(out[2].found, Found::present);
    EXPECT_EQ(out[3].found, Found::present);
    EXPECT_EQ(cache->stats().counts.misses, 6U);
    EXPECT_EQ(cache->stats().counts.hits, 2U);
}

// W6: any size from one slot on serves every record of every layer, group by group.
TEST(NeuronCache, TinyCachesServeEverythingInGroups) {
    for (size_t n_slots = 1; n_slots <= 20; ++n_slots) {
        const auto cache = make_cache({64, 64, 64}, n_slots);
        std::mt19937 random(static_cast<uint32_t>(n_slots));
        for (int token = 0; token < 30; ++token) {
            cache->begin_token();
            for (uint32_t section = 0; section < 3; ++section) {
                std::vector<uint32_t> wanted;
                for (uint32_t r = 0; r < 64; ++r) {
                    if (random() % 3 == 0) wanted.push_back(r);
                }
                std::span<const uint32_t> rest(wanted);
                while (!rest.empty()) {
                    std::vector<CacheSlot> out;
                    cache->find_or_claim(section, rest, out);
                    ASSERT_FALSE(out.empty());
                    for (size_t i = 0; i < out.size(); ++i) {
                        ASSERT_EQ(out[i].record, rest[i]);
                        if (out[i].found == Found::present) {
                            ASSERT_TRUE(holds(out[i], section));
                        } else {
                            fill(out[i], section);
                            cache->loaded(out[i].slot);
                        }
                    }
                    cache->unpin(out);
                    rest = rest.subspan(out.size());
                }
            }
        }
        const CacheStats stats = cache->stats();
        EXPECT_EQ(stats.pinned_slots, 0U);
        EXPECT_EQ(stats.counts.misses, stats.counts.evictions + stats.counts.present);
    }
}

TEST(NeuronCache, OneSlotBelowTheMinimumIsRefusedWithTheNumberNeeded) {
    CacheOptions options{.section_records = {100}, .slot_bytes = 1024, .min_slots = 12};
    options.bytes = 12 * 1024;
    EXPECT_TRUE(NeuronCache::create(options));
    options.bytes -= 1;
    const auto cache = NeuronCache::create(options);
    ASSERT_FALSE(cache);
    EXPECT_NE(cache.error().message.find("12288 bytes"), std::string::npos);
}

TEST(NeuronCache, RefusesShapesThatCannotBe) {
    EXPECT_FALSE(NeuronCache::create({.section_records = {}, .slot_bytes = 512, .bytes = 4096}));
    EXPECT_FALSE(NeuronCache::create({.section_records = {4}, .slot_bytes = 0, .bytes = 4096}));
    EXPECT_FALSE(
        NeuronCache::create({.section_records = {~0U, 5}, .slot_bytes = 512, .bytes = 4096}));
    EXPECT_FALSE(
        NeuronCache::create({.section_records = {4}, .slot_bytes = 1, .bytes = size_t{1} << 40}));
}

TEST(NeuronCache, ReadAheadIsNotPinnedButSafeWhileLoading) {
    const auto cache = make_cache({100}, 4);
    touch(*cache, 0, 1);
    std::vector<CacheSlot> ahead;
    cache->claim_ahead(0, {{1, 2, 3, 4, 5}}, ahead);
    ASSERT_EQ(ahead.size(), 4U) << "1 is present when asked, and makes room for the last";
    std::vector<CacheSlot> out;
    cache->find_or_claim(0, {{9}}, out);
    EXPECT_TRUE(out.empty());
    cache->find_or_claim(0, {{2}}, out);
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out[0].found, Found::loading);
    for (const CacheSlot& slot : ahead) {
        fill(slot, 0);
        cache->loaded(slot.slot);
    }
    cache->unpin(out);
    EXPECT_EQ(touch(*cache, 0, 2), Found::present);
    EXPECT_EQ(touch(*cache, 0, 9), Found::claimed);
    EXPECT_EQ(cache->stats().counts.read_ahead, 4U);
}

// A sweep that is longer than the cache does not flush what is used by every token.
TEST(NeuronCache, ASweepDoesNotEvictWhatIsUsedOften) {
    const auto cache = make_cache({10'000}, 100);
    std::mt19937 random(1);
    size_t n_hits = 0;
    constexpr int kTokens = 60;
    for (int token = 0; token < kTokens; ++token) {
        cache->begin_token();
        for (uint32_t hot = 0; hot < 50; ++hot) {
            n_hits += touch(*cache, 0, hot) == Found::present && token >= 10;
        }
        for (int i = 0; i < 500; ++i) {
            touch(*cache, 0, 50 + static_cast<uint32_t>(random() % 9950));
        }
    }
    EXPECT_GT(n_hits, 50U * (kTokens - 10) * 95 / 100);
}

// Among those that nobody has used yet, what is expected to be used often stays.
TEST(NeuronCache, WhatIsExpectedOftenOutlivesWhatIsNot) {
    const auto cache = make_cache({200}, 50);
    std::vector<float> rates(200, 0.01F);
    std::fill_n(rates.begin() + 100, 25, 0.9F);
    cache->expect(0, rates);
    for (uint32_t seldom = 0; seldom < 25; ++seldom) touch(*cache, 0, seldom);
    for (uint32_t often = 100; often < 125; ++often) touch(*cache, 0, often);
    for (uint32_t token = 0; token < 25; ++token) {
        cache->begin_token();
        touch(*cache, 0, 25 + token);
    }
    for (uint32_t often = 100; often < 125; ++often) EXPECT_TRUE(cache->is_present(0, often));
}

TEST(NeuronCache, ShrinkingKeepsWhatIsUsedOftenAndGrowingKeepsAll) {
    const auto cache = make_cache({1000}, 200, 400);
    for (int token = 0; token < 20; ++token) {
        cache->begin_token();
        for (uint32_t often = 0; often < 50; ++often) touch(*cache, 0, often);
        for (uint32_t i = 0; i < 10; ++i) {
            touch(*cache, 0, 100 + static_cast<uint32_t>(token) * 10 + i);
        }
    }
    ASSERT_TRUE(cache->resize(80 * kSlotBytes));
    EXPECT_EQ(cache->n_slots(), 80U);
    EXPECT_EQ(cache->region().size(), 80 * kSlotBytes);
    EXPECT_EQ(cache->stats().used_slots, 80U);
    for (uint32_t often = 0; often < 50; ++often) {
        EXPECT_EQ(touch(*cache, 0, often), Found::present) << often;
    }
    ASSERT_TRUE(cache->resize(400 * kSlotBytes));
    for (uint32_t i = 0; i < 300; ++i) touch(*cache, 0, 500 + i);
    for (uint32_t i = 0; i < 300; ++i) EXPECT_EQ(touch(*cache, 0, 500 + i), Found::present);
    EXPECT_EQ(cache->stats().counts.present, cache->stats().used_slots);
    EXPECT_FALSE(cache->resize(0));
    EXPECT_TRUE(cache->resize(401 * kSlotBytes)) << "as far as max_bytes goes";
    EXPECT_EQ(cache->n_slots(), 400U);
}

// Those that were claimed first and never released survive; of the absent ones those used most
// are wanted back.
TEST(NeuronCache, ShrinkingLeavesThePinnedFrontAndTellsWhatIsMissed) {
    const auto cache = make_cache({100, 100}, 60, 60);
    std::vector<uint32_t> front(20);
    std::iota(front.begin(), front.end(), 0U);
    std::vector<CacheSlot> pinned;
    cache->find_or_claim(1, front, pinned);
    for (const CacheSlot& slot : pinned) cache->loaded(slot.slot);
    for (int token = 0; token < 8; ++token) {
        cache->begin_token();
        for (uint32_t i = 0; i < 20 + 20U * (token % 2); ++i) touch(*cache, 0, i);
    }
    ASSERT_TRUE(cache->resize(40 * kSlotBytes));
    std::vector<CacheSlot> again;
    cache->find_or_claim(1, front, again);
    for (size_t i = 0; i < front.size(); ++i) EXPECT_EQ(again[i].data, pinned[i].data);
    cache->unpin(again);
    for (uint32_t i = 0; i < 20; ++i) EXPECT_TRUE(cache->is_present(0, i)) << i;

    ASSERT_TRUE(cache->resize(60 * kSlotBytes));
    EXPECT_EQ(cache->n_free(), 20U);
    auto wanted = cache->most_wanted(1000);
    ASSERT_EQ(wanted.size(), 2U);
    std::sort(wanted[0].begin(), wanted[0].end());
    std::vector<uint32_t> seldom(20);
    std::iota(seldom.begin(), seldom.end(), 20U);
    EXPECT_EQ(wanted[0], seldom);
    EXPECT_TRUE(wanted[1].empty()) << "nothing is known of the others";
    EXPECT_EQ(cache->most_wanted(7)[0].size(), 7U);
}

TEST(NeuronCache, SectionsAddUpToTheWhole) {
    const auto cache = make_cache({20, 0, 30}, 16);
    std::mt19937 random(2);
    for (int i = 0; i < 500; ++i) {
        const uint32_t section = random() % 2 == 0 ? 0 : 2;
        touch(*cache, section, static_cast<uint32_t>(random() % (section == 0 ? 20 : 30)));
    }
    const CacheStats stats = cache->stats();
    CacheCounts sum;
    for (uint32_t s = 0; s < cache->n_sections(); ++s) sum += cache->section_counts(s);
    EXPECT_EQ(sum.hits, stats.counts.hits);
    EXPECT_EQ(sum.hits + sum.misses, 500U);
    EXPECT_EQ(sum.misses, sum.evictions + sum.present);
    EXPECT_EQ(stats.counts.present, 16U);
}

// W7: random calls against a model that knows only the rules of the header.
class CacheModelTest : public testing::TestWithParam<uint32_t> {
  protected:
    static constexpr uint32_t kSections = 3;
    static constexpr uint32_t kRecords = 40;
    using Key = std::pair<uint32_t, uint32_t>;
    enum class State { loading, present };
    struct Known {
        State state;
        std::byte* data;
        uint32_t slot;
        size_t pins = 0;
    };
    struct Group {
        uint32_t section;
        std::vector<CacheSlot> slots;
    };

    uint32_t pick(size_t n) { return static_cast<uint32_t>(random_() % n); }

    std::vector<uint32_t> some_records() {
        std::set<uint32_t> records;
        for (uint32_t n = 1 + pick(12); n > 0; --n) records.insert(pick(kRecords));
        return {records.begin(), records.end()};
    }

    // Drops what the cache has evicted: it must have been present and unpinned.
    void notice_evictions() {
        for (auto it = known_.begin(); it != known_.end();) {
            const auto& [key, known] = *it;
            const bool is_present = cache_->is_present(key.first, key.second);
            if (known.state == State::present && !is_present) {
                ASSERT_EQ(known.pins, 0U) << "a pinned record was evicted";
                it = known_.erase(it);
            } else {
                ASSERT_EQ(is_present, known.state == State::present);
                ++it;
            }
        }
    }

    void take_claim(uint32_t section, const CacheSlot& slot, size_t pins) {
        for (const auto& [key, known] : known_) {
            ASSERT_NE(known.slot, slot.slot) << "a slot in use was handed out";
        }
        ASSERT_EQ(orphans_.count(slot.slot), 0U) << "a failed, pinned slot was handed out";
        ASSERT_EQ(known_.count({section, slot.record}), 0U);
        known_[{section, slot.record}] = {State::loading, slot.data, slot.slot, pins};
    }

    void demand() {
        Group group{.section = pick(kSections), .slots = {}};
        const auto records = some_records();
        cache_->find_or_claim(group.section, records, group.slots);
        notice_evictions();
        ASSERT_LE(group.slots.size(), records.size());
        for (size_t i = 0; i < group.slots.size(); ++i) {
            const CacheSlot& slot = group.slots[i];
            ASSERT_EQ(slot.record, records[i]);
            if (slot.found == Found::claimed) {
                take_claim(group.section, slot, 1);
                continue;
            }
            Known& known = known_.at({group.section, slot.record});
            ASSERT_EQ(known.state == State::present, slot.found == Found::present);
            ASSERT_EQ(known.data, slot.data);
            ASSERT_TRUE(known.state == State::loading || holds(slot, group.section));
            ++known.pins;
        }
        ASSERT_TRUE(group.slots.size() == records.size() || !has_room());
        groups_.push_back(std::move(group));
    }

    // Whether anything could have been evicted for one more record.
    bool has_room() const {
        const size_t used = orphans_.size() + known_.size();
        for (const auto& [key, known] : known_) {
            if (known.state == State::present && known.pins == 0) return true;
        }
        return used < cache_->n_slots();
    }

    void read_ahead() {
        const uint32_t section = pick(kSections);
        std::vector<CacheSlot> slots;
        cache_->claim_ahead(section, some_records(), slots);
        notice_evictions();
        for (const CacheSlot& slot : slots) take_claim(section, slot, 0);
    }

    void finish_a_read() {
        std::vector<Key> loading;
        for (const auto& [key, known] : known_) {
            if (known.state == State::loading) loading.push_back(key);
        }
        if (loading.empty()) return;
        const Key key = loading[pick(loading.size())];
        Known& known = known_.at(key);
        if (pick(8) == 0) {
            cache_->failed(known.slot);
            if (known.pins > 0) orphans_[known.slot] = known.pins;
            known_.erase(key);
        } else {
            fill({.data = known.data, .slot = known.slot, .record = key.second}, key.first);
            cache_->loaded(known.slot);
            known.state = State::present;
        }
    }

    void unpin_a_group() {
        if (groups_.empty()) return;
        std::swap(groups_[pick(groups_.size())], groups_.back());
        const Group group = std::move(groups_.back());
        groups_.pop_back();
        cache_->unpin(group.slots);
        for (const CacheSlot& slot : group.slots) {
            const auto orphan = orphans_.find(slot.slot);
            if (orphan != orphans_.end()) {
                if (--orphan->second == 0) orphans_.erase(orphan);
            } else {
                --known_.at({group.section, slot.record}).pins;
            }
        }
    }

    void check_counts() {
        const CacheStats stats = cache_->stats();
        size_t loading = 0;
        size_t pinned = orphans_.size();
        for (const auto& [key, known] : known_) {
            loading += known.state == State::loading;
            pinned += known.pins > 0;
        }
        ASSERT_EQ(stats.loading_slots, loading);
        ASSERT_EQ(stats.pinned_slots, pinned);
        ASSERT_EQ(stats.used_slots, known_.size() + orphans_.size());
        ASSERT_EQ(stats.counts.present, known_.size());
    }

    // Ends every group and read, then changes the size.
    void settle_and_resize() {
        while (!groups_.empty()) unpin_a_group();
        while (cache_->stats().loading_slots > 0) finish_a_read();
        ASSERT_EQ(cache_->stats().pinned_slots, 0U);
        ASSERT_TRUE(cache_->resize((4 + pick(60)) * kSlotBytes));
        notice_evictions();
        std::vector<CacheSlot> out;
        for (auto& [key, known] : known_) {  // survivors may have moved
            cache_->find_or_claim(key.first, {{key.second}}, out);
            ASSERT_EQ(out[0].found, Found::present);
            ASSERT_TRUE(holds(out[0], key.first));
            known.data = out[0].data;
            known.slot = out[0].slot;
            cache_->unpin(out);
        }
    }

    std::mt19937 random_{GetParam()};
    std::unique_ptr<NeuronCache> cache_ =
        make_cache(std::vector<uint32_t>(kSections, kRecords), 16, 64);
    std::map<Key, Known> known_;
    std::map<uint32_t, size_t> orphans_;  // slot -> pins
    std::vector<Group> groups_;
};

TEST_P(CacheModelTest, KeepsItsRules) {
    for (int step = 0; step < 25'000 && !HasFatalFailure(); ++step) {
        SCOPED_TRACE(testing::Message() << "seed " << GetParam() << ", step " << step);
        const uint32_t what = pick(100);
        if (what < 25) demand();
        if (what >= 25 && what < 32) read_ahead();
        if (what >= 32 && what < 72) finish_a_read();
        if (what >= 72 && what < 97) unpin_a_group();
        if (what >= 97 && what < 99) cache_->begin_token();
        if (what == 99) settle_and_resize();
        if (!HasFatalFailure()) check_counts();
    }
}

INSTANTIATE_TEST_SUITE_P(Seeds, CacheModelTest, testing::Values(1, 2, 3, 4));

}  // namespace
}  // namespace hearth
