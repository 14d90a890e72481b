// Takes a model file as far as the program does for the first answer, and says where it stopped.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "tests/fault/malformed_gguf.h"

namespace hearth {

struct Refusal {
    RefusedBy by = RefusedBy::gguf;
    Error error;
};

// nullopt when the file is a whole model: header, configuration, tokenizer and weights. Two passes
// over tokens are computed with it then, one of two tokens and one of a single one, so that numbers
// that were let through are used as well.
std::optional<Refusal> refusal_of(std::vector<std::byte> bytes);

// What is wrong with an error message as such, "" when nothing is: one line, printable, at most 232
// bytes (240 with "hearth: " before it), naming the file.
std::string fault_of_message(const Error& error);

}  // namespace hearth
