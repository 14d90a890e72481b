// ClusterPass: one FFN going through the cluster pipeline (neuron_stream.h): who does what when.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/neuron/cluster_work.h"
#include "engine/neuron/neuron_stream.h"

namespace hearth {

class ClusterPass {
  public:
    // The work is on neurons of `section`. Everything outlives the pass.
    ClusterPass(const Compute& compute, size_t section, ClusterWork& work, BundleStore& store,
                LookAhead& look_ahead, std::array<Cluster, kLanes>& clusters);

    // Computes all clusters, on all workers of the pool; their counts summed. Afterwards nothing is
    // held in the store.
    Result<NeuronCount> run();

    double stall_seconds() const { return stall_seconds_; }

  private:
    using ClusterMask = uint32_t;  // one bit per cluster
    static_assert(kLanes <= 32);

    // Stages, by any worker. False: there was nothing to do.
    bool compute_gates(size_t worker);
    bool compute_ready_rows(size_t worker);
    bool compute_something(size_t worker);
    bool check_fetched(Cluster& cluster);

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

    const Compute& compute_;
    const size_t section_;
    ClusterWork& work_;
    BundleStore& store_;
    LookAhead& look_ahead_;
    std::array<Cluster, kLanes>& clusters_;

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
