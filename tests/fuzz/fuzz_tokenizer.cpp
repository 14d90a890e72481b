// Any bytes as text: what is encoded comes back, and no control token comes of it.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/check.h"
#include "engine/text/tokenizer.h"
#include "tests/unit/tokenizer_fixture.h"

namespace hearth {
namespace {

void add_specials(TestVocabulary& vocabulary) {
    for (const char* text : {"<|a|>", "<|a|>b", "[x]"}) vocabulary.add(text, TokenType::control);
    for (const char* text : {"<t>", "  ", "\xC3\xA9t"}) {
        vocabulary.add(text, TokenType::user_defined);
    }
}

Tokenizer make_spm() {
    TestVocabulary vocabulary = spm_vocabulary();
    add_specials(vocabulary);
    float score = 0;
    for (const char* text : {"\xE2\x96\x81", "a", "b", "<", "|", "ab", "aab",
                             "\xE2\x96\x81"
                             "a",
                             "\xE2\x96\x81\xE2\x96\x81", "\xC3\xA9", "<|", "|>", "bb", "abab"}) {
        vocabulary.add(text, TokenType::normal, score);
        score -= 1;
    }
    return std::move(*make_tokenizer(vocabulary.writer("llama", "")));
}

Tokenizer make_bpe(const char* pre) {
    TestVocabulary vocabulary = bpe_vocabulary();
    add_specials(vocabulary);
    for (const auto& [left, right] : {std::pair{"a", "b"},
                                      {" ", "a"},
                                      {"ab", "ab"},
                                      {"<", "|"},
                                      {"\xC3", "\xA9"},
                                      {" ", " "},
                                      {"\n", "\n"},
                                      {"1", "1"},
                                      {"'", "s"},
                                      {"\xF0\x9F", "\x98"},
                                      {"\xF0", "\x9F"}}) {
        vocabulary.add_merge(left, right);
    }
    return std::move(*make_tokenizer(vocabulary.writer("gpt2", pre)));
}

void check(const Tokenizer& tokenizer, std::string_view text) {
    const auto tokens = tokenizer.encode(text, SpecialTokens::as_text);
    for (const Token token : tokens) HEARTH_CHECK(!tokenizer.is_control(token));
    HEARTH_CHECK(tokenizer.decode(tokens) == text);

    const auto parsed = tokenizer.encode(text, SpecialTokens::parse);
    HEARTH_CHECK(tokenizer.decode(parsed, Tokenizer::ControlTokens::show) == text);

    // Every third byte ends a span.
    std::vector<TextSpan> spans;
    for (size_t at = 0; at < text.size(); at += 3) {
        const bool markup = at % 2 == 0;
        spans.push_back({markup ? TextSpan::Origin::markup : TextSpan::Origin::content,
                         std::string(text.substr(at, 3))});
    }
    const auto spanned = tokenizer.encode_spans(spans);
    HEARTH_CHECK(tokenizer.decode(spanned, Tokenizer::ControlTokens::show) == text);
}

}  // namespace
}  // namespace hearth

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace hearth;
    static const std::array<Tokenizer, 6> tokenizers{
        make_spm(),         make_bpe("default"),    make_bpe("llama-bpe"), make_bpe("deepseek-llm"),
        make_bpe("gpt-4o"), make_bpe("deepseek-v3")};
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    check(tokenizers[data[0] % tokenizers.size()], text);
    return 0;
}
