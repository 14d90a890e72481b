#include "engine/base/log.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace hearth {

namespace {

std::atomic<int> log_fd{-1};

}  // namespace

Result<void> open_log(const std::string& path) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) {
        return make_error(ErrorCode::machine, "{}: cannot open the log: {}", path,
                          std::strerror(errno));
    }
    const int previous = log_fd.exchange(fd);
    if (previous >= 0) ::close(previous);
    return {};
}

void log_line(std::string_view line) {
    const int fd = log_fd.load();
    if (fd < 0) return;
    const auto now = std::chrono::system_clock::now();
    // One write per line: O_APPEND keeps lines of several threads whole.
    const std::string text = fmt::format(
        "{:%Y-%m-%dT%H:%M:%S}Z {}\n", fmt::gmtime(std::chrono::system_clock::to_time_t(now)), line);
    [[maybe_unused]] const auto written = ::write(fd, text.data(), text.size());
}

}  // namespace hearth
