// StopStrings: finds the first of some strings in text that comes in pieces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hearth {

// Text that may turn out to be the beginning of a stop string is held back until it is known.
class StopStrings {
  public:
    // Empty strings are ignored.
    explicit StopStrings(std::vector<std::string> stops);

    struct Step {
        std::string text;      // may be shown now; nothing of a stop string is in it
        bool stopped = false;  // a stop string was found; what follows it is dropped
    };
    Step feed(std::string_view text);
    // What is still held when generation ends for another reason.
    std::string finish();

  private:
    std::vector<std::string> stops_;
    std::string held_;  // a proper prefix of some stop string, as long as possible
};

}  // namespace hearth
