// CodeColors: keywords, strings, comments and numbers of a code block, line by line.
//
// Not a parser: a lexer that knows families of languages by their comments, quotes and keywords,
// and stays right when the code is cut off, as it is while it streams.
#pragma once

#include <string_view>

#include "app/ui/style.h"

namespace hearth {

struct CodeLanguage;

class CodeColors {
  public:
    // `language` as it stands behind the fence: "cpp", "python title=x". Unknown ones get no
    // colours.
    explicit CodeColors(std::string_view language);

    // The next line, without its line break.
    StyledLine color(std::string_view line);

  private:
    const CodeLanguage* language_;
    std::string_view inside_;  // what ends the comment or string that an earlier line began
    Ink inside_ink_ = Ink::code;
};

}  // namespace hearth
