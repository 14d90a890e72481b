#include "app/doctor.h"

#include <fcntl.h>
#include <langinfo.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "app/answer_samples.h"
#include "app/memory_budget.h"
#include "app/model_file.h"
#include "engine/base/file.h"
#include "engine/base/printable.h"
#include "engine/kernels/kernels.h"
#include "engine/model/config.h"
#include "engine/text/chat_template.h"
#include "engine/text/tokenizer.h"
#include "storage/store.h"

namespace hearth {
namespace {

using Kind = Finding::Kind;
namespace fs = std::filesystem;

constexpr uint64_t kLittleSpace = uint64_t{1} << 30;

Finding examine_processor() {
    const auto kernels = choose_kernels("");
    const std::string name = machine_name();
    if (!kernels) return {Kind::bad, "processor", name + ": " + kernels.error().message};
    const std::string isa((*kernels)->name);
    if (isa == "scalar") return {Kind::note, "processor", name + ", no AVX2: slow"};
    return {Kind::good, "processor", fmt::format("{}, {}", name, isa)};
}

Finding examine_memory() {
    const auto memory = machine_memory();
    if (!memory) return {Kind::note, "memory", memory.error().message};
    return {Kind::good, "memory",
            fmt::format("{}, {} free (cgroup limits counted)", format_bytes(memory->total_bytes),
                        format_bytes(memory->available_bytes))};
}

std::string limit_text(int resource) {
    rlimit limit{};
    ::getrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
    return limit.rlim_cur == RLIM_INFINITY ? "unlimited" : format_bytes(limit.rlim_cur);
}

Finding examine_limits() {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    const std::string says =
        fmt::format("address space {}, file size {}, {} open files", limit_text(RLIMIT_AS),
                    limit_text(RLIMIT_FSIZE), files.rlim_cur);
    rlimit space{};
    ::getrlimit(RLIMIT_AS, &space);
    if (space.rlim_cur == RLIM_INFINITY) return {Kind::good, "limits", says};
    return {Kind::note, "limits", says + " (ulimit -v unlimited, for large models)"};
}

// Whether the kernel lets us have a ring; what does not is read with pread, slower.
Finding examine_ring() {
    constexpr long kSetUp = 425;  // io_uring_setup, the same on every architecture
    char parameters[256] = {};
    const long ring = ::syscall(kSetUp, 4, parameters);
    if (ring < 0) {
        return {Kind::note, "io_uring",
                fmt::format("refused: {} (streaming reads with threads instead)",
                            std::strerror(errno))};
    }
    ::close(static_cast<int>(ring));
    return {Kind::good, "io_uring", "there"};
}

Finding examine_folder(const char* what, const std::string& path) {
    std::error_code error;
    if (!fs::exists(path, error)) {
        return {Kind::good, what, fmt::format("{} (not made yet)", printable_path(path))};
    }
    uint64_t bytes = 0;
    for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
         entry.increment(error)) {
        std::error_code stat_error;
        if (entry->is_regular_file(stat_error)) bytes += entry->file_size(stat_error);
    }
    const std::string says = fmt::format("{}, {}", printable_path(path), format_bytes(bytes));
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0 && (status.st_mode & 0077) != 0) {
        return {Kind::note, what, says + ": others can look in (chmod 700)"};
    }
    if (::access(path.c_str(), W_OK) != 0) return {Kind::bad, what, says + ": cannot be written"};
    return {Kind::good, what, says};
}

Finding examine_space(const std::string& folder) {
    struct statvfs status {};
    std::string path = folder;
    while (!path.empty() && ::statvfs(path.c_str(), &status) != 0) {
        path = path.substr(0, path.rfind('/'));
    }
    const uint64_t free = uint64_t{status.f_bavail} * status.f_frsize;
    const std::string says = fmt::format("{} free on the disk of the data", format_bytes(free));
    if (free < kLittleSpace) return {Kind::note, "disk", says + " (little for packs and caches)"};
    return {Kind::good, "disk", says};
}

Finding examine_database(const DataDir& dir) {
    const auto store = Store::open(dir, Access::read);
    if (!store) return {Kind::bad, "database", store.error().message};
    const auto latest = (*store)->conversations().latest();
    if (!latest) return {Kind::bad, "database", latest.error().message};
    const auto whole = (*store)->check();
    if (!whole) return {Kind::bad, "database", whole.error().message};
    return {Kind::good, "database", "whole (" + printable_path(dir.database()) + ")"};
}

Finding examine_flash(const std::string& model) {
    const Fd fd(::open(model.c_str(), O_RDONLY | O_DIRECT | O_CLOEXEC));
    if (fd) return {Kind::good, "flash", "direct reads (O_DIRECT) work where the model is"};
    return {Kind::note, "flash",
            fmt::format("direct reads are refused where the model is: {} (buffered ones instead)",
                        std::strerror(errno))};
}

Finding examine_template(const Gguf& gguf) {
    const auto source = gguf.metadata().optional_string("tokenizer.chat_template");
    if (!source) return {Kind::bad, "template", source.error().message};
    if (!*source) return {Kind::note, "template", "the model has none: ChatML is used"};
    const auto parsed = ChatTemplate::parse(**source, gguf.path());
    if (!parsed) return {Kind::bad, "template", parsed.error().message};
    return {Kind::good, "template", "the model's own"};
}

}  // namespace

std::vector<Finding> examine_machine() {
    return {examine_processor(), examine_memory(), examine_limits(), examine_ring()};
}

std::vector<Finding> examine_terminal(const Environment& environment, bool on_terminal) {
    std::vector<Finding> found;
    const std::string term = environment.term.empty() ? "(not set)" : printable(environment.term);
    winsize size{};
    if (!on_terminal) {
        found.push_back({Kind::note, "terminal", "standard output is none: run it on one"});
    } else if (environment.term.empty() || environment.term == "dumb") {
        found.push_back({Kind::note, "terminal", "TERM=" + term + ": line by line only"});
    } else {
        ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
        found.push_back({Kind::good, "terminal",
                         fmt::format("TERM={}, {} x {}{}", term, size.ws_col, size.ws_row,
                                     environment.no_color ? ", NO_COLOR" : "")});
    }
    const bool utf8 = std::strcmp(::nl_langinfo(CODESET), "UTF-8") == 0;
    found.push_back(utf8 ? Finding{Kind::good, "locale", "UTF-8"}
                         : Finding{Kind::note, "locale", "not UTF-8 (LANG=C.UTF-8)"});
    found.push_back({Kind::good, "font",
                     "these should be a line, a bar, a curve and two wide signs: "
                     "──┐ ▁▃▅▇ ⠤⠒⠉ 検索"});
    return found;
}

std::vector<Finding> examine_folders(const Result<DataDir>& dir) {
    if (!dir) return {{Kind::bad, "folders", dir.error().message}};
    return {examine_folder("settings", dir->config()),
            examine_folder("data", dir->data()),
            examine_folder("state", dir->state()),
            examine_folder("cache", dir->cache()),
            examine_space(dir->data()),
            examine_database(*dir)};
}

std::vector<Finding> examine_model(const Options& options) {
    const auto path = find_model(options);
    if (!path) return {{Kind::bad, "model", path.error().message}};
    std::vector<Finding> found;
    const auto gguf = Gguf::open(*path);
    if (!gguf) return {{Kind::bad, "model", gguf.error().message}};
    uint64_t bytes = 0;
    for (const TensorInfo& tensor : gguf->tensors()) bytes += tensor.bytes;
    const auto memory = machine_memory();
    const bool fits = !memory || bytes <= memory->available_bytes;
    found.push_back({fits ? Kind::good : Kind::note, "model",
                     fmt::format("{}, {} of weights{}", printable_path(*path), format_bytes(bytes),
                                 fits ? "" : ": more than is free (--memory auto streams them)")});
    const auto config = read_model_config(*gguf);
    if (!config) found.push_back({Kind::bad, "model", config.error().message});
    const auto tokenizer = Tokenizer::create(*gguf);
    found.push_back(tokenizer ? Finding{Kind::good, "tokenizer", tokenizer->describe()}
                              : Finding{Kind::bad, "tokenizer", tokenizer.error().message});
    found.push_back(examine_template(*gguf));
    found.push_back(examine_flash(*path));
    return found;
}

}  // namespace hearth
