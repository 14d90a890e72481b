// How much of the cold demand different eviction policies hit, on synthetic activation traces.
//
//   bench_cache_policy [--layers N] [--neurons N] [--warm N] [--tokens N]
//
// A neuron fires at a rate drawn from a beta distribution (mean 0.10, first parameter 0.25: the
// hottest quarter makes 82 % of activations) and persists from token to token: with "persistence"
// 0.8, 80 % of a token's active neurons are active in the next one too; with 0.36 they fire anew by
// chance. "hot" is the share of neurons that is resident, the most active first, and never asks the
// cache. "size" is the cache's, in percent of all neurons; "demand" is what one token asks for, in
// the same unit.
//
//   LRU      least recently used
//   S3-FIFO  a tenth of the slots for newcomers, two-bit counters, ghosts (SOSP'23)
//   hearth   NeuronCache
//   profile  the most active neurons by their true rates, never changed: what a perfect offline
//            profile would keep (loaded before the first token, so it has no first misses)
//   Belady   evicts what is needed last: the bound of everything that starts empty
//
// NeuronCache pins what it serves, in groups of 256 here, which takes some of a small cache away;
// the others pin nothing.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>
#include <list>
#include <random>

#include "bench/bench.h"
#include "engine/neuron/neuron_cache.h"

namespace hearth::bench {
namespace {

struct Options {
    uint32_t n_layers = 16;
    uint32_t n_neurons = 14336;
    size_t n_warm = 96;
    size_t n_tokens = 64;
    size_t n_keys() const { return size_t{n_layers} * n_neurons; }
};

// Which neurons each token wants: keys are layer * n_neurons + neuron, ascending within a token.
struct Trace {
    std::vector<float> rates;                   // (keys)
    std::vector<std::vector<uint32_t>> tokens;  // (tokens, active keys)
};

// `correlation` is that of a neuron with itself one token before.
Trace make_trace(const Options& options, float correlation) {
    std::mt19937 random(1);
    std::gamma_distribution<double> a(0.25);
    std::gamma_distribution<double> b(2.25);
    std::uniform_real_distribution<float> chance;
    Trace trace;
    std::vector<bool> is_active;
    for (size_t i = 0; i < options.n_keys(); ++i) {
        const double x = a(random);
        trace.rates.push_back(static_cast<float>(x / (x + b(random))));
        is_active.push_back(chance(random) < trace.rates.back());
    }
    trace.tokens.resize(options.n_warm + options.n_tokens);
    for (auto& active : trace.tokens) {
        for (uint32_t key = 0; key < options.n_keys(); ++key) {
            const float p =
                (1.0F - correlation) * trace.rates[key] + (is_active[key] ? correlation : 0.0F);
            is_active[key] = chance(random) < p;
            if (is_active[key]) active.push_back(key);
        }
    }
    return trace;
}

// The n most active keys.
std::vector<bool> most_active(const Trace& trace, size_t n) {
    std::vector<uint32_t> keys(trace.rates.size());
    for (uint32_t key = 0; key < keys.size(); ++key) keys[key] = key;
    std::sort(keys.begin(), keys.end(),
              [&](uint32_t x, uint32_t y) { return trace.rates[x] > trace.rates[y]; });
    std::vector<bool> is_among(keys.size());
    for (size_t i = 0; i < std::min(n, keys.size()); ++i) is_among[keys[i]] = true;
    return is_among;
}

// The same trace without the resident neurons.
Trace without(const Trace& trace, const std::vector<bool>& resident) {
    Trace cold = trace;
    for (auto& token : cold.tokens) {
        std::erase_if(token, [&](uint32_t key) { return resident[key]; });
    }
    for (size_t key = 0; key < resident.size(); ++key) {
        if (resident[key]) cold.rates[key] = 0.0F;
    }
    return cold;
}

// Share of hits behind the warm tokens, of a policy with bool access(key).
template <typename Policy>
double hit_rate(const Trace& trace, size_t n_warm, Policy policy) {
    size_t n_hits = 0;
    size_t n = 0;
    for (size_t token = 0; token < trace.tokens.size(); ++token) {
        for (const uint32_t key : trace.tokens[token]) {
            const bool is_hit = policy.access(key);
            if (token < n_warm) continue;
            n_hits += is_hit;
            ++n;
        }
    }
    return static_cast<double>(n_hits) / static_cast<double>(std::max<size_t>(n, 1));
}

class Lru {
  public:
    Lru(size_t n_keys, size_t n_slots) : n_slots_(n_slots), where_(n_keys), is_in_(n_keys) {}
    bool access(uint32_t key) {
        if (is_in_[key]) {
            order_.splice(order_.begin(), order_, where_[key]);
            return true;
        }
        if (order_.size() == n_slots_) {
            is_in_[order_.back()] = false;
            order_.pop_back();
        }
        order_.push_front(key);
        where_[key] = order_.begin();
        is_in_[key] = true;
        return false;
    }

  private:
    size_t n_slots_;
    std::list<uint32_t> order_;
    std::vector<std::list<uint32_t>::iterator> where_;
    std::vector<bool> is_in_;
};

class S3Fifo {
  public:
    S3Fifo(size_t n_keys, size_t n_slots)
        : n_slots_(n_slots), n_small_(std::max<size_t>(n_slots / 10, 1)), keys_(n_keys) {}
    bool access(uint32_t key) {
        Key& k = keys_[key];
        if (k.is_in) {
            k.uses = std::min(k.uses + 1, 3);
            return true;
        }
        if (small_.size() + main_.size() == n_slots_) evict();
        const bool is_ghost = k.evicted > 0 && n_evicted_ - k.evicted < n_slots_ - n_small_;
        k.is_in = true;
        k.uses = 0;
        (is_ghost ? main_ : small_).push_back(key);
        return false;
    }

  private:
    struct Key {
        bool is_in = false;
        int uses = 0;
        size_t evicted = 0;  // as the how manieth from the small queue
    };
    void evict() {
        for (;;) {
            const bool from_small = small_.size() >= n_small_ || main_.empty();
            auto& queue = from_small ? small_ : main_;
            const uint32_t key = queue.front();
            queue.pop_front();
            Key& k = keys_[key];
            const bool stays = from_small ? k.uses > 1 : k.uses > 0;
            if (!stays) {
                k.is_in = false;
                if (from_small) k.evicted = ++n_evicted_;
                return;
            }
            k.uses = from_small ? 0 : k.uses - 1;
            main_.push_back(key);
        }
    }

    size_t n_slots_;
    size_t n_small_;
    size_t n_evicted_ = 0;
    std::vector<Key> keys_;
    std::deque<uint32_t> small_;
    std::deque<uint32_t> main_;
};

class Profile {
  public:
    Profile(const Trace& trace, size_t n_slots) : is_in_(most_active(trace, n_slots)) {}
    bool access(uint32_t key) const { return is_in_[key]; }

  private:
    std::vector<bool> is_in_;
};

// Drops what is wanted last, by buckets of the time of the next use (token and layer).
double belady(const Options& options, const Trace& trace, size_t n_slots) {
    const size_t n_tokens = trace.tokens.size();
    const auto time_of = [&](size_t token, uint32_t key) {
        return token * options.n_layers + (token < n_tokens ? key / options.n_neurons : 0);
    };
    std::vector<size_t> next(options.n_keys(), n_tokens);
    std::vector<std::vector<size_t>> next_use(n_tokens);
    for (size_t token = n_tokens; token-- > 0;) {
        for (const uint32_t key : trace.tokens[token]) {
            next_use[token].push_back(time_of(next[key], key));
            next[key] = token;
        }
    }
    constexpr size_t kAbsent = 0;  // no next use is at time 0
    std::vector<size_t> wanted(options.n_keys(), kAbsent);
    std::vector<std::vector<uint32_t>> buckets(time_of(n_tokens, 0) + 1);
    size_t last = 0;
    size_t n_in = 0;
    size_t n_hits = 0;
    size_t n = 0;
    for (size_t token = 0; token < n_tokens; ++token) {
        for (size_t i = 0; i < trace.tokens[token].size(); ++i) {
            const uint32_t key = trace.tokens[token][i];
            const bool is_hit = wanted[key] != kAbsent;
            n_hits += token >= options.n_warm && is_hit;
            n += token >= options.n_warm;
            n_in += !is_hit;
            wanted[key] = next_use[token][i];
            buckets[wanted[key]].push_back(key);
            last = std::max(last, wanted[key]);
            while (n_in > n_slots) {
                while (buckets[last].empty()) --last;
                const uint32_t victim = buckets[last].back();
                buckets[last].pop_back();
                if (wanted[victim] != last) continue;  // an entry of an earlier use
                wanted[victim] = kAbsent;
                --n_in;
            }
        }
    }
    return static_cast<double>(n_hits) / static_cast<double>(std::max<size_t>(n, 1));
}

struct Replay {
    double hit_rate = 0.0;
    double ns_per_record = 0.0;
};

// NeuronCache as decode uses it: layer by layer, pinned in groups.
Replay replay(const Options& options, const Trace& trace, size_t n_slots) {
    constexpr size_t kSlotBytes = 64;  // never touched
    constexpr size_t kGroup = 256;
    auto cache = NeuronCache::create(
        {.section_records = std::vector<uint32_t>(options.n_layers, options.n_neurons),
         .slot_bytes = kSlotBytes,
         .bytes = n_slots * kSlotBytes});
    HEARTH_CHECK(cache);
    std::vector<uint32_t> records;
    std::vector<CacheSlot> slots;
    CacheCounts warm;
    size_t n_records = 0;
    const double time = seconds([&] {
        for (size_t token = 0; token < trace.tokens.size(); ++token) {
            if (token == options.n_warm) warm = (*cache)->stats().counts;
            (*cache)->begin_token();
            const auto& keys = trace.tokens[token];
            n_records += keys.size();
            for (size_t i = 0; i < keys.size();) {
                const uint32_t layer = keys[i] / options.n_neurons;
                records.clear();
                for (; i < keys.size() && keys[i] / options.n_neurons == layer; ++i) {
                    records.push_back(keys[i] % options.n_neurons);
                }
                std::span<const uint32_t> rest(records);
                while (!rest.empty()) {
                    (*cache)->find_or_claim(layer, rest.first(std::min(kGroup, rest.size())),
                                            slots);
                    for (const CacheSlot& slot : slots) {
                        if (slot.found == Found::claimed) (*cache)->loaded(slot.slot);
                    }
                    (*cache)->unpin(slots);
                    rest = rest.subspan(slots.size());
                }
            }
        }
    });
    const CacheCounts counts = (*cache)->stats().counts;
    const auto hits = static_cast<double>(counts.hits - warm.hits);
    const auto misses = static_cast<double>(counts.misses - warm.misses);
    return {hits / std::max(hits + misses, 1.0),
            time * 1e9 / static_cast<double>(std::max<size_t>(n_records, 1))};
}

void run(const Options& options) {
    fmt::print("{} layers x {} neurons, {} tokens behind {} to warm up; {}\n", options.n_layers,
               options.n_neurons, options.n_tokens, options.n_warm, machine_line());
    fmt::print("{:>11} {:>5} {:>7} {:>6} {:>7} {:>8} {:>7} {:>8} {:>7} {:>10}\n", "persistence",
               "hot", "demand", "size", "LRU", "S3-FIFO", "hearth", "profile", "Belady",
               "ns/record");
    for (const auto& [persistence, correlation] : {std::pair{0.80, 0.69F}, {0.36, 0.0F}}) {
        const Trace whole = make_trace(options, correlation);
        for (const double hot : {0.0, 0.25, 0.5}) {
            const auto n_keys = static_cast<double>(options.n_keys());
            const Trace cold =
                without(whole, most_active(whole, static_cast<size_t>(hot * n_keys)));
            const double demand = static_cast<double>(cold.tokens.back().size()) / n_keys;
            for (const double size : {0.02, 0.05, 0.1, 0.2}) {
                const auto n_slots = static_cast<size_t>(size * n_keys);
                const Replay ours = replay(options, cold, n_slots);
                fmt::print(
                    "{:11.2f} {:4.0f}% {:6.1f}% {:5.0f}% {:7.3f} {:8.3f} {:7.3f} {:8.3f} {:7.3f} "
                    "{:10.0f}\n",
                    persistence, hot * 100, demand * 100, size * 100,
                    hit_rate(cold, options.n_warm, Lru(options.n_keys(), n_slots)),
                    hit_rate(cold, options.n_warm, S3Fifo(options.n_keys(), n_slots)),
                    ours.hit_rate, hit_rate(cold, options.n_warm, Profile(cold, n_slots)),
                    belady(options, cold, n_slots), ours.ns_per_record);
            }
        }
    }
}

int main_of(int argc, char** argv) {
    Options options;
    CLI::App app("Hit rates of eviction policies on synthetic activation traces.");
    app.add_option("--layers", options.n_layers)->check(CLI::Range(1, 128));
    app.add_option("--neurons", options.n_neurons)->check(CLI::Range(100, 100'000));
    app.add_option("--warm", options.n_warm, "tokens before counting")->check(CLI::Range(0, 1000));
    app.add_option("--tokens", options.n_tokens, "tokens counted")->check(CLI::Range(1, 1000));
    CLI11_PARSE(app, argc, argv);
    run(options);
    return 0;
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    return hearth::bench::main_of(argc, argv);
}
