// What a chat tells `hearth top`: the line, and the socket that it goes through.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "app/top/engine_socket.h"
#include "app/ui/dashboard_json.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

DashboardData some_data() {
    DashboardData data;
    data.model = "Ember";
    data.view.phase = Phase::decode;
    data.view.tokens = 12;
    data.view.tokens_per_second = 11.5;
    data.view.n_ctx = 1024;
    RunStats stats;
    stats.decode = {11, 1.0};
    stats.latency_ms.mean = 90.0;
    stats.cold = {100, 200, 30, 10, 5};
    stats.io_bytes = 12345;
    stats.plan = "a plan";
    data.view.live = stats;
    data.view.token_parts = {{"attention", 0.5}};
    data.view.layers = {{{1.0F, 0.5F, 0.25F}, 0.75, std::nullopt}};
    data.view.trace = {{"core 0", 'A', 0.0, 1.5}};
    data.rates = {1.0F, 2.5F};
    data.totals.tokens = 300;
    data.totals.cold_hits = 7;
    data.process.rss_bytes = 4096;
    data.ui_share = 0.01;
    return data;
}

TEST(DashboardJson, WhatIsToldComesBack) {
    const DashboardData data = some_data();
    const std::string line = to_json(data);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const auto back = parse_dashboard(line);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(to_json(*back), line);
    EXPECT_EQ(back->view.live->cold.misses, 10u);
    EXPECT_FALSE(back->view.stats);
    EXPECT_FALSE(back->view.seconds_left);  // absent, not zero
    EXPECT_FALSE(back->read_rate);
    ASSERT_EQ(back->view.layers.size(), 1u);
    EXPECT_FLOAT_EQ(back->view.layers[0].resident[1], 0.5F);
}

TEST(DashboardJson, WhatIsNoSuchLineIsRefusedAndNothingInItIsObeyed) {
    for (const char* const line : {"", "x", "[]", "{}", "{\"engine\"", "null"}) {
        EXPECT_FALSE(parse_dashboard(line)) << line;
    }
    const auto odd = parse_dashboard(
        R"({"model":"a\u001b]0;x","engine":{"phase":7,"tokens":-1,"trace":[3,{"mark":"\u001b"}],)"
        R"("layers":{}, "stats":{"plan":"\u202e"}},"rates":["x"],"session":[],"process":null})");
    ASSERT_TRUE(odd) << odd.error().message;
    EXPECT_EQ(odd->model, "a␛]0;x");
    EXPECT_EQ(odd->view.tokens, 0u);
    ASSERT_EQ(odd->view.trace.size(), 2u);
    EXPECT_EQ(odd->view.trace[1].mark, '#');
    EXPECT_EQ(odd->view.stats->plan, "<U+202E>");
}

TEST(EngineSocket, IsPrivateAndTellsTheNewestLine) {
    const TempFolder folder;
    auto none = EngineClient::connect(folder.path(), {});
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("no chat is running"), std::string::npos);

    const std::string deep = folder.file(std::string(120, 'd'));  // longer than an address
    std::filesystem::create_directory(deep);
    std::optional<EngineServer> server;
    {
        auto created = EngineServer::create(deep);
        ASSERT_TRUE(created) << created.error().message;
        server.emplace(*std::move(created));
    }
    struct stat status {};
    const std::string path = deep + "/engine-" + std::to_string(::getpid()) + ".sock";
    ASSERT_EQ(::stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);

    auto client = EngineClient::connect(deep, {});
    ASSERT_TRUE(client) << client.error().message;
    EXPECT_EQ(client->server(), ::getpid());
    EXPECT_FALSE(*client->read());
    server->accept();
    ASSERT_TRUE(server->has_clients());
    server->tell("first");
    server->tell("second");
    EXPECT_EQ(client->read()->value(), "second");

    // Who does not read is not waited for, and gets whole lines afterwards.
    const std::string long_line(1 << 18, 'x');
    for (int i = 0; i < 20; ++i) server->tell(long_line);
    for (int i = 0; i < 100 && server->has_clients(); ++i) {
        const auto line = client->read();
        ASSERT_TRUE(line) << line.error().message;
        if (*line && **line == "end") break;
        if (*line) {
            EXPECT_EQ((*line)->size(), long_line.size());
        }
        server->tell("end");
    }
    server.reset();
    EXPECT_FALSE(std::filesystem::exists(path));
    Result<std::optional<std::string>> last = std::optional<std::string>();
    while (last) last = client->read();
    EXPECT_NE(last.error().message.find("has ended"), std::string::npos);
}

}  // namespace
}  // namespace hearth
