#include <gtest/gtest.h>

#include "app/ui/keys.h"

namespace hearth {
namespace {

std::vector<Key> decode(std::string_view bytes) {
    KeyDecoder decoder;
    std::vector<Key> keys = decoder.feed(bytes);
    for (Key& key : decoder.flush()) keys.push_back(std::move(key));
    return keys;
}

KeyCode code_of(std::string_view bytes) {
    const auto keys = decode(bytes);
    EXPECT_EQ(keys.size(), 1u) << bytes;
    return keys.empty() ? KeyCode::other : keys[0].code;
}

TEST(Keys, TheUsualOnes) {
    EXPECT_EQ(code_of("a"), KeyCode::text);
    EXPECT_EQ(code_of("\r"), KeyCode::enter);
    EXPECT_EQ(code_of("\n"), KeyCode::newline);
    EXPECT_EQ(code_of("\t"), KeyCode::tab);
    EXPECT_EQ(code_of("\x7f"), KeyCode::backspace);
    EXPECT_EQ(code_of("\x1b"), KeyCode::escape);
    EXPECT_EQ(code_of("\x1b[A"), KeyCode::up);
    EXPECT_EQ(code_of("\x1bOA"), KeyCode::up);
    EXPECT_EQ(code_of("\x1b[5~"), KeyCode::page_up);
    EXPECT_EQ(code_of("\x1b[3~"), KeyCode::del);
    EXPECT_EQ(code_of("\x1b[H"), KeyCode::home);
    EXPECT_EQ(code_of("\x1b[Z"), KeyCode::back_tab);
    EXPECT_EQ(code_of("\x1b\r"), KeyCode::newline);
    EXPECT_EQ(code_of("\x1b[13;2u"), KeyCode::newline);
    EXPECT_EQ(code_of("\x1b[27;2;13~"), KeyCode::newline);
    EXPECT_EQ(code_of("\x1b[27u"), KeyCode::escape);
    EXPECT_EQ(code_of("\x1b[<64;3;4M"), KeyCode::wheel_up);
}

TEST(Keys, FunctionKeysOfAllKinds) {
    const std::vector<std::pair<std::string, int>> sent{
        {"\x1bOP", 1},   {"\x1b[11~", 1},  {"\x1b[[A", 1},   {"\x1bOS", 4},   {"\x1b[15~", 5},
        {"\x1b[17~", 6}, {"\x1b[21~", 10}, {"\x1b[24~", 12}, {"\x1b[1;2P", 1}};
    for (const auto& [bytes, number] : sent) {
        const auto keys = decode(bytes);
        ASSERT_EQ(keys.size(), 1u) << number;
        EXPECT_EQ(keys[0].code, KeyCode::function);
        EXPECT_EQ(keys[0].number, number) << bytes.substr(1);
    }
}

TEST(Keys, ModifiersAndControl) {
    const Key up = decode("\x1b[1;2A")[0];
    EXPECT_TRUE(up.shift);
    EXPECT_FALSE(up.ctrl);
    EXPECT_TRUE(decode("\x1b[1;5D")[0].ctrl);
    const Key stop = decode("\x03")[0];
    EXPECT_EQ(stop.code, KeyCode::control);
    EXPECT_EQ(stop.letter, 'c');
    const Key kitty = decode("\x1b[99;5u")[0];
    EXPECT_EQ(kitty.letter, 'c');
    EXPECT_EQ(kitty.bytes, "\x03");
    const Key word = decode(
        "\x1b"
        "b")[0];
    EXPECT_EQ(word.code, KeyCode::alt);
    EXPECT_EQ(word.bytes,
              "\x1b"
              "b");
    EXPECT_EQ(decode("\x1b[98;3u")[0].bytes,
              "\x1b"
              "b");
}

TEST(Keys, AnySplitGivesTheSameKeys) {
    const std::string bytes =
        "a\x1b[A日\x1b[200~x\ry\x1b[201~\x1b[13;2u\x1b"
        "f\xF0\x9F\x94\xA5\r";
    const auto whole = decode(bytes);
    for (size_t cut = 0; cut <= bytes.size(); ++cut) {
        KeyDecoder decoder;
        std::string text;
        std::vector<KeyCode> codes;
        for (const std::string& part : {bytes.substr(0, cut), bytes.substr(cut)}) {
            for (const Key& key : decoder.feed(part)) {
                codes.push_back(key.code);
                if (key.code == KeyCode::text) text += key.bytes;
            }
        }
        EXPECT_FALSE(decoder.waiting()) << cut;
        EXPECT_EQ(text, "a日\xF0\x9F\x94\xA5") << cut;
        EXPECT_EQ(codes.size(), whole.size()) << cut;
    }
}

TEST(Keys, APasteIsOneKeyAndHoldsNoControls) {
    const auto keys = decode("\x1b[200~/quit\r\nb\x1b[31m\x03\tc\x1b[201~");
    ASSERT_EQ(keys.size(), 1u);
    EXPECT_EQ(keys[0].code, KeyCode::paste);
    EXPECT_EQ(keys[0].bytes, "/quit\nb[31m\tc");
}

TEST(Keys, ALargePasteComesThroughInPieces) {
    std::string text;
    for (int i = 0; i < 10'000; ++i) text += "line " + std::to_string(i) + "\n";
    KeyDecoder decoder;
    std::vector<Key> keys;
    const std::string bytes = "\x1b[200~" + text + "\x1b[201~";
    for (size_t at = 0; at < bytes.size(); at += 1000) {
        for (Key& key : decoder.feed(std::string_view(bytes).substr(at, 1000))) {
            keys.push_back(std::move(key));
        }
    }
    ASSERT_EQ(keys.size(), 1u);
    EXPECT_EQ(keys[0].bytes, text);
}

TEST(Keys, UnknownSequencesAreNotTyped) {
    for (const std::string_view bytes :
         {"\x1b[?1;2c", "\x1b[12;40R", "\x1b[I", "\x1b[99~", "\x1b[1;2;3;4;5;6;7x"}) {
        for (const Key& key : decode(bytes)) EXPECT_NE(key.code, KeyCode::text) << bytes.substr(1);
    }
}

TEST(Keys, ALoneEscapeWaits) {
    KeyDecoder decoder;
    EXPECT_TRUE(decoder.feed("\x1b").empty());
    EXPECT_TRUE(decoder.waiting());
    const auto keys = decoder.flush();
    ASSERT_EQ(keys.size(), 1u);
    EXPECT_EQ(keys[0].code, KeyCode::escape);
    EXPECT_FALSE(decoder.waiting());
}

}  // namespace
}  // namespace hearth
