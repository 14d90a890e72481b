#include "engine/neuron/activity.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace hearth {
namespace {

TEST(ActivityModel, OftenUsedIsWorthMoreThanSeldomUsed) {
    ActivityModel model;
    Activity often;
    Activity seldom;
    for (int token = 0; token < 100; ++token) {
        model.begin_token();
        if (token % 2 == 0) model.use(often);
        if (token % 10 == 0) model.use(seldom);
    }
    EXPECT_GT(model.worth(often), 3 * model.worth(seldom));
    EXPECT_EQ(model.worth({}), 0U);
}

TEST(ActivityModel, WorthHalvesInAHalfLifeAndEnds) {
    ActivityModel model;
    Activity activity;
    model.begin_token();
    model.use(activity);
    for (int token = 0; token < 2; ++token) model.begin_token();
    const uint32_t before = model.worth(activity);
    for (int token = 0; token < 64; ++token) model.begin_token();
    EXPECT_NEAR(model.worth(activity), before / 2.0, 2.0);
    for (int token = 0; token < 2000; ++token) model.begin_token();
    EXPECT_EQ(model.worth(activity), 0U);
}

TEST(ActivityModel, ASecondUseByTheSameTokenChangesNothing) {
    ActivityModel model;
    model.begin_token();
    Activity activity;
    model.use(activity);
    const uint32_t once = model.worth(activity);
    model.use(activity);
    EXPECT_EQ(model.worth(activity), once);
}

// Neurons that fire with a rate and a persistence: what the model measures.
double measured_persistence(double rate, double persistence) {
    ActivityModel model;
    std::mt19937 random(1);
    std::uniform_real_distribution<double> chance;
    std::vector<Activity> neurons(2000);
    std::vector<bool> is_active(neurons.size());
    for (int token = 0; token < 150; ++token) {
        model.begin_token();
        for (size_t i = 0; i < neurons.size(); ++i) {
            const double p = (1.0 - persistence) * rate + (is_active[i] ? persistence : 0.0);
            is_active[i] = chance(random) < p;
            if (is_active[i]) model.use(neurons[i]);
        }
    }
    return model.persistence();
}

TEST(ActivityModel, MeasuresThePersistenceOfTheStream) {
    EXPECT_NEAR(measured_persistence(0.1, 0.0), 0.0, 0.05);
    EXPECT_NEAR(measured_persistence(0.1, 0.7), 0.7, 0.08);
    EXPECT_NEAR(measured_persistence(0.4, 0.5), 0.5, 0.08);
}

// With persistence, what fired for the last token outlives what fired a little more often before.
TEST(ActivityModel, PersistenceMakesTheLatestWorthMore) {
    ActivityModel model;
    std::vector<Activity> neurons(1000);
    Activity before;
    Activity latest;
    for (int token = 0; token < 100; ++token) {
        model.begin_token();
        // A band of neurons that moves by a tenth of its width each token.
        for (size_t i = 0; i < 100; ++i) {
            model.use(neurons[(static_cast<size_t>(token) * 10 + i) % neurons.size()]);
        }
        if (token >= 90 && token < 93) model.use(before);
        if (token == 99) model.use(latest);
    }
    EXPECT_GT(model.persistence(), 0.5);
    EXPECT_GT(model.worth(latest), model.worth(before));
}

}  // namespace
}  // namespace hearth
