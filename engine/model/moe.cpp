#include "engine/model/moe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <utility>

namespace hearth {

namespace {

// The k best experts of one token by logit (the lowest number among equals), with their weights.
void choose(const ModelConfig& config, std::span<float> logits, std::span<uint32_t> order,
            std::span<Route> routes) {
    std::iota(order.begin(), order.end(), 0u);
    std::partial_sort(order.begin(), order.begin() + static_cast<ptrdiff_t>(routes.size()),
                      order.end(), [&](uint32_t a, uint32_t b) {
                          return logits[a] != logits[b] ? logits[a] > logits[b] : a < b;
                      });
    const float best = logits[order.front()];
    float total = 0.0F;  // of all experts, for the softmax
    for (float& logit : logits) {
        logit = config.routing.gating == RoutingConfig::Gating::softmax
                    ? std::exp(logit - best)
                    : 1.0F / (1.0F + std::exp(-logit));
        total += logit;
    }
    if (config.routing.gating == RoutingConfig::Gating::sigmoid) total = 1.0F;
    float chosen = 0.0F;
    for (size_t i = 0; i < routes.size(); ++i) {
        routes[i] = {order[i], logits[order[i]] / total};
        chosen += routes[i].weight;
    }
    if (!config.routing.renormalize) return;
    for (Route& r : routes) r.weight /= chosen;
}

// What is streamed of the experts that some token was routed to, in the order they are used.
Result<void> enqueue_routed(const std::vector<FfnWeights>& experts,
                            const std::vector<Route>& routes, size_t n_routes, bool by_neurons,
                            const FfnRun& run) {
    std::vector<bool> is_used(experts.size());
    for (size_t i = 0; i < n_routes; ++i) is_used[routes[i].expert] = true;
    for (size_t e = 0; e < experts.size(); ++e) {
        if (!is_used[e]) continue;
        if (!by_neurons) {
            HEARTH_TRY_VOID(enqueue_streamed(experts[e], *run.rows));
        } else if (streams_gate(experts[e], run)) {
            HEARTH_TRY_VOID(run.rows->enqueue(experts[e].gate, experts[e].gate_place));
        }
    }
    return {};
}

}  // namespace

void route(const Compute& compute, const ModelConfig& config, const MatrixView& router,
           const float* x, size_t n_tokens, Activations& a) {
    const std::array product{Product{router, nullptr, a.router_logits.data(), config.n_experts}};
    multiply(compute, prepare_input(compute, x, n_tokens, config.d_model, product, a.quantized),
             product);
    std::vector<uint32_t>& order = a.expert_order;
    for (size_t t = 0; t < n_tokens; ++t) {
        choose(config, a.router_logits.span().subspan(t * config.n_experts, config.n_experts),
               order,
               std::span(a.routes).subspan(t * config.n_experts_used, config.n_experts_used));
    }
}

namespace {

// One token, its experts computed by neurons.
Result<NeuronCount> add_sparse_experts(const Compute& compute, const ModelConfig& config,
                                       size_t layer, const std::vector<FfnWeights>& experts,
                                       const FfnRun& run, float* out, Activations& a) {
    // In order of expert number, as batches add them.
    const std::span<Route> routes = std::span(a.routes).first(config.n_experts_used);
    std::sort(routes.begin(), routes.end(),
              [](const Route& x, const Route& y) { return x.expert < y.expert; });
    NeuronCount neurons;
    for (const Route& r : routes) {
        const FfnWeights& expert = experts[r.expert];
        if (!streams_gate(expert, run)) continue;
        HEARTH_TRY_VOID(run.rows->enqueue(expert.gate, expert.gate_place));
    }
    for (const Route& r : routes) {
        if (a.firing.has_listener()) a.firing.begin_expert(r.expert, {0});
        HEARTH_TRY(const NeuronCount count,
                   feed_forward_sparse(compute, config, {layer, r.expert}, experts[r.expert],
                                       Predictor{}, run, a.expert_output.data(), a));
        neurons += count;
        compute.kernels.axpy(r.weight, a.expert_output.data(), out, config.d_model);
    }
    return neurons;
}

// The tokens of one expert, gathered into a.expert_input and a.expert_tokens; how many there are.
size_t gather_tokens(const ModelConfig& config, uint32_t expert, const float* x, size_t n_tokens,
                     Activations& a) {
    const size_t k = config.n_experts_used;
    size_t n = 0;
    for (size_t i = 0; i < n_tokens * k; ++i) {
        if (a.routes[i].expert != expert) continue;
        a.expert_tokens[n] = {static_cast<uint32_t>(i / k), a.routes[i].weight};
        std::copy_n(x + i / k * config.d_model, config.d_model,
                    a.expert_input.data() + n * config.d_model);
        ++n;
    }
    return n;
}

}  // namespace

Result<NeuronCount> feed_forward_experts(const Compute& compute, const ModelConfig& config,
                                         size_t layer, const std::vector<FfnWeights>& experts,
                                         const FfnRun& run, const float* x, size_t n_tokens,
                                         float* out, Activations& a) {
    const size_t d_model = config.d_model;
    std::fill_n(out, n_tokens * d_model, 0.0F);
    const bool by_neurons =
        go_by_neurons(run, n_tokens) && can_run_sparse(config, experts.front(), Predictor{}, run);
    if (by_neurons && n_tokens == 1) {
        return add_sparse_experts(compute, config, layer, experts, run, out, a);
    }
    const TraceScope trace(compute.trace, TraceKind::ffn);
    NeuronCount neurons;
    if (run.rows != nullptr) {
        HEARTH_TRY_VOID(
            enqueue_routed(experts, a.routes, n_tokens * config.n_experts_used, by_neurons, run));
    }
    for (uint32_t e = 0; e < experts.size() && !compute.stopped(); ++e) {
        const size_t n = gather_tokens(config, e, x, n_tokens, a);
        if (n == 0) continue;
        if (a.firing.has_listener()) {
            std::vector<uint32_t> places;
            for (size_t i = 0; i < n; ++i) places.push_back(a.expert_tokens[i].token);
            a.firing.begin_expert(e, std::move(places));
        }
        const float* const input = a.expert_input.data();
        float* const output = a.expert_output.data();
        HEARTH_TRY(const NeuronCount count,
                   by_neurons
                       ? feed_forward_batch(compute, config, {layer, e}, experts[e], Predictor{},
                                            run, input, n, output, a)
                       : feed_forward(compute, config, experts[e], run.rows, input, n, output, a));
        neurons += count;
        for (size_t i = 0; i < n; ++i) {
            compute.kernels.axpy(a.expert_tokens[i].weight, a.expert_output.data() + i * d_model,
                                 out + a.expert_tokens[i].token * d_model, d_model);
        }
    }
    return neurons;
}

}  // namespace hearth
