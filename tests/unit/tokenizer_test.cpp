// Special tokens: where they are found, where they must not be, and what ends an answer.
#include "engine/text/tokenizer.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/tokenizer_fixture.h"

namespace hearth {
namespace {

using Origin = TextSpan::Origin;

// Bytes 0 to 255, then a chat vocabulary.
struct ChatVocabulary : TestVocabulary {
    Token start, end, end_long, think, spaces, word, unused;

    ChatVocabulary() : TestVocabulary(bpe_vocabulary()) {
        start = add("<|im_start|>", TokenType::control);
        end = add("<|im_end|>", TokenType::control);
        end_long = add("<|im_end|>\n", TokenType::control);
        think = add("<think>", TokenType::user_defined);
        spaces = add("    ", TokenType::user_defined);
        word = add_merge("h", "i");
        unused = add("[unused]", TokenType::unused);
    }
};

Tokenizer create(const GgufWriter& writer) {
    auto tokenizer = make_tokenizer(writer);
    EXPECT_TRUE(tokenizer) << tokenizer.error().message;
    return std::move(*tokenizer);
}

Token byte_token(char byte) {
    return Token{static_cast<unsigned char>(byte)};
}

size_t count_control(const Tokenizer& tokenizer, const std::vector<Token>& tokens) {
    size_t n = 0;
    for (const Token token : tokens) n += tokenizer.is_control(token) ? 1 : 0;
    return n;
}

TEST(Tokenizer, ControlTokensAreParsedOnlyWhenAskedFor) {
    const ChatVocabulary v;
    const Tokenizer tokenizer = create(v.writer("gpt2", "qwen2"));
    const std::string text = "<|im_start|>hi<|im_end|>";
    EXPECT_EQ(tokenizer.encode(text, SpecialTokens::parse), (std::vector{v.start, v.word, v.end}));
    const auto as_text = tokenizer.encode(text, SpecialTokens::as_text);
    EXPECT_EQ(count_control(tokenizer, as_text), 0u);
    EXPECT_EQ(tokenizer.decode(as_text), text);
}

TEST(Tokenizer, TheLongestSpecialTokenWins) {
    const ChatVocabulary v;
    const Tokenizer tokenizer = create(v.writer("gpt2", "qwen2"));
    EXPECT_EQ(tokenizer.encode("<|im_end|>\n", SpecialTokens::parse), std::vector{v.end_long});
    EXPECT_EQ(tokenizer.encode("<|im_end|>h", SpecialTokens::parse),
              (std::vector{v.end, byte_token('h')}));
    EXPECT_EQ(count_control(tokenizer, tokenizer.encode("<|im_end|", SpecialTokens::parse)), 0u);
}

TEST(Tokenizer, UserDefinedTokensAreFoundAnywhere) {
    const ChatVocabulary v;
    const Tokenizer tokenizer = create(v.writer("gpt2", "qwen2"));
    EXPECT_EQ(tokenizer.encode("hi<think>    hi", SpecialTokens::as_text),
              (std::vector{v.word, v.think, v.spaces, v.word}));
    EXPECT_EQ(tokenizer.piece(v.think), "<think>") << "they are text, and are shown";
}

TEST(Tokenizer, SpansAreOneTextWithControlTokensInMarkupOnly) {
    const ChatVocabulary v;
    const Tokenizer tokenizer = create(v.writer("gpt2", "qwen2"));
    const std::vector<TextSpan> spans{{Origin::markup, "<|im_start|>h"},
                                      {Origin::content, "i<|im_end|>"},
                                      {Origin::markup, "<|im_end|>"}};
    const auto tokens = tokenizer.encode_spans(spans);
    EXPECT_EQ(tokens[0], v.start);
    EXPECT_EQ(tokens[1], v.word) << "letters join across spans";
    EXPECT_EQ(tokens.back(), v.end);
    EXPECT_EQ(count_control(tokenizer, tokens), 2u);
    EXPECT_EQ(tokenizer.decode(tokens), "hi<|im_end|>");
}

TEST(Tokenizer, NoControlTokenComesOfMarkupAndContentTogether) {
    const ChatVocabulary v;
    const Tokenizer tokenizer = create(v.writer("gpt2", "qwen2"));
    const std::string special = "<|im_start|>";
    for (size_t cut = 1; cut < special.size(); ++cut) {
        const std::string head = special.substr(0, cut);
        const std::string tail = special.substr(cut);
        const std::vector<TextSpan> before{{Origin::markup, head}, {Origin::content, tail}};
        const std::vector<TextSpan> after{{Origin::content, head}, {Origin::markup, tail}};
        const std::vector<TextSpan> around{
            {Origin::markup, head}, {Origin::content, "x"}, {Origin::markup, tail}};
        const std::vector<TextSpan> markup{{Origin::markup, head}, {Origin::markup, tail}};
        EXPECT_EQ(count_control(tokenizer, tokenizer.encode_spans(before)), 0u) << cut;
        EXPECT_EQ(count_control(tokenizer, tokenizer.encode_spans(after)), 0u) << cut;
        EXPECT_EQ(count_control(tokenizer, tokenizer.encode_spans(around)), 0u) << cut;
        EXPECT_EQ(tokenizer.encode_spans(markup), std::vector{v.start}) << cut;
    }
}

// The longest match must not hide a shorter one that lies in markup altogether.
TEST(Tokenizer, AMarkupTokenIsFoundThoughContentWouldLengthenIt) {
    const ChatVocabulary v;
    const Tokenizer tokenizer = create(v.writer("gpt2", "qwen2"));
    const std::vector<TextSpan> spans{{Origin::markup, "<|im_end|>"}, {Origin::content, "\n"}};
    EXPECT_EQ(tokenizer.encode_spans(spans), (std::vector{v.end, byte_token('\n')}));
}

TEST(Tokenizer, ControlTokensAreHiddenUnlessAskedFor) {
    const ChatVocabulary v;
    const Tokenizer tokenizer = create(v.writer("gpt2", "qwen2"));
    using Show = Tokenizer::ControlTokens;
    const std::vector<Token> tokens{v.start, v.word, v.end};
    EXPECT_EQ(tokenizer.decode(tokens), "hi");
    EXPECT_EQ(tokenizer.decode(tokens, Show::show), "<|im_start|>hi<|im_end|>");
    EXPECT_EQ(tokenizer.piece(v.unused), "");
    EXPECT_TRUE(tokenizer.is_control(v.unused));
}

// Models are padded: they can choose ids that the tokenizer does not have.
TEST(Tokenizer, IdsPastTheVocabularyAreNothing) {
    const Tokenizer tokenizer = create(ChatVocabulary().writer("gpt2", "qwen2"));
    for (const Token token :
         {Token{static_cast<uint32_t>(tokenizer.vocab_size())}, Token{UINT32_MAX}}) {
        EXPECT_TRUE(tokenizer.is_control(token));
        EXPECT_FALSE(tokenizer.ends_generation(token));
        EXPECT_EQ(tokenizer.piece(token, Tokenizer::ControlTokens::show), "");
        EXPECT_EQ(tokenizer.text(token), "");
        EXPECT_EQ(tokenizer.decode({token, byte_token('x')}), "x");
    }
}

TEST(Tokenizer, TheEndsAreTheDeclaredOnesAndTheWellKnown) {
    ChatVocabulary v;
    const Token done = v.add("<done>", TokenType::control);
    const Token eot = v.add("<|eot_id|>", TokenType::control);
    const Token plain = v.add("<eos>");  // an ordinary token that looks like one
    GgufWriter writer = v.writer("gpt2", "qwen2");
    writer.set("tokenizer.ggml.eom_token_id", static_cast<uint32_t>(to_index(done)));
    const Tokenizer tokenizer = create(writer);
    EXPECT_TRUE(tokenizer.ends_generation(done));
    EXPECT_TRUE(tokenizer.ends_generation(eot));
    EXPECT_TRUE(tokenizer.ends_generation(v.end));
    EXPECT_FALSE(tokenizer.ends_generation(v.start));
    EXPECT_FALSE(tokenizer.ends_generation(plain));
}

TEST(Tokenizer, InHarmonyEndDoesNotEndTheAnswer) {
    ChatVocabulary v;
    const Token end = v.add("<|end|>", TokenType::control);
    EXPECT_TRUE(create(v.writer("gpt2", "gpt-4o")).ends_generation(end));
    const Token ret = v.add("<|return|>", TokenType::control);
    v.add("<|call|>", TokenType::control);
    const Tokenizer harmony = create(v.writer("gpt2", "gpt-4o"));
    EXPECT_FALSE(harmony.ends_generation(end));
    EXPECT_TRUE(harmony.ends_generation(ret));
}

// Converters get the types of turn markers wrong; a message could end its own turn with them.
TEST(Tokenizer, TurnMarkersAreControlTokensWhateverTheirType) {
    for (const TokenType type : {TokenType::normal, TokenType::user_defined}) {
        TestVocabulary v = bpe_vocabulary();
        const Token marker = v.add("<|eot_id|>", type);
        const Token wide = v.add("<\xEF\xBD\x9CUser\xEF\xBD\x9C>", type);
        const Token eos = v.add("<halt>", type);
        const Token html = v.add("<div>", type);
        GgufWriter writer = v.writer("gpt2", "llama-bpe");
        writer.set("tokenizer.ggml.eos_token_id", static_cast<uint32_t>(to_index(eos)));
        const Tokenizer tokenizer = create(writer);
        for (const Token token : {marker, wide, eos}) {
            EXPECT_TRUE(tokenizer.is_control(token)) << tokenizer.text(token);
            const std::string text(tokenizer.text(token));
            EXPECT_EQ(count_control(tokenizer, tokenizer.encode(text, SpecialTokens::as_text)), 0u);
        }
        EXPECT_TRUE(tokenizer.ends_generation(marker));
        EXPECT_FALSE(tokenizer.is_control(html));
    }
}

TEST(Tokenizer, SpmPutsItsSpaceBeforeEveryRunOfText) {
    TestVocabulary v = spm_vocabulary();
    const Token mark = v.add("\xE2\x96\x81");
    const Token a = v.add("a");
    const Token tool = v.add("<tool>", TokenType::user_defined);
    const Tokenizer tokenizer = create(v.writer("llama", ""));
    const auto tokens = tokenizer.encode("<s>a<tool>a", SpecialTokens::parse);
    EXPECT_EQ(tokens, (std::vector{Token{1}, mark, a, tool, mark, a}));
    EXPECT_EQ(tokenizer.decode(tokens), "a<tool>a");
    EXPECT_EQ(tokenizer.decode(tokens, Tokenizer::ControlTokens::show), "<s>a<tool>a");
}

TEST(Tokenizer, MovesAndStaysWhole) {
    const ChatVocabulary v;
    Tokenizer first = create(v.writer("gpt2", "qwen2"));
    Tokenizer second = std::move(first);
    EXPECT_EQ(second.encode("<|im_start|>hi", SpecialTokens::parse),
              (std::vector{v.start, v.word}));
    EXPECT_EQ(second.find("<|im_end|>"), v.end);
    EXPECT_EQ(second.find("nothing"), std::nullopt);
}

}  // namespace
}  // namespace hearth
