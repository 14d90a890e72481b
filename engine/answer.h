// Answer: sampled tokens on their way to text.
#pragma once

#include <optional>

#include "engine/base/utf8.h"
#include "engine/engine.h"
#include "engine/stop_strings.h"

namespace hearth {

// Turns tokens into complete UTF-8, holds back what may become a stop string, hands the rest to the
// sink at once, and knows when the answer is over. The references must outlive it.
class Answer {
  public:
    Answer(const Tokenizer& tokenizer, const GenerateOptions& options,
           const Session::TextSink& sink);

    // Takes the next sampled token. A reason when the answer ends with it.
    std::optional<StopReason> add(Token token);

    // The whole answer, after what was held back has been handed out.
    Generated finish(StopReason reason);

    bool is_empty() const { return generated_.tokens.empty(); }

  private:
    Continue emit(const std::string& text);

    const Tokenizer& tokenizer_;
    const size_t max_tokens_;
    const Session::TextSink& sink_;
    Utf8Assembler assembler_;
    StopStrings stops_;
    Generated generated_;
};

}  // namespace hearth
