// How near the kernels come to the machine's limits.
//
//   bench_kernels [matvec|rows|matmul|all] [isa|all] [type|all] [rounds]
//
// matvec: GB/s of weights, beside the read bandwidth measured in the same rounds.
// rows: the same for one row in ten, picked at random: what a sparse FFN reads (matvec_rows: gate
// and up; accumulate_rows: down). GB/s of the rows picked. matmul: GOPS (2 x multiply-adds) of 512
// tokens, which for a 1B model is about 2.2 per token.
#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <random>
#include <string_view>

#include "bench/bench.h"
#include "engine/base/aligned_buffer.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/kernels.h"
#include "engine/kernels/read_rate.h"

namespace hearth::bench {
namespace {

constexpr size_t kCols = 4096;
constexpr size_t kMatrixBytes = size_t{256} << 20;      // much more than any cache
constexpr size_t kPickedMatrixBytes = size_t{1} << 30;  // a tenth of it as well
constexpr size_t kTokens = 512;
constexpr size_t kMatmulRows = 1024;
constexpr size_t kMatmulCols = 2048;
constexpr Dtype kTypes[] = {Dtype::q4_0, Dtype::q5_0, Dtype::q8_0, Dtype::q4_k, Dtype::q5_k,
                            Dtype::q6_k, Dtype::f16,  Dtype::bf16, Dtype::f32};

// --- data ------------------------------------------------------------------------------------

// Random quants with halves of ordinary size, repeated every 64 rows.
void fill_weights(Dtype dtype, std::byte* data, size_t rows, size_t cols) {
    std::mt19937 random(1);
    const DtypeTraits& t = traits(dtype);
    const size_t stride = row_bytes(dtype, cols);
    const size_t distinct = std::min<size_t>(rows, 64);
    for (size_t i = 0; i < distinct * stride; ++i) data[i] = static_cast<std::byte>(random());
    for (size_t at = 0; at < distinct * stride; at += t.block_bytes) {
        const uint16_t half = static_cast<uint16_t>(0x2000 + random() % 0x400);
        const uint16_t bits = dtype == Dtype::bf16 || dtype == Dtype::f32
                                  ? static_cast<uint16_t>(0x3c00 + random() % 0x80)
                                  : half;
        std::byte* block = data + at;
        if (dtype == Dtype::f32) block += 2;  // the upper half of a float
        if (dtype == Dtype::q6_k) block += 208;
        std::memcpy(block, &bits, 2);
        if (dtype == Dtype::q4_k || dtype == Dtype::q5_k) std::memcpy(block + 2, &bits, 2);
    }
    for (size_t r = distinct; r < rows; ++r) {
        std::memcpy(data + r * stride, data + (r - distinct) * stride, stride);
    }
}

struct Inputs {
    Inputs(const KernelTable& table, size_t n_tokens, size_t cols)
        : f32(n_tokens * cols), q8(n_tokens, cols), n(n_tokens) {
        std::mt19937 random(2);
        std::normal_distribution<float> normal;
        for (float& value : f32.span()) value = normal(random);
        q8.set_cols(cols);
        table.quantize_rows(f32.data(), cols, 0, n_tokens, q8);
    }
    ActivationView view() const { return {f32.data(), &q8, n, q8.cols()}; }

    AlignedBuffer<float> f32;
    Q8Rows q8;
    size_t n;
};

// --- whole matrices --------------------------------------------------------------------------

bool wanted(std::string_view filter, std::string_view name) {
    return filter == "all" || filter == name;
}

double matvec_rate(const KernelTable& table, ThreadPool& pool, const MatrixView& w,
                   const ActivationView& x, float* y) {
    const double time = seconds([&] {
        pool.parallel_for(
            w.rows, (w.rows + pool.n_threads() - 1) / pool.n_threads(),
            [&](size_t begin, size_t end, size_t) { table.matvec(w, begin, end, x, y); });
    });
    return static_cast<double>(w.rows * w.stride_bytes) / time * 1e-9;
}

void bench_matvec(std::string_view isa, std::string_view type, size_t rounds) {
    fmt::print("matvec, {} columns, {} MiB, GB/s: median [quartiles] best, of read bandwidth\n",
               kCols, kMatrixBytes >> 20);
    AlignedBuffer<std::byte> data(kMatrixBytes);
    AlignedBuffer<float> y(kMatrixBytes / 1024);
    for (const Dtype dtype : kTypes) {
        if (!wanted(type, traits(dtype).name)) continue;
        const size_t stride = row_bytes(dtype, kCols);
        const MatrixView w{dtype, data.data(), kMatrixBytes / stride, kCols, stride};
        fill_weights(dtype, data.data(), w.rows, kCols);
        for (const size_t n_threads : {1u, 2u}) {
            ThreadPool pool(n_threads);
            std::vector<std::unique_ptr<Inputs>> inputs;
            std::vector<Case> cases;
            cases.push_back({"read", [&] { return read_rate(pool, data.span()); }});
            for (const KernelTable* table : supported_kernels()) {
                if (!wanted(isa, table->name) || (isa == "all" && table->name == "scalar"))
                    continue;
                inputs.push_back(std::make_unique<Inputs>(*table, 1, kCols));
                const ActivationView x = inputs.back()->view();
                cases.push_back({std::string(table->name), [&, table, x] {
                                     return matvec_rate(*table, pool, w, x, y.data());
                                 }});
            }
            run_interleaved(cases, rounds);
            for (const Case& c : cases) {
                const Summary s = summarise(c.rates);
                fmt::print("  {:5} {} threads {:7} {:6.1f} [{:.1f} {:.1f}] {:6.1f}   {:.2f}\n",
                           traits(dtype).name, n_threads, c.name, s.median, s.low, s.high, s.best,
                           ratio(c, cases.front()).median);
            }
        }
    }
}

// --- picked rows -----------------------------------------------------------------------------

std::vector<uint32_t> pick_rows(size_t n_rows) {
    std::mt19937 random(3);
    std::vector<uint32_t> rows;
    for (uint32_t r = 0; r < n_rows; ++r) {
        if (random() % 10 == 0) rows.push_back(r);
    }
    return rows;
}

// Runs body(begin, end, worker) over the picks, one run of them per thread.
template <typename Body>
double picked_rate(ThreadPool& pool, const MatrixView& w, size_t n_picked, Body&& body) {
    const size_t grain = (n_picked + pool.n_threads() - 1) / pool.n_threads();
    const double time = seconds([&] { pool.parallel_for(n_picked, grain, body); });
    return static_cast<double>(n_picked * w.stride_bytes) / time * 1e-9;
}

void bench_rows(std::string_view isa, std::string_view type, size_t rounds) {
    fmt::print("one row in ten, {} columns, of {} MiB, GB/s: median [quartiles] best, of reading\n",
               kCols, kPickedMatrixBytes >> 20);
    AlignedBuffer<std::byte> data(kPickedMatrixBytes);
    for (const Dtype dtype : kTypes) {
        if (!wanted(type, traits(dtype).name)) continue;
        const size_t stride = row_bytes(dtype, kCols);
        const MatrixView w{dtype, data.data(), kPickedMatrixBytes / stride, kCols, stride};
        fill_weights(dtype, data.data(), w.rows, kCols);
        const std::vector<uint32_t> rows = pick_rows(w.rows);
        const std::vector<float> factor(rows.size(), 0.01f);
        std::vector<float> y(rows.size());
        for (const size_t n_threads : {1u, 2u}) {
            ThreadPool pool(n_threads);
            std::vector<std::unique_ptr<Inputs>> inputs;
            std::vector<std::vector<float>> sums(n_threads, std::vector<float>(kCols));
            std::vector<Case> cases;
            const KernelTable& fastest = *supported_kernels().front();
            cases.push_back({"read", [&] {
                                 return picked_rate(
                                     pool, w, rows.size(), [&](size_t begin, size_t end, size_t) {
                                         for (size_t j = begin; j < end; ++j) {
                                             keep_value(fastest.fold(w.row(rows[j]), stride));
                                         }
                                     });
                             }});
            for (const KernelTable* table : supported_kernels()) {
                if (!wanted(isa, table->name) || (isa == "all" && table->name == "scalar"))
                    continue;
                inputs.push_back(std::make_unique<Inputs>(*table, 1, kCols));
                const ActivationView x = inputs.back()->view();
                cases.push_back({fmt::format("{} matvec_rows", table->name), [&, table, x] {
                                     return picked_rate(pool, w, rows.size(),
                                                        [&](size_t begin, size_t end, size_t) {
                                                            table->matvec_rows(
                                                                w, rows.data() + begin, end - begin,
                                                                x, y.data() + begin);
                                                        });
                                 }});
                cases.push_back({fmt::format("{} accumulate_rows", table->name), [&, table] {
                                     return picked_rate(
                                         pool, w, rows.size(),
                                         [&](size_t begin, size_t end, size_t worker) {
                                             table->accumulate_rows(
                                                 w, rows.data() + begin, factor.data() + begin,
                                                 end - begin, sums[worker].data());
                                         });
                                 }});
            }
            run_interleaved(cases, rounds);
            for (const Case& c : cases) {
                const Summary s = summarise(c.rates);
                fmt::print("  {:5} {} threads {:22} {:6.1f} [{:.1f} {:.1f}] {:6.1f}   {:.2f}\n",
                           traits(dtype).name, n_threads, c.name, s.median, s.low, s.high, s.best,
                           ratio(c, cases.front()).median);
            }
        }
    }
}

// --- GEMM ------------------------------------------------------------------------------------

double matmul_rate(const KernelTable& table, ThreadPool& pool, const MatrixView& w,
                   const ActivationView& x, float* y, AlignedBuffer<std::byte>* scratch) {
    const double time = seconds([&] {
        pool.parallel_for(w.rows, kMatmulRowTile, [&](size_t begin, size_t end, size_t worker) {
            table.matmul(w, begin, end, x, y, w.rows, scratch[worker].data());
        });
    });
    return 2.0 * static_cast<double>(w.rows * w.cols * x.n_tokens) / time * 1e-9;
}

void bench_matmul(std::string_view isa, std::string_view type, size_t rounds) {
    fmt::print("matmul, {} x {}, GOPS: median [quartiles] best\n", kMatmulRows, kMatmulCols);
    for (const Dtype dtype : kTypes) {
        if (!wanted(type, traits(dtype).name)) continue;
        const size_t stride = row_bytes(dtype, kMatmulCols);
        AlignedBuffer<std::byte> data(stride * kMatmulRows);
        const MatrixView w{dtype, data.data(), kMatmulRows, kMatmulCols, stride};
        fill_weights(dtype, data.data(), w.rows, kMatmulCols);
        AlignedBuffer<float> y(kMatmulRows * kTokens);
        for (const KernelTable* table : supported_kernels()) {
            if (!wanted(isa, table->name) || (isa == "all" && table->name == "scalar")) continue;
            const Inputs inputs(*table, kTokens, kMatmulCols);
            for (const size_t n_tokens : {8u, 32u, 512u}) {
                std::vector<Case> cases;
                std::vector<std::unique_ptr<ThreadPool>> pools;
                std::vector<AlignedBuffer<std::byte>> scratch;
                ActivationView x = inputs.view();
                x.n_tokens = n_tokens;
                for (size_t i = 0; i < 2; ++i) {
                    scratch.emplace_back(table->matmul_scratch_bytes(dtype, kMatmulCols));
                    pools.push_back(std::make_unique<ThreadPool>(i + 1));
                    cases.push_back({fmt::format("{} threads", i + 1), [&, i, x] {
                                         return matmul_rate(*table, *pools[i], w, x, y.data(),
                                                            scratch.data());
                                     }});
                }
                run_interleaved(cases, rounds);
                for (const Case& c : cases) {
                    const Summary s = summarise(c.rates);
                    fmt::print("  {:5} {:7} {:3} tokens {} {:7.0f} [{:.0f} {:.0f}] {:7.0f}\n",
                               traits(dtype).name, table->name, n_tokens, c.name, s.median, s.low,
                               s.high, s.best);
                }
            }
        }
    }
}

int run(int argc, char** argv) {
    const std::string_view what = argc > 1 ? argv[1] : "all";
    const std::string_view isa = argc > 2 ? argv[2] : "all";
    const std::string_view type = argc > 3 ? argv[3] : "all";
    const size_t rounds = argc > 4 ? std::strtoul(argv[4], nullptr, 10) : 7;
    fmt::print("{}\n", machine_line());
    if (wanted(what, "matvec")) bench_matvec(isa, type, rounds);
    if (wanted(what, "rows")) bench_rows(isa, type, rounds);
    if (wanted(what, "matmul")) bench_matmul(isa, type, rounds);
    return 0;
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    return hearth::bench::run(argc, argv);
}
