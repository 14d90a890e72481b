// hearth history export and import.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/archive_json.h"
#include "app/commands/history.h"
#include "app/transcript.h"
#include "engine/base/file.h"
#include "engine/base/printable.h"
#include "storage/compress.h"

namespace hearth {
namespace {

constexpr size_t kMaxArchiveBytes = size_t{4} << 30;    // of the file
constexpr size_t kMaxExpandedBytes = size_t{64} << 30;  // of its text
constexpr size_t kMaxLineBytes = size_t{1} << 30;
constexpr size_t kFrameBytes = size_t{4} << 20;  // of text in one zstd frame
constexpr int kLevel = 9;

// The format that was asked for, else the one that the file's ending says, else the likeliest.
std::string choose_format(const HistoryArguments& arguments) {
    if (!arguments.format.empty()) return arguments.format;
    const std::string& file = arguments.file;
    for (const std::string format : {"md", "txt", "json", "jsonl"}) {
        if (file.ends_with("." + format)) return format;
    }
    if (file.empty() && !arguments.conversations.empty()) return "md";
    return "archive";
}

// Where an export goes: standard output, or a file that appears when it is complete.
class Destination {
  public:
    static Result<Destination> open(const std::string& path, Output& out) {
        Destination destination(path, out);
        if (path.empty()) return destination;
        destination.fd_ = Fd(::open(destination.temporary().c_str(),
                                    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
        if (!destination.fd_) return destination.failed("make");
        return destination;
    }

    bool is_terminal() const { return path_.empty() && out_->is_terminal(); }

    // Text for people: filtered where it goes to a terminal.
    Result<void> print_text(std::string_view text) {
        return path_.empty() ? out_->print_text(text) : write(text);
    }
    Result<void> write(std::string_view bytes) {
        if (path_.empty()) return out_->write(bytes);
        while (!bytes.empty()) {
            const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return failed("write");
            bytes.remove_prefix(static_cast<size_t>(n));
        }
        return {};
    }

    Result<void> finish() {
        if (path_.empty()) return {};
        if (::fsync(fd_.get()) != 0) return failed("write");
        if (::rename(temporary().c_str(), path_.c_str()) != 0) return failed("make");
        return {};
    }

  private:
    Destination(std::string path, Output& out) : path_(std::move(path)), out_(&out) {}
    std::string temporary() const { return path_ + ".part"; }
    tl::unexpected<Error> failed(std::string_view action) {
        const int error = errno;
        ::unlink(temporary().c_str());
        return make_error(ErrorCode::machine, "{}: cannot {} it: {}", printable_path(path_), action,
                          std::strerror(error));
    }

    std::string path_;  // "" = standard output
    Output* out_;
    Fd fd_;
};

// Lines, gathered to frames where they are to be compressed.
class LineWriter {
  public:
    LineWriter(Destination& to, bool compressed) : to_(to), compressed_(compressed) {}

    Result<void> add(const ArchiveItem& item) {
        text_ += archive_line(item);
        text_ += '\n';
        return text_.size() < kFrameBytes ? Result<void>() : flush();
    }
    Result<void> flush() {
        const std::string text = std::exchange(text_, "");
        if (text.empty()) return {};
        if (!compressed_) return to_.write(text);
        HEARTH_TRY(const auto frame, compress(std::as_bytes(std::span(text)), kLevel));
        return to_.write({reinterpret_cast<const char*>(frame.data()), frame.size()});
    }

  private:
    Destination& to_;
    bool compressed_;
    std::string text_;
};

Result<std::vector<ConversationId>> chosen(const HistoryArguments& arguments, Store& store) {
    std::vector<ConversationId> ids;
    for (const std::string& name : arguments.conversations) {
        HEARTH_TRY(const Conversation found, store.conversations().find(name));
        ids.push_back(found.id);
    }
    if (!arguments.conversations.empty()) return ids;
    HEARTH_TRY(const auto all, store.conversations().list(ListFilter{}));
    // Oldest first: an import that makes them anew numbers them in the order they had.
    for (auto one = all.rbegin(); one != all.rend(); ++one) ids.push_back(one->conversation.id);
    return ids;
}

Result<void> export_lines(const std::vector<ConversationId>& ids, bool everything, Store& store,
                          LineWriter& lines) {
    HEARTH_TRY_VOID(lines.add(ArchiveHeader{}));
    for (const ConversationId id : ids) {
        HEARTH_TRY(const auto conversation, store.archive().read(id));
        HEARTH_TRY_VOID(lines.add(conversation));
    }
    if (everything) {
        HEARTH_TRY(const auto characters, store.characters().list());
        for (const StoredCharacter& one : characters) HEARTH_TRY_VOID(lines.add(one));
        HEARTH_TRY(const auto samples, store.run_stats().samples(0));
        for (const Sample& one : samples) HEARTH_TRY_VOID(lines.add(one));
    }
    return lines.flush();
}

Result<void> export_document(ConversationId id, const std::string& format, Store& store,
                             Destination& to) {
    if (format == "json") {
        HEARTH_TRY(const auto whole, store.archive().read(id));
        return to.write(conversation_json(whole, to.is_terminal()));
    }
    HEARTH_TRY(const Conversation conversation, store.conversations().get(id));
    HEARTH_TRY(const auto messages, store.conversations().path(id));
    return to.print_text(format == "txt" ? as_text(conversation, messages)
                                         : as_markdown(conversation, messages));
}

// Reads lines out of pieces of text, and puts what they say into the store.
class Importer {
  public:
    Importer(Store& store, std::string file) : store_(store), file_(std::move(file)) {}

    Result<void> feed(std::string_view piece) {
        while (true) {
            const size_t end = piece.find('\n');
            rest_ += piece.substr(0, end);
            if (rest_.size() > kMaxLineBytes) return bad_line("is too long");
            if (end == std::string_view::npos) return {};
            HEARTH_TRY_VOID(take_line());
            piece.remove_prefix(end + 1);
        }
    }
    Result<void> finish() {
        if (!rest_.empty()) HEARTH_TRY_VOID(take_line());
        if (line_ == 0) return bad_line("is empty");
        return {};
    }

    std::string summary() const {
        return fmt::format("{} conversation{} imported, {} already here, {} character{}\n", added_,
                           added_ == 1 ? "" : "s", here_, characters_, characters_ == 1 ? "" : "s");
    }

  private:
    Result<void> take_line() {
        ++line_;
        const std::string line = std::exchange(rest_, "");
        if (line.find_first_not_of(" \t\r") == std::string::npos) return {};
        auto item = parse_archive_line(line);
        if (!item) return bad_line(item.error().message);
        const bool is_header = std::holds_alternative<ArchiveHeader>(*item);
        if (line_ == 1 && !is_header) {
            return bad_line("is not the header of an archive that hearth wrote");
        }
        return std::visit([this](const auto& one) { return put(one); }, *item);
    }
    Result<void> put(const ArchiveHeader&) { return {}; }
    Result<void> put(const ArchivedConversation& one) {
        const auto added = store_.archive().add(one);
        if (!added && added.error().code == ErrorCode::machine) {
            return tl::unexpected(added.error());
        }
        if (!added) return bad_line(added.error().message);
        ++(*added ? added_ : here_);
        return {};
    }
    Result<void> put(const StoredCharacter& one) {
        if (store_.characters().get(one.name)) return {};  // nothing is replaced
        ++characters_;
        return store_.characters().put(one);
    }
    Result<void> put(const Sample& one) { return store_.run_stats().add_sample(one); }

    tl::unexpected<Error> bad_line(std::string_view what) const {
        return make_error(ErrorCode::bad_file, "{}: {}, line {}; {} conversations were imported",
                          printable_path(file_), what, line_, added_);
    }

    Store& store_;
    std::string file_;
    std::string rest_;  // a line without its end
    size_t line_ = 0;
    size_t added_ = 0;
    size_t here_ = 0;
    size_t characters_ = 0;
};

}  // namespace

Result<void> export_history(const HistoryArguments& arguments, Store& store, Output& out) {
    const std::string format = choose_format(arguments);
    if (format == "archive" && arguments.file.empty() && out.is_terminal()) {
        return make_error(ErrorCode::usage,
                          "history export: an archive is no text (-o FILE, or --format md)");
    }
    HEARTH_TRY(const auto ids, chosen(arguments, store));
    HEARTH_TRY(Destination to, Destination::open(arguments.file, out));
    if (format == "archive" || format == "jsonl") {
        LineWriter lines(to, format == "archive");
        HEARTH_TRY_VOID(export_lines(ids, arguments.conversations.empty(), store, lines));
    } else {
        for (const ConversationId id : ids) {
            HEARTH_TRY_VOID(export_document(id, format, store, to));
        }
    }
    return to.finish();
}

Result<void> import_history(const HistoryArguments& arguments, Store& store, Output& out) {
    HEARTH_TRY(const std::string content, read_text_file(arguments.file, kMaxArchiveBytes));
    Importer importer(store, arguments.file);
    const auto bytes = std::as_bytes(std::span(content));
    if (is_compressed(bytes)) {
        HEARTH_TRY_VOID(expand(
            bytes, kMaxExpandedBytes, printable_path(arguments.file),
            [&](std::span<const std::byte> piece) {
                return importer.feed({reinterpret_cast<const char*>(piece.data()), piece.size()});
            }));
    } else {
        HEARTH_TRY_VOID(importer.feed(content));
    }
    HEARTH_TRY_VOID(importer.finish());
    return out.print(SafeText::literal(importer.summary()));
}

}  // namespace hearth
