#include "engine/base/token_trace.h"

namespace hearth {

std::string_view to_string(TraceKind kind) {
    switch (kind) {
        case TraceKind::attention:
            return "attention";
        case TraceKind::predict:
            return "predict";
        case TraceKind::gates:
            return "gates";
        case TraceKind::look_up:
            return "look up";
        case TraceKind::read:
            return "read";
        case TraceKind::rows:
            return "rows";
        case TraceKind::ffn:
            return "ffn";
        case TraceKind::sum:
            return "sum";
        case TraceKind::head:
            return "head";
        case TraceKind::stall:
            return "stall";
    }
    return "";
}

std::vector<TraceEvent> TokenTrace::events() const {
    std::vector<TraceEvent> events;
    for (const auto& lane : lanes_) events.insert(events.end(), lane.begin(), lane.end());
    return events;
}

}  // namespace hearth
