#include <gtest/gtest.h>

#include <clocale>

#include "app/chat.h"
#include "app/ui/dashboard.h"
#include "app/ui/process_numbers.h"
#include "app/ui/widgets.h"

namespace hearth {
namespace {

class DashboardTest : public testing::Test {
  protected:
    static void SetUpTestSuite() { std::setlocale(LC_CTYPE, "C.UTF-8"); }

    static std::string drawn(int page, const DashboardData& data, Size size = {30, 100}) {
        Canvas canvas(size);
        const Dashboard dashboard(page);
        dashboard.draw(canvas, {0, 0, size.rows, size.columns}, data);
        std::string text;
        for (size_t row = 0; row < size.rows; ++row) text += canvas.text(row) + "\n";
        return text;
    }

    DashboardData data() const {
        return {{}, {}, {}, nullptr, {}, std::nullopt, std::nullopt, std::nullopt, history_};
    }
    HistoryRows history_;
};

TEST_F(DashboardTest, WhatIsNotReportedIsADash) {
    for (const int page : {1, 4, 5}) {
        const std::string text = drawn(page, data());
        EXPECT_NE(text.find("–"), std::string::npos) << text;
        EXPECT_EQ(text.find("0.0"), std::string::npos) << text;
    }
    EXPECT_NE(drawn(1, data()).find("no token was recorded yet"), std::string::npos);
    EXPECT_NE(drawn(2, data()).find("Nothing is streamed"), std::string::npos);
    EXPECT_NE(drawn(3, data()).find("No token has been recorded"), std::string::npos);
    EXPECT_NE(drawn(6, data()).find("No answer"), std::string::npos);
}

TEST_F(DashboardTest, TheRailSaysNothingItDoesNotKnow) {
    Canvas canvas({30, 30});
    draw_rail(canvas, {0, 0, 30, 30}, data());
    std::string text;
    for (size_t row = 0; row < 30; ++row) text += canvas.text(row) + "\n";
    EXPECT_NE(text.find("decode"), std::string::npos);
    EXPECT_EQ(text.find("0.0"), std::string::npos) << text;
}

TEST_F(DashboardTest, PartsOfATokenAddUpToIt) {
    const std::vector<TraceEvent> trace{{TraceKind::attention, 0, 0, 0, 0.0F, 400.0F},
                                        {TraceKind::gates, 0, 0, 0, 400.0F, 500.0F},
                                        {TraceKind::gates, 1, 1, 0, 400.0F, 700.0F},
                                        {TraceKind::stall, 0, 0, 0, 500.0F, 700.0F},
                                        {TraceKind::attention, 0, 0, 1, 700.0F, 900.0F},
                                        {TraceKind::head, 0, 0, 1, 950.0F, 1000.0F}};
    double sum = 0.0;
    for (const TokenPart& part : token_parts(trace)) sum += part.milliseconds;
    EXPECT_NEAR(sum, 1.0, 1e-6);
    EXPECT_EQ(token_parts(trace).front().name, "attention");
    EXPECT_NEAR(token_parts(trace).front().milliseconds, 0.6, 1e-6);
    EXPECT_EQ(token_parts(trace).back().name, "other");
    EXPECT_TRUE(token_parts({}).empty());

    DashboardData filled = data();
    filled.view.trace = trace;
    EXPECT_NE(drawn(1, filled).find("where one token goes · 1.00 ms"), std::string::npos);
    const std::string pipeline = drawn(3, filled);
    EXPECT_NE(pipeline.find("core 1"), std::string::npos) << pipeline;
    EXPECT_NE(pipeline.find("AAAA"), std::string::npos);
}

TEST_F(DashboardTest, LayersAndTheirHitRates) {
    DashboardData filled = data();
    filled.view.memory = {{0, 0, 100, 50, 75, 90, 10}, {1, 0, 100, 10, 20, 0, 0}};
    const std::string text = drawn(2, filled);
    EXPECT_NE(text.find("cold hit  90.0 % ◂ worst"), std::string::npos) << text;
    EXPECT_NE(text.find("cold hit       –"), std::string::npos) << text;
    EXPECT_NE(text.find("75.0 %"), std::string::npos);
}

TEST_F(DashboardTest, AnySizeCanBeDrawn) {
    DashboardData filled = data();
    filled.view.trace = {{TraceKind::ffn, 3, 0, 0, 0.0F, 400.0F},
                         {TraceKind::read, TokenTrace::kIoLane, 0, 0, 0.0F, 10.0F}};
    filled.view.memory = {{0, 0, 0, 0, 0, 0, 0}};
    filled.view.stats = RunStats();
    for (int page = 1; page <= Dashboard::kPages; ++page) {
        for (const Size size : {Size{1, 1}, {2, 3}, {5, 20}, {10, 40}, {24, 80}, {200, 500}}) {
            drawn(page, filled, size);
            Canvas canvas(size);
            if (size.columns > 4) draw_rail(canvas, {0, 0, size.rows, size.columns}, filled);
        }
    }
}

TEST(Widgets, Pictures) {
    EXPECT_EQ(sparkline(std::vector<float>{0.0F, 4.0F, 8.0F}, 10), "▁▄█");
    EXPECT_EQ(sparkline(std::vector<float>{1.0F, 8.0F}, 1), "█");
    EXPECT_EQ(bar(0.5, 4), "██");
    EXPECT_EQ(bar(0.3125, 4), "█▎");
    EXPECT_EQ(bar(9.0, 2), "██");
    EXPECT_EQ(megabytes(13.31e6), "13.3 MB");
}

TEST(ProcessNumbers, ReadsThisProcess) {
    const ProcessNumbers numbers = read_process_numbers();
    EXPECT_GT(numbers.rss_bytes.value_or(0), 1u << 20);
    EXPECT_TRUE(numbers.ui_seconds);
    const std::string io = "rchar: 5\nread_bytes: 77\nwrite_bytes: 3\n";
    EXPECT_EQ(number_after(io, "\nread_bytes:"), 77u);
    EXPECT_EQ(number_after(io, "nothing:"), std::nullopt);
}

}  // namespace
}  // namespace hearth
