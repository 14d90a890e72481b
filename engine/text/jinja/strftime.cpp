#include "engine/text/jinja/strftime.h"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace hearth::jinja {

namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

std::string number(int value, int width, char pad, bool padded) {
    const std::string digits = fmt::format("{}", value);
    if (!padded || digits.size() >= static_cast<size_t>(width)) return digits;
    return std::string(static_cast<size_t>(width) - digits.size(), pad) + digits;
}

std::string zone_offset(const std::tm& time) {
    const long minutes = time.tm_gmtoff / 60;
    const long size = minutes < 0 ? -minutes : minutes;
    return fmt::format("{}{:02}{:02}", minutes < 0 ? '-' : '+', size / 60, size % 60);
}

// One conversion; empty when it is not known.
std::string convert(const std::tm& time, int64_t now, char conversion, bool padded) {
    const auto day = static_cast<size_t>(time.tm_wday);
    const auto month = static_cast<size_t>(time.tm_mon);
    switch (conversion) {
        case 'Y':
            return number(time.tm_year + 1900, 4, '0', false);
        case 'y':
            return number((time.tm_year + 1900) % 100, 2, '0', padded);
        case 'm':
            return number(time.tm_mon + 1, 2, '0', padded);
        case 'd':
            return number(time.tm_mday, 2, '0', padded);
        case 'e':
            return number(time.tm_mday, 2, ' ', padded);
        case 'j':
            return number(time.tm_yday + 1, 3, '0', padded);
        case 'H':
            return number(time.tm_hour, 2, '0', padded);
        case 'I':
            return number((time.tm_hour + 11) % 12 + 1, 2, '0', padded);
        case 'M':
            return number(time.tm_min, 2, '0', padded);
        case 'S':
            return number(time.tm_sec, 2, '0', padded);
        case 'p':
            return time.tm_hour < 12 ? "AM" : "PM";
        case 'A':
            return std::string(kDays[day]);
        case 'a':
            return std::string(kDays[day].substr(0, 3));
        case 'B':
            return std::string(kMonths[month]);
        case 'b':
        case 'h':
            return std::string(kMonths[month].substr(0, 3));
        case 'Z':
            return time.tm_zone;
        case 'z':
            return zone_offset(time);
        case 's':
            return fmt::format("{}", now);
        case 'n':
            return "\n";
        case 't':
            return "\t";
        case '%':
            return "%";
        default:
            return {};
    }
}

// The conversions that stand for several.
std::string_view expand(char conversion) {
    switch (conversion) {
        case 'F':
            return "%Y-%m-%d";
        case 'T':
            return "%H:%M:%S";
        case 'D':
            return "%m/%d/%y";
        case 'R':
            return "%H:%M";
        default:
            return {};
    }
}

}  // namespace

std::string format_time(int64_t now, std::string_view format) {
    std::tm time{};
    const auto seconds = static_cast<std::time_t>(now);
    if (::localtime_r(&seconds, &time) == nullptr) return {};
    std::string out;
    for (size_t i = 0; i < format.size(); ++i) {
        const bool unpadded = format.substr(i, 2) == "%-";
        const size_t at = i + (unpadded ? 2 : 1);
        if (format[i] != '%' || at >= format.size()) {
            out.push_back(format[i]);
            continue;
        }
        const std::string_view parts = expand(format[at]);
        const std::string words =
            parts.empty() ? convert(time, now, format[at], !unpadded) : format_time(now, parts);
        out += words.empty() ? std::string(format.substr(i, at - i + 1)) : words;
        i = at;
    }
    return out;
}

}  // namespace hearth::jinja
