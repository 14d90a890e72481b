#include "engine/kv_snapshot.h"

#include <vector>

#include "engine/base/check.h"

namespace hearth {

namespace {

std::span<std::byte> positions(uint16_t* first, size_t n, size_t head_dim) {
    return std::as_writable_bytes(std::span(first, n * head_dim));
}

}  // namespace

uint64_t kv_stream_bytes(const ModelConfig& config, size_t n) {
    return uint64_t{2} * sizeof(uint16_t) * config.n_layers * config.kv_dim() * n;
}

Result<void> write_kv(KvCache& cache, const ModelConfig& config, size_t n, const KvSink& sink) {
    HEARTH_CHECK(n <= cache.n_ctx());
    for (size_t layer = 0; layer < config.n_layers; ++layer) {
        for (size_t head = 0; head < config.n_kv_heads; ++head) {
            HEARTH_TRY_VOID(sink(positions(cache.keys(layer, head), n, cache.head_dim())));
            HEARTH_TRY_VOID(sink(positions(cache.values(layer, head), n, cache.head_dim())));
        }
    }
    return {};
}

Result<void> read_kv(KvCache& cache, const ModelConfig& config, size_t n, size_t kept,
                     const KvSource& source) {
    HEARTH_CHECK(kept <= n && kept <= cache.n_ctx());
    std::vector<std::byte> rest((n - kept) * cache.head_dim() * sizeof(uint16_t));
    for (size_t layer = 0; layer < config.n_layers; ++layer) {
        for (size_t head = 0; head < config.n_kv_heads; ++head) {
            for (uint16_t* to : {cache.keys(layer, head), cache.values(layer, head)}) {
                HEARTH_TRY_VOID(source(positions(to, kept, cache.head_dim())));
                HEARTH_TRY_VOID(source(rest));
            }
        }
    }
    return {};
}

}  // namespace hearth
