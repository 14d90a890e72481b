// TextSpan: a piece of a rendered prompt and where it came from.
#pragma once

#include <string>

namespace hearth {

// Markup was written by a chat template; content came from a message. Only markup may become
// control tokens.
struct TextSpan {
    enum class Origin { markup, content };
    Origin origin = Origin::markup;
    std::string text;
};

}  // namespace hearth
