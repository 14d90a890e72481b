#include "engine/text/jinja/limits.h"

namespace hearth::jinja {

std::string Budget::exceeded_words() const {
    switch (exceeded_) {
        case Exceeded::none:
            break;
        case Exceeded::steps:
            return fmt::format("more than {} steps", limits_.steps);
        case Exceeded::memory:
            return fmt::format("more than {} bytes of values", limits_.memory_bytes);
        case Exceeded::output:
            return fmt::format("more than {} bytes of output", limits_.output_bytes);
        case Exceeded::depth:
            return fmt::format("nested more than {} deep", limits_.depth);
    }
    return "within all limits";
}

Result<void> Budget::check() const {
    if (ok()) return {};
    return make_error(ErrorCode::bad_file, "{}", exceeded_words());
}

}  // namespace hearth::jinja
