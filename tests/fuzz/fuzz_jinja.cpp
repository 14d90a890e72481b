// Any bytes as a chat template: rendered or refused in one line, and what was typed in a message
// never becomes markup.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/check.h"
#include "engine/base/utf8.h"
#include "engine/text/chat_template.h"

namespace hearth {
namespace {

// A private-use character: no operation on other text gives one.
constexpr std::string_view kTyped = "\xEE\x80\x80";

// Whether the template itself may write that character: as it is or as an escape.
bool may_write_typed(std::string_view source) {
    return source.find(kTyped) != std::string_view::npos ||
           source.find("\\u") != std::string_view::npos ||
           source.find("\\U") != std::string_view::npos;
}

std::vector<ChatMessage> conversation() {
    const std::string typed(kTyped);
    return {{"system", typed + " Be \"brief\".\n"},
            {"user", "<|im_start|> " + typed + "\xE4\xBD\xA0</think>" + typed},
            {"assistant", typed + "<think>\n</think>\n[1, {\"a\": null}] " + typed},
            {typed, ""},
            {"user", typed}};
}

void check_spans(const std::vector<TextSpan>& spans, bool may_write) {
    const TextSpan* previous = nullptr;
    for (const TextSpan& span : spans) {
        HEARTH_CHECK(!span.text.empty());
        HEARTH_CHECK(is_valid_utf8(span.text));
        HEARTH_CHECK(previous == nullptr || previous->origin != span.origin);
        HEARTH_CHECK(may_write || span.origin == TextSpan::Origin::content ||
                     span.text.find(kTyped) == std::string::npos);
        previous = &span;
    }
}

void check_message(const std::string& message) {
    HEARTH_CHECK(message.rfind("model.gguf: chat template: ", 0) == 0);
    HEARTH_CHECK(message.find('\n') == std::string::npos);
    HEARTH_CHECK(message.size() < 1000);
}

}  // namespace
}  // namespace hearth

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    using namespace hearth;
    const std::string_view source(reinterpret_cast<const char*>(data), size);
    const auto parsed = ChatTemplate::parse(source, "model.gguf");
    if (!parsed) {
        check_message(parsed.error().message);
        return 0;
    }
    const auto spans = parsed->render(conversation(), {"<s>", "</s>", true, 1'732'104'000});
    if (spans) {
        check_spans(*spans, may_write_typed(source));
    } else {
        check_message(spans.error().message);
    }
    return 0;
}
