#include "planner/plan_file.h"

#include <array>
#include <bit>

#include "planner/device_identity_json.h"
#include "planner/json_object.h"
#include "planner/plan_setting_json.h"

namespace hearth {
namespace {

constexpr uint64_t kMaxBytes = uint64_t{1} << 50;
constexpr size_t kMaxSections = size_t{1} << 20;
constexpr size_t kMaxThreads = 256;
constexpr size_t kMaxCores = 4096;
constexpr size_t kMaxContext = size_t{1} << 30;
constexpr double kMaxSeconds = 1e6;
constexpr double kMaxCount = 1e15;

constexpr std::array kModes{SparsityMode::dense, SparsityMode::exact, SparsityMode::predicted};
constexpr std::array<std::string_view, 3> kBackends{"automatic", "io_uring", "pread"};

Json inputs_json(const PlanInputs& inputs) {
    return {{"budget_bytes", inputs.budget_bytes},
            {"context", inputs.n_ctx},
            {"sparsity", inputs.sparsity ? Json(to_string(*inputs.sparsity)) : Json("auto")},
            {"threads", inputs.n_threads.value_or(0)},
            {"min_speed", inputs.min_speed}};
}

Result<void> read_inputs(const Json& value, std::string place, PlanInputs& out) {
    JsonObject json("", value, std::move(place));
    json.take("budget_bytes", out.budget_bytes, uint64_t{0}, kMaxBytes);
    json.take("context", out.n_ctx, size_t{0}, kMaxContext);
    size_t mode = 0;
    json.take_name("sparsity", mode, {"auto", "dense", "exact", "predicted"});
    if (mode > 0) out.sparsity = kModes[mode - 1];
    size_t n_threads = 0;
    json.take("threads", n_threads, size_t{0}, kMaxThreads);
    if (n_threads > 0) out.n_threads = n_threads;
    json.take("min_speed", out.min_speed, 0.0, kMaxCount);
    return json.finish();
}

Json io_json(const LoaderOptions& io) {
    return {{"queue_depth", io.queue_depth},
            {"alignment", io.alignment},
            {"backend", kBackends[static_cast<size_t>(io.backend)]},
            {"pread_threads", io.n_pread_threads},
            {"gap_bytes", io.gap_bytes},
            {"max_joined_bytes", io.max_joined_bytes}};
}

Result<void> read_io(const Json& value, std::string place, LoaderOptions& out) {
    JsonObject json("", value, std::move(place));
    json.take("queue_depth", out.queue_depth, size_t{1}, NeuronLoader::kMaxQueueDepth);
    json.take("alignment", out.alignment, size_t{0}, size_t{1} << 20);
    if (out.alignment != 0 && !std::has_single_bit(out.alignment)) {
        json.fail("alignment", "0 or a power of two");
    }
    size_t backend = 0;
    json.take_name("backend", backend, {kBackends.begin(), kBackends.end()});
    out.backend = static_cast<LoaderBackend>(backend);
    json.take("pread_threads", out.n_pread_threads, size_t{0}, kMaxThreads);
    json.take("gap_bytes", out.gap_bytes, size_t{0}, NeuronLoader::kMaxGapBytes);
    json.take("max_joined_bytes", out.max_joined_bytes, size_t{512}, NeuronLoader::kMaxReadBytes);
    return json.finish();
}

Json plan_json(const Plan& plan) {
    return {{"name", plan.name},
            {"resident_ffn_bytes", plan.resident_ffn_bytes},
            {"stream_chunk_bytes", plan.stream.chunk_bytes},
            {"stream_buffers", plan.stream.n_buffers},
            {"cores", plan.cores},
            {"predictors", plan.predictor_path},
            {"pack", plan.pack_path},
            {"streamed_gate_bytes", plan.streamed_gate_bytes},
            {"cache_bytes", plan.cache_bytes},
            {"lent_bytes", plan.lent_bytes},
            {"fills_cache_at_start", plan.fills_cache_at_start},
            {"looks_ahead", plan.looks_ahead},
            {"hot_records", plan.hot_records},
            {"io", io_json(plan.io)}};
}

Result<void> read_count(const Json& value, const std::string& at, uint64_t most,
                        std::vector<uint32_t>& out) {
    if (!value.is_number_unsigned() || value.get<uint64_t>() > most) {
        return make_error(ErrorCode::bad_file, "{} is not a count", at);
    }
    out.push_back(value.get<uint32_t>());
    return {};
}

// The rest of the plan is said by the inputs and the setting.
Result<void> read_plan(const Json& value, std::string place, Plan& out) {
    JsonObject json("", value, std::move(place));
    json.take("name", out.name, 64);
    json.take("resident_ffn_bytes", out.resident_ffn_bytes, uint64_t{0}, kMaxBytes);
    json.take("stream_chunk_bytes", out.stream.chunk_bytes, size_t{512},
              NeuronLoader::kMaxReadBytes);
    json.take("stream_buffers", out.stream.n_buffers, size_t{2}, size_t{256});
    json.take_each("cores", kMaxCores, [&](const Json& core, const std::string& at) {
        return read_count(core, at, kMaxCores, out.cores);
    });
    json.take("predictors", out.predictor_path);
    json.take("pack", out.pack_path);
    json.take("streamed_gate_bytes", out.streamed_gate_bytes, uint64_t{0}, kMaxBytes);
    json.take("cache_bytes", out.cache_bytes, uint64_t{0}, kMaxBytes);
    json.take("lent_bytes", out.lent_bytes, uint64_t{0}, kMaxBytes);
    json.take("fills_cache_at_start", out.fills_cache_at_start);
    json.take("looks_ahead", out.looks_ahead);
    json.take_each("hot_records", kMaxSections, [&](const Json& n, const std::string& at) {
        return read_count(n, at, kMaxSections * 16, out.hot_records);
    });
    json.take_object(
        "io", [&](const Json& io, std::string at) { return read_io(io, std::move(at), out.io); });
    return json.finish();
}

// The parts of a predicted token, by name.
struct CostField {
    const char* name;
    double TokenCost::*value;
};
constexpr std::array kCostFields{
    CostField{"attention_seconds", &TokenCost::attention},
    CostField{"head_seconds", &TokenCost::head},
    CostField{"predict_seconds", &TokenCost::predict},
    CostField{"gates_seconds", &TokenCost::gates},
    CostField{"neurons_seconds", &TokenCost::neurons},
    CostField{"loops_seconds", &TokenCost::loops},
    CostField{"io_cpu_seconds", &TokenCost::io_cpu},
    CostField{"stall_seconds", &TokenCost::stall},
    CostField{"reads", &TokenCost::reads},
    CostField{"bytes", &TokenCost::bytes},
    CostField{"hot_hits", &TokenCost::hot_hits},
    CostField{"cold_hits", &TokenCost::cold_hits},
};

Json cost_json(const TokenCost& cost) {
    Json json{{"tokens_per_second", cost.tokens_per_second()}};
    for (const CostField& field : kCostFields) json[field.name] = cost.*field.value;
    return json;
}

Result<void> read_cost(const Json& value, std::string place, TokenCost& out) {
    JsonObject json("", value, std::move(place));
    for (const CostField& field : kCostFields) {
        json.take(field.name, out.*field.value, 0.0, kMaxCount);
    }
    if (!(out.seconds() > 0.0 && out.seconds() < kMaxSeconds)) {
        json.fail("tokens_per_second", "a speed that its parts add up to");
    }
    return json.finish();
}

struct MemoryField {
    const char* name;
    uint64_t MemoryUse::*value;
};
constexpr std::array kMemoryFields{
    MemoryField{"fixed", &MemoryUse::fixed},   MemoryField{"predictors", &MemoryUse::predictors},
    MemoryField{"gates", &MemoryUse::gates},   MemoryField{"hot", &MemoryUse::hot},
    MemoryField{"cold", &MemoryUse::cold},     MemoryField{"staging", &MemoryUse::staging},
    MemoryField{"tables", &MemoryUse::tables}, MemoryField{"lent", &MemoryUse::lent},
};

Json memory_json(const MemoryUse& use) {
    Json json{{"total", use.total()}};
    for (const MemoryField& field : kMemoryFields) json[field.name] = use.*field.value;
    return json;
}

Result<void> read_memory(const Json& value, std::string place, MemoryUse& out) {
    JsonObject json("", value, std::move(place));
    for (const MemoryField& field : kMemoryFields) {
        json.take(field.name, out.*field.value, uint64_t{0}, kMaxBytes);
    }
    return json.finish();
}

Result<void> read_alternative(const Json& value, std::string place, std::vector<Alternative>& out) {
    JsonObject json("", value, std::move(place));
    Alternative one;
    json.take("decision", one.decision, 64);
    json.take("value", one.value, 64);
    json.take("tokens_per_second", one.tokens_per_second, 0.0, kMaxCount);
    json.take("chosen", one.is_chosen);
    json.take("why_not", one.why_not, 256);
    out.push_back(std::move(one));
    return json.finish();
}

struct BasisNumber {
    const char* name;
    double PlanBasis::*value;
};
constexpr std::array kBasisNumbers{
    BasisNumber{"read_gbps", &PlanBasis::read_gbps},
    BasisNumber{"one_thread_gbps", &PlanBasis::one_thread_gbps},
    BasisNumber{"gathered_gbps", &PlanBasis::gathered_gbps},
    BasisNumber{"reads_per_second", &PlanBasis::reads_per_second},
    BasisNumber{"shallow_reads_per_second", &PlanBasis::shallow_reads_per_second},
    BasisNumber{"sequential_gbps", &PlanBasis::sequential_gbps},
    BasisNumber{"active", &PlanBasis::active},
    BasisNumber{"persistence", &PlanBasis::persistence},
    BasisNumber{"own_share", &PlanBasis::own_share},
    BasisNumber{"recall", &PlanBasis::recall},
};
struct BasisCount {
    const char* name;
    uint64_t PlanBasis::*value;
};
constexpr std::array kBasisCounts{
    BasisCount{"cores", &PlanBasis::n_cores},
    BasisCount{"ffn_bytes", &PlanBasis::ffn_bytes},
    BasisCount{"record_bytes", &PlanBasis::record_bytes},
    BasisCount{"neurons", &PlanBasis::n_neurons},
    BasisCount{"text_tokens", &PlanBasis::text_tokens},
    BasisCount{"own_tokens", &PlanBasis::own_tokens},
    BasisCount{"tried_tokens", &PlanBasis::tried_tokens},
};

Json basis_json(const PlanBasis& basis) {
    Json clusters = Json::array();
    for (const ClassShare& one : basis.clusters) {
        clusters.push_back({{"threads", one.n_threads}, {"clusters", one.n_clusters}});
    }
    Json json{{"measured_at", basis.measured_at}, {"core_classes", clusters}};
    for (const BasisCount& field : kBasisCounts) json[field.name] = basis.*field.value;
    for (const BasisNumber& field : kBasisNumbers) json[field.name] = basis.*field.value;
    return json;
}

Result<void> read_basis(const Json& value, std::string place, PlanBasis& out) {
    JsonObject json("", value, std::move(place));
    json.take("measured_at", out.measured_at, 64);
    json.take_each("core_classes", kMaxCores, [&](const Json& one, std::string at) {
        JsonObject share("", one, std::move(at));
        ClassShare& read = out.clusters.emplace_back();
        share.take("threads", read.n_threads, size_t{0}, kMaxThreads);
        share.take("clusters", read.n_clusters, size_t{0}, kLanes);
        return share.finish();
    });
    for (const BasisCount& field : kBasisCounts) {
        json.take(field.name, out.*field.value, uint64_t{0}, kMaxBytes);
    }
    for (const BasisNumber& field : kBasisNumbers) {
        json.take(field.name, out.*field.value, 0.0, kMaxCount);
    }
    return json.finish();
}

}  // namespace

std::string to_json(const PlanFile& file) {
    Json alternatives = Json::array();
    for (const Alternative& one : file.alternatives) {
        alternatives.push_back({{"decision", one.decision},
                                {"value", one.value},
                                {"tokens_per_second", one.tokens_per_second},
                                {"chosen", one.is_chosen},
                                {"why_not", one.why_not}});
    }
    const Json json = {{"version", PlanFile::kVersion},
                       {"made_at", file.made_at},
                       {"device", to_json_value(file.device)},
                       {"model", {{"identity", file.model_identity}, {"name", file.model_name}}},
                       {"inputs", inputs_json(file.inputs)},
                       {"setting", to_json_value(file.setting)},
                       {"plan", plan_json(file.plan)},
                       {"predicted", cost_json(file.predicted)},
                       {"memory_bytes", memory_json(file.memory)},
                       {"alternatives", alternatives},
                       {"basis", basis_json(file.basis)}};
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<PlanFile> parse_plan_file(const std::string& text, const std::string& name) {
    HEARTH_TRY(const Json value, parse_json(text, name));
    JsonObject json(name, value);
    PlanFile file;
    uint32_t version = 0;
    json.take("version", version, PlanFile::kVersion, PlanFile::kVersion);
    json.take("made_at", file.made_at, 64);
    json.take_object("device", [&](const Json& device, std::string place) -> Result<void> {
        HEARTH_TRY(file.device, parse_device_identity(device, std::move(place)));
        return {};
    });
    json.take_object("model", [&](const Json& one, std::string place) {
        JsonObject model("", one, std::move(place));
        model.take("identity", file.model_identity, 64);
        model.take("name", file.model_name);
        return model.finish();
    });
    json.take_object("inputs", [&](const Json& inputs, std::string place) {
        return read_inputs(inputs, std::move(place), file.inputs);
    });
    json.take_object("plan", [&](const Json& plan, std::string place) {
        return read_plan(plan, std::move(place), file.plan);
    });
    json.take_object("setting", [&](const Json& setting, std::string place) -> Result<void> {
        HEARTH_TRY(file.setting, parse_setting(setting, std::move(place)));
        return {};
    });
    json.take_object("predicted", [&](const Json& cost, std::string place) {
        return read_cost(cost, std::move(place), file.predicted);
    });
    json.take_object("memory_bytes", [&](const Json& use, std::string place) {
        return read_memory(use, std::move(place), file.memory);
    });
    json.take_each("alternatives", 4096, [&](const Json& one, std::string place) {
        return read_alternative(one, std::move(place), file.alternatives);
    });
    json.take_object("basis", [&](const Json& basis, std::string place) {
        return read_basis(basis, std::move(place), file.basis);
    });
    HEARTH_TRY_VOID(json.finish());
    file.plan.budget_bytes = file.inputs.budget_bytes;
    file.plan.n_threads = file.setting.n_threads;
    file.plan.sparsity = file.setting.mode;
    file.plan.placement = file.setting.placement;
    file.plan.gates_resident = file.setting.gates_resident;
    return file;
}

Result<void> check_made_for(const PlanFile& file, const std::string& name,
                            const DeviceIdentity& device, const std::string& model_identity,
                            const PlanInputs& inputs) {
    const char* const other = file.model_identity != model_identity ? "model"
                              : !(file.device == device)            ? "device"
                              : !(file.inputs == inputs)            ? "request"
                                                                    : nullptr;
    if (other == nullptr) return {};
    return make_error(ErrorCode::bad_file, "{}: was made for another {} (made anew)",
                      printable_path(name), other);
}

}  // namespace hearth
