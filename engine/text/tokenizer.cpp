#include "engine/text/tokenizer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/base/printable.h"
#include "engine/text/bpe.h"
#include "engine/text/special_matcher.h"
#include "engine/text/spm.h"
#include "engine/text/symbol_merger.h"
#include "engine/text/vocabulary.h"

namespace hearth {

namespace {

// Longer text between special tokens is merged in parts of this size, which bounds the memory
// (some 50 bytes per byte of text). No context is near as long.
constexpr size_t kPartBytesMax = size_t{16} << 20;
static_assert(kPartBytesMax < SymbolMerger::kTextBytesMax);

// The length of the first part of `text`, which ends between characters.
size_t part_length(std::string_view text) {
    if (text.size() <= kPartBytesMax) return text.size();
    size_t length = kPartBytesMax;
    while (length > kPartBytesMax - 4 &&
           (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
        --length;
    }
    return length;
}

}  // namespace

class Tokenizer::Impl {
  public:
    static Result<std::unique_ptr<const Impl>> create(const Metadata& metadata);

    // [begin, end) of a text.
    struct Range {
        size_t begin;
        size_t end;
    };
    // `markup`: where control tokens are parsed; ascending, apart from each other.
    std::vector<Token> encode(std::string_view text, const std::vector<Range>& markup) const;
    std::string decode(const std::vector<Token>& tokens, ControlTokens control) const;
    std::string_view piece(Token token, ControlTokens control) const;

    const Vocabulary& vocabulary() const { return vocabulary_; }

  private:
    explicit Impl(Vocabulary vocabulary)
        : vocabulary_(std::move(vocabulary)),
          specials_(vocabulary_),
          encoder_(SpmEncoder(vocabulary_)) {}

    Result<void> read_bpe(const Metadata& metadata);
    void encode_plain(std::string_view text, SymbolMerger& merger, std::vector<Token>& out) const;

    Vocabulary vocabulary_;
    SpecialMatcher specials_;
    std::variant<SpmEncoder, BpeEncoder> encoder_;
};

Result<std::unique_ptr<const Tokenizer::Impl>> Tokenizer::Impl::create(const Metadata& metadata) {
    HEARTH_TRY(Vocabulary vocabulary, Vocabulary::create(metadata));
    const bool bpe = vocabulary.algorithm == Vocabulary::Algorithm::bpe;
    std::unique_ptr<Impl> impl(new Impl(std::move(vocabulary)));
    if (bpe) HEARTH_TRY_VOID(impl->read_bpe(metadata));
    return std::unique_ptr<const Impl>(std::move(impl));
}

Result<void> Tokenizer::Impl::read_bpe(const Metadata& metadata) {
    auto pretokenizer = Pretokenizer::create(vocabulary_.pre);
    if (!pretokenizer) {
        return make_error(ErrorCode::bad_file,
                          "{}: pre-tokenizer '{}' is not supported (these are: {})",
                          metadata.path(), printable(vocabulary_.pre), Pretokenizer::families());
    }
    HEARTH_TRY(auto encoder, BpeEncoder::create(metadata, vocabulary_, std::move(*pretokenizer)));
    if (encoder.n_merges_ignored() > 0) {
        vocabulary_.warnings.push_back(
            fmt::format("{} merges join texts that are no tokens; they are left out",
                        encoder.n_merges_ignored()));
    }
    if (metadata.find("tokenizer.ggml.add_bos_token") == nullptr) {
        vocabulary_.adds_bos = encoder.habits().adds_bos && vocabulary_.bos;
    }
    encoder_.emplace<BpeEncoder>(std::move(encoder));
    return {};
}

std::vector<Token> Tokenizer::Impl::encode(std::string_view text,
                                           const std::vector<Range>& markup) const {
    std::vector<Token> out;
    SymbolMerger merger;
    auto range = markup.begin();
    size_t plain = 0;  // what is neither encoded nor a special token yet
    size_t at = 0;
    while (at < text.size()) {
        while (range != markup.end() && range->end <= at) ++range;
        const bool in_markup = range != markup.end() && range->begin <= at;
        const auto match = specials_.match(text.substr(at), in_markup ? range->end - at : 0);
        if (!match) {
            ++at;
            continue;
        }
        encode_plain(text.substr(plain, at - plain), merger, out);
        out.push_back(match->token);
        at += match->bytes;
        plain = at;
    }
    encode_plain(text.substr(plain), merger, out);
    return out;
}

// Text without special tokens in it.
void Tokenizer::Impl::encode_plain(std::string_view text, SymbolMerger& merger,
                                   std::vector<Token>& out) const {
    if (text.empty()) return;
    std::string prefixed;
    if (vocabulary_.adds_space_prefix) {
        prefixed.reserve(text.size() + 1);
        prefixed += ' ';
        prefixed += text;
        text = prefixed;
    }
    while (!text.empty()) {
        const std::string_view part = text.substr(0, part_length(text));
        std::visit([&](const auto& encoder) { encoder.encode(part, merger, out); }, encoder_);
        text.remove_prefix(part.size());
    }
}

std::string Tokenizer::Impl::decode(const std::vector<Token>& tokens, ControlTokens control) const {
    std::string text;
    // encode_plain() put a space before each run of plain text.
    bool at_prefix = vocabulary_.adds_space_prefix;
    for (const Token token : tokens) {
        std::string_view bytes = piece(token, control);
        const bool special = vocabulary_.is_special(token);
        if (at_prefix && !special && bytes.starts_with(' ')) bytes.remove_prefix(1);
        at_prefix = special && vocabulary_.adds_space_prefix;
        text += bytes;
    }
    return text;
}

std::string_view Tokenizer::Impl::piece(Token token, ControlTokens control) const {
    if (!vocabulary_.contains(token)) return {};
    if (vocabulary_.is_control(token) && control == ControlTokens::hide) return {};
    return vocabulary_.piece(token);
}

// ---- Tokenizer -------------------------------------------------------------------------------

Tokenizer::Tokenizer(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Result<Tokenizer> Tokenizer::create(const Gguf& gguf) {
    HEARTH_TRY(auto impl, Impl::create(gguf.metadata()));
    return Tokenizer(std::move(impl));
}

std::vector<Token> Tokenizer::encode(std::string_view text, SpecialTokens special) const {
    std::vector<Impl::Range> markup;
    if (special == SpecialTokens::parse) markup.push_back({0, text.size()});
    return impl_->encode(text, markup);
}

std::vector<Token> Tokenizer::encode_spans(std::span<const TextSpan> spans) const {
    std::string text;
    std::vector<Impl::Range> markup;
    for (const TextSpan& span : spans) {
        const size_t begin = text.size();
        text += span.text;
        if (span.origin != TextSpan::Origin::markup) continue;
        if (!markup.empty() && markup.back().end == begin) {
            markup.back().end = text.size();
        } else {
            markup.push_back({begin, text.size()});
        }
    }
    return impl_->encode(text, markup);
}

std::string Tokenizer::piece(Token token, ControlTokens control) const {
    return std::string(impl_->piece(token, control));
}

std::string Tokenizer::decode(const std::vector<Token>& tokens, ControlTokens control) const {
    return impl_->decode(tokens, control);
}

size_t Tokenizer::vocab_size() const {
    return impl_->vocabulary().size();
}
std::optional<Token> Tokenizer::bos() const {
    return impl_->vocabulary().bos;
}
std::optional<Token> Tokenizer::eos() const {
    return impl_->vocabulary().eos;
}
bool Tokenizer::adds_bos() const {
    return impl_->vocabulary().adds_bos;
}
bool Tokenizer::adds_eos() const {
    return impl_->vocabulary().adds_eos;
}

bool Tokenizer::ends_generation(Token token) const {
    const std::vector<Token>& ends = impl_->vocabulary().ends;
    return std::binary_search(ends.begin(), ends.end(), token);
}

bool Tokenizer::is_control(Token token) const {
    return impl_->vocabulary().is_control(token);
}

std::optional<Token> Tokenizer::find(std::string_view text) const {
    return impl_->vocabulary().find(text);
}

std::string_view Tokenizer::text(Token token) const {
    const Vocabulary& vocabulary = impl_->vocabulary();
    return vocabulary.contains(token) ? std::string_view(vocabulary.text(token))
                                      : std::string_view();
}

std::string Tokenizer::describe() const {
    const Vocabulary& vocabulary = impl_->vocabulary();
    if (vocabulary.algorithm == Vocabulary::Algorithm::spm) {
        return fmt::format("SPM, {} tokens", vocabulary.size());
    }
    return fmt::format("BPE, pre-tokenizer {}, {} tokens", vocabulary.pre, vocabulary.size());
}

const std::vector<std::string>& Tokenizer::warnings() const {
    return impl_->vocabulary().warnings;
}

}  // namespace hearth
