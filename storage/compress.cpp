#include "storage/compress.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

namespace hearth {

namespace {

struct FreeCompressor {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
struct FreeExpander {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

constexpr int kMaxWindowLog = 27;  // 128 MiB: what a frame may make the reader allocate

}  // namespace

Result<std::vector<std::byte>> compress(std::span<const std::byte> bytes, int level) {
    const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context(ZSTD_createCCtx());
    if (!context) return make_error(ErrorCode::machine, "not enough memory to compress");
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
    std::vector<std::byte> frame(ZSTD_compressBound(bytes.size()));
    const size_t written =
        ZSTD_compress2(context.get(), frame.data(), frame.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(written) != 0) {
        return make_error(ErrorCode::machine, "cannot compress {} bytes: {}", bytes.size(),
                          ZSTD_getErrorName(written));
    }
    frame.resize(written);
    return frame;
}

Result<void> expand(std::span<const std::byte> bytes, size_t max_bytes, const std::string& name,
                    const ByteSink& sink) {
    const std::unique_ptr<ZSTD_DCtx, FreeExpander> context(ZSTD_createDCtx());
    if (!context) return make_error(ErrorCode::machine, "not enough memory to expand");
    ZSTD_DCtx_setParameter(context.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
    std::vector<std::byte> piece(ZSTD_DStreamOutSize());
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    size_t total = 0;
    size_t wanted = 0;  // 0: a frame is complete
    while (in.pos < in.size || wanted != 0) {
        ZSTD_outBuffer out{piece.data(), piece.size(), 0};
        const size_t before = in.pos;
        wanted = ZSTD_decompressStream(context.get(), &out, &in);
        if (ZSTD_isError(wanted) != 0) {
            return make_error(ErrorCode::bad_file, "{}: damaged, at byte {}: {}", name, in.pos,
                              ZSTD_getErrorName(wanted));
        }
        if (wanted != 0 && in.pos == before && out.pos == 0) {
            return make_error(ErrorCode::bad_file, "{}: ends early, at byte {} (cut short?)", name,
                              in.size);
        }
        total += out.pos;
        if (total > max_bytes) {
            return make_error(ErrorCode::bad_file, "{}: holds more than {} bytes", name, max_bytes);
        }
        HEARTH_TRY_VOID(sink(std::span(piece).first(out.pos)));
    }
    return {};
}

Result<std::vector<std::byte>> expand(std::span<const std::byte> bytes, size_t max_bytes,
                                      const std::string& name) {
    std::vector<std::byte> all;
    HEARTH_TRY_VOID(expand(bytes, max_bytes, name, [&](std::span<const std::byte> piece) {
        all.insert(all.end(), piece.begin(), piece.end());
        return Result<void>{};
    }));
    return all;
}

// --- piece by piece --------------------------------------------------------------------------

void FrameWriter::Free::operator()(ZSTD_CCtx_s* context) const {
    ZSTD_freeCCtx(context);
}

Result<FrameWriter> FrameWriter::create(int level, ByteSink sink) {
    FrameWriter writer(ZSTD_createCCtx(), std::move(sink));
    if (!writer.context_) return make_error(ErrorCode::machine, "not enough memory to compress");
    ZSTD_CCtx_setParameter(writer.context_.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(writer.context_.get(), ZSTD_c_checksumFlag, 1);
    writer.out_.resize(ZSTD_CStreamOutSize());
    return writer;
}

Result<void> FrameWriter::write(std::span<const std::byte> bytes) {
    return push(bytes, false);
}

Result<void> FrameWriter::finish() {
    return push({}, true);
}

Result<void> FrameWriter::push(std::span<const std::byte> bytes, bool end) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    while (true) {
        ZSTD_outBuffer out{out_.data(), out_.size(), 0};
        const size_t left =
            ZSTD_compressStream2(context_.get(), &out, &in, end ? ZSTD_e_end : ZSTD_e_continue);
        if (ZSTD_isError(left) != 0) {
            return make_error(ErrorCode::machine, "cannot compress: {}", ZSTD_getErrorName(left));
        }
        HEARTH_TRY_VOID(sink_(std::span(out_).first(out.pos)));
        if (end ? left == 0 : in.pos == in.size) return {};
    }
}

void FrameReader::Free::operator()(ZSTD_DCtx_s* context) const {
    ZSTD_freeDCtx(context);
}

Result<FrameReader> FrameReader::create(Source source, std::string name) {
    FrameReader reader(ZSTD_createDCtx(), std::move(source), std::move(name));
    if (!reader.context_) return make_error(ErrorCode::machine, "not enough memory to expand");
    ZSTD_DCtx_setParameter(reader.context_.get(), ZSTD_d_windowLogMax, kMaxWindowLog);
    reader.in_.resize(ZSTD_DStreamInSize());
    return reader;
}

Result<void> FrameReader::refill() {
    HEARTH_TRY(in_size_, source_(in_));
    in_pos_ = 0;
    if (in_size_ > 0) return {};
    return make_error(ErrorCode::bad_file, "{}: ends early (cut short?)", name_);
}

Result<void> FrameReader::read(std::span<std::byte> bytes) {
    ZSTD_outBuffer out{bytes.data(), bytes.size(), 0};
    while (out.pos < out.size) {
        if (wanted_ == 0) return make_error(ErrorCode::bad_file, "{}: holds too little", name_);
        const size_t before = out.pos;
        ZSTD_inBuffer in{in_.data(), in_size_, in_pos_};
        wanted_ = ZSTD_decompressStream(context_.get(), &out, &in);
        in_pos_ = in.pos;
        if (ZSTD_isError(wanted_) != 0) {
            return make_error(ErrorCode::bad_file, "{}: damaged: {}", name_,
                              ZSTD_getErrorName(wanted_));
        }
        // Asked with nothing to read it gives what it still holds; only then more is read.
        if (out.pos == before && in_pos_ == in_size_ && wanted_ != 0) HEARTH_TRY_VOID(refill());
    }
    return {};
}

Result<void> FrameReader::expect_end() {
    std::byte more{};
    while (wanted_ != 0) {
        ZSTD_outBuffer out{&more, 1, 0};
        ZSTD_inBuffer in{in_.data(), in_size_, in_pos_};
        wanted_ = ZSTD_decompressStream(context_.get(), &out, &in);
        in_pos_ = in.pos;
        if (ZSTD_isError(wanted_) != 0 || out.pos > 0) {
            return make_error(ErrorCode::bad_file, "{}: damaged, or holds too much", name_);
        }
        if (wanted_ != 0 && in_pos_ == in_size_) HEARTH_TRY_VOID(refill());
    }
    return {};
}

bool is_compressed(std::span<const std::byte> bytes) {
    constexpr std::array<unsigned char, 4> kMagic{0x28, 0xB5, 0x2F, 0xFD};
    return bytes.size() >= kMagic.size() &&
           std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
}

}  // namespace hearth
