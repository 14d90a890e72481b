// Where hearth keeps its files: the four XDG directories, every file name, and the writer's lock.
//
// This is the one place that makes a path below them. Folders are made 0700 and files 0600,
// whatever the umask says. Nothing here reads the environment: app/config does and hands it in.
#pragma once

#include <string>

#include "engine/base/file.h"
#include "engine/base/result.h"

namespace hearth {

// The environment variables that decide; "" = not set.
struct DirectoryEnvironment {
    std::string hearth_home = {};  // HEARTH_HOME: one folder for everything (tests, portable use)
    std::string home = {};         // HOME
    std::string xdg_config_home =
        {};  // XDG_*_HOME: ignored when not absolute, as the standard says
    std::string xdg_data_home = {};
    std::string xdg_state_home = {};
    std::string xdg_cache_home = {};
    std::string xdg_runtime_dir = {};  // XDG_RUNTIME_DIR, likewise
};

// The directories of one person, by absolute path. A value; making one touches no disk.
class DataDir {
  public:
    // HEARTH_HOME, else XDG, else below HOME. usage when none of them is set.
    static Result<DataDir> resolve(const DirectoryEnvironment& environment);

    // Makes the folders that are missing (0700, parents too) and tightens our own ones to 0700. A
    // HEARTH_HOME that existed keeps its mode: it is the person's. Fails with machine.
    Result<void> create() const;

    // The same, and the folder of packs.
    Result<void> create_packs() const;
    // The same, and the folders of packs and plans.
    Result<void> create_plans() const;
    // The folder of sockets, which may be gone with the session.
    Result<void> create_runtime() const;

    const std::string& config() const { return config_; }
    const std::string& data() const { return data_; }
    const std::string& state() const { return state_; }
    const std::string& cache() const { return cache_; }
    const std::string& runtime() const { return runtime_; }

    std::string config_file() const { return config_ + "/config.toml"; }
    std::string models() const { return data_ + "/models"; }
    std::string packs() const { return data_ + "/packs"; }
    std::string plans() const { return data_ + "/plans"; }
    std::string database() const { return data_ + "/hearth.db"; }
    std::string lock_file() const { return data_ + "/hearth.lock"; }
    std::string backups() const { return data_ + "/backups"; }
    std::string input_history() const { return state_ + "/input_history"; }
    std::string kv_snapshots() const { return cache_ + "/kv"; }
    std::string log_file() const { return state_ + "/hearth.log"; }

  private:
    DataDir() = default;
    std::string config_;
    std::string data_;
    std::string state_;
    std::string cache_;
    std::string runtime_;
    bool tighten_ = true;  // false below HEARTH_HOME
};

// The right to write in a data directory: one process has it at a time. Held until destroyed; the
// kernel gives it back when the process dies, so a stale lock file never stands in the way.
class DataLock {
  public:
    // At once, without waiting: machine with a line that names the holder's process when another
    // hearth has it.
    static Result<DataLock> acquire(const DataDir& dir);

  private:
    explicit DataLock(Fd fd) : fd_(std::move(fd)) {}
    Fd fd_;
};

// Makes the folder at `path` (0700) where it is missing.
Result<void> make_private_folder(const std::string& path);

// Makes sure that `path` is a regular file that only its owner can read: creates it empty with
// mode 0600, or takes the rights of others away from one that is there.
Result<void> make_private_file(const std::string& path);

}  // namespace hearth
