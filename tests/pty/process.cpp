#include "tests/pty/process.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>

#include "engine/base/file.h"

namespace hearth {
namespace {

struct Pipe {
    Fd read, write;
    Pipe() {
        std::array<int, 2> ends{-1, -1};
        if (::pipe(ends.data()) == 0) {
            read = Fd(ends[0]);
            write = Fd(ends[1]);
        }
    }
};

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> list;
    for (std::string& word : words) list.push_back(word.data());
    list.push_back(nullptr);
    return list;
}

// Appends what can be read; closes the pipe at its end.
void drain(Fd& fd, std::string& text) {
    std::array<char, 4096> buffer{};
    const ssize_t n = ::read(fd.get(), buffer.data(), buffer.size());
    if (n <= 0) {
        fd = Fd();
    } else {
        text.append(buffer.data(), static_cast<size_t>(n));
    }
}

int exit_code_of(pid_t pid) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

ProcessResult run_process(const std::string& path, const std::vector<std::string>& arguments,
                          const std::vector<std::string>& environment, std::string_view input,
                          const ProcessOptions& options) {
    std::vector<std::string> words{path};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = environment;
    const std::vector<char*> argv = pointers(words);
    const std::vector<char*> envp = pointers(variables);
    Pipe in, out, err;
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(in.read.get(), STDIN_FILENO);
        ::dup2(out.write.get(), STDOUT_FILENO);
        ::dup2(err.write.get(), STDERR_FILENO);
        for (int fd = 3; fd < 64; ++fd) ::close(fd);
        ::execve(path.c_str(), argv.data(), envp.data());
        ::_exit(127);
    }
    in.read = Fd();
    out.write = Fd();
    err.write = Fd();
    ::signal(SIGPIPE, SIG_IGN);
    // Inputs of these tests fit into a pipe.
    [[maybe_unused]] const auto n = ::write(in.write.get(), input.data(), input.size());
    in.write = Fd();

    ProcessResult result;
    int signal = options.signal;
    const auto end = std::chrono::steady_clock::now() + options.timeout;
    while (out.read || err.read) {
        if (std::chrono::steady_clock::now() > end) {
            ::kill(pid, SIGKILL);
            exit_code_of(pid);
            return result;
        }
        std::array<pollfd, 2> wait{{{out.read.get(), POLLIN, 0}, {err.read.get(), POLLIN, 0}}};
        ::poll(wait.data(), wait.size(), 50);
        if (out.read && wait[0].revents != 0) drain(out.read, result.out);
        if (err.read && wait[1].revents != 0) drain(err.read, result.err);
        if (signal != 0 && result.out.size() >= options.signal_after) {
            ::kill(pid, std::exchange(signal, 0));
        }
        if (result.out.size() >= options.close_after) out.read = Fd();
    }
    result.exit_code = exit_code_of(pid);
    return result;
}

}  // namespace hearth
