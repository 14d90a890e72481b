#include "storage/run_stats.h"

#include <limits>

#include "storage/conversation_rows.h"
#include "storage/database.h"

namespace hearth {

namespace {

// The columns of TurnStats in their order; record() and turn_at() follow it.
#define TURN_COLUMNS                                                                             \
    "model, plan, sampler, threads, context_tokens, prompt_tokens, reused_tokens, "              \
    "prefill_tokens, prefill_seconds, decode_tokens, decode_seconds, ttft_ms, latency_mean_ms, " \
    "latency_p50_ms, latency_p90_ms, latency_p99_ms, fixed_bytes, hot_bytes, hot_hits, "         \
    "cold_bytes, cold_capacity_bytes, cold_hits, cold_misses, cold_evictions, io_reads, "        \
    "io_bytes, io_stall_seconds, sparsity_mode, active_fraction, predictor_recall, "             \
    "memory_budget_bytes, peak_rss_bytes"

// SQLite's integers are signed; no counter of ours gets near the limit.
int64_t count(uint64_t value) {
    constexpr auto kMost = static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
    return static_cast<int64_t>(value < kMost ? value : kMost);
}

SqlValue real_or_null(const std::optional<double>& value) {
    return value ? SqlValue(*value) : SqlValue(nullptr);
}

// Hands out the columns of a row from left to right.
class Columns {
  public:
    explicit Columns(const Statement& row) : row_(row) {}
    void into(std::string& value) { value = row_.text(next_++); }
    void into(uint64_t& value) { value = static_cast<uint64_t>(row_.integer(next_++)); }
    void into(double& value) { value = row_.real(next_++); }
    void into(std::optional<double>& value) {
        value = row_.is_null(next_) ? std::nullopt : std::optional(row_.real(next_));
        ++next_;
    }

  private:
    const Statement& row_;
    int next_ = 0;
};

constexpr int kTurnColumns = 32;
TurnStats turn_at(const Statement& row) {
    TurnStats s;
    Columns columns(row);
    const auto take = [&columns](auto&... fields) { (columns.into(fields), ...); };
    take(s.model, s.plan, s.sampler_json, s.threads, s.context_tokens, s.prompt_tokens,
         s.reused_tokens, s.prefill_tokens, s.prefill_seconds, s.decode_tokens, s.decode_seconds,
         s.ttft_ms, s.latency_mean_ms, s.latency_p50_ms, s.latency_p90_ms, s.latency_p99_ms,
         s.fixed_bytes, s.hot_bytes, s.hot_hits, s.cold_bytes, s.cold_capacity_bytes, s.cold_hits,
         s.cold_misses, s.cold_evictions, s.io_reads, s.io_bytes, s.io_stall_seconds,
         s.sparsity_mode, s.active_fraction, s.predictor_recall, s.memory_budget_bytes,
         s.peak_rss_bytes);
    return s;
}

// The machine's row; made where it is missing.
Result<SqlValue> machine_row(Database& database, const std::string& name, int64_t now) {
    if (name.empty()) return SqlValue(nullptr);
    HEARTH_TRY_VOID(database.execute(
        "INSERT INTO machine (name, first_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
        {std::string_view(name), now}));
    HEARTH_TRY(const int64_t id,
               database.integer("SELECT id FROM machine WHERE name = ?", {std::string_view(name)}));
    return SqlValue(id);
}

}  // namespace

Result<void> RunStatsLog::record(MessageId message, const TurnStats& stats) {
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    HEARTH_TRY_VOID(add(message, {now_ms(), machine_, stats}));
    return transaction.commit();
}

Result<void> RunStatsLog::add(MessageId message, const Turn& turn) {
    const TurnStats& s = turn.stats;
    HEARTH_TRY(const SqlValue machine, machine_row(database_, turn.machine, turn.recorded_ms));
    const auto text = [](const std::string& value) { return std::string_view(value); };
    if (!s.plan.empty() && !turn.machine.empty()) {
        HEARTH_TRY_VOID(database_.execute(
            "INSERT INTO plan (name, machine, model, content, first_ms) VALUES (?, ?, ?, '', ?) "
            "ON CONFLICT DO NOTHING",
            {text(s.plan), machine, text(s.model), turn.recorded_ms}));
    }
    HEARTH_TRY_VOID(
        database_.execute("INSERT INTO turn (message, recorded_ms, machine, " TURN_COLUMNS
                          ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                          "?, ?, ?, ?, ?, ?, ?, "
                          "?, ?, ?, ?, ?, ?, ?, ?)",
                          {number(message),
                           turn.recorded_ms,
                           machine,
                           text(s.model),
                           text(s.plan),
                           text(s.sampler_json),
                           count(s.threads),
                           count(s.context_tokens),
                           count(s.prompt_tokens),
                           count(s.reused_tokens),
                           count(s.prefill_tokens),
                           s.prefill_seconds,
                           count(s.decode_tokens),
                           s.decode_seconds,
                           s.ttft_ms,
                           s.latency_mean_ms,
                           s.latency_p50_ms,
                           s.latency_p90_ms,
                           s.latency_p99_ms,
                           count(s.fixed_bytes),
                           count(s.hot_bytes),
                           count(s.hot_hits),
                           count(s.cold_bytes),
                           count(s.cold_capacity_bytes),
                           count(s.cold_hits),
                           count(s.cold_misses),
                           count(s.cold_evictions),
                           count(s.io_reads),
                           count(s.io_bytes),
                           s.io_stall_seconds,
                           text(s.sparsity_mode),
                           real_or_null(s.active_fraction),
                           real_or_null(s.predictor_recall),
                           count(s.memory_budget_bytes),
                           count(s.peak_rss_bytes)}));
    if (s.layers.empty()) return {};
    const int64_t id = database_.last_insert_id();
    HEARTH_TRY(const auto blob, pack_layers(s.layers));
    HEARTH_TRY_VOID(database_.execute("INSERT INTO turn_layer (turn, layers) VALUES (?, ?)",
                                      {id, std::span<const std::byte>(blob)}));
    return {};
}

Result<std::vector<Turn>> RunStatsLog::turns_of(MessageId message) {
    HEARTH_TRY(auto rows, database_.query("SELECT " TURN_COLUMNS
                                          ", recorded_ms, coalesce(h.name, ''), l.layers "
                                          "FROM turn t LEFT JOIN machine h ON h.id = t.machine "
                                          "LEFT JOIN turn_layer l ON l.turn = t.id "
                                          "WHERE message = ? ORDER BY t.id",
                                          {number(message)}));
    std::vector<Turn> turns;
    while (true) {
        HEARTH_TRY(const bool more, rows.next());
        if (!more) return turns;
        Turn turn{rows.integer(kTurnColumns), rows.text(kTurnColumns + 1), turn_at(rows)};
        if (!rows.is_null(kTurnColumns + 2)) {
            HEARTH_TRY(turn.stats.layers,
                       unpack_layers(rows.blob(kTurnColumns + 2), database_.path()));
        }
        turns.push_back(std::move(turn));
    }
}

Result<std::vector<TurnStats>> RunStatsLog::of_message(MessageId message) {
    HEARTH_TRY(auto turns, turns_of(message));
    std::vector<TurnStats> stats;
    for (Turn& turn : turns) stats.push_back(std::move(turn.stats));
    return stats;
}

}  // namespace hearth
