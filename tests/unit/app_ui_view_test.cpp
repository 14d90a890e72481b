#include <gtest/gtest.h>

#include <clocale>

#include "app/message_tree.h"
#include "app/ui/engine_view.h"
#include "app/ui/list_box.h"
#include "app/ui/message_lines.h"
#include "app/ui/status_line.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

using std::chrono::milliseconds;

Message message(int64_t id, std::optional<int64_t> parent) {
    Message one;
    one.id = MessageId{id};
    if (parent) one.parent = MessageId{*parent};
    return one;
}

TEST(MessageTree, VariantsAndBranches) {
    MessageTree tree;
    tree.add(message(1, {}));
    tree.add(message(2, 1));
    tree.add(message(3, 1));
    tree.add(message(4, 2));
    tree.add(message(5, 4));
    EXPECT_EQ(tree.variants(MessageId{3}).index, 1u);
    EXPECT_EQ(tree.variants(MessageId{3}).count, 2u);
    EXPECT_EQ(tree.beside(MessageId{3}, -1), MessageId{2});
    EXPECT_EQ(tree.beside(MessageId{3}, 1), std::nullopt);
    EXPECT_EQ(tree.newest_leaf(MessageId{2}), MessageId{5});
    EXPECT_EQ(tree.newest_leaf(MessageId{3}), MessageId{3});
    EXPECT_EQ(tree.newest_leaf(MessageId{1}), MessageId{3});
}

class Monitor : public testing::Test {
  protected:
    EngineMonitor::Clock::time_point at(int ms) const { return begin_ + milliseconds(ms); }
    EngineMonitor::Clock::time_point begin_ = EngineMonitor::Clock::now();
    EngineMonitor monitor_;
};

TEST_F(Monitor, AnEstimateAfterATenthOfASecond) {
    monitor_.begin_turn(at(0));
    monitor_.read({100, 1000}, at(50));
    EXPECT_FALSE(monitor_.view(at(60)).seconds_left);
    monitor_.read({200, 1000}, at(100));
    const EngineView view = monitor_.view(at(100));
    EXPECT_EQ(view.phase, Phase::read);
    ASSERT_TRUE(view.seconds_left);
    EXPECT_NEAR(*view.seconds_left, 0.4, 1e-6);
}

TEST_F(Monitor, SpeedIsThatOfTheLastTwoSeconds) {
    monitor_.begin_turn(at(0));
    for (int i = 0; i < 10; ++i) monitor_.text({"x", size_t(i + 1), 0}, false, at(i * 1000));
    for (int i = 0; i < 40; ++i)
        monitor_.text({"x", size_t(i + 11), 0}, false, at(10'000 + i * 100));
    const EngineView view = monitor_.view(at(14'000));
    ASSERT_TRUE(view.tokens_per_second);
    EXPECT_NEAR(*view.tokens_per_second, 10.0, 0.6);
    EXPECT_EQ(view.phase, Phase::decode);
}

TEST_F(Monitor, SaysWhenNothingComes) {
    monitor_.begin_turn(at(0));
    monitor_.text({"x", 1, 1}, false, at(100));
    EXPECT_EQ(monitor_.view(at(1000)).phase, Phase::decode);
    const EngineView view = monitor_.view(at(3100));
    EXPECT_EQ(view.phase, Phase::stalled);
    EXPECT_NEAR(view.stalled_seconds.value_or(0), 3.0, 1e-6);
}

TEST_F(Monitor, WhatIsNotMeasuredIsAbsent) {
    monitor_.begin_turn(at(0));
    AnswerDone done;
    done.stats.decode = {100, 10.0};
    monitor_.end(done, at(100));
    EngineView view = monitor_.view(at(200));
    EXPECT_FALSE(view.cold_hit_rate());
    EXPECT_FALSE(view.stall_share());
    EXPECT_FALSE(view.bytes_per_token());
    EXPECT_EQ(plain(status_fields(view, 80)).find("hit"), std::string::npos);

    done.stats.cold = {1000, 1000, 90, 10, 5};
    done.stats.io_bytes = 200'000'000;
    done.stats.io_stall_seconds = 1.0;
    monitor_.end(done, at(300));
    view = monitor_.view(at(300));
    EXPECT_EQ(plain(status_fields(view, 80)),
              " DONE 10.0 tok/s · cold hit 90.0 % · 2.0 MB/tok · stall 10 %");
    EXPECT_EQ(plain(status_fields(view, 20)), " DONE 10.0 tok/s");
}

TEST(StatusLine, Header) {
    std::setlocale(LC_CTYPE, "C.UTF-8");
    EngineView view;
    view.n_ctx = 8192;
    view.context_tokens = 3412;
    for (size_t columns = 1; columns <= 120; ++columns) {
        const auto line =
            header_line(view, "a model", "a long title 漢字漢字漢字漢字漢字", columns);
        EXPECT_LE(columns_of(line), std::max<size_t>(columns, 17)) << columns;
    }
    EXPECT_NE(plain(header_line(view, "m", "t", 100)).find("3,412/8,192"), std::string::npos);
}

TEST(StatusLine, Numbers) {
    EXPECT_EQ(grouped(7), "7");
    EXPECT_EQ(grouped(1234567), "1,234,567");
    EXPECT_EQ(meter(0.5, 4), "▓▓░░");
    EXPECT_EQ(meter(7.0, 2), "▓▓");
}

TEST(ListBox, TypingFilters) {
    ListBox list("x", {{"/open ID", "continue"}, {"/undo", "take back"}, {"/help", "this"}});
    const auto type = [&](std::string_view text) {
        Key key;
        key.code = KeyCode::text;
        key.bytes = text;
        return list.key(key);
    };
    type("u");
    type("n");
    Key enter;
    enter.code = KeyCode::enter;
    EXPECT_EQ(list.key(enter), ListBox::Outcome::chosen);
    EXPECT_EQ(list.chosen().label, "/undo");
}

TEST(MessageLines, ThinkingHasAnEnd) {
    EXPECT_TRUE(is_thinking("<think>hm"));
    EXPECT_TRUE(is_thinking("\n<think>\nhm"));
    EXPECT_FALSE(is_thinking("<think>hm</think>so"));
    EXPECT_FALSE(is_thinking("so"));
}

}  // namespace
}  // namespace hearth
