// TokenTrace: what each worker did, and waited for, while one token was computed.
//
// Recorded on request (Session::trace_next_token), shown by the dashboard and exported as JSON.
// Where no trace is asked for, the engine pays one comparison per piece of work.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace hearth {

enum class TraceKind : uint8_t {
    attention,  // norms, projections and attention of a layer
    predict,    // Pred: which neurons may fire
    gates,      // GC: gates of one cluster
    look_up,    // GIO, UDIO: one cluster's neurons are looked up, reads of missing ones begin
    read,       // from a cluster's first read to its last arrival; on the I/O lane
    rows,       // UDC: up and down of one cluster
    ffn,        // an FFN computed densely
    sum,        // clusters are added up
    head,       // logits
    stall,      // nothing to compute until a read arrives
};
std::string_view to_string(TraceKind kind);

struct TraceEvent {
    TraceKind kind = TraceKind::attention;
    uint16_t worker = 0;  // kIoLane for reads
    uint16_t cluster = 0;
    uint32_t layer = 0;
    float begin_us = 0.0F;  // since the token began
    float end_us = 0.0F;
};

// One writer per worker; read when the token is done.
class TokenTrace {
  public:
    static constexpr uint16_t kIoLane = 0xFFFF;
    using Clock = std::chrono::steady_clock;

    explicit TokenTrace(size_t n_workers) : lanes_(n_workers + 1) {}

    void begin_token() {
        start_ = Clock::now();
        for (auto& lane : lanes_) lane.clear();
    }
    void set_layer(size_t layer) { layer_ = static_cast<uint32_t>(layer); }

    // Called by worker `worker`, and for reads by worker 0 alone.
    void add(TraceKind kind, size_t worker, size_t cluster, Clock::time_point begin,
             Clock::time_point end) {
        const bool is_read = kind == TraceKind::read;
        auto& lane = is_read ? lanes_.back() : lanes_[worker];
        lane.push_back({kind, is_read ? kIoLane : static_cast<uint16_t>(worker),
                        static_cast<uint16_t>(cluster), layer_, micros(begin), micros(end)});
    }

    // All events, by worker and then by time; the I/O lane last.
    std::vector<TraceEvent> events() const;

  private:
    float micros(Clock::time_point at) const {
        return std::chrono::duration<float, std::micro>(at - start_).count();
    }

    Clock::time_point start_;
    uint32_t layer_ = 0;
    std::vector<std::vector<TraceEvent>> lanes_;
};

// A piece of work on one worker, from construction to destruction. Does nothing without a trace.
class TraceScope {
  public:
    TraceScope(TokenTrace* trace, TraceKind kind, size_t worker = 0, size_t cluster = 0)
        : trace_(trace), kind_(kind), worker_(worker), cluster_(cluster) {
        if (trace_ != nullptr) begin_ = TokenTrace::Clock::now();
    }
    ~TraceScope() {
        if (trace_ != nullptr) {
            trace_->add(kind_, worker_, cluster_, begin_, TokenTrace::Clock::now());
        }
    }
    TraceScope(const TraceScope&) = delete;
    TraceScope& operator=(const TraceScope&) = delete;

  private:
    TokenTrace* trace_;
    TraceKind kind_;
    size_t worker_;
    size_t cluster_;
    TokenTrace::Clock::time_point begin_;
};

}  // namespace hearth
