#include "engine/stop_strings.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

TEST(StopStrings, FoundAcrossPiecesWhereverTheyAreCut) {
    const std::string text = "one two STOP three";
    for (size_t i = 0; i <= text.size(); ++i) {
        for (size_t j = i; j <= text.size(); ++j) {
            StopStrings stops({"STOP", "three"});
            std::string shown;
            bool stopped = false;
            for (const std::string& piece :
                 {text.substr(0, i), text.substr(i, j - i), text.substr(j)}) {
                if (stopped) break;
                const auto step = stops.feed(piece);
                shown += step.text;
                stopped = step.stopped;
            }
            EXPECT_TRUE(stopped);
            EXPECT_EQ(shown, "one two ") << i << " " << j;
        }
    }
}

TEST(StopStrings, HoldsBackOnlyWhatMayBecomeOne) {
    StopStrings stops({"abc"});
    EXPECT_EQ(stops.feed("xa").text, "x");
    EXPECT_EQ(stops.feed("b").text, "");
    EXPECT_EQ(stops.feed("ab").text, "ab");
    EXPECT_EQ(stops.feed("d").text, "abd");
    EXPECT_EQ(stops.feed("ab").text, "");
    EXPECT_EQ(stops.finish(), "ab");
    EXPECT_EQ(stops.finish(), "");
}

TEST(StopStrings, NoneAndEmptyOnesLetEverythingPass) {
    StopStrings stops({""});
    const auto step = stops.feed("text");
    EXPECT_EQ(step.text, "text");
    EXPECT_FALSE(step.stopped);
}

}  // namespace
}  // namespace hearth
