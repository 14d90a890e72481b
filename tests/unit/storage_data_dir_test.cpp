#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "storage/data_dir.h"
#include "storage/store.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

mode_t mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 0777;
}

DataDir home_below(const TempFolder& folder) {
    return *DataDir::resolve({.home = folder.path()});
}

TEST(DataDir, FollowsTheStandard) {
    const auto plain = DataDir::resolve({.home = "/home/ada"});
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->config_file(), "/home/ada/.config/hearth/config.toml");
    EXPECT_EQ(plain->database(), "/home/ada/.local/share/hearth/hearth.db");
    EXPECT_EQ(plain->log_file(), "/home/ada/.local/state/hearth/hearth.log");
    EXPECT_EQ(plain->cache(), "/home/ada/.cache/hearth");

    const auto moved = DataDir::resolve(
        {.home = "/home/ada", .xdg_config_home = "relative/is/ignored", .xdg_data_home = "/data"});
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->data(), "/data/hearth");
    EXPECT_EQ(moved->config(), "/home/ada/.config/hearth");
}

TEST(DataDir, HearthHomeOverridesEverything) {
    const auto dir = DataDir::resolve(
        {.hearth_home = "/portable", .home = "/home/ada", .xdg_data_home = "/data"});
    ASSERT_TRUE(dir);
    for (const std::string& path :
         {dir->config_file(), dir->database(), dir->input_history(), dir->cache()}) {
        EXPECT_TRUE(path.starts_with("/portable/")) << path;
    }
    EXPECT_TRUE(DataDir::resolve({.hearth_home = "here"})->data().starts_with('/'));
}

TEST(DataDir, WithoutAHomeSaysWhatToSet) {
    const auto dir = DataDir::resolve({});
    ASSERT_FALSE(dir);
    EXPECT_EQ(dir.error().code, ErrorCode::usage);
    EXPECT_NE(dir.error().message.find("HEARTH_HOME"), std::string::npos);
}

TEST(DataDir, PacksHaveAPrivateFolderWhereTheyAreWanted) {
    const TempFolder folder;
    const DataDir dir = home_below(folder);
    ASSERT_TRUE(dir.create());
    EXPECT_FALSE(std::filesystem::exists(dir.packs()));
    ASSERT_TRUE(dir.create_packs());
    EXPECT_EQ(mode_of(dir.packs()), 0700u);
    ASSERT_TRUE(dir.create_packs());
}

TEST(DataDir, IsPrivateWhateverTheUmask) {
    const TempFolder folder;
    const mode_t before = ::umask(0);
    const DataDir dir = home_below(folder);
    const auto store = Store::open(dir, Access::write);
    ::umask(before);
    ASSERT_TRUE(store) << store.error().message;
    for (const auto* path : {&dir.config(), &dir.data(), &dir.state(), &dir.cache()}) {
        EXPECT_EQ(mode_of(*path), 0700u) << *path;
    }
    EXPECT_EQ(mode_of(dir.database()), 0600u);
    EXPECT_EQ(mode_of(dir.lock_file()), 0600u);
    EXPECT_EQ(mode_of(dir.database() + "-wal"), 0600u);
    EXPECT_EQ(mode_of(dir.database() + "-shm"), 0600u);
}

TEST(DataDir, TightensWhatIsThereButNotAHearthHome) {
    const TempFolder folder;
    const DataDir dir = home_below(folder);
    std::filesystem::create_directories(dir.data());
    ::chmod(dir.data().c_str(), 0755);
    std::ofstream(dir.database()).close();
    ::chmod(dir.database().c_str(), 0644);
    ASSERT_TRUE(Store::open(dir, Access::write));
    EXPECT_EQ(mode_of(dir.data()), 0700u);
    EXPECT_EQ(mode_of(dir.database()), 0600u);

    const TempFolder shared;
    ::chmod(shared.path().c_str(), 0755);
    ASSERT_TRUE(Store::open(*DataDir::resolve({.hearth_home = shared.path()}), Access::write));
    EXPECT_EQ(mode_of(shared.path()), 0755u);
}

TEST(DataDir, MayBeASymbolicLink) {
    const TempFolder real;
    const TempFolder folder;
    const DataDir dir = home_below(folder);
    std::filesystem::create_directories(folder.file(".local/share"));
    std::filesystem::create_directory_symlink(real.path(), dir.data());
    ASSERT_TRUE(Store::open(dir, Access::write));
    EXPECT_TRUE(std::filesystem::exists(real.file("hearth.db")));
}

TEST(DataDir, AFileInTheWayIsOneLine) {
    const TempFolder folder;
    std::ofstream(folder.file("in-the-way")).close();
    const auto store =
        Store::open(*DataDir::resolve({.hearth_home = folder.file("in-the-way")}), Access::write);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::machine);
    EXPECT_NE(store.error().message.find("in-the-way"), std::string::npos);
    EXPECT_EQ(store.error().message.find('\n'), std::string::npos);
}

TEST(DataDir, AFolderThatCannotBeWrittenIsOneLine) {
    if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
    const TempFolder folder;
    ::chmod(folder.path().c_str(), 0500);
    const auto store =
        Store::open(*DataDir::resolve({.hearth_home = folder.file("new")}), Access::write);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::machine);
}

TEST(DataLock, RefusesTheSecondWriterAndNamesTheFirst) {
    const TempFolder folder;
    const DataDir dir = home_below(folder);
    const auto first = Store::open(dir, Access::write);
    ASSERT_TRUE(first);
    const auto second = Store::open(dir, Access::write);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::machine);
    EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos)
        << second.error().message;
}

TEST(DataLock, ADeadHoldersLockIsTakenOver) {
    const TempFolder folder;
    const DataDir dir = home_below(folder);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const bool made = dir.create() && DataLock::acquire(dir);
        ::_exit(made ? 0 : 1);  // as in a crash: nothing is cleaned up
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    ASSERT_TRUE(std::filesystem::exists(dir.lock_file()));
    EXPECT_TRUE(DataLock::acquire(dir));
}

}  // namespace
}  // namespace hearth
