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
        Dashboard dashboard;
        dashboard.show_page(page);
        dashboard.draw(canvas, {0, 0, size.rows, size.columns}, data);
        std::string text;
        for (size_t row = 0; row < size.rows; ++row) text += canvas.text(row) + "\n";
        return text;
    }

    static DashboardData data() { return {}; }
};

TEST_F(DashboardTest, WhatIsNotReportedIsADash) {
    for (const int page : {1, 4, 5}) {
        const std::string text = drawn(page, data());
        EXPECT_NE(text.find("–"), std::string::npos) << text;
        EXPECT_EQ(text.find("0.0"), std::string::npos) << text;
    }
    EXPECT_NE(drawn(1, data()).find("no answer was written yet"), std::string::npos);
    EXPECT_NE(drawn(2, data()).find("reports no neurons"), std::string::npos);
    EXPECT_NE(drawn(3, data()).find("traced no token yet"), std::string::npos);
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
    DashboardData filled = data();
    filled.view.stats = RunStats();
    filled.view.stats->decode = {100, 0.1};
    filled.view.stats->latency_ms.mean = 1.0;
    filled.view.stats->cold.capacity_bytes = 1;
    filled.view.stats->io_stall_seconds = 0.01;
    filled.view.token_parts = {{"attention", 0.5}, {"gates", 0.2}};
    const std::string text = drawn(1, filled);
    EXPECT_NE(text.find("where one token goes · 1.00 ms"), std::string::npos) << text;
    EXPECT_NE(text.find("0.50 ms"), std::string::npos);
    EXPECT_NE(text.find("0.10 ms"), std::string::npos);  // stall
    EXPECT_NE(text.find("other"), std::string::npos);
}

TEST_F(DashboardTest, ThePipelineShowsWhoDidWhat) {
    DashboardData filled = data();
    filled.view.trace = {{"core 0", 'A', 0.0, 0.5}, {"core 1", 'G', 0.5, 1.0}};
    const std::string text = drawn(3, filled);
    EXPECT_NE(text.find("core 1"), std::string::npos) << text;
    EXPECT_NE(text.find("AAAA"), std::string::npos);
    EXPECT_NE(text.find("GGGG"), std::string::npos);
}

TEST_F(DashboardTest, LayersAndTheirHitRates) {
    DashboardData filled = data();
    filled.view.layers = {{{1.0F, 0.5F, 0.0F}, 0.9, 5'000'000},
                          {{1.0F}, std::nullopt, std::nullopt}};
    const std::string text = drawn(2, filled);
    EXPECT_NE(text.find("◂ worst"), std::string::npos) << text;
    EXPECT_NE(text.find("90.0 %"), std::string::npos);
    EXPECT_NE(text.find("█▒"), std::string::npos);
}

TEST_F(DashboardTest, AnySizeCanBeDrawn) {
    DashboardData filled = data();
    filled.view.trace = {{"core 3", 'F', 0.0, 0.4}, {"flash", 'R', 0.0, 0.1}};
    filled.view.layers = {{{}, 0.5, std::nullopt}};
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
