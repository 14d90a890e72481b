#include "app/config_theme.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <sstream>

#include "engine/base/file.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

constexpr size_t kMaxThemeBytes = 64 * 1024;

constexpr std::array<std::string_view, kInks> kInkNames{
    "text",    "dim",    "accent", "user", "heading", "code",  "keyword", "string",
    "comment", "number", "link",   "good", "warning", "error", "bar",     "select"};

constexpr std::array<std::string_view, 8> kColors{"black", "red",     "green", "yellow",
                                                  "blue",  "magenta", "cyan",  "white"};

Result<int> parse_color(std::string_view word) {
    if (word == "default") return kDefaultColor;
    const bool bright = word.starts_with("bright-");
    const std::string_view name = bright ? word.substr(7) : word;
    const auto found = std::find(kColors.begin(), kColors.end(), name);
    if (found != kColors.end()) return static_cast<int>(found - kColors.begin()) + (bright ? 8 : 0);
    int number = -1;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error == std::errc() && end == word.data() + word.size() && number >= 0 && number <= 255) {
        return number;
    }
    return make_error(ErrorCode::bad_file, "'{}' is not a colour (a name, or 0 to 255)",
                      printable(word, 40));
}

std::string find_file(const std::string& name, const DataDir& data_dir) {
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    std::vector<std::string> folders{data_dir.config() + "/themes"};
    if (!error) folders.push_back(program.parent_path() / "../share/hearth/themes");
    folders.emplace_back(HEARTH_ASSETS_DIR "/themes");
    for (const std::string& folder : folders) {
        std::string path = folder + "/" + name + ".toml";
        if (::access(path.c_str(), R_OK) == 0) return path;
    }
    return "";
}

Result<Theme> read_theme(const std::string& path, const std::string& name) {
    HEARTH_TRY(const std::string text, read_text_file(path, kMaxThemeBytes));
    const toml::parse_result parsed = toml::parse(text, path);
    if (!parsed) {
        return make_error(ErrorCode::bad_file, "{}: {}, line {} (mend or remove it)",
                          printable_path(path), printable(parsed.error().description(), 100),
                          parsed.error().source().begin.line);
    }
    Theme theme = default_theme();
    theme.name = name;
    for (const auto& [key, node] : parsed.table()) {
        const auto ink = std::find(kInkNames.begin(), kInkNames.end(), key.str());
        const auto* const value = node.as_string();
        auto look = value != nullptr ? parse_look(value->get())
                                     : make_error(ErrorCode::bad_file, "is not a text");
        if (ink == kInkNames.end()) look = make_error(ErrorCode::bad_file, "is not an ink");
        if (!look) {
            return make_error(ErrorCode::bad_file, "{}: {}, line {}: {}", printable_path(path),
                              printable(key.str(), 40), node.source().begin.line,
                              look.error().message);
        }
        theme.looks[static_cast<size_t>(ink - kInkNames.begin())] = *look;
    }
    return theme;
}

}  // namespace

Result<Look> parse_look(std::string_view text) {
    std::istringstream words{std::string(text)};
    Look look;
    bool on = false;
    for (std::string word; words >> word;) {
        if (word == "on") {
            on = true;
        } else if (word == "bold") {
            look.bold = true;
        } else if (word == "dim") {
            look.dim = true;
        } else if (word == "reverse") {
            look.reverse = true;
        } else {
            HEARTH_TRY(const int color, parse_color(word));
            (on ? look.background : look.foreground) = color;
            on = false;
        }
    }
    return look;
}

Result<Theme> load_theme(const std::string& name, const DataDir& data_dir) {
    if (name == "default") return default_theme();
    if (name == "mono") return mono_theme();
    const bool is_name =
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
    const std::string path = is_name ? find_file(name, data_dir) : "";
    if (path.empty()) {
        return make_error(
            ErrorCode::usage,
            "theme '{}': there is no such theme (default, dark, light, high-contrast, "
            "mono, or a file in {}/themes)",
            printable(name, 40), printable_path(data_dir.config()));
    }
    return read_theme(path, name);
}

}  // namespace hearth
