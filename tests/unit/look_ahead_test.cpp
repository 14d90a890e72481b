// Looking ahead reads what the predictor proposes and memory lacks; filling takes what fires most.
#include "engine/neuron/look_ahead.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "engine/base/thread_pool.h"
#include "engine/engine.h"
#include "engine/model/weights.h"
#include "engine/neuron/cache_fill.h"
#include "planner/pack_writer.h"
#include "tests/data/tiny_model.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

constexpr size_t kLayers = 2;
constexpr size_t kNeurons = 256;

class LookAheadTest : public testing::Test {
  protected:
    void SetUp() override {
        TinyModelOptions options;
        options.ffn_activation = "relu";
        options.pwri = true;
        options.n_layers = kLayers;
        options.d_ff = kNeurons;
        const std::string path = folder_.file("tiny.gguf");
        ASSERT_TRUE(tiny_model(options).write(path));
        auto opened = Model::open(path, {});
        ASSERT_TRUE(opened) << opened.error().message;
        model_ = std::move(*opened);
        PackOptions packing;
        packing.path = folder_.file("tiny.pack");
        ASSERT_TRUE(write_pack(model_->gguf(), model_->config(), packing));
        plan_.placement = FfnPlacement::by_neuron;
        plan_.pack_path = packing.path;
        plan_.cache_bytes = uint64_t{1} << 24;
        plan_.gates_resident = false;
    }

    std::unique_ptr<BundleStore> open_store() const {
        const auto identity = identify_model(model_->gguf());
        auto store = BundleStore::open(plan_, *identity, model_->gguf().path());
        EXPECT_TRUE(store) << (store ? "" : store.error().message);
        return std::move(*store);
    }

    TempFolder folder_;
    std::unique_ptr<Model> model_;
    Plan plan_;
};

TEST_F(LookAheadTest, ReadsWhatIsProposedOnce) {
    const auto store = open_store();
    const Weights& weights = model_->weights();
    const size_t d_model = model_->config().d_model;
    std::vector<float> residual(d_model);
    for (size_t i = 0; i < d_model; ++i) residual[i] = static_cast<float>(i % 7) - 3.0F;

    ThreadPool pool(2);
    std::atomic<bool> stop{false};
    const Compute compute{model_->kernels(), pool, stop, nullptr, 0};
    const Predictor& predictor = weights.layers[1].predictor;
    PredictorScratch scratch(d_model, weights.max_predictor_rank, kNeurons);
    std::vector<uint32_t> proposed;
    predict(compute, predictor, residual.data(), scratch, proposed);
    ASSERT_GT(proposed.size(), 0u);
    ASSERT_LT(proposed.size(), kNeurons);

    LookAhead ahead(d_model, weights.max_predictor_rank, kNeurons);
    EXPECT_FALSE(ahead.propose_some(compute, 0)) << "nothing was begun";
    for (int time = 0; time < 2; ++time) {
        ahead.begin(compute, store->section_of(1, 0), predictor, residual.data());
        while (ahead.propose_some(compute, 0)) {
        }
        ASSERT_TRUE(ahead.finish(*store));
        while (store->n_reading() > 0) ASSERT_TRUE(store->reap(Wait::at_least_one, nullptr));
        EXPECT_EQ(store->stats().cold.read_ahead, proposed.size());
    }
    ahead.begin(compute, store->section_of(0, 0), weights.layers[0].predictor, residual.data());
    EXPECT_TRUE(ahead.propose_some(compute, 0));
    ahead.drop();
    EXPECT_FALSE(ahead.propose_some(compute, 0));
    ASSERT_TRUE(ahead.finish(*store));
    EXPECT_EQ(store->stats().cold.read_ahead, proposed.size()) << "nothing of what was dropped";
    for (uint32_t neuron = 0; neuron < kNeurons; ++neuron) {
        const bool wanted = std::binary_search(proposed.begin(), proposed.end(), neuron);
        EXPECT_EQ(store->cache().is_present(1, neuron), wanted) << neuron;
    }
}

TEST_F(LookAheadTest, HotOnesAreTheMostFrequentWhereverTheyLie) {
    plan_.hot_records = {0, 3};
    plan_.fills_cache_at_start = false;
    const auto by_place = open_store();
    const auto placed = by_place->pack().placement(1);
    std::vector<uint32_t> front(placed.begin(), placed.begin() + 3);
    std::sort(front.begin(), front.end());
    EXPECT_TRUE(std::ranges::equal(by_place->hot(1), front));

    plan_.firing_rates.assign(kLayers, std::vector<float>(kNeurons, 0.1F));
    for (const size_t neuron : {200, 7, 90}) plan_.firing_rates[1][neuron] = 0.5F;
    const auto by_rate = open_store();
    EXPECT_TRUE(by_rate->hot(0).empty());
    EXPECT_TRUE(std::ranges::equal(by_rate->hot(1), std::vector<uint32_t>{7, 90, 200}));
    ASSERT_TRUE(by_rate->fill({}));
    for (const uint32_t neuron : by_rate->hot(1)) {
        EXPECT_TRUE(by_rate->cache().is_present(1, neuron)) << neuron;
    }
    const auto memory = by_rate->ffn_memory();
    EXPECT_GT(memory[1].present_by_rank[0], 0.0F);
    EXPECT_EQ(memory[1].present_by_rank[FfnMemory::kRanks - 1], 0.0F);
}

TEST_F(LookAheadTest, FillingTakesTheMostFrequentOfTheWholeModel) {
    const auto pack = Pack::open(plan_.pack_path);
    ASSERT_TRUE(pack);
    std::vector<std::vector<float>> rates(kLayers, std::vector<float>(kNeurons));
    for (size_t i = 0; i < kNeurons; ++i) {
        rates[0][i] = 0.001F * static_cast<float>(i);
        rates[1][i] = 1.0F + rates[0][i];
    }
    const std::vector<std::vector<uint32_t>> hot{{}, {254, 255}};
    const auto chosen = choose_fill(*pack, hot, rates, kNeurons);
    EXPECT_EQ(chosen[1].size(), kNeurons - 2) << "all that are not hot";
    std::vector<uint32_t> first = chosen[0];
    std::sort(first.begin(), first.end());
    EXPECT_EQ(first, (std::vector<uint32_t>{254, 255}));

    const auto by_place = choose_fill(*pack, hot, {}, 100);
    EXPECT_EQ(by_place[0].size(), 50u);
    EXPECT_EQ(by_place[1].size(), 50u);
    EXPECT_TRUE(std::equal(by_place[0].begin(), by_place[0].end(), pack->placement(0).begin()));
}

}  // namespace
}  // namespace hearth
