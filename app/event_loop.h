// EventLoop: one thread waiting for a terminal, signals, a timer and the engine, and the three
// kinds of descriptors that it waits for.
#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <optional>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/result.h"

namespace hearth {

// Calls back when a descriptor can be read. Callbacks may watch, unwatch and quit.
class EventLoop {
  public:
    using Callback = std::function<void()>;

    void watch(int fd, Callback on_readable);
    void unwatch(int fd);

    // Runs callbacks until quit() is called.
    Result<void> run();
    void quit() { running_ = false; }

  private:
    struct Watch {
        int fd;
        Callback on_readable;
    };
    std::vector<Watch> watches_;
    bool running_ = false;
};

// Signals as something to read. They are blocked for this thread and all that it starts later, so
// make it before any thread.
class SignalFd {
  public:
    static Result<SignalFd> create(std::initializer_list<int> signals);
    int fd() const { return fd_.get(); }
    // The number of a signal that came, if one did. Does not wait.
    std::optional<int> next();

  private:
    explicit SignalFd(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

// Wakes the loop from another thread.
class EventFd {
  public:
    static Result<EventFd> create();
    int fd() const { return fd_.get(); }
    void notify();  // any thread
    void drain();

  private:
    explicit EventFd(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

// Ticks while it is started.
class TimerFd {
  public:
    static Result<TimerFd> create();
    int fd() const { return fd_.get(); }
    void start(std::chrono::milliseconds period);
    void stop();
    void drain();

  private:
    explicit TimerFd(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

}  // namespace hearth
