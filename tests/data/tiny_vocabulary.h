// The two vocabularies of the tiny models.
#pragma once

#include <cstdint>

#include "engine/gguf/gguf_writer.h"

namespace hearth {

// 32 specials, 256 byte tokens, then pieces; see the ids in tiny_model.h. Both return the size of
// the vocabulary, a multiple of 32.

// SentencePiece: score-driven merges, byte fallback <0xNN>.
uint32_t set_spm_vocabulary(GgufWriter& writer);

// Byte-level BPE: GPT-2's byte alphabet, a few merges, pre-tokenizer "qwen2".
uint32_t set_bpe_vocabulary(GgufWriter& writer);

}  // namespace hearth
