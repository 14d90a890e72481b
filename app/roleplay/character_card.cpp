#include "app/roleplay/character_card.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/base/printable.h"
#include "engine/base/utf8.h"

namespace hearth {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxFieldBytes = size_t{1} << 20;
constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxEntries = 10'000;
constexpr size_t kMaxKeys = 1000;
constexpr size_t kBytesPerToken = 4;  // roughly, for budgets that cards give in tokens

// Reads members of a card, leniently where makers are known to be lax: null and absent are empty.
class CardReader {
  public:
    explicit CardReader(std::string file) : file_(std::move(file)) {}

    void text(const Json& object, const char* key, std::string& value) {
        const auto found = object.find(key);
        if (found == object.end() || found->is_null()) return;
        if (!found->is_string()) return fail(key, "is not a text");
        value = to_valid_utf8(found->get_ref<const std::string&>());
        if (value.size() > kMaxFieldBytes) fail(key, "is over 1 MiB");
    }
    void texts(const Json& object, const char* key, std::vector<std::string>& values) {
        const auto found = object.find(key);
        if (found == object.end() || found->is_null()) return;
        if (!found->is_array() || found->size() > kMaxKeys) return fail(key, "is not a short list");
        for (const Json& item : *found) {
            if (!item.is_string()) return fail(key, "holds something that is not a text");
            values.push_back(to_valid_utf8(item.get_ref<const std::string&>()));
        }
    }
    void flag(const Json& object, const char* key, bool& value) {
        const auto found = object.find(key);
        if (found != object.end() && found->is_boolean()) value = found->get<bool>();
    }
    // A number within a range; what is outside is brought to its end.
    template <typename Number>
    void number(const Json& object, const char* key, Number low, Number high, Number& value) {
        const auto found = object.find(key);
        if (found == object.end() || !found->is_number()) return;
        const double given = found->get<double>();
        value = static_cast<Number>(
            std::clamp(given, static_cast<double>(low), static_cast<double>(high)));
    }

    void fail(std::string_view key, std::string_view what) {
        if (!error_) {
            error_ = Error{ErrorCode::bad_file,
                           fmt::format("{}: '{}' {}", printable_path(file_), key, what)};
        }
    }
    Result<void> done() const {
        if (error_) return tl::unexpected(*error_);
        return {};
    }

  private:
    std::string file_;
    std::optional<Error> error_;
};

LoreEntry read_entry(CardReader& reader, const Json& json) {
    LoreEntry entry;
    reader.text(json, "name", entry.name);
    if (entry.name.empty()) reader.text(json, "comment", entry.name);
    reader.texts(json, "keys", entry.keys);
    reader.texts(json, "secondary_keys", entry.secondary_keys);
    reader.text(json, "content", entry.content);
    reader.flag(json, "enabled", entry.enabled);
    reader.flag(json, "constant", entry.constant);
    reader.flag(json, "selective", entry.selective);
    reader.flag(json, "case_sensitive", entry.case_sensitive);
    reader.flag(json, "use_regex", entry.uses_regex);
    reader.number(json, "insertion_order", -1'000'000, 1'000'000, entry.order);
    reader.number(json, "priority", -1'000'000, 1'000'000, entry.priority);
    if (entry.name.empty() && !entry.keys.empty()) entry.name = entry.keys.front();
    return entry;
}

void read_book(CardReader& reader, const Json& json, Lorebook& book) {
    if (!json.is_object()) return reader.fail("character_book", "is not an object");
    size_t budget_tokens = 0;
    reader.number<size_t>(json, "scan_depth", 0, 1000, book.scan_depth);
    reader.number<size_t>(json, "token_budget", 0, 100'000, budget_tokens);
    book.budget_bytes = budget_tokens * kBytesPerToken;
    const auto entries = json.find("entries");
    if (entries == json.end()) return;
    if (!entries->is_array() || entries->size() > kMaxEntries) {
        return reader.fail("entries", "is not a list of at most 10000");
    }
    for (const Json& entry : *entries) {
        if (!entry.is_object()) return reader.fail("entries", "holds something else");
        book.entries.push_back(read_entry(reader, entry));
    }
}

}  // namespace

Result<CharacterCard> parse_card(std::string_view json, const std::string& name) {
    const Json root = Json::parse(json, nullptr, /*allow_exceptions=*/false);
    if (root.is_discarded() || !root.is_object()) {
        return make_error(ErrorCode::bad_file, "{}: is not a character card (no JSON object)",
                          printable_path(name));
    }
    CharacterCard card;
    const auto spec = root.find("spec");
    if (spec != root.end()) card.version = *spec == "chara_card_v3" ? 3 : 2;
    const auto data = root.find("data");
    if (card.version > 1 && (data == root.end() || !data->is_object())) {
        return make_error(ErrorCode::bad_file, "{}: is a card of version {} without 'data'",
                          printable_path(name), card.version);
    }
    const Json& fields = card.version > 1 ? *data : root;

    CardReader reader(name);
    reader.text(fields, "name", card.name);
    reader.text(fields, "nickname", card.nickname);
    reader.text(fields, "description", card.description);
    reader.text(fields, "personality", card.personality);
    reader.text(fields, "scenario", card.scenario);
    reader.text(fields, "first_mes", card.first_message);
    reader.texts(fields, "alternate_greetings", card.alternate_greetings);
    reader.text(fields, "mes_example", card.examples);
    reader.text(fields, "system_prompt", card.system_prompt);
    reader.text(fields, "post_history_instructions", card.post_history);
    reader.text(fields, "creator", card.creator);
    reader.text(fields, "creator_notes", card.creator_notes);
    const auto book = fields.find("character_book");
    if (book != fields.end() && !book->is_null()) read_book(reader, *book, card.book);
    if (card.name.empty()) reader.fail("name", "is empty");
    if (card.name.size() > kMaxNameBytes) reader.fail("name", "is over 256 bytes");
    HEARTH_TRY_VOID(reader.done());
    return card;
}

std::vector<std::string> lint(const CharacterCard& card) {
    constexpr size_t kLongBytes = 8000;  // about 2,000 tokens of every prompt
    std::vector<std::string> lines;
    if (card.version == 1)
        lines.emplace_back("a card of version 1: no greetings to choose, no lore");
    if (card.description.empty()) lines.emplace_back("no description: the model knows a name only");
    if (card.first_message.empty()) lines.emplace_back("no first message: you begin");
    const size_t fixed = card.description.size() + card.personality.size() + card.scenario.size() +
                         card.examples.size() + card.system_prompt.size();
    if (fixed > kLongBytes) {
        lines.push_back(
            fmt::format("long: about {} tokens of every prompt", fixed / kBytesPerToken));
    }
    for (const LoreEntry& entry : card.book.entries) {
        const std::string name = printable(entry.name);
        if (entry.uses_regex) {
            lines.push_back(
                fmt::format("lore '{}': regular expressions are not supported, it never "
                            "fires",
                            name));
        }
        if (entry.content.starts_with("@@")) {
            lines.push_back(
                fmt::format("lore '{}': decorators (@@...) are not supported, they are "
                            "left out",
                            name));
        }
        if (entry.keys.empty() && !entry.constant) {
            lines.push_back(fmt::format("lore '{}': has no keys, it never fires", name));
        }
        if (entry.content.empty()) lines.push_back(fmt::format("lore '{}': is empty", name));
    }
    return lines;
}

}  // namespace hearth
