// TextPage: several lines to read, over the conversation: numbers of an answer, settings.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "app/ui/canvas.h"
#include "app/ui/keys.h"

namespace hearth {

class TextPage {
  public:
    TextPage(std::string_view title, std::string_view text) : title_(title), text_(text) {}

    // false: it is to be closed.
    bool key(const Key& key);
    void draw(Canvas& canvas, const Area& area);

  private:
    std::string title_;
    std::string text_;
    size_t first_ = 0;  // visible line
    size_t rows_ = 1;
    size_t lines_ = 0;
};

}  // namespace hearth
