#include "storage/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace hearth {

namespace {

constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
constexpr mode_t kOthers = 0077;

std::string xdg_folder(const std::string& variable, const std::string& home, const char* below) {
    if (variable.starts_with('/')) return variable + "/hearth";
    return home + below + "/hearth";
}

// mkdir -p with mode 0700 for what is new.
Result<void> make_folders(const std::string& path) {
    for (size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string folder = path.substr(0, end);
        if (::mkdir(folder.c_str(), kFolderMode) != 0 && errno != EEXIST) {
            return make_error(ErrorCode::machine, "{}: cannot make the folder: {}", folder,
                              std::strerror(errno));
        }
        if (end == std::string::npos) break;
    }
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        return make_error(ErrorCode::machine, "{}: is not a folder (move it away)", path);
    }
    return {};
}

Result<void> take_rights_from_others(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return make_error(ErrorCode::machine, "{}: cannot stat: {}", path, std::strerror(errno));
    }
    if ((status.st_mode & kOthers) == 0) return {};
    if (::chmod(path.c_str(), status.st_mode & ~kOthers & 07777) != 0) {
        return make_error(ErrorCode::machine, "{}: others can read it and it cannot be changed: {}",
                          path, std::strerror(errno));
    }
    return {};
}

// What the holder wrote into the lock file, for the message only.
std::string holder(int fd) {
    std::array<char, 16> text{};
    const ssize_t n = ::pread(fd, text.data(), text.size(), 0);
    const std::string_view read(text.data(), n > 0 ? static_cast<size_t>(n) : 0);
    const std::string_view digits = read.substr(0, read.find_first_not_of("0123456789"));
    return digits.empty() ? "another process" : fmt::format("process {}", digits);
}

}  // namespace

Result<DataDir> DataDir::resolve(const DirectoryEnvironment& environment) {
    DataDir dir;
    if (!environment.hearth_home.empty()) {
        std::error_code error;
        const std::string root = std::filesystem::absolute(environment.hearth_home, error).string();
        if (error) {
            return make_error(ErrorCode::machine, "{}: cannot tell where it is: {}",
                              environment.hearth_home, error.message());
        }
        dir.config_ = dir.data_ = dir.state_ = root;
        dir.cache_ = root + "/cache";
        dir.runtime_ = root + "/run";
        dir.tighten_ = false;
        return dir;
    }
    const std::string& home = environment.home;
    const bool xdg_is_enough = environment.xdg_config_home.starts_with('/') &&
                               environment.xdg_data_home.starts_with('/') &&
                               environment.xdg_state_home.starts_with('/') &&
                               environment.xdg_cache_home.starts_with('/');
    if (!xdg_is_enough && !home.starts_with('/')) {
        return make_error(ErrorCode::usage,
                          "no home folder: HOME is not set (set HOME or HEARTH_HOME)");
    }
    dir.config_ = xdg_folder(environment.xdg_config_home, home, "/.config");
    dir.data_ = xdg_folder(environment.xdg_data_home, home, "/.local/share");
    dir.state_ = xdg_folder(environment.xdg_state_home, home, "/.local/state");
    dir.cache_ = xdg_folder(environment.xdg_cache_home, home, "/.cache");
    const std::string& runtime = environment.xdg_runtime_dir;
    dir.runtime_ = runtime.starts_with('/') ? runtime + "/hearth" : dir.state_ + "/run";
    return dir;
}

Result<void> DataDir::create() const {
    for (const std::string* folder : {&config_, &data_, &state_, &cache_}) {
        HEARTH_TRY_VOID(make_folders(*folder));
        if (tighten_) HEARTH_TRY_VOID(take_rights_from_others(*folder));
    }
    return {};
}

Result<void> DataDir::create_runtime() const {
    HEARTH_TRY_VOID(make_folders(runtime_));
    return take_rights_from_others(runtime_);
}

Result<void> DataDir::create_packs() const {
    HEARTH_TRY_VOID(create());
    HEARTH_TRY_VOID(make_folders(packs()));
    return take_rights_from_others(packs());
}

Result<void> DataDir::create_plans() const {
    HEARTH_TRY_VOID(create_packs());
    HEARTH_TRY_VOID(make_folders(plans()));
    return take_rights_from_others(plans());
}

Result<DataLock> DataLock::acquire(const DataDir& dir) {
    const std::string path = dir.lock_file();
    Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kFileMode));
    if (!fd) {
        return make_error(ErrorCode::machine, "{}: cannot open: {}", path, std::strerror(errno));
    }
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) {
            return make_error(ErrorCode::machine, "{}: cannot lock: {}", path,
                              std::strerror(errno));
        }
        return make_error(
            ErrorCode::machine,
            "{}: in use by another hearth, {} (end it first; reading works meanwhile)", dir.data(),
            holder(fd.get()));
    }
    // The number is a courtesy to whoever is refused: the lock itself does not depend on it.
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(fd.get(), 0) != 0 || ::pwrite(fd.get(), pid.data(), pid.size(), 0) < 0) {
        return make_error(ErrorCode::machine, "{}: cannot write: {}", path, std::strerror(errno));
    }
    return DataLock(std::move(fd));
}

Result<void> make_private_folder(const std::string& path) {
    return make_folders(path);
}

Result<void> make_private_file(const std::string& path) {
    const Fd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, kFileMode));
    if (!fd) {
        return make_error(ErrorCode::machine, "{}: cannot open for writing: {}", path,
                          std::strerror(errno));
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return make_error(ErrorCode::machine, "{}: is not a regular file (move it away)", path);
    }
    return take_rights_from_others(path);
}

}  // namespace hearth
