#include "engine/text/spm.h"

#include <algorithm>

#include "engine/base/utf8.h"

namespace hearth {

namespace {

// The length of the first word: spaces, then what follows up to the next space.
size_t word_length(std::string_view text) {
    const size_t letters = std::min(text.find_first_not_of(' '), text.size());
    return std::min(text.find(' ', letters), text.size());
}

}  // namespace

SpmEncoder::SpmEncoder(const Tokenizer::Vocabulary& vocabulary) : vocabulary_(vocabulary) {
    for (size_t i = 0; i < vocabulary.size() && words_apart_; ++i) {
        const Token token{static_cast<uint32_t>(i)};
        const std::string_view piece = vocabulary.piece(token);
        words_apart_ = vocabulary.is_control(token) || word_length(piece) == piece.size();
    }
}

void SpmEncoder::encode(std::string_view text, SymbolMerger& merger,
                        std::vector<Token>& out) const {
    while (!text.empty()) {
        const std::string_view word =
            text.substr(0, words_apart_ ? word_length(text) : text.size());
        encode_word(word, merger, out);
        text.remove_prefix(word.size());
    }
}

void SpmEncoder::encode_word(std::string_view text, SymbolMerger& merger,
                             std::vector<Token>& out) const {
    merger.clear();
    for (size_t at = 0; at < text.size();) {
        const size_t length = decode_utf8(text.substr(at)).bytes;
        merger.append(length, vocabulary_.find_piece(text.substr(at, length)));
        at += length;
    }
    merger.merge([&](const Symbol& left, const Symbol& right) -> std::optional<Joint> {
        const size_t length = size_t{left.length} + right.length;
        if (length > vocabulary_.piece_bytes_max) return std::nullopt;
        const auto token = vocabulary_.find_piece(text.substr(left.begin, length));
        if (!token) return std::nullopt;
        return Joint{-static_cast<double>(vocabulary_.scores[to_index(*token)]), *token};
    });
    for (const Symbol& symbol : merger.symbols()) {
        if (symbol.length == 0) continue;
        if (symbol.token) {
            out.push_back(*symbol.token);
            continue;
        }
        for (const char byte : text.substr(symbol.begin, symbol.length)) {
            vocabulary_.append_byte(static_cast<uint8_t>(byte), out);
        }
    }
}

}  // namespace hearth
