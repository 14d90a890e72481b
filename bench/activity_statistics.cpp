#include "bench/activity_statistics.h"

#include <algorithm>
#include <numeric>

#include "engine/model/config.h"
#include "engine/model/weights.h"

namespace hearth::bench {

namespace {

double share(uint64_t part, uint64_t whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

double hottest_fifth(std::vector<uint32_t> fired) {
    std::sort(fired.begin(), fired.end(), std::greater<>());
    const auto fifth = fired.begin() + static_cast<ptrdiff_t>(fired.size() / 5);
    return share(std::accumulate(fired.begin(), fifth, uint64_t{0}),
                 std::accumulate(fired.begin(), fired.end(), uint64_t{0}));
}

}  // namespace

ActivityStatistics::ActivityStatistics(const Model& model)
    : model_(model),
      layers_(model.config().n_layers),
      scratch_(model.config().d_model, model.weights().max_predictor_rank, model.config().d_ff) {
    for (Counts& counts : layers_) {
        counts.fired.resize(model.config().d_ff);
        counts.was_active.resize(model.config().d_ff);
    }
}

void ActivityStatistics::add(const Compute& compute, const FfnVisit& visit) {
    Counts& counts = layers_[visit.layer];
    const Predictor& predictor = model_.weights().layers[visit.layer].predictor;
    if (predictor.is_present()) {
        predict(compute, predictor, visit.residual.data(), scratch_, proposed_);
        counts.n_proposed += proposed_.size();
        for (const uint32_t i : proposed_) counts.n_recalled += visit.activation[i] != 0.0F;
    }
    if (counts.n_tokens++ > 0) {
        counts.n_before += static_cast<uint64_t>(
            std::count(counts.was_active.begin(), counts.was_active.end(), true));
    }
    for (size_t i = 0; i < visit.activation.size(); ++i) {
        const bool is_active = visit.activation[i] != 0.0F;
        counts.n_active += is_active;
        counts.fired[i] += is_active;
        counts.n_again += is_active && counts.was_active[i];
        counts.was_active[i] = is_active;
    }
}

std::vector<LayerActivity> ActivityStatistics::layers() const {
    std::vector<LayerActivity> result;
    for (const Counts& c : layers_) {
        const uint64_t n_neurons = c.n_tokens * c.fired.size();
        result.push_back({share(c.n_active, n_neurons), hottest_fifth(c.fired),
                          share(c.n_again, c.n_before), share(c.n_recalled, c.n_active),
                          share(c.n_proposed, n_neurons)});
    }
    return result;
}

LayerActivity mean(const std::vector<LayerActivity>& layers) {
    LayerActivity sum;
    const auto n = static_cast<double>(layers.size());
    for (const LayerActivity& layer : layers) {
        sum.active += layer.active / n;
        sum.hottest_fifth += layer.hottest_fifth / n;
        sum.persistence += layer.persistence / n;
        sum.recall += layer.recall / n;
        sum.proposed += layer.proposed / n;
    }
    return sum;
}

}  // namespace hearth::bench
