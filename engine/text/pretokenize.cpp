#include "engine/text/pretokenize.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/base/check.h"
#include "engine/base/utf8.h"

namespace hearth {

namespace {

// ---- the expressions -----------------------------------------------------------------------

constexpr std::string_view kNumber = R"(\p{N})";
constexpr std::string_view kNumber3 = R"(\p{N}{1,3})";
constexpr std::string_view kNewline = R"([\r\n])";

constexpr std::string_view kGpt2 =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

constexpr std::string_view kLlama3 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";

// Llama 3 with digits one by one.
constexpr std::string_view kQwen2 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";

// Qwen 2 with combining marks as parts of words.
constexpr std::string_view kQwen35 =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N})"
    R"(| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

constexpr std::string_view kBailing =
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n])"
    R"(|\s+(?!\S)|\s+)";

constexpr std::string_view kSeedCoder =
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}\r\n]+)"
    R"(|\s*[\r\n]+|\s+(?!\S)|\s+)";

// A word is capitals, then small letters; letters without case count as both.
constexpr std::string_view kGpt4o =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
    R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
    R"((?i:'s|'t|'re|'ve|'m|'ll|'d)?)"
    R"(|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

// GPT-4o without contractions and with digits one by one.
constexpr std::string_view kTekken =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
    R"(|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
    R"(|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

// The letters that DeepSeek LLM takes for alphabetic: a list of its own, not a Unicode property.
constexpr std::string_view kDeepseekWord =
    R"(\s?[A-Za-z\x{B5}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{1BA}\x{1BC}-\x{1BF}\x{1C4}-\x{293})"
    R"(\x{295}-\x{2AF}\x{370}-\x{373}\x{376}\x{377}\x{37B}-\x{37D}\x{37F}\x{386}\x{388}-\x{38A})"
    R"(\x{38C}\x{38E}-\x{3A1}\x{3A3}-\x{3F5}\x{3F7}-\x{481}\x{48A}-\x{52F}\x{531}-\x{556})"
    R"(\x{10A0}-\x{10C5}\x{13A0}-\x{13F5}\x{13F8}-\x{13FD}\x{1C90}-\x{1CBA}\x{1CBD}-\x{1CBF})"
    R"(\x{1D00}-\x{1D2B}\x{1D6B}-\x{1D77}\x{1D79}-\x{1D9A}\x{1E00}-\x{1F15}\x{1F18}-\x{1F1D})"
    R"(\x{1F20}-\x{1F45}\x{1F48}-\x{1F4D}\x{1F50}-\x{1F57}\x{1F59}\x{1F5B}\x{1F5D})"
    R"(\x{1F5F}-\x{1F7D}\x{1F80}-\x{1FB4}\x{1FB6}-\x{1FBC}\x{1FBE}\x{1FC2}-\x{1FC4})"
    R"(\x{1FC6}-\x{1FCC}\x{1FD0}-\x{1FD3}\x{1FD6}-\x{1FDB}\x{1FE0}-\x{1FEC}\x{1FF2}-\x{1FF4})"
    R"(\x{1FF6}-\x{1FFC}\x{2102}\x{2107}\x{210A}-\x{2113}\x{2115}\x{2119}-\x{211D}\x{2124})"
    R"(\x{2126}\x{2128}\x{212A}-\x{212D}\x{212F}-\x{2134}\x{2139}\x{213C}-\x{213F})"
    R"(\x{2145}-\x{2149}\x{214E}\x{2183}\x{2184}\x{2C00}-\x{2C7B}\x{2C7E}-\x{2CE4})"
    R"(\x{2CEB}-\x{2CEE}\x{2CF2}\x{2CF3}\x{A640}-\x{A66D}\x{A680}-\x{A69B}\x{A722}-\x{A76F})"
    R"(\x{A771}-\x{A787}\x{A78B}-\x{A78E}\x{AB70}-\x{ABBF}\x{FB00}-\x{FB06}\x{FB13}-\x{FB17})"
    R"(\x{FF21}-\x{FF3A}\x{FF41}-\x{FF5A}\x{10400}-\x{1044F}\x{104B0}-\x{104D3})"
    R"(\x{104D8}-\x{104FB}\x{10C80}-\x{10CB2}\x{10CC0}-\x{10CF2}\x{118A0}-\x{118DF})"
    R"(\x{1E900}-\x{1E943}]+)";
constexpr std::string_view kDeepseekPunctuation =
    R"(\s?[!-/:-~\x{FF01}-\x{FF0F}\x{FF1A}-\x{FF5E}\x{2018}-\x{201F}\x{3000}-\x{3002}]+)";
constexpr std::string_view kDeepseekCjk =
    R"([\x{4E00}-\x{9FA5}\x{0800}-\x{4E00}\x{AC00}-\x{D7FF}]+)";
// The original is \s+$, which rescans a run of spaces from each of its characters; a run is only
// worth trying where it begins.
constexpr std::string_view kTrailingSpace = R"((?<!\s)\s++\z)";

constexpr std::string_view kDeepseekV3Cjk = R"([\x{4E00}-\x{9FA5}\x{3040}-\x{30FF}]+)";
constexpr std::string_view kDeepseekV3 =
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+)"
    R"(| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

// BLOOM's word: no space and none of ( | ) . , ! ? and their CJK, Arabic and Indic likes.
constexpr std::string_view kBloom =
    R"( ?[^(\s|.,!?\x{2026}\x{3002}\x{FF0C}\x{3001}\x{0964}\x{06D4}\x{060C})]+)";

// ---- the families ----------------------------------------------------------------------------

struct Family {
    std::string_view names;  // of tokenizer.ggml.pre, separated by spaces; the first is shown
    std::array<std::string_view, 6> regexes;
    Pretokenizer::Habits habits = {};
};

constexpr Family kFamilies[] = {
    // What llama.cpp does when a file does not say: Falcon's, with all digits split off first.
    {"default", {R"([\p{P}\$\+<=>\^~\|]+)", kGpt2, R"(\p{N}+)", R"([0-9][0-9][0-9])"}},
    {"gpt-2 phi-2 mpt olmo jais trillion granite-docling exaone4 gigachat mellum modern-bert "
     "a.x-4.0 jina-es jina-de jina-v1-en jina-v2-es jina-v2-de jina-v2-code roberta-bpe",
     {kGpt2}},
    {"llama-bpe llama3 llama-v3 falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano laguna",
     {kLlama3},
     {.ignore_merges = true, .adds_bos = true}},
    {"dbrx smaug-bpe glm4 chatglm-bpe", {kLlama3}},
    {"qwen2 deepseek-r1-qwen megrez stablelm2 kormo openpangu f2llmv2 hunyuan solar-open grok-2",
     {kQwen2}},
    {"qwen35", {kQwen35}},
    {"deepseek-llm",
     {kNewline, kDeepseekWord, kDeepseekPunctuation, kTrailingSpace, kDeepseekCjk, R"(\p{N}+)"}},
    {"deepseek-coder", {kNewline, R"(\s?\p{L}+)", R"(\s?\p{P}+)", kDeepseekCjk, kNumber}},
    {"deepseek-v3 hunyuan-dense joyai-llm", {kNumber3, kDeepseekV3Cjk, kDeepseekV3}},
    {"falcon", {R"([\p{P}\$\+<=>\^~\|`]+)", kGpt2, R"([0-9][0-9][0-9])"}},
    {"gpt-4o llama4 kanana2 minimax-m2", {kGpt4o}},
    {"tekken", {kTekken}, {.ignore_merges = true, .adds_bos = true}},
    {"starcoder refact command-r cohere2_moe smollm codeshell exaone minerva-7b mellum2",
     {kNumber, kGpt2}},
    {"bailingmoe bailingmoe2 llada-moe", {kBailing}},
    {"seed-coder", {kSeedCoder}},
    {"poro-chat bloom gpt3-finnish", {kBloom}},
    {"viking", {kBloom, kNumber}},
};

// Whether `name` is one of the space-separated `names`.
bool lists(std::string_view names, std::string_view name) {
    while (!names.empty()) {
        const size_t end = std::min(names.find(' '), names.size());
        if (names.substr(0, end) == name) return true;
        names.remove_prefix(std::min(end + 1, names.size()));
    }
    return false;
}

// ---- running them ----------------------------------------------------------------------------

struct FreeMatchData {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeMatchContext {
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

// What one thread needs to run expressions.
class Matcher {
  public:
    Matcher()
        : data_(pcre2_match_data_create(1, nullptr)),
          context_(pcre2_match_context_create(nullptr)) {
        HEARTH_CHECK(data_ && context_);
        // The default of 10 million steps is less than a long run of blank lines may take. All our
        // expressions are linear, so no limit is needed.
        pcre2_set_match_limit(context_.get(), UINT32_MAX);
    }

    // The first match of `regex` at or after `from`, as [begin, end). Nothing when there is none.
    // `text` is valid UTF-8. Should PCRE2 ever give up (out of memory), that counts as no match:
    // the text stays one piece, which costs tokens, not correctness.
    bool find(const pcre2_code& regex, std::string_view text, size_t from) {
        const auto* subject = reinterpret_cast<PCRE2_SPTR>(text.data());
        const int rc = pcre2_match(&regex, subject, text.size(), from, PCRE2_NO_UTF_CHECK,
                                   data_.get(), context_.get());
        return rc >= 0 && end() > begin();
    }
    size_t begin() const { return pcre2_get_ovector_pointer(data_.get())[0]; }
    size_t end() const { return pcre2_get_ovector_pointer(data_.get())[1]; }

  private:
    std::unique_ptr<pcre2_match_data, FreeMatchData> data_;
    std::unique_ptr<pcre2_match_context, FreeMatchContext> context_;
};

// Runs of valid UTF-8, and the bad parts between them.
std::vector<std::string_view> cut_at_bad_utf8(std::string_view text) {
    std::vector<std::string_view> pieces;
    size_t begin = 0;
    size_t at = 0;
    while (at < text.size()) {
        const CodePoint point = decode_utf8(text.substr(at));
        if (!point.valid) {
            if (at > begin) pieces.push_back(text.substr(begin, at - begin));
            pieces.push_back(text.substr(at, point.bytes));
            begin = at + point.bytes;
        }
        at += point.bytes;
    }
    if (at > begin) pieces.push_back(text.substr(begin));
    return pieces;
}

// True for a single character and for a bad part: nothing to cut, and not to be shown to PCRE2.
bool is_atom(std::string_view piece) {
    return piece.size() <= 4 && decode_utf8(piece).bytes == piece.size();
}

void cut(const pcre2_code& regex, std::string_view piece, Matcher& matcher,
         std::vector<std::string_view>& out) {
    size_t at = 0;
    while (at < piece.size() && matcher.find(regex, piece, at)) {
        const size_t begin = matcher.begin();
        const size_t end = matcher.end();
        if (begin > at) out.push_back(piece.substr(at, begin - at));
        out.push_back(piece.substr(begin, end - begin));
        at = end;
    }
    if (at < piece.size()) out.push_back(piece.substr(at));
}

// Perl's \s under PCRE2_UCP also takes U+180E; the tokenizers mean Unicode's White_Space.
std::string with_unicode_space(std::string_view pattern) {
    std::string out;
    for (size_t i = 0; i < pattern.size(); ++i) {
        const std::string_view escape = pattern.substr(i, 2);
        if (escape == R"(\s)" || escape == R"(\S)") {
            out += escape[1] == 's' ? R"(\p{White_Space})" : R"(\P{White_Space})";
            ++i;
        } else if (escape.size() == 2 && escape[0] == '\\') {
            out += escape;
            ++i;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

}  // namespace

void Pretokenizer::FreeCode::operator()(pcre2_real_code_8* code) const {
    pcre2_code_free(code);
}

Pretokenizer::Regex Pretokenizer::compile(std::string_view pattern) {
    const std::string source = with_unicode_space(pattern);
    int error = 0;
    PCRE2_SIZE where = 0;
    Regex regex(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(source.data()), source.size(),
                              PCRE2_UTF | PCRE2_UCP, &error, &where, nullptr));
    HEARTH_CHECK(regex != nullptr);
    // Where machine code is refused (hardened kernels) the interpreter does the same, slower.
    pcre2_jit_compile(regex.get(), PCRE2_JIT_COMPLETE);
    return regex;
}

std::optional<Pretokenizer> Pretokenizer::create(std::string_view name) {
    for (const Family& family : kFamilies) {
        if (!lists(family.names, name)) continue;
        Pretokenizer pretokenizer;
        pretokenizer.habits_ = family.habits;
        for (const std::string_view pattern : family.regexes) {
            if (!pattern.empty()) pretokenizer.regexes_.push_back(compile(pattern));
        }
        return pretokenizer;
    }
    return std::nullopt;
}

std::string Pretokenizer::families() {
    std::string names;
    for (const Family& family : kFamilies) {
        if (!names.empty()) names += ", ";
        names += family.names.substr(0, family.names.find(' '));
    }
    return names;
}

std::vector<std::string_view> Pretokenizer::split(std::string_view text) const {
    Matcher matcher;
    std::vector<std::string_view> pieces = cut_at_bad_utf8(text);
    std::vector<std::string_view> cut_pieces;
    for (const Regex& regex : regexes_) {
        cut_pieces.clear();
        for (const std::string_view piece : pieces) {
            if (is_atom(piece)) {
                cut_pieces.push_back(piece);
            } else {
                cut(*regex, piece, matcher, cut_pieces);
            }
        }
        pieces.swap(cut_pieces);
    }
    return pieces;
}

}  // namespace hearth
