// Model::open: gguf -> configuration -> tokenizer, template, kernels -> weights -> ready.
#include <chrono>
#include <filesystem>
#include <new>
#include <utility>

#include "engine/engine.h"
#include "engine/kernels/kernels.h"
#include "engine/model/config.h"
#include "engine/model/predictor_file.h"
#include "engine/model/weights.h"

namespace hearth {

struct Model::Parts {
    Gguf gguf;
    ModelConfig config;
    Tokenizer tokenizer;
    ChatTemplate chat_template;
    const KernelTable* kernels;
    Plan plan;
    Weights weights;
    std::vector<std::string> warnings;
};

namespace {

Result<ChatTemplate> read_chat_template(const Gguf& gguf, std::vector<std::string>& warnings) {
    HEARTH_TRY(const auto source, gguf.metadata().optional_string("tokenizer.chat_template"));
    if (source) return ChatTemplate::parse(*source, gguf.path());
    warnings.push_back("the file has no chat template: using ChatML");
    return ChatTemplate::chatml();
}

Result<void> check_vocabulary(const Gguf& gguf, const ModelConfig& config,
                              const Tokenizer& tokenizer) {
    if (tokenizer.vocab_size() <= config.n_vocab) return {};
    return make_error(ErrorCode::bad_file,
                      "{}: {} tokens in the vocabulary, {} embeddings in token_embd.weight",
                      gguf.path(), tokenizer.vocab_size(), config.n_vocab);
}

}  // namespace

Result<std::unique_ptr<Model>> Model::open(const std::string& path, const ModelOptions& options) {
    HEARTH_TRY(Gguf gguf, Gguf::open(path));
    return open(std::move(gguf), options);
}

Result<std::unique_ptr<Model>> Model::open(Gguf gguf, const ModelOptions& options) {
    const std::string path = gguf.path();
    HEARTH_TRY(const KernelTable* const kernels, choose_kernels(options.isa));
    HEARTH_TRY(const ModelConfig config, read_model_config(gguf));
    HEARTH_TRY(Tokenizer tokenizer, Tokenizer::create(gguf));
    HEARTH_TRY_VOID(check_vocabulary(gguf, config, tokenizer));
    std::vector<std::string> warnings = tokenizer.warnings();
    HEARTH_TRY(ChatTemplate chat_template, read_chat_template(gguf, warnings));
    try {
        HEARTH_TRY(Weights weights, load_weights(gguf, config, options.plan, options.on_progress));
        if (!options.plan.predictor_path.empty()) {
            HEARTH_TRY(const ModelIdentity identity, identify_model(gguf));
            HEARTH_TRY_VOID(
                load_predictors(options.plan.predictor_path, identity, config, weights));
        }
        return std::unique_ptr<Model>(new Model(std::make_unique<Parts>(
            Parts{std::move(gguf), config, std::move(tokenizer), std::move(chat_template), kernels,
                  options.plan, std::move(weights), std::move(warnings)})));
    } catch (const std::bad_alloc&) {
        return make_error(ErrorCode::machine, "{}: not enough memory for the weights", path);
    }
}

Model::Model(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Model::~Model() = default;

const Gguf& Model::gguf() const {
    return parts_->gguf;
}
const ModelConfig& Model::config() const {
    return parts_->config;
}
const Weights& Model::weights() const {
    return parts_->weights;
}
const Tokenizer& Model::tokenizer() const {
    return parts_->tokenizer;
}
const ChatTemplate& Model::chat_template() const {
    return parts_->chat_template;
}
const KernelTable& Model::kernels() const {
    return *parts_->kernels;
}
const Plan& Model::plan() const {
    return parts_->plan;
}
const std::vector<std::string>& Model::warnings() const {
    return parts_->warnings;
}

std::string Model::name() const {
    const auto name = parts_->gguf.metadata().optional_string("general.name");
    if (name && *name && !(*name)->empty()) return **name;
    return std::filesystem::path(parts_->gguf.path()).stem().string();
}

uint64_t Model::weight_bytes() const {
    return parts_->weights.fixed_bytes + parts_->weights.ffn_bytes;
}

size_t Model::context_length() const {
    return parts_->config.n_ctx_train;
}

Result<std::vector<Token>> Model::encode_chat(const std::vector<ChatMessage>& messages,
                                              std::string_view answer_begun) const {
    const Tokenizer& tokenizer = parts_->tokenizer;
    TemplateInputs inputs;
    if (const auto bos = tokenizer.bos()) inputs.bos_token = tokenizer.text(*bos);
    if (const auto eos = tokenizer.eos()) inputs.eos_token = tokenizer.text(*eos);
    inputs.now = std::chrono::duration_cast<std::chrono::seconds>(
                     std::chrono::system_clock::now().time_since_epoch())
                     .count();
    HEARTH_TRY(auto spans, parts_->chat_template.render(messages, inputs));
    if (!answer_begun.empty()) {
        spans.push_back({TextSpan::Origin::content, std::string(answer_begun)});
    }
    std::vector<Token> tokens = tokenizer.encode_spans(spans);
    // Most templates write BOS themselves; where they do not and the tokenizer wants one, it is
    // here.
    if (tokenizer.adds_bos() && tokenizer.bos() &&
        (tokens.empty() || tokens.front() != *tokenizer.bos())) {
        tokens.insert(tokens.begin(), *tokenizer.bos());
    }
    return tokens;
}

std::vector<Token> Model::encode_raw(std::string_view text) const {
    const Tokenizer& tokenizer = parts_->tokenizer;
    std::vector<Token> tokens = tokenizer.encode(text, SpecialTokens::as_text);
    if (tokenizer.adds_bos() && tokenizer.bos()) tokens.insert(tokens.begin(), *tokenizer.bos());
    return tokens;
}

}  // namespace hearth
