// DeviceProfile as JSON, and back with every number checked.
#include <algorithm>
#include <array>
#include <bit>

#include "planner/device_identity_json.h"
#include "planner/device_profile.h"
#include "planner/json_object.h"

namespace hearth {
namespace {

// What no machine exceeds: profiles beyond it are damaged.
constexpr size_t kMaxCores = 4096;
constexpr double kMaxGbps = 1e5;
constexpr double kMaxReads = 1e9;
constexpr double kMaxUs = 1e8;
constexpr double kMaxFactor = 1e4;
constexpr double kTiny = 1e-9;

constexpr std::array<std::string_view, 2> kBackends{"io_uring", "pread"};

Json compute_json(const ComputeRates& compute) {
    Json kernels = Json::array();
    for (const KernelRate& rate : compute.kernels) {
        kernels.push_back({{"type", traits(rate.dtype).name},
                           {"threads", rate.n_threads},
                           {"dense_gbps", rate.dense},
                           {"picked_gbps", rate.picked},
                           {"accumulated_gbps", rate.accumulated}});
    }
    return {{"read_gbps", compute.read}, {"loop_us", compute.loop_us}, {"kernels", kernels}};
}

Json storage_json(const StorageRates& storage) {
    Json points = Json::array();
    for (const ReadPoint& point : storage.points) {
        points.push_back({{"bytes", point.bytes},
                          {"depth", point.depth},
                          {"reads_per_second", point.reads_per_second},
                          {"cpu_us", point.cpu_us}});
    }
    return {{"measured", storage.is_measured},
            {"direct", storage.is_direct},
            {"alignment", storage.alignment},
            {"backend", storage.backend == LoaderBackend::pread ? "pread" : "io_uring"},
            {"pread_threads", storage.n_pread_threads},
            {"other_backend_factor", storage.other_backend_factor},
            {"small_range_factor", storage.small_range_factor},
            {"page_aligned_factor", storage.page_aligned_factor},
            {"sequential_gbps", storage.sequential_gbps},
            {"points", points}};
}

Result<void> read_class(const Json& value, std::string place, std::vector<CoreClass>& out) {
    JsonObject json("", value, std::move(place));
    CoreClass one;
    json.take("capacity", one.capacity, 1u, 1u << 20);
    json.take("speed", one.speed, kTiny, 1.0);
    json.take_each(
        "cores", kMaxCores, [&](const Json& core, const std::string& at) -> Result<void> {
            if (!core.is_number_unsigned() || core.get<uint64_t>() >= (1u << 20)) {
                return make_error(ErrorCode::bad_file, "{} is not the number of a core", at);
            }
            one.cores.push_back(core.get<uint32_t>());
            return {};
        });
    if (one.cores.empty()) json.fail("cores", "one core at least");
    HEARTH_TRY_VOID(json.finish());
    out.push_back(std::move(one));
    return {};
}

Result<void> read_kernel(const Json& value, std::string place, std::vector<KernelRate>& out) {
    JsonObject json("", value, std::move(place));
    KernelRate rate;
    std::string type;
    json.take("type", type);
    const auto dtype = dtype_from_name(type);
    if (!dtype) json.fail("type", "a type of weights");
    rate.dtype = dtype.value_or(Dtype::f32);
    json.take("threads", rate.n_threads, size_t{1}, kMaxCores);
    json.take("dense_gbps", rate.dense, kTiny, kMaxGbps);
    json.take("picked_gbps", rate.picked, kTiny, kMaxGbps);
    json.take("accumulated_gbps", rate.accumulated, kTiny, kMaxGbps);
    HEARTH_TRY_VOID(json.finish());
    out.push_back(rate);
    return {};
}

Result<void> read_compute(const Json& value, std::string place, ComputeRates& out) {
    JsonObject json("", value, std::move(place));
    json.take("loop_us", out.loop_us, 0.0, kMaxUs);
    json.take_each("read_gbps", kMaxCores, [&](const Json& rate, const std::string& at) {
        Result<void> done;
        const double gbps = rate.is_number() ? rate.get<double>() : 0.0;
        if (!(gbps >= kTiny && gbps <= kMaxGbps)) {
            done = make_error(ErrorCode::bad_file, "{} is not a rate in GB/s", at);
        }
        out.read.push_back(gbps);
        return done;
    });
    json.take_each("kernels", kMaxCores, [&](const Json& rate, std::string at) {
        return read_kernel(rate, std::move(at), out.kernels);
    });
    if (out.read.empty()) json.fail("read_gbps", "one rate at least");
    if (out.kernels.empty()) json.fail("kernels", "one rate at least");
    return json.finish();
}

Result<void> read_point(const Json& value, std::string place, std::vector<ReadPoint>& out) {
    JsonObject json("", value, std::move(place));
    ReadPoint point;
    json.take("bytes", point.bytes, size_t{512}, NeuronLoader::kMaxReadBytes);
    json.take("depth", point.depth, size_t{1}, NeuronLoader::kMaxQueueDepth);
    json.take("reads_per_second", point.reads_per_second, kTiny, kMaxReads);
    json.take("cpu_us", point.cpu_us, 0.0, kMaxUs);
    const auto key = [](const ReadPoint& p) { return std::pair(p.bytes, p.depth); };
    if (!out.empty() && key(out.back()) >= key(point)) json.fail("bytes", "points in order");
    HEARTH_TRY_VOID(json.finish());
    out.push_back(point);
    return {};
}

Result<void> read_storage(const Json& value, std::string place, StorageRates& out) {
    JsonObject json("", value, std::move(place));
    json.take("measured", out.is_measured);
    json.take("direct", out.is_direct);
    json.take("alignment", out.alignment, size_t{1}, size_t{1} << 20);
    if (!std::has_single_bit(out.alignment)) json.fail("alignment", "a power of two");
    size_t backend = 0;
    json.take_name("backend", backend, {kBackends.begin(), kBackends.end()});
    out.backend = backend == 0 ? LoaderBackend::io_uring : LoaderBackend::pread;
    json.take("pread_threads", out.n_pread_threads, size_t{0}, size_t{256});
    json.take("other_backend_factor", out.other_backend_factor, 0.0, kMaxFactor);
    json.take("small_range_factor", out.small_range_factor, kTiny, kMaxFactor);
    json.take("page_aligned_factor", out.page_aligned_factor, kTiny, kMaxFactor);
    json.take("sequential_gbps", out.sequential_gbps, 0.0, kMaxGbps);
    json.take_each("points", 1024, [&](const Json& point, std::string at) {
        return read_point(point, std::move(at), out.points);
    });
    if (out.points.empty()) json.fail("points", "one point at least");
    return json.finish();
}

}  // namespace

Json to_json_value(const DeviceIdentity& identity) {
    return {{"processor", identity.processor},
            {"isa", identity.isa},
            {"cores", identity.n_cores},
            {"memory_bytes", identity.memory_bytes},
            {"file_system", identity.file_system}};
}

Result<DeviceIdentity> parse_device_identity(const Json& value, std::string place) {
    JsonObject json("", value, std::move(place));
    DeviceIdentity identity;
    json.take("processor", identity.processor);
    json.take("isa", identity.isa);
    json.take("cores", identity.n_cores, size_t{1}, kMaxCores);
    json.take("memory_bytes", identity.memory_bytes, uint64_t{1}, uint64_t{1} << 60);
    json.take("file_system", identity.file_system);
    HEARTH_TRY_VOID(json.finish());
    return identity;
}

std::string to_json(const DeviceProfile& profile) {
    Json classes = Json::array();
    for (const CoreClass& one : profile.classes) {
        classes.push_back({{"cores", one.cores}, {"capacity", one.capacity}, {"speed", one.speed}});
    }
    const Json json = {
        {"version", DeviceProfile::kVersion},          {"measured_at", profile.measured_at},
        {"identity", to_json_value(profile.identity)}, {"core_classes", classes},
        {"compute", compute_json(profile.compute)},    {"storage", storage_json(profile.storage)}};
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<DeviceProfile> parse_device_profile(const std::string& text, const std::string& name) {
    HEARTH_TRY(const Json value, parse_json(text, name));
    JsonObject json(name, value);
    DeviceProfile profile;
    uint32_t version = 0;
    json.take("version", version, DeviceProfile::kVersion, DeviceProfile::kVersion);
    json.take("measured_at", profile.measured_at);
    json.take_object("identity", [&](const Json& one, std::string place) -> Result<void> {
        HEARTH_TRY(profile.identity, parse_device_identity(one, std::move(place)));
        return {};
    });
    json.take_each("core_classes", kMaxCores, [&](const Json& one, std::string place) {
        return read_class(one, std::move(place), profile.classes);
    });
    json.take_object("compute", [&](const Json& one, std::string place) {
        return read_compute(one, std::move(place), profile.compute);
    });
    json.take_object("storage", [&](const Json& one, std::string place) {
        return read_storage(one, std::move(place), profile.storage);
    });
    if (profile.classes.empty()) json.fail("core_classes", "one class at least");
    HEARTH_TRY_VOID(json.finish());
    return profile;
}

}  // namespace hearth
