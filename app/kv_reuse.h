// KvReuse: what a session computed for one conversation survives the next one, and the program.
//
// Before a prompt is read, the snapshot that shares the most tokens with it is given back to the
// session, when that saves more than it costs. Before a conversation is displaced by another, and
// when the program ends, it is kept. Failing is quiet: whatever is wrong with a snapshot, the
// prompt is computed. Used by the engine thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "storage/kv_snapshots.h"

namespace hearth {

struct KvReuseOptions {
    std::string folder = "";  // "" = no snapshots
    uint64_t max_bytes = 0;   // of all files in it
};

class KvReuse {
  public:
    // The session outlives it.
    static Result<KvReuse> create(Session& session, const KvReuseOptions& options);

    // Call before prefill().
    void prepare(std::span<const Token> prompt);
    // Keeps what the session holds, unless it is kept already or too little.
    void keep();

  private:
    KvReuse(Session& session, KvSnapshots snapshots, std::string key)
        : session_(&session), snapshots_(std::move(snapshots)), key_(std::move(key)) {}

    Session* session_;
    KvSnapshots snapshots_;
    std::string key_;
    std::vector<Token> kept_;  // what is on the disk
};

}  // namespace hearth
