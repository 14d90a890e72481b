#include "storage/characters.h"

#include "engine/base/printable.h"
#include "storage/database.h"

namespace hearth {

namespace {

tl::unexpected<Error> unknown(std::string_view name) {
    return make_error(ErrorCode::usage, "character '{}': does not exist (`hearth char list`)",
                      printable(name));
}

}  // namespace

Result<void> Characters::put(const StoredCharacter& character) {
    if (character.name.empty()) return make_error(ErrorCode::usage, "a character needs a name");
    HEARTH_TRY_VOID(database_.execute(
        "INSERT INTO character (name, card, added_ms) VALUES (?, ?, ?) "
        "ON CONFLICT (name) DO UPDATE SET card = excluded.card, added_ms = excluded.added_ms",
        {std::string_view(character.name), std::string_view(character.card), character.added_ms}));
    return {};
}

Result<StoredCharacter> Characters::get(std::string_view name) {
    HEARTH_TRY(auto row,
               database_.query("SELECT name, card, added_ms FROM character WHERE name = ?1 "
                               "OR name LIKE ?1 ORDER BY name = ?1 DESC LIMIT 1",
                               {name}));
    HEARTH_TRY(const bool found, row.next());
    if (!found) return unknown(name);
    return StoredCharacter{row.text(0), row.text(1), row.integer(2)};
}

Result<void> Characters::remove(std::string_view name) {
    HEARTH_TRY(const int64_t removed,
               database_.execute("DELETE FROM character WHERE name = ?", {name}));
    if (removed == 0) return unknown(name);
    return {};
}

Result<std::vector<StoredCharacter>> Characters::list() {
    HEARTH_TRY(auto rows,
               database_.query("SELECT name, card, added_ms FROM character ORDER BY name"));
    std::vector<StoredCharacter> characters;
    while (true) {
        HEARTH_TRY(const bool more, rows.next());
        if (!more) return characters;
        characters.push_back({rows.text(0), rows.text(1), rows.integer(2)});
    }
}

}  // namespace hearth
