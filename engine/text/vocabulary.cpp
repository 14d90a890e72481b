#include "engine/text/vocabulary.h"

#include <algorithm>
#include <utility>

#include "engine/base/printable.h"
#include "engine/text/byte_alphabet.h"

namespace hearth {

namespace {

using Vocabulary = Tokenizer::Vocabulary;
using Type = Vocabulary::Type;

// How SentencePiece writes a space.
constexpr std::string_view kSpaceMark = "\xE2\x96\x81";  // U+2581

// Texts that end an answer in the chat formats of today, when they are control tokens.
constexpr std::string_view kEndTexts[] = {
    "</s>",
    "<|im_end|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|end|>",
    "<|endoftext|>",
    "<|end_of_text|>",
    "<|return|>",
    "<|call|>",
    "<end_of_turn>",
    "<end_of_utterance>",
    "<eos>",
    "<EOT>",
    "_<EOT>",
    "[EOT]",
    "[EOS]",
    "<\xEF\xBD\x9C"
    "end\xE2\x96\x81of\xE2\x96\x81sentence\xEF\xBD\x9C>",  // DeepSeek
};

bool is_end_text(std::string_view text) {
    return std::find(std::begin(kEndTexts), std::end(kEndTexts), text) != std::end(kEndTexts);
}

// <|...|>, also with DeepSeek's full-width bars.
bool has_marker_shape(std::string_view text) {
    return text.size() > 4 &&
           ((text.starts_with("<|") && text.ends_with("|>")) ||
            (text.starts_with("<\xEF\xBD\x9C") && text.ends_with("\xEF\xBD\x9C>")));
}

// <...> or [...]: what may be taken for markup when the file says it begins or ends a text.
bool has_bracket_shape(std::string_view text) {
    return text.size() > 2 && ((text.front() == '<' && text.back() == '>') ||
                               (text.front() == '[' && text.back() == ']'));
}

// The value of a byte token, strictly "<0x" two hex digits ">".
std::optional<uint8_t> parse_byte_token(std::string_view text) {
    if (text.size() != 6 || !text.starts_with("<0x") || text[5] != '>') return std::nullopt;
    unsigned value = 0;
    for (const char digit : text.substr(3, 2)) {
        value *= 16;
        if (digit >= '0' && digit <= '9') {
            value += static_cast<unsigned>(digit - '0');
        } else if (digit >= 'A' && digit <= 'F') {
            value += static_cast<unsigned>(digit - 'A') + 10;
        } else if (digit >= 'a' && digit <= 'f') {
            value += static_cast<unsigned>(digit - 'a') + 10;
        } else {
            return std::nullopt;
        }
    }
    return static_cast<uint8_t>(value);
}

// Printable ASCII, newline, and the bytes of planes 0 and 1 in UTF-8. Vocabularies may lack others
// (starcoder has no F1, falcon not all control characters) and nobody misses them.
bool is_common_byte(size_t byte) {
    return byte == '\n' || (byte >= 0x20 && byte < 0x7F) || (byte >= 0x80 && byte < 0xC0) ||
           (byte >= 0xC2 && byte <= 0xF0);
}

std::string with_spaces(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const size_t mark = std::min(text.find(kSpaceMark), text.size());
        out += text.substr(0, mark);
        text.remove_prefix(mark);
        if (text.empty()) break;
        out += ' ';
        text.remove_prefix(kSpaceMark.size());
    }
    return out;
}

Result<void> check_length(const Metadata& metadata, std::string_view key, size_t length,
                          size_t n_tokens) {
    if (length == n_tokens) return {};
    return make_error(ErrorCode::bad_file,
                      "{}: key '{}' has {} entries for {} tokens (damaged file?)", metadata.path(),
                      key, length, n_tokens);
}

// A token id; UINT32_MAX is how some converters write "none".
Result<std::optional<Token>> read_id(const Metadata& metadata, std::string_view key,
                                     size_t n_tokens) {
    HEARTH_TRY(const auto id, metadata.optional_uint(key, 0, UINT32_MAX));
    if (!id || *id == UINT32_MAX) return std::nullopt;
    if (*id >= n_tokens) {
        return make_error(ErrorCode::bad_file,
                          "{}: key '{}' is {}, the vocabulary has {} tokens (damaged file?)",
                          metadata.path(), key, *id, n_tokens);
    }
    return Token{static_cast<uint32_t>(*id)};
}

}  // namespace

Result<Vocabulary> Vocabulary::create(const Metadata& metadata) {
    Vocabulary vocabulary;
    HEARTH_TRY_VOID(vocabulary.read_algorithm(metadata));
    HEARTH_TRY_VOID(vocabulary.read_tokens(metadata));
    HEARTH_TRY_VOID(vocabulary.read_types(metadata));
    HEARTH_TRY_VOID(vocabulary.read_scores(metadata));
    HEARTH_TRY_VOID(vocabulary.read_special_ids(metadata));
    HEARTH_TRY_VOID(vocabulary.make_pieces(metadata));
    vocabulary.index_pieces();
    vocabulary.find_byte_tokens();
    HEARTH_TRY_VOID(vocabulary.read_flags(metadata));
    return vocabulary;
}

Result<void> Vocabulary::read_algorithm(const Metadata& metadata) {
    HEARTH_TRY(const std::string model, metadata.require_string("tokenizer.ggml.model"));
    if (model != "llama" && model != "gpt2") {
        return make_error(ErrorCode::bad_file,
                          "{}: tokenizer '{}' is not supported (llama, which is SPM, and gpt2, "
                          "which is BPE, are)",
                          metadata.path(), printable(model));
    }
    algorithm = model == "llama" ? Algorithm::spm : Algorithm::bpe;
    HEARTH_TRY(const auto name, metadata.optional_string("tokenizer.ggml.pre"));
    pre = name.value_or("");
    if (algorithm == Algorithm::bpe && pre.empty()) {
        pre = "default";
        warnings.push_back(
            "the file names no pre-tokenizer (tokenizer.ggml.pre): 'default' is "
            "used, answers may be worse (a newer conversion has it)");
    }
    return {};
}

Result<void> Vocabulary::read_tokens(const Metadata& metadata) {
    constexpr std::string_view kKey = "tokenizer.ggml.tokens";
    HEARTH_TRY(const auto* tokens, metadata.optional_strings(kKey));
    if (tokens == nullptr || tokens->empty()) {
        return make_error(ErrorCode::bad_file, "{}: key '{}' is missing or empty (not a model?)",
                          metadata.path(), kKey);
    }
    if (tokens->size() > kTokensMax) {
        return make_error(ErrorCode::bad_file, "{}: {} tokens, the limit is {} (damaged file?)",
                          metadata.path(), tokens->size(), kTokensMax);
    }
    texts = *tokens;
    by_text_.reserve(texts.size());
    for (size_t i = 0; i < texts.size(); ++i) {
        if (texts[i].size() > kTokenBytesMax) {
            return make_error(ErrorCode::bad_file,
                              "{}: token {} has {} bytes, the limit is {} (damaged file?)",
                              metadata.path(), i, texts[i].size(), kTokenBytesMax);
        }
        // Published models repeat a few texts (Gemma 4 QAT: //, <?, #); the last is what is
        // encoded.
        by_text_[texts[i]] = Token{static_cast<uint32_t>(i)};
    }
    return {};
}

Result<void> Vocabulary::read_types(const Metadata& metadata) {
    constexpr std::string_view kKey = "tokenizer.ggml.token_type";
    types.assign(size(), Type::normal);
    HEARTH_TRY(const auto values, metadata.optional_ints(kKey));
    if (!values) return {};
    HEARTH_TRY_VOID(check_length(metadata, kKey, values->size(), size()));
    for (size_t i = 0; i < size(); ++i) {
        const int64_t value = (*values)[i];
        if (value < 0 || value > static_cast<int64_t>(Type::byte)) {
            return make_error(ErrorCode::bad_file,
                              "{}: key '{}': token {} has type {}, it must be 0 to 6 (damaged "
                              "file?)",
                              metadata.path(), kKey, i, value);
        }
        types[i] = static_cast<Type>(value);
    }
    return {};
}

Result<void> Vocabulary::read_scores(const Metadata& metadata) {
    if (algorithm != Algorithm::spm) return {};
    constexpr std::string_view kKey = "tokenizer.ggml.scores";
    HEARTH_TRY(const auto values, metadata.optional_floats(kKey));
    if (!values) {
        return make_error(ErrorCode::bad_file,
                          "{}: key '{}' is missing, an SPM tokenizer cannot merge without it "
                          "(a broken converter?)",
                          metadata.path(), kKey);
    }
    HEARTH_TRY_VOID(check_length(metadata, kKey, values->size(), size()));
    scores.assign(values->begin(), values->end());
    return {};
}

Result<void> Vocabulary::read_special_ids(const Metadata& metadata) {
    HEARTH_TRY(bos, read_id(metadata, "tokenizer.ggml.bos_token_id", size()));
    HEARTH_TRY(eos, read_id(metadata, "tokenizer.ggml.eos_token_id", size()));
    HEARTH_TRY(unknown, read_id(metadata, "tokenizer.ggml.unknown_token_id", size()));
    HEARTH_TRY(const auto eot, read_id(metadata, "tokenizer.ggml.eot_token_id", size()));
    HEARTH_TRY(const auto eom, read_id(metadata, "tokenizer.ggml.eom_token_id", size()));
    if (algorithm == Algorithm::spm) {  // old files do not name them
        if (!bos) bos = find("<s>");
        if (!eos) eos = find("</s>");
        if (!unknown) unknown = find("<unk>");
    }
    std::vector<Token> ends_declared;
    for (const auto& end : {eos, eot, eom}) {
        if (end) ends_declared.push_back(*end);
    }
    std::vector<Token> special = ends_declared;
    if (bos) special.push_back(*bos);
    mark_control_tokens(special);
    find_ends(ends_declared);
    return {};
}

// Converters mark control tokens as ordinary or user-defined ones now and then. Left so, a message
// that says "<|im_end|>" would end its turn; what has the looks of a marker is one.
void Vocabulary::mark_control_tokens(const std::vector<Token>& special) {
    const auto is_text = [this](size_t i) {
        return types[i] == Type::undefined || types[i] == Type::normal ||
               types[i] == Type::user_defined;
    };
    for (size_t i = 0; i < size(); ++i) {
        const bool user_defined_end = types[i] == Type::user_defined && is_end_text(texts[i]);
        if (user_defined_end || (is_text(i) && has_marker_shape(texts[i]))) {
            types[i] = Type::control;
        }
    }
    for (const Token token : special) {
        const size_t i = to_index(token);
        if (is_text(i) && has_bracket_shape(texts[i])) types[i] = Type::control;
    }
    if (unknown && is_text(to_index(*unknown)) && has_bracket_shape(text(*unknown))) {
        types[to_index(*unknown)] = Type::unknown;
    }
}

void Vocabulary::find_ends(const std::vector<Token>& declared) {
    ends = declared;
    for (const std::string_view text : kEndTexts) {
        const auto token = find(text);
        if (token && type(*token) == Type::control) ends.push_back(*token);
    }
    // In the harmony format (gpt-oss) <|end|> closes a channel, not the answer.
    if (find("<|return|>") && find("<|call|>")) std::erase(ends, find("<|end|>"));
    std::sort(ends.begin(), ends.end());
    ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
}

Result<void> Vocabulary::make_pieces(const Metadata& metadata) {
    pieces.reserve(size());
    for (size_t i = 0; i < size(); ++i) {
        const std::string& text = texts[i];
        const bool as_written = types[i] == Type::control || types[i] == Type::user_defined ||
                                types[i] == Type::unknown;
        if (algorithm == Algorithm::spm && types[i] == Type::byte) {
            const auto byte = parse_byte_token(text);
            if (!byte) {
                return make_error(ErrorCode::bad_file,
                                  "{}: token {} is a byte token, but its text is '{}', not "
                                  "<0x00> to <0xFF> (damaged file?)",
                                  metadata.path(), i, printable(text));
            }
            pieces.emplace_back(1, static_cast<char>(*byte));
        } else if (as_written) {
            pieces.push_back(text);
        } else {
            pieces.push_back(algorithm == Algorithm::spm ? with_spaces(text)
                                                         : decode_alphabet(text));
        }
    }
    return {};
}

void Vocabulary::index_pieces() {
    by_piece_.reserve(size());
    const auto index = [this](size_t i) {
        if (!pieces[i].empty()) by_piece_[pieces[i]] = Token{static_cast<uint32_t>(i)};
    };
    // Ordinary tokens last, so that they win over user-defined ones of the same bytes.
    for (size_t i = 0; i < size(); ++i) {
        if (types[i] == Type::user_defined) index(i);
    }
    for (size_t i = 0; i < size(); ++i) {
        const bool byte = types[i] == Type::byte && algorithm == Algorithm::bpe;
        if (types[i] == Type::normal || types[i] == Type::undefined || byte) index(i);
    }
    for (const auto& [piece, token] : by_piece_) {
        piece_bytes_max = std::max(piece_bytes_max, piece.size());
    }
}

void Vocabulary::find_byte_tokens() {
    size_t n_missing = 0;
    for (size_t byte = 0; byte < byte_tokens.size(); ++byte) {
        if (algorithm == Algorithm::bpe) {
            byte_tokens[byte] = find_piece(std::string(1, static_cast<char>(byte)));
        } else {  // by text: old files have them as ordinary tokens
            byte_tokens[byte] = find(fmt::format("<0x{:02X}>", byte));
        }
        if (!byte_tokens[byte] && is_common_byte(byte)) ++n_missing;
    }
    if (n_missing > 0) {
        warnings.push_back(
            fmt::format("the vocabulary lacks {} byte tokens: characters that need "
                        "them cannot be said to the model",
                        n_missing));
    }
}

Result<void> Vocabulary::read_flags(const Metadata& metadata) {
    const bool spm = algorithm == Algorithm::spm;
    HEARTH_TRY(const auto add_bos, metadata.optional_bool("tokenizer.ggml.add_bos_token"));
    HEARTH_TRY(const auto add_eos, metadata.optional_bool("tokenizer.ggml.add_eos_token"));
    HEARTH_TRY(const auto prefix, metadata.optional_bool("tokenizer.ggml.add_space_prefix"));
    if (add_bos.value_or(false) && !bos) {
        return make_error(ErrorCode::bad_file,
                          "{}: a BOS token is to be added, but key 'tokenizer.ggml.bos_token_id' "
                          "is missing (a broken converter?)",
                          metadata.path());
    }
    adds_bos = add_bos.value_or(spm && bos);
    adds_eos = add_eos.value_or(false) && eos;
    adds_space_prefix = prefix.value_or(spm) && spm;
    return {};
}

bool Vocabulary::is_control(Token token) const {
    if (!contains(token)) return true;
    const Type of = type(token);
    return of == Type::control || of == Type::unknown || of == Type::unused;
}

bool Vocabulary::is_special(Token token) const {
    return is_control(token) || type(token) == Type::user_defined;
}

std::optional<Token> Vocabulary::find(std::string_view text) const {
    const auto at = by_text_.find(text);
    return at == by_text_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<Token> Vocabulary::find_piece(std::string_view bytes) const {
    const auto at = by_piece_.find(bytes);
    return at == by_piece_.end() ? std::nullopt : std::optional(at->second);
}

void Vocabulary::append_byte(uint8_t byte, std::vector<Token>& out) const {
    if (byte_tokens[byte]) {
        out.push_back(*byte_tokens[byte]);
    } else if (unknown) {
        out.push_back(*unknown);
    }
}

}  // namespace hearth
