#include "app/code_blocks.h"

#include <algorithm>

namespace hearth {
namespace {

struct Line {
    size_t indent = 0;      // spaces before it, at most 3 before a fence
    char sign = 0;          // ` or ~ where it is a fence
    size_t length = 0;      // of the fence
    std::string_view rest;  // behind the fence
};

Line read_line(std::string_view text) {
    Line line;
    line.indent = std::min(text.find_first_not_of(' '), text.size());
    text.remove_prefix(line.indent);
    if (line.indent > 3 || text.empty() || (text[0] != '`' && text[0] != '~')) return line;
    const size_t length = std::min(text.find_first_not_of(text[0]), text.size());
    if (length < 3) return line;
    line.sign = text[0];
    line.length = length;
    line.rest = text.substr(length);
    return line;
}

std::string_view without_indent(std::string_view text, size_t indent) {
    while (indent-- > 0 && text.starts_with(' ')) text.remove_prefix(1);
    return text;
}

}  // namespace

std::vector<CodeBlock> code_blocks(std::string_view markdown) {
    std::vector<CodeBlock> blocks;
    Line open;  // sign 0: outside
    while (!markdown.empty()) {
        const size_t end = std::min(markdown.find('\n'), markdown.size());
        const std::string_view text = markdown.substr(0, end);
        markdown.remove_prefix(std::min(end + 1, markdown.size()));
        const Line line = read_line(text);
        if (open.sign == 0) {
            if (line.sign == 0) continue;
            const size_t begin = std::min(line.rest.find_first_not_of(' '), line.rest.size());
            const std::string_view info = line.rest.substr(begin);
            blocks.push_back({std::string(info.substr(0, info.find_first_of(" \t{"))), ""});
            open = line;
        } else if (line.sign == open.sign && line.length >= open.length &&
                   line.rest.find_first_not_of(" \t") == std::string_view::npos) {
            open.sign = 0;
        } else {
            blocks.back().text += without_indent(text, open.indent);
            blocks.back().text += '\n';
        }
    }
    return blocks;
}

}  // namespace hearth
