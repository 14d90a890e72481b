// The disk fills up while an answer is written: the text stays, nothing is silently lost, and all
// of it is saved when there is room again.
#include <gtest/gtest.h>
#include <poll.h>

#include "app/chat.h"
#include "tests/data/tiny_model.h"
#include "tests/fault/faulty_vfs.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

class ChatDisk : public testing::TestWithParam<Fault> {
  protected:
    void SetUp() override {
        TinyModelOptions options;
        options.context_length = 2048;
        ASSERT_TRUE(tiny_model(options).write(folder_.file("tiny.gguf")));
        options_.sampler.temperature = 0.0F;
        options_.max_tokens = 400;
        auto store = Store::open(dir(), Access::write);
        ASSERT_TRUE(store) << store.error().message;
        store_ = std::move(*store);
        auto worker = Worker::create();
        ASSERT_TRUE(worker);
        worker_ = std::move(*worker);
        worker_->post(LoadModel{folder_.file("tiny.gguf"), "", {}, {}, {.n_ctx = 1024}, {}});
        while (!ready_) ASSERT_TRUE(wait([this](const ModelReady& ready) { ready_ = ready; }));
        chat_ = std::make_unique<Chat>(*store_, *worker_, *ready_, options_);
    }
    DataDir dir() const { return *DataDir::resolve({.hearth_home = folder_.file("home")}); }

    // Waits for events and hands those of one kind to `take`; the others go.
    template <typename Function>
    bool wait(Function take) {
        pollfd fd{worker_->event_fd(), POLLIN, 0};
        if (::poll(&fd, 1, 10'000) != 1) return false;
        for (const ChatEvent& event : worker_->take_events()) {
            std::visit(
                [&](const auto& one) {
                    if constexpr (std::is_invocable_v<Function, decltype(one)>) take(one);
                },
                event);
        }
        return true;
    }

    TempFolder folder_{TempFolder::in_memory()};
    FaultyVfs disk_;
    Options options_;
    std::unique_ptr<Store> store_;
    std::unique_ptr<Worker> worker_;
    std::optional<ModelReady> ready_;
    std::unique_ptr<Chat> chat_;
};
std::string name_of(const testing::TestParamInfo<Fault>& test) {
    constexpr const char* kNames[] = {"IoError", "DiskFull", "Sync"};
    return kNames[static_cast<int>(test.param)];
}
INSTANTIATE_TEST_SUITE_P(Every, ChatDisk,
                         testing::Values(Fault::disk_full, Fault::io_error, Fault::sync), name_of);

TEST_P(ChatDisk, TheAnswerOutlivesIt) {
    ASSERT_TRUE(chat_->send("question"));
    disk_.arm(GetParam(), 1, Lasting::until_disarmed);
    bool told = false;
    while (chat_->busy()) {
        struct Take {
            Chat& chat;
            bool& told;
            void operator()(const AnswerText& text) {
                chat.take(text);
                told = told || !chat.save();
            }
            void operator()(const AnswerDone& done) { told = !chat.take(done) || told; }
        };
        ASSERT_TRUE(wait(Take{*chat_, told}));
    }
    EXPECT_TRUE(told) << "nobody was told that it is not saved";
    ASSERT_TRUE(chat_->has_unsaved());
    const std::string answer = chat_->messages().back().content;
    ASSERT_GT(answer.size(), 100u);
    EXPECT_FALSE(chat_->save());
    EXPECT_FALSE(chat_->send("another")) << "said before the answer to the last was saved";
    EXPECT_EQ(chat_->messages().back().content, answer);

    disk_.disarm();
    const auto saved = chat_->save();
    ASSERT_TRUE(saved) << saved.error().message;
    EXPECT_FALSE(chat_->has_unsaved());
    const auto id = chat_->conversation()->id;
    const auto message = chat_->messages().back().id;
    chat_.reset();
    store_.reset();
    const auto again = Store::open(dir(), Access::write);
    ASSERT_TRUE(again) << again.error().message;
    const auto path = (*again)->conversations().path(id);
    ASSERT_TRUE(path);
    ASSERT_EQ(path->size(), 2u);
    EXPECT_EQ(path->back().content, answer);
    EXPECT_EQ((*again)->run_stats().of_message(message)->size(), 1u);
    EXPECT_TRUE((*again)->check());
}

}  // namespace
}  // namespace hearth
