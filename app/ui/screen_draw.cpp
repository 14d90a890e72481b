// How the Screen looks.
#include <fmt/format.h>

#include <algorithm>

#include "app/turn_summary.h"
#include "app/ui/safe_text.h"
#include "app/ui/screen.h"
#include "app/ui/status_line.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

constexpr size_t kTallWindow = 10;    // rows from which there is a header
constexpr size_t kTallerWindow = 16;  // rows from which there is a line of hints
constexpr size_t kRailWindow = 90;    // columns from which there is a rail
constexpr size_t kRailColumns = 30;
constexpr size_t kLeastRows = 3;
constexpr size_t kLeastColumns = 12;

}  // namespace

std::vector<StyledLine> Screen::intro(size_t columns) const {
    std::vector<StyledLine> lines;
    const auto add = [&](const std::string& text, Style style) {
        wrap_text(text, style, columns, {{{" ", {}}}, {{" ", {}}}}, lines);
    };
    lines.emplace_back();
    if (plan_) return lines;
    if (!is_ready_) {
        add("loading " + safe_line(choice_.file_name()).str() + " …", {Ink::dim});
        return lines;
    }
    add(safe_line(describe(*model_)).str(), {Ink::heading, true});
    lines.emplace_back();
    if (choice_.is_bundled) {
        add("This is the small model that comes with hearth. It talks, but it knows little. For "
            "another one: F7 or /model FILE.gguf here, hearth -m FILE.gguf at the start.",
            {});
        lines.emplace_back();
    }
    add("Say something. Enter sends, Alt+Enter begins a new line, Esc stops an answer, F1 shows "
        "what else there is.",
        {Ink::dim});
    return lines;
}

// What stands between the conversation and the composer.
std::vector<StyledLine> Screen::words(size_t columns) const {
    std::vector<StyledLine> lines;
    const StyledLine lead{{" ", {}}};
    if (!queued_.empty()) {
        const std::string text = fmt::format(" queued: {}", safe_line(queued_).str());
        lines.push_back({{fit(text, columns), {Ink::accent}}});
    }
    for (const Span& note : notes_) {
        for (StyledLine& line : wrap({note}, columns, {lead, lead})) {
            lines.push_back(std::move(line));
        }
    }
    if (editing_) {
        lines.push_back(
            {{fit(" saying it differently: Enter makes a branch, Esc leaves it", columns),
              {Ink::accent}}});
    }
    if (price_ && !composer_.empty()) {
        const size_t reused = price_->prompt_tokens - price_->tokens_to_read;
        std::string text =
            fmt::format(" sends {} tok: reads {}, {} reused", grouped(price_->prompt_tokens),
                        grouped(price_->tokens_to_read), grouped(reused));
        const bool too_long = model_ != nullptr && price_->prompt_tokens >= model_->n_ctx;
        if (too_long) text += fmt::format(" · the context holds {}", grouped(model_->n_ctx));
        lines.push_back({{fit(text, columns), {too_long ? Ink::error : Ink::dim}}});
    }
    return lines;
}

void Screen::draw_header(Canvas& canvas) {
    const size_t columns = canvas.size().columns;
    const std::string title =
        chat_ != nullptr && chat_->conversation() ? chat_->conversation()->title : std::string();
    const std::string model = is_ready_ ? model_->name : choice_.file_name();
    canvas.put(0, 0, header_line(view_, model, title, columns));
    canvas.fill({1, 0, 1, columns}, U'─', {Ink::dim});
}

void Screen::draw_status(Canvas& canvas, size_t row) {
    const size_t columns = canvas.size().columns;
    std::string right;
    const size_t below = transcript_.lines_below();
    if (!transcript_.following() && below > 0) right = fmt::format("↓ {} lines · End ", below);
    if (right.empty() && monitor_.busy()) right = plan_ ? "Esc skip " : "Esc stop ";
    const size_t right_columns = columns_of(right);
    const size_t room = columns > right_columns + 1 ? columns - right_columns - 1 : columns;
    canvas.put(row, 0, status_fields(view_, room));
    if (room < columns) canvas.put(row, columns - right_columns, right, {Ink::dim});
}

void Screen::draw_too_small(Canvas& canvas) const {
    canvas.put(0, 0, fmt::format("{}x{}", kLeastColumns, kLeastRows), {});
}

const DashboardData& Screen::engine_numbers() {
    const auto now = Clock::now();
    if (now - numbers_read_ < kNumbersHold) return numbers_;
    process_.sample(now);
    numbers_ = dashboard_data(monitor_, model_ != nullptr ? model_->name : "", process_, now);
    numbers_.history = history_;
    numbers_read_ = now;
    return numbers_;
}

// The conversation, and the rail beside it where there is room.
void Screen::draw_transcript(Canvas& canvas, const Area& area) {
    const bool rail =
        rail_ && !plan_ && canvas.size().columns >= kRailWindow && area.rows >= kTallWindow;
    const size_t columns = area.columns - (rail ? kRailColumns : 0);
    if (rail) draw_rail(canvas, {area.row, columns, area.rows, kRailColumns}, engine_numbers());
    if (chat_ != nullptr) {
        const size_t room = columns - (rail ? 1 : 0);  // a gap in front of the rail
        transcript_.update(*chat_, room, intro(room));
        return transcript_.draw(canvas, {area.row, 0, area.rows, room});
    }
    const auto lines = intro(columns);
    for (size_t i = 0; i < std::min(lines.size(), area.rows); ++i) {
        canvas.put(area.row + i, 0, lines[i]);
    }
}

void Screen::draw() {
    const Size size = terminal_->size();
    Canvas canvas(size);
    drawn_ = Clock::now();
    view_ = monitor_.view(drawn_);
    if (dirty_) numbers_read_ = {};
    dirty_ = grown_ = false;
    if (size.rows < kLeastRows || size.columns < kLeastColumns) {
        draw_too_small(canvas);
        return terminal_->show(canvas);
    }
    const bool tall = size.rows >= kTallWindow;
    const size_t hint_rows = size.rows >= kTallerWindow ? 1 : 0;
    const size_t head_rows = tall ? 2 : 0;
    const size_t composer_rows = composer_.rows(size.columns, std::max<size_t>(1, size.rows / 3));
    std::vector<StyledLine> said = words(size.columns);
    const size_t fixed = head_rows + composer_rows + 1 + hint_rows + (tall ? 1 : 0);
    const size_t words_most = size.rows > fixed + 2 ? size.rows - fixed - 2 : 0;
    if (said.size() > words_most) {
        said.erase(said.begin(), said.end() - static_cast<std::ptrdiff_t>(words_most));
    }
    const size_t transcript_rows = size.rows - std::min(size.rows, fixed + said.size());

    if (tall) draw_header(canvas);
    size_t row = head_rows;
    draw_transcript(canvas, {row, 0, transcript_rows, size.columns});
    row += transcript_rows;
    for (const StyledLine& line : said) canvas.put(row++, 0, line);
    if (tall) canvas.fill({row++, 0, 1, size.columns}, U'─', {Ink::dim});
    draw_composer(canvas, {row, 0, composer_rows, size.columns});
    row += composer_rows;
    const size_t boxes_end = row;
    draw_status(canvas, row++);
    if (hint_rows > 0) draw_hints(canvas, row);
    draw_boxes(canvas, {head_rows, 0, boxes_end - head_rows, size.columns});
    terminal_->show(canvas);
}

void Screen::draw_composer(Canvas& canvas, const Area& area) {
    if (focus_ != Focus::search) return composer_.draw(canvas, area, focus_ == Focus::composer);
    const size_t end = canvas.put(area.row, 1, "search: " + safe_line(search_).str(), {});
    canvas.caret = Place{area.row, std::min(end, canvas.size().columns - 1)};
}

// What lies over the conversation.
void Screen::draw_boxes(Canvas& canvas, const Area& area) {
    if (dashboard_open_) {
        canvas.caret.reset();
        dashboard_.draw(canvas, area, engine_numbers());
    }
    const size_t margin = area.columns >= 60 ? 3 : 0;
    const Area box{area.row, margin, area.rows, area.columns - 2 * margin};
    if (plan_ && !dashboard_open_) plan_->draw(canvas, box);
    if (list_) list_->draw(canvas, box);
    if (page_) {
        canvas.caret.reset();
        page_->draw(canvas, box);
    }
}

void Screen::draw_hints(Canvas& canvas, size_t row) const {
    const std::string_view question = composer_.prompt();
    std::string hints = "Enter send  Alt+Enter newline  Ctrl+P commands  Ctrl+R history  F1 help";
    if (focus_ == Focus::transcript) {
        hints =
            "j k move  r again  e edit  c continue  f copy conversation  ← → swipe  y copy  / "
            "search";
    }
    if (focus_ == Focus::search) hints = "Enter finds  Esc back";
    if (!question.empty()) hints = safe_line(question).str();
    canvas.put(row, 1, fit(hints, canvas.size().columns - 1), {Ink::dim});
}

}  // namespace hearth
