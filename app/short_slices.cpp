#include "app/short_slices.h"

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace hearth {
namespace {

constexpr uint64_t kSliceNs = 100'000;  // the least that the kernel gives
constexpr uint64_t kResetOnFork = 1;    // SCHED_FLAG_RESET_ON_FORK

// struct sched_attr of the kernel, which glibc 2.36 does not declare.
struct SchedulingAttributes {
    uint32_t size = sizeof(SchedulingAttributes);
    uint32_t policy = SCHED_OTHER;
    uint64_t flags = kResetOnFork;
    int32_t nice = 0;
    uint32_t priority = 0;
    uint64_t runtime_ns = kSliceNs;
    uint64_t deadline_ns = 0;
    uint64_t period_ns = 0;
};

}  // namespace

void ask_for_short_slices() {
    SchedulingAttributes attributes;
    if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return;
    if (attributes.policy != SCHED_OTHER) return;  // somebody has decided already
    attributes.flags = kResetOnFork;
    attributes.runtime_ns = kSliceNs;
    ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace hearth
