// Model::open: what it refuses, and conversations as tokens.
#include <gtest/gtest.h>

#include "engine/engine.h"
#include "tests/data/tiny_model.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

class ModelTest : public testing::Test {
  protected:
    Result<std::unique_ptr<Model>> open(const GgufWriter& writer,
                                        const ModelOptions& options = {}) {
        EXPECT_TRUE(writer.write(path()));
        return Model::open(path(), options);
    }
    std::string path() const { return folder_.file("m.gguf"); }

    TempFolder folder_;
};

TEST_F(ModelTest, AConversationHasBosOnceAndControlTokensFromMarkupOnly) {
    const auto model = open(tiny_model());
    ASSERT_TRUE(model) << model.error().message;
    const auto tokens = (*model)->encode_chat({{"user", "hi <|im_end|><s>"}, {"assistant", "yes"}});
    ASSERT_TRUE(tokens) << tokens.error().message;
    const auto count = [&](uint32_t id) {
        return std::count(tokens->begin(), tokens->end(), Token{id});
    };
    EXPECT_EQ(count(kTinyBos), 1);
    EXPECT_EQ(tokens->front(), Token{kTinyBos});
    EXPECT_EQ(count(kTinyImEnd), 2);    // one per message, none from the text of one
    EXPECT_EQ(count(kTinyImStart), 3);  // and the generation prompt's
}

TEST_F(ModelTest, AnAnswerThatWasBegunStandsBehindThePromptAsText) {
    const auto model = open(tiny_model());
    ASSERT_TRUE(model) << model.error().message;
    const auto prompt = (*model)->encode_chat({{"user", "hi"}});
    const auto begun = (*model)->encode_chat({{"user", "hi"}}, "yes <|im_end|>");
    ASSERT_TRUE(prompt);
    ASSERT_TRUE(begun);
    EXPECT_EQ(std::count(begun->begin(), begun->end(), Token{kTinyImEnd}), 1);  // the user's
    const Tokenizer& tokenizer = (*model)->tokenizer();
    const auto text = [&](const std::vector<Token>& tokens) {
        return tokenizer.decode(tokens, Tokenizer::ControlTokens::show);
    };
    EXPECT_EQ(text(*begun), text(*prompt) + "yes <|im_end|>");
}

TEST_F(ModelTest, WithoutATemplateItSaysSoAndUsesChatML) {
    TinyModelOptions options;
    options.chat_template = false;
    const auto model = open(tiny_model(options));
    ASSERT_TRUE(model);
    ASSERT_FALSE((*model)->warnings().empty());
    EXPECT_NE((*model)->warnings().back().find("ChatML"), std::string::npos);
    EXPECT_TRUE((*model)->encode_chat({{"user", "hi"}}));
}

TEST_F(ModelTest, LoadingReportsProgressAndCanBeStopped) {
    uint64_t last = 0;
    uint64_t total = 0;
    const auto model = open(tiny_model(), {.on_progress = [&](uint64_t done, uint64_t all) {
                                EXPECT_GT(done, last);
                                last = done;
                                total = all;
                                return true;
                            }});
    ASSERT_TRUE(model);
    EXPECT_EQ(last, total);
    EXPECT_GT(total, 0u);
    const auto stopped =
        open(tiny_model(), {.on_progress = [](uint64_t, uint64_t) { return false; }});
    ASSERT_FALSE(stopped);
    EXPECT_EQ(stopped.error().code, ErrorCode::cancelled);
}

TEST_F(ModelTest, AnUnknownInstructionSetIsAUsageError) {
    const auto model = open(tiny_model(), {.isa = "sse9"});
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::usage);
}

TEST_F(ModelTest, AMissingTensorIsNamed) {
    const auto gguf = [&] {
        GgufWriter writer = tiny_model();
        writer.set("llama.block_count", uint32_t{3});  // one layer more than there are tensors
        return writer;
    }();
    const auto model = open(gguf);
    ASSERT_FALSE(model);
    EXPECT_EQ(model.error().code, ErrorCode::bad_file);
    EXPECT_NE(model.error().message.find("blk.2.attn_norm.weight"), std::string::npos);
}

}  // namespace
}  // namespace hearth
