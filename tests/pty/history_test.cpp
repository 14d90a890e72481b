// hearth history and stats as a person and as scripts use them.
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "storage/store.h"
#include "tests/pty/chat_fixture.h"

namespace hearth {
namespace {

using Json = nlohmann::json;

class HistoryTest : public ProgramTest {
  protected:
    // Two conversations with answers and statistics, in the home of the program.
    void fill() {
        const auto store = open();
        Conversations& conversations = store->conversations();
        for (const std::string text : {"why is the sky blue", "a second conversation"}) {
            const auto id = conversations.create("tiny")->id;
            const auto question = conversations.append({.conversation = id, .content = text});
            const auto answer = conversations.append(
                {id, *question, Role::assistant, "because", MessageState::done, "tiny"});
            TurnStats turn;
            turn.model = "tiny";
            turn.decode_tokens = 50;
            turn.decode_seconds = 0.5;
            ASSERT_TRUE(store->run_stats().record(*answer, turn));
        }
        ASSERT_TRUE(store->characters().put({"Ada", "{}", 5}));
    }
    std::unique_ptr<Store> open() {
        auto store = Store::open(*DataDir::resolve({.hearth_home = home()}), Access::write);
        EXPECT_TRUE(store) << store.error().message;
        return store ? std::move(*store) : nullptr;
    }
    std::string output(const std::vector<std::string>& arguments) {
        const ProcessResult result = run(arguments);
        EXPECT_EQ(result.exit_code, 0) << result.err;
        return result.out;
    }
    void expect_error(const std::vector<std::string>& arguments, int code, std::string_view words) {
        const ProcessResult result = run(arguments);
        EXPECT_EQ(result.exit_code, code) << result.err;
        EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
        EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    }
};

TEST_F(HistoryTest, ExportWipeImportGivesTheSame) {
    fill();
    for (const std::string name : {"all.hearth", "all.jsonl"}) {
        const std::string file = folder_.file(name);
        output({"history", "tag", "1", "nature"});
        output({"history", "export", "-o", file});
        const std::string before = output({"history", "export", "--format", "jsonl"});
        const std::string stats = output({"stats", "--json"});
        std::filesystem::remove_all(home());
        EXPECT_EQ(output({"history", "list", "--json"}), "");
        const ProcessResult imported = run({"history", "import", file});
        EXPECT_EQ(imported.exit_code, 0) << imported.err;
        EXPECT_EQ(imported.err, "2 conversations imported, 0 already here, 1 character\n");
        EXPECT_EQ(output({"history", "export", "--format", "jsonl"}), before);
        EXPECT_EQ(output({"stats", "--json"}), stats);
        const ProcessResult again = run({"history", "import", file});
        EXPECT_EQ(again.err, "0 conversations imported, 2 already here, 0 characters\n");
        EXPECT_EQ(output({"history", "export", "--format", "jsonl"}), before);
    }
}

TEST_F(HistoryTest, ABadArchiveIsOneLineAndLeavesWhatWasThere) {
    fill();
    const std::string good = output({"history", "export", "--format", "archive"});
    const std::string lines = output({"history", "export", "--format", "jsonl"});
    const auto refused = [&](const std::string& content, std::string_view words) {
        const std::string file = folder_.file("bad");
        std::ofstream(file, std::ios::binary) << content;
        expect_error({"history", "import", file}, 2, words);
    };
    refused("", "empty");
    refused("hello\n", "line 1");
    refused("{\"character\":{\"name\":\"x\",\"card\":\"\",\"added_ms\":1}}\n", "header");
    refused("{\"hearth_archive\":1}\n{\"conversation\":{\"uid\":5}}\n",
            "'uid' is not a text, line 2");
    refused("{\"hearth_archive\":7}\n", "version 7");
    refused("{\"hearth_archive\":1}\n[[[[[[", "line 2");
    refused(good.substr(0, good.size() - 20), "ends early");
    std::string damaged = good;
    damaged[good.size() / 2] = static_cast<char>(damaged[good.size() / 2] ^ 0x55);
    refused(damaged, "damaged");
    EXPECT_EQ(output({"history", "export", "--format", "jsonl"}), lines);
}

TEST_F(HistoryTest, SearchRenameTagDeleteBackup) {
    fill();
    EXPECT_NE(output({"history", "search", "sky"}).find("why is the sky blue"), std::string::npos);
    EXPECT_EQ(output({"history", "search", "nowhere"}), "nothing found\n");
    const Json hit = Json::parse(output({"history", "search", "sky", "--json"}));
    EXPECT_EQ(hit["conversation"], 1);
    EXPECT_EQ(hit["role"], "user");
    output({"history", "rename", "1", "Colours", "of", "air"});
    EXPECT_NE(output({"history", "list"}).find("Colours of air"), std::string::npos);
    output({"history", "tag", "1", "nature", "#physics"});
    const std::string tagged = output({"history", "list", "--tag", "physics"});
    EXPECT_NE(tagged.find("#nature #physics"), std::string::npos);
    EXPECT_EQ(std::count(tagged.begin(), tagged.end(), '\n'), 1);
    output({"history", "tag", "1", "--remove", "nature"});
    expect_error({"history", "tag", "1", "--remove", "nature"}, 1, "has no such tag");
    expect_error({"history", "tag", "1", "two words"}, 1, "one word");
    const std::string copy = folder_.file("copy.db");
    output({"history", "backup", copy});
    expect_error({"history", "backup", copy}, 3, "cannot make the copy");
    output({"history", "delete", "1", "--yes"});
    EXPECT_EQ(output({"history", "search", "sky"}), "nothing found\n");
    expect_error({"history", "show", "1"}, 1, "does not exist");
}

TEST_F(HistoryTest, StatsInThreeForms) {
    EXPECT_NE(output({"stats"}).find("no answers in the last 30 days"), std::string::npos);
    fill();
    const std::string table = output({"stats"});
    EXPECT_NE(table.find("100.0 ████"), std::string::npos) << table;
    const Json json = Json::parse(output({"stats", "--by", "model", "--json"}));
    EXPECT_EQ(json["turns"], 2);
    EXPECT_EQ(json["decode_tokens_per_second"], 100.0);
    EXPECT_TRUE(json["cold_hit_rate"].is_null());
    std::istringstream csv(output({"stats", "--csv", "--by", "turn"}));
    std::string line;
    int lines = 0;
    for (; std::getline(csv, line); ++lines) {
        EXPECT_EQ(std::count(line.begin(), line.end(), ','), 12) << line;
    }
    EXPECT_EQ(lines, 3);
    expect_error({"stats", "--csv", "--json"}, 1, "excludes");
}

// One writes at a time; reading works beside it.
TEST_F(HistoryTest, BesideAWriterOnlyReadingWorks) {
    fill();
    const auto writer = open();
    EXPECT_NE(output({"history", "list"}).find("sky"), std::string::npos);
    expect_error({"history", "rename", "1", "x"}, 3, "process");
    output({"history", "backup", folder_.file("beside.db")});
}

}  // namespace
}  // namespace hearth
