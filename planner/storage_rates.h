// Measures StorageRates: random reads through the loader that will do them in earnest.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/file.h"
#include "engine/base/result.h"
#include "planner/device_profile.h"

namespace hearth {

// A file without a name in a folder: it is gone with the last descriptor, however the process ends.
class ScratchFile {
  public:
    // Writes up to `bytes` of noise, for at most two seconds. machine where the folder takes no
    // file or the disk has not four times as much room.
    static Result<ScratchFile> create(const std::string& folder, uint64_t bytes);

    std::string path() const;  // opens the file again, while this object lives
    uint64_t bytes() const { return bytes_; }

  private:
    ScratchFile(Fd fd, uint64_t bytes) : fd_(std::move(fd)), bytes_(bytes) {}
    Fd fd_;
    uint64_t bytes_;
};

// Two to three seconds of reads on the file system of `folder`, and a scratch file of 256 MiB.
Result<StorageRates> measure_storage(const std::string& folder, StepProgress& progress);

// The widest gap between two records of that size that is read over in less time than another read
// takes, `depth` of them in flight: whole pages.
size_t choose_gap(const StorageRates& storage, uint64_t record_bytes, size_t depth);

}  // namespace hearth
