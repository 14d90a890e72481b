#include "bench/offload/contestant.h"

#include <chrono>
#include <random>
#include <utility>

#include "engine/run_stats.h"

namespace hearth::bench {

namespace {

using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

}  // namespace

std::vector<Token> random_prompt(size_t n, size_t n_vocab) {
    std::mt19937 random(1);
    std::vector<Token> prompt;
    for (size_t i = 0; i < n; ++i)
        prompt.push_back(Token{static_cast<uint32_t>(random() % n_vocab)});
    return prompt;
}

Result<Measurement> measure(Contestant& contestant, const Workload& workload) {
    Token token{0};
    for (const Token given : random_prompt(workload.n_prompt, contestant.n_vocab())) {
        HEARTH_TRY(token, contestant.step(given));
    }
    Measurement result;
    std::vector<double> latencies_ms;
    Counters before;
    for (size_t i = 0; i < workload.n_warm + workload.n_tokens; ++i) {
        if (i == workload.n_warm) before = contestant.counters();
        result.tokens.push_back(static_cast<uint32_t>(to_index(token)));
        const auto start = Clock::now();
        HEARTH_TRY(token, contestant.step(token));
        if (i >= workload.n_warm) latencies_ms.push_back(ms_since(start));
    }
    set_latencies(result, std::move(latencies_ms));
    const Counters after = contestant.counters();
    const auto n = static_cast<double>(workload.n_tokens);
    result.io_share = (after.io_seconds - before.io_seconds) * 1000.0 / (result.mean_ms * n);
    result.megabytes_per_token = static_cast<double>(after.bytes - before.bytes) * 1e-6 / n;
    result.reads_per_token = static_cast<double>(after.reads - before.reads) / n;
    const auto hits = static_cast<double>(after.hits - before.hits);
    const auto misses = static_cast<double>(after.misses - before.misses);
    if (hits + misses > 0.0) result.hit_rate = hits / (hits + misses);
    return result;
}

}  // namespace hearth::bench
