// What files say wrongly about their vocabulary, and what becomes of it.
#include "engine/text/vocabulary.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/unit/tokenizer_fixture.h"

namespace hearth {
namespace {

std::string error_of(const GgufWriter& writer) {
    const auto tokenizer = make_tokenizer(writer);
    return tokenizer ? "no error" : tokenizer.error().message;
}

TestVocabulary small_spm() {
    TestVocabulary vocabulary = spm_vocabulary();
    vocabulary.add("a");
    return vocabulary;
}

TEST(Vocabulary, WhatIsWrongIsSaidInOneLine) {
    struct Case {
        const char* name;
        const char* expected;  // part of the message
        std::function<void(GgufWriter&)> set;
    };
    const TestVocabulary spm = small_spm();
    const TestVocabulary bpe = bpe_vocabulary();
    const auto byte_text = [&spm](const char* text) {
        return [spm, text](GgufWriter& w) {
            TestVocabulary changed = spm;
            changed.texts[10] = text;
            w = changed.writer("llama", "");
        };
    };
    const Case cases[] = {
        {"no keys at all", "'tokenizer.ggml.model' is missing", [](GgufWriter&) {}},
        {"unknown model", "tokenizer 'bert' is not supported",
         [&](GgufWriter& w) { w = spm.writer("bert", ""); }},
        {"escape in the model", "tokenizer '\\x1b[31m' is not",
         [&](GgufWriter& w) { w = spm.writer("\x1B[31m", ""); }},
        {"unknown pre-tokenizer", "pre-tokenizer 'qwen99' is not supported (these are: default, ",
         [&](GgufWriter& w) { w = bpe.writer("gpt2", "qwen99"); }},
        {"no tokens", "'tokenizer.ggml.tokens' is missing",
         [](GgufWriter& w) { w.set("tokenizer.ggml.model", "llama"); }},
        {"empty tokens", "'tokenizer.ggml.tokens' is missing or empty",
         [](GgufWriter& w) { w = TestVocabulary().writer("llama", ""); }},
        {"short scores", "'tokenizer.ggml.scores' has 259 entries for 260 tokens",
         [&](GgufWriter& w) {
             TestVocabulary changed = spm;
             changed.scores.pop_back();
             w = changed.writer("llama", "");
         }},
        {"short types", "'tokenizer.ggml.token_type' has 259 entries for 260 tokens",
         [&](GgufWriter& w) {
             TestVocabulary changed = spm;
             changed.types.pop_back();
             w = changed.writer("llama", "");
         }},
        {"type out of range", "token 3 has type 7",
         [&](GgufWriter& w) {
             TestVocabulary changed = spm;
             changed.types[3] = 7;
             w = changed.writer("llama", "");
         }},
        {"negative type", "token 3 has type -1",
         [&](GgufWriter& w) {
             TestVocabulary changed = spm;
             changed.types[3] = -1;
             w = changed.writer("llama", "");
         }},
        {"score that is no number", "'tokenizer.ggml.scores'",
         [&](GgufWriter& w) {
             TestVocabulary changed = spm;
             changed.scores[5] = std::numeric_limits<float>::quiet_NaN();
             w = changed.writer("llama", "");
         }},
        {"byte token with a sign", "token 10 is a byte token, but its text is '<0x-1>'",
         byte_text("<0x-1>")},
        {"byte token of three digits", "token 10 is a byte token", byte_text("<0x0FF>")},
        {"byte token without digits", "token 10 is a byte token", byte_text("<0xZZ>")},
        {"empty byte token", "token 10 is a byte token", byte_text("")},
        {"EOS past the vocabulary", "'tokenizer.ggml.eos_token_id' is 260, the vocabulary has 260",
         [&](GgufWriter& w) {
             w = spm.writer("llama", "");
             w.set("tokenizer.ggml.eos_token_id", uint32_t{260});
         }},
        {"BOS of another type", "'tokenizer.ggml.bos_token_id'",
         [&](GgufWriter& w) {
             w = spm.writer("llama", "");
             w.set("tokenizer.ggml.bos_token_id", std::string("1"));
         }},
        {"BOS to be added and none there", "'tokenizer.ggml.bos_token_id' is missing",
         [&](GgufWriter& w) {
             w = bpe.writer("gpt2", "qwen2");
             w.set("tokenizer.ggml.add_bos_token", true);
         }},
        {"no scores", "'tokenizer.ggml.scores' is missing",
         [&](GgufWriter& w) {
             w.set("tokenizer.ggml.model", "llama");
             w.set("tokenizer.ggml.tokens", spm.texts);
         }},
        {"no merges", "'tokenizer.ggml.merges' is missing",
         [&](GgufWriter& w) {
             w.set("tokenizer.ggml.model", "gpt2");
             w.set("tokenizer.ggml.tokens", bpe.texts);
         }},
        {"huge token", "token 0 has 65537 bytes, the limit is 65536",
         [&](GgufWriter& w) {
             TestVocabulary changed = spm;
             changed.texts[0] = std::string(65537, 'x');
             w = changed.writer("llama", "");
         }},
    };
    for (const Case& c : cases) {
        GgufWriter writer;
        c.set(writer);
        const std::string message = error_of(writer);
        EXPECT_NE(message.find(c.expected), std::string::npos) << c.name << ": " << message;
        EXPECT_EQ(message.find('\n'), std::string::npos) << c.name;
        EXPECT_EQ(message.find('\x1B'), std::string::npos) << c.name;
    }
}

TEST(Vocabulary, OfEqualTextsTheLastIsTheToken) {
    TestVocabulary vocabulary = small_spm();
    const Token last = vocabulary.add("a");
    const auto tokenizer = make_tokenizer(vocabulary.writer("llama", ""));
    ASSERT_TRUE(tokenizer) << tokenizer.error().message;
    EXPECT_EQ(tokenizer->find("a"), last);
    EXPECT_EQ(tokenizer->encode("a", SpecialTokens::as_text).back(), last);
}

TEST(Vocabulary, AllOnesMeansNone) {
    GgufWriter writer = small_spm().writer("llama", "");
    writer.set("tokenizer.ggml.eot_token_id", UINT32_MAX);
    writer.set("tokenizer.ggml.bos_token_id", UINT32_MAX);
    const auto tokenizer = make_tokenizer(writer);
    ASSERT_TRUE(tokenizer) << tokenizer.error().message;
    EXPECT_EQ(tokenizer->bos(), Token{1}) << "by its text";
}

TEST(Vocabulary, BosIsAddedAsTheFileOrElseTheFamilySays) {
    const auto adds_bos = [](const GgufWriter& writer) {
        const auto tokenizer = make_tokenizer(writer);
        EXPECT_TRUE(tokenizer) << tokenizer.error().message;
        return tokenizer->adds_bos();
    };
    EXPECT_TRUE(adds_bos(small_spm().writer("llama", "")));
    for (const bool said : {true, false}) {
        GgufWriter spm = small_spm().writer("llama", "");
        spm.set("tokenizer.ggml.add_bos_token", said);
        EXPECT_EQ(adds_bos(spm), said);
    }
    GgufWriter qwen = bpe_vocabulary().writer("gpt2", "qwen2");
    qwen.set("tokenizer.ggml.bos_token_id", uint32_t{0});
    EXPECT_FALSE(adds_bos(qwen));
    GgufWriter llama3 = bpe_vocabulary().writer("gpt2", "llama-bpe");
    llama3.set("tokenizer.ggml.bos_token_id", uint32_t{0});
    EXPECT_TRUE(adds_bos(llama3));
}

TEST(Vocabulary, WithoutAPreTokenizerTheDefaultIsUsedAndSaid) {
    const auto tokenizer = make_tokenizer(bpe_vocabulary().writer("gpt2", ""));
    ASSERT_TRUE(tokenizer) << tokenizer.error().message;
    EXPECT_EQ(tokenizer->describe(), "BPE, pre-tokenizer default, 256 tokens");
    ASSERT_EQ(tokenizer->warnings().size(), 1u);
    EXPECT_NE(tokenizer->warnings()[0].find("tokenizer.ggml.pre"), std::string::npos);
}

}  // namespace
}  // namespace hearth
