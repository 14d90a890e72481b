#include "storage/schema.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <vector>

#include "storage/data_dir.h"

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

constexpr std::array<const char*, 1> kMigrations{kVersion1};

constexpr size_t kBackupsKept = 3;

std::string backup_path(const std::string& backups, int64_t version) {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::array<char, 32> date{};
    std::strftime(date.data(), date.size(), "%Y%m%dT%H%M%SZ", &utc);
    // The date first: names sort by age.
    return fmt::format("{}/hearth-{}-v{}.db", backups, date.data(), version);
}

void remove_old_backups(const std::string& backups) {
    std::error_code error;
    std::vector<std::filesystem::path> found;
    std::filesystem::directory_iterator entry(backups, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.starts_with("hearth-") && name.ends_with(".db")) found.push_back(entry->path());
    }
    std::sort(found.begin(), found.end());
    for (size_t i = 0; i + kBackupsKept < found.size(); ++i) {
        std::filesystem::remove(found[i], error);  // one too many does no harm
    }
}

Result<void> back_up(Database& database, int64_t version, const std::string& backups) {
    if (::mkdir(backups.c_str(), 0700) != 0 && errno != EEXIST) {
        return make_error(ErrorCode::machine, "{}: cannot make the folder: {}", backups,
                          std::strerror(errno));
    }
    const std::string path = backup_path(backups, version);
    ::unlink(path.c_str());  // of the same version and second: the same content, perhaps half of it
    HEARTH_TRY_VOID(make_private_file(path));
    const auto copied = database.execute("VACUUM INTO ?", {std::string_view(path)});
    if (!copied) {
        ::unlink(path.c_str());
        return tl::unexpected(copied.error());
    }
    remove_old_backups(backups);
    return {};
}

Result<void> apply(Database& database, const char* sql, int64_t version) {
    HEARTH_TRY(auto transaction, Transaction::begin(database));
    HEARTH_TRY_VOID(database.run_script(sql));
    // Pragmas take no bound values; both are numbers of our own.
    HEARTH_TRY_VOID(database.run_script(
        fmt::format("PRAGMA application_id={}; PRAGMA user_version={};", kApplicationId, version)));
    return transaction.commit();
}

// The version of a database that is ours or empty; bad_file for any other.
Result<int64_t> version_of(Database& database, size_t newest) {
    HEARTH_TRY(const int64_t application, database.integer("PRAGMA application_id"));
    HEARTH_TRY(const int64_t version, database.integer("PRAGMA user_version"));
    HEARTH_TRY(const int64_t objects, database.integer("SELECT count(*) FROM sqlite_schema"));
    if (application == 0 && version == 0 && objects == 0) return 0;
    if (application != kApplicationId) {
        return make_error(ErrorCode::bad_file,
                          "{}: is another program's database, application id {} (move it away)",
                          database.path(), application);
    }
    if (version < 1 || version > static_cast<int64_t>(newest)) {
        return make_error(ErrorCode::bad_file,
                          "{}: schema version {}, this hearth knows 1 to {} (update hearth)",
                          database.path(), version, newest);
    }
    return version;
}

}  // namespace

std::span<const char* const> schema_migrations() {
    return kMigrations;
}

Result<void> migrate(Database& database, std::span<const char* const> migrations,
                     const std::string& backups) {
    HEARTH_TRY(const int64_t version, version_of(database, migrations.size()));
    const auto first = static_cast<size_t>(version);
    if (first == migrations.size()) return {};
    if (first > 0) HEARTH_TRY_VOID(back_up(database, version, backups));
    for (size_t i = first; i < migrations.size(); ++i) {
        HEARTH_TRY_VOID(apply(database, migrations[i], static_cast<int64_t>(i) + 1));
    }
    return {};
}

Result<void> check_schema(Database& database, std::span<const char* const> migrations) {
    HEARTH_TRY(const int64_t version, version_of(database, migrations.size()));
    if (version == static_cast<int64_t>(migrations.size())) return {};
    return make_error(ErrorCode::bad_file,
                      "{}: schema version {}, {} is wanted (start a chat once to bring it up)",
                      database.path(), version, migrations.size());
}

}  // namespace hearth
