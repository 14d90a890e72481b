#include "storage/kv_snapshots.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <vector>

#include "engine/base/bytes.h"
#include "engine/base/check.h"
#include "engine/base/file.h"
#include "storage/data_dir.h"
#include "storage/ulid.h"

namespace hearth {

namespace {

namespace fs = std::filesystem;

constexpr std::array<char, 8> kMagic{'H', 'E', 'A', 'R', 'T', 'H', 'K', 'V'};
constexpr uint32_t kVersion = 1;
constexpr uint32_t kMaxTokens = 1 << 20;
constexpr int kLevel = 1;  // the next message waits for it
constexpr size_t kBlock = 64 << 10;
constexpr auto kMaxAge = std::chrono::hours(24 * 90);
constexpr std::string_view kEnding = ".kv";
constexpr std::string_view kPart = ".part";  // while it is being written

struct Header {
    std::array<char, 8> magic;
    uint32_t version;
    uint32_t n_tokens;
    uint64_t kv_bytes;
};
static_assert(sizeof(Header) == 24);

// Splits 16-bit numbers into their low and high bytes, and back.
void split_planes(std::span<const std::byte> from, std::byte* to) {
    const size_t half = from.size() / 2;
    for (size_t i = 0; i < half; ++i) {
        to[i] = from[2 * i];
        to[half + i] = from[2 * i + 1];
    }
}
void join_planes(std::span<const std::byte> from, std::byte* to) {
    const size_t half = from.size() / 2;
    for (size_t i = 0; i < half; ++i) {
        to[2 * i] = from[i];
        to[2 * i + 1] = from[half + i];
    }
}

// Gathers what is pushed to blocks, and writes them with their planes split.
class PlaneWriter {
  public:
    explicit PlaneWriter(FrameWriter& to) : to_(to) { block_.reserve(kBlock); }

    Result<void> push(std::span<const std::byte> bytes) {
        written_ += bytes.size();
        while (!bytes.empty()) {
            const size_t n = std::min(bytes.size(), kBlock - block_.size());
            block_.insert(block_.end(), bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(n));
            bytes = bytes.subspan(n);
            if (block_.size() == kBlock) HEARTH_TRY_VOID(flush());
        }
        return {};
    }
    Result<void> flush() {
        planes_.resize(block_.size());
        split_planes(block_, planes_.data());
        block_.clear();
        return to_.write(planes_);
    }
    uint64_t written() const { return written_; }

  private:
    FrameWriter& to_;
    std::vector<std::byte> block_;
    std::vector<std::byte> planes_;
    uint64_t written_ = 0;
};

class PlaneReader {
  public:
    PlaneReader(FrameReader& from, uint64_t bytes) : from_(from), left_(bytes) {}

    Result<void> pull(std::span<std::byte> to) {
        while (!to.empty()) {
            if (at_ == block_.size()) HEARTH_TRY_VOID(refill());
            const size_t n = std::min(to.size(), block_.size() - at_);
            std::memcpy(to.data(), block_.data() + at_, n);
            at_ += n;
            to = to.subspan(n);
        }
        return {};
    }

  private:
    Result<void> refill() {
        const auto n = static_cast<size_t>(std::min<uint64_t>(left_, kBlock));
        if (n == 0) return make_error(ErrorCode::bad_file, "the snapshot holds too little");
        left_ -= n;
        planes_.resize(n);
        HEARTH_TRY_VOID(from_.read(planes_));
        // Before the last bytes are given away: nothing that is damaged is taken for whole.
        if (left_ == 0) HEARTH_TRY_VOID(from_.expect_end());
        block_.resize(n);
        join_planes(planes_, block_.data());
        at_ = 0;
        return {};
    }

    FrameReader& from_;
    uint64_t left_;
    std::vector<std::byte> planes_;
    std::vector<std::byte> block_;
    size_t at_ = 0;
};

Result<void> write_all(int fd, std::span<const std::byte> bytes, const std::string& path) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            return make_error(ErrorCode::machine, "{}: cannot write: {}", path,
                              std::strerror(errno));
        }
        bytes = bytes.subspan(static_cast<size_t>(n));
    }
    return {};
}

// A snapshot being read: its header, its tokens, and where its cache begins.
struct OpenSnapshot {
    std::unique_ptr<File> file;
    Header header;
    std::vector<uint32_t> tokens;
    uint64_t kv_at = 0;
};

FrameReader::Source source_from(const File& file, uint64_t at, uint64_t end) {
    return [&file, at, end](std::span<std::byte> buffer) mutable -> Result<size_t> {
        const auto n = static_cast<size_t>(std::min<uint64_t>(buffer.size(), end - at));
        HEARTH_TRY(const size_t got, file.read_at(at, buffer.first(n)));
        at += got;
        return got;
    };
}

Result<OpenSnapshot> open_snapshot(const std::string& path) {
    OpenSnapshot snapshot;
    HEARTH_TRY(snapshot.file, open_file(path));
    std::array<std::byte, sizeof(Header) + sizeof(uint64_t)> raw{};
    HEARTH_TRY_VOID(read_exact(*snapshot.file, 0, raw));
    snapshot.header = load_unaligned<Header>(raw.data());
    const auto token_frame = load_unaligned<uint64_t>(raw.data() + sizeof(Header));
    const auto kv_at = checked_add<uint64_t>(raw.size(), token_frame);
    const Header& header = snapshot.header;
    if (header.magic != kMagic || header.version != kVersion || header.n_tokens > kMaxTokens ||
        !kv_at || *kv_at > snapshot.file->size()) {
        return make_error(ErrorCode::bad_file, "{}: is no snapshot of this version", path);
    }
    snapshot.kv_at = *kv_at;
    HEARTH_TRY(auto reader,
               FrameReader::create(source_from(*snapshot.file, raw.size(), *kv_at), path));
    snapshot.tokens.resize(header.n_tokens);
    HEARTH_TRY_VOID(reader.read(std::as_writable_bytes(std::span(snapshot.tokens))));
    HEARTH_TRY_VOID(reader.expect_end());
    return snapshot;
}

struct Entry {
    std::string path;
    uint64_t bytes = 0;
    fs::file_time_type used;
};

// Snapshots whose names begin so, least lately used first.
std::vector<Entry> entries(const std::string& folder, const std::string& beginning) {
    std::vector<Entry> found;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (!name.starts_with(beginning) || !name.ends_with(kEnding)) continue;
        std::error_code stat_error;
        const uint64_t bytes = entry->file_size(stat_error);
        const auto used = entry->last_write_time(stat_error);
        if (!stat_error) found.push_back({entry->path().string(), bytes, used});
    }
    std::sort(found.begin(), found.end(), [](const Entry& a, const Entry& b) {
        return a.used < b.used || (a.used == b.used && a.path < b.path);
    });
    return found;
}

size_t common(std::span<const uint32_t> a, std::span<const uint32_t> b) {
    return static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                               a.begin());
}

}  // namespace

std::optional<KvSnapshots::Match> KvSnapshots::find(const std::string& model,
                                                    std::span<const uint32_t> tokens) const {
    std::optional<Match> best;
    for (const Entry& entry : entries(folder_, model + "-")) {
        const auto snapshot = open_snapshot(entry.path);
        if (!snapshot) {
            ::unlink(entry.path.c_str());
            continue;
        }
        const size_t n = common(snapshot->tokens, tokens);
        if (n == 0 || (best && best->n_common >= n)) continue;
        best = Match{entry.path, snapshot->tokens.size(), n, snapshot->header.kv_bytes};
    }
    return best;
}

Result<void> KvSnapshots::load(const Match& match,
                               const std::function<Result<void>(const Source&)>& use) {
    const auto read = [&]() -> Result<void> {
        HEARTH_TRY(const auto snapshot, open_snapshot(match.path));
        HEARTH_TRY(auto frame, FrameReader::create(source_from(*snapshot.file, snapshot.kv_at,
                                                               snapshot.file->size()),
                                                   match.path));
        PlaneReader planes(frame, snapshot.header.kv_bytes);
        return use([&](std::span<std::byte> piece) { return planes.pull(piece); });
    };
    const auto done = read();
    if (!done) {
        ::unlink(match.path.c_str());
    } else {
        ::utimensat(AT_FDCWD, match.path.c_str(), nullptr, 0);  // used now
    }
    return done;
}

Result<void> KvSnapshots::save(const std::string& model, std::span<const uint32_t> tokens,
                               uint64_t kv_bytes,
                               const std::function<Result<void>(const ByteSink&)>& produce) {
    HEARTH_TRY_VOID(make_private_folder(folder_));
    HEARTH_TRY(const std::string name, make_ulid(0));
    const std::string path = fmt::format("{}/{}-{}{}", folder_, model, name, kEnding);
    const std::string temporary = path + std::string(kPart);
    const Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd) {
        return make_error(ErrorCode::machine, "{}: cannot make it: {}", temporary,
                          std::strerror(errno));
    }
    const auto write = [&]() -> Result<void> {
        HEARTH_TRY(const auto token_frame, compress(std::as_bytes(tokens), kLevel));
        const Header header{kMagic, kVersion, static_cast<uint32_t>(tokens.size()), kv_bytes};
        const uint64_t token_bytes = token_frame.size();
        HEARTH_TRY_VOID(write_all(fd.get(), std::as_bytes(std::span(&header, 1)), path));
        HEARTH_TRY_VOID(write_all(fd.get(), std::as_bytes(std::span(&token_bytes, 1)), path));
        HEARTH_TRY_VOID(write_all(fd.get(), token_frame, path));
        HEARTH_TRY(auto frame, FrameWriter::create(kLevel, [&](std::span<const std::byte> piece) {
                       return write_all(fd.get(), piece, path);
                   }));
        PlaneWriter planes(frame);
        HEARTH_TRY_VOID(
            produce([&](std::span<const std::byte> piece) { return planes.push(piece); }));
        HEARTH_CHECK(planes.written() == kv_bytes);
        HEARTH_TRY_VOID(planes.flush());
        HEARTH_TRY_VOID(frame.finish());
        if (::rename(temporary.c_str(), path.c_str()) == 0) return {};
        return make_error(ErrorCode::machine, "{}: cannot make it: {}", path, std::strerror(errno));
    };
    // No fsync: after a loss of power the checksums tell.
    const auto written = write();
    if (!written) {
        ::unlink(temporary.c_str());
        return written;
    }
    for (const Entry& entry : entries(folder_, model + "-")) {
        if (entry.path == path) continue;
        const auto old = open_snapshot(entry.path);
        const bool covered = old && common(old->tokens, tokens) == old->tokens.size();
        if (!old || covered) ::unlink(entry.path.c_str());
    }
    tidy();
    return {};
}

void KvSnapshots::tidy() const {
    std::error_code error;
    for (fs::directory_iterator entry(folder_, error), end; !error && entry != end;
         entry.increment(error)) {
        if (entry->path().extension() == kPart) ::unlink(entry->path().c_str());  // of a dead program
    }
    const auto oldest = fs::file_time_type::clock::now() - kMaxAge;
    uint64_t total = 0;
    const std::vector<Entry> all = entries(folder_, "");
    for (const Entry& entry : all) total += entry.bytes;
    for (const Entry& entry : all) {
        if (total <= max_bytes_ && entry.used >= oldest) break;
        ::unlink(entry.path.c_str());
        total -= entry.bytes;
    }
}

}  // namespace hearth
