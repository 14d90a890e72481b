// What a person types is found: words, pieces of words, and scripts without spaces.
#include "storage/search.h"

#include <gtest/gtest.h>

#include "storage/database.h"
#include "storage/store.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

class SearchTest : public testing::Test {
  protected:
    void SetUp() override {
        auto store = Store::open(*DataDir::resolve({.hearth_home = folder_.path()}), Access::write);
        ASSERT_TRUE(store) << store.error().message;
        store_ = std::move(*store);
    }
    ConversationId say(const std::vector<std::string>& texts) {
        const auto conversation = store_->conversations().create("tiny");
        EXPECT_TRUE(conversation);
        std::optional<MessageId> leaf;
        for (const std::string& text : texts) {
            const auto added = store_->conversations().append(
                {.conversation = conversation->id, .parent = leaf, .content = text});
            EXPECT_TRUE(added);
            leaf = *added;
        }
        return conversation->id;
    }
    std::vector<SearchHit> find(std::string_view query, const SearchFilter& filter = {}) {
        auto hits = store_->search().find(query, filter);
        EXPECT_TRUE(hits) << hits.error().message;
        return hits ? std::move(*hits) : std::vector<SearchHit>{};
    }
    size_t count(std::string_view query) { return find(query).size(); }

    TempFolder folder_;
    std::unique_ptr<Store> store_;
};

TEST_F(SearchTest, WordsPiecesAndCaseAndDiacritics) {
    say({"The Quick brown fox", "jumps über the naïve Straße"});
    EXPECT_EQ(count("quick"), 1u);
    EXPECT_EQ(count("QUICK fox"), 1u);
    EXPECT_EQ(count("quick jumps"), 0u);  // not in the same message
    EXPECT_EQ(count("uber"), 1u);
    EXPECT_EQ(count("naive"), 1u);
    EXPECT_EQ(count("row"), 1u);   // inside brown
    EXPECT_EQ(count("traß"), 1u);  // inside Straße
    EXPECT_EQ(count("fo"), 1u);    // the beginning of a word
    EXPECT_EQ(count("um"), 0u);    // two letters in the middle of a word find nothing: too much
    EXPECT_EQ(count("the"), 2u);
    EXPECT_EQ(count("absent"), 0u);
}

// The trap: a trigram table answers LIKE with two characters with "no rows".
TEST_F(SearchTest, TwoCharactersOfAScriptWithoutSpaces) {
    say({"全文検索について教えてください", "중국어 문장", "我们检索数据库"});
    EXPECT_EQ(count("検索"), 1u);
    EXPECT_EQ(count("索"), 2u);
    EXPECT_EQ(count("全文検索"), 1u);
    EXPECT_EQ(count("について"), 1u);
    EXPECT_EQ(count("数据库"), 1u);
    EXPECT_EQ(count("検索 教え"), 1u);
    EXPECT_EQ(count("文장"), 0u);
    EXPECT_EQ(count("전문 検索"), 0u);
    EXPECT_EQ(count("教えて 検索"), 1u);  // three characters and two
}

TEST_F(SearchTest, WhatLooksLikeSyntaxIsText) {
    say({"printf(\"%d_%s\", a+b); NOT here AND there* c++ {col:x}", "plain"});
    EXPECT_EQ(count("c++"), 1u);
    EXPECT_EQ(count("%d_%s"), 1u);
    EXPECT_EQ(count("%"), 1u);
    EXPECT_EQ(count("_"), 1u);
    EXPECT_EQ(count("a+"), 1u);
    EXPECT_EQ(count("AND"), 1u);
    EXPECT_EQ(count("col:x"), 1u);
    EXPECT_EQ(count("there*"), 1u);
    EXPECT_EQ(count("\"here AND there\""), 1u);
    EXPECT_EQ(count("\"there AND here\""), 0u);
    EXPECT_EQ(count("'; DROP TABLE part; --"), 0u);
    EXPECT_EQ(count("plain"), 1u);
}

TEST_F(SearchTest, WrongQueriesAreUsageErrors) {
    for (const std::string& query :
         {std::string(), std::string("  \t"), std::string("\"open"), std::string(2000, 'x'),
          std::string("a b c d e f g h i j k l m n o p q"), std::string("a\0b", 3)}) {
        const auto hits = store_->search().find(query, {});
        ASSERT_FALSE(hits) << query;
        EXPECT_EQ(hits.error().code, ErrorCode::usage);
    }
}

TEST_F(SearchTest, DraftsAreFoundWhenTheyAreFinished) {
    const auto id = say({"question"});
    const auto leaf = store_->conversations().get(id)->leaf;
    const auto draft = store_->conversations().append(
        {id, leaf, Role::assistant, "", MessageState::draft, "tiny"});
    ASSERT_TRUE(draft);
    ASSERT_TRUE(store_->conversations().grow(*draft, "growing words"));
    EXPECT_EQ(count("growing"), 0u);
    ASSERT_TRUE(store_->conversations().finish(*draft, {MessageState::stopped, "half", "length"}));
    EXPECT_EQ(count("half"), 1u);
    EXPECT_EQ(count("growing"), 0u);
    // Continued: not found while it grows, then by its new text only once.
    ASSERT_TRUE(store_->conversations().resume(*draft));
    EXPECT_EQ(count("half"), 0u);
    ASSERT_TRUE(
        store_->conversations().finish(*draft, {MessageState::done, "half and whole", "length"}));
    EXPECT_EQ(count("half"), 1u);
    EXPECT_EQ(count("whole"), 1u);
}

TEST_F(SearchTest, WhatIsDeletedIsNotFoundAndTheIndexAgrees) {
    const auto gone = say({"a secret thing", "another secret"});
    say({"no such thing"});
    EXPECT_EQ(count("secret"), 2u);
    ASSERT_TRUE(store_->conversations().remove(gone));
    EXPECT_EQ(count("secret"), 0u);
    EXPECT_EQ(count("thing"), 1u);
    ASSERT_TRUE(store_->search().forget_deleted());
    auto database = Database::open(folder_.file("hearth.db"), Access::write);
    ASSERT_TRUE(database);
    // SQLite's own comparison of the index with the text.
    for (const char* check :
         {"INSERT INTO fts_word (fts_word, rank) VALUES ('integrity-check', 1)",
          "INSERT INTO fts_gram (fts_gram, rank) VALUES ('integrity-check', 1)"}) {
        const auto checked = database->execute(check);
        EXPECT_TRUE(checked) << checked.error().message;
    }
    ASSERT_TRUE(store_->search().rebuild());
    EXPECT_EQ(count("thing"), 1u);
}

TEST_F(SearchTest, NewestFirstWithinLimitAndTag) {
    const auto first = say({"apple one"});
    const auto second = say({"apple two", "apple three"});
    ASSERT_TRUE(store_->conversations().tag(first, "fruit"));
    const auto hits = find("apple");
    ASSERT_EQ(hits.size(), 3u);
    EXPECT_EQ(hits[0].excerpt, "apple three");
    EXPECT_EQ(hits[2].conversation.id, first);
    EXPECT_EQ(find("apple", {.limit = 2}).size(), 2u);
    const auto tagged = find("apple", {.tag = "fruit"});
    ASSERT_EQ(tagged.size(), 1u);
    EXPECT_EQ(tagged[0].conversation.id, first);
    ASSERT_TRUE(store_->conversations().rename(second, "Orchard notes"));
    const auto title = find("orchard");
    ASSERT_EQ(title.size(), 1u);
    EXPECT_FALSE(title[0].message);
}

TEST_F(SearchTest, TheExcerptIsAroundTheMatch) {
    const std::string far = std::string(300, 'x') + " ünï ÄÖ needle\nand " + std::string(300, 'y');
    say({far});
    const auto hits = find("NEEDLE");
    ASSERT_EQ(hits.size(), 1u);
    const SearchHit& hit = hits[0];
    EXPECT_EQ(hit.excerpt.substr(hit.match_begin, hit.match_bytes), "needle");
    EXPECT_TRUE(hit.excerpt.starts_with("…"));
    EXPECT_TRUE(hit.excerpt.ends_with("…"));
    EXPECT_EQ(hit.excerpt.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace hearth
