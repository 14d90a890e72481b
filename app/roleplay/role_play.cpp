#include "app/roleplay/role_play.h"

#include <nlohmann/json.hpp>

#include "app/roleplay/macros.h"

namespace hearth {
namespace {

using Json = nlohmann::json;

void add_section(std::string& text, std::string_view heading, std::string_view content) {
    if (content.empty()) return;
    if (!text.empty()) text += "\n\n";
    text += heading;
    text += content;
}

}  // namespace

Result<RolePlay> begin_role_play(std::string card_json, std::string user, std::string persona) {
    RolePlay role_play;
    HEARTH_TRY(role_play.card, parse_card(card_json, "the character"));
    role_play.card_json = std::move(card_json);
    if (!user.empty()) role_play.user = std::move(user);
    role_play.persona = std::move(persona);
    return role_play;
}

std::string to_setup(const RolePlay& role_play) {
    const Json json{{"card", role_play.card_json},
                    {"user", role_play.user},
                    {"persona", role_play.persona},
                    {"note", role_play.note}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::optional<RolePlay>> role_play_from(const std::string& setup) {
    if (setup.empty()) return std::nullopt;
    const Json json = Json::parse(setup, nullptr, /*allow_exceptions=*/false);
    const auto text = [&json](const char* key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
    };
    if (!json.is_object()) {
        return make_error(ErrorCode::bad_file, "the set-up of the conversation cannot be read");
    }
    if (text("card").empty()) return std::nullopt;
    HEARTH_TRY(RolePlay role_play, begin_role_play(text("card"), text("user"), text("persona")));
    role_play.note = text("note");
    return role_play;
}

std::string expand(const RolePlay& role_play, std::string_view text) {
    return expand_macros(text, {role_play.card.called(), role_play.user});
}

std::string system_text(const RolePlay& role_play, std::string_view own) {
    const CharacterCard& card = role_play.card;
    std::string text(own);
    if (!card.system_prompt.empty()) {
        text = expand_macros(card.system_prompt, {card.called(), role_play.user, own});
    } else if (own.empty()) {
        text = expand(role_play,
                      "You are {{char}} in a conversation with {{user}}. Stay in this role and "
                      "write {{char}}'s next words and deeds only.");
    }
    const auto add = [&](std::string_view heading, const std::string& content) {
        add_section(text, expand(role_play, heading), expand(role_play, content));
    };
    add("", card.description);
    add("{{char}}'s personality: ", card.personality);
    add("Scenario: ", card.scenario);
    add("About {{user}}: ", role_play.persona);
    add("Examples of how {{char}} talks:\n", card.examples);
    return text;
}

std::string closing_text(const RolePlay& role_play) {
    std::string text;
    add_section(text, "", expand(role_play, role_play.note));
    add_section(text, "", expand(role_play, role_play.card.post_history));
    return text;
}

std::vector<std::string> greetings(const RolePlay& role_play) {
    std::vector<std::string> all;
    if (!role_play.card.first_message.empty()) {
        all.push_back(expand(role_play, role_play.card.first_message));
    }
    for (const std::string& one : role_play.card.alternate_greetings) {
        if (!one.empty()) all.push_back(expand(role_play, one));
    }
    return all;
}

}  // namespace hearth
