// AlignedBuffer<T>: zero-initialised memory aligned for vectors, direct I/O and huge pages.
#pragma once

#include <cstddef>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "engine/base/bytes.h"

namespace hearth {

inline constexpr size_t kCacheLine = 64;
inline constexpr size_t kPage = 4096;
inline constexpr size_t kHugePage = size_t{2} << 20;

// Zeroed anonymous memory, aligned as AlignedBuffer says; throws std::bad_alloc.
void* map_memory(size_t bytes);
void unmap_memory(void* data, size_t bytes) noexcept;  // with the same `bytes`
// Of memory mapped as `bytes`, how much of what lies behind `used` can be given back: whole pages,
// huge ones where it may consist of them.
size_t droppable_bytes(size_t used, size_t bytes);
void drop_memory(void* data, size_t used, size_t bytes) noexcept;  // gives it back, best effort

// Owns n values of a trivial type. Buffers of 2 MiB and more are aligned to 2 MiB, ask for huge
// pages and take memory only where they are touched (a KV cache costs what it holds); smaller ones
// are aligned to a page, so that O_DIRECT may read into them. Throws std::bad_alloc, which the
// model loader, the worker and main turn into an Error.
template <typename T>
class AlignedBuffer {
    static_assert(std::is_trivially_copyable_v<T>);

  public:
    AlignedBuffer() = default;
    explicit AlignedBuffer(size_t size) : size_(size) {
        if (size == 0) return;
        const auto bytes = checked_mul(size, sizeof(T));
        if (!bytes) throw std::bad_alloc();
        data_ = static_cast<T*>(map_memory(*bytes));
    }
    ~AlignedBuffer() {
        if (data_ != nullptr) unmap_memory(data_, size_ * sizeof(T));
    }
    AlignedBuffer(AlignedBuffer&& other) noexcept { swap(other); }
    AlignedBuffer& operator=(AlignedBuffer&& other) noexcept {
        AlignedBuffer taken(std::move(other));
        swap(taken);
        return *this;
    }
    AlignedBuffer(const AlignedBuffer&) = delete;
    AlignedBuffer& operator=(const AlignedBuffer&) = delete;

    T* data() { return data_; }
    const T* data() const { return data_; }
    size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T& operator[](size_t i) { return data_[i]; }
    const T& operator[](size_t i) const { return data_[i]; }
    std::span<T> span() { return {data_, size_}; }
    std::span<const T> span() const { return {data_, size_}; }

    // Gives memory behind the first n values back to the system until it is touched again, when
    // it holds zeroes; droppable() says how many bytes that is.
    void drop_behind(size_t n) { drop_memory(data_, n * sizeof(T), size_ * sizeof(T)); }
    size_t droppable(size_t n) const { return droppable_bytes(n * sizeof(T), size_ * sizeof(T)); }

  private:
    void swap(AlignedBuffer& other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
    }

    T* data_ = nullptr;
    size_t size_ = 0;
};

}  // namespace hearth
