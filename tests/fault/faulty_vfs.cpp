#include "tests/fault/faulty_vfs.h"

#include <signal.h>

#include <new>

namespace hearth {

namespace {

using Call = FaultyVfs::Call;

// An open file: SQLite allocates szOsFile bytes, ours come first, the real file's behind them.
struct FaultyFile {
    sqlite3_file base;  // what SQLite sees; pMethods must be first
    FaultyVfs* vfs;
    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

FaultyFile& ours(sqlite3_file* file) {
    return *reinterpret_cast<FaultyFile*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
    return ours(file).real();
}
bool strikes(sqlite3_file* file, Call call) {
    return ours(file).vfs->strikes(call);
}

int close_file(sqlite3_file* file) {
    return real(file)->pMethods->xClose(real(file));
}
int read_file(sqlite3_file* file, void* to, int bytes, sqlite3_int64 at) {
    if (strikes(file, Call::read)) return SQLITE_IOERR_READ;
    return real(file)->pMethods->xRead(real(file), to, bytes, at);
}
int write_file(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 at) {
    FaultyVfs& vfs = *ours(file).vfs;
    if (!vfs.strikes(Call::write)) {
        return real(file)->pMethods->xWrite(real(file), from, bytes, at);
    }
    // A disk that gets full, and a process that dies, leave part of a write.
    real(file)->pMethods->xWrite(real(file), from, bytes / 2, at);
    return vfs.fail_write();
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (strikes(file, Call::other)) return SQLITE_IOERR_TRUNCATE;
    return real(file)->pMethods->xTruncate(real(file), size);
}
int sync_file(sqlite3_file* file, int) {
    return strikes(file, Call::sync) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
    if (strikes(file, Call::size)) return SQLITE_IOERR_FSTAT;
    return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) {
    if (strikes(file, Call::lock)) return SQLITE_IOERR_LOCK;
    return real(file)->pMethods->xLock(real(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
    return real(file)->pMethods->xUnlock(real(file), level);
}
int check_lock(sqlite3_file* file, int* held) {
    return real(file)->pMethods->xCheckReservedLock(real(file), held);
}
int control_file(sqlite3_file* file, int operation, void* argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
int sector_size(sqlite3_file* file) {
    return real(file)->pMethods->xSectorSize(real(file));
}
int characteristics(sqlite3_file* file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shm_map(sqlite3_file* file, int page, int bytes, int extend, void volatile** memory) {
    if (strikes(file, Call::shared_memory)) return SQLITE_IOERR_SHMMAP;
    return real(file)->pMethods->xShmMap(real(file), page, bytes, extend, memory);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
    const bool taking = (flags & SQLITE_SHM_LOCK) != 0;
    if (taking && strikes(file, Call::lock)) return SQLITE_IOERR_SHMLOCK;
    return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) {
    real(file)->pMethods->xShmBarrier(real(file));
}
int shm_unmap(sqlite3_file* file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = file_size,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control_file,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

FaultyVfs& owner(sqlite3_vfs* vfs) {
    return *static_cast<FaultyVfs*>(vfs->pAppData);
}

int open_file(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    file->pMethods = nullptr;  // no methods: SQLite will not close it
    if (owner(vfs).strikes(Call::open)) return SQLITE_CANTOPEN;
    auto* opened = new (file) FaultyFile{{&kMethods}, &owner(vfs)};
    sqlite3_vfs& under = owner(vfs).real();
    const int code = under.xOpen(&under, name, opened->real(), flags, out_flags);
    if (code != SQLITE_OK) file->pMethods = nullptr;
    return code;
}
int delete_file(sqlite3_vfs* vfs, const char* name, int) {
    if (owner(vfs).strikes(Call::other)) return SQLITE_IOERR_DELETE;
    return owner(vfs).real().xDelete(&owner(vfs).real(), name, 0);
}
int access_file(sqlite3_vfs* vfs, const char* name, int flags, int* answer) {
    if (owner(vfs).strikes(Call::other)) return SQLITE_IOERR_ACCESS;
    return owner(vfs).real().xAccess(&owner(vfs).real(), name, flags, answer);
}

}  // namespace

FaultyVfs::FaultyVfs() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
    vfs_.szOsFile = static_cast<int>(sizeof(FaultyFile)) + real_->szOsFile;
    vfs_.zName = "faulty";
    vfs_.pNext = nullptr;
    vfs_.pAppData = this;
    vfs_.xOpen = open_file;
    vfs_.xDelete = delete_file;
    vfs_.xAccess = access_file;
    sqlite3_vfs_register(&vfs_, 1);
}

FaultyVfs::~FaultyVfs() {
    sqlite3_vfs_unregister(&vfs_);
}

void FaultyVfs::arm(Fault fault, int nth, Lasting lasting) {
    fault_ = fault;
    left_ = nth;
    lasting_ = lasting;
    armed_ = true;
    fired_ = false;
}

bool FaultyVfs::strikes(Call call) {
    const bool takes_space = call == Call::write || call == Call::shared_memory;
    const bool concerned = fault_ == Fault::io_error || fault_ == Fault::death ||
                           (fault_ == Fault::sync && call == Call::sync) ||
                           (fault_ == Fault::disk_full && takes_space);
    if (!armed_ || !concerned || --left_ > 0) return false;
    if (lasting_ == Lasting::once) armed_ = false;
    fired_ = true;
    if (fault_ == Fault::death && call != Call::write) ::raise(SIGKILL);
    return true;
}

int FaultyVfs::fail_write() const {
    if (fault_ == Fault::death) ::raise(SIGKILL);
    return fault_ == Fault::disk_full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

}  // namespace hearth
