#include "storage/schema.h"

#include <fcntl.h>
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
    HEARTH_TRY_VOID(make_private_folder(backups));
    const std::string path = backup_path(backups, version);
    ::unlink(path.c_str());  // of the same version and second: the same content, perhaps half of it
    HEARTH_TRY_VOID(copy_database(database, path));
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

Result<void> copy_database(Database& database, const std::string& path) {
    // O_EXCL: a file that is there is never overwritten, and nobody else's is written into.
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return make_error(ErrorCode::machine, "{}: cannot make the copy: {}", path,
                          std::strerror(errno));
    }
    ::close(fd);
    auto copied = database.copy_into(path);
    if (!copied) ::unlink(path.c_str());
    return copied;
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

Result<bool> is_older(Database& database, std::span<const char* const> migrations) {
    HEARTH_TRY(const int64_t version, version_of(database, migrations.size()));
    return version < static_cast<int64_t>(migrations.size());
}

}  // namespace hearth
