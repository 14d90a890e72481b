#include "engine/neuron/neuron_loader_read.h"

#include <algorithm>
#include <cstring>

namespace hearth {

void JoinedRead::begin(const QueuedRead& first) {
    requests_.assign(1, first);
    landing_ = nullptr;
    bytes_ = first.request.bytes;
    done_ = 0;
    n_retries = first.n_retries;
}

bool JoinedRead::can_take(const QueuedRead& next, size_t gap_bytes, size_t max_bytes) const {
    const uint64_t begin = requests_.front().request.offset;
    const uint64_t end = begin + bytes_;
    if (next.travels_alone || requests_.front().travels_alone) return false;
    if (next.request.offset < end || next.request.offset - end > gap_bytes) return false;
    return next.request.offset - begin + next.request.bytes <= max_bytes;
}

void JoinedRead::take(const QueuedRead& next, std::byte* landing) {
    bytes_ = static_cast<size_t>(next.request.offset - requests_.front().request.offset) +
             next.request.bytes;
    n_retries = std::max(n_retries, next.n_retries);
    requests_.push_back(next);
    landing_ = landing;
}

uint64_t JoinedRead::offset() const {
    return requests_.front().request.offset + done_;
}

std::span<std::byte> JoinedRead::rest() const {
    std::byte* const buffer = landing_ != nullptr ? landing_ : requests_.front().request.buffer;
    return {buffer + done_, bytes_ - done_};
}

void JoinedRead::advance(size_t bytes, size_t alignment, uint64_t file_size) {
    done_ += bytes;
    if (!is_complete(file_size)) done_ = done_ / alignment * alignment;
}

bool JoinedRead::is_complete(uint64_t file_size) const {
    const uint64_t begin = requests_.front().request.offset;
    return begin + done_ >= std::min(begin + bytes_, file_size);
}

void JoinedRead::deliver() const {
    if (landing_ == nullptr) return;
    for (const QueuedRead& queued : requests_) {
        const ReadRequest& request = queued.request;
        const auto at = static_cast<size_t>(request.offset - requests_.front().request.offset);
        // The last one may reach beyond the end of the file.
        if (at < done_) {
            std::memcpy(request.buffer, landing_ + at, std::min(request.bytes, done_ - at));
        }
    }
}

}  // namespace hearth
