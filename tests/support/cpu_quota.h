// A processor quota for single threads: a control group (cgroup v1, cpu) of this process's own.
#pragma once

#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace hearth {

class CpuQuota {
  public:
    // Threads inside may run quota_us of every period_us, together.
    CpuQuota(int quota_us, int period_us)
        : folder_(fmt::format("{}/hearth-test-{}", kRoot, ::getpid())) {
        std::error_code error;
        std::filesystem::create_directory(folder_, error);
        is_there_ = !error && write(folder_ + "/cpu.cfs_period_us", period_us) &&
                    write(folder_ + "/cpu.cfs_quota_us", quota_us);
    }
    ~CpuQuota() { (void)::rmdir(folder_.c_str()); }
    CpuQuota(const CpuQuota&) = delete;
    CpuQuota& operator=(const CpuQuota&) = delete;

    bool is_there() const { return is_there_; }
    // The calling thread.
    void enter() const { (void)write(folder_ + "/tasks", ::syscall(SYS_gettid)); }
    void leave() const { (void)write(std::string(kRoot) + "/tasks", ::syscall(SYS_gettid)); }

  private:
    static constexpr const char* kRoot = "/sys/fs/cgroup/cpu";

    template <typename Number>
    static bool write(const std::string& path, Number number) {
        std::ofstream file(path);
        file << number << std::flush;
        return file.good();
    }

    std::string folder_;
    bool is_there_ = false;
};

}  // namespace hearth
