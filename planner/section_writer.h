// SectionWriter: turns the matrices of one FFN into records and writes them to their places.
//
// Neurons are taken in the order of the model, so that the model file is read from front to back;
// their places in the pack are wherever the placement says. Up, gate and a transposed down are
// copied byte by byte. A down matrix that lies the usual way round, a neuron being a column, is
// dequantized in stripes of neurons, turned, and quantized along the other axis.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "engine/base/aligned_buffer.h"
#include "engine/base/result.h"
#include "engine/base/thread_pool.h"
#include "engine/gguf/gguf.h"
#include "engine/kernels/kernels.h"
#include "planner/pack_layout.h"
#include "planner/partial_file.h"

namespace hearth {

// What writing a section has found out.
struct SectionResult {
    std::vector<pack_format::Checksums> checksums;  // (n_records) by neuron
    float down_error = 0.0F;  // relative RMS error of down, 0 where it was copied
};

class SectionWriter {
  public:
    // Memory: a stripe of 32 MiB and about 1 MiB per thread. All must outlive the writer.
    SectionWriter(const Gguf& gguf, PartialFile& out, ThreadPool& pool);

    // Called with the record bytes just written; an error ends the work.
    using OnWritten = std::function<Result<void>(uint64_t bytes)>;

    // Writes all records of the section, the zeroes behind each and behind the last one.
    Result<SectionResult> write(const PackLayout::Section& layout, const OnWritten& on_written);

  private:
    // What one thread works in.
    struct Worker {
        std::vector<std::byte> records;  // (neurons of a grain, stride)
        std::vector<std::byte> rows;     // as they are in the model file
        std::vector<float> floats;
        std::optional<Error> error;
    };
    struct Job;  // the section being written

    void turn_down(Job& job, size_t first, size_t n);
    void make_records(Job& job, size_t first, size_t n);
    Result<void> turn_rows(const Job& job, Worker& worker, size_t row, size_t n_rows);
    Result<void> make_some(Job& job, Worker& worker, size_t begin, size_t end);
    Result<void> copy_rows(const Job& job, Worker& worker, const FileMatrix& matrix, size_t begin,
                           size_t end, size_t place);
    void requantize(Job& job, Worker& worker, size_t neuron, std::byte* out);
    Result<void> write_runs(const Job& job, const Worker& worker, size_t begin, size_t end);
    Result<void> read_through(const FileMatrix& matrix);
    Result<void> first_error() const;

    const Gguf& gguf_;
    PartialFile& out_;
    ThreadPool& pool_;
    const KernelTable& kernels_;
    AlignedBuffer<float> stripe_;  // (neurons of a block, d_model), down turned
    std::vector<Worker> workers_;
};

}  // namespace hearth
