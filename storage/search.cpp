#include "storage/search.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "engine/base/utf8.h"
#include "storage/conversation_rows.h"
#include "storage/database.h"

namespace hearth {

namespace {

constexpr size_t kMaxTerms = 16;
constexpr size_t kMaxScanned = 4;  // terms that are compared with the text itself
constexpr size_t kMaxQueryBytes = 1000;
constexpr size_t kTrigram = 3;  // characters
constexpr size_t kBefore = 40;  // characters of an excerpt before the match
constexpr size_t kExcerpt = 140;

size_t characters(std::string_view text) {
    return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

// Whether the word index can be trusted with a short term: letters of scripts that put spaces
// between words. Latin, Greek, Cyrillic and their neighbours lie below U+0E00.
bool is_spaced_word(std::string_view term) {
    while (!term.empty()) {
        const CodePoint point = decode_utf8(term);
        const bool ascii_other = point.value < 0x80 &&
                                 !(point.value >= '0' && point.value <= '9') &&
                                 !((point.value | 0x20) >= 'a' && (point.value | 0x20) <= 'z');
        if (!point.valid || ascii_other || point.value >= 0x0E00) return false;
        term.remove_prefix(point.bytes);
    }
    return true;
}

// Words, and phrases in quotes.
Result<std::vector<std::string>> split_query(std::string_view query) {
    if (query.size() > kMaxQueryBytes || query.find('\0') != std::string_view::npos) {
        return make_error(ErrorCode::usage, "search: {} bytes are too many, at most {}",
                          query.size(), kMaxQueryBytes);
    }
    constexpr std::string_view kBlank = " \t\r\n";
    std::vector<std::string> terms;
    while (true) {
        const size_t begin = query.find_first_not_of(kBlank);
        if (begin == std::string_view::npos) break;
        query.remove_prefix(begin);
        const bool quoted = query.front() == '"';
        const size_t end = quoted ? query.find('"', 1) : query.find_first_of(kBlank);
        if (quoted && end == std::string_view::npos) {
            return make_error(ErrorCode::usage, "search: a quote does not end");
        }
        const std::string_view term = quoted ? query.substr(1, end - 1) : query.substr(0, end);
        if (!term.empty()) terms.emplace_back(term);
        query.remove_prefix(std::min(quoted ? end + 1 : end, query.size()));
    }
    if (terms.empty()) return make_error(ErrorCode::usage, "search: nothing to look for");
    if (terms.size() > kMaxTerms) {
        return make_error(ErrorCode::usage, "search: {} words are too many, at most {}",
                          terms.size(), kMaxTerms);
    }
    return terms;
}

// `term` as a string of FTS5's query language.
std::string fts_string(std::string_view term) {
    std::string quoted = "\"";
    for (const char c : term) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

// `term` anywhere, as a pattern of LIKE with escape character '\'.
std::string like_pattern(std::string_view term) {
    std::string pattern = "%";
    for (const char c : term) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + '%';
}

// A query as the three ways of looking need it.
struct Plan {
    std::string words;  // for fts_word: all terms
    std::string grams;  // for fts_gram: the terms that have a trigram; "" = none has
    std::array<std::string, kMaxScanned> patterns{"%", "%", "%", "%"};  // the others
    bool scans = false;  // some of the others are not words of the word index
};

Result<Plan> make_plan(const std::vector<std::string>& terms) {
    Plan plan;
    size_t short_terms = 0;
    for (const std::string& term : terms) {
        plan.words.append(plan.words.empty() ? "" : " AND ").append(fts_string(term)).append("*");
        if (characters(term) >= kTrigram) {
            plan.grams.append(plan.grams.empty() ? "" : " AND ").append(fts_string(term));
            continue;
        }
        if (short_terms == kMaxScanned) {
            return make_error(ErrorCode::usage, "search: at most {} words of one or two characters",
                              kMaxScanned);
        }
        plan.scans = plan.scans || !is_spaced_word(term);
        plan.patterns[short_terms++] = like_pattern(term);
    }
    return plan;
}

char folded(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

size_t find_folded(std::string_view text, std::string_view term) {
    const auto found = std::search(text.begin(), text.end(), term.begin(), term.end(),
                                   [](char a, char b) { return folded(a) == folded(b); });
    return found == text.end() ? std::string_view::npos : static_cast<size_t>(found - text.begin());
}

// Steps `n` characters from `at`, backwards or forwards, never into the middle of one.
size_t back(std::string_view text, size_t at, size_t n) {
    while (at > 0 && n > 0) {
        --at;
        if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) --n;
    }
    return at;
}
size_t ahead(std::string_view text, size_t at, size_t n) {
    while (at < text.size()) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && n-- == 0) break;
        ++at;
    }
    return at;
}

void cut_excerpt(std::string_view text, const std::vector<std::string>& terms, SearchHit& hit) {
    size_t match = std::string_view::npos;
    for (const std::string& term : terms) {
        const size_t at = find_folded(text, term);
        if (at >= match) continue;
        match = at;
        hit.match_bytes = term.size();
    }
    const size_t begin = match == std::string_view::npos ? 0 : back(text, match, kBefore);
    const size_t end = ahead(text, begin, kExcerpt);
    const std::string_view lead = begin > 0 ? "…" : "";
    hit.excerpt = lead;
    hit.excerpt += text.substr(begin, end - begin);
    std::replace_if(
        hit.excerpt.begin(), hit.excerpt.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
    if (end < text.size()) hit.excerpt += "…";
    if (match != std::string_view::npos) hit.match_begin = lead.size() + match - begin;
    hit.match_bytes = std::min(hit.match_bytes, hit.excerpt.size() - hit.match_begin);
}

#define HIT_COLUMNS CONVERSATION_COLUMNS ", m.id, m.role, m.created_ms, p.text "
#define HIT_TABLES                                                       \
    "JOIN part p ON p.id = found.id JOIN message m ON m.id = p.message " \
    "JOIN conversation c ON c.id = m.conversation "
#define WITH_TAG(tag)                       \
    "(" tag                                 \
    " = '' OR EXISTS (SELECT 1 FROM tag t " \
    "                         WHERE t.conversation = c.id AND t.name = " tag "))"
#define HAS_PATTERNS                                             \
    "p.text LIKE ?3 ESCAPE '\\' AND p.text LIKE ?4 ESCAPE '\\' " \
    "AND p.text LIKE ?5 ESCAPE '\\' AND p.text LIKE ?6 ESCAPE '\\' "

// ?1 words, ?2 trigrams, ?3 to ?6 patterns, ?7 tag, ?8 limit; a statement may leave some out.
// The patterns are compared with `part`, never with the trigram table, which would consult its
// index for them.
constexpr std::string_view kByIndexes =
    "SELECT " HIT_COLUMNS
    "FROM ("
    "  SELECT rowid AS id FROM fts_word WHERE fts_word MATCH ?1 "
    "  UNION "
    "  SELECT g.rowid AS id FROM fts_gram g JOIN part p ON p.id = g.rowid "
    "  WHERE g.fts_gram MATCH ?2 AND " HAS_PATTERNS "  ORDER BY id DESC) found " HIT_TABLES
    "WHERE " WITH_TAG("?7") " ORDER BY found.id DESC LIMIT ?8";
constexpr std::string_view kByWordsAndText =
    "SELECT " HIT_COLUMNS
    "FROM ("
    "  SELECT rowid AS id FROM fts_word WHERE fts_word MATCH ?1 "
    "  UNION "
    "  SELECT p.id FROM part p WHERE p.indexed = 1 AND " HAS_PATTERNS
    "  ORDER BY id DESC) found " HIT_TABLES
    "WHERE " WITH_TAG("?7") " ORDER BY found.id DESC LIMIT ?8";
constexpr std::string_view kByWords =
    "SELECT " HIT_COLUMNS
    "FROM (SELECT rowid AS id FROM fts_word WHERE fts_word MATCH ?1 "
    "ORDER BY rowid DESC) found " HIT_TABLES
    "WHERE " WITH_TAG("?7") " ORDER BY found.id DESC LIMIT ?8";

Result<void> collect(Result<Statement> rows, const std::vector<std::string>& terms,
                     std::vector<SearchHit>& hits) {
    if (!rows) return tl::unexpected(rows.error());
    while (true) {
        HEARTH_TRY(const bool more, rows->next());
        if (!more) return {};
        SearchHit hit;
        hit.conversation = conversation_at(*rows);
        hit.message = MessageId{rows->integer(kConversationColumns)};
        hit.role = role_of(rows->text(kConversationColumns + 1)).value_or(Role::user);
        hit.created_ms = rows->integer(kConversationColumns + 2);
        cut_excerpt(rows->text(kConversationColumns + 3), terms, hit);
        hits.push_back(std::move(hit));
    }
}

}  // namespace

Result<std::vector<SearchHit>> Search::find(std::string_view query, const SearchFilter& filter) {
    HEARTH_TRY(const std::vector<std::string> terms, split_query(query));
    HEARTH_TRY(const Plan plan, make_plan(terms));
    const std::string_view sql = !plan.grams.empty() ? kByIndexes
                                 : plan.scans        ? kByWordsAndText
                                                     : kByWords;
    std::vector<SearchHit> messages;
    HEARTH_TRY_VOID(
        collect(database_.query(
                    sql, {std::string_view(plan.words), std::string_view(plan.grams),
                          std::string_view(plan.patterns[0]), std::string_view(plan.patterns[1]),
                          std::string_view(plan.patterns[2]), std::string_view(plan.patterns[3]),
                          std::string_view(filter.tag), static_cast<int64_t>(filter.limit)}),
                terms, messages));
    HEARTH_TRY(std::vector<SearchHit> hits, find_titles(terms, filter));
    // A title is the first line of a conversation as a rule: it is no find of its own then.
    std::erase_if(hits, [&](const SearchHit& title) {
        return std::any_of(messages.begin(), messages.end(), [&](const SearchHit& hit) {
            return hit.conversation.id == title.conversation.id;
        });
    });
    hits.insert(hits.end(), std::move_iterator(messages.begin()),
                std::move_iterator(messages.end()));
    hits.resize(std::min(hits.size(), filter.limit));
    return hits;
}

// Few enough to be compared one by one.
Result<std::vector<SearchHit>> Search::find_titles(const std::vector<std::string>& terms,
                                                   const SearchFilter& filter) {
    const std::string pattern = like_pattern(terms.front());
    HEARTH_TRY(auto rows,
               database_.query("SELECT " CONVERSATION_COLUMNS
                               " FROM conversation c WHERE title LIKE ?1 ESCAPE '\\' "
                               "AND " WITH_TAG("?2") " ORDER BY updated_ms DESC",
                               {std::string_view(pattern), std::string_view(filter.tag)}));
    std::vector<SearchHit> hits;
    while (hits.size() < filter.limit) {
        HEARTH_TRY(const bool more, rows.next());
        if (!more) break;
        SearchHit hit;
        hit.conversation = conversation_at(rows);
        const std::string& title = hit.conversation.title;
        const bool has_all = std::all_of(terms.begin(), terms.end(), [&](const std::string& term) {
            return find_folded(title, term) != std::string_view::npos;
        });
        if (!has_all) continue;
        hit.created_ms = hit.conversation.created_ms;
        cut_excerpt(title, terms, hit);
        hits.push_back(std::move(hit));
    }
    return hits;
}

Result<void> Search::rebuild() {
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    HEARTH_TRY_VOID(database_.execute("INSERT INTO fts_word (fts_word) VALUES ('rebuild')"));
    HEARTH_TRY_VOID(database_.execute("INSERT INTO fts_gram (fts_gram) VALUES ('rebuild')"));
    return transaction.commit();
}

Result<void> Search::forget_deleted() {
    HEARTH_TRY(auto transaction, Transaction::begin(database_));
    HEARTH_TRY_VOID(database_.execute("INSERT INTO fts_word (fts_word) VALUES ('optimize')"));
    HEARTH_TRY_VOID(database_.execute("INSERT INTO fts_gram (fts_gram) VALUES ('optimize')"));
    return transaction.commit();
}

}  // namespace hearth
