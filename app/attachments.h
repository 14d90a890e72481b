// Files that go with a message: @path, @path:10-80, @src/*.cpp.
//
// Only what a person names is read, from this machine's disk, and only to be shown to the model.
// Text files only: what holds a NUL byte or is not UTF-8 is refused by name. Patterns leave out
// hidden files and what the .gitignore of the folder they begin in names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "storage/conversations.h"

namespace hearth {

struct Attachment {
    std::string path;  // as it was named, with its lines: "a.cpp:10-80"
    std::string text;
    size_t lines = 0;
};

// One file, or a range of its lines ("path:10-80", "path:10"). Refused above 4 MiB.
Result<Attachment> read_attachment(std::string_view spec);

// Files that a pattern of the shell names (* ? [ ] and ** for folders), sorted; at most 200.
// usage when there are more.
Result<std::vector<std::string>> find_files(std::string_view pattern);

// What the @words of a message name. A word that names nothing stays a word: @home, a@b.c. Errors:
// a file that is there and cannot be read.
Result<std::vector<Attachment>> mentioned_files(std::string_view message);

// As a message carries it.
Part to_part(const Attachment& attachment);

}  // namespace hearth
