// InputHistory: what was typed before, kept in readline's history and in a file.
#pragma once

#include <string>

namespace hearth {

class InputHistory {
  public:
    // Reads `file`; "" = kept for this session only. One at a time: readline's history is static.
    explicit InputHistory(std::string file);

    // Adds an entry unless it is empty or what was added last.
    void add(const std::string& text);

  private:
    std::string file_;
};

}  // namespace hearth
