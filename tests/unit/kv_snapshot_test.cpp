// A conversation that is reopened from a snapshot goes on as if it had never been closed; a
// snapshot that does not fit, or is damaged, is as good as none.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "app/kv_reuse.h"
#include "tests/data/tiny_model.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

class KvSnapshotTest : public testing::Test {
  protected:
    void SetUp() override {
        TinyModelOptions options;
        options.pwri = true;
        options.ffn_activation = "relu";
        ASSERT_TRUE(tiny_model(options).write(folder_.file("tiny.gguf")));
        auto model = Model::open(folder_.file("tiny.gguf"), {});
        ASSERT_TRUE(model);
        model_ = std::move(*model);
    }
    std::unique_ptr<Session> session(size_t n_ctx = 512) const {
        auto made = Session::create(*model_, {.n_ctx = n_ctx});
        EXPECT_TRUE(made);
        return std::move(*made);
    }
    KvReuse reuse(Session& of) const {
        auto made = KvReuse::create(of, {folder_.file("kv"), uint64_t{1} << 30});
        EXPECT_TRUE(made);
        return std::move(*made);
    }
    static std::vector<Token> prompt(size_t n, uint32_t seed = 7) {
        std::vector<Token> tokens{Token{kTinyBos}};
        for (uint32_t i = 1; i < n; ++i) tokens.push_back(Token{kTinyPieces + i * seed % 40});
        return tokens;
    }
    static std::vector<float> logits_after(Session& session, std::span<const Token> tokens) {
        EXPECT_TRUE(session.prefill(tokens, {}));
        return {session.logits().begin(), session.logits().end()};
    }
    std::vector<std::string> files() const {
        std::vector<std::string> found;
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(folder_.file("kv"), error)) {
            found.push_back(entry.path().string());
        }
        return found;
    }
    // What stands in a folder of snapshots after one conversation.
    std::vector<Token> keep_a_conversation(size_t n = 200) {
        const auto first = session();
        KvReuse keeper = reuse(*first);
        EXPECT_TRUE(first->prefill(prompt(n), {}));
        keeper.keep();
        return {first->tokens().begin(), first->tokens().end()};
    }

    TempFolder folder_;
    std::unique_ptr<Model> model_;
};

TEST_F(KvSnapshotTest, ReopenedItGoesOnBitForBit) {
    auto tokens = prompt(200);
    const auto open_all_along = session();
    ASSERT_TRUE(open_all_along->prefill(tokens, {}));
    keep_a_conversation();
    tokens.push_back(Token{kTinyPieces + 3});
    tokens.push_back(Token{kTinyPieces + 5});
    const auto expected = logits_after(*open_all_along, tokens);

    const auto reopened = session(1024);  // another context length does not matter
    KvReuse reuser = reuse(*reopened);
    reuser.prepare(tokens);
    EXPECT_EQ(reopened->tokens_to_read(tokens), 2u);
    EXPECT_EQ(logits_after(*reopened, tokens), expected);
    EXPECT_EQ(reopened->stats().reused_tokens, 200u);
}

TEST_F(KvSnapshotTest, AnEditReadsOnlyWhatChanged) {
    keep_a_conversation();
    auto edited = prompt(200);
    edited[150] = Token{kTinyPieces + 1};
    const auto reopened = session();
    KvReuse reuser = reuse(*reopened);
    reuser.prepare(edited);
    EXPECT_EQ(reopened->tokens_to_read(edited), 50u);
    // A part of what was kept, computed on from there: nearly a fresh reading (the batches differ).
    const auto fresh = session();
    const auto expected = logits_after(*fresh, edited);
    const auto found = logits_after(*reopened, edited);
    double difference = 0.0;
    for (size_t i = 0; i < found.size(); ++i) difference += std::abs(found[i] - expected[i]);
    EXPECT_LT(difference / static_cast<double>(found.size()), 0.05);
}

TEST_F(KvSnapshotTest, AnotherConversationDisplacesItAndItComesBack) {
    const auto one = session();
    KvReuse reuser = reuse(*one);
    const auto a = prompt(200, 7);
    const auto b = prompt(180, 11);
    for (const auto& tokens : {a, b, a, b}) {
        reuser.prepare(tokens);
        ASSERT_TRUE(one->prefill(tokens, {}));
    }
    EXPECT_EQ(one->stats().reused_tokens, 179u);  // b had been kept when a came back
    EXPECT_EQ(files().size(), 2u);
}

TEST_F(KvSnapshotTest, WhatGrewReplacesItsBeginning) {
    const auto one = session();
    KvReuse keeper = reuse(*one);
    for (const size_t n : {100u, 200u, 300u}) {
        ASSERT_TRUE(one->prefill(prompt(n), {}));
        keeper.keep();
    }
    EXPECT_EQ(files().size(), 1u);
    const auto before = fs::last_write_time(files()[0]);
    keeper.keep();  // nothing new: nothing written
    EXPECT_EQ(fs::last_write_time(files()[0]), before);
}

TEST_F(KvSnapshotTest, AnotherModelFindsNothing) {
    keep_a_conversation();
    TinyModelOptions other;
    other.seed = 99;
    ASSERT_TRUE(tiny_model(other).write(folder_.file("other.gguf")));
    const auto model = Model::open(folder_.file("other.gguf"), {});
    ASSERT_TRUE(model);
    const auto one = Session::create(**model, {.n_ctx = 512});
    ASSERT_TRUE(one);
    KvReuse reuser = reuse(**one);
    reuser.prepare(prompt(200));
    EXPECT_TRUE((*one)->tokens().empty());
}

TEST_F(KvSnapshotTest, DamagedInAnyWayItIsNeverWrong) {
    const auto tokens = prompt(200);
    const auto whole = session();
    logits_after(*whole, tokens);
    const auto expected = logits_after(*whole, tokens);  // the last token alone, again
    keep_a_conversation();
    ASSERT_EQ(files().size(), 1u);
    const std::string path = files()[0];
    std::ifstream file(path, std::ios::binary);
    const std::string good{std::istreambuf_iterator<char>(file), {}};
    const auto check = [&](const std::string& bad) {
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bad;
        const auto one = session();
        KvReuse reuser = reuse(*one);
        reuser.prepare(tokens);
        EXPECT_EQ(logits_after(*one, tokens).size(), expected.size());
        // Computed, or the very same cache: nothing between.
        const size_t reused = one->stats().reused_tokens;
        EXPECT_TRUE(reused == 0 || logits_after(*one, tokens) == expected) << reused;
    };
    for (size_t at = 0; at < good.size(); at += 1 + good.size() / 40) {
        std::string bad = good;
        bad[at] = static_cast<char>(bad[at] ^ 0x10);
        check(bad);
        check(good.substr(0, at));
    }
    check(good + "more");
}

TEST_F(KvSnapshotTest, TheFolderStaysBelowItsSize) {
    KvSnapshots snapshots(folder_.file("kv"), 300'000);
    const std::vector<std::byte> kv(100'000 & ~1u, std::byte{1});
    std::vector<std::byte> noise = kv;
    uint64_t state = 1;
    for (auto& byte : noise) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        byte = static_cast<std::byte>(state >> 56);
    }
    for (uint32_t i = 0; i < 6; ++i) {
        const std::vector<uint32_t> tokens(100, i);
        ASSERT_TRUE(snapshots.save("m", tokens, noise.size(),
                                   [&](const ByteSink& sink) { return sink(noise); }));
    }
    uint64_t total = 0;
    for (const std::string& file : files()) total += fs::file_size(file);
    EXPECT_LE(total, 300'000u);
    EXPECT_GE(files().size(), 2u);
    EXPECT_TRUE(snapshots.find("m", std::vector<uint32_t>(100, 5)));
    EXPECT_FALSE(snapshots.find("m", std::vector<uint32_t>(100, 0)));
    // One that was not written to its end leaves nothing.
    EXPECT_FALSE(snapshots.save("m", std::vector<uint32_t>(3, 9), 10, [](const ByteSink&) {
        return Result<void>(make_error(ErrorCode::machine, "disk full"));
    }));
    for (const std::string& file : files()) EXPECT_TRUE(file.ends_with(".kv")) << file;
}

}  // namespace
}  // namespace hearth
