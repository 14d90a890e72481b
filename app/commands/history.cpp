// hearth history: the conversations on this machine, without an engine.
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/commands/commands.h"
#include "app/transcript.h"
#include "storage/store.h"

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;
using Action = HistoryArguments::Action;

constexpr size_t kAll = 1'000'000;

Result<void> list(const HistoryArguments& arguments, Conversations& conversations, Output& out) {
    HEARTH_TRY(const auto summaries, conversations.list(kAll));
    for (const ConversationSummary& summary : summaries) {
        const Conversation& one = summary.conversation;
        if (!arguments.json) {
            HEARTH_TRY_VOID(out.print(list_line(summary)));
            continue;
        }
        const Json json{{"id", number(one.id)},         {"uid", one.uid},
                        {"title", one.title},           {"model", one.model},
                        {"created_ms", one.created_ms}, {"updated_ms", one.updated_ms},
                        {"messages", summary.messages}};
        HEARTH_TRY_VOID(out.write(
            json.dump(-1, ' ', out.is_terminal(), Json::error_handler_t::replace) + "\n"));
    }
    if (summaries.empty() && !arguments.json) {
        return out.print(SafeText::literal("no conversations yet (hearth begins one)\n"));
    }
    return {};
}

Result<void> show(const Conversation& conversation, Conversations& conversations, Output& out) {
    HEARTH_TRY(const auto messages, conversations.path(conversation.id));
    return out.print_text(as_text(conversation, messages));
}

Result<void> export_document(const HistoryArguments& arguments, const Conversation& conversation,
                             Conversations& conversations, Output& out) {
    if (arguments.format == "json") {
        HEARTH_TRY(const auto messages, conversations.tree(conversation.id));
        return out.write(as_json(conversation, messages, out.is_terminal()));
    }
    HEARTH_TRY(const auto messages, conversations.path(conversation.id));
    return out.print_text(arguments.format == "txt" ? as_text(conversation, messages)
                                                    : as_markdown(conversation, messages));
}

// Asks on a terminal; without one only --yes deletes.
Result<bool> may_delete(const HistoryArguments& arguments, const Conversation& conversation,
                        Output& err) {
    if (arguments.yes) return true;
    if (::isatty(STDIN_FILENO) != 1 || !err.is_terminal()) {
        return make_error(ErrorCode::usage, "history delete: nobody to ask (--yes deletes {})",
                          number(conversation.id));
    }
    HEARTH_TRY_VOID(err.print(SafeText::literal("delete ") + quoted_title(conversation) +
                              SafeText::literal(" for good? [y/N] ")));
    std::string answer;
    std::getline(std::cin, answer);
    return answer == "y" || answer == "Y" || answer == "yes";
}

Result<void> remove(const HistoryArguments& arguments, const Conversation& conversation,
                    Conversations& conversations, const Program& program) {
    HEARTH_TRY(const bool yes, may_delete(arguments, conversation, program.err));
    if (!yes) return program.err.print(SafeText::literal("kept\n"));
    HEARTH_TRY_VOID(conversations.remove(conversation.id));
    return program.err.print(SafeText::literal("deleted ") + quoted_title(conversation) +
                             SafeText::literal("\n"));
}

Result<void> history(const HistoryArguments& arguments, const Program& program) {
    if (!program.data_dir) return tl::unexpected(program.data_dir.error());
    const Access access = arguments.action == Action::remove ? Access::write : Access::read;
    HEARTH_TRY(const auto store, Store::open(*program.data_dir, access));
    Conversations& conversations = store->conversations();
    if (arguments.action == Action::list) return list(arguments, conversations, program.out);
    HEARTH_TRY(const Conversation conversation, conversations.find(arguments.conversation));
    switch (arguments.action) {
        case Action::show:
            return show(conversation, conversations, program.out);
        case Action::export_:
            return export_document(arguments, conversation, conversations, program.out);
        case Action::remove:
            return remove(arguments, conversation, conversations, program);
        case Action::list:
            break;
    }
    return {};
}

}  // namespace

Result<int> history_command(const HistoryArguments& arguments, const Program& program) {
    HEARTH_TRY_VOID(history(arguments, program));
    return kExitDone;
}

}  // namespace hearth
