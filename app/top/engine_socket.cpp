#include "app/top/engine_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace hearth {
namespace {

constexpr size_t kMostClients = 8;
constexpr size_t kMaxLineBytes = 4 << 20;
constexpr int kWaiting = 4;
constexpr std::string_view kPrefix = "engine-";
constexpr std::string_view kSuffix = ".sock";

std::string socket_name(pid_t pid) {
    return fmt::format("{}{}{}", kPrefix, pid, kSuffix);
}

std::optional<pid_t> pid_of(std::string_view name) {
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return std::nullopt;
    pid_t pid = 0;
    const char* const end = name.data() + name.size() - kSuffix.size();
    const auto [stop, error] = std::from_chars(name.data() + kPrefix.size(), end, pid);
    return error == std::errc() && stop == end ? std::optional(pid) : std::nullopt;
}

Fd open_folder(const std::string& folder) {
    return Fd(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

// An address has room for 107 bytes, and a home may lie deep: the folder is named by its number.
sockaddr_un address_in(int folder, const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = fmt::format("/proc/self/fd/{}/{}", folder, name);
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

Fd new_socket() {
    return Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

bool is_same_user(int fd) {
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

tl::unexpected<Error> failed(const std::string& folder, const char* what) {
    return make_error(ErrorCode::machine, "{}: {}: {}", folder, what, std::strerror(errno));
}

// Sends what goes out without waiting; false: nobody reads any more.
bool send_some(int fd, std::string& bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
        bytes.erase(0, static_cast<size_t>(n));
    }
    return true;
}

// The processes that have a socket there, the one that began last at the end.
std::vector<pid_t> servers_in(const std::string& folder) {
    std::vector<std::pair<std::filesystem::file_time_type, pid_t>> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const auto pid = pid_of(entry->path().filename().string());
        if (pid) found.emplace_back(entry->last_write_time(error), *pid);
    }
    std::sort(found.begin(), found.end());
    std::vector<pid_t> pids;
    for (const auto& [time, pid] : found) pids.push_back(pid);
    return pids;
}

}  // namespace

// --- the chat's side -----------------------------------------------------------------------------

EngineServer::EngineServer(Fd listener, Fd folder, std::string name)
    : listener_(std::move(listener)), folder_(std::move(folder)), name_(std::move(name)) {}

Result<EngineServer> EngineServer::create(const std::string& folder) {
    Fd at = open_folder(folder);
    if (!at) return failed(folder, "cannot be opened");
    Fd listener = new_socket();
    if (!listener) return failed(folder, "no socket");
    const std::string name = socket_name(::getpid());
    ::unlinkat(at.get(), name.c_str(), 0);  // of a process that had our number
    const sockaddr_un address = address_in(at.get(), name);
    if (::fchmod(listener.get(), S_IRUSR | S_IWUSR) != 0 ||
        ::bind(listener.get(), generic(address), sizeof address) != 0) {
        return failed(folder, "cannot hold a socket");
    }
    EngineServer server(std::move(listener), std::move(at), name);
    const bool listens =
        ::fchmodat(server.folder_.get(), name.c_str(), S_IRUSR | S_IWUSR, 0) == 0 &&
        ::listen(server.listener_.get(), kWaiting) == 0;
    if (!listens) return failed(folder, "cannot listen");
    return server;
}

EngineServer::~EngineServer() {
    if (folder_) ::unlinkat(folder_.get(), name_.c_str(), 0);
}

void EngineServer::accept() {
    while (true) {
        Fd client(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!client) return;
        if (clients_.size() == kMostClients || !is_same_user(client.get())) continue;
        clients_.push_back({std::move(client), ""});
    }
}

void EngineServer::tell(std::string_view line) {
    std::erase_if(clients_, [&](Client& client) {
        if (client.rest.empty()) client.rest = std::string(line) + '\n';
        return !send_some(client.fd.get(), client.rest);
    });
}

// --- the side of `hearth top` --------------------------------------------------------------------

Result<EngineClient> EngineClient::connect(const std::string& folder, std::optional<pid_t> pid) {
    std::vector<pid_t> servers = servers_in(folder);
    if (pid) servers = {*pid};
    const Fd at = open_folder(folder);
    while (at && !servers.empty()) {
        const sockaddr_un address = address_in(at.get(), socket_name(servers.back()));
        Fd socket = new_socket();
        if (socket && ::connect(socket.get(), generic(address), sizeof address) == 0) {
            return EngineClient(std::move(socket), servers.back());
        }
        servers.pop_back();  // one that died left its socket behind
    }
    if (pid) return make_error(ErrorCode::machine, "top: process {} is no chat of yours", *pid);
    return make_error(ErrorCode::machine,
                      "top: no chat is running (start hearth in another terminal)");
}

Result<std::optional<std::string>> EngineClient::read() {
    std::array<char, 64 * 1024> bytes{};
    while (true) {
        const ssize_t n = ::recv(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
        if (n <= 0) return make_error(ErrorCode::machine, "top: the chat has ended");
        buffer_.append(bytes.data(), static_cast<size_t>(n));
        if (buffer_.size() > kMaxLineBytes) {
            return make_error(ErrorCode::bad_file, "top: a line of more than {} bytes",
                              kMaxLineBytes);
        }
    }
    const size_t end = buffer_.rfind('\n');
    if (end == std::string::npos) return std::nullopt;
    const size_t before = end == 0 ? std::string::npos : buffer_.rfind('\n', end - 1);
    const size_t begin = before == std::string::npos ? 0 : before + 1;
    std::string line = buffer_.substr(begin, end - begin);
    buffer_.erase(0, end + 1);
    return line;
}

}  // namespace hearth
