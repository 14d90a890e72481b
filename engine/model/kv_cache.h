// KvCache: the keys and values of the positions so far, as F16.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/base/aligned_buffer.h"
#include "engine/model/config.h"

namespace hearth {

// (n_layers, n_kv_heads, n_ctx, head_dim) for keys and the same for values, so that one head's
// positions are contiguous: attention streams them. Memory is taken as positions are written.
// Knows no tokens: which positions are valid is the Session's business.
class KvCache {
  public:
    KvCache() = default;
    KvCache(const ModelConfig& config, size_t n_ctx)
        : n_ctx_(n_ctx),
          head_dim_(config.head_dim),
          n_kv_heads_(config.n_kv_heads),
          keys_(config.n_layers * config.kv_dim() * n_ctx),
          values_(config.n_layers * config.kv_dim() * n_ctx) {}

    // The first position of a head; position p lies p * head_dim() further.
    uint16_t* keys(size_t layer, size_t kv_head) { return keys_.data() + place(layer, kv_head); }
    uint16_t* values(size_t layer, size_t kv_head) {
        return values_.data() + place(layer, kv_head);
    }

    size_t n_ctx() const { return n_ctx_; }
    size_t head_dim() const { return head_dim_; }
    uint64_t bytes() const { return 2 * sizeof(uint16_t) * keys_.size(); }

  private:
    size_t place(size_t layer, size_t kv_head) const {
        return (layer * n_kv_heads_ + kv_head) * n_ctx_ * head_dim_;
    }

    size_t n_ctx_ = 0;
    size_t head_dim_ = 0;
    size_t n_kv_heads_ = 0;
    AlignedBuffer<uint16_t> keys_;
    AlignedBuffer<uint16_t> values_;
};

}  // namespace hearth
