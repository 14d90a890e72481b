// Character cards by the published V1, V2 and V3 formats, in PNG and JSON; lore; the prompt's
// order.
#include <gtest/gtest.h>

#include "app/chat.h"
#include "app/prompt.h"
#include "app/base64.h"
#include "app/roleplay/card_file.h"
#include "app/roleplay/lorebook.h"
#include "app/roleplay/macros.h"
#include "app/roleplay/role_play.h"

namespace hearth {
namespace {

constexpr std::string_view kV1 =
    R"({"name":"Ada","description":"A mathematician.","personality":"exact","scenario":"London",
        "first_mes":"Good day, {{user}}.","mes_example":""})";

constexpr std::string_view kV2 = R"({
  "spec": "chara_card_v2", "spec_version": "2.0",
  "data": {
    "name": "Mira", "description": "{{char}} keeps the lighthouse. {{// not for the model}}",
    "personality": "patient", "scenario": "A storm, {{user}} knocks.",
    "first_mes": "Come in, {{user}}!", "mes_example": "<START>\n{{user}}: Hi\n{{char}}: Hello.",
    "creator_notes": "for testing", "system_prompt": "Be {{char}}. {{original}}",
    "post_history_instructions": "Two sentences at most.",
    "alternate_greetings": ["Who is there?", "{{char}} looks up."],
    "tags": ["sea"], "creator": "someone", "character_version": "1.1",
    "extensions": {"unknown": {"kept": true}},
    "character_book": {
      "scan_depth": 3, "token_budget": 100, "extensions": {},
      "entries": [
        {"keys": ["lamp", "light"], "content": "The lamp burns oil.", "extensions": {},
         "enabled": true, "insertion_order": 20, "priority": 5},
        {"keys": ["king"], "secondary_keys": ["crown"], "selective": true,
         "content": "The king is dead.", "enabled": true, "insertion_order": 10},
        {"keys": [], "constant": true, "content": "It is 1887.", "enabled": true,
         "insertion_order": 5},
        {"keys": ["ghost"], "content": "There is a ghost.", "enabled": false, "insertion_order": 1}
      ]}
  }})";

constexpr std::string_view kV3 = R"({
  "spec": "chara_card_v3", "spec_version": "3.0",
  "data": {"name": "Captain Vale", "nickname": "Vale", "description": "{{char}} sails.",
    "first_mes": "Ahoy.", "alternate_greetings": [], "group_only_greetings": [],
    "character_book": {"entries": [
      {"keys": ["/sto+rm/"], "use_regex": true, "content": "Storms.", "enabled": true,
       "insertion_order": 1, "extensions": {}},
      {"keys": ["harbour"], "use_regex": false, "content": "@@depth 4\nThe harbour is closed.",
       "enabled": true, "insertion_order": 2, "extensions": {}}]}}})";

std::string big_endian(size_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
    return bytes;
}
std::string chunk(const std::string& type, const std::string& data) {
    return big_endian(data.size()) + type + data + "CRC!";
}
std::string png(const std::vector<std::pair<std::string, std::string>>& texts) {
    std::string file = "\x89PNG\r\n\x1a\n" + chunk("IHDR", std::string(13, '\0'));
    for (const auto& [keyword, text] : texts) {
        std::string data = keyword;
        data += '\0';
        data += text;
        file += chunk("tEXt", data);
    }
    return file + chunk("IEND", "");
}
CharacterCard card(std::string_view json) {
    auto parsed = parse_card(json, "card.json");
    EXPECT_TRUE(parsed) << parsed.error().message;
    return parsed ? std::move(*parsed) : CharacterCard{};
}

TEST(Base64, ThereAndBack) {
    for (const std::string text : {"", "f", "fo", "foo", "foob", "\x01\xff\x80"}) {
        EXPECT_EQ(base64_decode(base64_encode(text)), text);
    }
    EXPECT_EQ(base64_encode("foob"), "Zm9vYg==");
    EXPECT_EQ(base64_decode("Zm9v\nYg"), "foob");
    EXPECT_FALSE(base64_decode("Zm9v!"));
    EXPECT_FALSE(base64_decode("Z"));
    EXPECT_FALSE(base64_decode("Zg==Zg=="));
}

TEST(CharacterCard, EveryVersionIsRead) {
    EXPECT_EQ(card(kV1).version, 1);
    EXPECT_EQ(card(kV1).first_message, "Good day, {{user}}.");
    const CharacterCard two = card(kV2);
    EXPECT_EQ(two.version, 2);
    EXPECT_EQ(two.alternate_greetings.size(), 2u);
    ASSERT_EQ(two.book.entries.size(), 4u);
    EXPECT_EQ(two.book.scan_depth, 3u);
    EXPECT_EQ(two.book.entries[1].secondary_keys, std::vector<std::string>{"crown"});
    EXPECT_TRUE(lint(two).empty());
    const CharacterCard three = card(kV3);
    EXPECT_EQ(three.version, 3);
    EXPECT_EQ(three.called(), "Vale");
    EXPECT_EQ(lint(three).size(), 2u);  // regex, decorator
}

TEST(CharacterCard, APictureCarriesIt) {
    const auto chara = card_json_from(png({{"chara", base64_encode(kV2)}}), "a.png");
    ASSERT_TRUE(chara) << chara.error().message;
    EXPECT_EQ(*chara, kV2);
    // The third version decides over the second, wherever it stands.
    const auto both = card_json_from(
        png({{"Title", "x"}, {"chara", base64_encode(kV2)}, {"ccv3", base64_encode(kV3)}}),
        "b.png");
    ASSERT_TRUE(both);
    EXPECT_EQ(*both, kV3);
    EXPECT_EQ(*card_json_from(kV1, "c.json"), kV1);
}

TEST(CharacterCard, AMalformedOneIsOneLine) {
    const std::string good = png({{"chara", base64_encode(kV2)}});
    for (size_t n = 0; n < good.size(); n += 7) {
        const auto json = card_json_from(good.substr(0, n), "cut.png");
        if (json) {
            EXPECT_FALSE(parse_card(*json, "cut.png"));
        } else {
            EXPECT_EQ(json.error().code, ErrorCode::bad_file);
            EXPECT_EQ(json.error().message.find('\n'), std::string::npos);
        }
    }
    EXPECT_FALSE(card_json_from(png({}), "none.png"));
    EXPECT_FALSE(card_json_from(png({{"chara", "!!!"}}), "bad.png"));
    std::string long_chunk = good;
    long_chunk.replace(8 + 25, 4, "\xff\xff\xff\xff");
    EXPECT_FALSE(card_json_from(long_chunk, "long.png"));
    for (const std::string_view bad :
         {"", "[]", "nope", R"({"spec":"chara_card_v2"})", R"({"name":5})", R"({"name":""})",
          R"({"name":"x","description":[]})",
          R"({"spec":"chara_card_v2","data":{"name":"x","character_book":[]}})",
          R"({"spec":"chara_card_v2","data":{"name":"x","character_book":{"entries":[5]}}})",
          R"({"spec":"chara_card_v2","data":{"name":"x","alternate_greetings":[1]}})"}) {
        const auto parsed = parse_card(bad, "bad.json");
        ASSERT_FALSE(parsed) << bad;
        EXPECT_EQ(parsed.error().code, ErrorCode::bad_file);
        EXPECT_TRUE(parsed.error().message.starts_with("bad.json: ")) << parsed.error().message;
    }
}

TEST(Macros, StandForNamesOnly) {
    const MacroValues values{"Mira", "{{char}}", "own"};
    EXPECT_EQ(expand_macros("{{CHAR}} and {{user}}", values), "Mira and {{char}}");
    EXPECT_EQ(expand_macros("<BOT>, <user>; {{original}}{{// gone }}{{comment: gone}}.", values),
              "Mira, {{char}}; own.");
    EXPECT_EQ(expand_macros("{{random:a,b}} {{ {{char}} {a} <b", values),
              "{{random:a,b}} {{ Mira {a} <b");
}

TEST(Lorebook, FiresByKeysWithinDepthAndBudget) {
    const Lorebook book = card(kV2).book;
    const auto fired = [&](std::vector<std::string_view> messages,
                           std::vector<std::string> known = {}) {
        return lore_text(find_lore(book, messages, known));
    };
    EXPECT_EQ(fired({"hello"}), "It is 1887.");
    EXPECT_EQ(fired({"the LAMP is out"}), "It is 1887.\n\nThe lamp burns oil.");
    EXPECT_EQ(fired({"thinking of lamps"}), "It is 1887.");  // no word of its own
    EXPECT_EQ(fired({"the king"}), "It is 1887.");           // the second key is missing
    EXPECT_EQ(fired({"the king", "his crown"}), "It is 1887.\n\nThe king is dead.");
    EXPECT_EQ(fired({"lamp", "b", "c", "d"}), "It is 1887.");  // too long ago
    EXPECT_EQ(fired({"a ghost"}), "It is 1887.");              // switched off
    EXPECT_EQ(fired({"lamp"}, {"It is 1887."}), "The lamp burns oil.");
    Lorebook tight = book;
    tight.budget_bytes = 20;
    const auto hits = find_lore(tight, std::vector<std::string_view>{"lamp"}, {});
    EXPECT_EQ(lore_text(hits), "The lamp burns oil.");  // by priority
    EXPECT_EQ(hits.size(), 2u);
    EXPECT_EQ(fired({}), "It is 1887.");
    EXPECT_EQ(
        lore_text(find_lore(card(kV3).book, std::vector<std::string_view>{"harbour stoorm"}, {})),
        "The harbour is closed.");
}

class PromptTest : public testing::Test {
  protected:
    static Message say(int64_t id, Role role, std::string text, std::vector<Part> parts = {}) {
        Message message;
        message.id = MessageId{id};
        message.role = role;
        message.content = std::move(text);
        message.parts = std::move(parts);
        return message;
    }
    static RolePlay mira() { return *begin_role_play(std::string(kV2), "Ben", "A sailor."); }
};

TEST_F(PromptTest, TheSetupGoesThroughTheStore) {
    RolePlay one = mira();
    one.note = "Keep it slow.";
    const auto again = role_play_from(to_setup(one));
    ASSERT_TRUE(again && *again);
    EXPECT_EQ((*again)->card_json, kV2);
    EXPECT_EQ((*again)->user, "Ben");
    EXPECT_EQ((*again)->note, "Keep it slow.");
    EXPECT_FALSE(*role_play_from(""));
    EXPECT_FALSE(*role_play_from("{}"));
    EXPECT_FALSE(role_play_from("not JSON"));
    EXPECT_FALSE(role_play_from(R"({"card":"{}"})"));
}

TEST_F(PromptTest, StableFirstChangingLast) {
    RolePlay role_play = mira();
    role_play.note = "{{char}} is tired.";
    std::vector<Message> messages{say(1, Role::assistant, "Come in, Ben!"),
                                  say(2, Role::user, "Is the lamp lit?")};
    messages[1].parts.push_back(*lore_for(std::span(messages).first(1), "the lamp", role_play));
    const auto prompt = build_prompt(messages, std::nullopt, "Answer in English.", &role_play);
    ASSERT_EQ(prompt.size(), 4u);
    EXPECT_EQ(prompt[0].role, "system");
    EXPECT_TRUE(prompt[0].content.starts_with("Be Mira. Answer in English."));
    EXPECT_NE(prompt[0].content.find("Mira keeps the lighthouse. "), std::string::npos);
    EXPECT_NE(prompt[0].content.find("About Ben: A sailor."), std::string::npos);
    EXPECT_EQ(prompt[0].content.find("not for the model"), std::string::npos);
    EXPECT_EQ(prompt[1].role, "user");  // most templates want the person to begin
    EXPECT_EQ(prompt[2].content, "Come in, Ben!");
    EXPECT_TRUE(prompt[3].content.starts_with("[It is 1887.\n\nThe lamp burns oil.]\n\nIs the"));
    EXPECT_TRUE(prompt[3].content.ends_with("[Mira is tired.\n\nTwo sentences at most.]"));

    // A turn later everything up to the last exchange is what it was: the cache is reused.
    messages.push_back(say(3, Role::assistant, "It is."));
    messages.push_back(say(4, Role::user, "The lamp again?"));
    const auto lore = lore_for(std::span(messages).first(3), "The lamp again?", role_play);
    EXPECT_FALSE(lore);  // it is in the prompt already
    const auto later = build_prompt(messages, std::nullopt, "Answer in English.", &role_play);
    ASSERT_EQ(later.size(), 6u);
    for (size_t i = 0; i < 3; ++i) EXPECT_EQ(later[i].content, prompt[i].content);
    EXPECT_TRUE(prompt[3].content.starts_with(later[3].content));
    EXPECT_TRUE(later[5].content.ends_with("Two sentences at most.]"));
}

TEST_F(PromptTest, FilesStandBehindTheTextInFences) {
    const Message message = say(1, Role::user, "What is this?",
                                {{"file", "a ``` b\n", R"({"path":"x.md"})"}, {"other", "no", ""}});
    EXPECT_EQ(model_text(message), "What is this?\n\nx.md:\n````\na ``` b\n````");
}

TEST_F(PromptTest, WithoutACharacterNothingIsAdded) {
    const std::vector<Message> messages{
        say(1, Role::system, "old"),  say(2, Role::user, "a"),
        say(3, Role::user, "b"),      say(4, Role::assistant, ""),
        say(5, Role::assistant, "c"), say(6, Role::assistant, "draft")};
    const auto prompt = build_prompt(messages, MessageId{6}, "be kind", nullptr);
    ASSERT_EQ(prompt.size(), 3u);
    EXPECT_EQ(prompt[0].content, "be kind");
    EXPECT_EQ(prompt[1].content, "a\n\nb");
    EXPECT_EQ(prompt[2].content, "c");
}

}  // namespace
}  // namespace hearth
