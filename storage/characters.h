// Characters for role play: cards by name, kept as they were imported. What a card means is the
// app's business; here it is a text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace hearth {

class Database;

struct StoredCharacter {
    std::string name;  // unique
    std::string card;  // JSON
    int64_t added_ms = 0;

    bool operator==(const StoredCharacter&) const = default;
};

// The characters of a Store; used by the thread that owns it.
class Characters {
  public:
    explicit Characters(Database& database) : database_(database) {}

    // Adds a character, or replaces the card of the one of this name. Conversations keep the card
    // they were begun with. usage when the name is empty.
    Result<void> put(const StoredCharacter& character);
    // usage when there is none.
    Result<StoredCharacter> get(std::string_view name);
    Result<void> remove(std::string_view name);
    // By name.
    Result<std::vector<StoredCharacter>> list();

  private:
    Database& database_;
};

}  // namespace hearth
