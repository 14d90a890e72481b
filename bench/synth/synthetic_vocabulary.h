// A SentencePiece vocabulary of any size that a tokenizer can work with.
#pragma once

#include <cstdint>

#include "engine/gguf/gguf_writer.h"

namespace hearth {

// Ids: 0 <unk>, 1 <s>, 2 </s>, 3 <|im_start|>, 4 <|im_end|>, 5 to 260 the bytes, then pieces: all
// letters, pairs and so on, with and without a leading space. n_vocab is at least 512.
inline constexpr uint64_t kMinVocabulary = 512;
inline constexpr uint64_t kFirstSyntheticPiece = 261;
void set_synthetic_vocabulary(GgufWriter& writer, uint64_t n_vocab);

}  // namespace hearth
