// What a person can ask of a chat beside talking: characters, and files that go along or are saved.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/attachments.h"
#include "app/chat_controller.h"
#include "app/code_blocks.h"
#include "engine/base/file.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

constexpr std::string_view kNoCharacter = "no character takes part (/char NAME begins with one)";

using Json = nlohmann::json;

std::string text_of(const Json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

bool is_true(const Json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

Result<void> write_new_file(const std::string& path, std::string_view text) {
    const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd) {
        return make_error(ErrorCode::machine, "{}: cannot make it: {}", printable_path(path),
                          std::strerror(errno));
    }
    while (!text.empty()) {
        const ssize_t n = ::write(fd.get(), text.data(), text.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            return make_error(ErrorCode::machine, "{}: cannot write it: {}", printable_path(path),
                              std::strerror(errno));
        }
        text.remove_prefix(static_cast<size_t>(n));
    }
    return {};
}

}  // namespace

// --- characters ----------------------------------------------------------------------------------

Result<void> ChatController::begin_character(const std::string& name) {
    HEARTH_TRY(StoredCharacter stored, store_.characters().get(name));
    HEARTH_TRY(RolePlay role_play,
               begin_role_play(std::move(stored.card), options_.user_name, options_.persona));
    HEARTH_TRY_VOID(chat_->begin_role_play(std::move(role_play)));
    const RolePlay& now = *chat_->role_play();
    const size_t n = greetings(now).size();
    face_.note(fmt::format(
        "a new conversation with {}{}", printable(now.card.name, 80),
        n > 1 ? fmt::format("; {} greetings, /swipe + shows the next", n) : std::string()));
    face_.opened();
    return {};
}

Result<void> ChatController::tell_character() {
    const RolePlay* now = chat_->role_play();
    if (now == nullptr) {
        HEARTH_TRY(const auto all, store_.characters().list());
        std::string names;
        for (const StoredCharacter& one : all) names += "  " + one.name + "\n";
        if (names.empty()) names = "  none yet (hearth char import CARD.png)\n";
        face_.page("characters", names);
        return {};
    }
    face_.page(now->card.name, system_text(*now, chat_->system()));
    return {};
}

Result<void> ChatController::persona(const std::string& text) {
    if (chat_->role_play() == nullptr) return make_error(ErrorCode::usage, "{}", kNoCharacter);
    RolePlay changed = *chat_->role_play();
    if (!text.empty()) {
        changed.persona = text == "off" ? "" : text;
        HEARTH_TRY_VOID(chat_->change_role_play(changed));
    }
    face_.note(changed.persona.empty() ? "no persona" : "persona: " + changed.persona);
    return {};
}

Result<void> ChatController::author_note(const std::string& text) {
    if (chat_->role_play() == nullptr) return make_error(ErrorCode::usage, "{}", kNoCharacter);
    RolePlay changed = *chat_->role_play();
    if (!text.empty()) {
        changed.note = text == "off" ? "" : text;
        HEARTH_TRY_VOID(chat_->change_role_play(changed));
    }
    face_.note(changed.note.empty() ? "no author's note" : "author's note: " + changed.note);
    return {};
}

Result<void> ChatController::lore() {
    std::string lines;
    const auto& messages = chat_->messages();
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
        if (message->role != Role::user) continue;
        for (const Part& part : message->parts) {
            if (part.kind != kLorePart) continue;
            const Json why = Json::parse(part.meta, nullptr, /*allow_exceptions=*/false);
            if (!why.is_array()) continue;
            for (const auto& one : why) {
                const std::string key = text_of(one, "key");
                lines += fmt::format("  {}: {}{}\n", text_of(one, "name"),
                                     key.empty() ? "always" : "for '" + key + "'",
                                     is_true(one, "in") ? "" : ", left out: the budget is full");
            }
        }
        break;
    }
    if (lines.empty()) lines = "  the last message called up nothing new\n";
    face_.page("lore", lines);
    return {};
}

// --- files ---------------------------------------------------------------------------------------

Result<void> ChatController::read(const std::string& spec) {
    HEARTH_TRY(const Attachment file, read_attachment(spec));
    files_.push_back(to_part(file));
    chat_->count_tokens(fmt::format("{} ({} lines)", file.path, file.lines), file.text);
    return {};
}

Result<void> ChatController::glob(const std::string& pattern) {
    HEARTH_TRY(const auto names, find_files(pattern));
    if (names.empty()) {
        return make_error(ErrorCode::usage, "'{}': names no file", printable(pattern));
    }
    std::vector<Part> parts;
    std::string all;
    for (const std::string& name : names) {
        HEARTH_TRY(const Attachment file, read_attachment(name));
        all += file.text;
        parts.push_back(to_part(file));
    }
    files_.insert(files_.end(), parts.begin(), parts.end());
    chat_->count_tokens(fmt::format("{} files ({})", names.size(), fmt::join(names, ", ")), all);
    return {};
}

Result<std::vector<Part>> ChatController::take_files(const std::string& message) {
    HEARTH_TRY(const auto mentioned, mentioned_files(message));
    std::vector<Part> files = std::exchange(files_, {});
    for (const Attachment& file : mentioned) files.push_back(to_part(file));
    return files;
}

Result<void> ChatController::save_code(const std::string& argument) {
    const auto& messages = chat_->messages();
    const auto blocks =
        messages.empty() ? std::vector<CodeBlock>() : code_blocks(messages.back().content);
    if (blocks.empty()) return make_error(ErrorCode::usage, "the last answer holds no code block");
    size_t wanted = blocks.size();
    std::string path = argument;
    const auto [end, error] =
        std::from_chars(argument.data(), argument.data() + argument.size(), wanted);
    const bool numbered =
        error == std::errc() && end != argument.data() + argument.size() && *end == ' ';
    if (numbered) path = argument.substr(argument.find_first_not_of(' ', argument.find(' ')));
    if (!numbered) wanted = blocks.size();
    if (path.empty() || wanted < 1 || wanted > blocks.size()) {
        return make_error(ErrorCode::usage, "/save [N] FILE, N from 1 to {} (the last without it)",
                          blocks.size());
    }
    HEARTH_TRY_VOID(write_new_file(path, blocks[wanted - 1].text));
    face_.note(fmt::format("code block {} of {} saved as {}", wanted, blocks.size(),
                           printable_path(path)));
    return {};
}

}  // namespace hearth
