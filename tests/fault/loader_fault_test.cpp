// Storage that misbehaves (catalogue W1, W2, W3, W5): the loader delivers the right bytes, or says
// in one line why it cannot.
#include <thread>

#include "tests/fault/faulty_backend.h"
#include "tests/fault/loader_fixture.h"

namespace hearth {
namespace {

class LoaderFaultTest : public LoaderFixture {
  protected:
    std::unique_ptr<NeuronLoader> open_faulty(const FaultPlan& plan, LoaderOptions options = {}) {
        n_started = 0;
        auto loader = NeuronLoader::open(path, options, FaultyBackend::maker(plan, &n_started));
        EXPECT_TRUE(loader) << loader.error().message;
        return std::move(*loader);
    }

    uint64_t n_started = 0;
};

TEST_F(LoaderFaultTest, TransientFaultsOf200SeedsChangeNoByte) {
    uint64_t n_retries = 0;
    for (uint32_t seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE(testing::Message() << "seed " << seed);
        std::mt19937 random(seed);
        const FaultPlan plan{.seed = seed,
                             .transient_share = 0.4,
                             .delays_and_shuffles = true,
                             .wait_fault_share = 0.05};
        LoaderOptions options{.queue_depth = 1 + random() % 32};
        options.gap_bytes = random() % 9 * kBlock;
        const auto loader = open_faulty(plan, options);
        expect_reads(*loader, some_blocks(1 + random() % 48, random));
        n_retries += loader->stats().retries;
        if (HasFailure()) return;
    }
    EXPECT_GT(n_retries, 1000U);
}

TEST_F(LoaderFaultTest, AReadIsRetriedEightTimesAndThenFails) {
    const FaultPlan plan{.transient_share = 1.0, .most_transient = 1000};
    const auto loader = open_faulty(plan);
    std::mt19937 random(1);
    const auto request = some_blocks(1, random);
    ASSERT_TRUE(loader->submit(request));
    reap_all(*loader);
    ASSERT_EQ(completions.size(), 1U);
    EXPECT_TRUE(completions[0].error);
    EXPECT_LE(n_started, 1 + NeuronLoader::kMaxRetries);
    EXPECT_EQ(loader->stats().retries, NeuronLoader::kMaxRetries);
}

TEST_F(LoaderFaultTest, PermanentFaultsFailEveryReadInOneLine) {
    for (const int error : {EIO, 0, EBADF, ENODEV, ESTALE, ECANCELED}) {
        for (uint64_t at = 1; at <= 32; at += 5) {
            SCOPED_TRACE(testing::Message() << "error " << error << " from read " << at);
            const auto loader =
                open_faulty({.permanent_at = at, .permanent_errno = error}, {.queue_depth = 8});
            std::mt19937 random(3);
            ASSERT_TRUE(loader->submit(lone_blocks(32, random)));
            EXPECT_EQ(reap_all(*loader).size(), 32U);
            size_t n_failed = 0;
            for (const Completion& completion : completions) {
                if (!completion.error) {
                    EXPECT_TRUE(is_right(completion.tag));
                    continue;
                }
                ++n_failed;
                const std::string& line = completion.error->message;
                EXPECT_NE(line.find("records: cannot read 4096 bytes at "), line.npos) << line;
                EXPECT_NE(line.find(error == 0 ? "truncated" : std::strerror(error)), line.npos);
                EXPECT_EQ(line.find('\n'), line.npos);
            }
            EXPECT_EQ(n_failed, 33 - at);
        }
    }
}

// A bad sector inside a joined read costs only the requests that lie on it.
TEST_F(LoaderFaultTest, AJoinedReadThatFailsIsReadOneByOne) {
    uint64_t n = 0;
    class FailsJoined final : public ReadBackend {
      public:
        explicit FailsJoined(int fd) : inner_(make_pread_backend(fd, 0)) {}
        std::string_view name() const override { return "fails joined"; }
        void start(std::span<const Read> reads) override {
            for (const Read& read : reads) {
                if (read.buffer.size() == kBlock) inner_->start({&read, 1});
                if (read.buffer.size() > kBlock) bad_.push_back({read.id, -EIO});
            }
        }
        int wait(std::vector<Done>& done, std::chrono::milliseconds timeout) override {
            done.insert(done.end(), bad_.begin(), bad_.end());
            bad_.clear();
            return inner_->wait(done, timeout);
        }
        int use_buffers(std::span<const std::span<std::byte>>) override { return ENOMEM; }

      private:
        std::unique_ptr<ReadBackend> inner_;
        std::vector<Done> bad_;
    };
    const auto maker = [&](int fd, size_t) -> tl::expected<std::unique_ptr<ReadBackend>, int> {
        ++n;
        return std::make_unique<FailsJoined>(fd);
    };
    auto loader = NeuronLoader::open(path, {.gap_bytes = kBlock}, maker);
    ASSERT_TRUE(loader);
    std::mt19937 random(4);
    expect_reads(**loader, some_blocks(200, random));
    EXPECT_GT((*loader)->stats().merged, 100U);
    EXPECT_GT((*loader)->stats().retries, 100U);
    EXPECT_EQ(n, 1U);
}

// Joined reads land apart from each other; where there is no room to land, each travels alone.
TEST_F(LoaderFaultTest, JoinedReadsLandInPiecesOfTheirOwn) {
    std::vector<std::span<std::byte>> landed;
    class NotesLandings final : public ReadBackend {
      public:
        NotesLandings(int fd, std::vector<std::span<std::byte>>* landed)
            : inner_(make_pread_backend(fd, 0)), landed_(landed) {}
        std::string_view name() const override { return "notes landings"; }
        void start(std::span<const Read> reads) override {
            inner_->start(reads);
            for (const Read& read : reads) {
                if (read.buffer.size() > kBlock) landed_->push_back(read.buffer);
            }
        }
        int wait(std::vector<Done>& done, std::chrono::milliseconds timeout) override {
            return inner_->wait(done, timeout);
        }
        int use_buffers(std::span<const std::span<std::byte>>) override { return ENOMEM; }

      private:
        std::unique_ptr<ReadBackend> inner_;
        std::vector<std::span<std::byte>>* landed_;
    };
    const auto maker = [&](int fd, size_t) -> tl::expected<std::unique_ptr<ReadBackend>, int> {
        return std::make_unique<NotesLandings>(fd, &landed);
    };
    constexpr size_t kLandings = 4;
    auto loader = NeuronLoader::open(
        path, {.gap_bytes = kBlock, .max_joined_bytes = (size_t{2} << 20) / kLandings}, maker);
    ASSERT_TRUE(loader);
    std::mt19937 random(11);
    auto requests = some_blocks(kBlocks, random);
    // 0 and 2, 8 and 10, ...: pairs over a gap.
    std::erase_if(requests, [](const ReadRequest& r) { return r.tag % 8 != 0 && r.tag % 8 != 2; });
    for (size_t time = 1; time <= 2; ++time) {  // what has landed makes room
        landed.clear();
        expect_reads(**loader, requests);
        ASSERT_EQ(landed.size(), kLandings);
        for (size_t i = 0; i < kLandings; ++i) {
            EXPECT_EQ(landed[i].size(), 3 * kBlock);
            for (size_t j = 0; j < i; ++j) {
                EXPECT_TRUE(landed[i].data() >= landed[j].data() + landed[j].size() ||
                            landed[j].data() >= landed[i].data() + landed[i].size());
            }
        }
        EXPECT_EQ((*loader)->stats().merged, time * kLandings);
    }
}

TEST_F(LoaderFaultTest, ARefusedRingMeansPreadAndOneLogLine) {
    for (const int error : {EPERM, ENOSYS, EOPNOTSUPP, ENOMEM, EINVAL, EMFILE, 999}) {
        SCOPED_TRACE(testing::Message() << "errno " << error);
        const LogFile log(folder.file("log-" + std::to_string(error)));
        const auto refuse = [=](int, size_t) -> tl::expected<std::unique_ptr<ReadBackend>, int> {
            return tl::unexpected(error);
        };
        auto loader = NeuronLoader::open(path, {.n_pread_threads = 2}, refuse);
        ASSERT_TRUE(loader) << loader.error().message;
        EXPECT_EQ((*loader)->backend_name(), "pread");
        EXPECT_EQ(log.lines_with("io_uring is refused"), 1U);
        EXPECT_EQ(log.lines_with(std::strerror(error)), 1U);
        std::mt19937 random(5);
        expect_reads(**loader, some_blocks(100, random));

        const auto strict = NeuronLoader::open(path, {.backend = LoaderBackend::io_uring}, refuse);
        ASSERT_FALSE(strict);
        EXPECT_EQ(strict.error().code, ErrorCode::machine);
    }
}

TEST_F(LoaderFaultTest, RefusedBuffersCostOneLogLine) {
    const LogFile log(folder.file("log"));
    const auto loader = open_faulty({});
    const std::array region{memory.span()};
    EXPECT_FALSE(loader->use_buffers(region));
    EXPECT_EQ(log.lines_with("not registered"), 1U);
    std::mt19937 random(6);
    expect_reads(*loader, some_blocks(100, random));
}

TEST_F(LoaderFaultTest, SilentStorageIsGivenUpAfterTheTimeout) {
    LoaderOptions options;
    options.timeout = std::chrono::seconds{1};
    const auto loader = open_faulty({.hang_at = 3}, options);
    std::mt19937 random(7);
    ASSERT_TRUE(loader->submit(lone_blocks(5, random)));
    Result<void> result;
    while (result && loader->n_unfinished() > 0) {
        result = loader->reap(completions, Wait::at_least_one);
    }
    ASSERT_FALSE(result);
    EXPECT_NE(result.error().message.find("storage is not answering"), std::string::npos);
    EXPECT_EQ(completions.size(), 4U);
    // For good: nothing else is taken, nor is the hanging read's buffer ever handed back.
    EXPECT_FALSE(loader->submit(some_blocks(1, random)));
    EXPECT_FALSE(loader->cancel_all(completions));
    EXPECT_EQ(loader->n_unfinished(), 1U);
}

TEST_F(LoaderFaultTest, StopEndsTheWaitForSilentStorage) {
    LoaderOptions options;
    options.timeout = std::chrono::seconds{4};  // the destructor waits for as long
    const auto loader = open_faulty({.hang_at = 1}, options);
    std::mt19937 random(8);
    ASSERT_TRUE(loader->submit(some_blocks(1, random)));
    const std::atomic<bool> stop{true};
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_TRUE(loader->reap(completions, Wait::at_least_one, &stop));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{3});
    EXPECT_TRUE(completions.empty());
}

TEST_F(LoaderFaultTest, ALostCompletionStopsTheLoader) {
    const auto loader = open_faulty({.break_at = 1});
    std::mt19937 random(9);
    ASSERT_TRUE(loader->submit(some_blocks(3, random)));
    const auto result = loader->reap(completions, Wait::at_least_one);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::machine);
    EXPECT_NE(result.error().message.find(std::strerror(EBADR)), std::string::npos);
    EXPECT_FALSE(loader->reap(completions, Wait::none));
}

}  // namespace
}  // namespace hearth
