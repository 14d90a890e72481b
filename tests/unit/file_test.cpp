#include "engine/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace hearth {
namespace {

class FileTest : public testing::Test {
  protected:
    void SetUp() override {
        folder_ = std::filesystem::temp_directory_path() /
                  ("hearth-file-test-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string path(const char* name) const { return (folder_ / name).string(); }

    std::filesystem::path folder_;
};

TEST_F(FileTest, WritesAtomicallyAndReadsBack) {
    const std::string text = "one line\n";
    ASSERT_TRUE(write_file_atomically(path("a"), std::as_bytes(std::span(text))));
    EXPECT_EQ(*read_text_file(path("a"), 100), text);
    struct stat status {};
    ASSERT_EQ(::stat(path("a").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0600u);
    // Nothing but the file is left behind.
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
}

TEST_F(FileTest, RefusesWhatIsNotARegularFileWithoutHanging) {
    ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
    for (const std::string& bad :
         {path("fifo"), folder_.string(), std::string("/dev/zero"), path("absent")}) {
        const auto file = open_file(bad);
        ASSERT_FALSE(file) << bad;
        EXPECT_EQ(file.error().code, ErrorCode::bad_file);
        EXPECT_NE(file.error().message.find(bad), std::string::npos);
    }
}

TEST_F(FileTest, ReadingPastTheEndSaysWhere) {
    const std::string text = "12345";
    ASSERT_TRUE(write_file_atomically(path("b"), std::as_bytes(std::span(text))));
    const auto file = open_file(path("b"));
    ASSERT_TRUE(file);
    std::byte buffer[8];
    EXPECT_EQ(*(*file)->read_at(3, buffer), 2u);
    EXPECT_EQ(*(*file)->read_at(9, buffer), 0u);
    const auto exact = read_exact(**file, 3, buffer);
    ASSERT_FALSE(exact);
    EXPECT_EQ(exact.error().code, ErrorCode::bad_file);
    EXPECT_NE(exact.error().message.find("ends at byte 5"), std::string::npos)
        << exact.error().message;
}

}  // namespace
}  // namespace hearth
