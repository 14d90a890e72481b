#include "app/ui/dashboard_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/ui/safe_text.h"

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostItems = 4096;  // of a list
constexpr double kThousandths = 1000.0;

// --- one list of fields for both directions ------------------------------------------------------

template <typename Numbers, typename Visit>
void each_segment_field(Numbers& segment, const std::string& name, Visit visit) {
    visit(name + "_bytes", segment.bytes);
    visit(name + "_capacity_bytes", segment.capacity_bytes);
    visit(name + "_hits", segment.hits);
    visit(name + "_misses", segment.misses);
    visit(name + "_evictions", segment.evictions);
}

template <typename Stats, typename Visit>
void each_stats_field(Stats& stats, Visit visit) {
    visit("prompt_tokens", stats.prompt_tokens);
    visit("reused_tokens", stats.reused_tokens);
    visit("ttft_ms", stats.ttft_ms);
    visit("prefill_tokens", stats.prefill.tokens);
    visit("prefill_seconds", stats.prefill.seconds);
    visit("decode_tokens", stats.decode.tokens);
    visit("decode_seconds", stats.decode.seconds);
    visit("latency_mean_ms", stats.latency_ms.mean);
    visit("latency_p50_ms", stats.latency_ms.p50);
    visit("latency_p90_ms", stats.latency_ms.p90);
    visit("latency_p99_ms", stats.latency_ms.p99);
    visit("bytes_per_token", stats.bytes_per_token);
    visit("fixed_bytes", stats.fixed_bytes);
    each_segment_field(stats.hot, "hot", visit);
    each_segment_field(stats.cold, "cold", visit);
    visit("io_reads", stats.io_reads);
    visit("io_bytes", stats.io_bytes);
    visit("io_stall_seconds", stats.io_stall_seconds);
    visit("sparsity_mode", stats.sparsity_mode);
    visit("active_fraction", stats.active_fraction);
    visit("predictor_recall", stats.predictor_recall);
    visit("memory_budget_bytes", stats.memory_budget_bytes);
    visit("peak_rss_bytes", stats.peak_rss_bytes);
    visit("plan", stats.plan);
}

template <typename View, typename Visit>
void each_view_field(View& view, Visit visit) {
    visit("phase_seconds", view.phase_seconds);
    visit("done", view.done);
    visit("total", view.total);
    visit("seconds_left", view.seconds_left);
    visit("tokens", view.tokens);
    visit("tokens_per_second", view.tokens_per_second);
    visit("stalled_seconds", view.stalled_seconds);
    visit("context_tokens", view.context_tokens);
    visit("n_ctx", view.n_ctx);
}

template <typename Totals, typename Visit>
void each_total(Totals& totals, Visit visit) {
    visit("answers", totals.answers);
    visit("tokens", totals.tokens);
    visit("hot_hits", totals.hot_hits);
    visit("hot_misses", totals.hot_misses);
    visit("cold_hits", totals.cold_hits);
    visit("cold_misses", totals.cold_misses);
    visit("warm_up_hits", totals.warm_up_hits);
    visit("warm_up_misses", totals.warm_up_misses);
}

template <typename Data, typename Visit>
void each_process_field(Data& data, Visit visit) {
    visit("rss_bytes", data.process.rss_bytes);
    visit("major_faults", data.process.major_faults);
    visit("read_bytes", data.process.read_bytes);
    visit("memory_pressure", data.process.memory_pressure);
    visit("read_rate", data.read_rate);
    visit("fault_rate", data.fault_rate);
    visit("ui_share", data.ui_share);
}

// --- writing -------------------------------------------------------------------------------------

struct Writer {
    Json& json;

    template <typename T>
    void operator()(const std::string& name, const T& value) {
        json[name] = value;
    }
    template <typename T>
    void operator()(const std::string& name, const std::optional<T>& value) {
        if (value) json[name] = *value;
    }
};

Json written(const RunStats& stats) {
    Json json = Json::object();
    each_stats_field(stats, Writer{json});
    return json;
}

// Shares in thousandths: a map of 32 layers stays a line of a few kilobytes.
Json written(const LayerView& layer) {
    Json shares = Json::array();
    for (const float share : layer.resident) {
        shares.push_back(static_cast<int>(std::lround(share * kThousandths)));
    }
    Json json{{"resident", std::move(shares)}};
    Writer write{json};
    write("cold_hit_rate", layer.cold_hit_rate);
    write("read_bytes", layer.read_bytes);
    return json;
}

Json written(const EngineView& view) {
    Json json{{"phase", to_string(view.phase)}};
    each_view_field(view, Writer{json});
    if (view.stats) json["stats"] = written(*view.stats);
    if (view.live) json["live"] = written(*view.live);
    json["token_parts"] = Json::array();
    for (const TokenPart& part : view.token_parts) {
        json["token_parts"].push_back({{"name", part.name}, {"ms", part.milliseconds}});
    }
    json["layers"] = Json::array();
    for (const LayerView& layer : view.layers) json["layers"].push_back(written(layer));
    json["trace"] = Json::array();
    for (const TraceSpan& span : view.trace) {
        json["trace"].push_back({{"lane", span.lane},
                                 {"mark", std::string(1, span.mark)},
                                 {"begin_ms", span.begin_ms},
                                 {"end_ms", span.end_ms}});
    }
    return json;
}

// --- reading -------------------------------------------------------------------------------------

const Json* find(const Json& json, const std::string& name) {
    if (!json.is_object()) return nullptr;
    const auto found = json.find(name);
    return found == json.end() ? nullptr : &*found;
}

bool read(const Json& json, double& out) {
    if (!json.is_number()) return false;
    out = json.get<double>();
    return std::isfinite(out);
}

bool read(const Json& json, uint64_t& out) {
    if (!json.is_number_unsigned()) return false;
    out = json.get<uint64_t>();
    return true;
}

bool read(const Json& json, std::string& out) {
    if (!json.is_string()) return false;
    out = safe_line(json.get_ref<const std::string&>()).str();
    return true;
}

// Takes what is there and of the right kind; the rest stays absent.
struct Reader {
    const Json& json;

    template <typename T>
    void operator()(const std::string& name, T& value) {
        const Json* const found = find(json, name);
        T taken{};
        if (found != nullptr && read(*found, taken)) value = std::move(taken);
    }
    template <typename T>
    void operator()(const std::string& name, std::optional<T>& value) {
        const Json* const found = find(json, name);
        T taken{};
        if (found != nullptr && read(*found, taken)) value = std::move(taken);
    }
};

template <typename Take>
void each_item(const Json& json, const char* name, Take take) {
    const Json* const list = find(json, name);
    if (list == nullptr || !list->is_array()) return;
    for (size_t i = 0; i < std::min(list->size(), kMostItems); ++i) take((*list)[i]);
}

std::optional<RunStats> read_stats(const Json& json, const char* name) {
    const Json* const found = find(json, name);
    if (found == nullptr) return std::nullopt;
    RunStats stats;
    each_stats_field(stats, Reader{*found});
    return stats;
}

LayerView read_layer(const Json& json) {
    LayerView layer;
    each_item(json, "resident", [&](const Json& item) {
        double share = 0.0;
        if (read(item, share)) layer.resident.push_back(static_cast<float>(share / kThousandths));
    });
    Reader reader{json};
    reader("cold_hit_rate", layer.cold_hit_rate);
    reader("read_bytes", layer.read_bytes);
    return layer;
}

TraceSpan read_span(const Json& json) {
    TraceSpan span;
    std::string mark;
    Reader reader{json};
    reader("lane", span.lane);
    reader("mark", mark);
    reader("begin_ms", span.begin_ms);
    reader("end_ms", span.end_ms);
    if (mark.size() == 1) span.mark = mark[0];
    return span;
}

Phase phase_named(const std::string& name) {
    for (size_t i = 0; i <= static_cast<size_t>(Phase::failed); ++i) {
        if (to_string(static_cast<Phase>(i)) == name) return static_cast<Phase>(i);
    }
    return Phase::idle;
}

EngineView read_view(const Json& json) {
    EngineView view;
    std::string phase;
    Reader{json}("phase", phase);
    view.phase = phase_named(phase);
    each_view_field(view, Reader{json});
    view.stats = read_stats(json, "stats");
    view.live = read_stats(json, "live");
    each_item(json, "token_parts", [&](const Json& item) {
        TokenPart part;
        Reader reader{item};
        reader("name", part.name);
        reader("ms", part.milliseconds);
        view.token_parts.push_back(std::move(part));
    });
    each_item(json, "layers", [&](const Json& item) { view.layers.push_back(read_layer(item)); });
    each_item(json, "trace", [&](const Json& item) { view.trace.push_back(read_span(item)); });
    return view;
}

}  // namespace

std::string to_json(const DashboardData& data) {
    Json json{{"t", "engine"}, {"model", data.model}, {"engine", written(data.view)}};
    json["rates"] = Json::array();
    for (const float rate : data.rates) {
        json["rates"].push_back(std::round(static_cast<double>(rate) * 10.0) / 10.0);
    }
    json["session"] = Json::object();
    each_total(data.totals, Writer{json["session"]});
    json["process"] = Json::object();
    each_process_field(data, Writer{json["process"]});
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<DashboardData> parse_dashboard(std::string_view line) {
    const Json json = Json::parse(line, nullptr, false);
    const Json* const engine = find(json, "engine");
    if (engine == nullptr) {
        return make_error(ErrorCode::bad_file,
                          "top: what the chat says is not understood (is it "
                          "another version of hearth?)");
    }
    DashboardData data;
    Reader{json}("model", data.model);
    data.view = read_view(*engine);
    each_item(json, "rates", [&](const Json& item) {
        double rate = 0.0;
        if (read(item, rate)) data.rates.push_back(static_cast<float>(rate));
    });
    if (const Json* const session = find(json, "session")) {
        each_total(data.totals, Reader{*session});
    }
    if (const Json* const process = find(json, "process")) {
        each_process_field(data, Reader{*process});
    }
    return data;
}

}  // namespace hearth
