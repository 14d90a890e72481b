// What the tests of NeuronLoader share: a file of random bytes, and reads that check themselves.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <map>
#include <random>

#include "engine/base/aligned_buffer.h"
#include "engine/base/log.h"
#include "engine/neuron/neuron_loader.h"
#include "tests/support/temp_folder.h"

namespace hearth {

inline std::vector<std::byte> random_bytes(size_t n, uint32_t seed) {
    std::mt19937 random(seed);
    std::vector<std::byte> bytes(n);
    for (std::byte& b : bytes) b = static_cast<std::byte>(random());
    return bytes;
}

// A log file of its own, and how many of its lines speak of `what`.
class LogFile {
  public:
    explicit LogFile(const std::string& path) : path_(path) { EXPECT_TRUE(open_log(path)); }
    size_t lines_with(const std::string& what) const {
        std::ifstream file(path_);
        size_t n = 0;
        for (std::string line; std::getline(file, line);) n += line.find(what) != line.npos;
        return n;
    }

  private:
    std::string path_;
};

class LoaderFixture : public testing::Test {
  protected:
    static constexpr size_t kBlock = 4096;  // every alignment in these tests divides it
    static constexpr size_t kBlocks = 256;
    static constexpr size_t kTail = 1234;  // the file ends inside a block

    LoaderFixture()
        : path(folder.file("records")), content(random_bytes(kBlocks * kBlock + kTail, 7)) {
        std::ofstream file(path, std::ios::binary);
        file.write(reinterpret_cast<const char*>(content.data()),
                   static_cast<std::streamsize>(content.size()));
    }

    std::unique_ptr<NeuronLoader> open(const LoaderOptions& options) {
        auto loader = NeuronLoader::open(path, options);
        EXPECT_TRUE(loader) << loader.error().message;
        return std::move(*loader);
    }

    // n distinct blocks of the file, in disorder, each into a place of its own in `memory`; tags
    // are the numbers of blocks.
    std::vector<ReadRequest> some_blocks(size_t n, std::mt19937& random) {
        std::vector<size_t> blocks(kBlocks + 1);
        for (size_t i = 0; i < blocks.size(); ++i) blocks[i] = i;
        std::shuffle(blocks.begin(), blocks.end(), random);
        std::vector<ReadRequest> requests;
        for (size_t i = 0; i < n; ++i) {
            requests.push_back(
                {blocks[i] * kBlock, kBlock, memory.data() + blocks[i] * kBlock, blocks[i]});
        }
        return requests;
    }

    // The same with no two neighbours among them: each travels alone.
    std::vector<ReadRequest> lone_blocks(size_t n, std::mt19937& random) {
        auto requests = some_blocks(kBlocks + 1, random);
        std::erase_if(requests, [](const ReadRequest& r) { return r.tag % 2 == 1; });
        requests.resize(n);
        return requests;
    }

    // Reaps until nothing is unfinished. Returns how often each tag came.
    std::map<uint64_t, size_t> reap_all(NeuronLoader& loader) {
        std::map<uint64_t, size_t> seen;
        completions.clear();
        while (loader.n_unfinished() > 0) {
            const auto result = loader.reap(completions, Wait::at_least_one);
            EXPECT_TRUE(result) << result.error().message;
            if (!result) break;
        }
        for (const Completion& completion : completions) ++seen[completion.tag];
        return seen;
    }

    bool is_right(uint64_t block) const {
        const size_t begin = block * kBlock;
        const size_t bytes = std::min(kBlock, content.size() - begin);
        return std::memcmp(memory.data() + begin, content.data() + begin, bytes) == 0;
    }

    // Reads `requests` and expects every tag once, without an error and with the right bytes.
    void expect_reads(NeuronLoader& loader, std::span<const ReadRequest> requests) {
        std::fill(memory.span().begin(), memory.span().end(), std::byte{0x55});
        const auto submitted = loader.submit(requests);
        ASSERT_TRUE(submitted) << submitted.error().message;
        auto seen = reap_all(loader);
        EXPECT_EQ(seen.size(), requests.size());
        for (const Completion& c : completions) EXPECT_FALSE(c.error) << c.error->message;
        for (const ReadRequest& request : requests) {
            EXPECT_EQ(seen[request.tag], 1U);
            EXPECT_TRUE(is_right(request.tag)) << "block " << request.tag;
        }
    }

    TempFolder folder;
    std::string path;
    std::vector<std::byte> content;
    AlignedBuffer<std::byte> memory{(kBlocks + 1) * kBlock};
    std::vector<Completion> completions;
};

}  // namespace hearth
