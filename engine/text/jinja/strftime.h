// strftime_now: the current time in words, in English whatever the locale is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hearth::jinja {

// `now` (seconds since the epoch) as local time. Knows %Y %y %m %d %e %j %H %I %M %S %p %A %a %B %b
// %h %Z %z %s %F %T %D %R %n %t %% and the flag '-' (no padding); others stay as they are.
std::string format_time(int64_t now, std::string_view format);

}  // namespace hearth::jinja
