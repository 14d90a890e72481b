#include "app/roleplay/card_file.h"

#include <optional>

#include "app/base64.h"
#include "engine/base/file.h"
#include "engine/base/printable.h"

namespace hearth {
namespace {

constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";
constexpr size_t kMaxFileBytes = size_t{64} << 20;
constexpr size_t kMaxCardBytes = size_t{8} << 20;
constexpr size_t kChunkFrame = 12;  // length, type, checksum

uint32_t big_endian(std::string_view bytes) {
    uint32_t value = 0;
    for (size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return value;
}

tl::unexpected<Error> wrong(const std::string& name, std::string_view what) {
    return make_error(ErrorCode::bad_file, "{}: {}", printable_path(name), what);
}

// The text of the tEXt chunk with the best keyword.
Result<std::string_view> card_chunk(std::string_view png, const std::string& name) {
    std::optional<std::string_view> chara;
    size_t at = kPngSignature.size();
    while (at < png.size()) {
        if (png.size() - at < kChunkFrame) return wrong(name, "the picture ends early");
        const size_t length = big_endian(png.substr(at, 4));
        if (length > png.size() - at - kChunkFrame) return wrong(name, "the picture ends early");
        const std::string_view type = png.substr(at + 4, 4);
        const std::string_view data = png.substr(at + 8, length);
        at += kChunkFrame + length;
        if (type == "IEND") break;
        if (type != "tEXt") continue;
        const size_t end = data.find('\0');
        if (end == std::string_view::npos) continue;
        const std::string_view keyword = data.substr(0, end);
        if (keyword == "ccv3") return data.substr(end + 1);
        if (keyword == "chara" && !chara) chara = data.substr(end + 1);
    }
    if (chara) return *chara;
    return wrong(name, "a picture without a character card in it (no tEXt chunk chara or ccv3)");
}

}  // namespace

Result<std::string> card_json_from(std::string_view content, const std::string& name) {
    if (!content.starts_with(kPngSignature)) {
        if (content.size() > kMaxCardBytes) return wrong(name, "too large for a card, over 8 MiB");
        return std::string(content);
    }
    HEARTH_TRY(const std::string_view chunk, card_chunk(content, name));
    if (chunk.size() > kMaxCardBytes) return wrong(name, "too large for a card, over 8 MiB");
    auto json = base64_decode(chunk);
    if (!json) return wrong(name, "the card in the picture is not Base64");
    return *std::move(json);
}

Result<std::string> read_card_file(const std::string& path) {
    HEARTH_TRY(const std::string content, read_text_file(path, kMaxFileBytes));
    return card_json_from(content, path);
}

}  // namespace hearth
