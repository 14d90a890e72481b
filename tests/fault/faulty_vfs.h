// A SQLite file layer that fails on command: the Nth call of a kind, once or from then on.
//
// While it lives it is SQLite's default, over the system's own. Syncs are counted but not carried
// out, which makes loops over all N fast; nothing here simulates a loss of power.
#pragma once

#include <sqlite3.h>

#include <string>

namespace hearth {

enum class Fault {
    io_error,   // any call: EIO
    disk_full,  // calls that allocate space: ENOSPC
    sync,       // fsync alone
    death,      // any call: the process is killed inside it
};

enum class Lasting { once, until_disarmed };

class FaultyVfs {
  public:
    FaultyVfs();
    ~FaultyVfs();
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;

    // The `nth` call (from 1) that `fault` concerns will fail.
    void arm(Fault fault, int nth, Lasting lasting);
    void disarm() { armed_ = false; }
    // Whether a call has failed since arm().
    bool fired() const { return fired_; }

    // For the call-backs: whether this call has to fail, and how a write does.
    enum class Call { read, write, sync, size, lock, shared_memory, open, other };
    bool strikes(Call call);
    int fail_write() const;
    sqlite3_vfs& real() const { return *real_; }

  private:
    sqlite3_vfs* real_;
    sqlite3_vfs vfs_;
    Fault fault_ = Fault::io_error;
    Lasting lasting_ = Lasting::once;
    int left_ = 0;
    bool armed_ = false;
    bool fired_ = false;
};

}  // namespace hearth
