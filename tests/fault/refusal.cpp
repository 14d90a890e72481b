#include "tests/fault/refusal.h"

#include <utility>

#include "engine/base/printable.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"
#include "engine/model/weights.h"
#include "engine/text/tokenizer.h"
#include "tests/data/memory_file.h"

namespace hearth {

namespace {

constexpr const char* kName = "bad.gguf";
constexpr size_t kMaxMessageBytes = 232;

}  // namespace

std::optional<Refusal> refusal_of(std::vector<std::byte> bytes) {
    auto gguf = Gguf::parse(std::make_unique<MemoryFile>(std::move(bytes), kName));
    if (!gguf) return Refusal{RefusedBy::gguf, gguf.error()};
    const auto config = read_model_config(*gguf);
    if (!config) return Refusal{RefusedBy::config, config.error()};
    const auto tokenizer = Tokenizer::create(*gguf);
    if (!tokenizer) return Refusal{RefusedBy::tokenizer, tokenizer.error()};
    const auto weights = load_weights(*gguf, *config, [](uint64_t, uint64_t) { return true; });
    if (!weights) return Refusal{RefusedBy::weights, weights.error()};
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
