#include "engine/text/bpe.h"

#include <utility>

namespace hearth {

namespace {

// A token that merging may make.
std::optional<Token> find_text(const Tokenizer::Vocabulary& vocabulary, std::string_view text) {
    const auto token = vocabulary.find(text);
    if (!token || vocabulary.is_control(*token)) return std::nullopt;
    return token;
}

}  // namespace

Result<BpeEncoder> BpeEncoder::create(const Metadata& metadata,
                                      const Tokenizer::Vocabulary& vocabulary,
                                      Pretokenizer pretokenizer) {
    constexpr std::string_view kKey = "tokenizer.ggml.merges";
    HEARTH_TRY(const auto* merges, metadata.optional_strings(kKey));
    if (merges == nullptr) {
        return make_error(ErrorCode::bad_file,
                          "{}: key '{}' is missing, a BPE tokenizer cannot merge without it "
                          "(a broken converter?)",
                          metadata.path(), kKey);
    }
    BpeEncoder encoder(vocabulary, std::move(pretokenizer));
    encoder.merges_.reserve(merges->size());
    for (size_t rank = 0; rank < merges->size(); ++rank) {
        if (!encoder.add_merge((*merges)[rank], static_cast<uint32_t>(rank))) {
            ++encoder.n_merges_ignored_;
        }
    }
    return encoder;
}

bool BpeEncoder::add_merge(const std::string& merge, uint32_t rank) {
    const size_t space = merge.find(' ', 1);
    if (space == std::string::npos) return false;
    const std::string_view text = merge;
    const auto left = find_text(*vocabulary_, text.substr(0, space));
    const auto right = find_text(*vocabulary_, text.substr(space + 1));
    const auto both = find_text(*vocabulary_, merge.substr(0, space) + merge.substr(space + 1));
    if (!left || !right || !both) return false;
    merges_.try_emplace(key(*left, *right), Merge{rank, *both});
    return true;
}

void BpeEncoder::encode(std::string_view text, SymbolMerger& merger,
                        std::vector<Token>& out) const {
    for (const std::string_view piece : pretokenizer_.split(text)) {
        encode_piece(piece, merger, out);
    }
}

void BpeEncoder::encode_piece(std::string_view piece, SymbolMerger& merger,
                              std::vector<Token>& out) const {
    if (habits().ignore_merges) {
        if (const auto whole = vocabulary_->find_piece(piece)) {
            out.push_back(*whole);
            return;
        }
    }
    merger.clear();
    for (const char byte : piece) {
        merger.append(1, vocabulary_->byte_tokens[static_cast<uint8_t>(byte)]);
    }
    merger.merge([this](const Symbol& left, const Symbol& right) -> std::optional<Joint> {
        if (!left.token || !right.token) return std::nullopt;
        const auto merge = merges_.find(key(*left.token, *right.token));
        if (merge == merges_.end()) return std::nullopt;
        return Joint{static_cast<double>(merge->second.rank), merge->second.token};
    });
    for (const Symbol& symbol : merger.symbols()) {
        if (symbol.length == 0) continue;
        if (symbol.token) {
            out.push_back(*symbol.token);
        } else {  // a single byte that has no token
            vocabulary_->append_byte(static_cast<uint8_t>(piece[symbol.begin]), out);
        }
    }
}

}  // namespace hearth
