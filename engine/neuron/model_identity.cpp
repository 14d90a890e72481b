#include "engine/neuron/model_identity.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

namespace hearth {

namespace {

constexpr uint64_t kSampleBytes = 4096;
constexpr uint64_t kBlockBytes = uint64_t{1} << 20;

class Digest {
  public:
    Digest() : state_(XXH3_createState(), &XXH3_freeState) {
        if (!state_) throw std::bad_alloc();
        XXH3_128bits_reset(state_.get());
    }

    void add(std::span<const std::byte> bytes) {
        XXH3_128bits_update(state_.get(), bytes.data(), bytes.size());
    }

    // The next `bytes` bytes of the file from `offset` on.
    Result<void> add(const File& file, uint64_t offset, uint64_t bytes) {
        for (uint64_t at = 0; at < bytes; at += kBlockBytes) {
            block_.resize(static_cast<size_t>(std::min(kBlockBytes, bytes - at)));
            HEARTH_TRY_VOID(read_exact(file, offset + at, block_));
            add(block_);
        }
        return {};
    }

    ModelIdentity identity() const {
        XXH128_canonical_t canonical;
        XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_.get()));
        ModelIdentity identity;
        static_assert(sizeof canonical.digest == sizeof identity.digest);
        std::memcpy(identity.digest.data(), canonical.digest, sizeof canonical.digest);
        return identity;
    }

  private:
    std::unique_ptr<XXH3_state_t, XXH_errorcode (*)(XXH3_state_t*)> state_;
    std::vector<std::byte> block_;
};

// Where tensor data begins in a part; the file's end when it has none.
uint64_t header_end(const Gguf& gguf, size_t part) {
    uint64_t end = gguf.file(part).size();
    for (const TensorInfo& tensor : gguf.tensors()) {
        if (tensor.file == part) end = std::min(end, tensor.offset);
    }
    return end;
}

}  // namespace

std::string ModelIdentity::hex() const {
    std::string text;
    for (const std::byte byte : digest) text += fmt::format("{:02x}", static_cast<unsigned>(byte));
    return text;
}

Result<ModelIdentity> identify_model(const Gguf& gguf) {
    Digest digest;
    for (size_t part = 0; part < gguf.n_files(); ++part) {
        const uint64_t size = gguf.file(part).size();
        digest.add(std::as_bytes(std::span(&size, 1)));
        HEARTH_TRY_VOID(digest.add(gguf.file(part), 0, header_end(gguf, part)));
    }
    for (const TensorInfo& tensor : gguf.tensors()) {
        HEARTH_TRY_VOID(digest.add(gguf.file(tensor.file), tensor.offset,
                                   std::min(tensor.bytes, kSampleBytes)));
    }
    return digest.identity();
}

}  // namespace hearth
