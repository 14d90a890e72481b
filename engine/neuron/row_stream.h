// RowStream: matrices that are not in memory, read row by row in the order they are used.
//
//   enqueue(gate) enqueue(up) ...  ->  chunks of rows, read ahead into a ring of buffers  -> next()
//
// The model file is read, in large direct reads. While one chunk is computed with, the next ones
// are under way, across matrices, layers and tokens: with n buffers the reader is up to n - 1
// chunks ahead. Rows are whole and in order, so what is computed with them is what would have been
// computed with the matrix in memory, bit for bit.
//
// One thread owns a stream. The bytes of a chunk stay until the next call of next() or clear().
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/aligned_buffer.h"
#include "engine/base/result.h"
#include "engine/neuron/ffn_weights.h"
#include "engine/neuron/neuron_loader.h"
#include "engine/neuron/plan.h"

namespace hearth {

// Some rows of a matrix, in memory.
struct RowChunk {
    MatrixView rows;  // rows [first_row, first_row + rows.rows) of the matrix
    size_t first_row = 0;
};

struct RowStreamStats {
    uint64_t reads = 0;
    uint64_t bytes = 0;
    double wait_seconds = 0.0;  // next() had nothing to hand out yet
};

class RowStream {
  public:
    // `paths` are the files that MatrixPlace::file counts; opened when first read from.
    // max_row_bytes is the longest row that will be enqueued: chunks are at least as large.
    static Result<std::unique_ptr<RowStream>> create(std::vector<std::string> paths,
                                                     const StreamPlan& plan,
                                                     const LoaderOptions& io, size_t max_row_bytes);
    ~RowStream();
    RowStream(const RowStream&) = delete;
    RowStream& operator=(const RowStream&) = delete;

    // All rows of `shape` (its data is not looked at), which lie at `place` without gaps. Reading
    // begins as soon as a buffer is free.
    Result<void> enqueue(const MatrixView& shape, const MatrixPlace& place);

    // The next rows in the order of enqueue(); something must be enqueued. Waits for the read, or
    // until `stop` is set (ErrorCode::cancelled). After an error call clear().
    Result<RowChunk> next(const std::atomic<bool>& stop);

    // Forgets what is enqueued and waits for reads under way.
    void clear();
    // The same, and gives the memory of the buffers back to the system until they are used again.
    void release_memory();

    // Chunks that next() will hand out.
    size_t n_enqueued() const { return chunks_.size() - (is_front_handed_out_ ? 1 : 0); }
    RowStreamStats stats() const;

  private:
    enum class State : uint8_t { waiting, reading, ready, failed };
    struct Chunk {
        MatrixView rows;
        size_t first_row = 0;
        uint32_t file = 0;
        uint64_t offset = 0;  // of the first row, in the file
        State state = State::waiting;
        size_t buffer = 0;  // once it is read
        std::optional<Error> error = {};
    };

    RowStream(std::vector<std::string> paths, const StreamPlan& plan, const LoaderOptions& io,
              size_t slot_bytes);
    Result<NeuronLoader*> loader_of(uint32_t file);
    Result<void> begin_reads();
    Result<void> begin(Chunk& chunk);
    Result<void> reap(Wait wait, const std::atomic<bool>* stop);
    void drop_front();

    std::vector<std::string> paths_;
    size_t chunk_bytes_;
    LoaderOptions io_;
    size_t slot_bytes_;                 // a chunk and what alignment adds before and behind it
    AlignedBuffer<std::byte> buffers_;  // (n_buffers, slot_bytes)
    std::vector<size_t> free_buffers_;
    std::vector<std::unique_ptr<NeuronLoader>> loaders_;  // by file
    std::deque<Chunk> chunks_;                            // the front one may be handed out
    uint64_t n_dropped_ = 0;  // chunk i of all ever enqueued is chunks_[i - n_dropped_]
    size_t n_begun_ = 0;      // of chunks_, from the front
    bool is_front_handed_out_ = false;
    std::vector<Completion> completions_;
};

}  // namespace hearth
