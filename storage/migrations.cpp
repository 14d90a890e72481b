// The SQL of every schema version. Once released, a version is never changed: what is wanted anew
// becomes the next one.
#include <array>

#include "storage/schema.h"

namespace hearth {

namespace {

// Version 1. Times are milliseconds since 1970, in UTC.
//
// Parents and leaves are tied to their conversation by two-column keys: a message below another
// conversation's cannot be written. The parent key has no cascade, because a long conversation
// would exceed SQLite's depth of nested deletes; a conversation is deleted as a whole.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE conversation (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    uid        TEXT NOT NULL UNIQUE,
    title      TEXT NOT NULL,
    model      TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    leaf       INTEGER,
    FOREIGN KEY (id, leaf) REFERENCES message (conversation, id)
) STRICT;
CREATE INDEX conversation_by_update ON conversation (updated_ms);

CREATE TABLE message (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    parent       INTEGER,
    role         TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
    state        TEXT NOT NULL CHECK (state IN ('draft', 'done', 'stopped', 'failed')),
    stop_reason  TEXT NOT NULL,
    model        TEXT NOT NULL,
    created_ms   INTEGER NOT NULL,
    CHECK (parent < id),
    UNIQUE (conversation, id),
    FOREIGN KEY (conversation, parent) REFERENCES message (conversation, id)
) STRICT;
CREATE INDEX message_by_parent ON message (conversation, parent);
CREATE INDEX message_draft ON message (id) WHERE state = 'draft';

-- What a message consists of. Kind 'text' at position 0 is what is shown and sent to the model.
CREATE TABLE part (
    id       INTEGER PRIMARY KEY,
    message  INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    text     TEXT NOT NULL,
    UNIQUE (message, position)
) STRICT;

-- One generation. NULL: not measured.
CREATE TABLE turn (
    id                  INTEGER PRIMARY KEY,
    message             INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    recorded_ms         INTEGER NOT NULL,
    model               TEXT NOT NULL,
    plan                TEXT NOT NULL,
    sampler             TEXT NOT NULL,
    threads             INTEGER NOT NULL,
    context_tokens      INTEGER NOT NULL,
    prompt_tokens       INTEGER NOT NULL,
    reused_tokens       INTEGER NOT NULL,
    prefill_tokens      INTEGER NOT NULL,
    prefill_seconds     REAL NOT NULL,
    decode_tokens       INTEGER NOT NULL,
    decode_seconds      REAL NOT NULL,
    ttft_ms             REAL NOT NULL,
    latency_mean_ms     REAL NOT NULL,
    latency_p50_ms      REAL NOT NULL,
    latency_p90_ms      REAL NOT NULL,
    latency_p99_ms      REAL NOT NULL,
    fixed_bytes         INTEGER NOT NULL,
    hot_bytes           INTEGER NOT NULL,
    hot_hits            INTEGER NOT NULL,
    cold_bytes          INTEGER NOT NULL,
    cold_capacity_bytes INTEGER NOT NULL,
    cold_hits           INTEGER NOT NULL,
    cold_misses         INTEGER NOT NULL,
    cold_evictions      INTEGER NOT NULL,
    io_reads            INTEGER NOT NULL,
    io_bytes            INTEGER NOT NULL,
    io_stall_seconds    REAL NOT NULL,
    sparsity_mode       TEXT NOT NULL,
    active_fraction     REAL,
    predictor_recall    REAL,
    memory_budget_bytes INTEGER NOT NULL,
    peak_rss_bytes      INTEGER NOT NULL
) STRICT;
CREATE INDEX turn_by_message ON turn (message);
)sql";

// Version 2: what a person searches, tags, plots and takes along.
//
// `part.indexed` says whether the search knows a part: finished text yes, a growing draft no, so
// that a draft's many small writes cost no indexing (text_index.h keeps it in step).
//
// Two indexes over the same text: words with their diacritics folded, and trigrams for pieces of
// words and for scripts that write without spaces. Both can be made anew at any time:
// INSERT INTO fts_word (fts_word) VALUES ('rebuild').
//
// `setup` and `part.meta` are JSON that the app writes and only the app understands.
//
// The views are a promise: their columns keep their names and meaning in every later version, so
// that people can plot with tools of their own.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE conversation ADD COLUMN setup TEXT NOT NULL DEFAULT '';
ALTER TABLE part ADD COLUMN meta TEXT NOT NULL DEFAULT '';
ALTER TABLE part ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;

CREATE TABLE tag (
    conversation INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    name         TEXT NOT NULL,
    PRIMARY KEY (conversation, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_by_name ON tag (name);

CREATE VIEW searchable AS SELECT id, text FROM part WHERE indexed = 1;
CREATE VIRTUAL TABLE fts_word USING fts5 (
    text, content = 'searchable', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE fts_gram USING fts5 (
    text, content = 'searchable', content_rowid = 'id', tokenize = 'trigram');
UPDATE part SET indexed = 1
    WHERE message NOT IN (SELECT id FROM message WHERE state = 'draft');
INSERT INTO fts_word (fts_word) VALUES ('rebuild');
INSERT INTO fts_gram (fts_gram) VALUES ('rebuild');

-- Role play: a character card as it was imported (card.json of version 1, 2 or 3).
CREATE TABLE character (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    name     TEXT NOT NULL UNIQUE,
    card     TEXT NOT NULL,
    added_ms INTEGER NOT NULL
) STRICT;

-- Where turns ran, and by what plan.
CREATE TABLE machine (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,  -- "AMD EPYC, 2 cores, 24 GiB"
    first_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE plan (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL,
    machine  INTEGER NOT NULL REFERENCES machine (id),
    model    TEXT NOT NULL,
    content  TEXT NOT NULL,         -- JSON as the planner wrote it, '' = unknown
    first_ms INTEGER NOT NULL,
    UNIQUE (name, machine, model)
) STRICT;
ALTER TABLE turn ADD COLUMN machine INTEGER REFERENCES machine (id);
CREATE INDEX turn_by_time ON turn (recorded_ms);

-- Counters per layer of one turn: a zstd frame, see run_stats.h.
CREATE TABLE turn_layer (
    turn   INTEGER PRIMARY KEY REFERENCES turn (id) ON DELETE CASCADE,
    layers BLOB NOT NULL
) STRICT;

-- One row a second while an answer is written; one a minute once they are old.
CREATE TABLE sample (
    at_ms             INTEGER PRIMARY KEY,
    seconds           REAL NOT NULL,  -- that the row speaks for
    tokens_per_second REAL NOT NULL,
    cold_hit_rate     REAL,
    io_bytes          INTEGER NOT NULL,
    stall_seconds     REAL,           -- NULL: not measured, as the hit rate
    rss_bytes         INTEGER NOT NULL
) STRICT;

CREATE VIEW v_messages AS
SELECT m.id AS message, m.conversation, c.uid, c.title, m.parent, m.role, m.state, m.stop_reason,
       m.model, m.created_ms, strftime('%Y-%m-%dT%H:%M:%SZ', m.created_ms / 1000, 'unixepoch')
       AS created, p.text
FROM message m JOIN conversation c ON c.id = m.conversation
LEFT JOIN part p ON p.message = m.id AND p.position = 0;

CREATE VIEW v_turns AS
SELECT t.id AS turn, t.message, m.conversation, t.recorded_ms,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.recorded_ms / 1000, 'unixepoch') AS recorded,
       date(t.recorded_ms / 1000, 'unixepoch', 'localtime') AS day,
       t.model, t.plan, coalesce(h.name, '') AS machine, t.sparsity_mode, t.threads,
       t.context_tokens, t.prompt_tokens, t.reused_tokens, t.prefill_tokens, t.prefill_seconds,
       t.prefill_tokens / nullif(t.prefill_seconds, 0) AS prefill_tokens_per_second,
       t.decode_tokens, t.decode_seconds,
       t.decode_tokens / nullif(t.decode_seconds, 0) AS decode_tokens_per_second,
       t.ttft_ms, t.latency_mean_ms, t.latency_p50_ms, t.latency_p90_ms, t.latency_p99_ms,
       t.fixed_bytes, t.hot_bytes, t.hot_hits, t.cold_bytes, t.cold_capacity_bytes, t.cold_hits,
       t.cold_misses, t.cold_evictions,
       CAST(t.cold_hits AS REAL) / nullif(t.cold_hits + t.cold_misses, 0) AS cold_hit_rate,
       t.io_reads, t.io_bytes, t.io_stall_seconds, t.active_fraction, t.predictor_recall,
       t.memory_budget_bytes, t.peak_rss_bytes
FROM turn t JOIN message m ON m.id = t.message LEFT JOIN machine h ON h.id = t.machine;

CREATE VIEW v_daily AS
SELECT day, model, plan, machine, count(*) AS turns,
       sum(prompt_tokens) AS prompt_tokens, sum(reused_tokens) AS reused_tokens,
       sum(prefill_tokens) AS prefill_tokens,
       sum(prefill_tokens) / nullif(sum(prefill_seconds), 0) AS prefill_tokens_per_second,
       sum(decode_tokens) AS decode_tokens,
       sum(decode_tokens) / nullif(sum(decode_seconds), 0) AS decode_tokens_per_second,
       avg(ttft_ms) AS ttft_ms,
       CAST(sum(cold_hits) AS REAL) / nullif(sum(cold_hits) + sum(cold_misses), 0)
           AS cold_hit_rate,
       sum(io_bytes) AS io_bytes, sum(io_stall_seconds) AS io_stall_seconds,
       max(peak_rss_bytes) AS peak_rss_bytes
FROM v_turns GROUP BY day, model, plan, machine;
)sql";

constexpr std::array<const char*, 2> kMigrations{kVersion1, kVersion2};

}  // namespace

std::span<const char* const> schema_migrations() {
    return kMigrations;
}

}  // namespace hearth
