#include "tests/data/tiny_vocabulary.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/check.h"
#include "engine/base/utf8.h"
#include "tests/data/tiny_model.h"

namespace hearth {

namespace {

enum TokenType : int32_t { kNormal = 1, kUnknown = 2, kControl = 3, kByte = 6 };

// Merges in order of rank; each side is one letter or the result of a merge above it. "_" stands
// for the mark of a leading space.
constexpr std::array<std::array<std::string_view, 2>, 37> kMerges{{
    {"h", "e"},  {"i", "n"},    {"_", "t"},     {"_t", "he"}, {"_", "a"},  {"e", "r"},   {"o", "n"},
    {"a", "n"},  {"r", "e"},    {"_", "s"},     {"n", "d"},   {"an", "d"}, {"_a", "nd"}, {"_", "w"},
    {"a", "t"},  {"e", "n"},    {"o", "r"},     {"_", "o"},   {"_o", "f"}, {"_t", "o"},  {"e", "s"},
    {"i", "s"},  {"_", "i"},    {"_i", "n"},    {"in", "g"},  {"l", "l"},  {"e", "d"},   {"_", "h"},
    {"_h", "e"}, {"_he", "ll"}, {"_hell", "o"}, {"o", "u"},   {"_", "y"},  {"_y", "ou"}, {"t", "h"},
    {"_", "is"}, {"_w", "or"},
}};

std::string with_space_mark(std::string_view piece, std::string_view mark) {
    std::string out;
    for (const char c : piece) {
        if (c == '_') {
            out.append(mark);
        } else {
            out.push_back(c);
        }
    }
    return out;
}

struct Tokens {
    std::vector<std::string> texts;
    std::vector<int32_t> types;

    void add(std::string text, TokenType type) {
        texts.push_back(std::move(text));
        types.push_back(type);
    }
};

Tokens specials() {
    Tokens tokens;
    tokens.add("<unk>", kUnknown);
    for (const char* text : {"<s>", "</s>", "<|im_start|>", "<|im_end|>"}) {
        tokens.add(text, kControl);
    }
    while (tokens.texts.size() < kTinySpecials) {
        tokens.add(fmt::format("<|reserved_{}|>", tokens.texts.size()), kControl);
    }
    return tokens;
}

void set_common(GgufWriter& writer, const Tokens& tokens) {
    HEARTH_CHECK(tokens.texts.size() % 32 == 0);
    writer.set("tokenizer.ggml.tokens", tokens.texts);
    writer.set("tokenizer.ggml.token_type", tokens.types);
    writer.set("tokenizer.ggml.bos_token_id", kTinyBos);
    writer.set("tokenizer.ggml.eos_token_id", kTinyEos);
    writer.set("tokenizer.ggml.eot_token_id", kTinyImEnd);
    writer.set("tokenizer.ggml.unknown_token_id", kTinyUnknown);
}

// GPT-2's alphabet: printable bytes stand for themselves, the others are moved above U+0100.
std::string byte_letter(uint32_t byte) {
    const auto is_plain = [](uint32_t b) {
        return (b >= 0x21 && b <= 0x7E) || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
    };
    char32_t letter = byte;
    if (!is_plain(byte)) {
        letter = 0x100;
        for (uint32_t b = 0; b < byte; ++b) letter += is_plain(b) ? 0 : 1;
    }
    std::string out;
    append_utf8(out, letter);
    return out;
}

}  // namespace

uint32_t set_spm_vocabulary(GgufWriter& writer) {
    constexpr std::string_view kMark = "\xE2\x96\x81";  // U+2581
    Tokens tokens = specials();
    for (uint32_t byte = 0; byte < 256; ++byte) tokens.add(fmt::format("<0x{:02X}>", byte), kByte);
    std::vector<float> scores(tokens.texts.size(), 0.0f);
    for (const auto& [left, right] : kMerges) {
        scores.push_back(-static_cast<float>(scores.size() - kTinyPieces));
        tokens.add(with_space_mark(std::string(left).append(right), kMark), kNormal);
    }
    for (const char letter : std::string_view("_abcdefghijklmnopqrstuvwxyz")) {
        scores.push_back(-static_cast<float>(scores.size() - kTinyPieces));
        tokens.add(with_space_mark(std::string_view(&letter, 1), kMark), kNormal);
    }
    writer.set("tokenizer.ggml.model", "llama");
    writer.set("tokenizer.ggml.scores", scores);
    writer.set("tokenizer.ggml.add_bos_token", true);
    set_common(writer, tokens);
    return static_cast<uint32_t>(tokens.texts.size());
}

uint32_t set_bpe_vocabulary(GgufWriter& writer) {
    const std::string mark = byte_letter(' ');
    Tokens tokens = specials();
    for (uint32_t byte = 0; byte < 256; ++byte) tokens.add(byte_letter(byte), kNormal);
    std::vector<std::string> merges;
    for (const auto& [left, right] : kMerges) {
        merges.push_back(with_space_mark(left, mark) + " " + with_space_mark(right, mark));
        tokens.add(with_space_mark(std::string(left).append(right), mark), kNormal);
    }
    while (tokens.texts.size() % 32 != 0) {
        tokens.add(fmt::format("<|reserved_{}|>", tokens.texts.size()), kControl);
    }
    writer.set("tokenizer.ggml.model", "gpt2");
    writer.set("tokenizer.ggml.pre", "qwen2");
    writer.set("tokenizer.ggml.merges", merges);
    writer.set("tokenizer.ggml.add_bos_token", false);
    set_common(writer, tokens);
    return static_cast<uint32_t>(tokens.texts.size());
}

}  // namespace hearth
