#include "engine/neuron/row_stream.h"

#include <algorithm>

#include "engine/base/check.h"

namespace hearth {

namespace {

// Room before and behind a chunk for direct I/O, which begins and ends where the device wants it.
constexpr size_t kSlack = 2 * kPage;

}  // namespace

Result<std::unique_ptr<RowStream>> RowStream::create(std::vector<std::string> paths,
                                                     const StreamPlan& plan,
                                                     const LoaderOptions& io,
                                                     size_t max_row_bytes) {
    if (plan.n_buffers < 2 || plan.chunk_bytes == 0 ||
        plan.chunk_bytes > NeuronLoader::kMaxReadBytes / 2) {
        return make_error(ErrorCode::usage,
                          "streaming with {} buffers of {} bytes (at least 2 of at most {} are "
                          "meant)",
                          plan.n_buffers, plan.chunk_bytes, NeuronLoader::kMaxReadBytes / 2);
    }
    StreamPlan fitting = plan;
    fitting.chunk_bytes = std::max(plan.chunk_bytes, max_row_bytes);
    LoaderOptions large = io;
    large.gap_bytes = 0;  // chunks are large: joining them gains nothing
    large.queue_depth = plan.n_buffers;
    const size_t slot_bytes = round_up(fitting.chunk_bytes, kPage) + kSlack;
    return std::unique_ptr<RowStream>(new RowStream(std::move(paths), fitting, large, slot_bytes));
}

RowStream::RowStream(std::vector<std::string> paths, const StreamPlan& plan,
                     const LoaderOptions& io, size_t slot_bytes)
    : paths_(std::move(paths)),
      chunk_bytes_(plan.chunk_bytes),
      io_(io),
      slot_bytes_(slot_bytes),
      buffers_(plan.n_buffers * slot_bytes),
      loaders_(paths_.size()) {
    for (size_t i = plan.n_buffers; i-- > 0;) free_buffers_.push_back(i);
}

RowStream::~RowStream() = default;  // loaders wait for their reads before buffers go

Result<void> RowStream::enqueue(const MatrixView& shape, const MatrixPlace& place) {
    const size_t bytes_of_row = row_bytes(shape.dtype, shape.cols);
    size_t step = std::max<size_t>(1, chunk_bytes_ / bytes_of_row);
    if (step > kMatmulRowTile) step -= step % kMatmulRowTile;
    for (size_t row = 0; row < shape.rows; row += step) {
        const size_t n = std::min(step, shape.rows - row);
        chunks_.push_back({.rows = {shape.dtype, nullptr, n, shape.cols, bytes_of_row},
                           .first_row = row,
                           .file = place.file,
                           .offset = place.offset + row * bytes_of_row});
    }
    return begin_reads();
}

Result<RowChunk> RowStream::next(const std::atomic<bool>& stop) {
    if (is_front_handed_out_) drop_front();
    HEARTH_CHECK(!chunks_.empty());
    HEARTH_TRY_VOID(begin_reads());
    HEARTH_TRY_VOID(reap(Wait::none, nullptr));
    while (chunks_.front().state == State::reading) {
        if (stop.load(std::memory_order_relaxed)) {
            return make_error(ErrorCode::cancelled, "stopped while weights were read");
        }
        HEARTH_TRY_VOID(reap(Wait::at_least_one, &stop));
    }
    const Chunk& front = chunks_.front();
    if (front.error) return tl::unexpected(*front.error);
    is_front_handed_out_ = true;
    return RowChunk{front.rows, front.first_row};
}

void RowStream::clear() {
    for (const auto& loader : loaders_) {
        completions_.clear();
        // A loader that broke down keeps its buffers: nothing is read into them again.
        if (loader) static_cast<void>(loader->cancel_all(completions_));
    }
    n_dropped_ += chunks_.size();
    for (size_t i = 0; i < n_begun_; ++i) free_buffers_.push_back(chunks_[i].buffer);
    chunks_.clear();
    n_begun_ = 0;
    is_front_handed_out_ = false;
}

void RowStream::release_memory() {
    clear();
    buffers_.drop_behind(0);
}

RowStreamStats RowStream::stats() const {
    RowStreamStats stats;
    for (const auto& loader : loaders_) {
        if (!loader) continue;
        stats.reads += loader->stats().reads;
        stats.bytes += loader->stats().bytes;
        stats.wait_seconds += loader->stats().wait_seconds;
    }
    return stats;
}

Result<NeuronLoader*> RowStream::loader_of(uint32_t file) {
    HEARTH_CHECK(file < loaders_.size());
    if (loaders_[file]) return loaders_[file].get();
    HEARTH_TRY(loaders_[file], NeuronLoader::open(paths_[file], io_));
    return loaders_[file].get();
}

Result<void> RowStream::begin_reads() {
    while (n_begun_ < chunks_.size() && !free_buffers_.empty()) {
        HEARTH_TRY_VOID(begin(chunks_[n_begun_]));
    }
    return {};
}

Result<void> RowStream::begin(Chunk& chunk) {
    HEARTH_TRY(NeuronLoader* const loader, loader_of(chunk.file));
    const uint64_t alignment = loader->alignment();
    const uint64_t begin = chunk.offset / alignment * alignment;
    const uint64_t end =
        round_up<uint64_t>(chunk.offset + chunk.rows.rows * chunk.rows.stride_bytes, alignment);
    const size_t buffer = free_buffers_.back();
    std::byte* const memory = buffers_.data() + buffer * slot_bytes_;
    HEARTH_CHECK(end - begin <= slot_bytes_);
    const ReadRequest request{begin, end - begin, memory, n_dropped_ + n_begun_};
    HEARTH_TRY_VOID(loader->submit({&request, 1}));
    free_buffers_.pop_back();
    chunk.rows.data = memory + (chunk.offset - begin);
    chunk.state = State::reading;
    chunk.buffer = buffer;
    ++n_begun_;
    return {};
}

// Takes what has arrived; waits only for the file of the front chunk.
Result<void> RowStream::reap(Wait wait, const std::atomic<bool>* stop) {
    for (size_t file = 0; file < loaders_.size(); ++file) {
        if (!loaders_[file]) continue;
        const bool waits = wait == Wait::at_least_one && chunks_.front().file == file;
        completions_.clear();
        HEARTH_TRY_VOID(
            loaders_[file]->reap(completions_, waits ? Wait::at_least_one : Wait::none, stop));
        for (Completion& done : completions_) {
            Chunk& chunk = chunks_[done.tag - n_dropped_];
            chunk.state = done.error ? State::failed : State::ready;
            chunk.error = std::move(done.error);
        }
    }
    return {};
}

void RowStream::drop_front() {
    free_buffers_.push_back(chunks_.front().buffer);
    chunks_.pop_front();
    ++n_dropped_;
    --n_begun_;
    is_front_handed_out_ = false;
}

}  // namespace hearth
