#include "app/config.h"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "engine/base/printable.h"

namespace hearth {
namespace {

constexpr size_t kMaxConfigBytes = 64 * 1024;
constexpr const char* kProjectFile = ".hearth.toml";

std::string variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? "" : value;
}

// "top-k" -> "HEARTH_TOP_K"
std::string variable_name(std::string_view setting) {
    std::string name = "HEARTH_";
    for (const char c : setting) name += c == '-' ? '_' : static_cast<char>(c & ~0x20);
    return name;
}

// "top-k" -> "top_k": TOML keys are written with underscores.
std::string key_name(std::string_view setting) {
    std::string name(setting);
    for (char& c : name) c = c == '-' ? '_' : c;
    return name;
}

const Setting* find_by_key(std::string_view table, std::string_view key) {
    for (const Setting& setting : all_settings()) {
        if (setting.table == table && key_name(setting.name) == key) return &setting;
    }
    return nullptr;
}

// A scalar as the text that the flag would have; nullopt for dates and tables.
std::optional<std::string> to_text(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* integer = node.as_integer()) return fmt::format("{}", integer->get());
    if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
    if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
    return std::nullopt;
}

// Reads one config.toml into assignments.
class ConfigReader {
  public:
    explicit ConfigReader(std::string path) : path_(std::move(path)) {}

    Result<void> read(const toml::table& root) { return read_table("", root); }
    std::vector<Assignment> take_assignments() { return std::move(assignments_); }
    std::vector<std::string> take_warnings() { return std::move(warnings_); }

  private:
    std::string place(std::string_view table, std::string_view key, const toml::node& node) const {
        return fmt::format("{}: {}{}{}, line {}", printable_path(path_), table,
                           table.empty() ? "" : ".", printable(key), node.source().begin.line);
    }

    Result<void> read_table(std::string_view table, const toml::table& content) {
        for (const auto& [key, node] : content) {
            if (const auto* inner = node.as_table(); inner != nullptr && table.empty()) {
                HEARTH_TRY_VOID(read_table(key.str(), *inner));
            } else {
                HEARTH_TRY_VOID(read_key(table, key.str(), node));
            }
        }
        return {};
    }

    Result<void> read_key(std::string_view table, std::string_view key, const toml::node& node) {
        const Setting* setting = find_by_key(table, key);
        if (setting == nullptr) {
            warnings_.push_back(place(table, key, node) + ": no such setting (ignored)" +
                                suggestion(key));
            return {};
        }
        Assignment assignment{setting, {}, place(table, key, node), ErrorCode::bad_file};
        const toml::array* list = setting->is_list ? node.as_array() : nullptr;
        if (list == nullptr) {
            HEARTH_TRY_VOID(add_value(assignment, node));
        } else {
            for (const toml::node& item : *list) HEARTH_TRY_VOID(add_value(assignment, item));
        }
        assignments_.push_back(std::move(assignment));
        return {};
    }

    static Result<void> add_value(Assignment& assignment, const toml::node& node) {
        auto text = to_text(node);
        if (!text) {
            return make_error(ErrorCode::bad_file, "{}: is not a text or a number",
                              assignment.origin);
        }
        assignment.values.push_back(*std::move(text));
        return {};
    }

    static std::string suggestion(std::string_view key) {
        std::vector<std::string> names;
        for (const Setting& setting : all_settings()) names.push_back(key_name(setting.name));
        const std::vector<std::string_view> views(names.begin(), names.end());
        const std::string nearest = nearest_name(key, views);
        if (nearest.empty()) return "";
        for (const Setting& setting : all_settings()) {
            if (key_name(setting.name) != nearest || setting.table.empty()) continue;
            return fmt::format("; did you mean {}.{}?", setting.table, nearest);
        }
        return fmt::format("; did you mean {}?", nearest);
    }

    std::string path_;
    std::vector<Assignment> assignments_;
    std::vector<std::string> warnings_;
};

Result<std::vector<Assignment>> read_config_file(const std::string& path,
                                                 std::vector<std::string>& warnings) {
    if (::access(path.c_str(), F_OK) != 0) return {};
    HEARTH_TRY(const std::string text, read_text_file(path, kMaxConfigBytes));
    const toml::parse_result parsed = toml::parse(text, path);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        return make_error(ErrorCode::bad_file, "{}: {}, line {}, column {} (mend or remove it)",
                          printable_path(path), printable(error.description(), 100),
                          error.source().begin.line, error.source().begin.column);
    }
    ConfigReader reader(path);
    HEARTH_TRY_VOID(reader.read(parsed.table()));
    for (std::string& warning : reader.take_warnings()) warnings.push_back(std::move(warning));
    return reader.take_assignments();
}

// A project is somebody else's folder as a rule: it may say what to talk with, not what this
// machine gives. A model's path is below the project's folder, unless it is absolute.
void keep_allowed(const std::string& file, std::vector<Assignment>& assignments,
                  std::vector<std::string>& warnings) {
    std::erase_if(assignments, [&](Assignment& assignment) {
        const Setting& setting = *assignment.setting;
        if (setting.name == "model" && !assignment.values.front().starts_with('/')) {
            assignment.values.front() =
                (std::filesystem::path(file).parent_path() / assignment.values.front()).string();
        }
        if (setting.name == "model" || setting.name == "system" || setting.table == "sampling") {
            return false;
        }
        warnings.push_back(assignment.origin + ": not for a project to set (ignored)");
        return true;
    });
}

}  // namespace

Environment read_environment() {
    Environment environment;
    environment.directories = {variable("HEARTH_HOME"),     variable("HOME"),
                               variable("XDG_CONFIG_HOME"), variable("XDG_DATA_HOME"),
                               variable("XDG_STATE_HOME"),  variable("XDG_CACHE_HOME"),
                               variable("XDG_RUNTIME_DIR")};
    environment.term = variable("TERM");
    environment.editor = variable("VISUAL");
    if (environment.editor.empty()) environment.editor = variable("EDITOR");
    environment.no_color = !variable("NO_COLOR").empty();
    environment.over_ssh = !variable("SSH_TTY").empty();
    for (const Setting& setting : all_settings()) {
        const std::string name = variable_name(setting.name);
        std::string value = variable(name);
        if (value.empty()) continue;
        environment.settings.push_back({&setting, {std::move(value)}, name, ErrorCode::usage});
    }
    return environment;
}

std::string Config::origin_of(const Setting& setting) const {
    std::string origin = "built in";
    for (const auto& [one, where] : origins) {
        if (one == &setting) origin = where;
    }
    return origin;
}

std::string find_project_file() {
    std::error_code error;
    for (auto folder = std::filesystem::current_path(error); !error;
         folder = folder.parent_path()) {
        const std::string file = (folder / kProjectFile).string();
        if (::access(file.c_str(), F_OK) == 0) return file;
        if (folder == folder.parent_path()) break;
    }
    return "";
}

Result<Config> load_config(const ConfigFiles& files, const Environment& environment,
                           std::span<const Assignment> flags) {
    Config config;
    const auto put = [&config](std::span<const Assignment> layer) -> Result<void> {
        for (const Assignment& assignment : layer) {
            HEARTH_TRY_VOID(assign(config.options, assignment));
            config.origins.emplace_back(assignment.setting, assignment.origin);
        }
        return {};
    };
    for (const std::string& file : {files.system, files.person}) {
        if (file.empty()) continue;
        HEARTH_TRY(const auto layer, read_config_file(file, config.warnings));
        HEARTH_TRY_VOID(put(layer));
    }
    if (!files.project.empty()) {
        HEARTH_TRY(auto layer, read_config_file(files.project, config.warnings));
        keep_allowed(files.project, layer, config.warnings);
        HEARTH_TRY_VOID(put(layer));
    }
    HEARTH_TRY_VOID(put(environment.settings));
    HEARTH_TRY_VOID(put(flags));
    return config;
}

Result<std::vector<std::string>> check_config_file(const std::string& path) {
    if (::access(path.c_str(), F_OK) != 0) {
        return make_error(ErrorCode::usage, "{}: is not there (hearth config edit makes it)",
                          printable_path(path));
    }
    std::vector<std::string> warnings;
    HEARTH_TRY(const auto assignments, read_config_file(path, warnings));
    Options options;
    for (const Assignment& assignment : assignments) HEARTH_TRY_VOID(assign(options, assignment));
    return warnings;
}

std::string example_config() {
    std::string text =
        "# hearth's settings. Take the # away from what should differ; hearth config check looks "
        "it over.\n";
    const Options defaults;
    std::vector<std::string_view> tables{""};  // the top level first: TOML wants it so
    for (const Setting& setting : all_settings()) {
        if (std::find(tables.begin(), tables.end(), setting.table) == tables.end()) {
            tables.push_back(setting.table);
        }
    }
    for (const std::string_view table : tables) {
        if (!table.empty()) text += fmt::format("\n[{}]\n", table);
        for (const Setting& setting : all_settings()) {
            if (setting.table != table) continue;
            text += fmt::format("# {}: {}\n# {} = \"{}\"\n", setting.name, setting.help,
                                key_name(setting.name), setting.show(defaults));
        }
    }
    return text;
}

}  // namespace hearth
