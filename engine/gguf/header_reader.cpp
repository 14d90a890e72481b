#include "engine/gguf/header_reader.h"

#include <algorithm>
#include <cstring>

#include "engine/base/printable.h"

namespace hearth {

namespace {

constexpr size_t kBlockBytes = size_t{1} << 20;

}  // namespace

HeaderReader::HeaderReader(const File& file)
    : file_(file),
      name_(printable_path(file.path())),
      end_(std::min(file.size(), kMaxHeaderBytes)) {}

tl::unexpected<Error> HeaderReader::ends_early(uint64_t wanted, std::string_view what) const {
    if (end_ < file_.size()) {
        return error("{} at byte {}: the header is larger than {} bytes (damaged file?)", what,
                     position(), kMaxHeaderBytes);
    }
    return error("{} at byte {} needs {} bytes, the file has {} left (truncated or damaged file?)",
                 what, position(), wanted, remaining());
}

Result<void> HeaderReader::refill() {
    block_offset_ += block_.size();
    next_ = 0;
    block_.resize(static_cast<size_t>(std::min<uint64_t>(kBlockBytes, end_ - block_offset_)));
    return read_exact(file_, block_offset_, block_);
}

Result<void> HeaderReader::bytes(std::span<std::byte> out, std::string_view what) {
    if (out.size() > remaining()) return ends_early(out.size(), what);
    while (!out.empty()) {
        if (next_ == block_.size()) HEARTH_TRY_VOID(refill());
        const size_t n = std::min(out.size(), block_.size() - next_);
        std::memcpy(out.data(), block_.data() + next_, n);
        next_ += n;
        out = out.subspan(n);
    }
    return {};
}

Result<std::string> HeaderReader::string(std::string_view what) {
    HEARTH_TRY(const uint64_t length, number<uint64_t>(what));
    if (length > kMaxStringBytes) {
        return error(
            "{} before byte {} is a string of {} bytes, at most {} are read (damaged file?)", what,
            position(), length, kMaxStringBytes);
    }
    if (length > remaining()) return ends_early(length, what);
    std::string text(static_cast<size_t>(length), '\0');
    HEARTH_TRY_VOID(bytes(std::as_writable_bytes(std::span(text)), what));
    return text;
}

}  // namespace hearth
