// The database's schema and how it came to be: one migration per version, never changed once
// released.
//
// A new version is a new element at the end of schema_migrations(). Each runs in a transaction that
// also writes the new version number, so a database is at one version or at the next, never
// between.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/base/result.h"
#include "storage/database.h"

namespace hearth {

// Marks a SQLite file as ours ("hrth").
inline constexpr int64_t kApplicationId = 0x68727468;

// migrations[v] is the SQL that makes version v + 1 out of version v; version 0 is an empty file.
std::span<const char* const> schema_migrations();

// Brings a database up to the last version. Before an existing one is changed, a dated copy of it
// is put into the folder `backups` (made where missing); the newest three are kept. bad_file when
// the database is another program's or newer than this one.
Result<void> migrate(Database& database, std::span<const char* const> migrations,
                     const std::string& backups);

// A copy of `database` in a new file at `path` (0600), complete or not there. machine when a file
// of this name exists or the disk says no.
Result<void> copy_database(Database& database, const std::string& path);

// For readers: whether migrate() would change the database. bad_file as above.
Result<bool> is_older(Database& database, std::span<const char* const> migrations);

}  // namespace hearth
