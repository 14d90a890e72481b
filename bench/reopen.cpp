// bench_reopen: the first token of a reopened conversation, from a snapshot against a fresh
// prefill.
//
//   bench_reopen MODEL.gguf [tokens]     2,000 tokens as a rule
#include <fmt/format.h>

#include <cstdlib>

#include "app/kv_reuse.h"
#include "bench/bench.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

constexpr size_t kRounds = 7;

int run(const std::string& path, size_t n_tokens) {
    const auto model = Model::open(path, {});
    if (!model) {
        fmt::print(stderr, "{}\n", model.error().message);
        return 2;
    }
    const TempFolder folder;
    const KvReuseOptions options{folder.file("kv"), uint64_t{64} << 30};
    std::vector<Token> prompt = (*model)->encode_raw("");
    for (uint32_t i = 0; prompt.size() < n_tokens; ++i) prompt.push_back(Token{300 + i * 31 % 97});
    const auto session = [&] {
        auto made = Session::create(**model, {.n_ctx = n_tokens + 64});
        HEARTH_CHECK(made.has_value());
        return std::move(*made);
    };

    double saving = 0.0;
    {
        const auto first = session();
        HEARTH_CHECK(first->prefill(std::span(prompt).first(n_tokens - 8), {}).has_value());
        auto keeper = KvReuse::create(*first, options);
        HEARTH_CHECK(keeper.has_value());
        saving = bench::seconds([&] { keeper->keep(); });
    }
    // Inverse seconds: the harness compares rates.
    std::vector<bench::Case> cases{
        {"reopened",
         [&] {
             const auto one = session();
             auto reuse = KvReuse::create(*one, options);
             HEARTH_CHECK(reuse.has_value());
             const double seconds = bench::seconds([&] {
                 reuse->prepare(prompt);
                 HEARTH_CHECK(one->prefill(prompt, {}).has_value());
             });
             HEARTH_CHECK(one->stats().reused_tokens == n_tokens - 8);
             return 1.0 / seconds;
         }},
        {"fresh", [&] {
             const auto one = session();
             return 1.0 /
                    bench::seconds([&] { HEARTH_CHECK(one->prefill(prompt, {}).has_value()); });
         }}};
    bench::run_interleaved(cases, kRounds);
    const bench::Summary ratio = bench::ratio(cases[1], cases[0]);
    fmt::print("{}\n{}, {} tokens, kept in {:.0f} ms\n", bench::machine_line(), (*model)->name(),
               n_tokens, 1000.0 * saving);
    for (const bench::Case& one : cases) {
        fmt::print("{:<10} first token after {:.1f} ms\n", one.name,
                   1000.0 / bench::summarise(one.rates).median);
    }
    fmt::print("reopened / fresh: {:.3f} [{:.3f} {:.3f}], at most 0.3\n", ratio.median, ratio.low,
               ratio.high);
    return 0;
}

}  // namespace
}  // namespace hearth

int main(int argc, char** argv) {
    if (argc < 2) {
        fmt::print(stderr, "bench_reopen MODEL.gguf [tokens]\n");
        return 1;
    }
    const int tokens = argc > 2 ? std::atoi(argv[2]) : 2000;
    return hearth::run(argv[1], static_cast<size_t>(std::max(tokens, 200)));
}
