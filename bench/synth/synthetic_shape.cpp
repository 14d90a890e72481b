#include "bench/synth/synthetic_shape.h"

#include <utility>
#include <vector>

namespace hearth {

namespace {

struct Preset {
    std::string_view name;
    SyntheticShape shape;
};

// About 10 % of a dense ReLU model's neurons fire; TurboSparse-Mixtral's experts fire 15 % of
// theirs (powerinfer2.md 3.4).
std::vector<Preset> presets() {
    const SyntheticShape small;
    SyntheticShape mistral;
    mistral.n_layers = 32;
    mistral.d_model = 4096;
    mistral.d_ff = 14'336;
    mistral.context_length = 32'768;
    mistral.rope_base = 10'000.0f;
    SyntheticShape llama3 = mistral;
    llama3.n_vocab = 128'256;
    llama3.context_length = 8192;
    llama3.rope_base = 500'000.0f;
    const auto planted = [](SyntheticShape shape, const char* activation, double active) {
        shape.ffn_activation = activation;
        shape.active_fraction = active;
        return shape;
    };
    SyntheticShape mixtral = planted(mistral, "drelu", 0.15);
    mixtral.rope_base = 1e6f;
    mixtral.n_experts = 8;
    mixtral.n_experts_used = 2;
    return {{"1b", small},
            {"7b", mistral},
            {"8b", llama3},
            {"1b-relu", planted(small, "relu", 0.10)},
            {"7b-relu", planted(mistral, "relu", 0.10)},
            {"47b", mixtral}};
}

}  // namespace

Result<SyntheticShape> preset_shape(std::string_view name) {
    std::string known;
    for (Preset& preset : presets()) {
        if (preset.name == name) return std::move(preset.shape);
        known += known.empty() ? "" : ", ";
        known += preset.name;
    }
    return make_error(ErrorCode::usage, "there is no shape '{}' ({})", name, known);
}

}  // namespace hearth
