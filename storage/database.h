// Database, Statement, Transaction: thin ownership over SQLite's C interface.
//
// Values are always bound, SQL is never built from text. An error is one line with the file and
// SQLite's own words: machine (disk full, I/O, busy), bad_file (damaged, not a database) or usage
// (a constraint said no).
//
// After a failed read, write or sync the log is not trusted any more: Linux forgets which pages
// were not written once fsync has failed, so syncing again proves nothing. Before the next use
// everything acknowledged is copied from the log into the database file, which writes it anew, and
// the connection is opened anew.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace hearth {

enum class Access { read, write };

// What a commit survives. `process`: the death of the program. `power`: the loss of power as well
// (the log is synced before commit returns).
enum class Durability { process, power };

using SqlValue =
    std::variant<std::nullptr_t, int64_t, double, std::string_view, std::span<const std::byte>>;

// A prepared statement with its values bound; finalized when destroyed. Bound text and bytes must
// outlive it.
class Statement {
  public:
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    // The next row; false after the last one.
    Result<bool> next();

    // Column `index` (from 0) of the row that next() found.
    bool is_null(int index) const;
    int64_t integer(int index) const;
    double real(int index) const;
    std::string text(int index) const;
    std::vector<std::byte> blob(int index) const;

  private:
    friend class Database;
    Statement(class Database& database, sqlite3_stmt* handle)
        : database_(&database), handle_(handle) {}
    class Database* database_;
    sqlite3_stmt* handle_;
};

// One connection. Used by one thread; never carried across fork().
class Database {
  public:
    // `write` creates the file (0600) where it is missing. `read` wants it to be there.
    static Result<Database> open(const std::string& path, Access access);
    // A database that lives in memory and dies with this object.
    static Result<Database> open_in_memory();

    ~Database();
    Database(Database&& other) noexcept;
    Database& operator=(Database&&) = delete;
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    Result<Statement> query(std::string_view sql, std::initializer_list<SqlValue> values = {});
    // Runs one statement to its end; returns the number of rows it changed.
    Result<int64_t> execute(std::string_view sql, std::initializer_list<SqlValue> values = {});
    // Runs several statements without values: for schemas.
    Result<void> run_script(const std::string& sql);
    // The first column of the first row; usage when there is no row.
    Result<int64_t> integer(std::string_view sql, std::initializer_list<SqlValue> values = {});

    // Writes a copy into the empty file at `path`. A reader may.
    Result<void> copy_into(const std::string& path);

    int64_t last_insert_id() const;
    const std::string& path() const { return path_; }

  private:
    friend class Statement;
    friend class Transaction;
    Database(std::string path, Access access) : path_(std::move(path)), access_(access) {}

    Result<void> connect();
    Result<void> use_write_ahead_log();
    void disconnect();
    Result<Statement> prepare(std::string_view sql, std::initializer_list<SqlValue> values);
    Result<void> set_durability(Durability durability);
    // After an I/O error: copies the log into the database file and opens the connection anew.
    // Until that works, nothing else does.
    Result<void> heal();
    // Done by the old connection: it alone knows where the log ended before the write that failed.
    // A new one would find that write in the log, complete, and what was reported as not saved
    // would be there after all, twice once it is tried again.
    Result<void> rewrite_log();
    // The error for SQLite's result `code`; remembers that the connection has to be healed.
    tl::unexpected<Error> failed(std::string_view action, int code);

    std::string path_;
    Access access_ = Access::read;
    sqlite3* handle_ = nullptr;
    Durability durability_ = Durability::power;
    bool broken_ = false;  // an I/O error was seen since the connection was opened
};

// Everything written between begin and commit appears together or not at all. Without commit() the
// destructor rolls back.
class Transaction {
  public:
    static Result<Transaction> begin(Database& database, Durability durability = Durability::power);
    ~Transaction();
    Transaction(Transaction&& other) noexcept;
    Transaction& operator=(Transaction&&) = delete;
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    Result<void> commit();

  private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;  // nullptr: committed or moved from
};

}  // namespace hearth
