#include "engine/text/special_matcher.h"

#include <algorithm>
#include <tuple>

namespace hearth {

namespace {

using Type = Tokenizer::Vocabulary::Type;

unsigned char byte_at(std::string_view text, size_t i) {
    return static_cast<unsigned char>(text[i]);
}

}  // namespace

SpecialMatcher::SpecialMatcher(const Tokenizer::Vocabulary& vocabulary) {
    for (size_t i = 0; i < vocabulary.size(); ++i) {
        const Token token{static_cast<uint32_t>(i)};
        const Type type = vocabulary.type(token);
        const bool markup_only = type == Type::control || type == Type::unknown;
        const std::string_view text = vocabulary.text(token);
        if ((!markup_only && type != Type::user_defined) || text.empty()) continue;
        entries_.push_back({text, token, markup_only});
        first_bytes_.set(byte_at(text, 0));
    }
    std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
        return std::tie(a.text, a.token) < std::tie(b.text, b.token);
    });
}

std::optional<SpecialMatcher::Match> SpecialMatcher::match(std::string_view text,
                                                           size_t markup_bytes) const {
    if (text.empty() || !first_bytes_[byte_at(text, 0)]) return std::nullopt;
    std::optional<Match> best;
    // [first, last): the entries that begin with the first `depth` bytes of text. Those that are
    // no longer come first in it.
    auto first = entries_.begin();
    auto last = entries_.end();
    for (size_t depth = 0; first != last; ++depth) {
        for (; first != last && first->text.size() == depth; ++first) {
            if (!first->markup_only || depth <= markup_bytes) best = Match{first->token, depth};
        }
        if (depth == text.size()) break;
        const unsigned char byte = byte_at(text, depth);
        first = std::partition_point(
            first, last, [&](const Entry& entry) { return byte_at(entry.text, depth) < byte; });
        last = std::partition_point(
            first, last, [&](const Entry& entry) { return byte_at(entry.text, depth) == byte; });
    }
    return best;
}

}  // namespace hearth
