// bench_store: listing, opening and searching in a store of 10,000 conversations with 100,000
// messages, as a person who has used hearth for years would.
//
//   bench_store [folder]     made in a temporary folder and removed, or kept in the given one
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <random>

#include "bench/bench.h"
#include "storage/store.h"
#include "storage/ulid.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

constexpr size_t kConversations = 10'000;
constexpr size_t kMessagesEach = 10;
constexpr size_t kRounds = 15;

// Words of about the lengths and frequencies of a language; every hundredth sentence is Chinese.
class Prose {
  public:
    std::string text(size_t words) {
        if (random_() % 100 == 0) return "我们在数据库里检索了很多文章，然后写了一个总结。";
        std::string text;
        for (size_t i = 0; i < words; ++i) text += word() + ' ';
        return text;
    }

  private:
    std::string word() {
        // Zipf, roughly: rank r with a probability of about 1/r.
        const double u = std::uniform_real_distribution<double>(0.0, 1.0)(random_);
        auto rank = static_cast<uint64_t>(std::pow(20'000.0, u));
        std::string letters;
        for (rank += 7; rank > 0; rank /= 11) letters += "etaoinshrdl"[rank % 11];
        return letters;
    }

    std::mt19937_64 random_{7};
};

void fill(Store& store) {
    Prose prose;
    std::vector<ArchivedMessage> messages(kMessagesEach);
    for (size_t c = 0; c < kConversations; ++c) {
        ArchivedConversation one;
        const auto uid = make_ulid(static_cast<int64_t>(1'700'000'000'000 + c * 60'000));
        HEARTH_CHECK(uid.has_value());
        one.conversation.uid = *uid;
        one.conversation.title = prose.text(5);
        one.conversation.updated_ms = static_cast<int64_t>(1'700'000'000'000 + c * 60'000);
        one.conversation.leaf = MessageId{kMessagesEach};
        for (size_t m = 0; m < kMessagesEach; ++m) {
            Message& message = messages[m].message;
            message.id = MessageId{static_cast<int64_t>(m + 1)};
            if (m > 0) message.parent = MessageId{static_cast<int64_t>(m)};
            message.role = m % 2 == 0 ? Role::user : Role::assistant;
            message.content = prose.text(m % 2 == 0 ? 15 : 60);
        }
        if (c % 1000 == 500) messages[3].message.content += " needle in a haystack";
        one.messages = messages;
        HEARTH_CHECK(store.archive().add(one).has_value());
    }
}

void measure(const char* what, double limit_ms, const std::function<size_t()>& work) {
    std::vector<double> ms;
    size_t found = work();
    for (size_t round = 0; round < kRounds; ++round) {
        ms.push_back(1000.0 * bench::seconds([&] { found = work(); }));
    }
    const bench::Summary summary = bench::summarise(std::move(ms));
    fmt::print("{:<44} {:>8.1f} ms [{:.1f} {:.1f}]  at most {:>3.0f}  ({} found)\n", what,
               summary.median, summary.low, summary.high, limit_ms, found);
}

int run(const std::string& folder) {
    const DataDir dir = *DataDir::resolve({.hearth_home = folder});
    if (!std::filesystem::exists(dir.database())) {
        const auto store = Store::open(dir, Access::write);
        HEARTH_CHECK(store.has_value());
        fmt::print("filling {}: {:.0f} s\n", folder, bench::seconds([&] { fill(**store); }));
    }
    fmt::print("{}\n{} conversations, {} messages, database {} MB\n", bench::machine_line(),
               kConversations, kConversations * kMessagesEach,
               std::filesystem::file_size(dir.database()) >> 20);
    measure("open the store", 100.0,
            [&] { return Store::open(dir, Access::read).has_value() ? size_t{1} : size_t{0}; });
    const auto opened = Store::open(dir, Access::read);
    HEARTH_CHECK(opened.has_value());
    Store& store = **opened;
    measure("list the first 50", 50.0, [&] { return store.conversations().list(50)->size(); });
    measure("list all", 50.0, [&] { return store.conversations().list(ListFilter{})->size(); });
    measure("open a conversation", 100.0,
            [&] { return store.conversations().path(ConversationId{5000})->size(); });
    for (const char* query : {"needle", "eedl", "te", "haystack needle", "the", "absentword",
                              "检索", "数据库里", "检索 absent"}) {
        measure(fmt::format("search '{}'", query).c_str(), 200.0,
                [&] { return store.search().find(query, {})->size(); });
    }
    return 0;
}

}  // namespace
}  // namespace hearth

int main(int argc, char** argv) {
    if (argc > 1) return hearth::run(argv[1]);
    const hearth::TempFolder folder;
    return hearth::run(folder.path());
}
