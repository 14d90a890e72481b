// MessageTree: which message answers which, without their texts. Answers beside each other are
// variants (swipes); an edit is a variant of what the person said.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "storage/conversations.h"

namespace hearth {

// A message's place among those beside it.
struct Variants {
    size_t index = 0;
    size_t count = 1;
};

class MessageTree {
  public:
    void clear() { nodes_.clear(); }
    // Parents before children, as they were written.
    void add(const Message& message) { nodes_.push_back({message.id, message.parent}); }

    // One of 1 for a message that is not in the tree.
    Variants variants(MessageId id) const;
    // The message `step` places beside it; nullopt past the ends.
    std::optional<MessageId> beside(MessageId id, int step) const;
    // The end of the branch below a message that was written last.
    MessageId newest_leaf(MessageId id) const;

  private:
    struct Node {
        MessageId id{};
        std::optional<MessageId> parent;
    };
    std::vector<MessageId> siblings(MessageId id) const;

    std::vector<Node> nodes_;
};

}  // namespace hearth
