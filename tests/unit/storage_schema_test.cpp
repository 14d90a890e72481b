#include "storage/schema.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <cstring>
#include <fstream>

#include "storage/store.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

constexpr std::array<const char*, 1> kOld{"CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (1);"};
constexpr std::array<const char*, 2> kNew{kOld[0], "ALTER TABLE t ADD COLUMN b INTEGER;"};
constexpr std::array<const char*, 2> kBad{kOld[0], "ALTER TABLE t ADD COLUMN b INTEGER; NONSENSE;"};

Database open(const TempFolder& folder) {
    auto database = Database::open(folder.file("x.db"), Access::write);
    EXPECT_TRUE(database) << database.error().message;
    return std::move(*database);
}

std::vector<std::filesystem::path> backups_in(const TempFolder& folder) {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder.file("backups"))) {
        found.push_back(entry.path());
    }
    return found;
}

TEST(Database, HasItsPragmas) {
    const TempFolder folder;
    Database database = open(folder);
    EXPECT_EQ(*database.integer("PRAGMA synchronous"), 2);
    EXPECT_EQ(*database.integer("PRAGMA foreign_keys"), 1);
    EXPECT_EQ(*database.integer("PRAGMA trusted_schema"), 0);
    EXPECT_EQ(*database.integer("PRAGMA cell_size_check"), 1);
    EXPECT_EQ(*database.integer("PRAGMA secure_delete"), 1);
    auto mapped = database.query("PRAGMA mmap_size");
    ASSERT_TRUE(mapped);
    EXPECT_TRUE(!*mapped->next() || mapped->integer(0) == 0);
    auto mode = database.query("PRAGMA journal_mode");
    ASSERT_TRUE(mode && *mode->next());
    EXPECT_EQ(mode->text(0), "wal");
    // Defensive: the schema's own table cannot be written, whoever asks.
    ASSERT_TRUE(database.run_script("CREATE TABLE t (a); PRAGMA writable_schema=ON;"));
    EXPECT_FALSE(database.execute("DELETE FROM sqlite_schema"));
}

TEST(Database, OnlyDraftsGoWithoutASync) {
    const TempFolder folder;
    Database database = open(folder);
    {
        auto transaction = Transaction::begin(database, Durability::process);
        ASSERT_TRUE(transaction);
        EXPECT_EQ(*database.integer("PRAGMA synchronous"), 1);
        ASSERT_TRUE(transaction->commit());
    }
    ASSERT_TRUE(database.execute("CREATE TABLE t (a)"));
    EXPECT_EQ(*database.integer("PRAGMA synchronous"), 2);
}

TEST(Transaction, WithoutCommitNothingHappened) {
    const TempFolder folder;
    Database database = open(folder);
    ASSERT_TRUE(database.run_script("CREATE TABLE t (a)"));
    {
        auto transaction = Transaction::begin(database);
        ASSERT_TRUE(transaction);
        ASSERT_TRUE(database.execute("INSERT INTO t VALUES (?)", {int64_t{1}}));
    }
    EXPECT_EQ(*database.integer("SELECT count(*) FROM t"), 0);
}

TEST(Schema, ANewDatabaseNeedsNoBackup) {
    const TempFolder folder;
    Database database = open(folder);
    ASSERT_TRUE(migrate(database, kOld, folder.file("backups")));
    EXPECT_EQ(*database.integer("PRAGMA user_version"), 1);
    EXPECT_EQ(*database.integer("PRAGMA application_id"), kApplicationId);
    EXPECT_FALSE(std::filesystem::exists(folder.file("backups")));
    ASSERT_TRUE(migrate(database, kOld, folder.file("backups")));
}

TEST(Schema, AnOldOneIsCopiedThenBroughtUp) {
    const TempFolder folder;
    Database database = open(folder);
    ASSERT_TRUE(migrate(database, kOld, folder.file("backups")));
    EXPECT_EQ(is_older(database, kNew), true);
    const auto migrated = migrate(database, kNew, folder.file("backups"));
    ASSERT_TRUE(migrated) << migrated.error().message;
    EXPECT_EQ(*database.integer("PRAGMA user_version"), 2);
    EXPECT_EQ(is_older(database, kNew), false);
    ASSERT_TRUE(database.execute("UPDATE t SET b = 2"));

    const auto backups = backups_in(folder);
    ASSERT_EQ(backups.size(), 1u);
    struct stat status {};
    ASSERT_EQ(::stat(backups[0].c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    auto copy = Database::open(backups[0].string(), Access::read);
    ASSERT_TRUE(copy) << copy.error().message;
    EXPECT_EQ(*copy->integer("PRAGMA user_version"), 1);
    EXPECT_EQ(*copy->integer("SELECT a FROM t"), 1);
}

TEST(Schema, AFailedMigrationLeavesTheOldVersion) {
    const TempFolder folder;
    Database database = open(folder);
    ASSERT_TRUE(migrate(database, kOld, folder.file("backups")));
    EXPECT_FALSE(migrate(database, kBad, folder.file("backups")));
    EXPECT_EQ(*database.integer("PRAGMA user_version"), 1);
    EXPECT_FALSE(database.query("SELECT b FROM t"));
    EXPECT_TRUE(migrate(database, kNew, folder.file("backups")));
}

TEST(Schema, KeepsThreeBackups) {
    const TempFolder folder;
    std::filesystem::create_directories(folder.file("backups"));
    for (const char* day : {"20260101", "20260102", "20260103", "20260104"}) {
        std::ofstream(folder.file("backups/hearth-") + day + "T000000Z-v1.db") << "old";
    }
    std::ofstream(folder.file("backups/notes.txt")) << "mine";
    Database database = open(folder);
    ASSERT_TRUE(migrate(database, kOld, folder.file("backups")));
    ASSERT_TRUE(migrate(database, kNew, folder.file("backups")));
    EXPECT_EQ(backups_in(folder).size(), 4u);  // three and the notes
    EXPECT_FALSE(std::filesystem::exists(folder.file("backups/hearth-20260102T000000Z-v1.db")));
    EXPECT_TRUE(std::filesystem::exists(folder.file("backups/hearth-20260104T000000Z-v1.db")));
}

// --- Databases that are not what they should be ------------------------------------------------

class WrongDatabase : public testing::TestWithParam<Access> {
  protected:
    TempFolder folder_;
    DataDir dir_ = *DataDir::resolve({.hearth_home = folder_.path()});

    // One line, the file's name in it, exit code 2, and not a byte of the file changed.
    void expect_refused(std::string_view words) {
        const std::string before = content();
        const auto store = Store::open(dir_, GetParam());
        ASSERT_FALSE(store);
        EXPECT_EQ(store.error().code, ErrorCode::bad_file) << store.error().message;
        EXPECT_NE(store.error().message.find(dir_.database()), std::string::npos);
        EXPECT_NE(store.error().message.find(words), std::string::npos) << store.error().message;
        EXPECT_EQ(store.error().message.find('\n'), std::string::npos);
        EXPECT_EQ(content(), before);
    }
    std::string content() const {
        std::ifstream file(dir_.database(), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void make(const std::string& sql) {
        auto database = Database::open(dir_.database(), Access::write);
        ASSERT_TRUE(database) << database.error().message;
        ASSERT_TRUE(database->run_script(sql));
    }
};
INSTANTIATE_TEST_SUITE_P(Schema, WrongDatabase, testing::Values(Access::write, Access::read),
                         [](const auto& access) {
                             return access.param == Access::write ? "Writing" : "Reading";
                         });

TEST_P(WrongDatabase, NotADatabase) {
    std::ofstream(dir_.database()) << std::string(5000, 'x');
    expect_refused("not a database");
}

TEST_P(WrongDatabase, AnotherProgramsDatabase) {
    make("CREATE TABLE bookmarks (url TEXT); PRAGMA user_version=1;");
    expect_refused("another program's");
}

TEST_P(WrongDatabase, ANewerSchema) {
    make("CREATE TABLE t (a); PRAGMA application_id=1752331368; PRAGMA user_version=1000;");
    expect_refused("schema version 1000");
}

TEST_P(WrongDatabase, TruncatedToItsHeader) {
    { ASSERT_TRUE(Store::open(dir_, Access::write)); }
    std::filesystem::resize_file(dir_.database(), 100);
    expect_refused("");
}

TEST(DamagedDatabase, NeverCrashesWhateverIsOverwritten) {
    const TempFolder folder;
    const DataDir dir = *DataDir::resolve({.hearth_home = folder.path()});
    {
        auto store = Store::open(dir, Access::write);
        ASSERT_TRUE(store);
        const auto id = (*store)->conversations().create("m")->id;
        std::optional<MessageId> leaf;
        for (int i = 0; i < 100; ++i) {
            leaf = *(*store)->conversations().append({id, leaf, Role::user, "some words"});
        }
    }
    std::ifstream whole(dir.database(), std::ios::binary);
    const std::string good{std::istreambuf_iterator<char>(whole), {}};
    uint64_t state = 42;
    const auto random = [&state](size_t below) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<size_t>((state >> 33) % below);
    };
    int refused = 0;
    for (int round = 0; round < 50; ++round) {
        std::string bad = good;
        const size_t bytes = 1 + random(64);
        const size_t at = random(bad.size() - bytes);
        for (size_t i = 0; i < bytes; ++i) bad[at + i] = static_cast<char>(random(256));
        std::ofstream(dir.database(), std::ios::binary | std::ios::trunc) << bad;
        const auto store = Store::open(dir, Access::read);
        if (!store) {
            EXPECT_EQ(store.error().code, ErrorCode::bad_file) << store.error().message;
            ++refused;
            continue;
        }
        const auto path = (*store)->conversations().path(ConversationId{1});
        if (!path) ++refused;
    }
    EXPECT_GT(refused, 0);
    EXPECT_LT(refused, 50);
}

}  // namespace
}  // namespace hearth
