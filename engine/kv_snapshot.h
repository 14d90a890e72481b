// The keys and values of cached positions as a stream of bytes, out of a KvCache and back into one.
#pragma once

#include <cstddef>

#include "engine/engine.h"
#include "engine/model/config.h"
#include "engine/model/kv_cache.h"

namespace hearth {

// Bytes of the stream for `n` positions: for every layer and KV head the keys, then the values,
// each (n, head_dim) little-endian F16.
uint64_t kv_stream_bytes(const ModelConfig& config, size_t n);

// Writes the first `n` positions; fails only as `sink` does.
Result<void> write_kv(KvCache& cache, const ModelConfig& config, size_t n, const KvSink& sink);

// Reads a stream of `n` positions and keeps the first `kept` of them. After an error the cache
// holds nothing of use.
Result<void> read_kv(KvCache& cache, const ModelConfig& config, size_t n, size_t kept,
                     const KvSource& source);

}  // namespace hearth
