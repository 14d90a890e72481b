// Where the pack of a model is looked for and written to.
#pragma once

#include <string>

#include "engine/gguf/gguf.h"
#include "engine/neuron/model_identity.h"
#include "storage/data_dir.h"

namespace hearth {

// <data folder>/packs/<name of the model file>-<first 12 digits of its identity>.pack: the name is
// for people, the identity keeps models with equal names apart.
std::string default_pack_path(const DataDir& data_dir, const Gguf& gguf,
                              const ModelIdentity& identity);

// Whether a file begins like a pack.
bool is_pack_file(const std::string& path);

}  // namespace hearth
