#include "engine/text/spm.h"

#include "engine/base/utf8.h"

namespace hearth {

void SpmEncoder::encode(std::string_view text, SymbolMerger& merger,
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
