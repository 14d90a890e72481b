#include "app/kv_reuse.h"

#include <algorithm>

#include "engine/base/log.h"

namespace hearth {
namespace {

// Fewer tokens are read by the model as fast as by the disk.
constexpr size_t kWorthwhile = 64;

static_assert(sizeof(Token) == sizeof(uint32_t));
std::vector<uint32_t> ids(std::span<const Token> tokens) {
    std::vector<uint32_t> numbers;
    numbers.reserve(tokens.size());
    for (const Token token : tokens) numbers.push_back(static_cast<uint32_t>(token));
    return numbers;
}

}  // namespace

Result<KvReuse> KvReuse::create(Session& session, const KvReuseOptions& options) {
    HEARTH_TRY(std::string key, session.kv_key());
    KvSnapshots snapshots(options.folder, options.max_bytes);
    snapshots.tidy();
    return KvReuse(session, std::move(snapshots), std::move(key));
}

void KvReuse::prepare(std::span<const Token> prompt) {
    const size_t cached = session_->tokens().size();
    const size_t reusable = prompt.size() - session_->tokens_to_read(prompt);
    // Another answer to the same question displaces little; another conversation nearly all.
    if (cached - std::min(cached, reusable) > cached / 2) keep();

    if (prompt.size() < reusable + kWorthwhile) return;
    const auto match = snapshots_.find(key_, ids(prompt));
    if (!match || match->n_common < reusable + kWorthwhile) return;
    if (match->kv_bytes != session_->kv_bytes(match->n_tokens)) return;
    const auto restored = snapshots_.load(*match, [&](const KvSnapshots::Source& source) {
        return session_->restore_kv(prompt.first(match->n_common), match->n_tokens, source);
    });
    if (!restored) return log("snapshot not used: {}", restored.error().message);
    kept_.assign(session_->tokens().begin(), session_->tokens().end());
}

void KvReuse::keep() {
    const std::span<const Token> tokens = session_->tokens();
    if (tokens.size() < kWorthwhile) return;
    const bool is_kept =
        tokens.size() <= kept_.size() && std::equal(tokens.begin(), tokens.end(), kept_.begin());
    if (is_kept) return;
    const auto kept =
        snapshots_.save(key_, ids(tokens), session_->kv_bytes(tokens.size()),
                        [this](const ByteSink& sink) { return session_->save_kv(sink); });
    if (!kept) return log("snapshot not kept: {}", kept.error().message);
    kept_.assign(tokens.begin(), tokens.end());
}

}  // namespace hearth
