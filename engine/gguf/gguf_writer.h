// GgufWriter: writes a GGUF (or PWRI) version 3 file; tensor data is streamed, never held.
//
//   GgufWriter writer;
//   writer.set("general.architecture", "llama");
//   writer.add_tensor("token_embd.weight", Dtype::q8_0, {64, 320}, fill);
//   HEARTH_TRY_VOID(writer.write("model.gguf"));
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/result.h"
#include "engine/gguf/dtype.h"
#include "engine/gguf/gguf.h"

namespace hearth {

class GgufWriter {
  public:
    // The C++ type chooses the GGUF type: uint32_t -> u32, std::vector<float> -> array of f32.
    using Value = std::variant<uint8_t, int8_t, uint16_t, int16_t, uint32_t, int32_t, float, bool,
                               std::string, uint64_t, int64_t, double, std::vector<uint8_t>,
                               std::vector<int8_t>, std::vector<uint16_t>, std::vector<int16_t>,
                               std::vector<uint32_t>, std::vector<int32_t>, std::vector<float>,
                               std::vector<bool>, std::vector<std::string>, std::vector<uint64_t>,
                               std::vector<int64_t>, std::vector<double>>;

    // Fills `chunk` with the bytes of the tensor from byte `offset` on. Called with ascending
    // offsets that leave no gap, by the thread that calls write().
    using Fill = std::function<Result<void>(uint64_t offset, std::span<std::byte> chunk)>;

    // Where the bytes of the file go, in order.
    using Sink = std::function<Result<void>(std::span<const std::byte> bytes)>;

    // `alignment` is a power of two from 8 to 65,536; when it is not 32 the key general.alignment
    // is written.
    explicit GgufWriter(Gguf::Magic magic = Gguf::Magic::gguf, uint32_t alignment = 32);

    // Keys and tensors are written in the order of these calls. Setting a key again replaces its
    // value; tensor names must not repeat.
    void set(std::string key, Value value);
    // Forgets a key; nothing happens when it is not there.
    void erase(std::string_view key);

    // `dims` has 1 to 4 dimensions, dims[0] is the row length and a whole number of blocks.
    void add_tensor(std::string name, Dtype dtype, std::vector<uint64_t> dims, Fill fill);
    // The same with the data at hand; `data` has exactly the tensor's size.
    void add_tensor(std::string name, Dtype dtype, std::vector<uint64_t> dims,
                    std::vector<std::byte> data);

    // The size of the whole file.
    uint64_t file_bytes() const;

    // Writes the file beside `path` under a temporary name and renames it when all of it is on
    // disk. After an error there is no new file. Errors: machine (disk full, I/O), or what `fill`
    // returned.
    Result<void> write(const std::string& path) const;

    // The same bytes into `sink`, in chunks of at most 4 MiB.
    Result<void> write_to(const Sink& sink) const;

    // The whole file in memory, for tests and tiny models.
    Result<std::vector<std::byte>> bytes() const;

  private:
    struct Tensor {
        std::string name;
        Dtype dtype;
        std::vector<uint64_t> dims;
        uint64_t offset;  // within the data section
        uint64_t bytes;
        Fill fill;
    };

    std::string header() const;  // all before the tensor data, padded
    Result<void> write_tensor(const Tensor& tensor, std::span<std::byte> buffer,
                              const Sink& sink) const;

    Gguf::Magic magic_;
    uint32_t alignment_;
    std::vector<std::pair<std::string, Value>> values_;
    std::vector<Tensor> tensors_;
    uint64_t data_bytes_ = 0;
};

}  // namespace hearth
