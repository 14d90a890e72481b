#include "app/command_line.h"

#include <gtest/gtest.h>

namespace hearth {
namespace {

using Words = std::vector<std::string>;

Result<CommandLine> parse(const Words& words) {
    return parse_command_line(words);
}

template <typename T>
T get(const Words& words) {
    const auto line = parse(words);
    EXPECT_TRUE(line) << line.error().message;
    return line ? std::get<T>(line->command) : T{};
}

void expect_usage_error(const Words& words, const std::string& part = "") {
    const auto line = parse(words);
    ASSERT_FALSE(line) << words[0];
    EXPECT_EQ(line.error().code, ErrorCode::usage);
    EXPECT_EQ(line.error().message.find_first_of("\n\x1b"), std::string::npos);
    EXPECT_NE(line.error().message.find(part), std::string::npos) << line.error().message;
}

TEST(CommandLine, BareIsChat) {
    EXPECT_FALSE(get<ChatArguments>({}).start_new);
    EXPECT_TRUE(get<ChatArguments>({"--new"}).start_new);
    EXPECT_EQ(get<ChatArguments>({"chat", "--open", "3"}).open, "3");
}

TEST(CommandLine, RunTakesPromptAndSettings) {
    const auto line = parse({"run", "-m", "x.gguf", "--temp", "-1", "-n", "5", "--raw", "--json",
                             "--stop", "a", "--stop", "b", "tell", "me"});
    ASSERT_TRUE(line) << line.error().message;
    const auto& run = std::get<RunArguments>(line->command);
    EXPECT_TRUE(run.raw);
    EXPECT_TRUE(run.json);
    EXPECT_EQ(run.prompt, "tell me");
    ASSERT_EQ(line->settings.size(), 4u);
    for (const Assignment& assignment : line->settings) {
        if (assignment.setting->name == "stop") {
            EXPECT_EQ(assignment.values, (Words{"a", "b"}));
        }
        if (assignment.setting->name == "temp") {
            EXPECT_EQ(assignment.values, Words{"-1"});  // the range is checked later
            EXPECT_EQ(assignment.origin, "--temp");
        }
    }
}

TEST(CommandLine, PackTakesWhereAndHow) {
    const auto pack = get<PackArguments>({"pack", "-m", "x.gguf", "-o", "x.pack", "--alignment",
                                          "4096", "--down", "q8_0", "--threads", "1"});
    EXPECT_EQ(pack.output, "x.pack");
    EXPECT_EQ(pack.alignment, 4096u);
    EXPECT_EQ(pack.down, "q8_0");
    EXPECT_FALSE(pack.predictors);
    EXPECT_TRUE(get<PackArguments>({"pack", "--predictors"}).predictors);
    EXPECT_EQ(get<PackArguments>({"pack", "--verify", "y.pack"}).verify, "y.pack");
    expect_usage_error({"pack", "--alignment", "1024"}, "1024");
    expect_usage_error({"pack", "--temp", "1"});
}

TEST(CommandLine, DashIsStandardInput) {
    EXPECT_EQ(get<RunArguments>({"run", "-"}).prompt, "-");
    EXPECT_FALSE(get<RunArguments>({"run"}).prompt);
    EXPECT_EQ(get<RunArguments>({"run", "--", "--json"}).prompt, "--json");
}

TEST(CommandLine, InspectForms) {
    using Form = InspectArguments::Form;
    EXPECT_EQ(get<InspectArguments>({"inspect", "a.gguf"}).form, Form::file);
    const auto tokens = get<InspectArguments>({"inspect", "tokens", "-m", "a", "--no-special"});
    EXPECT_EQ(tokens.form, Form::tokens);
    EXPECT_FALSE(tokens.parse_special);
    EXPECT_TRUE(get<InspectArguments>({"inspect", "tokens", "-m", "a"}).parse_special);
    EXPECT_TRUE(get<InspectArguments>({"inspect", "tokens", "--decode"}).decode);
    EXPECT_EQ(get<InspectArguments>({"inspect", "prompt", "--template", "t"}).template_file, "t");
    EXPECT_EQ(get<InspectArguments>({"inspect", "logits", "--threads", "1"}).form, Form::logits);
    const auto perplexity = get<InspectArguments>({"inspect", "perplexity", "-m", "a", "t.txt"});
    EXPECT_EQ(perplexity.form, Form::perplexity);
    EXPECT_EQ(perplexity.file, "t.txt");
    expect_usage_error({"inspect"});
    expect_usage_error({"inspect", "perplexity", "-m", "a"});
}

TEST(CommandLine, HistoryActions) {
    using Action = HistoryArguments::Action;
    EXPECT_EQ(get<HistoryArguments>({"history", "list"}).action, Action::list);
    EXPECT_EQ(get<HistoryArguments>({"history", "show", "4"}).conversation, "4");
    const auto removal = get<HistoryArguments>({"history", "delete", "4", "--yes"});
    EXPECT_EQ(removal.action, Action::remove);
    EXPECT_TRUE(removal.yes);
    EXPECT_EQ(get<HistoryArguments>({"history", "export", "4", "--format", "json"}).format, "json");
    expect_usage_error({"history"});
    expect_usage_error({"history", "show"});
    expect_usage_error({"history", "export", "4", "--format", "pdf"});
}

TEST(CommandLine, HelpAndVersionPrint) {
    EXPECT_NE(get<PrintText>({"--help"}).text.find("inspect"), std::string::npos);
    EXPECT_NE(get<PrintText>({"run", "--help"}).text.find("--raw"), std::string::npos);
    EXPECT_NE(get<PrintText>({"--help", "stats"}).text.find("prefill"), std::string::npos);
    EXPECT_NE(get<PrintText>({"--version"}).text.find("hearth "), std::string::npos);
}

TEST(CommandLine, ErrorsAreOneLineWithTheNextStep) {
    expect_usage_error({"--nonsense"}, "hearth --help");
    expect_usage_error({"rnu"}, "did you mean run?");
    expect_usage_error({"\x1b[31mred"}, "no such command");
    expect_usage_error({"run", "--ctx"});
    expect_usage_error({"run", std::string(100'000, 'x').insert(0, "--")});
    expect_usage_error({"inspect", "tokens", "--temp", "1"});  // an option that would do nothing
}

}  // namespace
}  // namespace hearth
