// Conversations taken out of one store and put into another are the same; statistics in groups; and
// the way from the first schema to the newest.
#include "storage/archive.h"

#include <gtest/gtest.h>

#include "storage/conversation_rows.h"
#include "storage/schema.h"
#include "storage/store.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

class ArchiveTest : public testing::Test {
  protected:
    std::unique_ptr<Store> open(const std::string& name) {
        auto store =
            Store::open(*DataDir::resolve({.hearth_home = folder_.file(name)}), Access::write);
        EXPECT_TRUE(store) << store.error().message;
        return store ? std::move(*store) : nullptr;
    }
    static TurnStats turn(double speed) {
        TurnStats stats;
        stats.model = "tiny";
        stats.plan = "laptop-1";
        stats.prompt_tokens = 10;
        stats.prefill_tokens = 10;
        stats.prefill_seconds = 0.5;
        stats.decode_tokens = 100;
        stats.decode_seconds = 100.0 / speed;
        stats.cold_hits = 90;
        stats.cold_misses = 10;
        stats.active_fraction = 0.125;
        stats.layers = {{1, 2, 3, 4}, {5, 6, 7, uint64_t{1} << 40}};
        return stats;
    }
    static ConversationId fill(Store& store) {
        Conversations& conversations = store.conversations();
        const ConversationId id = conversations.create("tiny")->id;
        const auto question = conversations.append(
            {.conversation = id, .content = "look at this", .parts = {{"file", "int x;", "{}"}}});
        const auto first = conversations.append(
            {id, *question, Role::assistant, "one", MessageState::done, "tiny"});
        EXPECT_TRUE(conversations.append(
            {id, *question, Role::assistant, "two \xff", MessageState::stopped, "tiny"}));
        EXPECT_TRUE(conversations.select_leaf(id, *first));
        EXPECT_TRUE(conversations.tag(id, "code"));
        EXPECT_TRUE(conversations.set_setup(id, R"({"user":"Ada"})"));
        store.run_stats().use_machine("box, 2 cores");
        EXPECT_TRUE(store.run_stats().record(*first, turn(50.0)));
        EXPECT_TRUE(store.run_stats().record(*first, turn(100.0)));
        return id;
    }

    TempFolder folder_;
};

TEST_F(ArchiveTest, WhatWasTakenOutIsPutInOnce) {
    const auto from = open("from");
    const auto to = open("to");
    const auto id = fill(*from);
    ASSERT_TRUE(to->conversations().create("other"));  // so that numbers differ
    const auto archived = from->archive().read(id);
    ASSERT_TRUE(archived) << archived.error().message;
    const auto added = to->archive().add(*archived);
    ASSERT_TRUE(added && *added) << added.error().message;
    EXPECT_NE(**added, id);

    const auto again = to->archive().read(**added);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->setup, archived->setup);
    EXPECT_EQ(again->tags, archived->tags);
    EXPECT_EQ(again->conversation.uid, archived->conversation.uid);
    EXPECT_EQ(again->conversation.updated_ms, archived->conversation.updated_ms);
    ASSERT_EQ(again->messages.size(), archived->messages.size());
    for (size_t i = 0; i < again->messages.size(); ++i) {
        EXPECT_EQ(again->messages[i].message.content, archived->messages[i].message.content);
        EXPECT_EQ(again->messages[i].message.parts, archived->messages[i].message.parts);
        EXPECT_EQ(again->messages[i].turns, archived->messages[i].turns);
    }
    const auto path = to->conversations().path(**added);
    ASSERT_EQ(path->size(), 2u);
    EXPECT_EQ(path->back().content, "one");
    EXPECT_EQ(to->search().find("look", {})->size(), 1u);

    const auto twice = to->archive().add(*archived);
    ASSERT_TRUE(twice);
    EXPECT_FALSE(*twice);
}

TEST_F(ArchiveTest, WhatContradictsItselfLeavesNothingBehind) {
    const auto from = open("from");
    const auto to = open("to");
    const auto good = *from->archive().read(fill(*from));
    auto orphan = good;
    orphan.messages[1].message.parent = MessageId{99};
    auto no_leaf = good;
    no_leaf.conversation.leaf = MessageId{99};
    auto twins = good;
    twins.messages[2].message.id = twins.messages[1].message.id;
    auto no_uid = good;
    no_uid.conversation.uid = "'; DROP TABLE";
    for (const auto& bad : {orphan, no_leaf, twins, no_uid}) {
        const auto added = to->archive().add(bad);
        ASSERT_FALSE(added);
        EXPECT_EQ(added.error().code, ErrorCode::bad_file);
    }
    EXPECT_TRUE(to->conversations().list(10)->empty());
}

TEST_F(ArchiveTest, GroupsAreSumsOverSums) {
    const auto store = open("one");
    fill(*store);
    for (const auto by : {GroupBy::day, GroupBy::plan, GroupBy::model, GroupBy::machine}) {
        const auto rows = store->run_stats().summary(by, 0);
        ASSERT_TRUE(rows) << rows.error().message;
        ASSERT_EQ(rows->size(), 1u);
        const StatsRow& row = rows->front();
        EXPECT_EQ(row.turns, 2u);
        EXPECT_EQ(row.decode_tokens, 200u);
        EXPECT_NEAR(*row.decode_tokens_per_second, 200.0 / 3.0, 1e-9);  // not the mean, 75
        EXPECT_NEAR(*row.cold_hit_rate, 0.9, 1e-12);
    }
    EXPECT_EQ(store->run_stats().summary(GroupBy::turn, 0)->size(), 2u);
    EXPECT_EQ(store->run_stats().summary(GroupBy::plan, 0)->front().group, "laptop-1");
    EXPECT_EQ(store->run_stats().summary(GroupBy::machine, 0)->front().group, "box, 2 cores");
    EXPECT_TRUE(store->run_stats().summary(GroupBy::day, now_ms() + 1000)->empty());
}

TEST_F(ArchiveTest, OldSamplesAreThinnedAndVeryOldOnesGo) {
    const auto store = open("one");
    constexpr int64_t kDay = 86'400'000;
    const int64_t now = int64_t{20'000} * kDay;
    const auto put = [&](int64_t at, double speed) {
        ASSERT_TRUE(store->run_stats().add_sample(
            {.at_ms = at, .tokens_per_second = speed, .io_bytes = 10}));
    };
    for (int i = 0; i < 120; ++i) put(now - 40 * kDay + i * 1000, i < 60 ? 10.0 : 20.0);
    for (int i = 0; i < 10; ++i) put(now - kDay + i * 1000, 5.0);
    put(now - 400 * kDay, 1.0);
    ASSERT_TRUE(store->run_stats().thin_samples(now));
    const auto samples = store->run_stats().samples(0);
    ASSERT_TRUE(samples);
    ASSERT_EQ(samples->size(), 12u);
    EXPECT_EQ(samples->at(0).tokens_per_second, 10.0);
    EXPECT_EQ(samples->at(1).tokens_per_second, 20.0);
    EXPECT_EQ(samples->at(0).seconds, 60.0);
    EXPECT_EQ(samples->at(0).io_bytes, 600u);
    const auto before = *samples;
    ASSERT_TRUE(store->run_stats().thin_samples(now));
    EXPECT_EQ(*store->run_stats().samples(0), before);
}

TEST_F(ArchiveTest, TheFirstSchemaIsBroughtUpWithItsContent) {
    const DataDir dir = *DataDir::resolve({.hearth_home = folder_.file("old")});
    ASSERT_TRUE(dir.create());
    {
        auto database = Database::open(dir.database(), Access::write);
        ASSERT_TRUE(database);
        ASSERT_TRUE(migrate(*database, schema_migrations().first(1), dir.backups()));
        ASSERT_TRUE(database->run_script(
            "INSERT INTO conversation VALUES (1, '01M7WF7Q151KBBJCFQZ03613SB', 'old', 'm', 1, 2, "
            "NULL);"
            "INSERT INTO message VALUES (1, 1, NULL, 'user', 'done', '', '', 1);"
            "INSERT INTO part VALUES (1, 1, 0, 'text', 'words of old');"
            "INSERT INTO message VALUES (2, 1, 1, 'assistant', 'draft', '', 'm', 1);"
            "INSERT INTO part VALUES (2, 2, 0, 'text', 'half of old');"
            "UPDATE conversation SET leaf = 2;"));
    }
    // A reader brings it up too, when nobody writes.
    const auto reader = Store::open(dir, Access::read);
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_EQ((*reader)->search().find("words", {})->size(), 1u);
    EXPECT_TRUE(std::filesystem::exists(dir.backups()));
    const auto writer = Store::open(dir, Access::write);
    ASSERT_TRUE(writer) << writer.error().message;
    EXPECT_EQ((*writer)->interrupted().size(), 1u);
    EXPECT_EQ((*writer)->search().find("half", {})->size(), 1u);
}

TEST_F(ArchiveTest, TheViewsHaveTheirColumns) {
    const auto store = open("views");
    fill(*store);
    auto database = Database::open(
        DataDir::resolve({.hearth_home = folder_.file("views")})->database(), Access::read);
    ASSERT_TRUE(database);
    for (const char* sql :
         {"SELECT message, conversation, uid, title, parent, role, state, stop_reason, model, "
          "created_ms, created, text FROM v_messages",
          "SELECT turn, message, conversation, recorded, day, model, plan, machine, "
          "prefill_tokens_per_second, decode_tokens_per_second, cold_hit_rate, io_bytes, "
          "io_stall_seconds FROM v_turns",
          "SELECT day, model, plan, machine, turns, prompt_tokens, decode_tokens_per_second, "
          "cold_hit_rate, io_bytes, io_stall_seconds FROM v_daily"}) {
        auto rows = database->query(sql);
        ASSERT_TRUE(rows) << rows.error().message;
        EXPECT_TRUE(*rows->next());
    }
}

TEST_F(ArchiveTest, ABackupIsAWholeStoreAndNeverReplacesAFile) {
    const auto store = open("live");
    fill(*store);
    const auto reader =
        Store::open(*DataDir::resolve({.hearth_home = folder_.file("live")}), Access::read);
    ASSERT_TRUE(reader);
    const std::string path = folder_.file("copy/hearth.db");
    ASSERT_TRUE(make_private_folder(folder_.file("copy")));
    const auto copied = (*reader)->back_up(path);
    ASSERT_TRUE(copied) << copied.error().message;
    EXPECT_EQ((*reader)->back_up(path).error().code, ErrorCode::machine);
    const auto copy =
        Store::open(*DataDir::resolve({.hearth_home = folder_.file("copy")}), Access::read);
    ASSERT_TRUE(copy) << copy.error().message;
    EXPECT_EQ((*copy)->conversations().list(10)->size(), 1u);
}

}  // namespace
}  // namespace hearth
