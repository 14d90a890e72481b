#include "bench/offload/trial.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bench/offload/memory_group.h"
#include "engine/base/file.h"

namespace hearth::bench {

namespace {

// What the child says begins with one of these.
constexpr char kDone = '+';
constexpr char kFailed = '-';

void write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t n = ::write(fd, text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;  // nobody listens any more
        text.remove_prefix(static_cast<size_t>(n));
    }
}

std::string read_all(int fd) {
    std::string text;
    std::array<char, 4096> buffer;
    for (;;) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return text;
        text.append(buffer.data(), static_cast<size_t>(n));
    }
}

[[noreturn]] void run_child(const Trial& trial, const MemoryGroup* group, int out) {
    const auto entered = group != nullptr ? group->enter() : Result<void>();
    auto measured = entered.and_then(trial.run);
    if (measured) {
        rusage usage{};
        ::getrusage(RUSAGE_SELF, &usage);
        measured->peak_rss_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
        write_all(out, kDone + to_json(*measured));
    } else {
        write_all(out, kFailed + measured.error().message);
    }
    ::_exit(0);
}

Result<Measurement> understand(const Trial& trial, std::string_view text, int status) {
    if (WIFSIGNALED(status)) {
        return make_error(ErrorCode::machine, "{}: ended by signal {} ({})", trial.name,
                          WTERMSIG(status),
                          WTERMSIG(status) == SIGKILL ? "out of memory" : "a bug");
    }
    if (text.empty()) return make_error(ErrorCode::machine, "{}: said nothing", trial.name);
    if (text.front() == kDone) return measurement_from_json(text.substr(1));
    return make_error(ErrorCode::machine, "{}: {}", trial.name, text.substr(1));
}

}  // namespace

Result<Measurement> run_trial(const Trial& trial) {
    std::optional<MemoryGroup> group;
    if (trial.cap_bytes) {
        HEARTH_TRY(group, MemoryGroup::create(*trial.cap_bytes));
    }
    std::array<int, 2> ends;
    if (::pipe(ends.data()) != 0) {
        return make_error(ErrorCode::machine, "no pipe: {}", std::strerror(errno));
    }
    const Fd in(ends[0]);
    Fd out(ends[1]);
    const pid_t child = ::fork();
    if (child < 0) return make_error(ErrorCode::machine, "no process: {}", std::strerror(errno));
    if (child == 0) run_child(trial, group ? &*group : nullptr, out.get());
    out = Fd();  // so that the reading ends with the child
    const std::string text = read_all(in.get());
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return understand(trial, text, status);
}

}  // namespace hearth::bench
