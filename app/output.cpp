#include "app/output.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

namespace hearth {

Output::Output(int fd, std::string_view name)
    : fd_(fd), name_(name), is_terminal_(::isatty(fd) == 1) {}

Result<void> Output::print_text(std::string_view text) {
    return is_terminal_ ? print(safe_text(text)) : write(text);
}

bool Output::wait_until_writable() {
    std::array<pollfd, 2> wait{{{fd_, POLLOUT, 0}, {give_up_fd_, POLLIN, 0}}};
    while (::poll(wait.data(), give_up_fd_ >= 0 ? 2 : 1, -1) < 0 && errno == EINTR) {
    }
    return wait[0].revents != 0;  // an error or hang-up too: write() will tell
}

Result<void> Output::write(std::string_view bytes) {
    while (!bytes.empty() && !closed_) {
        if (!wait_until_writable()) {
            closed_ = true;
            break;
        }
        // A pipe that polls as writable takes PIPE_BUF bytes without blocking.
        const ssize_t n = ::write(fd_, bytes.data(), std::min<size_t>(bytes.size(), PIPE_BUF));
        if (n >= 0) {
            bytes.remove_prefix(static_cast<size_t>(n));
        } else if (errno == EPIPE || errno == EIO) {  // EIO: the terminal is gone
            closed_ = true;
        } else if (errno != EINTR && errno != EAGAIN) {
            return make_error(ErrorCode::machine, "{}: cannot write: {}", name_,
                              std::strerror(errno));
        }
    }
    return {};
}

Result<std::string> read_standard_input(size_t max_bytes) {
    std::string text;
    std::array<char, 64 * 1024> buffer{};
    while (true) {
        const ssize_t n = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            return make_error(ErrorCode::machine, "standard input: cannot read: {}",
                              std::strerror(errno));
        }
        if (n == 0) return text;
        text.append(buffer.data(), static_cast<size_t>(n));
        if (text.size() > max_bytes) {
            return make_error(ErrorCode::usage, "standard input: longer than {} bytes", max_bytes);
        }
    }
}

}  // namespace hearth
