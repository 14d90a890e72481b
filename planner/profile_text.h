// The text that models are profiled with: a few kinds of writing, of our own (assets/profile.txt).
#pragma once

#include <string_view>

namespace hearth {

std::string_view profile_text();

}  // namespace hearth
