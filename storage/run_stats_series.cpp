// What RunStatsLog makes of many turns: groups and samples; and the compact form of layers.
#include <array>
#include <cstring>

#include "engine/base/bytes.h"
#include "storage/compress.h"
#include "storage/database.h"
#include "storage/run_stats.h"

namespace hearth {

namespace {

constexpr int64_t kDayMs = 86'400'000;
constexpr int64_t kThinAfterMs = 30 * kDayMs;
constexpr int64_t kForgetAfterMs = 365 * kDayMs;

constexpr std::byte kLayersVersion{1};
constexpr size_t kLayerBytes = 4 * sizeof(uint64_t);
constexpr size_t kMaxLayers = 1024;

#define SUMMARY(group, order)                                                       \
    "SELECT " group                                                                 \
    ", count(*), sum(prompt_tokens), sum(reused_tokens), sum(prefill_tokens), "     \
    "sum(prefill_tokens) / nullif(sum(prefill_seconds), 0), sum(decode_tokens), "   \
    "sum(decode_tokens) / nullif(sum(decode_seconds), 0), avg(ttft_ms), "           \
    "CAST(sum(cold_hits) AS REAL) / nullif(sum(cold_hits) + sum(cold_misses), 0), " \
    "sum(io_bytes), sum(io_stall_seconds), max(peak_rss_bytes) "                    \
    "FROM v_turns WHERE recorded_ms >= ? GROUP BY 1 ORDER BY " order

const char* summary_sql(GroupBy by) {
    switch (by) {
        case GroupBy::plan:
            return SUMMARY("plan", "2 DESC");
        case GroupBy::model:
            return SUMMARY("model", "2 DESC");
        case GroupBy::machine:
            return SUMMARY("machine", "2 DESC");
        case GroupBy::turn:
            return SUMMARY("turn", "turn");
        case GroupBy::day:
            break;
    }
    return SUMMARY("day", "1");
}

std::optional<double> optional_real(const Statement& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return row.real(column);
}

}  // namespace

Result<std::vector<StatsRow>> RunStatsLog::summary(GroupBy by, int64_t since_ms) {
    HEARTH_TRY(auto rows, database_.query(summary_sql(by), {since_ms}));
    std::vector<StatsRow> groups;
    while (true) {
        HEARTH_TRY(const bool more, rows.next());
        if (!more) return groups;
        const auto count = [&rows](int column) {
            return static_cast<uint64_t>(rows.integer(column));
        };
        StatsRow row;
        row.group = rows.text(0);
        row.turns = count(1);
        row.prompt_tokens = count(2);
        row.reused_tokens = count(3);
        row.prefill_tokens = count(4);
        row.prefill_tokens_per_second = optional_real(rows, 5);
        row.decode_tokens = count(6);
        row.decode_tokens_per_second = optional_real(rows, 7);
        row.ttft_ms = rows.real(8);
        row.cold_hit_rate = optional_real(rows, 9);
        row.io_bytes = count(10);
        row.stall_seconds = rows.real(11);
        row.peak_rss_bytes = count(12);
        groups.push_back(std::move(row));
    }
}

// --- samples ---------------------------------------------------------------------------------

Result<void> RunStatsLog::add_sample(const Sample& sample) {
    const auto real_or_null = [](const std::optional<double>& value) {
        return value ? SqlValue(*value) : SqlValue(nullptr);
    };
    // Losing the last second to a power cut is no loss: no sync.
    HEARTH_TRY(auto transaction, Transaction::begin(database_, Durability::process));
    HEARTH_TRY_VOID(database_.execute(
        "INSERT OR REPLACE INTO sample (at_ms, seconds, tokens_per_second, cold_hit_rate, "
        "io_bytes, stall_seconds, rss_bytes) VALUES (?, ?, ?, ?, ?, ?, ?)",
        {sample.at_ms, sample.seconds, sample.tokens_per_second, real_or_null(sample.cold_hit_rate),
         static_cast<int64_t>(sample.io_bytes), real_or_null(sample.stall_seconds),
         static_cast<int64_t>(sample.rss_bytes)}));
    return transaction.commit();
}

Result<std::vector<Sample>> RunStatsLog::samples(int64_t since_ms) {
    HEARTH_TRY(auto rows,
               database_.query("SELECT at_ms, seconds, tokens_per_second, cold_hit_rate, io_bytes, "
                               "stall_seconds, rss_bytes FROM sample WHERE at_ms >= ? "
                               "ORDER BY at_ms",
                               {since_ms}));
    std::vector<Sample> samples;
    while (true) {
        HEARTH_TRY(const bool more, rows.next());
        if (!more) return samples;
        samples.push_back({rows.integer(0), rows.real(1), rows.real(2), optional_real(rows, 3),
                           static_cast<uint64_t>(rows.integer(4)), optional_real(rows, 5),
                           static_cast<uint64_t>(rows.integer(6))});
    }
}

Result<void> RunStatsLog::thin_samples(int64_t now_ms) {
    const int64_t old = (now_ms - kThinAfterMs) / 60'000 * 60'000;  // whole minutes only
    HEARTH_TRY(const int64_t fine,
               database_.integer("SELECT EXISTS (SELECT 1 FROM sample WHERE at_ms < ?1 AND "
                                 "at_ms % 60000 <> 0) OR EXISTS (SELECT 1 FROM sample "
                                 "WHERE at_ms < ?2)",
                                 {old, now_ms - kForgetAfterMs}));
    if (fine == 0) return {};
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    HEARTH_TRY_VOID(
        database_.execute("DELETE FROM sample WHERE at_ms < ?", {now_ms - kForgetAfterMs}));
    // A thinned row stands at the full minute, where it meets and replaces a fine one of that
    // moment, which it contains.
    HEARTH_TRY_VOID(database_.execute(
        "INSERT OR REPLACE INTO sample (at_ms, seconds, tokens_per_second, cold_hit_rate, "
        "io_bytes, stall_seconds, rss_bytes) "
        "SELECT at_ms / 60000 * 60000, sum(seconds), "
        "sum(tokens_per_second * seconds) / sum(seconds), avg(cold_hit_rate), sum(io_bytes), "
        "sum(stall_seconds), max(rss_bytes) FROM sample WHERE at_ms < ? GROUP BY 1 "
        "HAVING count(*) > 1 OR at_ms % 60000 <> 0",
        {old}));
    HEARTH_TRY_VOID(
        database_.execute("DELETE FROM sample WHERE at_ms < ? AND at_ms % 60000 <> 0", {old}));
    return transaction.commit();
}

// --- layers ----------------------------------------------------------------------------------

Result<std::vector<std::byte>> pack_layers(std::span<const LayerCounters> layers) {
    std::vector<std::byte> plain{kLayersVersion};
    for (const LayerCounters& layer : layers) {
        const std::array<uint64_t, 4> numbers{layer.hot_neurons, layer.present_neurons,
                                              layer.cold_hits, layer.cold_misses};
        const auto bytes = std::as_bytes(std::span(numbers));
        plain.insert(plain.end(), bytes.begin(), bytes.end());
    }
    return compress(plain, 3);
}

Result<std::vector<LayerCounters>> unpack_layers(std::span<const std::byte> blob,
                                                 const std::string& name) {
    HEARTH_TRY(const auto plain, expand(blob, 1 + kMaxLayers * kLayerBytes, name));
    if (plain.empty() || plain.front() != kLayersVersion || (plain.size() - 1) % kLayerBytes != 0) {
        return make_error(ErrorCode::bad_file,
                          "{}: the layers of a turn are not readable, {} bytes", name,
                          plain.size());
    }
    std::vector<LayerCounters> layers((plain.size() - 1) / kLayerBytes);
    for (size_t i = 0; i < layers.size(); ++i) {
        const std::byte* at = plain.data() + 1 + i * kLayerBytes;
        layers[i] = {load_unaligned<uint64_t>(at), load_unaligned<uint64_t>(at + 8),
                     load_unaligned<uint64_t>(at + 16), load_unaligned<uint64_t>(at + 24)};
    }
    return layers;
}

}  // namespace hearth
