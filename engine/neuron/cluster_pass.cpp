#include "engine/neuron/cluster_pass.h"

#include <algorithm>
#include <bit>

#include "engine/base/check.h"
#include "engine/base/spin.h"

namespace hearth {

namespace {

using Clock = TokenTrace::Clock;

// How long one who has nothing to do looks around before he sleeps: about as long as a read takes.
constexpr int kSpins = 4000;

// The lowest cluster of a mask, taken out of it; kLanes when it is empty.
size_t take_lowest(std::atomic<uint32_t>& mask) {
    uint32_t seen = mask.load(std::memory_order_acquire);
    while (seen != 0) {
        if (mask.compare_exchange_weak(seen, seen & (seen - 1), std::memory_order_acq_rel)) {
            return static_cast<size_t>(std::countr_zero(seen));
        }
    }
    return kLanes;
}

// Calls body(cluster) for each of a mask, in order.
template <typename Body>
void for_each(uint32_t mask, const Body& body) {
    for (; mask != 0; mask &= mask - 1) body(static_cast<size_t>(std::countr_zero(mask)));
}

uint32_t bit(size_t cluster) {
    return uint32_t{1} << cluster;
}

}  // namespace

ClusterPass::ClusterPass(const Compute& compute, size_t section, ClusterWork& work,
                         BundleStore& store, LookAhead& look_ahead,
                         std::array<Cluster, kLanes>& clusters)
    : compute_(compute),
      section_(section),
      work_(work),
      store_(store),
      look_ahead_(look_ahead),
      clusters_(clusters) {
    for (Cluster& cluster : clusters_) {
        cluster.candidates.clear();
        cluster.n_done = 0;
        cluster.count = {};
        cluster.error.reset();
    }
}

Result<NeuronCount> ClusterPass::run() {
    ThreadPool& pool = compute_.pool;
    // Every worker takes one index and stays until all is done; a late one finds nothing to do.
    pool.parallel_for(pool.n_threads(), 1, [this](size_t, size_t, size_t worker) {
        worker == 0 ? own() : help(worker);
    });
    if (abandoned_) let_go();
    if (error_) return tl::unexpected(std::move(*error_));
    NeuronCount total;
    for (const Cluster& cluster : clusters_) total += cluster.count;
    return total;
}

// --- stages --------------------------------------------------------------------------------------

bool ClusterPass::compute_gates(size_t worker) {
    if (next_gates_.load(std::memory_order_relaxed) >= kLanes) return false;
    const uint32_t cluster = next_gates_.fetch_add(1, std::memory_order_relaxed);
    if (cluster >= kLanes) return false;
    work_.find_candidates(worker, cluster, clusters_[cluster]);
    found_.fetch_or(bit(cluster), std::memory_order_acq_rel);
    announce();
    return true;
}

bool ClusterPass::compute_ready_rows(size_t worker) {
    const size_t index = take_lowest(ready_);
    if (index == kLanes) return false;
    Cluster& cluster = clusters_[index];
    {
        const TraceScope trace(compute_.trace, TraceKind::rows, worker, index);
        if (check_fetched(cluster)) work_.add_rows(index, cluster);
    }
    computed_.fetch_or(bit(index), std::memory_order_acq_rel);
    announce();
    return true;
}

// First what reads wait for: of this FFN, then of the next.
bool ClusterPass::compute_something(size_t worker) {
    return compute_gates(worker) || look_ahead_.propose_some(compute_, worker) ||
           compute_ready_rows(worker);
}

bool ClusterPass::check_fetched(Cluster& cluster) {
    for (const uint32_t place : cluster.claim.fetched) {
        const uint32_t neuron = cluster.candidates[cluster.n_done + place];
        if (store_.is_intact(section_, neuron, cluster.claim.slots[place])) continue;
        cluster.error = store_.damaged(section_, neuron);
        return false;
    }
    return true;
}

// --- workers -------------------------------------------------------------------------------------

void ClusterPass::help(size_t worker) {
    while (!is_over()) {
        const uint32_t seen = news_.load(std::memory_order_acquire);
        if (!compute_something(worker) && !is_over()) wait_for_news(seen);
    }
}

void ClusterPass::own() {
    while (!is_over()) {
        if (compute_.stopped()) {
            return abandon({ErrorCode::cancelled, "stopped while neurons were read"});
        }
        const uint32_t seen = news_.load(std::memory_order_acquire);
        advance();
        if (is_over() || compute_gates(0) || read_ahead() || compute_something(0)) continue;
        needs_reads() ? wait_for_work() : wait_for_news(seen);
    }
}

void ClusterPass::advance() {
    for_each(computed_.exchange(0, std::memory_order_acq_rel),
             [this](size_t cluster) { finish_group(cluster); });
    waiting_ |= found_.exchange(0, std::memory_order_acq_rel);
    // Arrivals first: those that an abandoned pass had asked for make room, and nobody tells of it.
    if (store_.n_reading() != 0) take_arrivals(Wait::none);
    look_up_waiting();
}

// A claim's rows are in the sum: more of the same cluster, or it is done.
void ClusterPass::finish_group(size_t index) {
    Cluster& cluster = clusters_[index];
    if (cluster.error) {
        store_.distrust(*cluster.error);
        return abandon(*cluster.error);
    }
    cluster.n_done += cluster.claim.slots.size();
    store_.release(cluster.claim);
    waiting_ |= bit(index);
}

void ClusterPass::look_up_waiting() {
    const ClusterMask mask = waiting_;
    bool has_room = true;
    for_each(mask, [&](size_t index) {
        Cluster& cluster = clusters_[index];
        const auto rest = std::span<const uint32_t>(cluster.candidates).subspan(cluster.n_done);
        if (rest.empty()) {
            waiting_ &= ~bit(index);
            if (n_finished_.fetch_add(1, std::memory_order_acq_rel) + 1 == kLanes) announce();
            return;
        }
        if (!has_room || abandoned_) return;
        const TraceScope trace(compute_.trace, TraceKind::look_up, 0, index);
        const auto served = store_.claim(
            section_, rest.first(std::min(rest.size(), BundleStore::kMaxClaim)), cluster.claim);
        if (!served) return abandon(served.error());
        has_room = *served > 0;
        if (!has_room) return;
        waiting_ &= ~bit(index);
        if (cluster.claim.n_reading > 0) {
            cluster.read_begin = Clock::now();
            reading_ |= bit(index);
        } else {
            ready_.fetch_or(bit(index), std::memory_order_acq_rel);
            announce();
        }
    });
}

void ClusterPass::take_arrivals(Wait wait) {
    if (auto taken = store_.reap(wait, &compute_.stop); !taken) return abandon(taken.error());
    for_each(reading_, [this](size_t index) {
        Cluster& cluster = clusters_[index];
        if (cluster.claim.n_reading > 0) return;
        reading_ &= ~bit(index);
        if (compute_.trace != nullptr) {
            compute_.trace->add(TraceKind::read, 0, index, cluster.read_begin, Clock::now());
        }
        if (cluster.claim.error) return abandon(*cluster.claim.error);
        ready_.fetch_or(bit(index), std::memory_order_acq_rel);
        announce();
    });
}

// Only the owner can begin reads, so he does while others compute rows.
bool ClusterPass::read_ahead() {
    auto begun = look_ahead_.read_some(store_);
    if (begun) return *begun;
    abandon(std::move(begun).error());
    return true;
}

// Something waits for reads: for its own, or for room, which what was read ahead, or what a stopped
// pass left behind, takes until it has arrived.
bool ClusterPass::needs_reads() const {
    return (reading_ | waiting_) != 0 && store_.n_reading() != 0;
}

// Worker 0 has nothing to compute and needs reads: the stall.
void ClusterPass::wait_for_work() {
    const auto begin = Clock::now();
    const auto has_work = [this] {
        return ready_.load(std::memory_order_acquire) != 0 ||
               (found_.load(std::memory_order_acquire) |
                computed_.load(std::memory_order_acquire)) != 0 ||
               !needs_reads() || abandoned_;
    };
    for (int spin = 0; spin < kSpins && !has_work(); ++spin) take_arrivals(Wait::none);
    if (!has_work()) take_arrivals(Wait::at_least_one);
    const auto end = Clock::now();
    stall_seconds_ += std::chrono::duration<double>(end - begin).count();
    if (compute_.trace != nullptr) {
        compute_.trace->add(TraceKind::stall, 0, 0, begin, end);
    }
}

void ClusterPass::abandon(Error error) {
    if (!error_) error_ = std::move(error);
    abandoned_.store(true, std::memory_order_release);
    announce();
}

// After all workers have left.
void ClusterPass::let_go() {
    for (Cluster& cluster : clusters_) store_.release(cluster.claim);
}

void ClusterPass::announce() {
    news_.fetch_add(1);  // sequentially consistent: who is about to sleep sees it, or is seen
    news_.notify_all();
}

void ClusterPass::wait_for_news(uint32_t seen) {
    for (int spin = 0; spin < kSpins; ++spin) {
        if (news_.load(std::memory_order_acquire) != seen) return;
        cpu_relax();
    }
    news_.wait(seen, std::memory_order_acquire);
}

}  // namespace hearth
