#include "tests/pty/pty_program.h"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace hearth {
namespace {

using std::chrono::milliseconds;

std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> list;
    for (std::string& word : words) list.push_back(word.data());
    list.push_back(nullptr);
    return list;
}

// The length of the control sequence at the start of `text` (which begins with ESC).
size_t sequence_length(std::string_view text) {
    if (text.size() < 2) return text.size();
    if (text[1] == '[') {
        const size_t end =
            std::min(text.find_first_not_of("0123456789;:<=>?!\"$' ", 2), text.size() - 1);
        return end + 1;
    }
    if (text[1] == ']' || text[1] == 'P' || text[1] == '_' || text[1] == '^') {
        const size_t end = text.find_first_of("\a\x1b", 2);
        return end == std::string_view::npos ? text.size() : end + 1;
    }
    return 2;
}

bool is_allowed(std::string_view sequence) {
    if (sequence == "\x1b[?2004h" || sequence == "\x1b[?2004l") return true;
    if (sequence.size() < 3 || sequence[1] != '[') return false;
    const std::string_view parameters = sequence.substr(2, sequence.size() - 3);
    if (parameters.find_first_not_of("0123456789;") != std::string_view::npos) return false;
    return std::string_view("mKJCDABPG@").find(sequence.back()) != std::string_view::npos;
}

}  // namespace

std::string without_sequences(std::string_view raw) {
    std::string text;
    while (!raw.empty()) {
        if (raw[0] == '\x1b') {
            raw.remove_prefix(sequence_length(raw));
            continue;
        }
        if (raw[0] != '\r') text += raw[0];
        raw.remove_prefix(1);
    }
    return text;
}

PtyProgram::PtyProgram(const std::string& path, const std::vector<std::string>& arguments,
                       const Variables& environment, int rows, int columns) {
    std::vector<std::string> words{path};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = environment;
    // Measuring a new model takes seconds; who tests that says HEARTH_PLAN=auto.
    if (std::none_of(variables.begin(), variables.end(),
                     [](const std::string& one) { return one.starts_with("HEARTH_PLAN="); })) {
        variables.emplace_back("HEARTH_PLAN=off");
    }
    const std::vector<char*> argv = pointers(words);
    const std::vector<char*> envp = pointers(variables);
    winsize size{};
    size.ws_row = static_cast<unsigned short>(rows);
    size.ws_col = static_cast<unsigned short>(columns);
    int master = -1;
    pid_ = ::forkpty(&master, nullptr, nullptr, &size);
    if (pid_ == 0) {
        ::execve(path.c_str(), argv.data(), envp.data());
        ::_exit(127);
    }
    master_ = Fd(master);
}

PtyProgram::~PtyProgram() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void PtyProgram::send(std::string_view keys) {
    while (!keys.empty()) {
        const ssize_t n = ::write(master_.get(), keys.data(), keys.size());
        if (n <= 0) return;
        keys.remove_prefix(static_cast<size_t>(n));
    }
}

bool PtyProgram::read_some(milliseconds time) {
    pollfd wait{master_.get(), POLLIN, 0};
    const auto begin = Clock::now();
    const int ready = ::poll(&wait, 1, static_cast<int>(time.count()));
    longest_wait_ = std::max(longest_wait_, Clock::now() - begin - time);
    if (ready <= 0) return true;
    std::array<char, 4096> buffer{};
    const ssize_t n = ::read(master_.get(), buffer.data(), buffer.size());
    if (n <= 0) return false;
    raw_.append(buffer.data(), static_cast<size_t>(n));
    arrivals_.push_back({Clock::now(), raw_.size()});
    return true;
}

bool PtyProgram::wait_for(std::string_view wanted, milliseconds timeout) {
    const auto end = Clock::now() + timeout;
    bool open = true;
    while (true) {
        const std::string all = text();
        const size_t found = all.find(wanted, searched_);
        if (found != std::string::npos) {
            searched_ = found + wanted.size();
            return true;
        }
        if (!open || Clock::now() > end) return false;
        open = read_some(milliseconds(20));
    }
}

bool PtyProgram::wait_for_more(size_t bytes, milliseconds timeout) {
    const auto end = Clock::now() + timeout;
    const size_t wanted = text().size() + bytes;
    while (text().size() < wanted) {
        if (Clock::now() > end || !read_some(milliseconds(20))) return false;
    }
    return true;
}

void PtyProgram::watch(milliseconds time) {
    const auto end = Clock::now() + time;
    while (Clock::now() < end && read_some(milliseconds(5))) {
    }
}

void PtyProgram::resize(int rows, int columns) {
    winsize size{};
    size.ws_row = static_cast<unsigned short>(rows);
    size.ws_col = static_cast<unsigned short>(columns);
    ::ioctl(master_.get(), TIOCSWINSZ, &size);
}

void PtyProgram::signal(int number) {
    if (pid_ > 0) ::kill(pid_, number);
}

std::optional<int> PtyProgram::wait_exit(milliseconds timeout) {
    const auto end = Clock::now() + timeout;
    while (Clock::now() < end) {
        read_some(milliseconds(10));
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) != pid_) continue;
        pid_ = -1;
        while (read_some(milliseconds(10)) && !arrivals_.empty() &&
               Clock::now() - arrivals_.back().time < milliseconds(20)) {
        }
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return std::nullopt;
}

std::string PtyProgram::text() const {
    return without_sequences(raw_);
}

std::string PtyProgram::text_before(Clock::time_point moment, milliseconds time) const {
    const auto last = moment - time - longest_wait_;
    size_t size = 0;
    for (const Arrival& arrival : arrivals_) {
        if (arrival.time <= last) size = arrival.raw_size;
    }
    return without_sequences(std::string_view(raw_).substr(0, size));
}

termios PtyProgram::settings() const {
    termios settings{};
    ::tcgetattr(master_.get(), &settings);
    return settings;
}

std::vector<std::string> PtyProgram::unexpected_sequences(std::string_view raw) {
    std::vector<std::string> unexpected;
    while (!raw.empty()) {
        const auto byte = static_cast<unsigned char>(raw[0]);
        size_t length = 1;
        if (byte == 0x1B) {
            length = sequence_length(raw);
            if (!is_allowed(raw.substr(0, length))) unexpected.emplace_back(raw.substr(0, length));
        } else if ((byte < 0x20 &&
                    std::string_view("\n\r\t\b\a").find(raw[0]) == std::string_view::npos) ||
                   byte == 0x7F) {
            unexpected.emplace_back(raw.substr(0, 1));
        }
        raw.remove_prefix(length);
    }
    return unexpected;
}

}  // namespace hearth
