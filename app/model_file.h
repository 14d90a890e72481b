// Which model file is meant, and whether it fits, before anything of it is loaded.
#pragma once

#include <string>

#include "app/settings.h"
#include "engine/base/result.h"
#include "engine/gguf/gguf.h"

namespace hearth {

// The file that was asked for, else the bundled model: the first *.gguf beside the installed
// program (../share/hearth/models) or in the source tree (assets/models). A usage error with the
// next step when there is none.
Result<std::string> find_model(const Options& options);

// What a model needs: weights and the KV cache for n_ctx positions (0 = as Session decides).
Result<uint64_t> needed_bytes(const Gguf& gguf, size_t n_ctx);

// Refuses (machine, with the numbers) a model that does not fit the memory limit of the options,
// before anything of it is loaded. Returns the budget in bytes, 0 when none was given.
Result<uint64_t> check_budget(const std::string& path, const Options& options);

}  // namespace hearth
