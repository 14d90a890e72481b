// ChatTemplate: a conversation rendered to the prompt its model was trained on.
//
// The template is Jinja from the file's metadata (tokenizer.chat_template), run by text/jinja under
// a budget. The rendering is a list of spans: markup written by the template, and content that came
// from a message. Only markup may become control tokens.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/text/text_span.h"

namespace hearth {

struct ChatMessage {
    std::string role;  // "system", "user", "assistant"
    std::string content;
};

struct TemplateInputs {
    std::string bos_token;  // texts, empty when the tokenizer has none
    std::string eos_token;
    bool add_generation_prompt = true;
    int64_t now = 0;  // seconds since the epoch, for strftime_now
};

// Immutable; thread-safe.
class ChatTemplate {
  public:
    // `name` is said in errors (the model file). Errors carry line and column.
    static Result<ChatTemplate> parse(std::string_view source, std::string_view name);
    // What is used when a file has no template: ChatML.
    static ChatTemplate chatml();
    ChatTemplate(ChatTemplate&&) noexcept;
    ChatTemplate& operator=(ChatTemplate&&) noexcept;
    ~ChatTemplate();

    // Adjacent spans differ in origin; their texts joined are what python3-jinja2 renders.
    // Fails with one line ("chat template: <limit> at line n") when a budget is exceeded, and with
    // the template's own words when it calls raise_exception.
    Result<std::vector<TextSpan>> render(const std::vector<ChatMessage>& messages,
                                         const TemplateInputs& inputs) const;

  private:
    struct Impl;
    explicit ChatTemplate(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

}  // namespace hearth
