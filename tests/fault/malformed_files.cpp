// malformed_files FOLDER: writes every malformed model file, to try them on any program.
#include <cstdio>
#include <filesystem>
#include <string>

#include "engine/base/file.h"
#include "tests/fault/malformed_gguf.h"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "malformed_files FOLDER\n");
        return 1;
    }
    const std::filesystem::path folder(argv[1]);
    std::filesystem::create_directories(folder);
    for (const hearth::MalformedGguf& file : hearth::malformed_ggufs()) {
        const std::string path = folder / (file.name + ".gguf");
        if (auto written = hearth::write_file_atomically(path, file.bytes); !written) {
            std::fprintf(stderr, "malformed_files: %s\n", written.error().message.c_str());
            return 3;
        }
    }
    return 0;
}
