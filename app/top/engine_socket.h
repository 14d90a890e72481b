// The Unix socket over which a chat tells `hearth top` what its engine does: one JSON object a line
// (app/ui/dashboard_json.h), a few times a second, read-only. It lies in the runtime folder as
// "engine-PID.sock", mode 0600, and only the same user is answered.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/file.h"
#include "engine/base/result.h"

namespace hearth {

class EngineServer {
  public:
    // Listens in `folder`, which exists. machine where that cannot be.
    static Result<EngineServer> create(const std::string& folder);
    ~EngineServer();  // takes the socket away
    EngineServer(EngineServer&& other) noexcept = default;
    EngineServer& operator=(EngineServer&&) = delete;

    int fd() const { return listener_.get(); }
    // Takes in whoever waits at fd().
    void accept();
    bool has_clients() const { return !clients_.empty(); }
    // Sends a line to everybody; who is slower than the lines gets only some of them. Never waits.
    void tell(std::string_view line);

  private:
    struct Client {
        Fd fd;
        std::string rest;  // of a line that has not gone out whole
    };
    EngineServer(Fd listener, Fd folder, std::string name);

    Fd listener_;
    Fd folder_;
    std::string name_;  // of the socket in the folder
    std::vector<Client> clients_;
};

class EngineClient {
  public:
    // The chat with that process number, else the one that began last. machine with the next step
    // where there is none.
    static Result<EngineClient> connect(const std::string& folder, std::optional<pid_t> pid);

    int fd() const { return fd_.get(); }
    pid_t server() const { return server_; }
    // The newest whole line that has come, without its end; nullopt: none yet. machine when the
    // chat is gone, bad_file when what it says is no line.
    Result<std::optional<std::string>> read();

  private:
    EngineClient(Fd fd, pid_t server) : fd_(std::move(fd)), server_(server) {}

    Fd fd_;
    pid_t server_;
    std::string buffer_;
};

}  // namespace hearth
