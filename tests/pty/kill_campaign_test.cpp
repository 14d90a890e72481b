// The program is killed at random moments of writing answers, again and again in the same home:
// what a person saw is there afterwards, once, but for the last quarter of a second.
//
// 25 times as a rule; `make crash ROUNDS=500` asks for more.
#include <signal.h>

#include <cstdlib>
#include <ctime>
#include <random>

#include "storage/store.h"
#include "tests/pty/chat_fixture.h"

namespace hearth {
namespace {

using std::chrono::milliseconds;

int rounds() {
    const char* asked = std::getenv("HEARTH_CRASH_ROUNDS");
    const int n = asked == nullptr ? 25 : std::atoi(asked);
    return n > 0 ? n : 25;
}

class KillCampaign : public ProgramTest {
  protected:
    // The message is there, once, and all of the answer that was shown a quarter second before.
    void expect_kept(const std::string& said, std::string_view shown) {
        const std::clock_t begin = std::clock();  // of this process: others may be busy
        const auto store = Store::open(*DataDir::resolve({.hearth_home = home()}), Access::write);
        EXPECT_LE(std::clock() - begin, CLOCKS_PER_SEC / 2);
        ASSERT_TRUE(store) << store.error().message;
        ASSERT_TRUE((*store)->check());
        EXPECT_LE((*store)->interrupted().size(), 1u);
        const auto latest = (*store)->conversations().latest();
        ASSERT_TRUE(latest && *latest);
        const auto messages = (*store)->conversations().path((*latest)->id);
        ASSERT_TRUE(messages);
        ASSERT_EQ(messages->size(), 2u);
        EXPECT_EQ(messages->front().content, said);
        // Every conversation there ever was, once.
        EXPECT_EQ((*store)->conversations().list(ListFilter{})->size(), n_killed_);
        EXPECT_EQ((*store)->search().find(said, {})->size(), 1u);
        EXPECT_NE(messages->back().state, MessageState::draft);
        EXPECT_NE(messages->back().content.find(shown), std::string::npos)
            << "shown " << shown.size() << ", kept " << messages->back().content.size();
    }

    size_t n_killed_ = 0;
};

TEST_F(KillCampaign, LosesAtMostAQuarterSecond) {
    std::mt19937 random(20261120);
    std::uniform_int_distribution<int> delay_ms(0, 350);
    for (int round = 0; round < rounds() && !HasFailure(); ++round) {
        const std::string said = fmt::format("message{}x", round);
        PtyProgram program = chat({"--new"}, "dumb");  // nothing between the words of an answer
        ASSERT_TRUE(program.wait_for("\n> ")) << program.text();
        program.send(said + "\r");
        ASSERT_TRUE(program.wait_for(said + "\n")) << program.text();
        ASSERT_TRUE(program.wait_for_more(20)) << program.text();  // it answers: it was saved
        ++n_killed_;
        program.watch(milliseconds(delay_ms(random)));
        const auto killed = PtyProgram::Clock::now();
        program.signal(SIGKILL);
        EXPECT_EQ(program.wait_exit(), 128 + SIGKILL);
        std::string shown = program.text_before(killed, milliseconds(250));
        const size_t begin = shown.rfind(said + "\n");
        shown = begin == std::string::npos ? "" : shown.substr(begin + said.size() + 1);
        shown = shown.substr(std::min(shown.find_first_not_of(" \t\n"), shown.size()));
        expect_kept(said, shown);
    }
}

}  // namespace
}  // namespace hearth
