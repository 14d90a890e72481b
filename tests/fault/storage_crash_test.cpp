// A process that writes conversations is killed at random moments (S1): what it was told is saved
// is there afterwards, once, and the database is whole.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <map>
#include <random>
#include <string>
#include <thread>

#include "engine/base/file.h"
#include "storage/store.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

// 25 rounds in CI; HEARTH_CRASH_ROUNDS asks for more.
int rounds() {
    const char* asked = std::getenv("HEARTH_CRASH_ROUNDS");
    const int n = asked == nullptr ? 25 : std::atoi(asked);
    return n > 0 ? n : 25;
}

// What the writer was told is saved: one line "kind id length" per call that returned, written to a
// pipe that outlives it. Kinds: q question, d draft begun, g draft grown, f finished.
void acknowledge(int pipe, char kind, MessageId id, size_t length) {
    const std::string line = fmt::format("{} {} {}\n", kind, number(id), length);
    if (::write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(2);
}

// Text of a given length that belongs to one message only.
std::string text_of(char kind, int round, int turn, size_t length) {
    std::string text = fmt::format("{}{}.{}:", kind, round, turn);
    while (text.size() < length) text += "word ";
    text.resize(length);
    return text;
}

// Chats until it is killed.
[[noreturn]] void write_until_killed(const DataDir& dir, int round, int pipe) {
    const auto store = Store::open(dir, Access::write);
    if (!store) ::_exit(1);
    Conversations& conversations = (*store)->conversations();
    const auto conversation = conversations.create("tiny");
    if (!conversation) ::_exit(1);
    std::optional<MessageId> leaf;
    for (int turn = 0;; ++turn) {
        const std::string question = text_of('q', round, turn, 40);
        leaf = *conversations.append(
            {conversation->id, leaf, Role::user, question, MessageState::done, ""});
        acknowledge(pipe, 'q', *leaf, question.size());
        leaf = *conversations.append(
            {conversation->id, leaf, Role::assistant, "", MessageState::draft, "tiny"});
        acknowledge(pipe, 'd', *leaf, 0);
        size_t length = 100;
        for (int step = 0; step < 12; ++step, length += 700) {
            if (!conversations.grow(*leaf, text_of('a', round, turn, length))) ::_exit(1);
            acknowledge(pipe, 'g', *leaf, length);
        }
        const std::string answer = text_of('a', round, turn, length);
        if (!conversations.finish(*leaf, {MessageState::done, answer, "length"})) ::_exit(1);
        acknowledge(pipe, 'f', *leaf, length);
    }
}

struct Promise {
    char kind = 0;  // the last acknowledgement
    size_t length = 0;
};
using Promises = std::map<int64_t, Promise>;

void read_promises(int pipe, Promises& promises) {
    std::string log;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(pipe, buffer, sizeof buffer)) > 0;) {
        log.append(buffer, static_cast<size_t>(n));
    }
    size_t begin = 0;
    for (size_t end = 0; (end = log.find('\n', begin)) != std::string::npos; begin = end + 1) {
        int64_t id = 0;
        size_t length = 0;
        const char* stop = log.data() + end;
        const auto after_id = std::from_chars(log.data() + begin + 2, stop, id).ptr;
        std::from_chars(after_id + 1, stop, length);
        promises[id] = {log[begin], length};
    }
}

// Runs a writer for a random time, kills it, adds what it was told to `promises`.
void kill_a_writer(const DataDir& dir, int round, std::chrono::milliseconds after,
                   Promises& promises) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const Fd from(ends[0]);
    pid_t child = -1;
    {
        const Fd to(ends[1]);
        child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) write_until_killed(dir, round, to.get());
    }
    std::this_thread::sleep_for(after);
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    read_promises(from.get(), promises);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself, status " << status;
}

void expect_kept(const Message& message, const Promise& promise) {
    switch (promise.kind) {
        case 'q':
            EXPECT_EQ(message.state, MessageState::done);
            EXPECT_EQ(message.content.size(), promise.length);
            break;
        case 'f':
            EXPECT_EQ(message.state, MessageState::done);
            EXPECT_EQ(message.content.size(), promise.length);
            EXPECT_EQ(message.stop_reason, "length");
            break;
        default:  // may have got further than it was told
            EXPECT_NE(message.state, MessageState::draft);
            EXPECT_GE(message.content.size(), promise.length);
    }
}

void expect_promises(Store& store, const Promises& promises, size_t killed) {
    std::map<int64_t, Message> found;
    std::map<std::string, int> texts;
    const auto all = store.conversations().list(SIZE_MAX);
    ASSERT_TRUE(all) << all.error().message;
    for (const auto& summary : *all) {
        const auto messages = store.conversations().tree(summary.conversation.id);
        ASSERT_TRUE(messages) << messages.error().message;
        for (const Message& message : *messages) {
            found[number(message.id)] = message;
            if (message.role == Role::user) ++texts[message.content];
        }
    }
    for (const auto& [id, promise] : promises) {
        ASSERT_TRUE(found.contains(id)) << "message " << id << " is lost";
        expect_kept(found[id], promise);
    }
    for (const auto& [text, times] : texts) EXPECT_EQ(times, 1) << text;
    // At most the one call that each writer died in.
    EXPECT_LE(found.size(), promises.size() + killed);
}

TEST(KilledWriter, LosesNothingItWasToldIsSaved) {
    const TempFolder folder;
    const DataDir dir = *DataDir::resolve({.hearth_home = folder.path()});
    std::mt19937 random(20261120);
    std::uniform_int_distribution<int> delay_ms(1, 120);
    Promises promises;
    for (int round = 0; round < rounds() && !testing::Test::HasFailure(); ++round) {
        kill_a_writer(dir, round, std::chrono::milliseconds(delay_ms(random)), promises);
        const std::clock_t begin = std::clock();  // of this process: others may be busy
        const auto store = Store::open(dir, Access::write);
        EXPECT_LE(std::clock() - begin, CLOCKS_PER_SEC / 2);
        ASSERT_TRUE(store) << store.error().message;
        expect_promises(**store, promises, static_cast<size_t>(round) + 1);
        EXPECT_LE((*store)->interrupted().size(), 1u);

        auto database = Database::open(dir.database(), Access::read);
        ASSERT_TRUE(database) << database.error().message;
        auto check = database->query("PRAGMA integrity_check");
        ASSERT_TRUE(check && *check->next());
        EXPECT_EQ(check->text(0), "ok");
    }
    EXPECT_FALSE(promises.empty()) << "the writers wrote nothing";
}

}  // namespace
}  // namespace hearth
