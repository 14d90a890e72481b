// Fenced code in an answer, to be copied or saved.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hearth {

struct CodeBlock {
    std::string language;  // the first word behind the fence, "" = none said
    std::string text;      // without the fences and their indentation
};

// In order. A fence that is still open at the end (an answer that was stopped) counts.
std::vector<CodeBlock> code_blocks(std::string_view markdown);

}  // namespace hearth
