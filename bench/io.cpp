// The loader's ring alone: random reads by size, depth and range.
//
//   bench_io [--file FILE] [--bytes N] [--seconds S] [--backend automatic|pread]
//
// Reads records at random from a file of --bytes (written first, and removed, unless --file names
// one that exists) past the page cache, with and without telling the loader of the buffers. Rows
// are measured for --seconds each, in turn. "CPU" is the processor time of the whole process per
// read: what streaming takes away from computing.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>
#include <random>

#include "bench/bench.h"
#include "engine/base/aligned_buffer.h"
#include "engine/base/cpu_time.h"
#include "engine/base/file.h"
#include "engine/neuron/neuron_loader.h"

namespace hearth::bench {
namespace {

struct Options {
    std::string file;
    uint64_t bytes = uint64_t{1} << 30;
    double seconds = 0.4;
    LoaderBackend backend = LoaderBackend::automatic;
};

struct Row {
    size_t bytes;  // of one read
    size_t depth;
    double range;  // share of the file that is read in
    bool is_told;
};

// A file of random bytes that is removed in the end.
class ScratchFile {
  public:
    ScratchFile(std::string path, uint64_t bytes) : path_(std::move(path)) {
        std::mt19937_64 random(1);
        std::vector<uint64_t> block(size_t{1} << 17);
        for (uint64_t& word : block) word = random();
        std::ofstream file(path_, std::ios::binary);
        for (uint64_t done = 0; done < bytes; done += block.size() * sizeof(uint64_t)) {
            file.write(reinterpret_cast<const char*>(block.data()),
                       static_cast<std::streamsize>(block.size() * sizeof(uint64_t)));
        }
        file.close();
        // Or else the first rows would be measured beside the writing.
        const Fd written(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
        HEARTH_CHECK(written && ::fsync(written.get()) == 0);
    }
    ~ScratchFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;

  private:
    std::string path_;
};

// The upper end of the bucket that the share of all reads lies below.
uint64_t latency_us(const LoaderStats& stats, double share) {
    uint64_t n = 0;
    for (size_t i = 0; i < stats.latency_us_log2.size(); ++i) {
        n += stats.latency_us_log2[i];
        if (static_cast<double>(n) >= share * static_cast<double>(stats.reads)) {
            return uint64_t{2} << i;
        }
    }
    return 0;
}

Result<void> measure(const Options& options, const std::string& path, const Row& row) {
    HEARTH_TRY(const auto loader,
               NeuronLoader::open(path, {.queue_depth = row.depth, .backend = options.backend}));
    AlignedBuffer<std::byte> memory(std::max(row.depth * row.bytes, kHugePage));
    const std::array region{memory.span()};
    const bool is_registered = row.is_told && loader->use_buffers(region);
    const auto range =
        static_cast<uint64_t>(static_cast<double>(loader->file_size()) * row.range) / row.bytes;
    std::mt19937_64 random(2);
    const auto request = [&](uint64_t slot) {
        return ReadRequest{random() % range * row.bytes, row.bytes,
                           memory.data() + slot * row.bytes, slot};
    };
    std::vector<ReadRequest> requests;
    for (uint64_t slot = 0; slot < row.depth; ++slot) requests.push_back(request(slot));
    HEARTH_TRY_VOID(loader->submit(requests));
    std::vector<Completion> done;
    const double cpu_before = process_cpu_seconds();
    const auto begin = std::chrono::steady_clock::now();
    std::chrono::duration<double> elapsed{};
    while (elapsed.count() < options.seconds) {
        done.clear();
        requests.clear();
        HEARTH_TRY_VOID(loader->reap(done, Wait::at_least_one));
        for (const Completion& completion : done) {
            if (completion.error) return tl::unexpected(*completion.error);
            requests.push_back(request(completion.tag));
        }
        HEARTH_TRY_VOID(loader->submit(requests));
        elapsed = std::chrono::steady_clock::now() - begin;
    }
    HEARTH_TRY_VOID(loader->cancel_all(done));
    const LoaderStats& stats = loader->stats();
    const auto reads = static_cast<double>(stats.reads);
    fmt::print("{:>8} {:>6} {:>5.0f}% {:>8} {:>6} {:9.0f} {:8.0f} {:9.2f} {:8} {:8}\n", row.bytes,
               row.depth, row.range * 100, loader->backend_name(), is_registered ? "yes" : "no",
               reads / elapsed.count(), static_cast<double>(stats.bytes) / elapsed.count() / 1e6,
               (process_cpu_seconds() - cpu_before) / reads * 1e6, latency_us(stats, 0.5),
               latency_us(stats, 0.99));
    return {};
}

std::vector<Row> rows() {
    std::vector<Row> all;
    for (const size_t bytes : std::initializer_list<size_t>{2560, 4096, 7168, 8192, 16384, 65536}) {
        for (const size_t depth : std::initializer_list<size_t>{16, 64})
            all.push_back({bytes, depth, 1.0, true});
    }
    for (const size_t depth : std::initializer_list<size_t>{1, 4, 256})
        all.push_back({7168, depth, 1.0, true});
    all.push_back({7168, 64, 0.1, true});
    all.push_back({7168, 64, 1.0, false});
    all.push_back({65536, 64, 1.0, false});
    return all;
}

Result<void> run(const Options& options) {
    std::unique_ptr<ScratchFile> scratch;
    std::string path = options.file;
    if (path.empty()) path = "bench_io.tmp";
    if (!std::filesystem::exists(path)) {
        scratch = std::make_unique<ScratchFile>(path, options.bytes);
    }
    HEARTH_TRY(const auto probe, NeuronLoader::open(path, {.backend = options.backend}));
    fmt::print("{} of {} MB, {} reads, alignment {}; {}\n", path, probe->file_size() / 1'000'000,
               probe->is_direct() ? "direct" : "buffered", probe->alignment(), machine_line());
    fmt::print("{:>8} {:>6} {:>6} {:>8} {:>6} {:>9} {:>8} {:>9} {:>8} {:>8}\n", "bytes", "depth",
               "range", "by", "fixed", "reads/s", "MB/s", "CPU us", "p50 us", "p99 us");
    for (const Row& row : rows()) HEARTH_TRY_VOID(measure(options, path, row));
    return {};
}

int main_of(int argc, char** argv) {
    Options options;
    CLI::App app("Random reads through the loader, by size, depth and range.");
    app.add_option("--file", options.file, "read this file; written and removed when absent");
    app.add_option("--bytes", options.bytes, "size of a file that is written")
        ->check(CLI::Range(uint64_t{1} << 20, uint64_t{1} << 40));
    app.add_option("--seconds", options.seconds, "for each row")->check(CLI::Range(0.01, 60.0));
    app.add_option("--backend", options.backend)
        ->transform(CLI::CheckedTransformer(std::map<std::string, LoaderBackend>{
            {"automatic", LoaderBackend::automatic}, {"pread", LoaderBackend::pread}}));
    CLI11_PARSE(app, argc, argv);
    const auto done = run(options);
    if (done) return 0;
    fmt::print(stderr, "bench_io: {}\n", done.error().message);
    return static_cast<int>(done.error().code);
}

}  // namespace
}  // namespace hearth::bench

int main(int argc, char** argv) {
    return hearth::bench::main_of(argc, argv);
}
