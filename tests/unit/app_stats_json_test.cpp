#include "app/stats_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;

Json report(const RunStats& stats, std::string_view text = "hi", bool ascii = false) {
    const std::vector<Token> tokens{Token{3}, Token{5}};
    const std::string line = run_report_json({tokens, text, StopReason::length, stats}, ascii);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    return Json::parse(line);
}

std::vector<std::string> keys(const Json& object) {
    std::vector<std::string> names;
    for (const auto& [key, value] : object.items()) names.push_back(key);
    return names;
}

TEST(RunReport, HasTheFieldsOfTheInterface) {
    using Names = std::vector<std::string>;
    const Json json = report(RunStats{});
    EXPECT_EQ(keys(json),
              (Names{"prompt_tokens", "tokens", "text", "stop_reason", "ttft_ms", "prefill",
                     "decode", "cache", "io", "sparsity", "memory", "plan"}));
    EXPECT_EQ(keys(json["prefill"]), (Names{"tokens", "seconds", "tokens_per_second"}));
    EXPECT_EQ(keys(json["decode"]),
              (Names{"tokens", "seconds", "tokens_per_second", "latency_ms"}));
    EXPECT_EQ(keys(json["decode"]["latency_ms"]), (Names{"mean", "p50", "p90", "p99"}));
    EXPECT_EQ(keys(json["cache"]), (Names{"fixed", "hot", "cold"}));
    EXPECT_EQ(keys(json["cache"]["fixed"]), (Names{"bytes"}));
    EXPECT_EQ(keys(json["cache"]["hot"]), (Names{"bytes", "hits"}));
    EXPECT_EQ(keys(json["cache"]["cold"]),
              (Names{"bytes", "capacity_bytes", "hits", "misses", "evictions", "hit_rate"}));
    EXPECT_EQ(keys(json["io"]), (Names{"reads", "bytes", "stall_seconds"}));
    EXPECT_EQ(keys(json["sparsity"]), (Names{"mode", "active_fraction", "predictor_recall"}));
    EXPECT_EQ(keys(json["memory"]), (Names{"budget_bytes", "peak_rss_bytes"}));
}

TEST(RunReport, WhatWasNotMeasuredIsNull) {
    const Json json = report(RunStats{});
    EXPECT_TRUE(json["ttft_ms"].is_null());
    EXPECT_TRUE(json["decode"]["tokens_per_second"].is_null());
    EXPECT_TRUE(json["decode"]["latency_ms"]["p99"].is_null());
    EXPECT_TRUE(json["cache"]["hot"]["hits"].is_null());
    EXPECT_TRUE(json["cache"]["cold"]["hit_rate"].is_null());
    EXPECT_TRUE(json["sparsity"]["active_fraction"].is_null());
    EXPECT_TRUE(json["memory"]["budget_bytes"].is_null());
    EXPECT_TRUE(json["plan"].is_null());
}

TEST(RunReport, WhatWasMeasuredIsThere) {
    RunStats stats;
    stats.prompt_tokens = 7;
    stats.ttft_ms = 12.5;
    stats.decode = {4, 2.0};
    stats.latency_ms = {500.0, 490.0, 520.0, 530.0};
    stats.cold.hits = 3;
    stats.cold.misses = 1;
    stats.active_fraction = 0.25;
    stats.memory_budget_bytes = 1024;
    const Json json = report(stats);
    EXPECT_EQ(json["prompt_tokens"], 7);
    EXPECT_EQ(json["tokens"], (Json{3, 5}));
    EXPECT_EQ(json["stop_reason"], "length");
    EXPECT_EQ(json["ttft_ms"], 12.5);
    EXPECT_EQ(json["decode"]["tokens_per_second"], 2.0);
    EXPECT_EQ(json["decode"]["latency_ms"]["p90"], 520.0);
    EXPECT_EQ(json["cache"]["cold"]["hit_rate"], 0.75);
    EXPECT_EQ(json["sparsity"]["active_fraction"], 0.25);
    EXPECT_EQ(json["memory"]["budget_bytes"], 1024);
}

TEST(RunReport, AnyTextIsJson) {
    EXPECT_EQ(report(RunStats{}, "a\xC3\x1b")["text"], "a\uFFFD\x1b");
    const std::vector<Token> none;
    const std::string ascii =
        run_report_json({none, "é\u009b\x7f", StopReason::cancelled, RunStats{}}, true);
    for (const char c : ascii) EXPECT_TRUE(c >= 0x20 && c < 0x7F);
}

}  // namespace
}  // namespace hearth
