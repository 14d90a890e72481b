#include "app/ui/theme.h"

namespace hearth {
namespace {

Look& look(Theme& theme, Ink ink) {
    return theme.looks[static_cast<size_t>(ink)];
}

}  // namespace

Theme mono_theme() {
    Theme theme{"mono", {}};
    look(theme, Ink::dim).dim = true;
    look(theme, Ink::accent).bold = true;
    look(theme, Ink::user).bold = true;
    look(theme, Ink::heading).bold = true;
    look(theme, Ink::keyword).bold = true;
    look(theme, Ink::comment).dim = true;
    look(theme, Ink::warning).bold = true;
    look(theme, Ink::error).bold = true;
    look(theme, Ink::select).reverse = true;
    return theme;
}

Theme default_theme() {
    Theme theme = mono_theme();
    theme.name = "default";
    look(theme, Ink::accent) = {3, kDefaultColor, true, false, false};
    look(theme, Ink::user) = {6, kDefaultColor, false, false, false};
    look(theme, Ink::heading) = {3, kDefaultColor, true, false, false};
    look(theme, Ink::code) = {2, kDefaultColor, false, false, false};
    look(theme, Ink::keyword) = {5, kDefaultColor, false, false, false};
    look(theme, Ink::string) = {2, kDefaultColor, false, false, false};
    look(theme, Ink::number) = {6, kDefaultColor, false, false, false};
    look(theme, Ink::link).foreground = 4;
    look(theme, Ink::good).foreground = 2;
    look(theme, Ink::warning) = {3, kDefaultColor, false, false, false};
    look(theme, Ink::error) = {1, kDefaultColor, true, false, false};
    return theme;
}

}  // namespace hearth
