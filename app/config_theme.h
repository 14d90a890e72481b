// Themes from files: assets/themes/*.toml and the person's own.
#pragma once

#include <string>

#include "app/ui/theme.h"
#include "engine/base/result.h"
#include "storage/data_dir.h"

namespace hearth {

// The theme of that name: "default" and "mono" are built in; others are NAME.toml in the
// configuration folder's themes/, else in the program's. Errors: usage when there is none, bad_file
// when it is wrong.
Result<Theme> load_theme(const std::string& name, const DataDir& data_dir);

// "yellow bold", "#12 on 236", "default dim": a colour, perhaps "on" a colour, and attributes.
// Colours are names or numbers from 0 to 255.
Result<Look> parse_look(std::string_view text);

}  // namespace hearth
