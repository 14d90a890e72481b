#include "app/trace_json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

namespace hearth {

namespace {

using Json = nlohmann::ordered_json;

std::string lane_name(uint16_t worker) {
    return worker == TokenTrace::kIoLane ? "flash" : fmt::format("worker {}", worker);
}

// Whether clusters mean something for this kind of work.
bool is_by_cluster(TraceKind kind) {
    switch (kind) {
        case TraceKind::predict:
        case TraceKind::gates:
        case TraceKind::look_up:
        case TraceKind::read:
        case TraceKind::rows:
            return true;
        default:
            return false;
    }
}

}  // namespace

std::string trace_json(std::span<const TraceEvent> events) {
    Json list = Json::array();
    std::set<uint16_t> workers;
    for (const TraceEvent& event : events) workers.insert(event.worker);
    for (const uint16_t worker : workers) {
        list.push_back({{"ph", "M"},
                        {"pid", 1},
                        {"tid", worker},
                        {"name", "thread_name"},
                        {"args", {{"name", lane_name(worker)}}}});
    }
    for (const TraceEvent& event : events) {
        Json args{{"layer", event.layer}};
        if (is_by_cluster(event.kind)) args["cluster"] = event.cluster;
        list.push_back({{"ph", "X"},
                        {"pid", 1},
                        {"tid", event.worker},
                        {"name", to_string(event.kind)},
                        {"ts", event.begin_us},
                        {"dur", event.end_us - event.begin_us},
                        {"args", std::move(args)}});
    }
    return Json{{"displayTimeUnit", "ms"}, {"traceEvents", std::move(list)}}.dump(1) + "\n";
}

}  // namespace hearth
