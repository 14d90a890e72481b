// ModelProfile as JSON, and back with every number checked.
#include <algorithm>
#include <array>
#include <cmath>

#include "planner/json_object.h"
#include "planner/model_profile.h"
#include "planner/plan_setting_json.h"

namespace hearth {
namespace {

constexpr uint64_t kMaxBytes = uint64_t{1} << 50;
constexpr size_t kMaxLayers = 4096;
constexpr size_t kMaxExperts = 4096;
constexpr size_t kMaxWidth = size_t{1} << 24;
constexpr double kMaxSeconds = 1e5;
constexpr double kMaxCount = 1e12;

constexpr std::array kActivations{FfnActivation::silu, FfnActivation::gelu, FfnActivation::relu,
                                  FfnActivation::drelu};

// A rate as three hexadecimal digits: of 4095, by its square root, so that neurons that fire once
// in a million tokens are told from those that never do, and what one conversation adds is not
// rounded away.
constexpr std::string_view kDigits = "0123456789abcdef";
constexpr size_t kDigitsPerRate = 3;
constexpr float kMostCode = 4095.0F;

std::string rates_text(const std::vector<float>& rates) {
    std::string text;
    text.reserve(kDigitsPerRate * rates.size());
    for (const float rate : rates) {
        const auto code = static_cast<size_t>(std::lround(kMostCode * std::sqrt(rate)));
        for (const size_t digit : {code / 256, code / 16 % 16, code % 16}) text += kDigits[digit];
    }
    return text;
}

Result<std::vector<float>> parse_rates(const Json& value, size_t n, const std::string& place) {
    const std::string* const text = value.get_ptr<const std::string*>();
    if (text == nullptr || text->size() != kDigitsPerRate * n) {
        return make_error(ErrorCode::bad_file, "{} is not {} digits", place, kDigitsPerRate * n);
    }
    const auto value_of = [](char digit) -> size_t {
        if (digit >= '0' && digit <= '9') return static_cast<size_t>(digit - '0');
        if (digit >= 'a' && digit <= 'f') return static_cast<size_t>(digit - 'a' + 10);
        return kDigits.size();
    };
    std::vector<float> rates(n);
    for (size_t i = 0; i < n; ++i) {
        size_t code = 0;
        for (size_t d = 0; d < kDigitsPerRate; ++d) {
            const size_t digit = value_of((*text)[kDigitsPerRate * i + d]);
            if (digit == kDigits.size()) {
                return make_error(ErrorCode::bad_file, "{}: digit {} is none", place,
                                  kDigitsPerRate * i + d);
            }
            code = code * kDigits.size() + digit;
        }
        const float root = static_cast<float>(code) / kMostCode;
        rates[i] = root * root;
    }
    return rates;
}

Json part_json(const PartSize& part) {
    return {{"bytes", part.bytes}, {"type", traits(part.dtype).name}};
}

void take_part(JsonObject& json, const char* key, PartSize& out) {
    json.take_object(key, [&](const Json& value, std::string place) {
        JsonObject part("", value, std::move(place));
        part.take("bytes", out.bytes, uint64_t{0}, kMaxBytes);
        std::string type;
        part.take("type", type);
        const auto dtype = dtype_from_name(type);
        if (!dtype) part.fail("type", "a type of weights");
        out.dtype = dtype.value_or(Dtype::f32);
        return part.finish();
    });
}

Json sizes_json(const ModelSizes& sizes) {
    return {{"layers", sizes.n_layers},
            {"d_model", sizes.d_model},
            {"d_ff", sizes.d_ff},
            {"experts", sizes.n_experts},
            {"experts_used", sizes.n_experts_used},
            {"activation", to_string(sizes.activation)},
            {"down_transposed", sizes.down_is_transposed},
            {"predictors_present", sizes.has_predictors},
            {"predictors_apart", sizes.predictors_are_apart},
            {"attention", part_json(sizes.attention)},
            {"head", part_json(sizes.head)},
            {"predictors", part_json(sizes.predictors)},
            {"embedding_bytes", sizes.embedding_bytes},
            {"gate", part_json(sizes.gate)},
            {"up", part_json(sizes.up)},
            {"down", part_json(sizes.down)},
            {"packed_down", part_json(sizes.packed_down)},
            {"packed_row_bytes", sizes.packed_row_bytes},
            {"gate_row_bytes", sizes.gate_row_bytes},
            {"kv_bytes_per_token", sizes.kv_bytes_per_token}};
}

Result<void> read_sizes(const Json& value, std::string place, ModelSizes& out) {
    JsonObject json("", value, std::move(place));
    json.take("layers", out.n_layers, size_t{1}, kMaxLayers);
    json.take("d_model", out.d_model, size_t{1}, kMaxWidth);
    json.take("d_ff", out.d_ff, size_t{0}, kMaxWidth);
    json.take("experts", out.n_experts, size_t{0}, kMaxExperts);
    json.take("experts_used", out.n_experts_used, size_t{0}, out.n_experts);
    size_t activation = 0;
    std::vector<std::string_view> names;
    for (const FfnActivation one : kActivations) names.push_back(to_string(one));
    json.take_name("activation", activation, names);
    out.activation = kActivations[activation];
    json.take("down_transposed", out.down_is_transposed);
    json.take("predictors_present", out.has_predictors);
    json.take("predictors_apart", out.predictors_are_apart);
    take_part(json, "attention", out.attention);
    take_part(json, "head", out.head);
    take_part(json, "predictors", out.predictors);
    json.take("embedding_bytes", out.embedding_bytes, uint64_t{0}, kMaxBytes);
    take_part(json, "gate", out.gate);
    take_part(json, "up", out.up);
    take_part(json, "down", out.down);
    take_part(json, "packed_down", out.packed_down);
    json.take("packed_row_bytes", out.packed_row_bytes, uint64_t{0}, kMaxBytes);
    json.take("gate_row_bytes", out.gate_row_bytes, uint64_t{0}, kMaxBytes);
    json.take("kv_bytes_per_token", out.kv_bytes_per_token, uint64_t{0}, kMaxBytes);
    return json.finish();
}

Json points_json(const HitRateCurve& curve) {
    Json points = Json::array();
    for (const HitRateCurve::Point& point : curve.points()) {
        points.push_back({{"hot", point.hot_share},
                          {"cache", point.cache_share},
                          {"hot_hits", point.hot_hits},
                          {"cold_hits", point.cold_hits},
                          {"joined", point.joined}});
    }
    return points;
}

Result<void> read_point(const Json& value, std::string place,
                        std::vector<HitRateCurve::Point>& out) {
    JsonObject json("", value, std::move(place));
    HitRateCurve::Point point;
    json.take("hot", point.hot_share, 0.0, 1.0);
    json.take("cache", point.cache_share, 0.0, 1.0);
    json.take("hot_hits", point.hot_hits, 0.0, 1.0);
    json.take("cold_hits", point.cold_hits, 0.0, 1.0);
    json.take("joined", point.joined, 0.0, 1.0);
    out.push_back(point);
    return json.finish();
}

Json observation_json(const Observation& seen) {
    return {{"setting", to_json_value(seen.setting)},
            {"tokens", seen.n_tokens},
            {"seconds", seen.seconds},
            {"stall_seconds", seen.stall_seconds},
            {"reads", seen.reads},
            {"bytes", seen.bytes},
            {"recall", seen.recall}};
}

Result<void> read_observation(const Json& value, std::string place, std::vector<Observation>& out) {
    JsonObject json("", value, std::move(place));
    Observation seen;
    json.take_object("setting", [&](const Json& setting, std::string at) -> Result<void> {
        HEARTH_TRY(seen.setting, parse_setting(setting, std::move(at)));
        return {};
    });
    json.take("tokens", seen.n_tokens, size_t{1}, size_t{1} << 40);
    json.take("seconds", seen.seconds, 1e-9, kMaxSeconds);
    json.take("stall_seconds", seen.stall_seconds, 0.0, seen.seconds);
    json.take("reads", seen.reads, 0.0, kMaxCount);
    json.take("bytes", seen.bytes, 0.0, 1e15);
    json.take("recall", seen.recall, 0.0, 1.0);
    out.push_back(seen);
    return json.finish();
}

// What a sparse model has and others have not.
void take_activity(JsonObject& json, ModelProfile& profile) {
    json.take("tokens", profile.n_tokens, size_t{0}, size_t{1} << 40);
    json.take("complete", profile.is_complete);
    json.take("persistence", profile.persistence, 0.0, 1.0);
    json.take("own_tokens", profile.own_tokens, size_t{0}, size_t{1} << 40);
    json.take("own_share", profile.own_share, 0.0, 1.0);
    json.take_each("active", kMaxLayers, [&](const Json& value, const std::string& at) {
        Result<void> done;
        const double share = value.is_number() ? value.get<double>() : -1.0;
        if (!(share >= 0.0 && share <= 1.0)) {
            done = make_error(ErrorCode::bad_file, "{} is not a share", at);
        }
        profile.active.push_back(share);
        return done;
    });
    std::vector<HitRateCurve::Point> points;
    json.take_each("hit_rate", 1024, [&](const Json& point, std::string at) {
        return read_point(point, std::move(at), points);
    });
    if (!points.empty()) {
        auto curve = HitRateCurve::from_points(std::move(points));
        if (!curve) json.fail("hit_rate", "a grid of points");
        if (curve) profile.hit_rate = *std::move(curve);
    }
    json.take_each("firing_rates", kMaxLayers * kMaxExperts,
                   [&](const Json& value, const std::string& at) -> Result<void> {
                       HEARTH_TRY(auto rates, parse_rates(value, profile.sizes.d_ff, at));
                       profile.firing_rates.push_back(std::move(rates));
                       return {};
                   });
    const bool is_traced = !profile.firing_rates.empty();
    if (is_traced && profile.firing_rates.size() != profile.sizes.n_sections()) {
        json.fail("firing_rates", "one text per layer and expert");
    }
    if (profile.active.size() != (is_traced ? profile.sizes.n_layers : 0)) {
        json.fail("active", "one share per layer");
    }
    if (profile.hit_rate.is_empty() == is_traced) json.fail("hit_rate", "a grid of points");
}

}  // namespace

std::string to_json(const ModelProfile& profile) {
    Json rates = Json::array();
    for (const auto& section : profile.firing_rates) rates.push_back(rates_text(section));
    Json observations = Json::array();
    for (const Observation& seen : profile.observations) {
        observations.push_back(observation_json(seen));
    }
    const Json json = {{"version", ModelProfile::kVersion},
                       {"identity", profile.identity},
                       {"name", profile.name},
                       {"sizes", sizes_json(profile.sizes)},
                       {"tokens", profile.n_tokens},
                       {"complete", profile.is_complete},
                       {"persistence", profile.persistence},
                       {"own_tokens", profile.own_tokens},
                       {"own_share", profile.own_share},
                       {"active", profile.active},
                       {"hit_rate", points_json(profile.hit_rate)},
                       {"observations", observations},
                       {"firing_rates", rates}};
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<ModelProfile> parse_model_profile(const std::string& text, const std::string& name) {
    HEARTH_TRY(const Json value, parse_json(text, name));
    JsonObject json(name, value);
    ModelProfile profile;
    uint32_t version = 0;
    json.take("version", version, ModelProfile::kVersion, ModelProfile::kVersion);
    json.take("identity", profile.identity);
    json.take("name", profile.name);
    json.take_object("sizes", [&](const Json& sizes, std::string place) {
        return read_sizes(sizes, std::move(place), profile.sizes);
    });
    take_activity(json, profile);
    json.take_each("observations", 256, [&](const Json& seen, std::string place) {
        return read_observation(seen, std::move(place), profile.observations);
    });
    HEARTH_TRY_VOID(json.finish());
    return profile;
}

}  // namespace hearth
