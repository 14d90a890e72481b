// Output: standard output or standard error, written to with care.
//
// A reader that goes away (a closed pipe) is not an error: output is dropped and closed() tells, so
// that work can end. On a terminal text is filtered (safe_text); into a pipe or file it goes as it
// is. One thread uses an Output.
#pragma once

#include <string_view>

#include "app/ui/safe_text.h"
#include "engine/base/result.h"

namespace hearth {

class Output {
  public:
    // Does not own `fd`. `name` is for messages: "standard output".
    Output(int fd, std::string_view name);

    bool is_terminal() const { return is_terminal_; }
    bool closed() const { return closed_; }
    // While a write waits for a slow reader, readability of this descriptor gives up the wait (and
    // counts as closed): a signalfd, so that Ctrl+C works then too. -1 = none.
    void give_up_on(int fd) { give_up_fd_ = fd; }

    // What the program itself made: control sequences pass.
    Result<void> print(const SafeText& text) { return write(text.str()); }
    // What somebody else wrote: a model's answer, a rendered prompt.
    Result<void> print_text(std::string_view text);
    // Fails with machine (disk full).
    Result<void> write(std::string_view bytes);

  private:
    bool wait_until_writable();

    int fd_;
    int give_up_fd_ = -1;
    std::string_view name_;
    bool is_terminal_;
    bool closed_ = false;
};

// All of standard input; refused when larger than max_bytes.
Result<std::string> read_standard_input(size_t max_bytes);

}  // namespace hearth
