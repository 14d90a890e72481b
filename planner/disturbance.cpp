#include "planner/disturbance.h"

#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <memory>

#include "engine/base/cpu_time.h"

namespace hearth {
namespace {

// Processor time of all cores that was not idle, in seconds since boot; 0 = unknown.
double busy_seconds() {
    const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen("/proc/stat", "re"), &std::fclose);
    uint64_t user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, soft = 0, steal = 0;
    if (!file || std::fscanf(file.get(),
                             "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
                             " %" SCNu64 " %" SCNu64 " %" SCNu64,
                             &user, &nice, &system, &idle, &wait, &irq, &soft, &steal) != 8) {
        return 0.0;
    }
    const uint64_t busy = user + nice + system + irq + soft + steal;
    return static_cast<double>(busy) / static_cast<double>(std::max(1L, ::sysconf(_SC_CLK_TCK)));
}

}  // namespace

void Disturbance::begin() {
    begin_ = std::chrono::steady_clock::now();
    busy_ = busy_seconds();
    own_ = process_cpu_seconds();
}

double Disturbance::cores() const {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin_;
    const double others = (busy_seconds() - busy_) - (process_cpu_seconds() - own_);
    return elapsed.count() > 0.0 ? std::max(0.0, others / elapsed.count()) : 0.0;
}

}  // namespace hearth
