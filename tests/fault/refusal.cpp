#include "tests/fault/refusal.h"

#include <array>
#include <atomic>
#include <span>
#include <utility>

#include "engine/base/printable.h"
#include "engine/base/thread_pool.h"
#include "engine/gguf/gguf.h"
#include "engine/kernels/kernels.h"
#include "engine/model/config.h"
#include "engine/model/transformer.h"
#include "engine/model/weights.h"
#include "engine/text/tokenizer.h"
#include "tests/data/memory_file.h"

namespace hearth {

namespace {

constexpr const char* kName = "bad.gguf";
constexpr size_t kMaxMessageBytes = 232;
constexpr size_t kContext = 4;

void compute_tokens(const ModelConfig& config, const Weights& weights) {
    const KernelTable& kernels = **choose_kernels("");
    ThreadPool pool(1);
    const std::atomic<bool> stop{false};
    Activations a(config, weights.max_predictor_rank, kernels, kContext, 1);
    KvCache cache(config, kContext);
    const Rope rope(config.rope, weights.rope_factors);
    const Compute compute{kernels, pool, stop, a.scratch.data(), a.scratch_per_worker};
    const std::array<Token, 2> prompt{Token{0}, Token{static_cast<uint32_t>(config.n_vocab - 1)}};
    const std::span<const Token> tokens(prompt);
    HEARTH_CHECK(forward(compute, config, weights, rope, tokens, 0, Logits::last, {}, cache, a));
    HEARTH_CHECK(
        forward(compute, config, weights, rope, tokens.first(1), 2, Logits::last, {}, cache, a));
}

}  // namespace

std::optional<Refusal> refusal_of(std::vector<std::byte> bytes) {
    auto gguf = Gguf::parse(std::make_unique<MemoryFile>(std::move(bytes), kName));
    if (!gguf) return Refusal{RefusedBy::gguf, gguf.error()};
    const auto config = read_model_config(*gguf);
    if (!config) return Refusal{RefusedBy::config, config.error()};
    const auto tokenizer = Tokenizer::create(*gguf);
    if (!tokenizer) return Refusal{RefusedBy::tokenizer, tokenizer.error()};
    const auto weights = load_weights(*gguf, *config, {}, [](uint64_t, uint64_t) { return true; });
    if (!weights) return Refusal{RefusedBy::weights, weights.error()};
    compute_tokens(*config, *weights);
    return std::nullopt;
}

std::string fault_of_message(const Error& error) {
    const std::string& message = error.message;
    if (error.code != ErrorCode::bad_file) return "the code is not bad_file";
    if (!is_printable(message)) return "not one printable line";
    if (message.size() > kMaxMessageBytes) return fmt::format("{} bytes long", message.size());
    if (!message.starts_with(fmt::format("{}: ", kName))) return "does not name the file";
    return "";
}

}  // namespace hearth
