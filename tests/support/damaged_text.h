// Damaged copies of a text: cut, bytes changed, parts lost or doubled, numbers made absurd.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace hearth {

inline std::vector<std::string> damaged_texts(const std::string& text, size_t n) {
    std::mt19937 random(7);
    const auto below = [&](size_t limit) { return static_cast<size_t>(random()) % limit; };
    static const std::vector<std::string> kValues{
        "-1", "1e999", "null", "\"x\"", "[[]]", "{}", "18446744073709551616"};
    std::vector<std::string> texts;
    while (texts.size() < n) {
        std::string copy = text;
        const size_t at = below(copy.size());
        switch (texts.size() % 4) {
            case 0:
                copy.resize(at);
                break;
            case 1:
                copy[at] = static_cast<char>(random());
                break;
            case 2:
                copy.erase(at, 1 + below(40));
                break;
            case 3: {  // another value behind some colon
                const size_t colon = copy.find(": ", at);
                if (colon == std::string::npos) continue;
                const size_t end = copy.find_first_of(",}]\n", colon);
                copy.replace(colon + 2, end - colon - 2, kValues[below(kValues.size())]);
                break;
            }
        }
        texts.push_back(std::move(copy));
    }
    return texts;
}

}  // namespace hearth
