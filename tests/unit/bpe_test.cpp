#include "engine/text/bpe.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/unit/tokenizer_fixture.h"

namespace hearth {
namespace {

Tokenizer create(const GgufWriter& writer) {
    auto tokenizer = make_tokenizer(writer);
    EXPECT_TRUE(tokenizer) << tokenizer.error().message;
    return std::move(*tokenizer);
}

std::vector<Token> encode(const Tokenizer& tokenizer, std::string_view text) {
    return tokenizer.encode(text, SpecialTokens::as_text);
}

Token byte_token(char byte) {
    return Token{static_cast<unsigned char>(byte)};
}

TEST(ByteAlphabet, IsGpt2s) {
    EXPECT_EQ(alphabet_character('A'), U'A');
    EXPECT_EQ(alphabet_character(' '), char32_t{0x120});
    EXPECT_EQ(alphabet_character('\n'), char32_t{0x10A});
    EXPECT_EQ(alphabet_character(0xAD), char32_t{0x143}) << "the last of the invisible bytes";
    for (int byte = 0; byte < 256; ++byte) {
        const auto b = static_cast<uint8_t>(byte);
        EXPECT_EQ(alphabet_byte(alphabet_character(b)), b);
    }
    EXPECT_EQ(alphabet_byte(0x144), std::nullopt);
    EXPECT_EQ(alphabet_byte(' '), std::nullopt);
    EXPECT_EQ(decode_alphabet("\xC4\xA0t\xE6\xBC\xA2"), " t\xE6\xBC\xA2") << "others stay";
}

TEST(Bpe, MergesTheLowestRankFirst) {
    TestVocabulary vocabulary = bpe_vocabulary();
    const Token bc = vocabulary.add_merge("b", "c");
    const Token ab = vocabulary.add_merge("a", "b");
    const Tokenizer tokenizer = create(vocabulary.writer("gpt2", "gpt-2"));
    EXPECT_EQ(encode(tokenizer, "abc"), (std::vector{byte_token('a'), bc}));
    EXPECT_EQ(encode(tokenizer, "abd"), (std::vector{ab, byte_token('d')}));
}

TEST(Bpe, OfEqualRanksTheLeftmostIsMerged) {
    TestVocabulary vocabulary = bpe_vocabulary();
    const Token aa = vocabulary.add_merge("a", "a");
    const Token aaaa = vocabulary.add_merge("aa", "aa");
    const Tokenizer tokenizer = create(vocabulary.writer("gpt2", "gpt-2"));
    EXPECT_EQ(encode(tokenizer, "aaaaaaa"), (std::vector{aaaa, aa, byte_token('a')}));
}

TEST(Bpe, MergesDoNotCrossThePreTokenizersCuts) {
    TestVocabulary vocabulary = bpe_vocabulary();
    const Token space_b = vocabulary.add_merge(" ", "b");
    vocabulary.add_merge("a", " ");
    const Tokenizer tokenizer = create(vocabulary.writer("gpt2", "gpt-2"));
    EXPECT_EQ(encode(tokenizer, "a b"), (std::vector{byte_token('a'), space_b}));
}

TEST(Bpe, SomeFamiliesTakeAWholePieceThatIsAToken) {
    TestVocabulary vocabulary = bpe_vocabulary();
    const Token whole = vocabulary.add("xyz");  // no merges lead to it
    EXPECT_EQ(encode(create(vocabulary.writer("gpt2", "llama-bpe")), "xyz"), std::vector{whole});
    EXPECT_EQ(encode(create(vocabulary.writer("gpt2", "qwen2")), "xyz").size(), 3u);
}

TEST(Bpe, MergesOfTextsThatAreNoTokensAreLeftOut) {
    TestVocabulary vocabulary = bpe_vocabulary();
    const Token ab = vocabulary.add_merge("a", "b");
    vocabulary.merges.insert(vocabulary.merges.end(), {"ab q", "nospace", "", "zz z", "a "});
    const Token control = vocabulary.add("<|", TokenType::control);
    vocabulary.merges.push_back("< |");  // would make a control token out of text
    const Tokenizer tokenizer = create(vocabulary.writer("gpt2", "gpt-2"));
    EXPECT_EQ(encode(tokenizer, "abq"), (std::vector{ab, byte_token('q')}));
    EXPECT_EQ(encode(tokenizer, "<|"), (std::vector{byte_token('<'), byte_token('|')}));
    EXPECT_TRUE(tokenizer.is_control(control));
    ASSERT_EQ(tokenizer.warnings().size(), 1u);
    EXPECT_EQ(tokenizer.warnings()[0].substr(0, 9), "6 merges ");
}

TEST(Bpe, OfRepeatedMergesTheFirstCounts) {
    TestVocabulary vocabulary = bpe_vocabulary();
    const Token ab = vocabulary.add_merge("a", "b");
    vocabulary.add_merge("b", "c");
    vocabulary.merges.push_back("a b");
    const Tokenizer tokenizer = create(vocabulary.writer("gpt2", "gpt-2"));
    EXPECT_EQ(encode(tokenizer, "abc"), (std::vector{ab, byte_token('c')}));
}

TEST(Bpe, AnyBytesComeBackInEveryFamily) {
    TestVocabulary vocabulary = bpe_vocabulary();
    for (const auto& [left, right] : {std::pair{"t", "h"},
                                      {"th", "e"},
                                      {" ", "the"},
                                      {"\n", "\n"},
                                      {"\xC3", "\xA9"},
                                      {"1", "2"}}) {
        vocabulary.add_merge(left, right);
    }
    std::mt19937 random(5);
    for (const char* pre : {"default", "gpt-2", "llama-bpe", "qwen2", "deepseek-llm", "gpt-4o"}) {
        const Tokenizer tokenizer = create(vocabulary.writer("gpt2", pre));
        for (int round = 0; round < 500; ++round) {
            std::string text;
            for (size_t n = random() % 40; n > 0; --n) {
                text += random() % 2 == 0 ? static_cast<char>(random())
                                          : "the 12\n\xC3\xA9"[random() % 9];
            }
            ASSERT_EQ(tokenizer.decode(encode(tokenizer, text)), text) << pre;
        }
    }
}

TEST(Bpe, AByteWithoutATokenIsUnknownOrLeftOut) {
    TestVocabulary vocabulary;
    const Token a = vocabulary.add("a");
    EXPECT_EQ(encode(create(vocabulary.writer("gpt2", "gpt-2")), "axa"), (std::vector{a, a}));
    const Token unknown = vocabulary.add("<unk>", TokenType::unknown);
    GgufWriter writer = vocabulary.writer("gpt2", "gpt-2");
    writer.set("tokenizer.ggml.unknown_token_id", static_cast<uint32_t>(to_index(unknown)));
    EXPECT_EQ(encode(create(writer), "axa"), (std::vector{a, unknown, a}));
}

}  // namespace
}  // namespace hearth
