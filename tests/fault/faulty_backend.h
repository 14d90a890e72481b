// FaultyBackend: a ReadBackend that misbehaves as storage does, from a seed.
//
// It reads through pread and then lies about it: what a fault says was not read is overwritten
// with garbage, so that a loader that trusts too much delivers wrong bytes.
#pragma once

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include "engine/neuron/neuron_loader.h"
#include "engine/neuron/neuron_loader_backend.h"

namespace hearth {

struct FaultPlan {
    uint32_t seed = 1;
    double transient_share = 0.0;  // of reads: short, or refused with EINTR, EAGAIN, EBUSY
    uint32_t most_transient = 6;   // in a row, of one read
    bool delays_and_shuffles = false;
    double wait_fault_share = 0.0;  // of waits: EINTR, EAGAIN, EBUSY
    uint64_t permanent_at = 0;      // this read and all later ones fail (1 is the first)
    int permanent_errno = 0;        // 0: end of file
    uint64_t hang_at = 0;           // this read never completes
    uint64_t break_at = 0;          // this wait and all later ones fail with EBADR
};

class FaultyBackend final : public ReadBackend {
  public:
    FaultyBackend(int fd, const FaultPlan& plan, uint64_t* n_started)
        : plan_(plan), random_(plan.seed), inner_(make_pread_backend(fd, 0)), started_(n_started) {}

    // For NeuronLoader::open(). `n_started` counts the reads begun, continued ones included.
    static NeuronLoader::RingMaker maker(const FaultPlan& plan, uint64_t* n_started) {
        return [=](int fd, size_t) -> tl::expected<std::unique_ptr<ReadBackend>, int> {
            return std::make_unique<FaultyBackend>(fd, plan, n_started);
        };
    }

    std::string_view name() const override { return "faulty"; }

    void start(std::span<const Read> reads) override {
        for (const Read& read : reads) {
            ++*started_;
            if (*started_ == plan_.hang_at) continue;
            if (plan_.permanent_at != 0 && *started_ >= plan_.permanent_at) {
                waiting_.push_back({read.id, -plan_.permanent_errno});
            } else {
                begin(read);
            }
        }
    }

    int wait(std::vector<Done>& done, std::chrono::milliseconds) override {
        ++n_waits_;
        if (plan_.break_at != 0 && n_waits_ >= plan_.break_at) return -EBADR;
        if (chance(plan_.wait_fault_share)) return -one_of({EINTR, EAGAIN, EBUSY});
        if (plan_.delays_and_shuffles) {
            std::shuffle(waiting_.begin(), waiting_.end(), random_);
            const size_t n = waiting_.empty() ? 0 : random_() % (waiting_.size() + 1);
            deliver(done, n);
        } else {
            deliver(done, waiting_.size());
        }
        return 0;
    }

    int use_buffers(std::span<const std::span<std::byte>>) override { return ENOMEM; }

  private:
    bool chance(double share) {
        return static_cast<double>(random_()) < share * static_cast<double>(std::mt19937::max());
    }
    int one_of(std::vector<int> values) { return values[random_() % values.size()]; }

    void begin(const Read& read) {
        uint32_t& in_a_row = transient_[read.id];
        if (in_a_row < plan_.most_transient && chance(plan_.transient_share)) {
            ++in_a_row;
            if (chance(0.5)) {
                waiting_.push_back({read.id, -one_of({EINTR, EAGAIN, EBUSY})});
            } else {
                waiting_.push_back(shortened(read));
            }
        } else {
            in_a_row = 0;
            waiting_.push_back(whole(read));
        }
    }

    Done whole(const Read& read) {
        std::vector<Done> done;
        inner_->start({&read, 1});
        inner_->wait(done, std::chrono::milliseconds{0});
        return done.front();
    }

    Done shortened(const Read& read) {
        Done done = whole(read);
        if (done.result <= 1) return done;
        done.result = std::min(done.result - 1, one_of({1, 511, 512, 4095, done.result - 1}));
        const auto good = static_cast<size_t>(done.result);
        std::memset(read.buffer.data() + good, 0xEE, read.buffer.size() - good);
        return done;
    }

    void deliver(std::vector<Done>& done, size_t n) {
        done.insert(done.end(), waiting_.end() - static_cast<ptrdiff_t>(n), waiting_.end());
        waiting_.resize(waiting_.size() - n);
    }

    FaultPlan plan_;
    std::mt19937 random_;
    std::unique_ptr<ReadBackend> inner_;
    uint64_t* started_;
    uint64_t n_waits_ = 0;
    std::map<uint32_t, uint32_t> transient_;  // read -> transient faults in a row
    std::vector<Done> waiting_;
};

}  // namespace hearth
