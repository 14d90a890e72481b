// hearth inspect: what is in a model file, and what the tokenizer, the chat template and the
// forward pass make of an input.
#include "app/commands/inspect.h"

#include <ctime>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/pack_file.h"
#include "engine/text/chat_template.h"
#include "engine/text/tokenizer.h"

namespace hearth {
namespace {

using Json = nlohmann::json;
using Form = InspectArguments::Form;

constexpr size_t kMaxTemplateBytes = 1 << 20;
constexpr size_t kMaxInputBytes = 256 << 20;

// --- tokens --------------------------------------------------------------------------------------

Result<void> decode_ids(const Tokenizer& tokenizer, Output& out) {
    HEARTH_TRY(const std::string input, read_standard_input(kMaxInputBytes));
    HEARTH_TRY(const std::vector<Token> tokens, parse_token_ids(input, tokenizer.vocab_size()));
    return out.print_text(tokenizer.decode(tokens));
}

Result<void> encode_text(const Tokenizer& tokenizer, const InspectArguments& arguments,
                         Output& out) {
    HEARTH_TRY(const std::string text, read_standard_input(kMaxInputBytes));
    const bool special = arguments.parse_special;
    std::vector<Token> tokens =
        tokenizer.encode(text, special ? SpecialTokens::parse : SpecialTokens::as_text);
    if (special && tokenizer.adds_bos() && tokenizer.bos()) {
        tokens.insert(tokens.begin(), *tokenizer.bos());
    }
    std::string line;
    for (const Token token : tokens) {
        line += fmt::format("{}{}", line.empty() ? "" : " ", to_index(token));
    }
    return out.write(line + "\n");
}

Result<void> inspect_tokens(const InspectArguments& arguments, const std::string& model,
                            Output& out) {
    HEARTH_TRY(const Gguf gguf, Gguf::open(model));
    HEARTH_TRY(const Tokenizer tokenizer, Tokenizer::create(gguf));
    return arguments.decode ? decode_ids(tokenizer, out) : encode_text(tokenizer, arguments, out);
}

// --- prompt --------------------------------------------------------------------------------------

Result<std::vector<ChatMessage>> parse_messages(std::string_view input) {
    const Json json = Json::parse(input, nullptr, /*allow_exceptions=*/false);
    const auto wrong = [](std::string_view what) {
        return make_error(ErrorCode::usage,
                          "standard input: {} (expected a JSON array of objects with role and "
                          "content)",
                          what);
    };
    if (json.is_discarded()) return wrong("is not JSON");
    if (!json.is_array()) return wrong("is not an array");
    std::vector<ChatMessage> messages;
    for (const Json& item : json) {
        if (!item.is_object() || !item.contains("role") || !item["role"].is_string() ||
            !item.contains("content") || !item["content"].is_string()) {
            return wrong(fmt::format("message {} has no text role and content", messages.size()));
        }
        messages.push_back({item["role"].get<std::string>(), item["content"].get<std::string>()});
    }
    return messages;
}

Result<ChatTemplate> choose_template(const InspectArguments& arguments, const Gguf& gguf) {
    if (!arguments.template_file.empty()) {
        HEARTH_TRY(const std::string source,
                   read_text_file(arguments.template_file, kMaxTemplateBytes));
        return ChatTemplate::parse(source, arguments.template_file);
    }
    HEARTH_TRY(const auto source, gguf.metadata().optional_string("tokenizer.chat_template"));
    if (!source) return ChatTemplate::chatml();
    return ChatTemplate::parse(*source, gguf.path());
}

TemplateInputs template_inputs(const Tokenizer& tokenizer) {
    TemplateInputs inputs;
    if (const auto bos = tokenizer.bos()) inputs.bos_token = tokenizer.text(*bos);
    if (const auto eos = tokenizer.eos()) inputs.eos_token = tokenizer.text(*eos);
    inputs.now = std::time(nullptr);
    return inputs;
}

Result<void> inspect_prompt(const InspectArguments& arguments, const std::string& model,
                            Output& out) {
    HEARTH_TRY(const Gguf gguf, Gguf::open(model));
    HEARTH_TRY(const Tokenizer tokenizer, Tokenizer::create(gguf));
    HEARTH_TRY(const ChatTemplate chat_template, choose_template(arguments, gguf));
    HEARTH_TRY(const std::string input, read_standard_input(kMaxInputBytes));
    HEARTH_TRY(const std::vector<ChatMessage> messages, parse_messages(input));
    HEARTH_TRY(const auto spans, chat_template.render(messages, template_inputs(tokenizer)));
    std::string prompt;
    for (const TextSpan& span : spans) prompt += span.text;
    return out.print_text(prompt);
}

// --- the forms -----------------------------------------------------------------------------------

Result<void> inspect(const InspectArguments& arguments, const Program& program) {
    if (arguments.form == Form::file) {
        return is_pack_file(arguments.file) ? inspect_pack(arguments.file, program.out)
                                            : inspect_file(arguments.file, program.out);
    }
    HEARTH_TRY(const std::string model, find_model(program.options));
    switch (arguments.form) {
        case Form::tokens:
            return inspect_tokens(arguments, model, program.out);
        case Form::prompt:
            return inspect_prompt(arguments, model, program.out);
        case Form::logits:
            return inspect_logits(model, program.options, program.out);
        case Form::perplexity:
            return inspect_perplexity(model, arguments.file, program.options, program.out);
        case Form::file:
            break;
    }
    return {};
}

}  // namespace

Result<int> inspect_command(const InspectArguments& arguments, const Program& program) {
    HEARTH_TRY_VOID(inspect(arguments, program));
    return kExitDone;
}

}  // namespace hearth
