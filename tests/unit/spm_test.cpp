#include "engine/text/spm.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "engine/base/utf8.h"
#include "tests/unit/tokenizer_fixture.h"

namespace hearth {
namespace {

constexpr const char* kMark = "\xE2\x96\x81";  // how SPM writes a space

Tokenizer create(const GgufWriter& writer) {
    auto tokenizer = make_tokenizer(writer);
    EXPECT_TRUE(tokenizer) << tokenizer.error().message;
    return std::move(*tokenizer);
}

std::vector<Token> encode(const Tokenizer& tokenizer, std::string_view text) {
    return tokenizer.encode(text, SpecialTokens::as_text);
}

Token byte_token(unsigned char byte) {
    return Token{3u + byte};
}

TEST(Spm, MergesTheHighestScoreFirst) {
    TestVocabulary vocabulary = spm_vocabulary();
    vocabulary.add("a", TokenType::normal, -10);
    const Token b = vocabulary.add("b", TokenType::normal, -10);
    vocabulary.add("c", TokenType::normal, -10);
    const Token ab = vocabulary.add("ab", TokenType::normal, -2);
    const Token bc = vocabulary.add("bc", TokenType::normal, -1);
    const Token mark_a = vocabulary.add(std::string(kMark) + "a", TokenType::normal, -3);
    const Token mark = vocabulary.add(kMark, TokenType::normal, -10);
    const Tokenizer tokenizer = create(vocabulary.writer("llama", ""));
    EXPECT_EQ(encode(tokenizer, "abc"), (std::vector{mark_a, bc}));
    EXPECT_EQ(encode(tokenizer, "ab"), (std::vector{mark, ab}));
    EXPECT_EQ(encode(tokenizer, "b"), (std::vector{mark, b}));
}

TEST(Spm, OfEqualScoresTheLeftmostIsMerged) {
    TestVocabulary vocabulary = spm_vocabulary();
    const Token a = vocabulary.add("a");
    const Token aa = vocabulary.add("aa");
    const Token mark = vocabulary.add(kMark);
    const Tokenizer tokenizer = create(vocabulary.writer("llama", ""));
    EXPECT_EQ(encode(tokenizer, "aaa"), (std::vector{mark, aa, a}));
}

TEST(Spm, WhatIsNoTokenFallsBackToBytes) {
    TestVocabulary vocabulary = spm_vocabulary();
    const Token mark = vocabulary.add(kMark);
    const Tokenizer tokenizer = create(vocabulary.writer("llama", ""));
    EXPECT_EQ(encode(tokenizer, "\xF0\x9F\x98\x80\n"),
              (std::vector{mark, byte_token(0xF0), byte_token(0x9F), byte_token(0x98),
                           byte_token(0x80), byte_token('\n')}));
    EXPECT_EQ(tokenizer.piece(byte_token(0xF0)), "\xF0");
}

TEST(Spm, WithoutByteTokensTheUnknownTokenStandsIn) {
    TestVocabulary vocabulary;
    const Token unknown = vocabulary.add("<unk>", TokenType::unknown);
    const Token a = vocabulary.add("a");
    const Token mark = vocabulary.add(kMark);
    const Tokenizer tokenizer = create(vocabulary.writer("llama", ""));
    EXPECT_EQ(encode(tokenizer, "ab"), (std::vector{mark, a, unknown}));
    ASSERT_EQ(tokenizer.warnings().size(), 1u);
    EXPECT_NE(tokenizer.warnings()[0].find("byte tokens"), std::string::npos);
}

TEST(Spm, OldFilesHaveByteTokensOfTheOrdinaryType) {
    TestVocabulary vocabulary = spm_vocabulary();
    for (auto& type : vocabulary.types) type = static_cast<int32_t>(TokenType::normal);
    vocabulary.add(kMark);
    const Tokenizer tokenizer = create(vocabulary.writer("llama", ""));
    EXPECT_EQ(encode(tokenizer, "x").back(), byte_token('x'));
    EXPECT_TRUE(tokenizer.is_control(Token{1})) << "<s> is named as BOS by its text";
}

TEST(Spm, TheSpaceBeforeTheTextComesAndGoes) {
    TestVocabulary vocabulary = spm_vocabulary();
    const Token mark = vocabulary.add(kMark);
    const Token a = vocabulary.add("a");
    GgufWriter writer = vocabulary.writer("llama", "");
    const Tokenizer with = create(writer);
    EXPECT_EQ(encode(with, "a"), (std::vector{mark, a}));
    EXPECT_EQ(encode(with, " a"), (std::vector{mark, mark, a}));
    EXPECT_TRUE(encode(with, "").empty());
    EXPECT_EQ(with.decode({mark, mark, a}), " a");
    EXPECT_EQ(with.piece(mark), " ") << "a piece is what is appended, prefix or not";
    writer.set("tokenizer.ggml.add_space_prefix", false);
    const Tokenizer without = create(writer);
    EXPECT_EQ(encode(without, "a"), (std::vector{a}));
    EXPECT_EQ(without.decode({mark, a}), " a");
}

TEST(Spm, TheMarkItselfInATextIsNotASpace) {
    TestVocabulary vocabulary = spm_vocabulary();
    vocabulary.add(kMark);
    const Tokenizer tokenizer = create(vocabulary.writer("llama", ""));
    const std::string text = std::string("a") + kMark + "b";
    EXPECT_EQ(tokenizer.decode(encode(tokenizer, text)), text);
}

// Words are merged apart when no token spans two; a token that does turns that off.
TEST(Spm, MergingWordByWordIsMergingTheWhole) {
    TestVocabulary vocabulary = spm_vocabulary();
    std::mt19937 random(3);
    const std::string letters[] = {"a", "b", kMark};
    for (int i = 0; i < 60; ++i) {
        std::string text = i % 2 == 0 ? kMark : "";
        for (size_t n = random() % 4; n > 0; --n) text += letters[random() % 2];
        if (i % 10 == 0) text += text;  // runs of spaces, or a letter run
        if (text.find(kMark, 1) != std::string::npos && text.size() > 6) continue;
        vocabulary.add(text.empty() ? "a" : text, TokenType::normal,
                       -static_cast<float>(random() % 8));
    }
    const Tokenizer apart = create(vocabulary.writer("llama", ""));
    vocabulary.add(std::string("!") + kMark + "!");
    const Tokenizer whole = create(vocabulary.writer("llama", ""));
    for (int round = 0; round < 500; ++round) {
        std::string text;
        for (size_t n = random() % 40; n > 0; --n) text += "ab "[random() % 3];
        ASSERT_EQ(encode(apart, text), encode(whole, text)) << text;
    }
}

TEST(Spm, AnyBytesComeBack) {
    TestVocabulary vocabulary = spm_vocabulary();
    for (const char* text : {kMark, "a", "e", "th", "the", "\xC3\xA9"}) vocabulary.add(text);
    const Tokenizer tokenizer = create(vocabulary.writer("llama", ""));
    std::mt19937 random(11);
    for (int round = 0; round < 2000; ++round) {
        std::string text;
        for (size_t n = random() % 40; n > 0; --n) {
            text += random() % 2 == 0 ? static_cast<char>(random()) : "the \n"[random() % 5];
        }
        ASSERT_EQ(tokenizer.decode(encode(tokenizer, text)), text);
    }
}

TEST(Spm, ARunOfOneCharacterIsMergedInBoundedMemory) {
    TestVocabulary vocabulary = spm_vocabulary();
    for (size_t n = 1; n <= 16; n *= 2) {
        vocabulary.add(std::string(n, 'a'), TokenType::normal, static_cast<float>(n));
    }
    const Token longest{static_cast<uint32_t>(vocabulary.texts.size() - 1)};
    const Token mark = vocabulary.add(kMark);
    const Tokenizer tokenizer = create(vocabulary.writer("llama", ""));
    const size_t n = size_t{256} << 10;
    std::vector<Token> expected{mark};
    expected.insert(expected.end(), n / 16, longest);
    EXPECT_EQ(encode(tokenizer, std::string(n, 'a')), expected);
}

}  // namespace
}  // namespace hearth
