#include "bench/offload/measurement.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

namespace hearth::bench {

namespace {

using Json = nlohmann::json;

Json optional_number(const std::optional<double>& value) {
    return value ? Json(*value) : Json();
}

std::optional<double> optional_number(const Json& value) {
    if (value.is_null()) return std::nullopt;
    return value.get<double>();
}

}  // namespace

void set_latencies(Measurement& measurement, std::vector<double> latencies_ms) {
    const double total = std::accumulate(latencies_ms.begin(), latencies_ms.end(), 0.0);
    const size_t n = latencies_ms.size();
    std::sort(latencies_ms.begin(), latencies_ms.end());
    measurement.tokens_per_second = 1000.0 * static_cast<double>(n) / total;
    measurement.mean_ms = total / static_cast<double>(n);
    measurement.p99_ms = latencies_ms[(n * 99 + 99) / 100 - 1];
}

std::string to_json(const Measurement& m) {
    return Json{{"tokens_per_second", m.tokens_per_second},
                {"mean_ms", m.mean_ms},
                {"p99_ms", m.p99_ms},
                {"io_share", m.io_share},
                {"megabytes_per_token", m.megabytes_per_token},
                {"reads_per_token", m.reads_per_token},
                {"hit_rate", optional_number(m.hit_rate)},
                {"recall", optional_number(m.recall)},
                {"peak_rss_bytes", m.peak_rss_bytes},
                {"tokens", m.tokens}}
        .dump();
}

Result<Measurement> measurement_from_json(std::string_view text) {
    try {
        const Json json = Json::parse(text);
        Measurement m;
        m.tokens_per_second = json.at("tokens_per_second").get<double>();
        m.mean_ms = json.at("mean_ms").get<double>();
        m.p99_ms = json.at("p99_ms").get<double>();
        m.io_share = json.at("io_share").get<double>();
        m.megabytes_per_token = json.at("megabytes_per_token").get<double>();
        m.reads_per_token = json.at("reads_per_token").get<double>();
        m.hit_rate = optional_number(json.at("hit_rate"));
        m.recall = optional_number(json.at("recall"));
        m.peak_rss_bytes = json.at("peak_rss_bytes").get<uint64_t>();
        m.tokens = json.at("tokens").get<std::vector<uint32_t>>();
        return m;
    } catch (const Json::exception& error) {
        return make_error(ErrorCode::machine, "no measurement came back: {}", error.what());
    }
}

std::optional<double> equal_share(const std::vector<uint32_t>& a, const std::vector<uint32_t>& b) {
    const size_t n = std::min(a.size(), b.size());
    if (n == 0) return std::nullopt;
    const auto end = a.begin() + static_cast<ptrdiff_t>(n);
    const auto differs = std::mismatch(a.begin(), end, b.begin()).first;
    return static_cast<double>(differs - a.begin()) / static_cast<double>(n);
}

}  // namespace hearth::bench
