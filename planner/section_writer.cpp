#include "planner/section_writer.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "engine/kernels/quantize_weights.h"

namespace hearth {

namespace {

constexpr size_t kStripeBytes = size_t{32} << 20;
constexpr size_t kBlockBytes = size_t{16} << 20;  // of records between two words of progress
constexpr size_t kWorkerBytes = size_t{1} << 19;  // of records that a worker makes at a time
constexpr size_t kTurnedRows = 16;                // of down at a time: one cache line of the stripe

// Sums of squares of one neuron's down row.
struct ErrorSums {
    double error = 0.0;
    double signal = 0.0;
};

}  // namespace

struct SectionWriter::Job {
    const PackLayout::Section& layout;
    const PackSection& section;
    const FfnTensors& tensors;
    std::vector<uint32_t> position;  // (n_records) of each neuron
    SectionResult& result;
    std::vector<ErrorSums> sums;  // (n_records), empty when down is copied
    size_t stripe_first = 0;      // the neuron of the stripe's first row
    size_t stripe_neurons = 0;
};

SectionWriter::SectionWriter(const Gguf& gguf, PartialFile& out, ThreadPool& pool)
    : gguf_(gguf),
      out_(out),
      pool_(pool),
      kernels_(*supported_kernels().front()),
      workers_(pool.n_threads()) {}

Result<void> SectionWriter::first_error() const {
    for (const Worker& worker : workers_) {
        if (worker.error) return tl::unexpected(*worker.error);
    }
    return {};
}

Result<SectionResult> SectionWriter::write(const PackLayout::Section& layout,
                                           const OnWritten& on_written) {
    const PackSection& section = layout.section;
    SectionResult result;
    result.checksums.resize(section.n_records);
    Job job{layout, section, layout.tensors, std::vector<uint32_t>(section.n_records), result, {}};
    for (uint32_t p = 0; p < section.n_records; ++p) job.position[layout.placement[p]] = p;
    const bool turns = !layout.tensors.down_is_transposed;
    size_t block = std::max<size_t>(1, kBlockBytes / section.stride);
    if (turns) {
        // Whole blocks of quantized columns.
        const size_t columns = traits(layout.tensors.down.dtype).block_elements;
        const size_t fit = kStripeBytes / (section.d_model() * sizeof(float));
        block = std::max<size_t>(1, std::min(block, fit) / columns) * columns;
        stripe_ = AlignedBuffer<float>(block * section.d_model());
        job.sums.resize(section.n_records);
        HEARTH_TRY_VOID(read_through(layout.tensors.down));
    }
    for (size_t first = 0; first < section.n_records; first += block) {
        const size_t n = std::min<size_t>(block, section.n_records - first);
        if (turns) turn_down(job, first, n);
        make_records(job, first, n);
        HEARTH_TRY_VOID(first_error());
        HEARTH_TRY_VOID(on_written(n * section.stride));
    }
    const uint64_t end = section.offset + section.bytes();
    const std::vector<std::byte> pad(round_up(end, pack_format::kSectionAlignment) - end);
    HEARTH_TRY_VOID(out_.write_at(end, pad));
    ErrorSums all;
    for (const ErrorSums& sums : job.sums) {
        all.error += sums.error;
        all.signal += sums.signal;
    }
    if (all.signal > 0.0) result.down_error = static_cast<float>(std::sqrt(all.error / all.signal));
    return result;
}

// A stripe takes a piece of every row of down: where the file is not in the page cache, that would
// be a small read for each. Reading it once in order brings it there.
Result<void> SectionWriter::read_through(const FileMatrix& matrix) {
    std::vector<std::byte> buffer(kWorkerBytes);
    for (uint64_t at = 0; at < matrix.bytes(); at += buffer.size()) {
        const size_t n = std::min<uint64_t>(buffer.size(), matrix.bytes() - at);
        HEARTH_TRY_VOID(
            read_exact(gguf_.file(matrix.file), matrix.offset + at, std::span(buffer).first(n)));
    }
    return {};
}

// --- down, turned
// ----------------------------------------------------------------------------------

void SectionWriter::turn_down(Job& job, size_t first, size_t n) {
    job.stripe_first = first;
    job.stripe_neurons = n;
    pool_.parallel_for(job.section.d_model(), kTurnedRows,
                       [&](size_t begin, size_t end, size_t worker) {
                           Worker& mine = workers_[worker];
                           if (mine.error) return;
                           const auto done = turn_rows(job, mine, begin, end - begin);
                           if (!done) mine.error = done.error();
                       });
}

// Rows [row, row + n_rows) of down become columns of the stripe.
Result<void> SectionWriter::turn_rows(const Job& job, Worker& worker, size_t row, size_t n_rows) {
    const FileMatrix& down = job.tensors.down;
    const size_t n = job.stripe_neurons;
    const size_t piece = row_bytes(down.dtype, n);
    const size_t before = row_bytes(down.dtype, job.stripe_first);
    worker.rows.resize(piece);
    worker.floats.resize(n_rows * n);
    for (size_t r = 0; r < n_rows; ++r) {
        HEARTH_TRY_VOID(
            read_exact(gguf_.file(down.file), down.row_offset(row + r) + before, worker.rows));
        kernels_.dequantize_row(down.dtype, worker.rows.data(), worker.floats.data() + r * n, n);
    }
    const size_t d_model = job.section.d_model();
    for (size_t i = 0; i < n; ++i) {
        float* const out = stripe_.data() + i * d_model + row;
        for (size_t r = 0; r < n_rows; ++r) out[r] = worker.floats[r * n + i];
    }
    return {};
}

// --- records
// ---------------------------------------------------------------------------------------

void SectionWriter::make_records(Job& job, size_t first, size_t n) {
    const size_t grain = std::max<size_t>(1, kWorkerBytes / job.section.stride);
    pool_.parallel_for(n, grain, [&](size_t begin, size_t end, size_t worker) {
        Worker& mine = workers_[worker];
        if (mine.error) return;
        const auto done = make_some(job, mine, first + begin, first + end);
        if (!done) mine.error = done.error();
    });
}

// The records of neurons [begin, end), made and written.
Result<void> SectionWriter::make_some(Job& job, Worker& worker, size_t begin, size_t end) {
    const PackSection& section = job.section;
    const FfnTensors& tensors = job.tensors;
    worker.records.assign((end - begin) * section.stride, std::byte{0});
    HEARTH_TRY_VOID(copy_rows(job, worker, tensors.up, begin, end, 0));
    HEARTH_TRY_VOID(copy_rows(job, worker, tensors.gate, begin, end, section.gate_offset));
    if (tensors.down_is_transposed) {
        HEARTH_TRY_VOID(copy_rows(job, worker, tensors.down, begin, end, section.down_offset));
    }
    for (size_t i = begin; i < end; ++i) {
        std::byte* const record = worker.records.data() + (i - begin) * section.stride;
        if (!tensors.down_is_transposed) {
            requantize(job, worker, i, record + section.down_offset);
        }
        job.result.checksums[i] = {
            crc32c({record, section.gate_offset}),
            crc32c({record + section.gate_offset, section.record_bytes - section.gate_offset})};
    }
    return write_runs(job, worker, begin, end);
}

// Rows [begin, end) of a matrix of the model file to byte `place` of their records.
Result<void> SectionWriter::copy_rows(const Job& job, Worker& worker, const FileMatrix& matrix,
                                      size_t begin, size_t end, size_t place) {
    const size_t bytes = matrix.row_bytes;
    worker.rows.resize((end - begin) * bytes);
    HEARTH_TRY_VOID(read_exact(gguf_.file(matrix.file), matrix.row_offset(begin), worker.rows));
    for (size_t i = 0; i < end - begin; ++i) {
        std::memcpy(worker.records.data() + i * job.section.stride + place,
                    worker.rows.data() + i * bytes, bytes);
    }
    return {};
}

void SectionWriter::requantize(Job& job, Worker& worker, size_t neuron, std::byte* out) {
    const size_t d_model = job.section.d_model();
    const float* const row = stripe_.data() + (neuron - job.stripe_first) * d_model;
    quantize_weights(job.section.down, {row, d_model}, out);
    worker.floats.resize(d_model);
    kernels_.dequantize_row(job.section.down, out, worker.floats.data(), d_model);
    ErrorSums& sums = job.sums[neuron];
    for (size_t c = 0; c < d_model; ++c) {
        const double difference = double{worker.floats[c]} - double{row[c]};
        sums.error += difference * difference;
        sums.signal += double{row[c]} * double{row[c]};
    }
}

// Neurons that follow each other on disk too are written together.
Result<void> SectionWriter::write_runs(const Job& job, const Worker& worker, size_t begin,
                                       size_t end) {
    const size_t stride = job.section.stride;
    for (size_t i = begin; i < end;) {
        size_t next = i + 1;
        while (next < end && job.position[next] == job.position[next - 1] + 1) ++next;
        HEARTH_TRY_VOID(out_.write_at(
            job.section.offset + uint64_t{job.position[i]} * stride,
            std::span(worker.records).subspan((i - begin) * stride, (next - i) * stride)));
        i = next;
    }
    return {};
}

}  // namespace hearth
