#include "engine/base/check.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace hearth {

namespace {

std::atomic<void (*)()> abort_hook{nullptr};

}  // namespace

void set_abort_hook(void (*hook)()) {
    abort_hook.store(hook);
}

void check_failed(const char* condition, const char* file, int line) {
    if (auto* hook = abort_hook.exchange(nullptr)) hook();
    char message[512];
    const int length = std::snprintf(message, sizeof message,
                                     "hearth: broken invariant: %s, %s:%d (please report this)\n",
                                     condition, file, line);
    if (length > 0) {
        [[maybe_unused]] const auto written = ::write(STDERR_FILENO, message, std::strlen(message));
    }
    std::abort();
}

}  // namespace hearth
