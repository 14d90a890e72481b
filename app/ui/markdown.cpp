#include "app/ui/markdown.h"

#include <fmt/format.h>
#include <md4c.h>

#include <algorithm>
#include <string>
#include <utility>

#include "app/ui/code_colors.h"
#include "app/ui/glyph.h"
#include "app/ui/table_lines.h"
#include "app/ui/wrap.h"

namespace hearth {
namespace {

constexpr unsigned kFlags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS |
                            MD_FLAG_NOHTML | MD_FLAG_PERMISSIVEURLAUTOLINKS;
constexpr size_t kMaxDepth = 8;  // of lists and quotes that still move to the right

std::string_view entity(std::string_view text) {
    if (text == "&amp;") return "&";
    if (text == "&lt;") return "<";
    if (text == "&gt;") return ">";
    if (text == "&quot;") return "\"";
    if (text == "&#39;" || text == "&apos;") return "'";
    if (text == "&nbsp;") return " ";
    return text;
}

// Builds lines from md4c's events.
class Builder {
  public:
    Builder(size_t columns, size_t indent, std::vector<StyledLine>& lines)
        : columns_(columns), base_(indent, ' '), lines_(lines), first_line_(lines.size()) {}

    void enter(MD_BLOCKTYPE type, void* detail);
    void leave(MD_BLOCKTYPE type);
    void enter_span(MD_SPANTYPE type, void* detail);
    void leave_span(MD_SPANTYPE type);
    void text(MD_TEXTTYPE type, std::string_view text);

  private:
    // A list or a quote around the paragraph.
    struct Level {
        std::string mark;  // in front of the next line, then blanks as wide
        std::string rest;
        bool tight = false;
        bool ordered = false;
        unsigned next = 1;
    };

    void space() {
        const bool tight = !levels_.empty() && levels_.back().tight;
        if (lines_.size() > first_line_ && !tight && !fresh_item_) lines_.emplace_back();
        fresh_item_ = false;
    }
    Indent indent();
    void flush();
    void begin_item(const MD_BLOCK_LI_DETAIL& item);
    void code_line(std::string_view line);
    void end_code();

    const size_t columns_;
    const std::string base_;
    std::vector<StyledLine>& lines_;
    const size_t first_line_;
    std::vector<Level> levels_;
    bool fresh_item_ = false;  // nothing stands behind the item's mark yet
    StyledLine paragraph_;
    Style style_;
    std::vector<Style> styles_;
    std::string link_;       // where it leads
    size_t link_begin_ = 0;  // in the paragraph's spans
    bool in_code_ = false;
    std::string code_;
    std::string code_language_;
    TableLines table_;
};

// The marks of the lists and quotes around, once; blanks on the lines below.
Indent Builder::indent() {
    std::string first = base_;
    std::string rest = base_;
    const size_t depth = std::min(levels_.size(), kMaxDepth);
    for (size_t i = 0; i < depth; ++i) {
        Level& level = levels_[i];
        first += level.mark;
        rest += level.rest;
        level.mark = level.rest;
    }
    return {{{first, {Ink::dim}}}, {{rest, {Ink::dim}}}};
}

void Builder::flush() {
    if (paragraph_.empty()) return;
    const Indent lead = indent();
    StyledLine line;
    bool first = true;
    const auto put = [&] {
        const Indent here = first ? lead : Indent{lead.rest, lead.rest};
        for (StyledLine& one : wrap(line, columns_, here)) lines_.push_back(std::move(one));
        line.clear();
        first = false;
    };
    for (Span& span : paragraph_) {
        if (span.text == "\n") {  // a hard break
            put();
        } else {
            line.push_back(std::move(span));
        }
    }
    if (!line.empty()) put();
    paragraph_.clear();
}

void Builder::begin_item(const MD_BLOCK_LI_DETAIL& item) {
    flush();
    Level& list = levels_.back();
    std::string mark = list.ordered ? fmt::format("{}. ", list.next++) : "• ";
    if (item.is_task != 0) mark = item.task_mark == ' ' ? "☐ " : "☑ ";
    const bool loose = !list.tight;
    if (loose) space();
    levels_.push_back({mark, std::string(columns_of(mark), ' '), list.tight});
    fresh_item_ = true;
}

void Builder::enter(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
        case MD_BLOCK_QUOTE:
            flush();
            space();
            levels_.push_back({"│ ", "│ "});
            fresh_item_ = true;
            break;
        case MD_BLOCK_UL:
        case MD_BLOCK_OL: {
            flush();
            const bool ordered = type == MD_BLOCK_OL;
            const bool tight = ordered ? static_cast<MD_BLOCK_OL_DETAIL*>(detail)->is_tight != 0
                                       : static_cast<MD_BLOCK_UL_DETAIL*>(detail)->is_tight != 0;
            const bool nested = !levels_.empty();
            if (!nested) space();
            const unsigned start = ordered ? static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start : 1;
            levels_.push_back({nested ? "" : "", "", tight, ordered, start});
            fresh_item_ = true;
            break;
        }
        case MD_BLOCK_LI:
            begin_item(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
            break;
        case MD_BLOCK_HR:
            space();
            lines_.push_back(
                {{base_, {}}, {fit("────────────────────", columns_, false), {Ink::dim}}});
            break;
        case MD_BLOCK_H:
            space();
            styles_.push_back(style_);
            style_ = {Ink::heading, true, false,
                      static_cast<MD_BLOCK_H_DETAIL*>(detail)->level == 1};
            break;
        case MD_BLOCK_CODE: {
            flush();
            space();
            const MD_ATTRIBUTE& info = static_cast<MD_BLOCK_CODE_DETAIL*>(detail)->info;
            code_language_.assign(info.text == nullptr ? "" : info.text, info.size);
            in_code_ = true;
            code_.clear();
            break;
        }
        case MD_BLOCK_P:
            flush();
            space();
            break;
        case MD_BLOCK_TABLE:
            flush();
            space();
            table_ = {};
            break;
        case MD_BLOCK_TR:
            table_.begin_row();
            break;
        case MD_BLOCK_TH:
        case MD_BLOCK_TD:
            paragraph_.clear();
            styles_.push_back(style_);
            if (type == MD_BLOCK_TH) style_.bold = true;
            break;
        default:
            break;
    }
}

void Builder::leave(MD_BLOCKTYPE type) {
    switch (type) {
        case MD_BLOCK_UL:
        case MD_BLOCK_OL:
        case MD_BLOCK_LI:
        case MD_BLOCK_QUOTE:
            flush();
            levels_.pop_back();
            fresh_item_ = false;
            break;
        case MD_BLOCK_H:
            flush();
            style_ = styles_.back();
            styles_.pop_back();
            break;
        case MD_BLOCK_CODE:
            end_code();
            break;
        case MD_BLOCK_P:
            flush();
            break;
        case MD_BLOCK_TH:
        case MD_BLOCK_TD:
            style_ = styles_.back();
            styles_.pop_back();
            table_.add_cell(std::exchange(paragraph_, {}));
            break;
        case MD_BLOCK_TABLE:
            table_.append_to(lines_, columns_, indent().rest);
            break;
        default:
            break;
    }
}

void Builder::end_code() {
    in_code_ = false;
    if (code_.ends_with('\n')) code_.pop_back();
    CodeColors colors(code_language_);
    std::string_view rest = code_;
    StyledLine lead = indent().rest;
    lead.push_back({"  ", {}});
    if (!code_language_.empty()) {
        StyledLine label = lead;
        label.push_back({fit(code_language_, 20), {Ink::dim, false, true}});
        lines_.push_back(std::move(label));
    }
    while (true) {
        const size_t end = rest.find('\n');
        for (StyledLine& line : wrap(colors.color(rest.substr(0, end)), columns_, {lead, lead})) {
            lines_.push_back(std::move(line));
        }
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
}

void Builder::enter_span(MD_SPANTYPE type, void* detail) {
    styles_.push_back(style_);
    switch (type) {
        case MD_SPAN_EM:
            style_.italic = true;
            break;
        case MD_SPAN_STRONG:
            style_.bold = true;
            break;
        case MD_SPAN_CODE:
            style_.ink = Ink::code;
            break;
        case MD_SPAN_DEL:
            style_.ink = Ink::dim;
            break;
        case MD_SPAN_A: {
            const MD_ATTRIBUTE& href = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
            link_.assign(href.text == nullptr ? "" : href.text, href.size);
            link_begin_ = paragraph_.size();
            style_.ink = Ink::link;
            style_.underline = true;
            break;
        }
        default:
            break;
    }
}

void Builder::leave_span(MD_SPANTYPE type) {
    style_ = styles_.back();
    styles_.pop_back();
    if (type != MD_SPAN_A) return;
    std::string shown;
    for (size_t i = std::min(link_begin_, paragraph_.size()); i < paragraph_.size(); ++i) {
        shown += paragraph_[i].text;
    }
    // Where a link leads is said, unless that is what it is called.
    const bool same = link_ == shown || link_ == "https://" + shown || link_ == "mailto:" + shown;
    if (!same && !link_.empty()) {
        std::string where = " (";
        where += link_;
        where += ')';
        paragraph_.push_back({std::move(where), {Ink::dim}});
    }
    link_.clear();
}

void Builder::text(MD_TEXTTYPE type, std::string_view text) {
    if (in_code_) {
        code_ += text;
        return;
    }
    switch (type) {
        case MD_TEXT_BR:
            paragraph_.push_back({"\n", {}});
            return;
        case MD_TEXT_SOFTBR:
            paragraph_.push_back({" ", style_});
            return;
        case MD_TEXT_NULLCHAR:
            paragraph_.push_back({"\uFFFD", style_});
            return;
        case MD_TEXT_ENTITY:
            paragraph_.push_back({std::string(entity(text)), style_});
            return;
        default:
            paragraph_.push_back({std::string(text), style_});
    }
}

Builder& builder_of(void* user) {
    return *static_cast<Builder*>(user);
}

MD_PARSER make_parser() {
    MD_PARSER parser{};
    parser.flags = kFlags;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* user) {
        builder_of(user).enter(type, detail);
        return 0;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* user) {
        builder_of(user).leave(type);
        return 0;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
        builder_of(user).enter_span(type, detail);
        return 0;
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* user) {
        builder_of(user).leave_span(type);
        return 0;
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* user) {
        builder_of(user).text(type, {text, size});
        return 0;
    };
    return parser;
}

bool is_fence(std::string_view line) {
    const size_t begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos || begin > 3) return false;
    line.remove_prefix(begin);
    return line.starts_with("```") || line.starts_with("~~~");
}

// Whether a line may belong to a list that an empty line did not end.
bool may_continue(std::string_view line) {
    if (line.empty() || line[0] == ' ' || line[0] == '\t') return true;
    if (line[0] == '-' || line[0] == '*' || line[0] == '+') return true;
    return line[0] >= '0' && line[0] <= '9';
}

}  // namespace

void append_markdown(std::string_view text, size_t columns, size_t indent,
                     std::vector<StyledLine>& lines) {
    Builder builder(columns, indent, lines);
    const MD_PARSER parser = make_parser();
    // Fails only where a callback does or memory runs out.
    md_parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &builder);
}

size_t settled_bytes(std::string_view text) {
    size_t settled = 0;
    bool in_fence = false;
    bool after_empty = false;
    for (size_t at = 0; at < text.size();) {
        const size_t end = text.find('\n', at);
        if (end == std::string_view::npos && at + 8 > text.size()) break;  // too short to tell
        const std::string_view line = text.substr(at, end - at);
        if (after_empty && !in_fence && !may_continue(line)) settled = at;
        if (is_fence(line)) in_fence = !in_fence;
        after_empty = line.find_first_not_of(" \t") == std::string_view::npos;
        if (end == std::string_view::npos) break;
        at = end + 1;
    }
    return settled;
}

}  // namespace hearth
