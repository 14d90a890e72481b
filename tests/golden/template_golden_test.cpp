// Every template over every conversation, byte for byte what python3-jinja2 renders.
//
// The oracle runs at test time (make_template_goldens.py), over the templates in
// tests/golden/templates and, where they are, the reference templates of real models.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/base/file.h"
#include "engine/text/chat_template.h"
#include "tests/golden/reference.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

constexpr int kNoJinja = 77;

// The oracle's answers for the templates in `folder`; null when it cannot be asked.
nlohmann::json ask_oracle(const std::filesystem::path& folder) {
    const TempFolder temp;
    const std::string out = temp.file("goldens.json");
    const std::string script =
        std::string(HEARTH_SOURCE_DIR) + "/tests/golden/make_template_goldens.py";
    const std::string command =
        "TZ=UTC " HEARTH_PYTHON " '" + script + "' '" + out + "' '" + folder.string() + "'";
    const int status = std::system(command.c_str());
    if (WIFEXITED(status) && WEXITSTATUS(status) == kNoJinja) return nullptr;
    EXPECT_EQ(status, 0) << command;
    const auto text = read_text_file(out, size_t{256} << 20);
    EXPECT_TRUE(text.has_value());
    return nlohmann::json::parse(*text);
}

std::vector<ChatMessage> messages_of(const nlohmann::json& json) {
    std::vector<ChatMessage> messages;
    for (const auto& message : json) messages.push_back({message["role"], message["content"]});
    return messages;
}

// What the conversations of this kind say must be nowhere in the markup.
constexpr const char* kTypedConversation = "special tokens";
constexpr const char* kTypedWords = "evil";

std::string markup_of(const std::vector<TextSpan>& spans) {
    std::string text;
    for (const TextSpan& span : spans) {
        if (span.origin == TextSpan::Origin::markup) text += span.text;
    }
    return text;
}

std::string joined(const std::vector<TextSpan>& spans) {
    std::string text;
    for (const TextSpan& span : spans) text += span.text;
    return text;
}

void compare_with_oracle(const std::filesystem::path& folder) {
    ::setenv("TZ", "UTC", 1);
    const nlohmann::json golden = ask_oracle(folder);
    if (golden.is_null()) GTEST_SKIP() << "python3-jinja2 is not installed";
    size_t rendered = 0;
    for (const auto& one : golden["cases"]) {
        SCOPED_TRACE(one["template"].get<std::string>() + ", " +
                     one["conversation"].get<std::string>());
        const auto source = read_text_file(one["template"], size_t{1} << 20);
        ASSERT_TRUE(source.has_value());
        const auto parsed = ChatTemplate::parse(*source, "test.gguf");
        ASSERT_TRUE(parsed.has_value()) << parsed.error().message;
        TemplateInputs inputs{golden["bos_token"], golden["eos_token"],
                              one["add_generation_prompt"], golden["now"]};
        const auto spans = parsed->render(messages_of(one["messages"]), inputs);
        if (one.contains("text")) {
            EXPECT_TRUE(spans.has_value()) << spans.error().message;
            if (!spans) continue;
            EXPECT_EQ(joined(*spans), one["text"].get<std::string>());
            if (one["conversation"] == kTypedConversation) {
                EXPECT_EQ(markup_of(*spans).find(kTypedWords), std::string::npos);
            }
            ++rendered;
        } else {
            EXPECT_FALSE(spans.has_value()) << joined(*spans) << "\nexpected: " << one.dump();
            if (!spans && one.contains("raised")) {
                EXPECT_NE(spans.error().message.find(one["raised"].get<std::string>()),
                          std::string::npos)
                    << spans.error().message;
            }
        }
    }
    EXPECT_GT(rendered, golden["cases"].size() / 2);
}

TEST(TemplateGolden, OwnTemplates) {
    compare_with_oracle(std::filesystem::path(HEARTH_SOURCE_DIR) / "tests" / "golden" /
                        "templates");
}

TEST(TemplateGolden, TemplatesOfRealModels) {
    const auto folder = reference_folder() / "templates";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no reference templates here";
    compare_with_oracle(folder);
}

}  // namespace
}  // namespace hearth
