#include "engine/neuron/plan.h"

namespace hearth {

std::string_view to_string(FfnPlacement placement) {
    switch (placement) {
        case FfnPlacement::resident:
            return "resident";
        case FfnPlacement::by_layer:
            return "by layer";
        case FfnPlacement::by_neuron:
            return "by neuron";
    }
    return "";
}

}  // namespace hearth
