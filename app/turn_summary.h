// What is said about the model and about a turn, in words and numbers. Pure functions.
// The numbers are those of `hearth --help stats`.
#pragma once

#include <string>

#include "app/worker.h"
#include "engine/engine.h"

namespace hearth {

// "Ember 25M · 26.1 MiB · context 4096 · 2 threads · avx512"
std::string describe(const ModelReady& model);

// "prefill 34 at 512 tok/s (120 reused) · decode 57 at 48.2 tok/s · active 9 %": fits 80 columns.
// Active: of FFN neurons, where the model is sparse. Said only when they matter: a first token that
// took a second, a context that is half full.
std::string turn_summary(const RunStats& stats, size_t n_ctx);

// Why an answer ended that did not end by itself, with the next step; "" for the others.
std::string_view why_it_ended(StopReason reason);

// One number per line, for /stats.
std::string turn_details(const RunStats& stats);

}  // namespace hearth
