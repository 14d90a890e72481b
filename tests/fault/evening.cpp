#include "tests/fault/evening.h"

#include <utility>

namespace hearth {

namespace {

template <typename Value>
Result<void> keep(Value& to, Result<Value> from) {
    HEARTH_TRY(to, std::move(from));
    return {};
}

// Larger than a page, so that growing allocates.
const std::string& long_text() {
    static const std::string text(20000, 'x');
    return text;
}

std::string integrity(const DataDir& dir) {
    auto database = Database::open(dir.database(), Access::read);
    if (!database) return database.error().message;
    auto check = database->query("PRAGMA integrity_check");
    if (!check) return check.error().message;
    const auto found = check->next();
    return found ? check->text(0) : found.error().message;
}

std::string words(const Message& message, Store& store) {
    const auto turns = store.run_stats().of_message(message.id);
    return fmt::format("  {} below {} {} {} '{}' {} bytes, turns {}: {}\n", number(message.id),
                       message.parent ? number(*message.parent) : 0, to_string(message.role),
                       to_string(message.state), message.stop_reason, message.content.size(),
                       turns ? turns->size() : 999, message.content.substr(0, 20));
}

}  // namespace

std::vector<std::function<Result<void>()>> Evening::steps() {
    return {
        [this] { return keep(store_, Store::open(dir_, Access::write)); },
        [this] { return keep(conversation_, conversations().create("tiny")); },
        [this] { return keep(question_, append(std::nullopt, Role::user, "question")); },
        [this] { return keep(answer_, append(question_, Role::assistant, "")); },
        [this] { return conversations().grow(answer_, "ans"); },
        [this] { return conversations().grow(answer_, long_text()); },
        [this] {
            return conversations().finish(answer_, {MessageState::done, "answer", "length"});
        },
        [this] { return store_->run_stats().record(answer_, {}); },
        [this] { return keep(list_, conversations().list(10)); },
        [this] { return keep(other_, conversations().create("tiny")); },
        [this] { return conversations().tag(conversation_.id, "evening"); },
        [this] { return keep(hits_, store_->search().find("answ", {})); },
        [this] { return conversations().remove(other_.id); },
        [this] {
            store_.reset();
            return Result<void>{};
        },
        [this] { return keep(store_, Store::open(dir_, Access::write)); },
        [this] { return keep(path_, conversations().path(conversation_.id)); },
    };
}

Result<MessageId> Evening::append(std::optional<MessageId> parent, Role role,
                                  std::string_view text) {
    const auto state = role == Role::user ? MessageState::done : MessageState::draft;
    return conversations().append({conversation_.id, parent, role, text, state, "tiny"});
}

std::string snapshot(const DataDir& dir) {
    const auto store = Store::open(dir, Access::write);
    if (!store) return store.error().message;
    Conversations& conversations = (*store)->conversations();
    std::string all = fmt::format("integrity {}\n", integrity(dir));
    const auto list = conversations.list(100);
    if (!list) return list.error().message;
    for (const auto& [conversation, messages, preview, tags] : *list) {
        all += fmt::format("{} '{}' leaf {}, messages {} {}: {}\n", number(conversation.id),
                           conversation.title, conversation.leaf ? number(*conversation.leaf) : 0,
                           messages, fmt::join(tags, ","), preview.substr(0, 20));
        const auto tree = conversations.tree(conversation.id);
        if (!tree) return tree.error().message;
        for (const Message& message : *tree) all += words(message, **store);
    }
    for (const char* word : {"question", "answ", "xxxxx"}) {
        const auto hits = (*store)->search().find(word, {});
        all += fmt::format("'{}' found {}\n", word, hits ? hits->size() : 999);
    }
    return all;
}

}  // namespace hearth
