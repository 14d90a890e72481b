// Any bytes as a model file: header, configuration, tokenizer, weights. What is refused is refused
// with one good line.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <vector>

#include "engine/base/check.h"
#include "tests/fault/refusal.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    const auto refusal = hearth::refusal_of({bytes.begin(), bytes.end()});
    if (!refusal) return 0;
    const std::string fault = hearth::fault_of_message(refusal->error);
    if (!fault.empty()) {
        std::fprintf(stderr, "%s: %s\n", fault.c_str(), refusal->error.message.c_str());
        HEARTH_CHECK(fault.empty());
    }
    return 0;
}
