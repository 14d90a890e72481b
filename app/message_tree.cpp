#include "app/message_tree.h"

#include <algorithm>

namespace hearth {

std::vector<MessageId> MessageTree::siblings(MessageId id) const {
    const auto self =
        std::find_if(nodes_.begin(), nodes_.end(), [&](const Node& n) { return n.id == id; });
    if (self == nodes_.end()) return {id};
    std::vector<MessageId> found;
    for (const Node& node : nodes_) {
        if (node.parent == self->parent) found.push_back(node.id);
    }
    return found;
}

Variants MessageTree::variants(MessageId id) const {
    const std::vector<MessageId> all = siblings(id);
    const auto self = std::find(all.begin(), all.end(), id);
    return {static_cast<size_t>(self - all.begin()), all.size()};
}

std::optional<MessageId> MessageTree::beside(MessageId id, int step) const {
    const std::vector<MessageId> all = siblings(id);
    const auto self = std::find(all.begin(), all.end(), id) - all.begin();
    const auto wanted = self + step;
    if (wanted < 0 || wanted >= static_cast<std::ptrdiff_t>(all.size())) return std::nullopt;
    return all[static_cast<size_t>(wanted)];
}

MessageId MessageTree::newest_leaf(MessageId id) const {
    MessageId leaf = id;
    while (true) {
        // The newest child stands last.
        const auto child = std::find_if(nodes_.rbegin(), nodes_.rend(),
                                        [&](const Node& node) { return node.parent == leaf; });
        if (child == nodes_.rend()) return leaf;
        leaf = child->id;
    }
}

}  // namespace hearth
