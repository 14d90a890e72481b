// What the full screen costs: key to echo while an answer is written, how much slower decode is,
// and the share of a core that the screen takes.
//
//   bench_ui PROGRAM MODEL [SECONDS]
//
// Runs PROGRAM on a pseudo-terminal of 100 x 30. Decode with the screen and without (hearth run)
// alternate, because the machine may be shared.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/pty/process.h"
#include "tests/pty/screen_program.h"

namespace hearth {
namespace {

using Clock = PtyProgram::Clock;
using std::chrono::milliseconds;

constexpr int kRounds = 3;
constexpr int kSilentPauses = 6;  // of 100 ms, in which nothing comes: it has ended
constexpr double kDrainSeconds = 0.1 * kSilentPauses;
constexpr std::string_view kSign = "\u00A7";

struct Setup {
    std::string program;
    std::string model;
    std::string home;
    int seconds = 5;

    std::vector<std::string> variables() const {
        return {"HEARTH_HOME=" + home, "TERM=xterm-256color", "LANG=C.UTF-8"};
    }
};

// CPU seconds of the program's first thread: the screen, the conversation and the store.
double screen_cpu_seconds(pid_t pid) {
    std::ifstream file(fmt::format("/proc/{0}/task/{0}/stat", pid));
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream fields(text.substr(std::min(text.rfind(')') + 2, text.size())));
    std::string skipped;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    double user = 0.0;
    double system = 0.0;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double percentile(std::vector<double> values, double share) {
    if (values.empty()) return 0.0;
    std::sort(values.begin(), values.end());
    return values[static_cast<size_t>(share * static_cast<double>(values.size() - 1))];
}

// The number behind `name` in a JSON line, within the part that `section` begins.
double number_in(const std::string& json, const std::string& section, const std::string& name) {
    const size_t begin = json.find(fmt::format("\"{}\"", section));
    const size_t at =
        begin == std::string::npos ? begin : json.find(fmt::format("\"{}\":", name), begin);
    return at == std::string::npos ? 0.0 : std::atof(json.c_str() + at + name.size() + 3);
}

// tok/s without any screen.
double plain_rate(const Setup& setup, size_t tokens) {
    const auto result = run_process(setup.program,
                                    {"run", "-m", setup.model, "--json", "--temp", "0", "-n",
                                     std::to_string(tokens), "Tell me"},
                                    setup.variables(), "", {.timeout = std::chrono::seconds(120)});
    return number_in(result.out, "decode", "tokens_per_second");
}

struct ScreenRun {
    std::vector<double> echo_ms;
    double share_of_core = 0.0;
    double rate = 0.0;
};

// Reads until the program has nothing more to show: cheaply, since this machine is what is
// measured.
void drain(PtyProgram& program) {
    constexpr auto kPause = milliseconds(100);
    for (int silent = 0; silent < kSilentPauses;) {
        const size_t before = program.raw().size();
        program.watch(kPause);
        silent = program.raw().size() == before ? silent + 1 : 0;
    }
}

// Types a letter now and then while an answer is written.
std::optional<ScreenRun> screen_run(const Setup& setup, bool typing, size_t tokens) {
    ScreenProgram program(setup.program,
                          {"--new", "-m", setup.model, "--temp", "0", "-n", std::to_string(tokens)},
                          setup.variables(), 30, 100);
    if (!program.wait_for("READY")) return std::nullopt;
    program.send("Tell me");
    program.send("\r");
    if (!program.wait_for("DECODE")) return std::nullopt;
    ScreenRun run;
    const auto begin = Clock::now();
    const double cpu_before = screen_cpu_seconds(program.program().pid());
    if (!typing) drain(program.program());
    while (typing && Clock::now() - begin < std::chrono::seconds(setup.seconds)) {
        // A sign that no answer holds: it comes back only as the echo.
        const size_t seen = program.program().raw().size();
        const auto pressed = Clock::now();
        program.send(kSign);
        while (program.program().raw().find(kSign, seen) == std::string::npos &&
               Clock::now() - pressed < milliseconds(500)) {
            program.program().read_some(milliseconds(5));
        }
        const auto echoed = Clock::now() - pressed;
        run.echo_ms.push_back(std::chrono::duration<double, std::milli>(echoed).count());
        program.send("\x7f");
        program.program().watch(milliseconds(40));
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count() -
                           (typing ? 0.0 : kDrainSeconds);
    run.share_of_core = (screen_cpu_seconds(program.program().pid()) - cpu_before) / seconds;
    if (!typing && program.wait_for("DONE", std::chrono::seconds(60))) {
        const std::string text = program.screen().text();
        run.rate = std::atof(text.c_str() + text.find("DONE") + 5);
    }
    program.send("\x03\x03");
    return run;
}

int bench(const Setup& setup) {
    std::vector<double> echo_ms, shares, slowdowns;
    constexpr size_t kTokens = 200;
    for (int round = 0; round < kRounds; ++round) {
        const auto typed = screen_run(setup, true, 100'000);
        const double without = plain_rate(setup, kTokens);
        const auto shown = screen_run(setup, false, kTokens);
        if (!typed || !shown || without <= 0.0) {
            fmt::print(stderr, "bench_ui: {}: did not run\n", setup.program);
            return 1;
        }
        echo_ms.insert(echo_ms.end(), typed->echo_ms.begin(), typed->echo_ms.end());
        shares.push_back(shown->share_of_core);
        slowdowns.push_back(1.0 - shown->rate / without);
    }
    fmt::print("key to echo while decoding  p50 {:.1f} ms  p99 {:.1f} ms  ({} keys)\n",
               percentile(echo_ms, 0.5), percentile(echo_ms, 0.99), echo_ms.size());
    fmt::print("screen thread               {:.2f} % of a core (median of {})\n",
               100.0 * percentile(shares, 0.5), kRounds);
    fmt::print("decode slower by            {:.1f} % (median of {})\n",
               100.0 * percentile(slowdowns, 0.5), kRounds);
    return 0;
}

}  // namespace
}  // namespace hearth

int main(int argc, char** argv) {
    if (argc < 3) {
        fmt::print(stderr, "usage: bench_ui PROGRAM MODEL [SECONDS]\n");
        return 1;
    }
    const std::string home =
        (std::filesystem::temp_directory_path() / fmt::format("hearth-bench-ui-{}", ::getpid()));
    std::filesystem::create_directories(home);
    const int code = hearth::bench({argv[1], argv[2], home, argc > 3 ? std::atoi(argv[3]) : 5});
    std::filesystem::remove_all(home);
    return code;
}
