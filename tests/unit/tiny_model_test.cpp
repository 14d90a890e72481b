// The tiny models that other tests rely on are what they say.
#include "tests/data/tiny_model.h"

#include <gtest/gtest.h>

#include "engine/gguf/gguf.h"
#include "tests/data/memory_file.h"

namespace hearth {
namespace {

Result<Gguf> parsed(const TinyModelOptions& options) {
    HEARTH_TRY(auto bytes, tiny_model(options).bytes());
    return Gguf::parse(std::make_unique<MemoryFile>(std::move(bytes)));
}

TEST(TinyModel, FitsIn100KiBAndIsDeterministic) {
    const auto first = tiny_model().bytes();
    const auto second = tiny_model().bytes();
    ASSERT_TRUE(first);
    EXPECT_LE(first->size(), size_t{100} << 10);
    EXPECT_EQ(*first, *second);
    TinyModelOptions other;
    other.seed = 2;
    EXPECT_NE(*first, *tiny_model(other).bytes());
}

TEST(TinyModel, IsValidInEveryTypeAndVocabulary) {
    for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::q4_0, Dtype::q5_0,
                              Dtype::q8_0, Dtype::q4_k, Dtype::q5_k, Dtype::q6_k}) {
        const auto gguf = parsed(tiny_options_for(dtype));
        ASSERT_TRUE(gguf) << gguf.error().message;
        EXPECT_EQ(gguf->find("blk.1.ffn_down.weight")->dtype, dtype);
    }
    for (const auto vocabulary :
         {TinyModelOptions::Vocabulary::spm, TinyModelOptions::Vocabulary::bpe}) {
        TinyModelOptions options;
        options.vocabulary = vocabulary;
        const auto gguf = parsed(options);
        ASSERT_TRUE(gguf) << gguf.error().message;
        const auto tokens = gguf->metadata().optional_strings("tokenizer.ggml.tokens");
        ASSERT_TRUE(tokens);
        EXPECT_EQ((**tokens)[kTinyImEnd], "<|im_end|>");
        EXPECT_EQ((**tokens).size(), gguf->find("token_embd.weight")->dims[1]);
        EXPECT_EQ(gguf->find("output.weight"), nullptr);
    }
}

TEST(TinyModel, HasTheVariantsOfTheFormat) {
    TinyModelOptions options;
    options.pwri = true;
    options.tied_head = false;
    auto gguf = parsed(options);
    ASSERT_TRUE(gguf) << gguf.error().message;
    EXPECT_EQ(gguf->magic(), Gguf::Magic::pwri);
    EXPECT_NE(gguf->find("blk.0.fc2.weight"), nullptr);
    EXPECT_NE(gguf->find("blk.0.ffn_down_t.weight"), nullptr);
    EXPECT_EQ(gguf->find("blk.0.ffn_down.weight"), nullptr);
    EXPECT_NE(gguf->find("output.weight"), nullptr);

    options = {};
    options.architecture = "qwen2";
    options.ffn_activation = "relu";
    gguf = parsed(options);
    ASSERT_TRUE(gguf) << gguf.error().message;
    EXPECT_NE(gguf->find("blk.0.attn_k.bias"), nullptr);
    EXPECT_EQ(*gguf->metadata().require_string("hearth.ffn_activation"), "relu");
    EXPECT_EQ(*gguf->metadata().require_uint("qwen2.attention.head_count_kv", 1, 8), 2u);
}

}  // namespace
}  // namespace hearth
