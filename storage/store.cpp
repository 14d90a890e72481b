#include "storage/store.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "storage/conversation_rows.h"
#include "storage/schema.h"

namespace hearth {

namespace {

Result<Database> open_for_writing(const DataDir& dir) {
    HEARTH_TRY_VOID(make_private_file(dir.database()));
    HEARTH_TRY(auto database, Database::open(dir.database(), Access::write));
    HEARTH_TRY_VOID(migrate(database, schema_migrations(), dir.backups()));
    return database;
}

// A reader finds the schema of an older hearth: brought up as a writer would, while nobody writes.
Result<void> bring_up(const DataDir& dir) {
    HEARTH_TRY(const auto lock, DataLock::acquire(dir));
    HEARTH_TRY(const auto database, open_for_writing(dir));
    return {};
}

Result<Database> open_for_reading(const DataDir& dir) {
    const std::string path = dir.database();
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
        HEARTH_TRY(auto nothing, Database::open_in_memory());
        HEARTH_TRY_VOID(migrate(nothing, schema_migrations(), dir.backups()));
        return nothing;
    }
    HEARTH_TRY(auto database, Database::open(path, Access::read));
    HEARTH_TRY(const bool old, is_older(database, schema_migrations()));
    if (!old) return database;
    HEARTH_TRY_VOID(bring_up(dir));
    return Database::open(path, Access::read);
}

}  // namespace

Result<std::unique_ptr<Store>> Store::open(const DataDir& dir, Access access) {
    if (access == Access::read) {
        HEARTH_TRY(auto database, open_for_reading(dir));
        return std::unique_ptr<Store>(new Store(std::nullopt, std::move(database)));
    }
    HEARTH_TRY_VOID(dir.create());
    HEARTH_TRY(auto lock, DataLock::acquire(dir));
    HEARTH_TRY(auto database, open_for_writing(dir));
    std::unique_ptr<Store> store(new Store(std::move(lock), std::move(database)));
    HEARTH_TRY(store->interrupted_, store->conversations_.stop_leftover_drafts());
    HEARTH_TRY_VOID(store->run_stats_.thin_samples(now_ms()));
    return store;
}

Result<void> Store::check() {
    HEARTH_TRY(auto found, database_.query("PRAGMA quick_check(1)"));
    HEARTH_TRY(const bool any, found.next());
    if (any && found.text(0) == "ok") return {};
    return make_error(ErrorCode::bad_file, "{}: damaged: {} (restore a backup)", database_.path(),
                      any ? found.text(0) : "no answer");
}

Result<void> Store::back_up(const std::string& path) {
    return copy_database(database_, path);
}

}  // namespace hearth
