#include "storage/conversations.h"

#include <gtest/gtest.h>

#include "storage/schema.h"
#include "storage/store.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

class ConversationsTest : public testing::Test {
  protected:
    void SetUp() override { reopen(); }

    // As a restart of the program would.
    void reopen() {
        store_.reset();
        auto store = Store::open(*DataDir::resolve({.hearth_home = folder_.path()}), Access::write);
        ASSERT_TRUE(store) << store.error().message;
        store_ = std::move(*store);
    }
    Conversations& conversations() { return store_->conversations(); }
    ConversationId begin() { return conversations().create("tiny")->id; }
    MessageId say(ConversationId conversation, std::optional<MessageId> parent, Role role,
                  std::string_view content, MessageState state = MessageState::done) {
        const auto id = conversations().append({conversation, parent, role, content, state, ""});
        EXPECT_TRUE(id) << id.error().message;
        return id.value_or(MessageId{});
    }
    std::string words(ConversationId conversation) {
        std::string all;
        const auto messages = conversations().path(conversation);
        EXPECT_TRUE(messages) << messages.error().message;
        for (const Message& message : *messages) all += message.content + "|";
        return all;
    }

    TempFolder folder_;
    std::unique_ptr<Store> store_;
};

TEST_F(ConversationsTest, KeepsFiveTurnsOverARestart) {
    const auto conversation = begin();
    std::optional<MessageId> leaf;
    std::string expected;
    for (int turn = 0; turn < 5; ++turn) {
        const std::string question = "question " + std::to_string(turn);
        leaf = say(conversation, leaf, Role::user, question);
        leaf = say(conversation, leaf, Role::assistant, "", MessageState::draft);
        ASSERT_TRUE(conversations().grow(*leaf, "ans"));
        ASSERT_TRUE(conversations().finish(*leaf, {MessageState::done, "answer", "end_of_turn"}));
        expected += question + "|answer|";
    }
    reopen();
    EXPECT_TRUE(store_->interrupted().empty());
    EXPECT_EQ(words(conversation), expected);
    const auto message = conversations().path(conversation)->back();
    EXPECT_EQ(message.role, Role::assistant);
    EXPECT_EQ(message.state, MessageState::done);
    EXPECT_EQ(message.stop_reason, "end_of_turn");
    EXPECT_EQ(conversations().latest()->value().leaf, leaf);
}

TEST_F(ConversationsTest, AnEditIsABranchAndBothStay) {
    const auto conversation = begin();
    const auto first = say(conversation, std::nullopt, Role::user, "one");
    const auto old = say(conversation, first, Role::assistant, "old");
    say(conversation, first, Role::assistant, "new");
    EXPECT_EQ(words(conversation), "one|new|");
    ASSERT_TRUE(conversations().select_leaf(conversation, old));
    EXPECT_EQ(words(conversation), "one|old|");
    EXPECT_EQ(conversations().tree(conversation)->size(), 3u);
    // A first message may have alternatives too.
    say(conversation, std::nullopt, Role::user, "another beginning");
    EXPECT_EQ(words(conversation), "another beginning|");
}

TEST_F(ConversationsTest, AMessageStaysInItsConversation) {
    const auto a = begin();
    const auto b = begin();
    const auto of_a = say(a, std::nullopt, Role::user, "a");
    EXPECT_EQ(conversations().append({b, of_a, Role::user, "b"}).error().code, ErrorCode::usage);
    EXPECT_EQ(conversations().select_leaf(b, of_a).error().code, ErrorCode::usage);
    EXPECT_EQ(words(b), "");
    EXPECT_EQ(
        conversations().append({ConversationId{99}, std::nullopt, Role::user, "?"}).error().code,
        ErrorCode::usage);
}

TEST_F(ConversationsTest, FinishedTextNeverChanges) {
    const auto conversation = begin();
    const auto question = say(conversation, std::nullopt, Role::user, "q");
    EXPECT_EQ(conversations().grow(question, "other").error().code, ErrorCode::usage);
    EXPECT_EQ(conversations().finish(question, {}).error().code, ErrorCode::usage);
    EXPECT_EQ(conversations().resume(question).error().code, ErrorCode::usage);
    EXPECT_EQ(words(conversation), "q|");
}

TEST_F(ConversationsTest, AnInterruptedAnswerIsReportedOnceAndCanBeContinued) {
    const auto conversation = begin();
    const auto question = say(conversation, std::nullopt, Role::user, "q");
    const auto draft = say(conversation, question, Role::assistant, "", MessageState::draft);
    ASSERT_TRUE(conversations().grow(draft, "half an ans"));
    reopen();
    ASSERT_EQ(store_->interrupted().size(), 1u);
    const Message& message = store_->interrupted().front();
    EXPECT_EQ(message.content, "half an ans");
    EXPECT_EQ(message.state, MessageState::stopped);
    EXPECT_EQ(message.stop_reason, kInterrupted);
    EXPECT_EQ(conversations().path(conversation)->back().state, MessageState::stopped);

    ASSERT_TRUE(conversations().resume(message.id));
    ASSERT_TRUE(conversations().grow(message.id, "half an answer"));
    ASSERT_TRUE(
        conversations().finish(message.id, {MessageState::done, "half an answer.", "length"}));
    reopen();
    EXPECT_TRUE(store_->interrupted().empty());
    EXPECT_EQ(words(conversation), "q|half an answer.|");
}

TEST_F(ConversationsTest, TextIsBytes) {
    const auto conversation = begin();
    std::string text = "'; DROP TABLE message; -- \x1b[31m ünï \xff";
    text += '\0';
    text += "after nul";
    say(conversation, std::nullopt, Role::user, text);
    reopen();
    EXPECT_EQ(conversations().path(conversation)->front().content, text);
    const auto empty = begin();
    say(empty, std::nullopt, Role::user, "");
    EXPECT_EQ(words(empty), "|");
}

TEST_F(ConversationsTest, TitleComesFromTheFirstMessageUntilRenamed) {
    const auto conversation = begin();
    say(conversation, std::nullopt, Role::system, "be brief");
    EXPECT_EQ(conversations().get(conversation)->title, "");
    const auto first =
        say(conversation, std::nullopt, Role::user, "\n  Why is the sky blue? \nTell.");
    EXPECT_EQ(conversations().get(conversation)->title, "Why is the sky blue?");
    say(conversation, first, Role::user, "something else");
    EXPECT_EQ(conversations().get(conversation)->title, "Why is the sky blue?");
    ASSERT_TRUE(conversations().rename(conversation, "sky"));
    EXPECT_EQ(conversations().get(conversation)->title, "sky");
    EXPECT_EQ(conversations().rename(ConversationId{99}, "?").error().code, ErrorCode::usage);
}

TEST(TitleFrom, CutsByCharactersNotBytes) {
    EXPECT_EQ(title_from(""), "");
    EXPECT_EQ(title_from(" \n\t"), "");
    EXPECT_EQ(title_from("hello"), "hello");
    std::string sixty;
    for (int i = 0; i < 60; ++i) sixty += "語";
    EXPECT_EQ(title_from(sixty), sixty);
    EXPECT_EQ(title_from(sixty + "x"), sixty + "…");
}

TEST_F(ConversationsTest, ListsNewestFirstWithCountAndPreview) {
    const auto a = begin();
    const auto b = begin();
    const auto in_a = say(a, std::nullopt, Role::user, "in a");
    say(b, std::nullopt, Role::user, "in b");
    say(a, in_a, Role::assistant, std::string(1000, 'x'));
    ASSERT_TRUE(conversations().rename(a, "the first"));

    const auto all = conversations().list(10);
    ASSERT_TRUE(all) << all.error().message;
    ASSERT_EQ(all->size(), 2u);
    const auto& newest = all->front().conversation.updated_ms >= all->back().conversation.updated_ms
                             ? all->front()
                             : all->back();
    EXPECT_EQ(&newest, &all->front());
    const bool a_first = all->front().conversation.id == a;
    const auto& of_a = a_first ? all->front() : all->back();
    EXPECT_EQ(of_a.messages, 2u);
    EXPECT_EQ(of_a.preview, std::string(kPreviewChars, 'x'));
    EXPECT_EQ(of_a.conversation.title, "the first");
    EXPECT_EQ(conversations().list(1)->size(), 1u);
    EXPECT_EQ(conversations().list(10, 2)->size(), 0u);
    EXPECT_EQ(conversations().list(SIZE_MAX)->size(), 2u);
}

TEST_F(ConversationsTest, FindsByNumberAndByUid) {
    const auto conversation = *conversations().create("tiny");
    ASSERT_EQ(conversation.uid.size(), 26u);
    EXPECT_EQ(conversations().find("1")->uid, conversation.uid);
    EXPECT_EQ(conversations().find(conversation.uid)->id, conversation.id);
    std::string lower = conversation.uid.substr(0, 20);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_EQ(conversations().find(lower)->id, conversation.id);

    begin();
    for (const char* bad : {"", "7", "0", "01", "99999999999999999999", "x'; --", "\x1b[2J",
                            "01ARZ3NDEKTSV4RRFFQ69G5FAVX"}) {
        const auto found = conversations().find(bad);
        ASSERT_FALSE(found) << bad;
        EXPECT_EQ(found.error().code, ErrorCode::usage);
        EXPECT_EQ(found.error().message.find('\x1b'), std::string::npos);
    }
}

TEST(Conversations, RemovesALongConversationWholly) {
    // One message below the other, longer than SQLite's depth of nested deletes.
    auto database = Database::open_in_memory();
    ASSERT_TRUE(database && migrate(*database, schema_migrations(), "unused"));
    Conversations conversations(*database);
    RunStatsLog run_stats(*database);
    const auto long_one = conversations.create("m")->id;
    const auto other = conversations.create("m")->id;
    ASSERT_TRUE(conversations.append({.conversation = other, .parent = {}, .content = "stays"}));
    std::optional<MessageId> leaf;
    for (int i = 0; i < 1100; ++i) {
        leaf = *conversations.append({.conversation = long_one, .parent = leaf, .content = "m"});
    }
    ASSERT_TRUE(run_stats.record(*leaf, {}));
    EXPECT_EQ(conversations.path(long_one)->size(), 1100u);

    const auto removed = conversations.remove(long_one);
    ASSERT_TRUE(removed) << removed.error().message;
    EXPECT_FALSE(conversations.get(long_one));
    EXPECT_TRUE(run_stats.of_message(*leaf)->empty());
    EXPECT_EQ(*database->integer("SELECT count(*) FROM part"), 1);
    EXPECT_EQ(conversations.path(other)->size(), 1u);
    EXPECT_EQ(conversations.remove(long_one).error().code, ErrorCode::usage);
    // Numbers are never given twice.
    const auto next = conversations.create("m")->id;
    EXPECT_NE(next, long_one);
    EXPECT_NE(next, other);
}

TEST_F(ConversationsTest, AReaderSeesWhatIsCommittedWhileTheWriterRuns) {
    const auto dir = *DataDir::resolve({.hearth_home = folder_.path()});
    const auto conversation = begin();
    const auto reader = Store::open(dir, Access::read);
    ASSERT_TRUE(reader) << reader.error().message;
    const auto draft = say(conversation, std::nullopt, Role::assistant, "dr", MessageState::draft);
    ASSERT_TRUE(conversations().grow(draft, "draft"));
    const auto seen = (*reader)->conversations().path(conversation);
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ(seen->front().content, "draft");
    EXPECT_EQ(seen->front().state, MessageState::draft);
    EXPECT_FALSE((*reader)->conversations().rename(conversation, "no"));
    EXPECT_TRUE(conversations().finish(draft, {MessageState::done, "d", ""}));
}

TEST(Store, ReadingBeforeAnythingWasWrittenTouchesNothing) {
    const TempFolder folder;
    const auto store =
        Store::open(*DataDir::resolve({.hearth_home = folder.file("new")}), Access::read);
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_TRUE((*store)->conversations().list(10)->empty());
    EXPECT_FALSE(std::filesystem::exists(folder.file("new")));
}

TEST_F(ConversationsTest, TurnStatisticsComeBackAsTheyWere) {
    const auto conversation = begin();
    const auto answer = say(conversation, std::nullopt, Role::assistant, "a");
    TurnStats stats;
    stats.model = "tiny";
    stats.plan = "plan";
    stats.sampler_json = R"({"seed":18446744073709551615})";
    uint64_t next = 1;
    for (uint64_t* field :
         {&stats.threads, &stats.context_tokens, &stats.prompt_tokens, &stats.reused_tokens,
          &stats.prefill_tokens, &stats.decode_tokens, &stats.fixed_bytes, &stats.hot_bytes,
          &stats.hot_hits, &stats.cold_bytes, &stats.cold_capacity_bytes, &stats.cold_hits,
          &stats.cold_misses, &stats.cold_evictions, &stats.io_reads, &stats.io_bytes,
          &stats.memory_budget_bytes, &stats.peak_rss_bytes}) {
        *field = next++;
    }
    for (double* field : {&stats.prefill_seconds, &stats.decode_seconds, &stats.ttft_ms,
                          &stats.latency_mean_ms, &stats.latency_p50_ms, &stats.latency_p90_ms,
                          &stats.latency_p99_ms, &stats.io_stall_seconds}) {
        *field = static_cast<double>(next++) + 0.25;
    }
    stats.sparsity_mode = "exact";
    stats.active_fraction = 0.1;
    ASSERT_TRUE(store_->run_stats().record(answer, stats));
    reopen();
    const auto turns = store_->run_stats().of_message(answer);
    ASSERT_TRUE(turns) << turns.error().message;
    ASSERT_EQ(turns->size(), 1u);
    EXPECT_TRUE(turns->front() == stats);
    EXPECT_EQ(turns->front().predictor_recall, std::nullopt);
    EXPECT_EQ(store_->run_stats().record(MessageId{99}, stats).error().code, ErrorCode::usage);
}

}  // namespace
}  // namespace hearth
