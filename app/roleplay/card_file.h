// The JSON of a character card, out of the file it comes in: a PNG or APNG picture with a tEXt
// chunk
// ("ccv3", else "chara", both Base64), or a JSON file.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace hearth {

// `name` is for messages. bad_file, one line: cut short, no card in it, not Base64. Checksums of
// chunks are not compared: the JSON behind them is checked, and cards with wrong ones are about.
Result<std::string> card_json_from(std::string_view content, const std::string& name);

// Reads the file at `path` and takes its card out; refused above 64 MiB.
Result<std::string> read_card_file(const std::string& path);

}  // namespace hearth
