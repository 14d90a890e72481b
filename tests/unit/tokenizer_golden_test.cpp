// Every tokenizer of the reference material against the tokens that llama.cpp makes: all equal.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/tokenizer_fixture.h"

namespace hearth {
namespace {

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
std::vector<std::string> vocabulary_files(const std::string& dir) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(dir)) {
        const std::string path = entry.path().string();
        if (path.ends_with(".gguf") && std::filesystem::exists(path + ".out")) {
            files.push_back(path);
        }
    }
    return files;
}

TEST(TokenizerGolden, EveryVectorOfEveryVocabularyIsEqualAndDecodesBack) {
    if (reference_dir().empty()) GTEST_SKIP() << "no reference files";
    const auto files = vocabulary_files(reference_dir() + "/vocab");
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

TEST(TokenizerGolden, TheStoriesModelReadsItsStories) {
    if (reference_dir().empty()) GTEST_SKIP() << "no reference files";
    const auto gguf = Gguf::open(reference_dir() + "/stories/stories260k.gguf");
    ASSERT_TRUE(gguf) << gguf.error().message;
    const auto tokenizer = Tokenizer::create(*gguf);
    ASSERT_TRUE(tokenizer) << tokenizer.error().message;
    ASSERT_TRUE(tokenizer->adds_bos());
    const auto json =
        nlohmann::json::parse(read_file(reference_dir() + "/stories/stories260k.json"));
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
