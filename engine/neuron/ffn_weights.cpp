#include "engine/neuron/ffn_weights.h"

namespace hearth {

std::string_view to_string(FfnActivation activation) {
    switch (activation) {
        case FfnActivation::silu:
            return "silu";
        case FfnActivation::gelu:
            return "gelu";
        case FfnActivation::relu:
            return "relu";
        case FfnActivation::drelu:
            return "drelu";
    }
    return "";
}

}  // namespace hearth
