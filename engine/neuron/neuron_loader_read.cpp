#include "engine/neuron/neuron_loader_read.h"

#include <algorithm>

namespace hearth {

void ScatteredRead::begin(const QueuedRead& first, std::byte* scratch) {
    requests_.assign(1, first);
    scratch_ = scratch;
    bytes_ = first.request.bytes;
    done_ = 0;
    n_retries = first.n_retries;
}

bool ScatteredRead::can_take(const QueuedRead& next, size_t gap_bytes, size_t max_bytes) const {
    const uint64_t begin = requests_.front().request.offset;
    const uint64_t end = begin + bytes_;
    if (next.travels_alone || requests_.front().travels_alone) return false;
    if (next.request.offset < end || next.request.offset - end > gap_bytes) return false;
    return requests_.size() < kMaxRequests &&
           next.request.offset - begin + next.request.bytes <= max_bytes;
}

void ScatteredRead::take(const QueuedRead& next) {
    bytes_ = static_cast<size_t>(next.request.offset - requests_.front().request.offset) +
             next.request.bytes;
    n_retries = std::max(n_retries, next.n_retries);
    requests_.push_back(next);
}

uint64_t ScatteredRead::offset() const {
    return requests_.front().request.offset + done_;
}

std::span<const iovec> ScatteredRead::parts() {
    parts_.clear();
    uint64_t at = offset();
    for (const QueuedRead& queued : requests_) {
        const ReadRequest& request = queued.request;
        const uint64_t end = request.offset + request.bytes;
        if (end <= at) continue;
        if (at < request.offset) {
            parts_.push_back({scratch_, static_cast<size_t>(request.offset - at)});
            at = request.offset;
        }
        const auto skipped = static_cast<size_t>(at - request.offset);
        parts_.push_back({request.buffer + skipped, request.bytes - skipped});
        at = end;
    }
    return parts_;
}

void ScatteredRead::advance(size_t bytes, size_t alignment, uint64_t file_size) {
    done_ += bytes;
    if (!is_complete(file_size)) done_ = done_ / alignment * alignment;
}

bool ScatteredRead::is_complete(uint64_t file_size) const {
    const uint64_t begin = requests_.front().request.offset;
    return begin + done_ >= std::min(begin + bytes_, file_size);
}

}  // namespace hearth
