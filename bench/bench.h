// The small harness of all benchmarks: interleaved rounds, medians with an interval, and a line
// that says on what machine.
//
// Machines are shared and clocks move: what is compared must run in the same round, and ratios are
// formed per round before their median is taken.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/check.h"

namespace hearth::bench {

// Seconds that one call takes.
template <typename Function>
double seconds(Function&& function) {
    const auto begin = std::chrono::steady_clock::now();
    function();
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    return elapsed.count();
}

// The median of samples, and the quartiles around it.
struct Summary {
    double median = 0.0;
    double low = 0.0;
    double high = 0.0;
    double best = 0.0;  // the greatest: for rates
};

inline Summary summarise(std::vector<double> samples) {
    HEARTH_CHECK(!samples.empty());
    std::sort(samples.begin(), samples.end());
    const size_t n = samples.size();
    return {samples[n / 2], samples[n / 4], samples[n - 1 - n / 4], samples.back()};
}

// Something that is measured once per round and returns a rate.
struct Case {
    std::string name;
    std::function<double()> run;
    std::vector<double> rates = {};
};

// One unrecorded round to warm up, then `rounds` rounds of all cases in turn.
inline void run_interleaved(std::vector<Case>& cases, size_t rounds) {
    for (Case& c : cases) c.run();
    for (size_t round = 0; round < rounds; ++round) {
        for (Case& c : cases) c.rates.push_back(c.run());
    }
}

// The rates of `a` over those of `b`, round by round.
inline Summary ratio(const Case& a, const Case& b) {
    std::vector<double> ratios;
    for (size_t i = 0; i < a.rates.size(); ++i) ratios.push_back(a.rates[i] / b.rates[i]);
    return summarise(std::move(ratios));
}

// "AMD EPYC, 2 cores": the processor's name as Linux tells it.
inline std::string machine_line() {
    std::ifstream info("/proc/cpuinfo");
    std::string name = "unknown processor";
    for (std::string line; std::getline(info, line);) {
        if (!line.starts_with("model name")) continue;
        name = line.substr(std::min(line.size(), line.find(':') + 2));
        break;
    }
    return name + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores";
}

}  // namespace hearth::bench
