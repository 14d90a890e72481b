#include <gtest/gtest.h>

#include "app/line/composer.h"
#include "app/line/line_screen.h"
#include "app/slash_commands.h"
#include "app/turn_summary.h"

namespace hearth {
namespace {

TEST(Composer, ALineIsAMessage) {
    Composer composer;
    EXPECT_EQ(composer.feed("hello"), "hello");
    EXPECT_FALSE(composer.open());
    EXPECT_EQ(composer.feed("pasted\nlines"), "pasted\nlines");
}

TEST(Composer, ABackslashGoesOn) {
    Composer composer;
    EXPECT_FALSE(composer.feed("one\\"));
    EXPECT_TRUE(composer.open());
    EXPECT_FALSE(composer.feed("two\\"));
    EXPECT_EQ(composer.feed("three"), "one\ntwo\nthree");
    EXPECT_FALSE(composer.open());
}

TEST(Composer, QuotesMakeABlock) {
    Composer composer;
    EXPECT_FALSE(composer.feed("\"\"\""));
    EXPECT_TRUE(composer.open());
    EXPECT_FALSE(composer.feed("one\\"));  // a backslash is text here
    EXPECT_FALSE(composer.feed(""));
    EXPECT_EQ(composer.feed("two\"\"\""), "one\\\n\ntwo");
    EXPECT_EQ(composer.feed("\"\"\"in one line\"\"\""), "in one line");
    EXPECT_FALSE(composer.open());
}

TEST(Composer, ClearForgets) {
    Composer composer;
    EXPECT_FALSE(composer.feed("\"\"\"x"));
    composer.clear();
    EXPECT_EQ(composer.feed("y"), "y");
}

TEST(SlashCommands, OnlySingleLinesWithOneSlash) {
    EXPECT_TRUE(is_slash_command("/help"));
    EXPECT_FALSE(is_slash_command("//help"));
    EXPECT_FALSE(is_slash_command("/quit\npasted"));
    EXPECT_FALSE(is_slash_command("help"));
}

TEST(SlashCommands, Parse) {
    const auto open = parse_slash_command("/open  12 ");
    ASSERT_TRUE(open);
    EXPECT_EQ(open->verb, Verb::open);
    EXPECT_EQ(open->argument, "12");
    EXPECT_EQ(parse_slash_command("/bye")->verb, Verb::quit);
    EXPECT_EQ(parse_slash_command("/system")->argument, "");
    EXPECT_FALSE(parse_slash_command("/open"));
    EXPECT_FALSE(parse_slash_command("/quit now"));
    const auto unknown = parse_slash_command("/hlep");
    ASSERT_FALSE(unknown);
    EXPECT_NE(unknown.error().message.find("did you mean /help?"), std::string::npos);
}

TEST(SlashCommands, HelpNamesEveryVerb) {
    const std::string help = slash_help();
    for (const SlashCommand& command : slash_commands()) {
        if (command.help.empty()) continue;
        EXPECT_NE(help.find(command.name), std::string::npos) << command.name;
    }
}

TEST(Emphasis, OnlyWhereATerminalCanAndThePersonWants) {
    EXPECT_FALSE(choose_emphasis(Color::automatic, true, "xterm", false).dim.empty());
    EXPECT_TRUE(choose_emphasis(Color::automatic, false, "xterm", false).dim.empty());
    EXPECT_TRUE(choose_emphasis(Color::automatic, true, "dumb", false).dim.empty());
    EXPECT_TRUE(choose_emphasis(Color::automatic, true, "", false).dim.empty());
    EXPECT_TRUE(choose_emphasis(Color::automatic, true, "xterm", true).dim.empty());
    EXPECT_TRUE(choose_emphasis(Color::never, true, "xterm", false).dim.empty());
    EXPECT_FALSE(choose_emphasis(Color::always, false, "", true).dim.empty());
}

TEST(TurnSummary, SaysWhatWasMeasured) {
    RunStats stats;
    stats.prompt_tokens = 100;
    stats.reused_tokens = 60;
    stats.prefill = {40, 0.5};
    stats.decode = {10, 2.0};
    stats.ttft_ms = 510.0;
    const std::string line = turn_summary(stats, 200);
    EXPECT_EQ(line,
              "prefill 40 at 80.0 tok/s (60 reused) · decode 10 at 5.0 tok/s · context 55 % full");
    EXPECT_EQ(why_it_ended(StopReason::end_of_turn), "");
    EXPECT_NE(why_it_ended(StopReason::context_full).find("context is full"), std::string::npos);
    EXPECT_EQ(turn_details(stats).find("recall"), std::string::npos);
}

}  // namespace
}  // namespace hearth
