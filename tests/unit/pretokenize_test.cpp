#include "engine/text/pretokenize.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace hearth {
namespace {

using Pieces = std::vector<std::string>;

std::vector<std::string> all_families() {
    std::vector<std::string> names;
    std::string_view rest = "";
    const std::string all = Pretokenizer::families();
    rest = all;
    while (!rest.empty()) {
        const size_t end = std::min(rest.find(", "), rest.size());
        names.emplace_back(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    return names;
}

Pieces split(std::string_view family, std::string_view text) {
    const auto pretokenizer = Pretokenizer::create(family);
    EXPECT_TRUE(pretokenizer) << family;
    Pieces pieces;
    for (const std::string_view piece : pretokenizer->split(text)) pieces.emplace_back(piece);
    return pieces;
}

// Whether the pieces, none empty, are `text` from its begin to its end.
bool cover(const std::vector<std::string_view>& pieces, std::string_view text) {
    size_t at = 0;
    for (const std::string_view piece : pieces) {
        if (piece.empty() || piece.data() != text.data() + at) return false;
        at += piece.size();
    }
    return at == text.size();
}

TEST(Pretokenizer, SplitsAsTheFamilyDoes) {
    struct Case {
        std::string_view family;
        std::string_view text;
        Pieces expected;
    };
    const Case cases[] = {
        {"gpt-2", "I've 123  cats!\n\n x", {"I", "'ve", " 123", " ", " cats", "!", "\n\n", " x"}},
        {"gpt-2", "I'VE", {"I", "'", "VE"}},
        {"starcoder", "a 12", {"a", " ", "1", "2"}},
        {"default", "a 1234..", {"a", " ", "123", "4", ".."}},
        {"falcon", "a 1234`", {"a", " ", "123", "4", "`"}},
        {"llama-bpe", "I'VE 12345\n\n  x", {"I", "'VE", " ", "123", "45", "\n\n", " ", " x"}},
        {"llama-bpe", "$x (y)\r\n", {"$x", " (", "y", ")\r\n"}},
        {"qwen2", "12 ok", {"1", "2", " ok"}},
        {"qwen2", "e\xCC\x81", {"e", "\xCC\x81"}},
        {"qwen35", "e\xCC\x81", {"e\xCC\x81"}},
        {"gpt-4o", "HelloWorld's /x", {"Hello", "World's", " /", "x"}},
        {"tekken", "HelloWorld's 12", {"Hello", "World", "'s", " ", "1", "2"}},
        {"deepseek-llm", "Hi 12\xE6\xBC\xA2\n  ", {"Hi", " ", "12", "\xE6\xBC\xA2", "\n", "  "}},
        {"deepseek-coder", "Hi, 12\n\n", {"Hi", ",", " ", "1", "2", "\n", "\n"}},
        {"deepseek-v3", "x12345 \xE3\x81\x82y", {"x", "123", "45", " ", "\xE3\x81\x82", "y"}},
        {"bailingmoe", "it'S\n\nx", {"it", "'S", "\n\n", "x"}},
        {"seed-coder", "!\nx", {"!", "\n", "x"}},
        {"poro-chat", "a b.c", {"a", " b", ".", "c"}},
        {"viking", "a b12", {"a", " b", "1", "2"}},
    };
    for (const Case& c : cases) EXPECT_EQ(split(c.family, c.text), c.expected) << c.family;
}

TEST(Pretokenizer, SpaceIsUnicodesWhiteSpace) {
    EXPECT_EQ(split("gpt-2", "a\xC2\xA0\xC2\xA0z"), (Pieces{"a", "\xC2\xA0", "\xC2\xA0", "z"}));
    // U+180E was a space once, and still is to PCRE2's \s.
    EXPECT_EQ(split("gpt-2", "\xE1\xA0\x8E!"), (Pieces{"\xE1\xA0\x8E!"}));
}

TEST(Pretokenizer, KnowsItsNamesOnly) {
    for (const char* name : {"phi-2", "llama3", "llama-v3", "smaug-bpe", "deepseek-r1-qwen",
                             "command-r", "smollm", "refact", "codeshell", "chatglm-bpe"}) {
        EXPECT_TRUE(Pretokenizer::create(name)) << name;
    }
    for (const char* name : {"", " ", "gpt", "gpt-2 phi-2", "GPT-2", "llama-bpe\n"}) {
        EXPECT_FALSE(Pretokenizer::create(name)) << name;
    }
    EXPECT_TRUE(Pretokenizer::create("llama-bpe")->habits().ignore_merges);
    EXPECT_TRUE(Pretokenizer::create("llama-bpe")->habits().adds_bos);
    EXPECT_FALSE(Pretokenizer::create("qwen2")->habits().adds_bos);
}

TEST(Pretokenizer, ThePiecesAreTheTextWhateverItsBytes) {
    std::mt19937 random(8);
    const std::string_view parts[] = {"a",       "Z",        "'s",
                                      " ",       "\n",       "\r",
                                      "7",       "\xC3\xA9", "\xE6\xBC\xA2",
                                      ".",       "-",        "\t",
                                      "\xFF",    "\xE6\xBC", "\xF0\x9F\x98\x80",
                                      "\xCC\x81"};
    for (const std::string& family : all_families()) {
        const auto pretokenizer = Pretokenizer::create(family);
        ASSERT_TRUE(pretokenizer) << family;
        EXPECT_TRUE(pretokenizer->split("").empty());
        for (int round = 0; round < 200; ++round) {
            std::string text;
            for (size_t n = random() % 30; n > 0; --n) {
                if (random() % 4 == 0) {
                    text += static_cast<char>(random());
                } else {
                    text += parts[random() % std::size(parts)];
                }
            }
            ASSERT_TRUE(cover(pretokenizer->split(text), text)) << family;
        }
    }
}

// Splits runs of one kind of character, with and without something else at the end. A splitter that
// recursed would leave its stack of 128 KiB, one that rescanned would take hours.
void* split_long_runs(void*) {
    const std::string_view kinds[] = {"a",
                                      "A",
                                      "7",
                                      " ",
                                      "\n",
                                      "\r\n",
                                      " \n",
                                      "!",
                                      "'",
                                      "\t",
                                      "`",
                                      "aA",
                                      "a1",
                                      "\x01",
                                      "\xE6\xBC\xA2",
                                      "\xE3\x81\x82",
                                      "\xCC\x81",
                                      "\xF0\x9F\x91\xA9\xE2\x80\x8D",
                                      "\xC2\xA0",
                                      "\xFF"};
    for (const std::string& family : all_families()) {
        const auto pretokenizer = Pretokenizer::create(family);
        for (const std::string_view kind : kinds) {
            std::string text;
            while (text.size() < size_t{256} << 10) text += kind;
            EXPECT_TRUE(cover(pretokenizer->split(text), text)) << family;
            text += "x";
            EXPECT_TRUE(cover(pretokenizer->split(text), text)) << family;
        }
    }
    return nullptr;
}

TEST(Pretokenizer, LongRunsTakeNeitherStackNorQuadraticTime) {
    pthread_attr_t attributes;
    ASSERT_EQ(pthread_attr_init(&attributes), 0);
    ASSERT_EQ(pthread_attr_setstacksize(&attributes, size_t{128} << 10), 0);
    pthread_t thread;
    ASSERT_EQ(pthread_create(&thread, &attributes, split_long_runs, nullptr), 0);
    ASSERT_EQ(pthread_join(thread, nullptr), 0);
    pthread_attr_destroy(&attributes);
}

}  // namespace
}  // namespace hearth
