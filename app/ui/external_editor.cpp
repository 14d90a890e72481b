#include "app/ui/external_editor.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "engine/base/file.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

constexpr size_t kMaxBytes = 64 << 20;

// Removes the file whatever happens.
struct TemporaryFile {
    std::string path;
    Fd fd;
    ~TemporaryFile() {
        if (fd) ::unlink(path.c_str());
    }
};

Result<void> write_all(const Fd& fd, std::string_view text, const std::string& path) {
    while (!text.empty()) {
        const ssize_t n = ::write(fd.get(), text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            return make_error(ErrorCode::machine, "{}: cannot write: {}", printable_path(path),
                              std::strerror(errno));
        }
        text.remove_prefix(static_cast<size_t>(n));
    }
    return {};
}

// The exit code of `command`, run by the shell with `path` as its argument.
Result<int> run(const std::string& command, const std::string& path) {
    const pid_t pid = ::fork();
    if (pid < 0) {
        return make_error(ErrorCode::machine, "cannot start the editor: {}", std::strerror(errno));
    }
    if (pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);  // ours are blocked for the event loop
        ::execl("/bin/sh", "sh", "-c", command.c_str(), "sh", path.c_str(), nullptr);
        ::_exit(127);
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<std::string> edit_outside(const std::string& editor, const std::string& folder,
                                 std::string_view text) {
    TemporaryFile file{folder + "/draft-XXXXXX.md", Fd()};
    file.fd = Fd(::mkstemps(file.path.data(), 3));
    if (!file.fd) {
        return make_error(ErrorCode::machine, "{}: cannot make a file: {}", printable_path(folder),
                          std::strerror(errno));
    }
    HEARTH_TRY_VOID(write_all(file.fd, text, file.path));
    HEARTH_TRY(const int exit_code, run(editor + " \"$1\"", file.path));
    if (exit_code != 0) {
        return make_error(ErrorCode::cancelled, "the editor ended with {}: the draft stays",
                          exit_code);
    }
    HEARTH_TRY(std::string edited, read_text_file(file.path, kMaxBytes));
    if (edited.ends_with('\n')) edited.pop_back();
    return edited;
}

}  // namespace hearth
