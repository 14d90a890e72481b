// ClusterPass: one FFN of one token going through the cluster pipeline (neuron_stream.h).
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/neuron/neuron_stream.h"
#include "engine/neuron/sparse_lane.h"

namespace hearth {

// What a pass computes with; all of it outlives the pass.
struct ClusterWork {
    const Compute& compute;
    FfnActivation activation;
    size_t section;
    const FfnWeights& weights;
    const Predictor& predictor;
    SparsityMode mode;
    const SparseInput& input;
    SparseScratch& scratch;

    size_t d_ff() const { return weights.gate.rows; }
    size_t d_model() const { return weights.gate.cols; }
};

class ClusterPass {
  public:
    ClusterPass(const ClusterWork& work, BundleStore& store, LookAhead& look_ahead,
                std::array<Cluster, kLanes>& clusters);

    // Computes all clusters, on all workers of the pool. Afterwards nothing is held in the store.
    Result<NeuronCount> run();

    double stall_seconds() const { return stall_seconds_; }

  private:
    using ClusterMask = uint32_t;  // one bit per cluster
    static_assert(kLanes <= 32);

    // Stages, by any worker.
    void find_candidates(size_t worker, size_t cluster);
    void compute_rows(size_t worker, size_t cluster);
    bool compute_gates(size_t worker);  // false: there was nothing to do; so for the next two
    bool compute_ready_rows(size_t worker);
    bool compute_something(size_t worker);
    bool check_fetched(Cluster& cluster);
    void propose(size_t worker, size_t cluster);
    void add_hot(Cluster& cluster, size_t begin, size_t end) const;
    void keep_open(Cluster& cluster) const;
    void measure_recall(Cluster& cluster, size_t begin, size_t end) const;

    void help(size_t worker);  // workers other than 0
    void own();                // worker 0
    void advance();            // takes finished stages, looks up, begins reads, takes arrivals
    void look_up_waiting();
    void take_arrivals(Wait wait);
    bool read_ahead();
    bool needs_reads() const;
    void finish_group(size_t cluster);
    void wait_for_work();
    void abandon(Error error);
    void let_go();

    bool is_over() const {
        return n_finished_.load(std::memory_order_acquire) == kLanes ||
               abandoned_.load(std::memory_order_acquire);
    }
    void announce();  // something changed for those who wait
    void wait_for_news(uint32_t seen);

    const ClusterWork& work_;
    BundleStore& store_;
    LookAhead& look_ahead_;
    std::array<Cluster, kLanes>& clusters_;
    const BundleRows bundles_;

    std::atomic<uint32_t> next_gates_{0};   // the first cluster whose gates nobody took
    std::atomic<ClusterMask> found_{0};     // candidates known, by workers
    std::atomic<ClusterMask> ready_{0};     // bundles there, by worker 0
    std::atomic<ClusterMask> computed_{0};  // a claim's rows added, by workers
    std::atomic<uint32_t> n_finished_{0};
    std::atomic<bool> abandoned_{false};
    std::atomic<uint32_t> news_{0};

    // Of worker 0.
    ClusterMask waiting_ = 0;  // to be looked up
    ClusterMask reading_ = 0;
    std::optional<Error> error_;
    double stall_seconds_ = 0.0;
};

}  // namespace hearth
