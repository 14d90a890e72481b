// FiringCounts: how often each neuron of a model fired, without when: what profiles are made of.
//
// 4 bytes per neuron. A few conversations fit into it as well as one sentence.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/neuron/firing.h"

namespace hearth {

struct TraceShape {
    size_t n_layers = 0;
    size_t n_experts = 1;  // per layer; 1 where there is no mixture
    size_t d_ff = 0;       // neurons per layer and expert

    size_t n_sections() const { return n_layers * n_experts; }
    size_t n_neurons() const { return n_sections() * d_ff; }
    bool operator==(const TraceShape&) const = default;
};

class FiringCounts {
  public:
    explicit FiringCounts(const TraceShape& shape)
        : shape_(shape), counts_(shape.n_neurons()), section_tokens_(shape.n_sections()) {}

    // False for what does not fit the shape: it is not counted.
    bool add(const Firing& firing);

    const TraceShape& shape() const { return shape_; }
    // (d_ff) how many tokens a neuron fired for; section = layer * n_experts + expert.
    std::span<const uint32_t> of(size_t section) const {
        return std::span(counts_).subspan(section * shape_.d_ff, shape_.d_ff);
    }
    // How many tokens reached the section: all of them unless it is an expert's.
    size_t tokens_of(size_t section) const { return section_tokens_[section]; }
    // How many went through the first layer, if each went through one of its experts.
    size_t n_tokens() const;

    // The share of a layer's neurons (of the experts that were chosen) that fire for a token.
    double active_fraction(size_t layer) const;

  private:
    TraceShape shape_;
    std::vector<uint32_t> counts_;  // (n_sections, d_ff)
    std::vector<size_t> section_tokens_;
};

}  // namespace hearth
