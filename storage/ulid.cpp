#include "storage/ulid.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace hearth {

namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

}  // namespace

Result<std::string> make_ulid(int64_t now_ms) {
    constexpr size_t kTimeChars = 10;  // 48 bits, 5 each, the first one half empty
    std::array<unsigned char, kUlidChars - kTimeChars> random{};
    if (::getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
        return make_error(ErrorCode::machine, "the kernel gave no random bytes: {}",
                          std::strerror(errno));
    }
    std::string ulid(kUlidChars, '0');
    auto time = static_cast<uint64_t>(now_ms) & ((uint64_t{1} << 48) - 1);
    for (size_t i = kTimeChars; i-- > 0; time >>= 5) ulid[i] = kDigits[time & 31];
    for (size_t i = 0; i < random.size(); ++i) ulid[kTimeChars + i] = kDigits[random[i] & 31u];
    return ulid;
}

bool is_ulid(std::string_view text) {
    return text.size() == kUlidChars && text.front() <= '7' &&
           text.find_first_not_of(kDigits) == std::string_view::npos;
}

}  // namespace hearth
