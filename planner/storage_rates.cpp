#include "planner/storage_rates.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "engine/base/aligned_buffer.h"
#include "engine/base/cpu_time.h"

namespace hearth {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uint64_t kScratchBytes = uint64_t{256} << 20;
constexpr std::array<size_t, 7> kSizes{4096, 8192, 16384, 32768, 65536, 262144, 1048576};
constexpr std::array<size_t, 5> kDepths{1, 4, 16, 64, 256};
constexpr size_t kMostInFlight = size_t{16} << 20;  // a slow device drains this in some 100 ms
constexpr size_t kTypicalBytes = 8192;              // a bundle or two
constexpr size_t kTypicalDepth = 64;
constexpr size_t kPasses = 3;
constexpr auto kPoint = std::chrono::milliseconds(15);
constexpr auto kSlowPoint = std::chrono::milliseconds(100);  // until kEnoughReads have been done
constexpr uint64_t kEnoughReads = 24;
// A limit that lets bursts pass (a quota, a device that throttles itself) shows after so long; what
// then is left of a point's rate counts where it is clearly less.
constexpr auto kSustained = std::chrono::milliseconds(250);
constexpr double kHolds = 0.85;
constexpr double kRingPreferred = 0.75;  // pread must beat the ring by more than noise

struct ReadPattern {
    size_t bytes = 0;
    size_t depth = 1;
    uint64_t range = 0;    // of the file, from its beginning
    size_t alignment = 0;  // of offsets
    bool is_sequential = false;
};

struct Measured {
    double reads_per_second = 0.0;
    double cpu_us = 0.0;
};

// Keeps `depth` reads in flight for a while.
class Reading {
  public:
    Reading(NeuronLoader& loader, const ReadPattern& pattern, std::span<std::byte> memory)
        : loader_(loader), pattern_(pattern), memory_(memory) {}

    Result<Measured> run(std::chrono::milliseconds least) {
        const auto begin = Clock::now();
        const double cpu_begin = process_cpu_seconds();
        std::vector<ReadRequest> requests;
        for (uint64_t slot = 0; slot < pattern_.depth; ++slot) requests.push_back(request(slot));
        HEARTH_TRY_VOID(loader_.submit(requests));
        std::vector<Completion> done;
        uint64_t n_read = 0;
        Clock::duration elapsed{};
        while (elapsed < least || (n_read < kEnoughReads && elapsed < kSlowPoint)) {
            done.clear();
            requests.clear();
            HEARTH_TRY_VOID(loader_.reap(done, Wait::at_least_one));
            for (const Completion& completion : done) {
                if (completion.error) return tl::unexpected(*completion.error);
                ++n_read;
                requests.push_back(request(completion.tag));
            }
            HEARTH_TRY_VOID(loader_.submit(requests));
            elapsed = Clock::now() - begin;
        }
        const double cpu = process_cpu_seconds() - cpu_begin;
        HEARTH_TRY_VOID(loader_.cancel_all(done));
        const auto n = static_cast<double>(std::max<uint64_t>(1, n_read));
        return Measured{n / std::chrono::duration<double>(elapsed).count(), cpu / n * 1e6};
    }

  private:
    ReadRequest request(uint64_t slot) {
        const uint64_t span = pattern_.range - pattern_.bytes;
        const uint64_t n_places = span / pattern_.alignment + 1;
        uint64_t place = next_ * (pattern_.bytes / pattern_.alignment);
        if (!pattern_.is_sequential) {
            place = random_ >> 20;
            random_ = random_ * 6364136223846793005u + 1442695040888963407u;
        }
        ++next_;
        return {place % n_places * pattern_.alignment, pattern_.bytes,
                memory_.data() + slot * pattern_.bytes, slot};
    }

    NeuronLoader& loader_;
    const ReadPattern pattern_;
    std::span<std::byte> memory_;
    uint64_t next_ = 0;
    uint64_t random_ = 0x9E3779B97F4A7C15u;
};

// All measurements of one backend go through here.
class Storage {
  public:
    explicit Storage(const ScratchFile& file) : file_(file), memory_(kMostInFlight) {}

    Result<std::unique_ptr<NeuronLoader>> open(LoaderBackend backend, size_t depth,
                                               size_t n_threads = 4) const {
        return NeuronLoader::open(file_.path(), {.queue_depth = depth,
                                                 .backend = backend,
                                                 .n_pread_threads = n_threads,
                                                 .max_joined_bytes = kSizes.front()});
    }

    Result<Measured> measure(LoaderBackend backend, ReadPattern pattern, size_t n_threads = 4,
                             std::chrono::milliseconds least = kPoint) {
        HEARTH_TRY(const auto loader, open(backend, pattern.depth, n_threads));
        if (pattern.range == 0) pattern.range = file_.bytes();
        if (pattern.alignment == 0) pattern.alignment = std::max(loader->alignment(), kPage);
        return Reading(*loader, pattern, memory_.span()).run(least);
    }

  private:
    const ScratchFile& file_;
    AlignedBuffer<std::byte> memory_;
};

// The ring, or threads with pread where those are clearly faster (or the ring is refused).
Result<void> choose_backend(Storage& storage, StorageRates& rates) {
    const ReadPattern typical{kTypicalBytes, kTypicalDepth};
    double best_pread = 0.0;
    for (const size_t n_threads : {size_t{4}, size_t{8}}) {
        HEARTH_TRY(const Measured pread, storage.measure(LoaderBackend::pread, typical, n_threads));
        if (pread.reads_per_second <= best_pread * 1.1) continue;
        best_pread = pread.reads_per_second;
        rates.n_pread_threads = n_threads;
    }
    const auto ring = storage.measure(LoaderBackend::io_uring, typical);
    const double ring_rate = ring ? ring->reads_per_second : 0.0;
    const bool takes_ring = ring_rate > 0.0 && ring_rate >= kRingPreferred * best_pread;
    rates.backend = takes_ring ? LoaderBackend::io_uring : LoaderBackend::pread;
    rates.other_backend_factor = takes_ring ? best_pread / ring_rate : ring_rate / best_pread;
    return {};
}

// What else matters: range, alignment, order.
Result<void> measure_factors(Storage& storage, uint64_t file_bytes, StorageRates& rates) {
    const ReadPattern typical{kTypicalBytes, kTypicalDepth};
    const auto rate_of = [&](const ReadPattern& pattern) -> Result<double> {
        HEARTH_TRY(const Measured m,
                   storage.measure(rates.backend, pattern, rates.n_pread_threads));
        return m.reads_per_second;
    };
    HEARTH_TRY(const double whole, rate_of(typical));
    ReadPattern narrow = typical;
    narrow.range = file_bytes / 16;
    HEARTH_TRY(const double narrow_rate, rate_of(narrow));
    rates.small_range_factor = narrow_rate / whole;
    if (rates.alignment < kPage) {
        ReadPattern unaligned = typical;
        unaligned.alignment = rates.alignment;
        HEARTH_TRY(const double unaligned_rate, rate_of(unaligned));
        rates.page_aligned_factor = whole / unaligned_rate;
    }
    const ReadPattern sequential{kSizes.back(), 2, 0, 0, true};
    HEARTH_TRY(const double blocks, rate_of(sequential));
    rates.sequential_gbps = blocks * static_cast<double>(sequential.bytes) * 1e-9;
    return {};
}

double median(std::vector<double> samples) {
    std::sort(samples.begin(), samples.end());
    return samples[samples.size() / 2];
}

// All sizes at all depths, and all of that again: who shares the disk comes and goes within
// seconds.
Result<std::vector<ReadPoint>> measure_points(Storage& storage, const StorageRates& rates,
                                              StepProgress& progress) {
    struct Samples {
        ReadPoint point;
        std::vector<double> rates;
        std::vector<double> cpu_us;
    };
    std::vector<Samples> all;
    for (const size_t bytes : kSizes) {
        for (const size_t depth : kDepths) {
            if (depth == 1 || bytes * depth <= kMostInFlight)
                all.push_back({{bytes, depth}, {}, {}});
        }
    }
    const auto n = static_cast<double>(kPasses * all.size());
    double done = 0.0;
    for (size_t pass = 0; pass < kPasses; ++pass) {
        for (Samples& one : all) {
            HEARTH_TRY(const Measured m,
                       storage.measure(rates.backend, {one.point.bytes, one.point.depth},
                                       rates.n_pread_threads));
            one.rates.push_back(m.reads_per_second);
            one.cpu_us.push_back(m.cpu_us);
            HEARTH_TRY_VOID(progress.report(0.4 + 0.6 * ++done / n));
        }
    }
    std::vector<ReadPoint> points;
    for (Samples& one : all) {
        one.point.reads_per_second = median(std::move(one.rates));
        one.point.cpu_us = median(std::move(one.cpu_us));
        points.push_back(one.point);
    }
    return points;
}

// Linear in the logarithms of both.
double interpolate(double x, double x0, double y0, double x1, double y1) {
    if (x1 <= x0 || y0 <= 0.0 || y1 <= 0.0) return y0;
    const double share = std::clamp(std::log(x / x0) / std::log(x1 / x0), 0.0, 1.0);
    return std::exp(std::log(y0) + share * (std::log(y1) - std::log(y0)));
}

// What lasts of a point's rate, at most all of it.
Result<double> share_that_lasts(Storage& storage, const StorageRates& rates,
                                const ReadPoint& point) {
    HEARTH_TRY(const Measured lasting, storage.measure(rates.backend, {point.bytes, point.depth},
                                                       rates.n_pread_threads, kSustained));
    const double share = lasting.reads_per_second / point.reads_per_second;
    return share < kHolds ? share : 1.0;
}

// Scales the points to what lasts: of small reads, which a limit in reads per second is about, and
// of large ones, which one in bytes is about; between them by size.
Result<void> keep_what_lasts(Storage& storage, const StorageRates& rates,
                             std::vector<ReadPoint>& points) {
    const auto fastest = [measured = points](size_t bytes) {
        const auto rate = [bytes](const ReadPoint& point) {
            return point.bytes == bytes ? point.reads_per_second : 0.0;
        };
        return *std::max_element(
            measured.begin(), measured.end(),
            [&](const ReadPoint& a, const ReadPoint& b) { return rate(a) < rate(b); });
    };
    const ReadPoint small = fastest(kSizes.front());
    const ReadPoint large = fastest(kSizes.back());
    HEARTH_TRY(const double of_small, share_that_lasts(storage, rates, small));
    HEARTH_TRY(const double of_large, share_that_lasts(storage, rates, large));
    for (ReadPoint& point : points) {
        // No slower than the limit itself: few reads in flight may never meet it.
        const double share =
            interpolate(static_cast<double>(point.bytes), static_cast<double>(small.bytes),
                        of_small, static_cast<double>(large.bytes), of_large);
        const double limit = share * fastest(point.bytes).reads_per_second;
        point.reads_per_second = std::min(point.reads_per_second, limit);
    }
    return {};
}

using Value = double ReadPoint::*;

// The value at a depth among the points of one size, [begin, end).
double at_depth(std::span<const ReadPoint> row, double depth, Value value) {
    size_t i = 0;
    while (i + 1 < row.size() && static_cast<double>(row[i + 1].depth) < depth) ++i;
    if (i + 1 == row.size()) return row[i].*value;
    return interpolate(depth, static_cast<double>(row[i].depth), row[i].*value,
                       static_cast<double>(row[i + 1].depth), row[i + 1].*value);
}

double at(const std::vector<ReadPoint>& points, double bytes, double depth, Value value) {
    const auto row_of = [&](size_t begin) {
        size_t end = begin;
        while (end < points.size() && points[end].bytes == points[begin].bytes) ++end;
        return std::span(points).subspan(begin, end - begin);
    };
    auto below = row_of(0);
    while (true) {
        const auto next = static_cast<size_t>(below.data() - points.data()) + below.size();
        const double below_value = at_depth(below, depth, value);
        const auto below_bytes = static_cast<double>(below.front().bytes);
        if (bytes <= below_bytes) return below_value;
        if (next == points.size()) {
            return value == &ReadPoint::reads_per_second ? below_value * below_bytes / bytes
                                                         : below_value;
        }
        const auto above = row_of(next);
        if (bytes <= static_cast<double>(above.front().bytes)) {
            return interpolate(bytes, below_bytes, below_value,
                               static_cast<double>(above.front().bytes),
                               at_depth(above, depth, value));
        }
        below = above;
    }
}

}  // namespace

double StorageRates::reads_per_second(double bytes, double depth) const {
    return at(points, bytes, depth, &ReadPoint::reads_per_second);
}

double StorageRates::cpu_us(double bytes, double depth) const {
    return at(points, bytes, depth, &ReadPoint::cpu_us);
}

StorageRates StorageRates::cautious() {
    // A slow phone or a worn card; better is measured.
    StorageRates rates;
    rates.backend = LoaderBackend::automatic;
    rates.alignment = kPage;
    rates.points = {{4096, 1, 4000, 5.0}, {4096, 32, 20000, 5.0}, {1048576, 1, 250, 50.0}};
    rates.sequential_gbps = 0.25;
    return rates;
}

size_t choose_gap(const StorageRates& storage, uint64_t record_bytes, size_t depth) {
    const auto record = static_cast<double>(record_bytes);
    const auto d = static_cast<double>(depth);
    const double two_reads = 2.0 / storage.reads_per_second(record, d);
    const auto is_worth_it = [&](size_t pages) {
        const double bytes = 2.0 * record + static_cast<double>(pages * kPage);
        return 1.0 / storage.reads_per_second(bytes, d) <= two_reads;
    };
    size_t most = 0;  // pages; longer reads take longer
    for (size_t step = NeuronLoader::kMaxGapBytes / kPage; step > 0; step /= 2) {
        if (most + step <= NeuronLoader::kMaxGapBytes / kPage && is_worth_it(most + step)) {
            most += step;
        }
    }
    return most * kPage;
}

Result<StorageRates> measure_storage(const std::string& folder, StepProgress& progress) {
    HEARTH_TRY(const ScratchFile file, ScratchFile::create(folder, kScratchBytes));
    HEARTH_TRY_VOID(progress.report(0.3));
    Storage storage(file);
    StorageRates rates;
    rates.is_measured = true;
    HEARTH_TRY(const auto probe, storage.open(LoaderBackend::automatic, 1));
    rates.is_direct = probe->is_direct();
    rates.alignment = probe->alignment();
    HEARTH_TRY_VOID(choose_backend(storage, rates));
    HEARTH_TRY_VOID(measure_factors(storage, file.bytes(), rates));
    HEARTH_TRY(rates.points, measure_points(storage, rates, progress));
    HEARTH_TRY_VOID(keep_what_lasts(storage, rates, rates.points));
    return rates;
}

}  // namespace hearth
