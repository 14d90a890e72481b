#include "app/line/composer.h"

#include <utility>

namespace hearth {
namespace {

constexpr std::string_view kFence = "\"\"\"";

}  // namespace

std::optional<std::string> Composer::feed(std::string_view line) {
    if (in_block_) return feed_block(line);
    if (text_.empty() && line.starts_with(kFence)) {
        in_block_ = true;
        return feed_block(line.substr(kFence.size()));
    }
    if (line.ends_with('\\')) {
        text_ += line.substr(0, line.size() - 1);
        text_ += '\n';
        return std::nullopt;
    }
    std::string message = std::exchange(text_, "");
    message += line;
    return message;
}

std::optional<std::string> Composer::feed_block(std::string_view line) {
    const size_t end = line.find(kFence);
    text_ += line.substr(0, end);
    if (end == std::string_view::npos) {
        if (!text_.empty()) text_ += '\n';  // nothing stands between """ and its line end
        return std::nullopt;
    }
    in_block_ = false;
    std::string message = std::exchange(text_, "");
    if (message.ends_with('\n')) message.pop_back();
    return message;
}

void Composer::clear() {
    text_.clear();
    in_block_ = false;
}

}  // namespace hearth
