// NeuronLoader on real files, through every backend the machine has (catalogue W13 among it).
#include "engine/neuron/neuron_loader.h"

#include <filesystem>

#include "engine/neuron/neuron_loader_backend.h"
#include "tests/fault/loader_fixture.h"

namespace hearth {
namespace {

struct BackendCase {
    const char* name;
    LoaderBackend backend;
    size_t n_threads;
};

class NeuronLoaderTest : public LoaderFixture, public testing::WithParamInterface<BackendCase> {
  protected:
    LoaderOptions options(size_t queue_depth = 16) const {
        return {.queue_depth = queue_depth,
                .backend = GetParam().backend,
                .n_pread_threads = GetParam().n_threads};
    }
};

INSTANTIATE_TEST_SUITE_P(Backends, NeuronLoaderTest,
                         testing::Values(BackendCase{"automatic", LoaderBackend::automatic, 2},
                                         BackendCase{"pread", LoaderBackend::pread, 3},
                                         BackendCase{"synchronous", LoaderBackend::pread, 0}),
                         [](const auto& tested) { return tested.param.name; });

TEST_P(NeuronLoaderTest, ReadsWhatIsInTheFile) {
    for (const size_t depth : std::initializer_list<size_t>{1, 2, 16, 300}) {
        const auto loader = open(options(depth));
        std::mt19937 random(static_cast<uint32_t>(depth));
        expect_reads(*loader, some_blocks(200, random));
        EXPECT_EQ(loader->stats().requests, 200U);
        EXPECT_EQ(loader->stats().reads + loader->stats().merged, 200U);
        uint64_t n_latencies = 0;
        for (const uint64_t n : loader->stats().latency_us_log2) n_latencies += n;
        EXPECT_EQ(n_latencies, loader->stats().reads);
    }
}

TEST_P(NeuronLoaderTest, ReadsTheWholeFileWithItsTail) {
    const auto loader = open(options());
    std::mt19937 random(2);
    expect_reads(*loader, some_blocks(kBlocks + 1, random));
}

TEST_P(NeuronLoaderTest, JoinsNeighboursAndReadsOverGaps) {
    auto gaps = options();
    gaps.gap_bytes = kBlock;
    const auto loader = open(gaps);
    std::mt19937 random(3);
    auto requests = some_blocks(kBlocks, random);
    std::erase_if(requests, [](const ReadRequest& r) { return r.tag % 5 == 1; });
    expect_reads(*loader, requests);
    const LoaderStats& stats = loader->stats();
    // 128 KiB at most in one read: 32 blocks, every fifth of them a gap.
    EXPECT_LE(stats.reads, kBlocks / 32 + 2);
    EXPECT_EQ(stats.merged, requests.size() - stats.reads);
    EXPECT_GT(stats.bytes, requests.size() * kBlock);
}

TEST_P(NeuronLoaderTest, ReadsIntoBuffersItWasToldOf) {
    const auto loader = open(options());
    const std::array region{memory.span()};
    const bool helps = loader->use_buffers(region);
    EXPECT_EQ(helps && loader->backend_name() == "pread", false);
    std::mt19937 random(4);
    expect_reads(*loader, some_blocks(150, random));
    loader->use_buffers({});
    expect_reads(*loader, some_blocks(150, random));
}

TEST_P(NeuronLoaderTest, CancelsWhatIsQueuedAndWaitsForTheRest) {
    const auto loader = open(options(4));
    std::mt19937 random(5);
    ASSERT_TRUE(loader->submit(some_blocks(100, random), ReadPriority::read_ahead));
    ASSERT_TRUE(loader->cancel_all(completions));
    EXPECT_EQ(loader->n_unfinished(), 0U);
    ASSERT_EQ(completions.size(), 100U);
    size_t n_read = 0;
    for (const Completion& completion : completions) {
        if (completion.error) {
            EXPECT_EQ(completion.error->code, ErrorCode::cancelled);
        } else {
            ++n_read;
            EXPECT_TRUE(is_right(completion.tag));
        }
    }
    EXPECT_GE(n_read, 1U);
    expect_reads(*loader, some_blocks(20, random));
}

TEST_P(NeuronLoaderTest, MayBeDestroyedWithReadsUnderWay) {
    const auto loader = open(options(8));
    std::mt19937 random(6);
    EXPECT_TRUE(loader->submit(some_blocks(100, random)));
}

TEST_P(NeuronLoaderTest, AFileCutShortLaterFailsInOneLine) {
    const auto loader = open(options());
    std::filesystem::resize_file(path, kBlocks / 2 * kBlock + 100);
    std::mt19937 random(7);
    ASSERT_TRUE(loader->submit(some_blocks(kBlocks + 1, random)));
    reap_all(*loader);
    for (const Completion& completion : completions) {
        EXPECT_EQ(completion.error.has_value(), completion.tag >= kBlocks / 2);
        if (!completion.error) continue;
        EXPECT_NE(completion.error->message.find("truncated"), std::string::npos)
            << completion.error->message;
    }
}

// Which alignments are direct depends on the disk; the bytes do not.
TEST_P(NeuronLoaderTest, EveryAlignmentReadsTheSameBytes) {
    const TempFolder in_memory(TempFolder::in_memory());
    const std::string copy = in_memory.file("records");
    std::filesystem::copy_file(path, copy);
    size_t n_files = 0;
    for (const std::string& file : {path, copy}) {
        for (const size_t alignment : std::initializer_list<size_t>{0, 1, 2, 512, 4096}) {
            SCOPED_TRACE(testing::Message() << file << " aligned to " << alignment);
            const LogFile log(folder.file(fmt::format("log-{}", n_files++)));
            auto aligned = options();
            aligned.alignment = alignment;
            auto loader = NeuronLoader::open(file, aligned);
            ASSERT_TRUE(loader) << loader.error().message;
            const bool is_direct = (*loader)->is_direct();
            EXPECT_EQ(log.lines_with("direct I/O is refused"), is_direct ? 0U : 1U);
            EXPECT_EQ((*loader)->alignment(), !is_direct  ? 1
                                              : alignment ? alignment
                                                          : (*loader)->alignment());
            std::mt19937 random(8);
            expect_reads(**loader, some_blocks(kBlocks + 1, random));
        }
    }
}

TEST_P(NeuronLoaderTest, RefusesRequestsThatCannotBe) {
    const auto loader = open(options());
    std::byte* const at = memory.data();
    const uint64_t size = loader->file_size();
    const std::vector<ReadRequest> bad{
        {0, 0, at, 1},
        {0, NeuronLoader::kMaxReadBytes + kBlock, at, 1},
        {round_up<uint64_t>(size, kBlock), kBlock, at, 1},
        {size / kBlock * kBlock, 2 * kBlock, at, 1},
        {~uint64_t{0} / kBlock * kBlock, kBlock, at, 1},
        {0, kBlock, at + 1, 1},
        {1, kBlock, at, 1},
        {0, kBlock - 1, at, 1},
    };
    for (const ReadRequest& request : bad) {
        const std::array requests{ReadRequest{0, kBlock, at, 0}, request};
        if (request.bytes != 0 && !loader->is_direct() && (request.tag & 1) == 1 &&
            request.offset + request.bytes <= round_up<uint64_t>(size, kBlock)) {
            continue;  // buffered reads need no alignment
        }
        EXPECT_FALSE(loader->submit(requests)) << request.offset << " " << request.bytes;
        EXPECT_EQ(loader->n_unfinished(), 0U) << "none of them is taken";
    }
}

TEST(NeuronLoader, RefusesOptionsAndFilesThatCannotBe) {
    const TempFolder folder;
    const std::string path = folder.file("records");
    std::ofstream(path) << "bytes";
    EXPECT_TRUE(NeuronLoader::open(path, {}));
    EXPECT_FALSE(NeuronLoader::open(path, {.queue_depth = 0}));
    EXPECT_FALSE(NeuronLoader::open(path, {.queue_depth = NeuronLoader::kMaxQueueDepth + 1}));
    EXPECT_FALSE(NeuronLoader::open(path, {.alignment = 1000}));
    EXPECT_FALSE(NeuronLoader::open(path, {.gap_bytes = NeuronLoader::kMaxGapBytes + 1}));
    EXPECT_FALSE(NeuronLoader::open(folder.path(), {}));
    const auto absent = NeuronLoader::open(folder.file("absent"), {});
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, ErrorCode::bad_file);
}

// What was begun, in order, and finished only when the test says so.
class Recorder final : public ReadBackend {
  public:
    explicit Recorder(std::vector<uint64_t>* offsets) : offsets_(offsets) {}
    std::string_view name() const override { return "recorder"; }
    void start(std::span<const Read> reads) override {
        for (const Read& read : reads) {
            offsets_->push_back(read.offset);
            done_.push_back({read.id, static_cast<int>(read.buffer.size())});
        }
    }
    int wait(std::vector<Done>& done, std::chrono::milliseconds) override {
        if (done_.empty()) return 0;
        done.push_back(done_.front());
        done_.erase(done_.begin());
        return 0;
    }
    int use_buffers(std::span<const std::span<std::byte>>) override { return 0; }

  private:
    std::vector<uint64_t>* offsets_;
    std::vector<Done> done_;
};

class LoaderOrderTest : public LoaderFixture {
  protected:
    LoaderOrderTest() {
        const auto maker = [this](int, size_t) -> tl::expected<std::unique_ptr<ReadBackend>, int> {
            return std::make_unique<Recorder>(&offsets);
        };
        loader = std::move(*NeuronLoader::open(path, {.queue_depth = 4}, maker));
    }

    // Every other block from `first`, so that none are neighbours.
    std::vector<ReadRequest> blocks(size_t first, size_t n) {
        std::vector<ReadRequest> requests;
        for (size_t i = first; i < first + 2 * n; i += 2) {
            requests.push_back({i * kBlock, kBlock, memory.data() + i * kBlock, i});
        }
        return requests;
    }
    std::vector<uint64_t> begun() const {
        std::vector<uint64_t> numbers;
        for (const uint64_t offset : offsets) numbers.push_back(offset / kBlock);
        return numbers;
    }

    std::vector<uint64_t> offsets;
    std::unique_ptr<NeuronLoader> loader;
};

TEST_F(LoaderOrderTest, DemandOvertakesReadAheadWhichKeepsToItsShare) {
    ASSERT_TRUE(loader->submit(blocks(100, 3), ReadPriority::read_ahead));
    EXPECT_EQ(begun(), (std::vector<uint64_t>{100})) << "a quarter of the depth";
    ASSERT_TRUE(loader->submit(blocks(0, 5)));
    EXPECT_EQ(begun(), (std::vector<uint64_t>{100, 0, 2, 4}));
    reap_all(*loader);
    EXPECT_EQ(begun(), (std::vector<uint64_t>{100, 0, 2, 4, 6, 8, 102, 104}));
}

TEST_F(LoaderOrderTest, PromotedReadAheadIsDemand) {
    ASSERT_TRUE(loader->submit(blocks(100, 5), ReadPriority::read_ahead));
    const std::vector<uint64_t> tags{106, 100, 7};
    loader->promote(tags);
    EXPECT_EQ(begun(), (std::vector<uint64_t>{100, 106}));
    reap_all(*loader);
    EXPECT_EQ(begun(), (std::vector<uint64_t>{100, 106, 102, 104, 108}));
}

}  // namespace
}  // namespace hearth
