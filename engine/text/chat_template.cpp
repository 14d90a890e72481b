#include "engine/text/chat_template.h"

#include <algorithm>
#include <array>

#include "engine/base/check.h"
#include "engine/base/printable.h"
#include "engine/base/utf8.h"
#include "engine/text/jinja/template.h"

namespace hearth {

namespace {

constexpr std::string_view kChatml =
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

// A role is markup when it is one of the words templates write; anything else came from outside.
jinja::Origin role_origin(std::string_view role) {
    static constexpr std::array<std::string_view, 4> kRoles = {"system", "user", "assistant",
                                                               "tool"};
    const bool known = std::find(kRoles.begin(), kRoles.end(), role) != kRoles.end();
    return known ? jinja::Origin::markup : jinja::Origin::content;
}

jinja::Value message_value(jinja::Heap& heap, const ChatMessage& message) {
    const auto word = [&heap](std::string text) {
        return heap.text(std::move(text), jinja::Origin::markup);
    };
    jinja::Dict* dict = heap.dict();
    dict->entries = {
        {word("role"), heap.text(message.role, role_origin(message.role))},
        {word("content"), heap.text(to_valid_utf8(message.content), jinja::Origin::content)},
    };
    return dict;
}

// The words may be the template's own (raise_exception): shown safely, their place kept whole.
tl::unexpected<Error> failure(std::string_view name, const Error& error) {
    constexpr size_t kWordsMax = 600;
    const std::string_view message = error.message;
    const size_t place = std::min(message.rfind(" at line "), message.size());
    return make_error(ErrorCode::bad_file, "{}{}chat template: {}{}", printable_path(name),
                      name.empty() ? "" : ": ", printable(message.substr(0, place), kWordsMax),
                      message.substr(place));
}

}  // namespace

struct ChatTemplate::Impl {
    jinja::Template parsed;
    std::string name;
};

ChatTemplate::ChatTemplate(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
ChatTemplate::ChatTemplate(ChatTemplate&&) noexcept = default;
ChatTemplate& ChatTemplate::operator=(ChatTemplate&&) noexcept = default;
ChatTemplate::~ChatTemplate() = default;

Result<ChatTemplate> ChatTemplate::parse(std::string_view source, std::string_view name) {
    auto parsed = jinja::Template::parse(source);
    if (!parsed) return failure(name, parsed.error());
    return ChatTemplate(std::make_unique<const Impl>(Impl{std::move(*parsed), std::string(name)}));
}

ChatTemplate ChatTemplate::chatml() {
    auto parsed = parse(kChatml, "");
    HEARTH_CHECK(parsed.has_value());
    return std::move(*parsed);
}

Result<std::vector<TextSpan>> ChatTemplate::render(const std::vector<ChatMessage>& messages,
                                                   const TemplateInputs& inputs) const {
    const auto make_variables = [&](jinja::Heap& heap) -> jinja::Variables {
        std::vector<jinja::Value> list;
        list.reserve(messages.size());
        for (const ChatMessage& message : messages) list.push_back(message_value(heap, message));
        return {{"messages", heap.list(std::move(list))},
                {"add_generation_prompt", inputs.add_generation_prompt},
                {"bos_token", heap.text(inputs.bos_token, jinja::Origin::markup)},
                {"eos_token", heap.text(inputs.eos_token, jinja::Origin::markup)}};
    };
    const auto rendered = impl_->parsed.render(make_variables, inputs.now);
    if (!rendered) return failure(impl_->name, rendered.error());
    std::vector<TextSpan> spans;
    rendered->for_each_run([&spans](std::string_view text, jinja::Origin origin) {
        spans.push_back(
            {origin == jinja::Origin::markup ? TextSpan::Origin::markup : TextSpan::Origin::content,
             std::string(text)});
    });
    return spans;
}

}  // namespace hearth
