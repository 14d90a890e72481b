// The synthetic models are valid and have the shape that was asked for.
#include <gtest/gtest.h>

#include "bench/synth/synthetic_model.h"
#include "engine/gguf/gguf.h"
#include "tests/data/memory_file.h"

namespace hearth {
namespace {

SyntheticOptions small(Dtype dtype) {
    SyntheticOptions options;
    options.shape.n_layers = 2;
    options.shape.d_model = 256;
    options.shape.n_heads = 8;
    options.shape.n_kv_heads = 2;
    options.shape.d_ff = 512;
    options.shape.n_vocab = 1000;
    options.dtype = dtype;
    options.head_dtype = dtype;
    return options;
}

TEST(SyntheticModel, IsValidInEveryType) {
    for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::q4_0, Dtype::q5_0,
                              Dtype::q8_0, Dtype::q4_k, Dtype::q5_k, Dtype::q6_k}) {
        const auto model = SyntheticModel::create(small(dtype));
        ASSERT_TRUE(model) << model.error().message;
        auto bytes = model->bytes();
        ASSERT_TRUE(bytes);
        EXPECT_EQ(bytes->size(), model->file_bytes());
        const auto gguf = Gguf::parse(std::make_unique<MemoryFile>(std::move(*bytes)));
        ASSERT_TRUE(gguf) << gguf.error().message;
        const TensorInfo* down = gguf->find("blk.1.ffn_down.weight");
        ASSERT_NE(down, nullptr);
        EXPECT_EQ(down->dtype, dtype);
        EXPECT_EQ(down->dims[0], 512u);
        EXPECT_EQ(down->dims[1], 256u);
        const auto tokens = gguf->metadata().optional_strings("tokenizer.ggml.tokens");
        EXPECT_EQ((**tokens).size(), 1000u);
        EXPECT_EQ((**tokens)[5 + 'A'], "<0x41>");
    }
}

TEST(SyntheticModel, MatricesDifferAndDoNotDependOnHowTheyAreAskedFor) {
    const WeightTile tile(Dtype::q4_0, 0.02f, 1);
    std::vector<std::byte> whole(1'000'000);
    tile.fill(12, 0, whole);
    std::vector<std::byte> parts(whole.size());
    for (size_t at = 0; at < parts.size(); at += 77'777) {
        const size_t n = std::min<size_t>(77'777, parts.size() - at);
        tile.fill(12, at, std::span(parts).subspan(at, n));
    }
    EXPECT_EQ(whole, parts);
    tile.fill(13, 0, parts);
    EXPECT_NE(whole, parts);
    EXPECT_EQ(whole[18], parts[0]);  // one block further on
}

TEST(SyntheticModel, RefusesShapesThatDoNotWorkOut) {
    SyntheticOptions options = small(Dtype::q4_k);
    options.shape.d_ff = 320;
    EXPECT_EQ(SyntheticModel::create(options).error().code, ErrorCode::usage);
    options = small(Dtype::q4_0);
    options.shape.n_kv_heads = 3;
    EXPECT_FALSE(SyntheticModel::create(options));
    options = small(Dtype::iq4_xs);
    EXPECT_FALSE(SyntheticModel::create(options));
    EXPECT_FALSE(preset_shape("9b"));
    EXPECT_EQ(preset_shape("7b")->d_ff, 14'336u);
}

}  // namespace
}  // namespace hearth
