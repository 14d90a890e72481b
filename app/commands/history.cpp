// hearth history: the conversations on this machine, without an engine.
#include "app/commands/history.h"

#include <unistd.h>

#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/line/line_screen.h"
#include "app/transcript.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;
using Action = HistoryArguments::Action;

constexpr size_t kUsualHits = 20;

std::string json_line(const Json& json, const Output& out) {
    return json.dump(-1, ' ', out.is_terminal(), Json::error_handler_t::replace) + "\n";
}

Result<void> list(const HistoryArguments& arguments, Store& store, Output& out) {
    const size_t limit = arguments.limit == 0 ? SIZE_MAX : arguments.limit;
    HEARTH_TRY(const auto summaries,
               store.conversations().list(ListFilter{.limit = limit, .tag = arguments.tag}));
    for (const ConversationSummary& summary : summaries) {
        const Conversation& one = summary.conversation;
        if (!arguments.json) {
            HEARTH_TRY_VOID(out.print(list_line(summary)));
            continue;
        }
        const Json json{{"id", number(one.id)},         {"uid", one.uid},
                        {"title", one.title},           {"model", one.model},
                        {"created_ms", one.created_ms}, {"updated_ms", one.updated_ms},
                        {"messages", summary.messages}, {"tags", summary.tags}};
        HEARTH_TRY_VOID(out.write(json_line(json, out)));
    }
    if (summaries.empty() && !arguments.json) {
        return out.print(SafeText::literal(arguments.tag.empty()
                                               ? "no conversations yet (hearth begins one)\n"
                                               : "no conversation has this tag\n"));
    }
    return {};
}

Result<void> search(const HistoryArguments& arguments, Store& store, const Program& program) {
    Output& out = program.out;
    SearchFilter filter;
    filter.limit = arguments.limit == 0 ? kUsualHits : arguments.limit;
    filter.tag = arguments.tag;
    const std::string query = fmt::format("{}", fmt::join(arguments.words, " "));
    HEARTH_TRY(const auto hits, store.search().find(query, filter));
    const Emphasis style = choose_emphasis(program.options.color, out.is_terminal(),
                                           program.environment.term, program.environment.no_color);
    for (const SearchHit& hit : hits) {
        if (!arguments.json) {
            HEARTH_TRY_VOID(out.print(hit_line(hit, style.bold, style.off)));
            continue;
        }
        const Json json{{"conversation", number(hit.conversation.id)},
                        {"uid", hit.conversation.uid},
                        {"title", hit.conversation.title},
                        {"message", hit.message ? Json(number(*hit.message)) : Json(nullptr)},
                        {"role", hit.message ? Json(to_string(hit.role)) : Json(nullptr)},
                        {"created_ms", hit.created_ms},
                        {"excerpt", hit.excerpt}};
        HEARTH_TRY_VOID(out.write(json_line(json, out)));
    }
    if (arguments.json) return {};
    if (hits.empty()) return out.print(SafeText::literal("nothing found\n"));
    if (hits.size() < filter.limit || !out.is_terminal()) return {};
    return out.print(SafeText::literal(fmt::format(
        "the newest {}; -n shows more, hearth history show ID shows all\n", hits.size())));
}

Result<void> show(const Conversation& conversation, Store& store, Output& out) {
    HEARTH_TRY(const auto messages, store.conversations().path(conversation.id));
    return out.print_text(as_text(conversation, messages));
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

Result<void> say(Output& err, std::string_view what, const Conversation& conversation) {
    return err.print(SafeText::literal(what) + SafeText::literal(" ") + quoted_title(conversation) +
                     SafeText::literal("\n"));
}

Result<void> remove(const HistoryArguments& arguments, const Conversation& conversation,
                    Store& store, const Program& program) {
    HEARTH_TRY(const bool yes, may_delete(arguments, conversation, program.err));
    if (!yes) return program.err.print(SafeText::literal("kept\n"));
    HEARTH_TRY_VOID(store.conversations().remove(conversation.id));
    HEARTH_TRY_VOID(store.search().forget_deleted());
    return say(program.err, "deleted", conversation);
}

Result<void> rename(const HistoryArguments& arguments, Conversation conversation, Store& store,
                    Output& err) {
    conversation.title = fmt::format("{}", fmt::join(arguments.words, " "));
    HEARTH_TRY_VOID(store.conversations().rename(conversation.id, conversation.title));
    return say(err, "now", conversation);
}

Result<void> tag(const HistoryArguments& arguments, const Conversation& conversation, Store& store,
                 Output& err) {
    for (std::string_view name : arguments.words) {
        if (name.starts_with('#')) name.remove_prefix(1);
        HEARTH_TRY_VOID(arguments.take_away ? store.conversations().untag(conversation.id, name)
                                            : store.conversations().tag(conversation.id, name));
    }
    HEARTH_TRY(const auto tags, store.conversations().tags(conversation.id));
    return err.print(
        quoted_title(conversation) +
        safe_line(tags.empty() ? " has no tags" : fmt::format(" #{}", fmt::join(tags, " #"))) +
        SafeText::literal("\n"));
}

Result<void> back_up(const HistoryArguments& arguments, Store& store, const DataDir& dir,
                     Output& err) {
    std::string path = arguments.file;
    if (path.empty()) {
        HEARTH_TRY_VOID(make_private_folder(dir.backups()));
        const std::time_t now = std::time(nullptr);
        std::tm local{};
        ::localtime_r(&now, &local);
        char date[32] = "";
        std::strftime(date, sizeof date, "%Y%m%dT%H%M%S", &local);
        path = fmt::format("{}/backup-{}.db", dir.backups(), date);
    }
    HEARTH_TRY_VOID(store.back_up(path));
    return err.print(SafeText::literal("copied to ") + safe_line(path) + SafeText::literal("\n"));
}

bool writes(Action action) {
    return action == Action::remove || action == Action::rename || action == Action::tag ||
           action == Action::import_;
}

Result<void> history(const HistoryArguments& arguments, const Program& program) {
    if (!program.data_dir) return tl::unexpected(program.data_dir.error());
    const DataDir& dir = *program.data_dir;
    HEARTH_TRY(const auto store,
               Store::open(dir, writes(arguments.action) ? Access::write : Access::read));
    switch (arguments.action) {
        case Action::list:
            return list(arguments, *store, program.out);
        case Action::search:
            return search(arguments, *store, program);
        case Action::export_:
            return export_history(arguments, *store, program.out);
        case Action::import_:
            return import_history(arguments, *store, program.err);
        case Action::backup:
            return back_up(arguments, *store, dir, program.err);
        default:
            break;  // the others are about one conversation
    }
    HEARTH_TRY(const Conversation conversation,
               store->conversations().find(arguments.conversation));
    switch (arguments.action) {
        case Action::rename:
            return rename(arguments, conversation, *store, program.err);
        case Action::tag:
            return tag(arguments, conversation, *store, program.err);
        case Action::remove:
            return remove(arguments, conversation, *store, program);
        default:
            return show(conversation, *store, program.out);
    }
}

}  // namespace

Result<int> history_command(const HistoryArguments& arguments, const Program& program) {
    HEARTH_TRY_VOID(history(arguments, program));
    return kExitDone;
}

}  // namespace hearth
