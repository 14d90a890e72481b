#include "engine/answer.h"

#include <utility>

namespace hearth {

Answer::Answer(const Tokenizer& tokenizer, const GenerateOptions& options,
               const Session::TextSink& sink)
    : tokenizer_(tokenizer),
      max_tokens_(options.max_tokens),
      sink_(sink),
      stops_(options.stop_strings) {}

std::optional<StopReason> Answer::add(Token token) {
    if (tokenizer_.ends_generation(token)) return StopReason::end_of_turn;
    generated_.tokens.push_back(token);
    const StopStrings::Step step = stops_.feed(assembler_.feed(tokenizer_.piece(token)));
    const Continue wish = emit(step.text);
    if (step.stopped) return StopReason::stop_string;
    if (wish == Continue::no) return StopReason::cancelled;
    if (generated_.tokens.size() == max_tokens_) return StopReason::length;
    return std::nullopt;
}

Generated Answer::finish(StopReason reason) {
    generated_.stop_reason = reason;
    if (reason != StopReason::stop_string) {
        const std::string rest = stops_.feed(assembler_.finish()).text;
        emit(rest + stops_.finish());
    }
    return std::move(generated_);
}

Continue Answer::emit(const std::string& text) {
    generated_.text += text;
    return text.empty() || !sink_ ? Continue::yes : sink_(text);
}

}  // namespace hearth
