// KvSnapshots: the KV caches of conversations, kept on disk so that a reopened one need not be read
// again by the model.
//
// One file per snapshot: a 24-byte header (magic "HEARTHKV", version 1, number of tokens, bytes of
// the cache), a zstd frame with the tokens, a zstd frame with the cache. Both frames carry
// checksums. The bytes of the cache are 16-bit numbers, kept in blocks of 64 KiB with the low bytes
// first and the high bytes (signs, exponents) behind them, which pack better.
//
// A snapshot serves a prompt as far as their tokens are the same, one by one: no hash decides. What
// is damaged, of another model or another version counts as not there, and is removed. The folder
// is a cache: it may be deleted at any time, and is kept below a size and an age.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "engine/base/result.h"
#include "storage/compress.h"

namespace hearth {

class KvSnapshots {
  public:
    // Files of all models together stay below `max_bytes`.
    KvSnapshots(std::string folder, uint64_t max_bytes)
        : folder_(std::move(folder)), max_bytes_(max_bytes) {}

    struct Match {
        std::string path;
        size_t n_tokens = 0;  // in the file
        size_t n_common = 0;  // of these, equal to the beginning of what was asked for
        uint64_t kv_bytes = 0;
    };
    // The snapshot of `model` (a Session's kv_key) that shares the most tokens with `tokens`.
    std::optional<Match> find(const std::string& model, std::span<const uint32_t> tokens) const;

    // Hands the cache of a match to `use`, which pulls all of it from a source; the last piece comes
    // only when the checksum is right. Any error (damaged, cut short, or of `use`) removes the file:
    // fall back to computing.
    using Source = std::function<Result<void>(std::span<std::byte> piece)>;
    Result<void> load(const Match& match, const std::function<Result<void>(const Source&)>& use);

    // Keeps a cache of `kv_bytes`, which `produce` pushes into a sink; replaces snapshots of
    // beginnings of these tokens. Then removes the least lately used ones above the limit. machine
    // when the disk says no: nothing is left behind.
    Result<void> save(const std::string& model, std::span<const uint32_t> tokens, uint64_t kv_bytes,
                      const std::function<Result<void>(const ByteSink&)>& produce);

    // Removes files above the size limit, and those that nobody used for 90 days.
    void tidy() const;

  private:
    std::string folder_;
    uint64_t max_bytes_;
};

}  // namespace hearth
