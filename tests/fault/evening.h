// A person's evening with hearth, as the store sees it: what the fault tests let go wrong.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/store.h"

namespace hearth {

// The evening, step by step: a first start, a question, an answer that grows, a conversation made
// and deleted, a second start. A step that failed may be made again.
class Evening {
  public:
    explicit Evening(const DataDir& dir) : dir_(dir) {}
    std::vector<std::function<Result<void>()>> steps();

  private:
    Conversations& conversations() { return store_->conversations(); }
    Result<MessageId> append(std::optional<MessageId> parent, Role role, std::string_view text);

    DataDir dir_;
    std::unique_ptr<Store> store_;
    Conversation conversation_;
    Conversation other_;
    MessageId question_{};
    MessageId answer_{};
    std::vector<ConversationSummary> list_;
    std::vector<Message> path_;
    std::vector<SearchHit> hits_;
};

// Everything that the next start finds in the store, as text without times: equal snapshots, equal
// stores. Begins with what SQLite's integrity check says.
std::string snapshot(const DataDir& dir);

}  // namespace hearth
