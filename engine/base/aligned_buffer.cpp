#include "engine/base/aligned_buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>

namespace hearth {

namespace {

size_t alignment_for(size_t bytes) {
    return bytes >= kHugePage ? kHugePage : kPage;
}

}  // namespace

void* map_memory(size_t bytes) {
    const size_t alignment = alignment_for(bytes);
    const auto padded = checked_round_up(bytes, alignment);
    const auto reserved = padded ? checked_add(*padded, alignment) : std::nullopt;
    if (!reserved) throw std::bad_alloc();
    void* const base = ::mmap(nullptr, *reserved, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) throw std::bad_alloc();
    // Give back what lies before and behind the aligned part.
    const auto begin = reinterpret_cast<uintptr_t>(base);
    const uintptr_t aligned = round_up<uintptr_t>(begin, alignment);
    if (aligned > begin) ::munmap(base, aligned - begin);
    const uintptr_t end = begin + *reserved;
    if (end > aligned + *padded) {
        ::munmap(reinterpret_cast<void*>(aligned + *padded), end - aligned - *padded);
    }
    auto* const data = reinterpret_cast<void*>(aligned);
    if (alignment == kHugePage) ::madvise(data, *padded, MADV_HUGEPAGE);  // best effort
    return data;
}

void unmap_memory(void* data, size_t bytes) noexcept {
    ::munmap(data, round_up(bytes, alignment_for(bytes)));
}

size_t droppable_bytes(size_t used, size_t bytes) {
    const size_t page = alignment_for(bytes);
    return round_up(bytes, page) - std::min(round_up(used, page), round_up(bytes, page));
}

void drop_memory(void* data, size_t used, size_t bytes) noexcept {
    const size_t n = droppable_bytes(used, bytes);
    if (n == 0) return;
    ::madvise(static_cast<std::byte*>(data) + round_up(bytes, alignment_for(bytes)) - n, n,
              MADV_DONTNEED);
}

}  // namespace hearth
