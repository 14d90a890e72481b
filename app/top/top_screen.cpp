#include "app/top/top_screen.h"

#include <fmt/format.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "app/ui/dashboard_json.h"
#include "app/ui/safe_text.h"
#include "app/ui/status_line.h"
#include "engine/base/printable.h"
#include "storage/store.h"

namespace hearth {
namespace {

constexpr size_t kLeastRows = 4;

}  // namespace

TopScreen::TopScreen(const Program& program, EngineClient client,
                     std::unique_ptr<Terminal> terminal, SignalFd& signals)
    : program_(program),
      client_(std::move(client)),
      terminal_(std::move(terminal)),
      signals_(signals) {}

Result<int> TopScreen::run() {
    loop_.watch(STDIN_FILENO, [this] { on_keys(); });
    loop_.watch(client_.fd(), [this] { on_engine(); });
    loop_.watch(signals_.fd(), [this] { on_signals(); });
    load_history();
    draw();
    const auto ran = loop_.run();
    terminal_.reset();  // the last word is said on the normal screen
    HEARTH_TRY_VOID(ran);
    return outcome_;
}

// The chat holds the database open for writing; reading beside it is allowed.
void TopScreen::load_history() {
    const auto store = Store::open(*program_.data_dir, Access::read);
    if (!store) return;
    auto days = (*store)->run_stats().summary(GroupBy::day, 0);
    auto plans = (*store)->run_stats().summary(GroupBy::plan, 0);
    if (days && plans) history_ = {*std::move(days), *std::move(plans)};
}

void TopScreen::on_engine() {
    const auto line = client_.read();
    if (!line) {
        outcome_ = tl::unexpected(line.error());
        return loop_.quit();
    }
    if (!*line) return;
    auto data = parse_dashboard(**line);
    if (!data) {
        outcome_ = tl::unexpected(data.error());
        return loop_.quit();
    }
    const bool is_first = !data_;
    data_ = *std::move(data);
    if (data_->totals.answers != answers_) load_history();
    answers_ = data_->totals.answers;
    const auto period = dashboard_.period();
    const auto waited = EngineMonitor::Clock::now() - drawn_ + EngineMonitor::Clock::duration(1);
    if (is_first || (period && waited >= *period - std::chrono::milliseconds(20))) draw();
}

void TopScreen::on_keys() {
    const auto bytes = terminal_->read();
    if (!bytes) return loop_.quit();
    for (const Key& key : decoder_.feed(*bytes)) on_key(key);
    for (const Key& key : decoder_.flush()) on_key(key);
    draw();
}

void TopScreen::on_key(const Key& key) {
    note_.clear();
    if (key.code == KeyCode::control) {
        if (key.letter == 'c' || key.letter == 'd') loop_.quit();
        if (key.letter == 'l') terminal_->redraw();
        return;
    }
    switch (dashboard_.key(key)) {
        case Dashboard::Outcome::open:
            return;
        case Dashboard::Outcome::closed:
            return loop_.quit();
        case Dashboard::Outcome::zero:
            if (data_) dashboard_.zero(data_->totals);
            return;
        case Dashboard::Outcome::glyphs:
            return terminal_->toggle_ascii();
        case Dashboard::Outcome::snapshot:
            return save();
    }
}

void TopScreen::save() {
    if (!data_) return;
    data_->history = history_;
    const auto written = write_dashboard(program_.data_dir->state(), *data_);
    note_ = written ? fmt::format("saved: {}.txt and .json", printable_path(*written))
                    : written.error().message;
}

void TopScreen::on_signals() {
    while (const auto signal = signals_.next()) {
        if (*signal == SIGWINCH) {
            terminal_->redraw();
            draw();
        } else {
            outcome_ = 128 + *signal;  // as a shell tells it
            loop_.quit();
        }
    }
}

void TopScreen::draw() {
    drawn_ = EngineMonitor::Clock::now();
    const Size size = terminal_->size();
    Canvas canvas(size);
    if (!data_) {
        canvas.put(0, 1,
                   fmt::format("process {}: waiting for it to say something", client_.server()),
                   {Ink::dim});
        return terminal_->show(canvas);
    }
    data_->history = history_;
    if (size.rows < kLeastRows) {
        canvas.put(0, 0, status_fields(data_->view, size.columns));
        return terminal_->show(canvas);
    }
    const std::string title = fmt::format("process {}", client_.server());
    canvas.put(0, 0, header_line(data_->view, data_->model, title, size.columns));
    dashboard_.draw(canvas, {1, 0, size.rows - 2, size.columns}, *data_);
    canvas.put(size.rows - 1, 0, status_fields(data_->view, size.columns));
    if (!note_.empty()) {
        canvas.fill({size.rows - 1, 0, 1, size.columns}, U' ', {});
        canvas.put(size.rows - 1, 1, safe_line(note_).str(), {});
    }
    terminal_->show(canvas);
}

}  // namespace hearth
