// Files that go with a message, and code that comes out of an answer.
#include "app/attachments.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/code_blocks.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

class AttachmentsTest : public testing::Test {
  protected:
    void SetUp() override {
        put("a.cpp", "one\ntwo\nthree\nfour");
        put("odd:name-1.txt", "odd\n");
        put("binary.bin", std::string("a\0b", 3));
        put("latin.txt", "caf\xe9\n");
        put("src/x.cpp", "x\n");
        put("src/deep/y.cpp", "y\n");
        put("src/deep/y.h", "h\n");
        put("build/z.cpp", "z\n");
        put(".hidden/h.cpp", "h\n");
        put(".gitignore", "# no\nbuild/\n*.log\n");
        put("note.log", "log\n");
    }
    void put(const std::string& name, const std::string& text) {
        fs::create_directories(fs::path(at(name)).parent_path());
        std::ofstream(at(name), std::ios::binary) << text;
    }
    std::string at(const std::string& name) const { return folder_.file(name); }
    std::vector<std::string> names(const std::string& pattern) {
        auto found = find_files(at(pattern));
        EXPECT_TRUE(found) << found.error().message;
        for (std::string& one : *found) one = one.substr(folder_.path().size() + 1);
        return *found;
    }

    TempFolder folder_;
};

TEST_F(AttachmentsTest, AWholeFileOrSomeOfItsLines) {
    EXPECT_EQ(read_attachment(at("a.cpp"))->text, "one\ntwo\nthree\nfour");
    EXPECT_EQ(read_attachment(at("a.cpp"))->lines, 4u);
    EXPECT_EQ(read_attachment(at("a.cpp:2-3"))->text, "two\nthree\n");
    EXPECT_EQ(read_attachment(at("a.cpp:4"))->text, "four");
    EXPECT_EQ(read_attachment(at("a.cpp:3-99"))->lines, 2u);
    EXPECT_EQ(read_attachment(at("odd:name-1.txt"))->text, "odd\n");
    EXPECT_FALSE(read_attachment(at("a.cpp:9-10")));
    EXPECT_FALSE(read_attachment(at("none.cpp")));
    EXPECT_FALSE(read_attachment(folder_.path()));
    for (const char* name : {"binary.bin", "latin.txt"}) {
        const auto refused = read_attachment(at(name));
        ASSERT_FALSE(refused);
        EXPECT_NE(refused.error().message.find("not a text"), std::string::npos);
    }
}

TEST_F(AttachmentsTest, PatternsLeaveOutWhatIsIgnored) {
    using Names = std::vector<std::string>;
    EXPECT_EQ(names("*.cpp"), (Names{"a.cpp"}));
    EXPECT_EQ(names("src/*.cpp"), (Names{"src/x.cpp"}));
    EXPECT_EQ(names("src/**/*.cpp"), (Names{"src/deep/y.cpp", "src/x.cpp"}));
    EXPECT_EQ(names("**/*.cpp"), (Names{"a.cpp", "src/deep/y.cpp", "src/x.cpp"}));
    EXPECT_EQ(names("*.log"), Names{});
    EXPECT_EQ(names("src/deep/y.[ch]"), (Names{"src/deep/y.h"}));
}

TEST_F(AttachmentsTest, AMessageMentionsThem) {
    const auto paths = [&](const std::string& message) {
        const auto found = mentioned_files(message);
        EXPECT_TRUE(found) << found.error().message;
        std::vector<std::string> all;
        for (const Attachment& one : *found)
            all.push_back(one.path.substr(folder_.path().size() + 1));
        return all;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(paths(fmt::format("what does @{}, do?", at("a.cpp"))), (Names{"a.cpp"}));
    EXPECT_EQ(paths(fmt::format("@{} and @{}", at("a.cpp:1-2"), at("src/*.cpp"))),
              (Names{"a.cpp:1-2", "src/x.cpp"}));
    EXPECT_EQ(paths(fmt::format("@{} @{}", at("a.cpp"), at("a.cpp"))), (Names{"a.cpp"}));
    EXPECT_EQ(paths("mail me@home.org, @nobody or @"), Names{});
    EXPECT_FALSE(mentioned_files("look at @" + at("binary.bin")));
}

TEST(CodeBlocks, AreFoundAsMarkdownMeansThem) {
    const auto blocks = code_blocks(
        "Text\n```cpp\nint x;\n\nint y;\n```\nmore\n  ~~~~ {.py}\n  a\n   b\n~~~\n  ~~~~\n"
        "    ```\nno\n````\n```\nopen");
    ASSERT_EQ(blocks.size(), 3u);
    EXPECT_EQ(blocks[0].language, "cpp");
    EXPECT_EQ(blocks[0].text, "int x;\n\nint y;\n");
    EXPECT_EQ(blocks[1].text, "a\n b\n~~~\n");
    EXPECT_EQ(blocks[2].text, "```\nopen\n");  // never closed
    EXPECT_TRUE(code_blocks("no code").empty());
    EXPECT_TRUE(code_blocks("").empty());
}

}  // namespace
}  // namespace hearth
