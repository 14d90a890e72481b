#include "app/attachments.h"

#include <fnmatch.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/prompt.h"
#include "engine/base/file.h"
#include "engine/base/printable.h"
#include "engine/base/utf8.h"

namespace hearth {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxFileBytes = size_t{4} << 20;
constexpr size_t kMaxFiles = 200;
constexpr size_t kMaxVisited = 200'000;
constexpr std::string_view kPatternSigns = "*?[";

struct Lines {
    size_t first = 1;
    size_t last = SIZE_MAX;
};

std::optional<size_t> number(std::string_view text) {
    size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value == 0) return std::nullopt;
    return value;
}

// "path:10-80" into its path and lines; the whole is a path where it does not end so.
std::pair<std::string, std::optional<Lines>> split_lines(std::string_view spec) {
    const size_t colon = spec.rfind(':');
    if (colon == std::string_view::npos) return {std::string(spec), std::nullopt};
    const std::string_view range = spec.substr(colon + 1);
    const size_t dash = range.find('-');
    const auto first = number(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number(range.substr(dash + 1));
    if (!first || !last || *last < *first) return {std::string(spec), std::nullopt};
    return {std::string(spec.substr(0, colon)), Lines{*first, *last}};
}

std::string cut_lines(std::string_view text, const Lines& lines) {
    std::string cut;
    size_t line = 1;
    while (!text.empty() && line <= lines.last) {
        const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        if (line >= lines.first) cut += text.substr(0, end);
        text.remove_prefix(end);
        ++line;
    }
    return cut;
}

bool is_file(const std::string& path) {
    std::error_code error;
    return fs::is_regular_file(path, error);
}

// The patterns of a folder's .gitignore; negations and comments are left out.
std::vector<std::string> ignored_patterns(const fs::path& folder) {
    std::vector<std::string> patterns;
    const auto content = read_text_file((folder / ".gitignore").string(), 64 * 1024);
    if (!content) return patterns;
    for (size_t begin = 0; begin < content->size();) {
        const size_t end = std::min(content->find('\n', begin), content->size());
        std::string line = content->substr(begin, end - begin);
        begin = end + 1;
        while (!line.empty() && (line.back() == '/' || line.back() == ' ' || line.back() == '\r')) {
            line.pop_back();
        }
        if (line.starts_with('/')) line.erase(0, 1);
        if (!line.empty() && line[0] != '#' && line[0] != '!') patterns.push_back(line);
    }
    return patterns;
}

bool is_ignored(const std::string& relative, const std::string& name,
                const std::vector<std::string>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& pattern) {
        return ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0 ||
               ::fnmatch(pattern.c_str(), relative.c_str(), FNM_PATHNAME) == 0;
    });
}

// fnmatch with ** for any number of folders: "a/**/b" is also "a/b".
bool matches(const std::string& pattern, const std::string& path) {
    if (pattern.find("**") == std::string::npos) {
        return ::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
    }
    std::string direct = pattern;
    const size_t at = direct.find("**/");
    if (at != std::string::npos && matches(direct.erase(at, 3), path)) return true;
    return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0;
}

}  // namespace

Result<Attachment> read_attachment(std::string_view spec) {
    auto [path, lines] = split_lines(spec);
    if (is_file(std::string(spec))) {
        path = spec;
        lines.reset();
    }
    HEARTH_TRY(std::string text, read_text_file(path, kMaxFileBytes));
    if (text.find('\0') != std::string::npos || !is_valid_utf8(text)) {
        return make_error(ErrorCode::usage, "{}: is not a text in UTF-8", printable_path(path));
    }
    if (lines) {
        text = cut_lines(text, *lines);
        if (text.empty()) {
            return make_error(ErrorCode::usage, "{}: has no line {}", printable_path(path),
                              lines->first);
        }
    }
    auto n = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
    if (!text.empty() && text.back() != '\n') ++n;
    return Attachment{std::string(spec), std::move(text), n};
}

Result<std::vector<std::string>> find_files(std::string_view pattern) {
    // The folder before the first sign is where to begin.
    const size_t sign = pattern.find_first_of(kPatternSigns);
    const size_t slash = pattern.substr(0, sign).rfind('/');
    const std::string root(slash == std::string_view::npos ? "." : pattern.substr(0, slash + 1));
    const std::string wanted(slash == std::string_view::npos ? pattern : pattern.substr(slash + 1));
    const auto ignored = ignored_patterns(root);
    std::vector<std::string> found;
    std::error_code error;
    size_t visited = 0;
    fs::recursive_directory_iterator entry(root, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const std::string relative = entry->path().lexically_relative(root).string();
        if (name.starts_with('.') || is_ignored(relative, name, ignored)) {
            entry.disable_recursion_pending();
            continue;
        }
        if (++visited > kMaxVisited) break;
        std::error_code stat_error;
        if (!entry->is_regular_file(stat_error) || !matches(wanted, relative)) continue;
        found.push_back(slash == std::string_view::npos ? relative : entry->path().string());
        if (found.size() > kMaxFiles) {
            return make_error(ErrorCode::usage, "'{}': more than {} files", printable(pattern),
                              kMaxFiles);
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

Result<std::vector<Attachment>> mentioned_files(std::string_view message) {
    constexpr std::string_view kBlank = " \t\r\n";
    std::vector<Attachment> files;
    while (true) {
        const size_t begin = message.find_first_not_of(kBlank);
        if (begin == std::string_view::npos) return files;
        message.remove_prefix(begin);
        std::string_view word = message.substr(0, message.find_first_of(kBlank));
        message.remove_prefix(word.size());
        if (!word.starts_with('@') || word.size() == 1) continue;
        word.remove_prefix(1);
        // "what does @a.cpp, do?": a sign behind the name is not part of it.
        while (!word.empty() && !is_file(split_lines(word).first) &&
               std::string_view(".,;:!?)").find(word.back()) != std::string_view::npos) {
            word.remove_suffix(1);
        }
        std::vector<std::string> specs{std::string(word)};
        if (word.find_first_of(kPatternSigns) != std::string_view::npos &&
            !is_file(std::string(word))) {
            HEARTH_TRY(specs, find_files(word));
        } else if (!is_file(split_lines(word).first) && !is_file(std::string(word))) {
            continue;
        }
        for (const std::string& spec : specs) {
            const bool twice = std::any_of(files.begin(), files.end(),
                                           [&](const Attachment& one) { return one.path == spec; });
            if (twice) continue;
            HEARTH_TRY(Attachment file, read_attachment(spec));
            files.push_back(std::move(file));
        }
    }
}

Part to_part(const Attachment& attachment) {
    const nlohmann::json meta{{"path", attachment.path}, {"lines", attachment.lines}};
    return {std::string(kFilePart), attachment.text,
            meta.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

}  // namespace hearth
