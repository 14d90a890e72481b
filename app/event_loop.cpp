#include "app/event_loop.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace hearth {
namespace {

tl::unexpected<Error> system_error(std::string_view what) {
    return make_error(ErrorCode::machine, "{}: {}", what, std::strerror(errno));
}

void drain_counter(int fd) {
    uint64_t count = 0;
    [[maybe_unused]] const auto n = ::read(fd, &count, sizeof count);
}

itimerspec every(std::chrono::milliseconds period) {
    timespec time{};
    time.tv_sec = period.count() / 1000;
    time.tv_nsec = period.count() % 1000 * 1'000'000;
    return {time, time};
}

}  // namespace

void EventLoop::watch(int fd, Callback on_readable) {
    unwatch(fd);
    watches_.push_back({fd, std::move(on_readable)});
}

void EventLoop::unwatch(int fd) {
    std::erase_if(watches_, [fd](const Watch& watch) { return watch.fd == fd; });
}

Result<void> EventLoop::run() {
    running_ = true;
    std::vector<pollfd> polled;
    while (running_) {
        polled.clear();
        for (const Watch& watch : watches_) polled.push_back({watch.fd, POLLIN, 0});
        if (::poll(polled.data(), polled.size(), -1) < 0) {
            if (errno == EINTR) continue;
            return system_error("poll");
        }
        for (const pollfd& ready : polled) {
            if (ready.revents == 0 || !running_) continue;
            const auto watch = std::find_if(watches_.begin(), watches_.end(),
                                            [&](const Watch& w) { return w.fd == ready.fd; });
            if (watch == watches_.end()) continue;         // an earlier callback unwatched it
            const Callback callback = watch->on_readable;  // it may unwatch itself
            callback();
        }
    }
    return {};
}

Result<SignalFd> SignalFd::create(std::initializer_list<int> signals) {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : signals) sigaddset(&set, signal);
    ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
    Fd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!fd) return system_error("signalfd");
    return SignalFd(std::move(fd));
}

std::optional<int> SignalFd::next() {
    signalfd_siginfo info{};
    if (::read(fd_.get(), &info, sizeof info) != sizeof info) return std::nullopt;
    return static_cast<int>(info.ssi_signo);
}

Result<EventFd> EventFd::create() {
    Fd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!fd) return system_error("eventfd");
    return EventFd(std::move(fd));
}

void EventFd::notify() {
    const uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(fd_.get(), &one, sizeof one);
}

void EventFd::drain() {
    drain_counter(fd_.get());
}

Result<TimerFd> TimerFd::create() {
    Fd fd(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!fd) return system_error("timerfd");
    return TimerFd(std::move(fd));
}

void TimerFd::start(std::chrono::milliseconds period) {
    const itimerspec spec = every(period);
    ::timerfd_settime(fd_.get(), 0, &spec, nullptr);
}

void TimerFd::stop() {
    const itimerspec off{};
    ::timerfd_settime(fd_.get(), 0, &off, nullptr);
}

void TimerFd::drain() {
    drain_counter(fd_.get());
}

}  // namespace hearth
