#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <utility>

#include "app/command_line_store.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

constexpr size_t kMaxMessage = 160;  // bytes of CLI11's words that an error repeats

constexpr auto kSubcommands =
    std::to_array<std::string_view>({"chat", "run", "inspect", "history", "pack", "plan", "stats",
                                     "char", "config", "doctor", "top", "completions"});

constexpr std::string_view kExamples =
    "Examples:\n"
    "  hearth                                  chat; continues the last conversation\n"
    "  hearth --new -m model.gguf              a new conversation with another model\n"
    "  hearth run 'Why is the sky blue?'       one answer\n"
    "  git diff | hearth run --json -          the prompt from a pipe, the answer as JSON\n"
    "  hearth inspect model.gguf               what is in a model file\n"
    "  hearth plan --explain --memory 2G       how it would be run, and why\n"
    "\n"
    "hearth --help stats explains the numbers. Settings also come from HEARTH_* variables\n"
    "(HEARTH_TEMP=0.5) and config.toml (sampling.temp = 0.5).";

constexpr std::string_view kStatsHelp =
    "What the numbers mean\n"
    "\n"
    "  prefill      prompt tokens that were computed, and tokens computed / time for them.\n"
    "               Reused tokens are not counted, so reuse cannot inflate the speed.\n"
    "  reused       prompt tokens found in the KV cache from earlier turns.\n"
    "  ttft         time to first token: from the start of prefill to the first sampled token.\n"
    "  decode       tokens after the first one, and tokens / (last token - first token).\n"
    "  latency      milliseconds per decoded token: mean, and percentiles by nearest rank.\n"
    "  fixed        bytes always in memory: attention, norms, embeddings, head, KV cache.\n"
    "  hot, cold    resident and streamed FFN weights. hit rate = answered from memory / all\n"
    "               lookups. There is no blended rate: it would hide the cold misses.\n"
    "  stall        time that compute waited for a read.\n"
    "  active       share of the FFN's neurons that were active, in decode.\n"
    "  recall       share of the active neurons that the predictor proposed.\n"
    "  peak rss     most memory the process has held so far, by the kernel's count.\n"
    "\n"
    "On the full screen\n"
    "\n"
    "  tok/s        while an answer is written: tokens of the last 2 s / time; then as decode.\n"
    "  now          the answer that is being written, else the last one.\n"
    "  warm-up      the first 256 tokens after loading, kept apart from the session's hit rate.\n"
    "  per token    bytes the loader read / tokens; beside it what the kernel counted.\n"
    "  token parts  now and then one token is recorded: what its leading thread did. They add up\n"
    "               to the token; 'other' is what no part accounts for.\n"
    "  of a core    CPU time of the screen's thread / time (F2, page 5; /stats ui).\n"
    "  STALLED      no token came for 2 s.\n"
    "\n"
    "In --json, null means: not measured in this run. It is never written as zero.\n";

// Declares flags for settings on (sub)commands and collects what was given.
class SettingFlags {
  public:
    void add(CLI::App& app, std::span<const std::string_view> names) {
        for (const Setting& setting : all_settings()) {
            const bool wanted =
                names.empty() || std::find(names.begin(), names.end(), setting.name) != names.end();
            if (!wanted || setting.flags.empty()) continue;
            CLI::Option* option = app.add_option(
                std::string(setting.flags), [](const CLI::results_t&) { return true; },
                std::string(setting.help));
            option->type_name(std::string(setting.value))->type_size(1)->group("Settings");
            option->multi_option_policy(setting.is_list ? CLI::MultiOptionPolicy::TakeAll
                                                        : CLI::MultiOptionPolicy::TakeLast);
            declared_.emplace_back(&setting, option);
        }
    }

    std::vector<Assignment> given() const {
        std::vector<Assignment> assignments;
        for (const auto& [setting, option] : declared_) {
            if (option->count() == 0) continue;
            std::vector<std::string> values = option->results();
            if (!setting->is_list) values = {values.back()};
            assignments.push_back(
                {setting, std::move(values), option->get_name(false, false), ErrorCode::usage});
        }
        return assignments;
    }

  private:
    std::vector<std::pair<const Setting*, CLI::Option*>> declared_;
};

void add_chat_options(CLI::App& app, ChatArguments& chat, SettingFlags& flags) {
    app.add_option("--open", chat.open, "continue this conversation (see hearth history list)")
        ->type_name("ID");
    app.add_flag("--new", chat.start_new, "begin a new conversation");
    app.add_option("--char", chat.character, "begin one with this character (see hearth char)")
        ->type_name("NAME");
    app.add_flag("--headless", chat.headless,
                 "no terminal: JSON lines in and out (app/ui/headless.h says which)");
    app.add_flag("--inline", chat.line_by_line,
                 "line by line, nothing is redrawn (always so on a dumb terminal)");
    flags.add(app, {});
}

// hearth inspect and its forms.
struct InspectCommands {
    CLI::App* root = nullptr;
    CLI::App* tokens = nullptr;
    CLI::App* prompt = nullptr;
    CLI::App* logits = nullptr;
    CLI::App* perplexity = nullptr;

    InspectCommands(CLI::App& app, InspectArguments& inspect, SettingFlags& flags) {
        constexpr std::array<std::string_view, 1> kFile{"model"};
        constexpr std::array<std::string_view, 5> kCompute{"model", "memory", "sparsity", "threads",
                                                           "ctx"};
        root = app.add_subcommand("inspect", "look into a model file, or at what the engine does");
        root->add_option("FILE", inspect.file, "model file (GGUF): its metadata and tensors");

        tokens = root->add_subcommand("tokens", "text on standard input to token ids");
        tokens->add_flag("!--no-special", inspect.parse_special,
                         "control tokens in the text are text");
        tokens->add_flag("--decode", inspect.decode, "ids on standard input to text");
        flags.add(*tokens, kFile);

        prompt = root->add_subcommand(
            "prompt", "JSON array of messages on standard input to the prompt the model gets");
        prompt->add_option("--template", inspect.template_file, "use this template instead")
            ->type_name("FILE");
        flags.add(*prompt, kFile);

        logits = root->add_subcommand(
            "logits", "ids on standard input to log-probabilities, one JSON line per position");
        flags.add(*logits, kCompute);

        perplexity = root->add_subcommand("perplexity", "perplexity of a text, as JSON");
        perplexity->add_option("FILE", inspect.file, "text file")->required();
        flags.add(*perplexity, kCompute);
        root->require_subcommand(0, 1);
    }

    Result<InspectArguments> arguments(InspectArguments inspect) const {
        using Form = InspectArguments::Form;
        inspect.form = tokens->parsed()       ? Form::tokens
                       : prompt->parsed()     ? Form::prompt
                       : logits->parsed()     ? Form::logits
                       : perplexity->parsed() ? Form::perplexity
                                              : Form::file;
        if (inspect.form == Form::file && inspect.file.empty()) {
            return make_error(ErrorCode::usage,
                              "inspect: no file given (hearth inspect --help lists the forms)");
        }
        return inspect;
    }
};

CLI::App* add_pack(CLI::App& app, PackArguments& pack, SettingFlags& flags) {
    constexpr std::array<std::string_view, 2> kSettings{"model", "threads"};
    CLI::App* root = app.add_subcommand("pack", "write the file that cold neurons are read from");
    root->add_option("-o,--output", pack.output, "where to, instead of the data folder")
        ->type_name("FILE");
    root->add_option("--alignment", pack.alignment, "of records: 512 or 4096 (default: the disk's)")
        ->type_name("BYTES")
        ->check(CLI::IsMember({size_t{512}, size_t{4096}}));
    root->add_option("--down", pack.down,
                     "what down is quantized to where it must be turned (default: Q8_0)")
        ->type_name("TYPE");
    root->add_flag("--predictors", pack.predictors,
                   "make predictors beside it too, for --sparsity predicted (loads the model)");
    root->add_option("--verify", pack.verify, "verify every byte of this pack, write nothing")
        ->type_name("FILE");
    flags.add(*root, kSettings);
    return root;
}

// hearth plan. Returns the subcommand.
CLI::App* add_plan(CLI::App& app, PlanArguments& plan, SettingFlags& flags) {
    constexpr std::array<std::string_view, 5> kSettings{"model", "memory", "sparsity", "threads",
                                                        "ctx"};
    CLI::App* root = app.add_subcommand(
        "plan", "measure the machine and a model once, and say how the model will be run");
    root->add_option("--min-speed", plan.min_speed,
                     "the least memory for so many tokens per second, 0.1 to 100000")
        ->type_name("X")
        ->check(CLI::Range(0.1, 100000.0));
    root->add_flag("--redo", plan.redo, "measure again");
    root->add_flag("--explain", plan.explain, "every decision with its reason, and past runs");
    root->add_flag("--json", plan.json, "the plan file");
    flags.add(*root, kSettings);
    return root;
}

CLI::App* add_top(CLI::App& app, TopArguments& top) {
    CLI::App* root =
        app.add_subcommand("top", "the engine of a running chat, in a second terminal");
    root->add_option("--pid", top.pid, "of this process, instead of the chat that began last")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    return root;
}

tl::unexpected<Error> usage_error(const CLI::ParseError& error) {
    std::string words = error.what();
    words.erase(std::find(words.begin(), words.end(), '\n'), words.end());
    return make_error(ErrorCode::usage, "{} (see hearth --help)", printable(words, kMaxMessage));
}

// "hearth foo": bare hearth takes flags only, so a word is a subcommand that does not exist.
std::optional<tl::unexpected<Error>> unknown_subcommand(std::span<const std::string> arguments) {
    if (arguments.empty() || arguments[0].empty() || arguments[0][0] == '-') return std::nullopt;
    const std::string& word = arguments[0];
    if (std::find(kSubcommands.begin(), kSubcommands.end(), word) != kSubcommands.end()) {
        return std::nullopt;
    }
    const std::string nearest = nearest_name(word, kSubcommands);
    return make_error(ErrorCode::usage, "'{}': there is no such command ({})", printable(word),
                      nearest.empty() ? "see hearth --help" : "did you mean " + nearest + "?");
}

}  // namespace

Result<CommandLine> parse_command_line(std::span<const std::string> arguments) {
    if (arguments.size() == 2 && arguments[0] == "--help" && arguments[1] == "stats") {
        return CommandLine{PrintText{std::string(kStatsHelp)}, {}};
    }
    if (auto error = unknown_subcommand(arguments)) return *std::move(error);

    CLI::App app("Chat with language models on this machine.", "hearth");
    app.footer(std::string(kExamples));
    app.set_version_flag("-V,--version", "hearth " HEARTH_VERSION);
    app.require_subcommand(0, 1);
    SettingFlags flags;
    ChatArguments chat;
    RunArguments run;
    InspectArguments inspect;
    HistoryArguments history;
    PackArguments pack;
    PlanArguments plan;
    TopArguments top;

    add_chat_options(app, chat, flags);
    add_chat_options(*app.add_subcommand("chat", "chat (what hearth alone does)"), chat, flags);
    CLI::App* run_command = app.add_subcommand("run", "one prompt, one answer");
    std::vector<std::string> words;
    run_command->add_option("PROMPT", words, "the prompt; - or nothing: standard input");
    run_command->add_flag("--raw", run.raw, "no chat template: the model continues the text");
    run_command->add_flag("--json", run.json, "one JSON object at the end");
    run_command->add_option("--trace", run.trace_file,
                            "write what each core and the flash did for the last token, for trace "
                            "viewers");
    run_command->add_option("-f,--file", run.files, "send this file along: a.cpp, a.cpp:10-80")
        ->allow_extra_args(false)
        ->type_name("FILE");
    run_command->add_flag("-x,--extract", run.code_only, "print only the first code block");
    flags.add(*run_command, {});
    const InspectCommands inspect_commands(app, inspect, flags);
    const HistoryCommands history_commands(app, history);
    const CLI::App* pack_command = add_pack(app, pack, flags);
    const CLI::App* plan_command = add_plan(app, plan, flags);
    const CLI::App* top_command = add_top(app, top);
    HouseholdCommands household(app);

    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::CallForHelp&) {
        return CommandLine{PrintText{app.help()}, {}};
    } catch (const CLI::CallForVersion&) {
        return CommandLine{PrintText{"hearth " HEARTH_VERSION "\n"}, {}};
    } catch (const CLI::ParseError& error) {
        return usage_error(error);
    }

    CommandLine line{chat, flags.given()};
    if (run_command->parsed()) {
        if (!words.empty()) run.prompt = fmt::format("{}", fmt::join(words, " "));
        line.command = std::move(run);
    } else if (inspect_commands.root->parsed()) {
        HEARTH_TRY(line.command, inspect_commands.arguments(std::move(inspect)));
    } else if (history_commands.root->parsed()) {
        line.command = history_commands.arguments(std::move(history));
    } else if (pack_command->parsed()) {
        line.command = std::move(pack);
    } else if (plan_command->parsed()) {
        line.command = plan;
    } else if (top_command->parsed()) {
        line.command = top;
    } else if (auto chosen = household.chosen()) {
        line.command = *std::move(chosen);
    }
    return line;
}

}  // namespace hearth
