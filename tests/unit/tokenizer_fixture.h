// Small vocabularies made in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/gguf/gguf.h"
#include "engine/gguf/gguf_writer.h"
#include "engine/text/byte_alphabet.h"
#include "engine/text/tokenizer.h"
#include "engine/text/vocabulary.h"
#include "tests/data/memory_file.h"

namespace hearth {

using TokenType = Tokenizer::Vocabulary::Type;

inline Result<Gguf> parse_gguf(const GgufWriter& writer) {
    HEARTH_TRY(auto bytes, writer.bytes());
    return Gguf::parse(std::make_unique<MemoryFile>(std::move(bytes)));
}

inline Result<Tokenizer> make_tokenizer(const GgufWriter& writer) {
    HEARTH_TRY(const Gguf gguf, parse_gguf(writer));
    return Tokenizer::create(gguf);
}

// A vocabulary that grows token by token.
struct TestVocabulary {
    std::vector<std::string> texts;
    std::vector<float> scores;
    std::vector<int32_t> types;
    std::vector<std::string> merges;

    Token add(std::string text, TokenType type = TokenType::normal, float score = 0) {
        texts.push_back(std::move(text));
        scores.push_back(score);
        types.push_back(static_cast<int32_t>(type));
        return Token{static_cast<uint32_t>(texts.size() - 1)};
    }

    // BPE: the token left + right, and the merge that makes it. Texts are plain bytes.
    Token add_merge(std::string_view left, std::string_view right) {
        merges.push_back(encode_alphabet(left) + " " + encode_alphabet(right));
        return add(encode_alphabet(std::string(left) + std::string(right)));
    }

    GgufWriter writer(const std::string& model, const std::string& pre) const {
        GgufWriter out;
        out.set("tokenizer.ggml.model", model);
        if (!pre.empty()) out.set("tokenizer.ggml.pre", pre);
        out.set("tokenizer.ggml.tokens", texts);
        out.set("tokenizer.ggml.token_type", types);
        if (model == "llama") out.set("tokenizer.ggml.scores", scores);
        if (model == "gpt2") out.set("tokenizer.ggml.merges", merges);
        return out;
    }
};

// <unk> 0, <s> 1, </s> 2, then the 256 bytes.
inline TestVocabulary spm_vocabulary() {
    TestVocabulary vocabulary;
    vocabulary.add("<unk>", TokenType::unknown);
    vocabulary.add("<s>", TokenType::control);
    vocabulary.add("</s>", TokenType::control);
    for (int byte = 0; byte < 256; ++byte) {
        vocabulary.add(fmt::format("<0x{:02X}>", byte), TokenType::byte);
    }
    return vocabulary;
}

// The 256 bytes, in byte order: token i is byte i.
inline TestVocabulary bpe_vocabulary() {
    TestVocabulary vocabulary;
    for (int byte = 0; byte < 256; ++byte) {
        vocabulary.add(encode_alphabet(std::string(1, static_cast<char>(byte))));
    }
    return vocabulary;
}

inline std::vector<uint32_t> ids(const std::vector<Token>& tokens) {
    std::vector<uint32_t> out;
    for (const Token token : tokens) out.push_back(static_cast<uint32_t>(to_index(token)));
    return out;
}

}  // namespace hearth
