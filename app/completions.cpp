#include "app/completions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace hearth {
namespace {

struct OptionWords {
    std::vector<std::string> names;  // "-m", "--model"
    std::string help;
    bool takes_value = false;
};

// A command: "hearth", "hearth history", "hearth history export".
struct CommandWords {
    std::string path;
    std::string help;
    std::vector<std::string> subcommands;
    std::vector<OptionWords> options;
};

void collect(const CLI::App& app, const std::string& path, std::vector<CommandWords>& commands) {
    CommandWords words{path, app.get_description(), {}, {}};
    for (const CLI::Option* option : app.get_options()) {
        OptionWords one;
        for (const std::string& name : option->get_snames()) one.names.push_back("-" + name);
        for (const std::string& name : option->get_lnames()) one.names.push_back("--" + name);
        if (one.names.empty()) continue;  // a positional
        one.help = option->get_description();
        one.takes_value = option->get_type_size() > 0;
        words.options.push_back(std::move(one));
    }
    const auto inner = app.get_subcommands([](const CLI::App*) { return true; });
    for (const CLI::App* one : inner) words.subcommands.push_back(one->get_name());
    commands.push_back(std::move(words));
    for (const CLI::App* one : inner) collect(*one, path + " " + one->get_name(), commands);
}

std::vector<std::string> all_names(const CommandWords& command) {
    std::vector<std::string> names = command.subcommands;
    for (const OptionWords& option : command.options) {
        names.insert(names.end(), option.names.begin(), option.names.end());
    }
    return names;
}

std::string bash_script(const std::vector<CommandWords>& commands) {
    std::string cases;
    for (const CommandWords& command : commands) {
        cases += fmt::format("        '{}') words='{}' ;;\n", command.path,
                             fmt::join(all_names(command), " "));
    }
    return fmt::format(R"(# hearth: bash completion
_hearth() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} command=hearth words= word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case " {} " in
            *" $command $word,"*) command="$command $word" ;;
        esac
    done
    case $command in
{}    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    [ ${{#COMPREPLY[@]}} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}}
complete -o filenames -F _hearth hearth
)",
                       [&] {
                           std::string paths;
                           for (const CommandWords& one : commands) paths += " " + one.path + ",";
                           return paths;
                       }(),
                       cases);
}

// Text inside '...' of a shell.
std::string quoted(std::string_view text, std::string_view also_escaped) {
    std::string safe;
    for (const char c : text) {
        if (c == '\'') {
            safe += "'\\''";
        } else {
            if (also_escaped.find(c) != std::string_view::npos) safe += '\\';
            safe += c;
        }
    }
    return safe;
}

std::string zsh_script(const std::vector<CommandWords>& commands) {
    std::string cases;
    for (const CommandWords& command : commands) {
        cases += fmt::format("        '{}') choices=(", command.path);
        for (const std::string& name : command.subcommands) {
            const auto inner = std::find_if(
                commands.begin(), commands.end(),
                [&](const CommandWords& one) { return one.path == command.path + " " + name; });
            cases += fmt::format(" '{}:{}'", name, quoted(inner->help, ":"));
        }
        for (const OptionWords& option : command.options) {
            for (const std::string& name : option.names) {
                cases += fmt::format(" '{}:{}'", name, quoted(option.help, ":"));
            }
        }
        cases += ") ;;\n";
    }
    std::string paths;
    for (const CommandWords& one : commands) paths += " '" + one.path + "'";
    return fmt::format(R"(#compdef hearth
_hearth() {{
    local command=hearth word
    local -a choices paths
    paths=({})
    for word in ${{words[2,CURRENT-1]}}; do
        (( ${{paths[(Ie)$command $word]}} )) && command="$command $word"
    done
    case $command in
{}    esac
    _describe hearth choices || _files
}}
_hearth "$@"
)",
                       paths, cases);
}

std::string fish_script(const std::vector<CommandWords>& commands) {
    std::string lines = "# hearth: fish completion\n";
    for (const CommandWords& command : commands) {
        // "hearth history export" is completed where both of its words have been seen.
        std::string seen = "__fish_use_subcommand";
        std::string path = command.path;
        if (path != "hearth") {
            seen.clear();
            path.erase(0, std::string_view("hearth ").size());
            for (size_t begin = 0; begin < path.size();) {
                const size_t end = std::min(path.find(' ', begin), path.size());
                seen += fmt::format("{}__fish_seen_subcommand_from {}",
                                    seen.empty() ? "" : "; and ", path.substr(begin, end - begin));
                begin = end + 1;
            }
        }
        for (const std::string& name : command.subcommands) {
            lines += fmt::format("complete -c hearth -n '{}' -a '{}'\n", seen, name);
        }
        for (const OptionWords& option : command.options) {
            lines += fmt::format("complete -c hearth -n '{}'", seen);
            for (const std::string& name : option.names) {
                const bool is_long = name.starts_with("--");
                lines += fmt::format(" -{} {}", is_long ? 'l' : 's', name.substr(is_long ? 2 : 1));
            }
            lines += fmt::format("{} -d '{}'\n", option.takes_value ? " -r" : "",
                                 quoted(option.help, ""));
        }
    }
    return lines;
}

}  // namespace

std::string completion_script(const CLI::App& app, std::string_view shell) {
    std::vector<CommandWords> commands;
    collect(app, "hearth", commands);
    if (shell == "zsh") return zsh_script(commands);
    if (shell == "fish") return fish_script(commands);
    return bash_script(commands);
}

}  // namespace hearth
