#include "engine/neuron/neuron_loader.h"

#include <fcntl.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <deque>
#include <thread>

#include "engine/base/aligned_buffer.h"
#include "engine/base/log.h"
#include "engine/base/printable.h"
#include "engine/neuron/neuron_loader_backend.h"
#include "engine/neuron/neuron_loader_file.h"
#include "engine/neuron/neuron_loader_read.h"

namespace hearth {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kStopInterval{50};  // how often a waiting reap() looks at the stop flag
constexpr size_t kReadAheadShare = 4;      // read-ahead gets a quarter of the depth

// Through the page cache, what was read is dropped from there after so many bytes: it lies in our
// own memory already.
constexpr size_t kDropBytes = size_t{8} << 20;

bool is_transient(int error) {
    return error == EINTR || error == EAGAIN || error == EBUSY;
}

size_t latency_bucket(Clock::duration duration) {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
    const auto width = static_cast<size_t>(std::bit_width(static_cast<uint64_t>(us)));
    return std::min<size_t>(width == 0 ? 0 : width - 1, 31);
}

}  // namespace

struct NeuronLoader::State {
    std::string name;  // the path, printable
    LoaderOptions options;
    StreamedFile file;
    AlignedBuffer<std::byte> landing;  // of joined reads; what a backend's threads write into
    std::unique_ptr<ReadBackend> backend;
    std::deque<QueuedRead> demand;
    std::deque<QueuedRead> ahead;
    std::vector<JoinedRead> reads;  // (queue_depth) in flight, or listed in idle
    std::vector<uint32_t> idle;
    std::vector<std::byte*> landings;  // parts of `landing` that are free
    size_t gap_bytes = 0;              // rounded up to the alignment
    size_t n_in_flight = 0;            // requests
    size_t n_ahead_in_flight = 0;      // reads
    size_t bytes_in_page_cache = 0;
    std::optional<Error> broken;
    LoaderStats stats;
    std::vector<ReadBackend::Read> starting;  // kept for their memory
    std::vector<ReadBackend::Done> done;

    Result<void> check(const ReadRequest& request) const;
    size_t n_unfinished() const { return demand.size() + ahead.size() + n_in_flight; }
    size_t n_reads_in_flight() const { return reads.size() - idle.size(); }

    void make_landings();
    void begin_queued();
    void begin_from(std::deque<QueuedRead>& queue);
    void begin_again(uint32_t id);
    Result<void> collect(std::vector<Completion>& out, milliseconds timeout);
    void take_result(uint32_t id, int result, std::vector<Completion>& out);
    void give_up(uint32_t id, std::string_view cause, std::vector<Completion>& out);
    void fail(const QueuedRead& queued, std::string_view cause, std::vector<Completion>& out);
    void end_read(uint32_t id);
    void drop_from_page_cache(size_t bytes);
    void drop_queued(std::vector<Completion>& out);
    tl::unexpected<Error> break_down(std::string_view what);
};

Result<std::unique_ptr<NeuronLoader>> NeuronLoader::open(const std::string& path,
                                                         const LoaderOptions& options) {
    return open(path, options, make_ring_backend);
}

Result<std::unique_ptr<NeuronLoader>> NeuronLoader::open(const std::string& path,
                                                         const LoaderOptions& options,
                                                         const RingMaker& make_ring) {
    const std::string name = printable_path(path);
    if (options.queue_depth < 1 || options.queue_depth > kMaxQueueDepth) {
        return make_error(ErrorCode::usage, "{}: a queue depth of {}, 1 to {} are possible", name,
                          options.queue_depth, kMaxQueueDepth);
    }
    if (options.alignment != 0 &&
        (!std::has_single_bit(options.alignment) || options.alignment > kHugePage)) {
        return make_error(ErrorCode::usage,
                          "{}: an alignment of {} (a power of two to {} is meant)", name,
                          options.alignment, kHugePage);
    }
    if (options.gap_bytes > kMaxGapBytes) {
        return make_error(ErrorCode::usage, "{}: gaps of {} bytes, {} are possible", name,
                          options.gap_bytes, kMaxGapBytes);
    }
    auto state = std::make_unique<State>();
    state->name = name;
    state->options = options;
    HEARTH_TRY(state->file, open_streamed_file(path, options.alignment));
    const int fd = state->file.fd.get();
    if (options.backend != LoaderBackend::pread) {
        auto ring = make_ring(fd, options.queue_depth);
        if (ring) {
            state->backend = std::move(*ring);
        } else if (options.backend == LoaderBackend::io_uring) {
            return make_error(ErrorCode::machine, "{}: io_uring is refused: {}", name,
                              std::strerror(ring.error()));
        } else {
            log("{}: io_uring is refused, reading with {} threads: {}", name,
                options.n_pread_threads, std::strerror(ring.error()));
        }
    }
    if (!state->backend) state->backend = make_pread_backend(fd, options.n_pread_threads);
    state->reads.resize(options.queue_depth);
    for (size_t id = options.queue_depth; id-- > 0;) {
        state->idle.push_back(static_cast<uint32_t>(id));
    }
    state->make_landings();
    return std::unique_ptr<NeuronLoader>(new NeuronLoader(std::move(state)));
}

void NeuronLoader::State::make_landings() {
    gap_bytes = round_up(options.gap_bytes, file.alignment);
    options.max_joined_bytes = std::min(options.max_joined_bytes, kLandingBytes);
    const size_t each = round_up(std::max<size_t>(1, options.max_joined_bytes), file.alignment);
    landing = AlignedBuffer<std::byte>(kLandingBytes);
    for (size_t at = kLandingBytes / each * each; at > 0; at -= each) {
        landings.push_back(landing.data() + at - each);
    }
}

NeuronLoader::NeuronLoader(std::unique_ptr<State> state) : state_(std::move(state)) {}

NeuronLoader::~NeuronLoader() {
    std::vector<Completion> dropped;
    static_cast<void>(cancel_all(dropped));
}

bool NeuronLoader::use_buffers(std::span<const std::span<std::byte>> regions) {
    HEARTH_CHECK(n_unfinished() == 0);
    const int error = state_->backend->use_buffers(regions);
    if (error != 0) {
        log("{}: buffers are not registered with {}: {}", state_->name, backend_name(),
            std::strerror(error));
    }
    return error == 0;
}

Result<void> NeuronLoader::submit(std::span<const ReadRequest> requests, ReadPriority priority) {
    if (state_->broken) return tl::unexpected(*state_->broken);
    for (const ReadRequest& request : requests) HEARTH_TRY_VOID(state_->check(request));
    auto& queue = priority == ReadPriority::demand ? state_->demand : state_->ahead;
    const size_t n_before = queue.size();
    for (const ReadRequest& request : requests) {
        queue.push_back({.request = request, .priority = priority});
    }
    // Neighbours on disk become neighbours in the queue, so that they can travel together.
    std::sort(queue.begin() + static_cast<ptrdiff_t>(n_before), queue.end(),
              [](const QueuedRead& a, const QueuedRead& b) {
                  return a.request.offset < b.request.offset;
              });
    state_->stats.requests += requests.size();
    state_->begin_queued();
    return {};
}

void NeuronLoader::promote(std::span<const uint64_t> tags) {
    std::vector<uint64_t> wanted(tags.begin(), tags.end());
    std::sort(wanted.begin(), wanted.end());
    const auto stays = [&](const QueuedRead& queued) {
        return !std::binary_search(wanted.begin(), wanted.end(), queued.request.tag);
    };
    const auto first = std::stable_partition(state_->ahead.begin(), state_->ahead.end(), stays);
    for (auto it = first; it != state_->ahead.end(); ++it) {
        it->priority = ReadPriority::demand;
        state_->demand.push_back(*it);
    }
    state_->ahead.erase(first, state_->ahead.end());
    state_->begin_queued();
}

Result<void> NeuronLoader::reap(std::vector<Completion>& out, Wait wait,
                                const std::atomic<bool>* stop) {
    const size_t n_before = out.size();
    HEARTH_TRY_VOID(state_->collect(out, milliseconds{0}));
    if (wait == Wait::none || out.size() > n_before) return {};
    const auto begin = Clock::now();
    const auto waited = [&] { return Clock::now() - begin; };
    Result<void> result;
    while (result && out.size() == n_before && n_unfinished() > 0) {
        if (stop != nullptr && stop->load(std::memory_order_relaxed)) break;
        if (waited() >= state_->options.timeout) {
            result = state_->break_down("storage is not answering");
            break;
        }
        result = state_->collect(out, std::min(kStopInterval, state_->options.timeout));
    }
    state_->stats.wait_seconds += std::chrono::duration<double>(waited()).count();
    return result;
}

Result<void> NeuronLoader::cancel_all(std::vector<Completion>& out) {
    state_->drop_queued(out);
    while (state_->n_in_flight > 0) {
        HEARTH_TRY_VOID(reap(out, Wait::at_least_one));
        state_->drop_queued(out);  // what a failed read was split into
    }
    return {};
}

size_t NeuronLoader::n_unfinished() const {
    return state_->n_unfinished();
}
size_t NeuronLoader::alignment() const {
    return state_->file.alignment;
}
bool NeuronLoader::is_direct() const {
    return state_->file.is_direct;
}
std::string_view NeuronLoader::backend_name() const {
    return state_->backend->name();
}
uint64_t NeuronLoader::file_size() const {
    return state_->file.size;
}
const LoaderStats& NeuronLoader::stats() const {
    return state_->stats;
}

Result<void> NeuronLoader::State::check(const ReadRequest& request) const {
    const size_t alignment = file.alignment;
    const auto end = checked_add<uint64_t>(request.offset, request.bytes);
    const uint64_t last = round_up<uint64_t>(file.size, std::max(alignment, kPage));
    if (request.bytes == 0 || request.bytes > kMaxReadBytes || request.offset >= file.size ||
        !end || *end > last) {
        return make_error(ErrorCode::bad_file,
                          "{}: no {} bytes can be read at {}, the file has {} (truncated?)", name,
                          request.bytes, request.offset, file.size);
    }
    const auto address = reinterpret_cast<uintptr_t>(request.buffer);
    if (((request.offset | request.bytes | address) & (alignment - 1)) != 0) {
        return make_error(
            ErrorCode::usage,
            "{}: {} bytes at {} into {:#x} are not aligned to {}, as direct I/O wants", name,
            request.bytes, request.offset, address, alignment);
    }
    return {};
}

void NeuronLoader::State::begin_queued() {
    starting.clear();
    while (!idle.empty() && !demand.empty()) begin_from(demand);
    const size_t share = std::max<size_t>(reads.size() / kReadAheadShare, 1);
    while (!idle.empty() && !ahead.empty() && n_ahead_in_flight < share) {
        begin_from(ahead);
        ++n_ahead_in_flight;
    }
    if (!starting.empty()) backend->start(starting);
}

// The first of the queue begins, and its neighbours with it while there is room for them to land.
void NeuronLoader::State::begin_from(std::deque<QueuedRead>& queue) {
    const uint32_t id = idle.back();
    idle.pop_back();
    JoinedRead& read = reads[id];
    read.begin(queue.front());
    queue.pop_front();
    while (!landings.empty() && !queue.empty() &&
           read.can_take(queue.front(), gap_bytes, options.max_joined_bytes)) {
        read.take(queue.front(), landings.back());
        queue.pop_front();
    }
    if (read.landing() != nullptr) landings.pop_back();
    read.begun = Clock::now();
    n_in_flight += read.requests().size();
    stats.merged += read.requests().size() - 1;
    ++stats.reads;
    starting.push_back({id, read.offset(), read.rest()});
}

void NeuronLoader::State::begin_again(uint32_t id) {
    ++stats.retries;
    ++reads[id].n_retries;
    const ReadBackend::Read read{id, reads[id].offset(), reads[id].rest()};
    backend->start({&read, 1});
}

Result<void> NeuronLoader::State::collect(std::vector<Completion>& out, milliseconds timeout) {
    if (broken) return tl::unexpected(*broken);
    begin_queued();
    done.clear();
    const int result = backend->wait(done, timeout);
    for (const ReadBackend::Done& d : done) take_result(d.id, d.result, out);
    if (result < 0 && !is_transient(-result)) {
        return break_down(fmt::format("reading broke down: {}", std::strerror(-result)));
    }
    // The kernel is short of memory or of room for completions, and nothing came to make some.
    if (result < 0 && done.empty() && timeout.count() > 0) {
        std::this_thread::sleep_for(milliseconds{1});
    }
    begin_queued();
    return {};
}

void NeuronLoader::State::take_result(uint32_t id, int result, std::vector<Completion>& out) {
    JoinedRead& read = reads[id];
    if (result < 0 && !is_transient(-result)) return give_up(id, std::strerror(-result), out);
    if (result > 0) {
        read.advance(static_cast<size_t>(result), file.alignment, file.size);
        if (read.is_complete(file.size)) {
            read.deliver();
            for (const QueuedRead& queued : read.requests()) out.push_back({queued.request.tag});
            stats.bytes += read.bytes();
            drop_from_page_cache(read.bytes());
            return end_read(id);
        }
    }
    if (read.n_retries < kMaxRetries && result != 0) return begin_again(id);
    if (result < 0) return give_up(id, std::strerror(-result), out);
    give_up(id, fmt::format("it ends after {} of them (truncated?)", read.bytes_done()), out);
}

// A joined read may have failed for one of its requests, or for a gap that nobody asked for: they
// are tried one by one. A single one has failed.
void NeuronLoader::State::give_up(uint32_t id, std::string_view cause,
                                  std::vector<Completion>& out) {
    JoinedRead& read = reads[id];
    for (const QueuedRead& queued : read.requests()) {
        if (read.requests().size() == 1 || read.n_retries >= kMaxRetries) {
            fail(queued, cause, out);
        } else {
            ++stats.retries;
            QueuedRead single = queued;
            single.n_retries = read.n_retries + 1;
            single.travels_alone = true;
            (queued.priority == ReadPriority::demand ? demand : ahead).push_front(single);
        }
    }
    end_read(id);
}

void NeuronLoader::State::fail(const QueuedRead& queued, std::string_view cause,
                               std::vector<Completion>& out) {
    ++stats.failures;
    out.push_back({queued.request.tag,
                   Error{ErrorCode::machine,
                         fmt::format("{}: cannot read {} bytes at {}: {}", name,
                                     queued.request.bytes, queued.request.offset, cause)}});
}

void NeuronLoader::State::end_read(uint32_t id) {
    const JoinedRead& read = reads[id];
    ++stats.latency_us_log2[latency_bucket(Clock::now() - read.begun)];
    n_in_flight -= read.requests().size();
    if (read.requests().front().priority == ReadPriority::read_ahead) --n_ahead_in_flight;
    if (read.landing() != nullptr) landings.push_back(read.landing());
    idle.push_back(id);
}

void NeuronLoader::State::drop_from_page_cache(size_t bytes) {
    if (file.is_direct) return;
    bytes_in_page_cache += bytes;
    if (bytes_in_page_cache < kDropBytes) return;
    ::posix_fadvise(file.fd.get(), 0, 0, POSIX_FADV_DONTNEED);
    bytes_in_page_cache = 0;
}

void NeuronLoader::State::drop_queued(std::vector<Completion>& out) {
    for (auto* queue : {&demand, &ahead}) {
        for (const QueuedRead& queued : *queue) {
            ++stats.failures;
            out.push_back({queued.request.tag,
                           Error{ErrorCode::cancelled, fmt::format("{}: read cancelled", name)}});
        }
        queue->clear();
    }
}

tl::unexpected<Error> NeuronLoader::State::break_down(std::string_view what) {
    broken = Error{ErrorCode::machine,
                   fmt::format("{}: {}, {} reads are unfinished (is the disk still there?)", name,
                               what, n_reads_in_flight())};
    log("{}", broken->message);
    return tl::unexpected(*broken);
}

}  // namespace hearth
