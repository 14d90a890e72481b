// Runs a fuzz target over the files of its kept corpus: what `ctest` does in every build.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

#include "engine/base/file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

constexpr size_t kMaxInputBytes = size_t{16} << 20;

}  // namespace

// replay FOLDER
int main(int argc, char** argv) {
    if (argc != 2) return 1;
    size_t n = 0;
    for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
        const auto text = hearth::read_text_file(entry.path(), kMaxInputBytes);
        if (!text) {
            std::fprintf(stderr, "%s\n", text.error().message.c_str());
            return 1;
        }
        LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(text->data()), text->size());
        ++n;
    }
    std::printf("%zu inputs\n", n);
    return n > 0 ? 0 : 1;
}
