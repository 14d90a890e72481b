#include "planner/device_profile.h"

#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fstream>

#include "engine/base/log.h"
#include "engine/base/printable.h"
#include "engine/base/thread_pool.h"
#include "engine/kernels/kernels.h"
#include "planner/compute_rates.h"
#include "planner/core_classes.h"
#include "planner/storage_rates.h"

namespace hearth {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

// The first of these fields of /proc/cpuinfo: x86 has a model name, ARM boards have others.
std::string processor_name() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        for (const std::string_view field : {"model name", "Hardware", "Model", "CPU part"}) {
            const size_t colon = line.find(':');
            if (!line.starts_with(field) || colon == std::string::npos) continue;
            return printable(line.substr(std::min(line.size(), colon + 2)));
        }
    }
    return "unknown";
}

std::string now_text() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", local.tm_year + 1900, local.tm_mon + 1,
                       local.tm_mday, local.tm_hour, local.tm_min);
}

std::string describe_cores(const DeviceProfile& profile) {
    std::string text;
    for (const CoreClass& one : profile.classes) {
        text += fmt::format("{}{}", text.empty() ? "" : " + ", one.cores.size());
    }
    return fmt::format("{} cores {} · {:.1f} GiB", text, profile.identity.isa,
                       static_cast<double>(profile.identity.memory_bytes) / (1 << 30));
}

std::string describe(const StorageRates& rates) {
    if (!rates.is_measured) return "could not be measured: cautious guesses";
    return fmt::format("sequential {:.1f} GB/s · random 8 KB {:.0f} MB/s at depth 64 · {}",
                       rates.sequential_gbps, rates.reads_per_second(8192, 64) * 8192 * 1e-6,
                       rates.backend == LoaderBackend::pread ? "pread" : "io_uring");
}

std::string describe(const ComputeRates& rates, size_t n_cores) {
    const KernelRate& q4 = rates.kernel(Dtype::q4_0, n_cores);
    return fmt::format("memory {:.0f} GB/s · Q4_0 {:.0f} GB/s, by neurons {:.0f}",
                       rates.read.back(), q4.dense, q4.accumulated);
}

Result<StorageRates> measure_storage_or_guess(const std::string& folder, StepProgress& progress) {
    auto measured = measure_storage(folder, progress);
    if (measured || measured.error().code == ErrorCode::cancelled) return measured;
    log("{}", measured.error().message);
    return StorageRates::cautious();
}

}  // namespace

Result<DeviceIdentity> identify_device(const std::string& folder) {
    struct stat status {};
    struct statfs system {};
    if (::stat(folder.c_str(), &status) != 0 || ::statfs(folder.c_str(), &system) != 0) {
        return make_error(ErrorCode::machine, "{}: the folder of packs and plans, {}",
                          printable_path(folder), std::strerror(errno));
    }
    DeviceIdentity identity;
    identity.processor = processor_name();
    identity.isa = supported_kernels().front()->name;
    identity.n_cores = usable_cores();
    identity.memory_bytes = static_cast<uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                            static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
    identity.file_system = fmt::format("{:x} {}:{}", static_cast<uint64_t>(system.f_type),
                                       major(status.st_dev), minor(status.st_dev));
    return identity;
}

Result<DeviceProfile> measure_device(const std::string& folder, uint64_t memory_bytes,
                                     const PlanProgressSink& sink) {
    DeviceProfile profile;
    profile.measured_at = now_text();

    auto begin = Clock::now();
    StepProgress hardware(PlanStep::hardware, sink);
    HEARTH_TRY_VOID(hardware.report(0.0));
    HEARTH_TRY(profile.identity, identify_device(folder));
    profile.classes = classify_cores(measure_cores());
    HEARTH_TRY_VOID(hardware.done(seconds_since(begin), describe_cores(profile)));

    begin = Clock::now();
    StepProgress storage(PlanStep::storage, sink);
    HEARTH_TRY_VOID(storage.report(0.0));
    HEARTH_TRY(profile.storage, measure_storage_or_guess(folder, storage));
    HEARTH_TRY_VOID(storage.done(seconds_since(begin), describe(profile.storage)));

    begin = Clock::now();
    StepProgress compute(PlanStep::compute, sink);
    HEARTH_TRY_VOID(compute.report(0.0));
    const size_t n_cores = profile.identity.n_cores;
    HEARTH_TRY(profile.compute, measure_compute(profile.classes, memory_bytes / 4, compute));
    HEARTH_TRY_VOID(compute.done(seconds_since(begin), describe(profile.compute, n_cores)));
    return profile;
}

}  // namespace hearth
