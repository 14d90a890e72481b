#include "storage/database.h"

#include <sqlite3.h>

#include <cstring>
#include <utility>

#include "engine/base/check.h"

namespace hearth {

namespace {

constexpr const char* kInMemory = ":memory:";

// How long a writer waits for a checkpoint or for somebody's sqlite3 shell. The waiting thread may
// be the one that draws, so it is short.
constexpr int kBusyTimeoutMs = 250;

// No text or row larger than this is written or believed.
constexpr int kMaxValueBytes = 64 << 20;

// locking_mode stays NORMAL: DataLock already keeps a second writer out, which SQLite before
// 3.51.3 needs (two connections that write or checkpoint at the same moment can damage the log),
// and readers beside a running chat are wanted.
constexpr const char* kPragmas =
    "PRAGMA foreign_keys=ON;"
    "PRAGMA trusted_schema=OFF;"
    "PRAGMA cell_size_check=ON;"
    "PRAGMA mmap_size=0;"
    "PRAGMA temp_store=MEMORY;";
constexpr const char* kWriterPragmas =
    "PRAGMA synchronous=FULL;"
    "PRAGMA secure_delete=ON;"  // what a person deletes is gone
    "PRAGMA journal_size_limit=8388608;";

ErrorCode error_code(int code) {
    switch (code & 0xff) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
        case SQLITE_SCHEMA:
        case SQLITE_ERROR:  // a table or a column that should be there is not
            return ErrorCode::bad_file;
        case SQLITE_CONSTRAINT:
        case SQLITE_TOOBIG:
        case SQLITE_MISMATCH:
            return ErrorCode::usage;
        default:
            return ErrorCode::machine;
    }
}

const char* hint(int code) {
    switch (code & 0xff) {
        case SQLITE_FULL:
            return " (free some space, then try again)";
        case SQLITE_IOERR:
            return " (disk failing or full?)";
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return " (another program is using it; try again)";
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
            return " (check the rights of the file and its folder)";
        case SQLITE_NOTADB:
            return " (move it away to begin with an empty one)";
        case SQLITE_CORRUPT:
            return " (damaged: move it away, or restore a backup)";
        default:
            return "";
    }
}

}  // namespace

// --- Statement -------------------------------------------------------------------------------

Statement::~Statement() {
    sqlite3_finalize(handle_);
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), handle_(std::exchange(other.handle_, nullptr)) {}

Result<bool> Statement::next() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return database_->failed(sqlite3_stmt_readonly(handle_) != 0 ? "read" : "write", code);
}

bool Statement::is_null(int index) const {
    return sqlite3_column_type(handle_, index) == SQLITE_NULL;
}

int64_t Statement::integer(int index) const {
    return sqlite3_column_int64(handle_, index);
}

double Statement::real(int index) const {
    return sqlite3_column_double(handle_, index);
}

std::string Statement::text(int index) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, index));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<size_t>(sqlite3_column_bytes(handle_, index))};
}

std::vector<std::byte> Statement::blob(int index) const {
    const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(handle_, index));
    if (bytes == nullptr) return {};
    return {bytes, bytes + sqlite3_column_bytes(handle_, index)};
}

// --- Database: the connection ----------------------------------------------------------------

Result<Database> Database::open(const std::string& path, Access access) {
    Database database(path, access);
    HEARTH_TRY_VOID(database.connect());
    return database;
}

Result<Database> Database::open_in_memory() {
    return open(kInMemory, Access::write);
}

Database::~Database() {
    disconnect();
}

Database::Database(Database&& other) noexcept
    : path_(std::move(other.path_)),
      access_(other.access_),
      handle_(std::exchange(other.handle_, nullptr)),
      durability_(other.durability_),
      broken_(other.broken_) {}

void Database::disconnect() {
    // Statements are finalized before their database by the way they are scoped.
    HEARTH_CHECK(sqlite3_close(handle_) == SQLITE_OK);
    handle_ = nullptr;
}

Result<void> Database::connect() {
    const int access = access_ == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                : SQLITE_OPEN_READONLY;
    const int flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(path_.c_str(), &handle_, flags, nullptr);
    if (code != SQLITE_OK) return failed("open", code);

    sqlite3_busy_timeout(handle_, kBusyTimeoutMs);
    sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, kMaxValueBytes);
    sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, 1);  // VACUUM INTO attaches its target
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);

    HEARTH_TRY_VOID(run_script(kPragmas));
    if (access_ == Access::read) return run_script("PRAGMA query_only=ON;");
    HEARTH_TRY_VOID(run_script(kWriterPragmas));
    durability_ = Durability::power;
    if (path_ == kInMemory) return {};
    return use_write_ahead_log();
}

Result<void> Database::use_write_ahead_log() {
    HEARTH_TRY(auto mode, prepare("PRAGMA journal_mode=WAL", {}));
    HEARTH_TRY(const bool answered, mode.next());
    if (answered && mode.text(0) == "wal") return {};
    return make_error(ErrorCode::machine,
                      "{}: no write-ahead log is possible here (a network file system?)", path_);
}

Result<void> Database::heal() {
    if (!broken_) return {};
    if (handle_ != nullptr) {
        const bool in_use =
            sqlite3_get_autocommit(handle_) == 0 || sqlite3_next_stmt(handle_, nullptr) != nullptr;
        if (in_use) return {};
        if (access_ == Access::write) HEARTH_TRY_VOID(rewrite_log());
        disconnect();
    }
    if (auto connected = connect(); !connected) {
        disconnect();
        return connected;
    }
    broken_ = false;
    return {};
}

Result<void> Database::rewrite_log() {
    HEARTH_TRY(auto checkpoint, prepare("PRAGMA wal_checkpoint(TRUNCATE)", {}));
    HEARTH_TRY_VOID(checkpoint.next());
    if (checkpoint.integer(0) != 0) return failed("copy its log", SQLITE_BUSY);
    return {};
}

Result<void> Database::set_durability(Durability durability) {
    if (durability == durability_) return {};
    HEARTH_TRY_VOID(run_script(durability == Durability::power ? "PRAGMA synchronous=FULL;"
                                                               : "PRAGMA synchronous=NORMAL;"));
    durability_ = durability;
    return {};
}

tl::unexpected<Error> Database::failed(std::string_view action, int code) {
    const bool io_failed = (code & 0xff) == SQLITE_IOERR;
    if (io_failed && path_ != kInMemory) broken_ = true;
    // errmsg speaks of the last call; where that was not the one that failed, errstr still fits.
    const bool is_last_error = handle_ != nullptr && sqlite3_extended_errcode(handle_) == code;
    std::string words = is_last_error ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
    const int system_error = handle_ != nullptr && io_failed ? sqlite3_system_errno(handle_) : 0;
    if (system_error != 0) words += fmt::format(", {}", std::strerror(system_error));
    return make_error(error_code(code), "{}: cannot {}: {}, SQLite error {}{}", path_, action,
                      words, code, hint(code));
}

// --- Database: statements --------------------------------------------------------------------

Result<Statement> Database::prepare(std::string_view sql, std::initializer_list<SqlValue> values) {
    sqlite3_stmt* handle = nullptr;
    const int code =
        sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &handle, nullptr);
    Statement statement(*this, handle);
    if (code != SQLITE_OK) return failed("read", code);
    int index = 1;
    for (const SqlValue& value : values) {
        int bound = SQLITE_OK;
        if (const auto* integer = std::get_if<int64_t>(&value)) {
            bound = sqlite3_bind_int64(handle, index, *integer);
        } else if (const auto* real = std::get_if<double>(&value)) {
            bound = sqlite3_bind_double(handle, index, *real);
        } else if (const auto* text = std::get_if<std::string_view>(&value)) {
            // A null pointer would bind NULL; an empty text is not NULL.
            const char* bytes = text->empty() ? "" : text->data();
            bound =
                sqlite3_bind_text64(handle, index, bytes, text->size(), SQLITE_STATIC, SQLITE_UTF8);
        } else if (const auto* blob = std::get_if<std::span<const std::byte>>(&value)) {
            bound = sqlite3_bind_blob64(handle, index, blob->data(), blob->size(), SQLITE_STATIC);
        }  // unbound is NULL
        if (bound != SQLITE_OK) return failed("write", bound);
        ++index;
    }
    return statement;
}

Result<Statement> Database::query(std::string_view sql, std::initializer_list<SqlValue> values) {
    HEARTH_TRY_VOID(heal());
    return prepare(sql, values);
}

Result<int64_t> Database::execute(std::string_view sql, std::initializer_list<SqlValue> values) {
    HEARTH_TRY_VOID(heal());
    const bool alone = sqlite3_get_autocommit(handle_) != 0;
    if (alone && access_ == Access::write) HEARTH_TRY_VOID(set_durability(Durability::power));
    HEARTH_TRY(auto statement, prepare(sql, values));
    while (true) {
        HEARTH_TRY(const bool more, statement.next());
        if (!more) return sqlite3_changes64(handle_);
    }
}

Result<void> Database::run_script(const std::string& sql) {
    const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return failed(access_ == Access::read ? "read" : "write", code);
    return {};
}

Result<int64_t> Database::integer(std::string_view sql, std::initializer_list<SqlValue> values) {
    HEARTH_TRY(auto statement, query(sql, values));
    HEARTH_TRY(const bool found, statement.next());
    if (!found) return make_error(ErrorCode::usage, "{}: no such row", path_);
    return statement.integer(0);
}

Result<void> Database::copy_into(const std::string& path) {
    HEARTH_TRY_VOID(heal());
    // The copy counts as a write, though nothing of this database is written.
    if (access_ == Access::read) HEARTH_TRY_VOID(run_script("PRAGMA query_only=OFF;"));
    const auto copied = execute("VACUUM INTO ?", {std::string_view(path)});
    if (access_ == Access::read) HEARTH_TRY_VOID(run_script("PRAGMA query_only=ON;"));
    if (!copied) return tl::unexpected(copied.error());
    return {};
}

int64_t Database::last_insert_id() const {
    return sqlite3_last_insert_rowid(handle_);
}

// --- Transaction -----------------------------------------------------------------------------

Result<Transaction> Transaction::begin(Database& database, Durability durability) {
    HEARTH_TRY_VOID(database.heal());
    HEARTH_TRY_VOID(database.set_durability(durability));
    HEARTH_TRY_VOID(database.run_script("BEGIN IMMEDIATE"));
    return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}

Transaction::~Transaction() {
    // SQLite itself rolls back after some errors; a second time would be an error of its own.
    if (database_ == nullptr || sqlite3_get_autocommit(database_->handle_) != 0) return;
    sqlite3_exec(database_->handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> Transaction::commit() {
    HEARTH_TRY_VOID(database_->run_script("COMMIT"));
    database_ = nullptr;
    return {};
}

}  // namespace hearth
