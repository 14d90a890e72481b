// hearth inspect logits and perplexity: the forward pass in numbers.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "app/commands/inspect.h"
#include "app/generation.h"
#include "engine/base/printable.h"
#include "engine/engine.h"

namespace hearth {
namespace {

constexpr size_t kTop = 10;
constexpr size_t kMaxInputBytes = 256 << 20;
constexpr size_t kDefaultWindow = 4096;

// log(sum(exp(logits))), so that log-probability = logit - this. In double: a float sum over a
// large vocabulary would lose the fourth digit.
double log_sum_exp(std::span<const float> logits) {
    const double highest = *std::max_element(logits.begin(), logits.end());
    double sum = 0.0;
    for (const float logit : logits) sum += std::exp(logit - highest);
    return highest + std::log(sum);
}

// The ids of the largest logits, largest first, the lower id first among equals.
std::vector<uint32_t> top_ids(std::span<const float> logits) {
    std::vector<uint32_t> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0u);
    const size_t n = std::min(kTop, ids.size());
    std::partial_sort(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(n), ids.end(),
                      [&](uint32_t a, uint32_t b) {
                          return logits[a] != logits[b] ? logits[a] > logits[b] : a < b;
                      });
    ids.resize(n);
    return ids;
}

std::string position_json(size_t position, std::span<const Token> tokens,
                          std::span<const float> logits) {
    const double normalizer = log_sum_exp(logits);
    nlohmann::ordered_json json{{"pos", position}, {"next", nullptr}};
    if (position + 1 < tokens.size()) {
        json["next"] = logits[to_index(tokens[position + 1])] - normalizer;
    }
    auto& top = json["top"] = nlohmann::ordered_json::array();
    for (const uint32_t id : top_ids(logits)) {
        top.push_back({id, static_cast<double>(logits[id]) - normalizer});
    }
    return json.dump() + "\n";
}

Result<std::unique_ptr<Model>> open_model(const std::string& path, const Options& options) {
    HEARTH_TRY(Gguf gguf, Gguf::open(path));
    ModelOptions model_options;
    model_options.isa = options.isa;
    HEARTH_TRY(model_options.plan, make_plan(gguf, options.memory, session_options(options)));
    return Model::open(std::move(gguf), model_options);
}

// The sum of log-probabilities of every token but the first.
Result<double> score_window(Session& session, std::span<const Token> tokens) {
    double sum = 0.0;
    HEARTH_TRY_VOID(session.score(tokens, [&](size_t position, std::span<const float> logits) {
        if (position + 1 < tokens.size()) {
            sum += logits[to_index(tokens[position + 1])] - log_sum_exp(logits);
        }
        return Continue::yes;
    }));
    return sum;
}

}  // namespace

Result<std::vector<Token>> parse_token_ids(std::string_view text, size_t n_vocab) {
    constexpr std::string_view kSeparators = " \t\r\n,[]";
    std::vector<Token> tokens;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(kSeparators), text.size()));
        if (text.empty()) return tokens;
        const std::string_view word = text.substr(0, text.find_first_of(kSeparators));
        text.remove_prefix(word.size());
        uint32_t id = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), id);
        if (error != std::errc() || end != word.data() + word.size() || id >= n_vocab) {
            return make_error(ErrorCode::usage,
                              "standard input: '{}' is not a token id, entry {}, the vocabulary "
                              "has {}",
                              printable(word), tokens.size() + 1, n_vocab);
        }
        tokens.push_back(Token{id});
    }
}

Result<void> inspect_logits(const std::string& path, const Options& options, Output& out) {
    HEARTH_TRY(const auto model, open_model(path, options));
    HEARTH_TRY(const std::string input, read_standard_input(kMaxInputBytes));
    HEARTH_TRY(const std::vector<Token> tokens,
               parse_token_ids(input, model->tokenizer().vocab_size()));
    if (tokens.empty()) return make_error(ErrorCode::usage, "standard input: no token ids");
    SessionOptions wanted = session_options(options);
    if (wanted.n_ctx == 0) wanted.n_ctx = tokens.size();
    HEARTH_TRY(const auto session, Session::create(*model, wanted));
    Result<void> written;
    const auto scored = session->score(tokens, [&](size_t position, auto logits) {
        written = out.write(position_json(position, tokens, logits));
        return written && !out.closed() ? Continue::yes : Continue::no;
    });
    return !written || out.closed() ? written : scored;
}

Result<void> inspect_perplexity(const std::string& path, const std::string& text_file,
                                const Options& options, Output& out) {
    HEARTH_TRY(const std::string text, read_text_file(text_file, kMaxInputBytes));
    HEARTH_TRY(const auto model, open_model(path, options));
    const Tokenizer& tokenizer = model->tokenizer();
    const std::vector<Token> tokens = tokenizer.encode(text, SpecialTokens::as_text);
    const std::optional<Token> bos = tokenizer.adds_bos() ? tokenizer.bos() : std::nullopt;
    const size_t n_bos = bos ? 1 : 0;

    size_t window = options.n_ctx;
    if (window == 0) window = std::min(model->context_length(), kDefaultWindow);
    window = std::min(window, tokens.size() + n_bos);
    SessionOptions wanted = session_options(options);
    wanted.n_ctx = window;
    HEARTH_TRY(const auto session, Session::create(*model, wanted));

    double sum = 0.0;
    size_t predicted = 0;
    for (size_t begin = 0; begin < tokens.size(); begin += window - n_bos) {
        const auto part =
            std::span(tokens).subspan(begin).first(std::min(window - n_bos, tokens.size() - begin));
        std::vector<Token> sequence(part.begin(), part.end());
        if (bos) sequence.insert(sequence.begin(), *bos);
        HEARTH_TRY(const double window_sum, score_window(*session, sequence));
        sum += window_sum;
        predicted += sequence.size() - 1;
    }
    if (predicted == 0) {
        return make_error(ErrorCode::usage, "{}: has {} tokens, nothing to predict",
                          printable_path(text_file), tokens.size());
    }
    const nlohmann::ordered_json json{
        {"perplexity", std::exp(-sum / static_cast<double>(predicted))}, {"tokens", predicted}};
    return out.write(json.dump() + "\n");
}

}  // namespace hearth
