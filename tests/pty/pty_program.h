// PtyProgram: the real program on a pseudo-terminal, driven as a person would.
#pragma once

#include <sys/types.h>
#include <termios.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/file.h"

namespace hearth {

class PtyProgram {
  public:
    using Clock = std::chrono::steady_clock;
    using Variables = std::vector<std::string>;  // "NAME=value"

    // Starts `path` with the given variables and nothing else in its environment.
    PtyProgram(const std::string& path, const std::vector<std::string>& arguments,
               const Variables& environment, int rows = 40, int columns = 200);
    ~PtyProgram();  // kills it
    PtyProgram(const PtyProgram&) = delete;
    PtyProgram& operator=(const PtyProgram&) = delete;

    // Types. Waits for nothing.
    void send(std::string_view keys);
    // Reads until `text` appears behind what earlier calls have found; false after the timeout or
    // when the program is gone. Matches the output without control sequences.
    bool wait_for(std::string_view text,
                  std::chrono::milliseconds timeout = std::chrono::seconds(60));
    // Reads until that many more bytes of text have come; false after the timeout.
    bool wait_for_more(size_t bytes, std::chrono::milliseconds timeout = std::chrono::seconds(60));
    // Reads what comes first within the time; false when the program has closed the terminal.
    bool read_some(std::chrono::milliseconds time);
    // Reads for a while.
    void watch(std::chrono::milliseconds time);
    void signal(int number);
    // Gives the window another size, which the program is told.
    void resize(int rows, int columns);
    // CPU time and such of the program are found by it.
    pid_t pid() const { return pid_; }
    // Closes the terminal, as a lost connection does.
    void hang_up() { master_ = Fd(); }
    // The exit code (128 + the number where a signal ended it); nullopt after the timeout.
    std::optional<int> wait_exit(std::chrono::milliseconds timeout = std::chrono::seconds(60));

    // Everything that was written so far, as it came, and without control sequences and returns.
    const std::string& raw() const { return raw_; }
    std::string text() const;
    // What was on the screen so long before a moment. A machine that kept this process from running
    // kept the program waiting, too: the longest such wait counts as no time.
    std::string text_before(Clock::time_point moment, std::chrono::milliseconds time) const;
    // The settings of the terminal now.
    termios settings() const;

    // The bytes that started the control sequences of `raw` that are not among those a line-mode
    // chat may use: colours, erase line, bracketed paste, and readline's cursor movements.
    static std::vector<std::string> unexpected_sequences(std::string_view raw);

  private:
    struct Arrival {
        Clock::time_point time;
        size_t raw_size;
    };
    Fd master_;
    pid_t pid_ = -1;
    std::string raw_;
    std::vector<Arrival> arrivals_;
    size_t searched_ = 0;             // in text()
    Clock::duration longest_wait_{};  // for the processor, when it was time to go on
};

// `raw` without control sequences and carriage returns.
std::string without_sequences(std::string_view raw);

}  // namespace hearth
