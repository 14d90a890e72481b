// hearth char: the characters for role play.
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/roleplay/card_file.h"
#include "app/roleplay/role_play.h"
#include "engine/base/file.h"
#include "engine/base/printable.h"
#include "storage/conversation_rows.h"
#include "storage/store.h"

namespace hearth {
namespace {

using Action = CharacterArguments::Action;

SafeText line(std::string_view text) {
    return safe_line(text) + SafeText::literal("\n");
}

Result<void> list(Store& store, Output& out) {
    HEARTH_TRY(const auto characters, store.characters().list());
    if (characters.empty()) {
        return out.print(SafeText::literal("no characters yet (hearth char import CARD.png)\n"));
    }
    for (const StoredCharacter& one : characters) {
        const auto card = parse_card(one.card, one.name);
        if (!card) continue;
        const std::string_view about = card->description;
        HEARTH_TRY_VOID(out.print(line(
            fmt::format("{:<24} {}", one.name, printable(about.substr(0, about.find('\n')), 50)))));
    }
    return {};
}

Result<void> tell_lint(const CharacterCard& card, Output& out) {
    for (const std::string& note : lint(card)) HEARTH_TRY_VOID(out.print(line("  " + note)));
    return {};
}

Result<void> import_cards(const CharacterArguments& arguments, Store& store, Output& err) {
    for (const std::string& file : arguments.names) {
        HEARTH_TRY(const std::string json, read_card_file(file));
        HEARTH_TRY(const CharacterCard card, parse_card(json, file));
        HEARTH_TRY_VOID(store.characters().put({card.name, json, now_ms()}));
        HEARTH_TRY_VOID(err.print(line(
            fmt::format("imported {} (version {}, {} greeting{}, {} lore entries)", card.name,
                        card.version, card.alternate_greetings.size() + 1,
                        card.alternate_greetings.empty() ? "" : "s", card.book.entries.size()))));
        HEARTH_TRY_VOID(tell_lint(card, err));
    }
    return {};
}

Result<void> show(const CharacterCard& card, Output& out) {
    std::string text = fmt::format("{}\n", card.name);
    const auto add = [&text](std::string_view heading, const std::string& content) {
        if (!content.empty()) text += fmt::format("\n{}\n{}\n", heading, content);
    };
    add("description", card.description);
    add("personality", card.personality);
    add("scenario", card.scenario);
    add("first message", card.first_message);
    for (const std::string& one : card.alternate_greetings) add("another greeting", one);
    add("examples", card.examples);
    add("system prompt", card.system_prompt);
    add("post-history instructions", card.post_history);
    for (const LoreEntry& entry : card.book.entries) {
        add(fmt::format("lore: {} [{}]", entry.name, fmt::join(entry.keys, ", ")), entry.content);
    }
    add("creator", card.creator);
    add("creator's notes", card.creator_notes);
    return out.print_text(text);
}

// A stored character by its name, else the card in a file.
Result<std::string> find_card(const std::string& name, Store& store) {
    auto stored = store.characters().get(name);
    if (stored) return std::move(stored->card);
    auto file = read_card_file(name);
    if (file) return file;
    return tl::unexpected(stored.error());
}

Result<void> export_card(const std::string& json, const std::string& file, Output& out) {
    if (file.empty()) return out.print_text(json + "\n");
    return write_file_atomically(file, std::as_bytes(std::span(json)));
}

Result<void> character(const CharacterArguments& arguments, const Program& program) {
    if (!program.data_dir) return tl::unexpected(program.data_dir.error());
    const bool writes = arguments.action == Action::import_ || arguments.action == Action::remove;
    HEARTH_TRY(const auto store,
               Store::open(*program.data_dir, writes ? Access::write : Access::read));
    if (arguments.action == Action::list) return list(*store, program.out);
    if (arguments.action == Action::import_) return import_cards(arguments, *store, program.err);
    const std::string& name = arguments.names.front();
    if (arguments.action == Action::remove) {
        HEARTH_TRY_VOID(store->characters().remove(name));
        return program.err.print(line("deleted " + name + "; conversations with it stay"));
    }
    HEARTH_TRY(const std::string json, find_card(name, *store));
    if (arguments.action == Action::export_) {
        return export_card(json, arguments.file, program.out);
    }
    HEARTH_TRY(const CharacterCard card, parse_card(json, name));
    if (arguments.action == Action::show) return show(card, program.out);
    const auto notes = lint(card);
    if (notes.empty()) return program.out.print(SafeText::literal("nothing to say against it\n"));
    return tell_lint(card, program.out);
}

}  // namespace

Result<int> character_command(const CharacterArguments& arguments, const Program& program) {
    HEARTH_TRY_VOID(character(arguments, program));
    return kExitDone;
}

}  // namespace hearth
