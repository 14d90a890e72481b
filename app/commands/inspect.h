// The larger forms of `hearth inspect`, each in a file of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/model_file.h"
#include "app/output.h"
#include "app/settings.h"
#include "engine/base/result.h"
#include "engine/base/token.h"

namespace hearth {

// Prints the metadata and tensors of a model file as tables. Then says (bad_file) what keeps hearth
// from running it, if anything does.
Result<void> inspect_file(const std::string& path, Output& out);

// Prints the header of a pack and its sections as a table.
Result<void> inspect_pack(const std::string& path, Output& out);

// Token ids on standard input; prints for every position one JSON line: `pos`, `next` (the
// log-probability of the id that follows, null at the end), `top` (the ten likeliest ids with their
// log-probabilities).
Result<void> inspect_logits(const std::string& model, const Options& options, Output& out);

// Prints {"perplexity", "tokens"} of a text, in windows of --ctx tokens that do not overlap; BOS is
// the first of each window where the tokenizer adds one. `tokens` counts the predicted ones.
Result<void> inspect_perplexity(const std::string& model, const std::string& text_file,
                                const Options& options, Output& out);

// Ids separated by white space or commas, each below n_vocab.
Result<std::vector<Token>> parse_token_ids(std::string_view text, size_t n_vocab);

}  // namespace hearth
