#include "planner/plan_setting_json.h"

#include <array>
#include <utility>

namespace hearth {
namespace {

constexpr std::array kPlacements{FfnPlacement::resident, FfnPlacement::by_layer,
                                 FfnPlacement::by_neuron};
constexpr std::array kModes{SparsityMode::dense, SparsityMode::exact, SparsityMode::predicted};

template <typename Values>
void take_enum(JsonObject& json, const char* key, const Values& values,
               typename Values::value_type& out) {
    std::vector<std::string_view> names;
    for (const auto value : values) names.push_back(to_string(value));
    size_t i = 0;
    json.take_name(key, i, names);
    out = values[i];
}

}  // namespace

Json to_json_value(const PlanSetting& setting) {
    return {{"placement", to_string(setting.placement)},
            {"sparsity", to_string(setting.mode)},
            {"gates_resident", setting.gates_resident},
            {"gates_kept", setting.gates_kept},
            {"hot_share", setting.hot_share},
            {"cache_share", setting.cache_share},
            {"threads", setting.n_threads},
            {"queue_depth", setting.queue_depth}};
}

Result<PlanSetting> parse_setting(const Json& value, std::string place) {
    JsonObject json("", value, std::move(place));
    PlanSetting setting;
    take_enum(json, "placement", kPlacements, setting.placement);
    take_enum(json, "sparsity", kModes, setting.mode);
    json.take("gates_resident", setting.gates_resident);
    json.take("gates_kept", setting.gates_kept, 0.0, 1.0);
    json.take("hot_share", setting.hot_share, 0.0, 1.0);
    json.take("cache_share", setting.cache_share, 0.0, 1.0);
    json.take("threads", setting.n_threads, size_t{1}, size_t{256});
    json.take("queue_depth", setting.queue_depth, size_t{1}, NeuronLoader::kMaxQueueDepth);
    HEARTH_TRY_VOID(json.finish());
    return setting;
}

}  // namespace hearth
