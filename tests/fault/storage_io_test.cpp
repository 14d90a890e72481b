// Every call to the file system in a turn's life fails once, and then for a while (S4, S5, S6): the
// error is reported, nothing partial appears, the next try works, nothing is lost or doubled.
#include <gtest/gtest.h>

#include <climits>
#include <functional>
#include <vector>

#include "storage/store.h"
#include "tests/fault/faulty_vfs.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

// A person's evening, step by step. Each step may be made again after it failed.
class Evening {
  public:
    explicit Evening(const TempFolder& folder)
        : dir_(*DataDir::resolve({.hearth_home = folder.path()})) {}

    std::vector<std::function<Result<void>()>> steps() {
        return {
            [this] { return keep(store_, Store::open(dir_, Access::write)); },
            [this] { return keep(conversation_, conversations().create("tiny")); },
            [this] { return keep(question_, append(std::nullopt, Role::user, "question")); },
            [this] { return keep(answer_, append(question_, Role::assistant, "")); },
            [this] { return conversations().grow(answer_, "ans"); },
            [this] { return conversations().grow(answer_, long_text()); },
            [this] {
                return conversations().finish(answer_, {MessageState::done, "answer", "length"});
            },
            [this] { return store_->run_stats().record(answer_, {}); },
            [this] { return keep(list_, conversations().list(10)); },
            [this] { return keep(other_, conversations().create("tiny")); },
            [this] { return conversations().remove(other_.id); },
            [this] { return close(); },
            [this] { return keep(store_, Store::open(dir_, Access::write)); },
            [this] { return keep(path_, conversations().path(conversation_.id)); },
        };
    }

    // After all steps: exactly what was written, once.
    void expect_everything() {
        ASSERT_EQ(list_.size(), 1u);
        EXPECT_EQ(list_[0].messages, 2u);
        ASSERT_EQ(path_.size(), 2u);
        EXPECT_EQ(path_[0].content, "question");
        EXPECT_EQ(path_[1].content, "answer");
        EXPECT_EQ(path_[1].state, MessageState::done);
        EXPECT_TRUE(store_->interrupted().empty());
        EXPECT_EQ(conversations().tree(conversation_.id)->size(), 2u);
        EXPECT_EQ(conversations().list(10)->size(), 1u);
        EXPECT_EQ(store_->run_stats().of_message(answer_)->size(), 1u);
        store_.reset();
        auto database = Database::open(dir_.database(), Access::read);
        ASSERT_TRUE(database) << database.error().message;
        auto check = database->query("PRAGMA integrity_check");
        ASSERT_TRUE(check && *check->next());
        EXPECT_EQ(check->text(0), "ok");
        EXPECT_EQ(*database->integer("SELECT count(*) FROM part"), 2);
    }

  private:
    // Larger than a page, so that growing allocates.
    static std::string_view long_text() {
        static const std::string text(20000, 'x');
        return text;
    }
    template <typename Value>
    Result<void> keep(Value& to, Result<Value> from) {
        HEARTH_TRY(to, std::move(from));
        return {};
    }
    Result<void> close() {
        store_.reset();
        return {};
    }
    Conversations& conversations() { return store_->conversations(); }
    Result<MessageId> append(std::optional<MessageId> parent, Role role, std::string_view text) {
        const auto state = role == Role::user ? MessageState::done : MessageState::draft;
        return conversations().append({conversation_.id, parent, role, text, state, "tiny"});
    }

    DataDir dir_;
    std::unique_ptr<Store> store_;
    Conversation conversation_;
    Conversation other_;
    MessageId question_{};
    MessageId answer_{};
    std::vector<ConversationSummary> list_;
    std::vector<Message> path_;
};

// One evening in which the nth call fails. Returns false when there was no nth call.
bool live_through(FaultyVfs& disk, Fault fault, int nth, Lasting lasting) {
    const TempFolder folder(TempFolder::in_memory());
    Evening evening(folder);
    disk.arm(fault, nth, lasting);
    int failures = 0;
    for (const auto& step : evening.steps()) {
        const auto first_try = step();
        if (first_try) continue;
        ++failures;
        EXPECT_EQ(first_try.error().code, ErrorCode::machine) << first_try.error().message;
        EXPECT_NE(first_try.error().message.find("hearth.db: cannot"), std::string::npos)
            << first_try.error().message;
        EXPECT_EQ(first_try.error().message.find('\n'), std::string::npos);
        // While the fault lasts a second try fails too, as a rule.
        if (lasting == Lasting::until_disarmed && step()) continue;
        disk.disarm();
        const auto next_try = step();
        EXPECT_TRUE(next_try) << next_try.error().message;
        if (!next_try) return false;
    }
    disk.disarm();
    EXPECT_LE(failures, lasting == Lasting::once ? 1 : INT_MAX);
    evening.expect_everything();
    return disk.fired();
}

class FaultyDisk : public testing::TestWithParam<std::tuple<Fault, Lasting>> {};

std::string name_of(const testing::TestParamInfo<std::tuple<Fault, Lasting>>& test) {
    constexpr const char* kFaults[] = {"IoError", "DiskFull", "Sync"};
    constexpr const char* kLasting[] = {"Once", "Lasting"};
    return std::string(kFaults[static_cast<int>(std::get<0>(test.param))]) +
           kLasting[static_cast<int>(std::get<1>(test.param))];
}
INSTANTIATE_TEST_SUITE_P(Every, FaultyDisk,
                         testing::Combine(testing::Values(Fault::io_error, Fault::disk_full,
                                                          Fault::sync),
                                          testing::Values(Lasting::once, Lasting::until_disarmed)),
                         name_of);

TEST_P(FaultyDisk, CallMayFail) {
    const auto [fault, lasting] = GetParam();
    FaultyVfs disk;
    int nth = 1;
    while (live_through(disk, fault, nth, lasting) && !HasFailure()) ++nth;
    EXPECT_FALSE(HasFailure()) << "when call " << nth << " failed";
    EXPECT_GT(nth, 5) << "hardly any call was reached";
    RecordProperty("calls", nth - 1);
}

}  // namespace
}  // namespace hearth
