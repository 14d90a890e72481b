// Theme: what each ink looks like.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "app/ui/style.h"

namespace hearth {

// A colour of the terminal: 0 to 15 are the ones that the person chose, 16 to 255 are fixed.
inline constexpr int kDefaultColor = -1;

struct Look {
    int foreground = kDefaultColor;
    int background = kDefaultColor;
    bool bold = false;
    bool dim = false;
    bool reverse = false;
};

struct Theme {
    std::string name;
    std::array<Look, kInks> looks;

    const Look& of(Ink ink) const { return looks[static_cast<size_t>(ink)]; }
};

// Uses the terminal's own sixteen colours, so it is readable on dark and light backgrounds.
Theme default_theme();

// No colours, only bold, dim and reverse: NO_COLOR, --color never, terminals without colours.
Theme mono_theme();

}  // namespace hearth
