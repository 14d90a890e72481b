// The named malformed model files: one for each way a GGUF reader, a tokenizer or a model loader is
// known to have failed, and oddities of our own.
//
// The names are those of reliability.md 3 and 5.1 (F1): 21 cases of llama.cpp's test-gguf, 41 from
// advisories and public reports, 10 oddities; the ones after them are ours.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hearth {

// The first part of the program that must refuse a file. `nobody`: published models have this flaw,
// so the file must load and do no harm.
enum class RefusedBy { gguf, config, weights, tokenizer, nobody };

struct MalformedGguf {
    std::string name;  // also a good file name, without ".gguf"
    RefusedBy refused_by = RefusedBy::gguf;
    std::string says;  // a part of the message that only the right check gives; "" for nobody
    std::vector<std::byte> bytes;
};

// All of them; deterministic, together about 7 MiB.
std::vector<MalformedGguf> malformed_ggufs();

// The parts it is made of. Files that Gguf refuses:
std::vector<MalformedGguf> malformed_headers();
std::vector<MalformedGguf> malformed_keys();
std::vector<MalformedGguf> malformed_tensors();
// Files that are valid GGUF, but no model.
std::vector<MalformedGguf> malformed_models();

}  // namespace hearth
