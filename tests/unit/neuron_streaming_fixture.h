// A tiny ReLU model, its pack and sessions on it, resident and streamed.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/model/config.h"
#include "engine/neuron/pack.h"
#include "planner/pack_writer.h"
#include "tests/data/tiny_model.h"
#include "tests/support/temp_folder.h"

namespace hearth {

struct Decoded {
    std::vector<std::vector<float>> logits;  // after each decoded token
    std::vector<Token> tokens;
    RunStats stats;
};

class NeuronStreamingFixture : public testing::Test {
  protected:
    std::string write_model(const std::string& activation, size_t d_ff = 512) {
        TinyModelOptions options;
        options.ffn_activation = activation;
        options.pwri = true;
        options.n_layers = 3;
        options.d_ff = d_ff;
        const std::string path = folder_.file("tiny.gguf");
        EXPECT_TRUE(tiny_model(options).write(path));
        return path;
    }

    std::string pack(const std::string& model, size_t alignment = 512) {
        const auto gguf = Gguf::open(model);
        const auto config = read_model_config(*gguf);
        PackOptions options;
        options.path = folder_.file("tiny.pack");
        options.alignment = alignment;
        const auto written = write_pack(*gguf, *config, options);
        EXPECT_TRUE(written) << (written ? "" : written.error().message);
        return options.path;
    }

    static Plan plan_for(const std::string& pack_path, size_t n_slots) {
        const auto pack = Pack::open(pack_path);
        const PackSection& section = pack->sections().front();
        Plan plan;
        plan.name = "test";
        plan.placement = FfnPlacement::by_neuron;
        plan.pack_path = pack_path;
        plan.cache_bytes = n_slots * round_up<size_t>(section.gate_offset, 512);
        plan.stream = {8192, 3};
        plan.max_batch_by_neurons = 8;  // for bundles as small as these it would be 1
        return plan;
    }

    static std::unique_ptr<Session> open(std::unique_ptr<Model>& model, const std::string& path,
                                         const Plan& plan, SessionOptions options) {
        auto opened = Model::open(path, {.isa = "", .plan = plan});
        EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
        model = std::move(*opened);
        auto session = Session::create(*model, options);
        EXPECT_TRUE(session) << (session ? "" : session.error().message);
        return std::move(*session);
    }

    static std::vector<Token> tokens(size_t n) {
        std::vector<Token> tokens;
        for (uint32_t i = 0; i < n; ++i) tokens.push_back(Token{1 + i * 11 % 300});
        return tokens;
    }

    static std::vector<float> logits(const Session& session) {
        return {session.logits().begin(), session.logits().end()};
    }

    // A prompt, as a batch or one by one, then tokens one by one, each the most probable.
    enum class Prompt { batch, one_by_one };
    static Decoded decode(const std::string& path, const Plan& plan, SessionOptions options,
                          size_t n = 12, Prompt way = Prompt::batch) {
        std::unique_ptr<Model> model;
        const auto session = open(model, path, plan, options);
        const std::vector<Token> prompt{Token{1}, Token{5}, Token{9}};
        EXPECT_TRUE(session->prefill(
            std::span(prompt).first(way == Prompt::batch ? prompt.size() : 1), {}));
        if (way == Prompt::one_by_one) {
            for (const Token token : std::span(prompt).subspan(1)) {
                EXPECT_TRUE(session->decode(token));
            }
        }
        Decoded decoded;
        for (size_t i = 0; i < n; ++i) {
            const auto logits = session->logits();
            const auto best = std::max_element(logits.begin(), logits.end());
            decoded.tokens.push_back(Token{static_cast<uint32_t>(best - logits.begin())});
            const auto done = session->decode(decoded.tokens.back());
            EXPECT_TRUE(done) << (done ? "" : done.error().message);
            decoded.logits.push_back(NeuronStreamingFixture::logits(*session));
        }
        EXPECT_TRUE(session->generate({.sampler = {}, .max_tokens = 0, .stop_strings = {}}, {}));
        decoded.stats = session->stats();
        return decoded;
    }

    TempFolder folder_;
};

}  // namespace hearth
