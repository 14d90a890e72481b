// Packs made from model files, for tests.
#pragma once

#include <gtest/gtest.h>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/file.h"
#include "engine/kernels/kernels.h"
#include "planner/pack_writer.h"
#include "tests/golden/reference.h"
#include "tests/support/temp_folder.h"

namespace hearth {

// A model file opened, or the test fails.
struct OpenModel {
    Gguf gguf;
    ModelConfig config;
};
inline OpenModel open_model(const std::string& path) {
    auto gguf = Gguf::open(path);
    EXPECT_TRUE(gguf) << gguf.error().message;
    auto config = read_model_config(*gguf);
    EXPECT_TRUE(config) << config.error().message;
    return {std::move(*gguf), std::move(*config)};
}

inline std::string file_bytes(const std::string& path) {
    const auto text = read_text_file(path, size_t{64} << 20);
    EXPECT_TRUE(text) << text.error().message;
    return text.value_or("");
}

// The reference models with an FFN; empty where there is no reference material.
inline std::vector<std::string> reference_models() {
    std::vector<std::string> models;
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(reference_folder() / "tiny", error)) {
        const std::string name = entry.path().filename().string();
        if (name.ends_with(".gguf") && !name.starts_with("mamba")) models.push_back(entry.path());
    }
    std::sort(models.begin(), models.end());
    return models;
}

// The floats of a row that lies in a model file.
inline std::vector<float> row_of(const Gguf& gguf, const FileMatrix& matrix, size_t row) {
    std::vector<std::byte> bytes(matrix.row_bytes);
    EXPECT_TRUE(read_exact(gguf.file(matrix.file), matrix.row_offset(row), bytes));
    std::vector<float> floats(matrix.cols);
    supported_kernels().front()->dequantize_row(matrix.dtype, bytes.data(), floats.data(),
                                                matrix.cols);
    return floats;
}

}  // namespace hearth
