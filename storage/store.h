// Store: one person's database, opened. The only thing of storage that the program makes.
//
//   auto dir = DataDir::resolve(environment);
//   auto store = Store::open(*dir, Access::write);
//   auto conversation = (*store)->conversations().create("stories");
//
// One process writes at a time (DataLock). Others may read meanwhile: a reader takes no lock, never
// writes and never checkpoints, so `hearth history` works beside a running chat. One thread uses a
// Store.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "engine/base/result.h"
#include "storage/archive.h"
#include "storage/characters.h"
#include "storage/conversations.h"
#include "storage/data_dir.h"
#include "storage/database.h"
#include "storage/run_stats.h"
#include "storage/search.h"

namespace hearth {

class Store {
  public:
    // write: makes the folders and the database where they are missing, takes the lock, brings an
    // older schema up to date (after a backup), stops drafts that a dead program left.
    // read: touches nothing but an older schema; where no database is yet, there are no
    // conversations.
    // Errors: machine when another hearth writes or the disk says no; bad_file when the database is
    // not ours, damaged, or newer than this program.
    static Result<std::unique_ptr<Store>> open(const DataDir& dir, Access access);

    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    Conversations& conversations() { return conversations_; }
    RunStatsLog& run_stats() { return run_stats_; }
    Search& search() { return search_; }
    Characters& characters() { return characters_; }
    Archive& archive() { return archive_; }

    // Looks through the whole database; bad_file with the first thing that is wrong.
    Result<void> check();

    // A copy of the whole database at `path`, which must not exist: safe while a chat is writing.
    // The copy is complete or not there.
    Result<void> back_up(const std::string& path);

    // Answers that were growing when the program died, newest first; now stopped. Offer to
    // continue them (Conversations::resume).
    const std::vector<Message>& interrupted() const { return interrupted_; }

  private:
    Store(std::optional<DataLock> lock, Database database)
        : lock_(std::move(lock)), database_(std::move(database)) {}

    std::optional<DataLock> lock_;  // absent when reading; outlives the database
    Database database_;
    Conversations conversations_{database_};
    RunStatsLog run_stats_{database_};
    Search search_{database_};
    Characters characters_{database_};
    Archive archive_{database_, conversations_, run_stats_};
    std::vector<Message> interrupted_;
};

}  // namespace hearth
