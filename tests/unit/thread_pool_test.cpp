#include "engine/base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace hearth {
namespace {

TEST(ThreadPool, EveryIndexIsVisitedOnce) {
    for (const size_t n_threads : {1u, 2u, 3u, 8u}) {
        ThreadPool pool(n_threads);
        for (const size_t n : {0u, 1u, 7u, 64u, 1000u}) {
            for (const size_t grain : {1u, 3u, 64u, 2000u}) {
                std::vector<std::atomic<int>> visits(n);
                pool.parallel_for(n, grain, [&](size_t begin, size_t end, size_t worker) {
                    EXPECT_EQ(begin % grain, 0u);
                    EXPECT_LT(worker, n_threads);
                    for (size_t i = begin; i < end; ++i) ++visits[i];
                });
                for (const auto& count : visits) ASSERT_EQ(count.load(), 1);
            }
        }
    }
}

TEST(ThreadPool, ManyShortLoopsAndPausesBetweenThem) {
    ThreadPool pool(4);
    std::atomic<size_t> sum{0};
    for (int i = 0; i < 20000; ++i) {
        pool.parallel_for(8, 1, [&](size_t begin, size_t end, size_t) { sum += end - begin; });
        if (i % 5000 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    EXPECT_EQ(sum.load(), 8u * 20000u);
}

}  // namespace
}  // namespace hearth
