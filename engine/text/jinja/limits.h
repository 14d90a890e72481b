// Limits and Budget: what a template may cost. A template is an untrusted program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/base/result.h"

namespace hearth::jinja {

// Real templates are at most 20 KB and 4,000 nodes; rendering a turn takes 1e3 to 1e5 steps.
struct Limits {
    size_t source_bytes = size_t{1} << 20;
    size_t nodes = 100'000;
    size_t nesting = 200;  // depth of the syntax tree, which is also how deep the parser recurses
    uint64_t steps = 4'000'000;  // one per node evaluated, item visited, or some bytes looked at
    size_t depth = 600;          // nodes being evaluated at once, and levels of a nested value
    uint64_t memory_bytes = uint64_t{32} << 20;  // all values of one rendering; never given back
    uint64_t output_bytes = uint64_t{16} << 20;
};

// Bytes of text that cost a step: when they are copied, compared or counted; when they are searched
// (0.5 GB/s at worst); when each character is looked at.
inline constexpr size_t kBytesPerStep = 64;
inline constexpr size_t kSearchedBytesPerStep = 32;
inline constexpr size_t kWalkedBytesPerStep = 8;

// Counts one rendering against its limits. Once a limit is exceeded it stays so: every charge
// answers false, loops end, and the evaluator reports it at the node it is in.
class Budget {
  public:
    explicit Budget(const Limits& limits) : limits_(limits) {}
    Budget(const Budget&) = delete;
    Budget& operator=(const Budget&) = delete;

    // Each answers whether all is still within the limits.
    [[nodiscard]] bool ok() const { return exceeded_ == Exceeded::none; }
    bool spend(uint64_t steps = 1) { return charge(steps_, steps, limits_.steps, Exceeded::steps); }
    bool scan(size_t bytes) { return spend(1 + bytes / kBytesPerStep); }
    bool search(size_t bytes) { return spend(1 + bytes / kSearchedBytesPerStep); }
    bool walk(size_t bytes) { return spend(1 + bytes / kWalkedBytesPerStep); }
    bool reserve(uint64_t bytes) {
        return charge(memory_bytes_, bytes, limits_.memory_bytes, Exceeded::memory);
    }
    // Whether reserve() would succeed; when not, the limit counts as exceeded. For what is charged
    // only once it is made.
    bool has_room(uint64_t bytes) {
        if (ok() && bytes > limits_.memory_bytes - memory_bytes_) exceeded_ = Exceeded::memory;
        return ok();
    }
    bool emit(uint64_t bytes) {
        return charge(output_bytes_, bytes, limits_.output_bytes, Exceeded::output);
    }

    // The limit that was exceeded, in words: "more than 2000000 steps".
    std::string exceeded_words() const;
    // Fails with these words when a limit is exceeded.
    Result<void> check() const;

  private:
    friend class Nesting;
    enum class Exceeded : uint8_t { none, steps, memory, output, depth };

    bool charge(uint64_t& used, uint64_t amount, uint64_t limit, Exceeded what) {
        if (!ok()) return false;
        if (amount > limit - used) {
            exceeded_ = what;
            return false;
        }
        used += amount;
        return true;
    }

    Limits limits_;
    Exceeded exceeded_ = Exceeded::none;
    uint64_t steps_ = 0;
    uint64_t memory_bytes_ = 0;
    uint64_t output_bytes_ = 0;
    size_t depth_ = 0;
};

// One level of recursion while it lives.
class Nesting {
  public:
    explicit Nesting(Budget& budget) : budget_(budget) {
        if (++budget_.depth_ > budget_.limits_.depth && budget_.ok()) {
            budget_.exceeded_ = Budget::Exceeded::depth;
        }
    }
    ~Nesting() { --budget_.depth_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;

  private:
    Budget& budget_;
};

}  // namespace hearth::jinja
