// Every tokenizer of the reference material against the tokens that llama.cpp makes: all equal.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "engine/text/tokenizer.h"
#include "tests/golden/reference.h"

namespace hearth {
namespace {

// The reference files; a test that finds none has nothing to say.
bool have_reference() {
    return std::filesystem::is_directory(reference_folder());
}

std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// The cases of an .inp file, each followed by a line that separates.
std::vector<std::string> read_cases(const std::string& path) {
    const std::string separator = "\n__ggml_vocab_test__\n";
    const std::string all = read_file(path);
    std::vector<std::string> cases;
    size_t at = 0;
    for (size_t end = 0; (end = all.find(separator, at)) != std::string::npos;) {
        cases.push_back(all.substr(at, end - at));
        at = end + separator.size();
    }
    return cases;
}

std::vector<uint32_t> ids(const std::vector<Token>& tokens) {
    std::vector<uint32_t> out;
    for (const Token token : tokens) out.push_back(static_cast<uint32_t>(to_index(token)));
    return out;
}

std::vector<std::vector<uint32_t>> read_ids(const std::string& path) {
    std::vector<std::vector<uint32_t>> all;
    std::istringstream lines(read_file(path));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream numbers(line);
        all.emplace_back(std::istream_iterator<uint32_t>(numbers),
                         std::istream_iterator<uint32_t>());
    }
    return all;
}

// The vocabulary files with expectations beside them.
std::vector<std::string> vocabulary_files(const std::filesystem::path& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string path = entry.path().string();
        if (path.ends_with(".gguf") && std::filesystem::exists(path + ".out")) {
            files.push_back(path);
        }
    }
    return files;
}

TEST(TokenizerGolden, EveryVectorOfEveryVocabularyIsEqualAndDecodesBack) {
    if (!have_reference()) GTEST_SKIP() << "no reference files";
    const auto files = vocabulary_files(reference_folder() / "vocab");
    EXPECT_GE(files.size(), 6u);
    for (const std::string& path : files) {
        const auto gguf = Gguf::open(path);
        ASSERT_TRUE(gguf) << gguf.error().message;
        const auto tokenizer = Tokenizer::create(*gguf);
        ASSERT_TRUE(tokenizer) << tokenizer.error().message;
        const auto cases = read_cases(path + ".inp");
        const auto expected = read_ids(path + ".out");
        ASSERT_EQ(cases.size(), expected.size()) << path;
        for (size_t i = 0; i < cases.size(); ++i) {
            const auto tokens = tokenizer->encode(cases[i], SpecialTokens::as_text);
            EXPECT_EQ(ids(tokens), expected[i]) << path << ": " << cases[i];
            EXPECT_EQ(tokenizer->decode(tokens), cases[i]) << path;
        }
    }
}

// What a message says, however it looks, is text: no control token of any vocabulary comes of it.
TEST(TokenizerGolden, NoSpecialTextOfAnyVocabularyBecomesAControlToken) {
    if (!have_reference()) GTEST_SKIP() << "no reference files";
    for (const std::string& path : vocabulary_files(reference_folder() / "vocab")) {
        const auto gguf = Gguf::open(path);
        ASSERT_TRUE(gguf) << gguf.error().message;
        const auto tokenizer = Tokenizer::create(*gguf);
        ASSERT_TRUE(tokenizer) << tokenizer.error().message;
        size_t n_specials = 0;
        for (uint32_t i = 0; i < tokenizer->vocab_size(); ++i) {
            if (!tokenizer->is_control(Token{i})) continue;
            ++n_specials;
            const std::string special(tokenizer->text(Token{i}));
            const size_t half = special.size() / 2;
            // Plain, nested, and split between markup and message.
            const std::string nested = special.substr(0, half) + special + special.substr(half);
            for (const std::string& text : {special, nested, special + special}) {
                const auto tokens = tokenizer->encode(text, SpecialTokens::as_text);
                for (const Token token : tokens) {
                    EXPECT_FALSE(tokenizer->is_control(token)) << path << ": " << text;
                }
                EXPECT_EQ(tokenizer->decode(tokens), text) << path;
            }
            const std::vector<TextSpan> spans{{TextSpan::Origin::markup, special.substr(0, half)},
                                              {TextSpan::Origin::content, special.substr(half)},
                                              {TextSpan::Origin::markup, special}};
            size_t n_control = 0;
            for (const Token token : tokenizer->encode_spans(spans)) {
                n_control += tokenizer->is_control(token) ? 1 : 0;
            }
            EXPECT_EQ(n_control, 1u) << path << ": " << special;
        }
        EXPECT_GT(n_specials, 0u) << path;
    }
}

TEST(TokenizerGolden, TheStoriesModelReadsItsStories) {
    if (!have_reference()) GTEST_SKIP() << "no reference files";
    const auto gguf = Gguf::open((reference_folder() / "stories/stories260k.gguf").string());
    ASSERT_TRUE(gguf) << gguf.error().message;
    const auto tokenizer = Tokenizer::create(*gguf);
    ASSERT_TRUE(tokenizer) << tokenizer.error().message;
    ASSERT_TRUE(tokenizer->adds_bos());
    const auto json =
        nlohmann::json::parse(read_file(reference_folder() / "stories/stories260k.json"));
    ASSERT_FALSE(json.at("cases").empty());
    for (const auto& story : json.at("cases")) {
        const auto text = story.at("text").get<std::string>();
        auto tokens = tokenizer->encode(text, SpecialTokens::as_text);
        EXPECT_EQ(tokenizer->decode(tokens), text);
        tokens.insert(tokens.begin(), *tokenizer->bos());
        EXPECT_EQ(ids(tokens), story.at("ids").get<std::vector<uint32_t>>()) << text;
    }
}

}  // namespace
}  // namespace hearth
