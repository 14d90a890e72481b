#include "app/config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

class ConfigTest : public testing::Test {
  protected:
    Result<Config> load(const std::string& toml, std::vector<Assignment> flags = {}) {
        std::ofstream(path()) << toml;
        return load_config({path()}, environment_, flags);
    }
    std::string path() const { return folder_.file("config.toml"); }
    static Assignment given(std::string_view name, std::vector<std::string> values) {
        return {find_setting(name), std::move(values), "--" + std::string(name), ErrorCode::usage};
    }

    TempFolder folder_;
    Environment environment_;
};

TEST_F(ConfigTest, MissingFileGivesDefaults) {
    const auto config = load_config({folder_.file("none.toml")}, environment_, {});
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->options.n_ctx, 0u);
    EXPECT_FALSE(config->options.seed);
    EXPECT_TRUE(config->warnings.empty());
}

TEST_F(ConfigTest, LaterLayersWin) {
    environment_.settings.push_back(given("temp", {"0.4"}));
    environment_.settings.push_back(given("top-k", {"7"}));
    const auto config =
        load("[sampling]\ntemp = 0.3\ntop_k = 5\nmin_p = 0.125\n", {given("temp", {"0.5"})});
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_FLOAT_EQ(config->options.sampler.temperature, 0.5F);  // flag
    EXPECT_EQ(config->options.sampler.top_k, 7u);                // environment
    EXPECT_FLOAT_EQ(config->options.sampler.min_p, 0.125F);      // file
}

TEST_F(ConfigTest, ReadsEveryTable) {
    const auto config = load(
        "model = \"m.gguf\"\n[engine]\nctx = 512\nthreads = 2\nmemory = \"50%\"\nisa = "
        "\"scalar\"\n[chat]\nsystem = \"be kind\"\n[sampling]\nstop = [\"a\", \"b\"]\nseed = 3\n");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->options.model, "m.gguf");
    EXPECT_EQ(config->options.n_ctx, 512u);
    EXPECT_EQ(config->options.n_threads, 2u);
    EXPECT_EQ(config->options.memory.kind, MemoryLimit::Kind::percent);
    EXPECT_EQ(config->options.isa, "scalar");
    EXPECT_EQ(config->options.system, "be kind");
    EXPECT_EQ(config->options.stop_strings, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(config->options.seed, 3u);
}

TEST_F(ConfigTest, AListReplacesTheListBelow) {
    const auto config = load("[sampling]\nstop = [\"a\", \"b\"]\n", {given("stop", {"c"})});
    ASSERT_TRUE(config);
    EXPECT_EQ(config->options.stop_strings, (std::vector<std::string>{"c"}));
}

TEST_F(ConfigTest, BadValueInTheFileNamesFileAndLine) {
    const auto config = load("[sampling]\n\ntemp = 9.5\n");
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, ErrorCode::bad_file);
    EXPECT_NE(config.error().message.find("config.toml: sampling.temp, line 3: '9.5' is not a "
                                          "number from 0 to 5"),
              std::string::npos)
        << config.error().message;
}

TEST_F(ConfigTest, UnknownKeyIsAWarningWithTheNearestName) {
    const auto config = load("[sampling]\ntmep = 1\n");
    ASSERT_TRUE(config);
    ASSERT_EQ(config->warnings.size(), 1u);
    EXPECT_NE(config->warnings[0].find("did you mean sampling.temp?"), std::string::npos)
        << config->warnings[0];
}

TEST_F(ConfigTest, BrokenTomlIsOneLine) {
    for (const std::string toml :
         {"= 3", "a = ", "[x\n", "a = \"\x1b[2J\"", "\xff\xfe", "a=1\na=2"}) {
        const auto config = load(toml);
        ASSERT_FALSE(config) << toml;
        EXPECT_EQ(config.error().code, ErrorCode::bad_file);
        EXPECT_EQ(config.error().message.find_first_of("\n\x1b"), std::string::npos);
    }
}

TEST_F(ConfigTest, HugeFileIsRefused) {
    const auto config = load(std::string(1 << 20, '#'));
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, ErrorCode::bad_file);
}

// The example in assets/ is whole, and says the defaults.
TEST(ConfigExample, NamesEverySettingWithItsDefault) {
    const std::string path = HEARTH_SOURCE_DIR "/assets/config.example.toml";
    const auto config = load_config({path}, {}, {});
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_TRUE(config->warnings.empty());
    std::ifstream file(path);
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const Options defaults;
    for (const Setting& setting : all_settings()) {
        EXPECT_EQ(setting.show(config->options), setting.show(defaults)) << setting.name;
        std::string key(setting.name);
        std::replace(key.begin(), key.end(), '-', '_');
        EXPECT_NE(text.find(key + " = "), std::string::npos) << key;
    }
}

// Every number that can be set, at values that break programs: in range or one line with the range.
TEST(Settings, RangesHoldForEveryNumber) {
    const std::vector<std::string> values{"-9223372036854775808",
                                          "-1",
                                          "0",
                                          "1",
                                          "2147483647",
                                          "2147483648",
                                          "9223372036854775807",
                                          "9223372036854775808",
                                          "18446744073709551616",
                                          "1e400",
                                          "-1e400",
                                          "nan",
                                          "inf",
                                          "-inf",
                                          "abc",
                                          "",
                                          " 1",
                                          "1 ",
                                          "0x10",
                                          "1,5",
                                          "+1",
                                          std::string(100'000, '9'),
                                          "\x1b[31m",
                                          std::string("1\0002", 3)};
    for (const Setting& setting : all_settings()) {
        if (setting.value != "N" && setting.value != "T" && setting.value != "P" &&
            setting.value != "X") {
            continue;
        }
        for (const std::string& value : values) {
            Options options;
            const auto done = assign(options, {&setting, {value}, "--x", ErrorCode::usage});
            if (done) {
                EXPECT_TRUE(options.sampler.check()) << setting.name << ' ' << value;
                EXPECT_LE(options.n_threads, 256u);
                EXPECT_LE(options.n_ctx, 1u << 20);
                continue;
            }
            EXPECT_EQ(done.error().code, ErrorCode::usage);
            EXPECT_EQ(done.error().message.substr(0, 5), "--x: ");
            EXPECT_NE(done.error().message.find(" from "), std::string::npos)
                << done.error().message;
            EXPECT_LT(done.error().message.size(), 200u);
            EXPECT_EQ(done.error().message.find_first_of("\n\x1b"), std::string::npos);
        }
    }
}

TEST(Settings, ShowsWhatWasSet) {
    Options options;
    const Setting* seed = find_setting("seed");
    ASSERT_NE(seed, nullptr);
    EXPECT_EQ(seed->show(options), "random");
    ASSERT_TRUE(assign(options, {seed, {"18446744073709551615"}, "", ErrorCode::usage}));
    EXPECT_EQ(seed->show(options), "18446744073709551615");
    ASSERT_TRUE(assign(options, {seed, {"random"}, "", ErrorCode::usage}));
    EXPECT_FALSE(options.seed);
    EXPECT_EQ(find_setting("nonsense"), nullptr);
}

TEST(MemoryLimit, Parses) {
    const auto bytes = [](const char* text) { return parse_memory_limit(text)->value; };
    EXPECT_EQ(bytes("6G"), 6ull << 30);
    EXPECT_EQ(bytes("512M"), 512ull << 20);
    EXPECT_EQ(bytes("1.5GiB"), 3ull << 29);
    EXPECT_EQ(bytes("100kb"), 100ull << 10);
    EXPECT_EQ(bytes("4096"), 4096u);
    EXPECT_EQ(parse_memory_limit("50%")->kind, MemoryLimit::Kind::percent);
    EXPECT_EQ(parse_memory_limit("auto")->kind, MemoryLimit::Kind::automatic);
    for (const char* bad : {"", "G", "-1G", "0", "6X", "6GG", "0%", "101%", "nan", "infG", "1e30",
                            "99999999T", "6 G"}) {
        EXPECT_FALSE(parse_memory_limit(bad)) << bad;
    }
}

TEST(MemoryLimit, ResolvesAgainstTheMachine) {
    const auto memory = machine_memory();
    ASSERT_TRUE(memory);
    EXPECT_GT(memory->total_bytes, 0u);
    EXPECT_LE(memory->available_bytes, memory->total_bytes);
    EXPECT_EQ(*resolve({}), 0u);
    const auto half = resolve({MemoryLimit::Kind::percent, 50});
    ASSERT_TRUE(half);
    EXPECT_NEAR(static_cast<double>(*half), static_cast<double>(memory->total_bytes) / 2, 100.0);
}

TEST(FormatBytes, ChoosesTheUnit) {
    EXPECT_EQ(format_bytes(0), "0 B");
    EXPECT_EQ(format_bytes(1023), "1023 B");
    EXPECT_EQ(format_bytes(1536), "1.5 KiB");
    EXPECT_EQ(format_bytes(4ull << 30), "4.0 GiB");
}

}  // namespace
}  // namespace hearth
