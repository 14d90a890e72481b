#include "engine/neuron/pack.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>

#include "tests/data/tiny_model.h"
#include "tests/unit/pack_fixture.h"

namespace hearth {
namespace {

class PackTest : public ::testing::Test {
  protected:
    std::string pack_path(const std::string& model) const {
        return folder_.file(std::filesystem::path(model).stem().string() + ".pack");
    }

    // Packs a model file and reads the pack back.
    Pack pack(const std::string& model, PackOptions options = {}) {
        OpenModel opened = open_model(model);
        options.path = pack_path(model);
        options.n_threads = 2;
        const auto report = write_pack(opened.gguf, opened.config, options);
        EXPECT_TRUE(report) << report.error().message;
        report_ = report.value_or(PackReport{});
        auto read = Pack::open(options.path);
        EXPECT_TRUE(read) << read.error().message;
        const auto file = open_file(options.path);
        const auto whole = verify_pack(**file, 1, nullptr);
        EXPECT_TRUE(whole) << whole.error().message;
        return std::move(*read);
    }

    std::string tiny(const TinyModelOptions& options) {
        const std::string path = folder_.file("tiny.gguf");
        EXPECT_TRUE(tiny_model(options).write(path));
        return path;
    }

    TempFolder folder_{TempFolder::in_memory()};
    PackReport report_;
};

// One record as it stands in the file.
std::string record(const std::string& bytes, const Pack& pack, size_t section, uint32_t neuron) {
    return bytes.substr(pack.record_offset(section, neuron), pack.sections()[section].record_bytes);
}

const std::byte* as_bytes(const std::string& text) {
    return reinterpret_cast<const std::byte*>(text.data());
}

std::string raw_row(const Gguf& gguf, const FileMatrix& matrix, size_t row) {
    std::string bytes(matrix.row_bytes, '\0');
    EXPECT_TRUE(read_exact(gguf.file(matrix.file), matrix.row_offset(row),
                           std::as_writable_bytes(std::span(bytes))));
    return bytes;
}

// Relative RMS difference between a section's down rows and the columns of the model's.
double down_difference(const OpenModel& model, const FfnTensors& tensors, const Pack& pack,
                       size_t section, const std::string& bytes) {
    const PackSection& at = pack.sections()[section];
    double error = 0.0;
    double signal = 0.0;
    std::vector<float> packed(at.d_model());
    std::vector<std::vector<float>> rows;
    for (size_t c = 0; c < tensors.down.rows; ++c) {
        rows.push_back(row_of(model.gguf, tensors.down, c));
    }
    for (uint32_t i = 0; i < at.n_records; ++i) {
        const std::string one = record(bytes, pack, section, i);
        supported_kernels().front()->dequantize_row(at.down, as_bytes(one) + at.down_offset,
                                                    packed.data(), packed.size());
        for (size_t c = 0; c < packed.size(); ++c) {
            error += std::pow(double{packed[c]} - double{rows[c][i]}, 2);
            signal += std::pow(double{rows[c][i]}, 2);
        }
    }
    return std::sqrt(error / signal);
}

// Every record of every section against the model file.
void expect_same_weights(const OpenModel& model, const Pack& pack, const std::string& bytes) {
    for (size_t s = 0; s < pack.sections().size(); ++s) {
        const PackSection& at = pack.sections()[s];
        const auto tensors = find_ffn_tensors(model.gguf, model.config, at.layer, at.expert);
        ASSERT_TRUE(tensors) << tensors.error().message;
        ASSERT_EQ(pack.find(at.layer, at.expert), &at);
        for (uint32_t i = 0; i < at.n_records; ++i) {
            const std::string one = record(bytes, pack, s, i);
            ASSERT_TRUE(pack.verify_prefix(s, i, as_bytes(one)));
            ASSERT_TRUE(pack.verify_gate(s, i, as_bytes(one)));
            ASSERT_EQ(one.substr(0, at.down_offset), raw_row(model.gguf, tensors->up, i));
            ASSERT_EQ(one.substr(at.gate_offset), raw_row(model.gguf, tensors->gate, i));
            if (tensors->down_is_transposed) {
                ASSERT_EQ(one.substr(at.down_offset, at.gate_offset - at.down_offset),
                          raw_row(model.gguf, tensors->down, i));
            }
        }
        if (tensors->down_is_transposed) {
            EXPECT_EQ(at.down_error, 0.0F);
        } else {
            EXPECT_NEAR(down_difference(model, *tensors, pack, s, bytes), at.down_error, 1e-6);
        }
    }
}

TEST_F(PackTest, RecordsHoldTheWeightsOfTheModel) {
    const auto models = reference_models();
    if (models.empty()) GTEST_SKIP() << "no reference models beside the checkout";
    for (const std::string& path : models) {
        SCOPED_TRACE(path);
        const OpenModel model = open_model(path);
        const Pack made = pack(path);
        ASSERT_EQ(made.sections().size(),
                  model.config.n_layers * std::max<size_t>(1, model.config.n_experts));
        expect_same_weights(model, made, file_bytes(made.path()));
        for (const PackSection& section : made.sections()) EXPECT_LE(section.down_error, 0.006);
        ASSERT_EQ(report_.layer_down_error.size(), model.config.n_layers);
    }
}

TEST_F(PackTest, EveryTypeBothWaysRound) {
    for (const Dtype dtype : {Dtype::f32, Dtype::f16, Dtype::bf16, Dtype::q4_0, Dtype::q5_0,
                              Dtype::q8_0, Dtype::q4_k, Dtype::q5_k, Dtype::q6_k}) {
        for (const bool transposed : {false, true}) {
            SCOPED_TRACE(std::string(traits(dtype).name) + (transposed ? " transposed" : ""));
            TinyModelOptions options = tiny_options_for(dtype);
            options.pwri = transposed;
            // Predictors of rank 32 are no blocks of 256.
            if (transposed && traits(dtype).block_elements > 32) continue;
            const OpenModel model = open_model(tiny(options));
            const Pack made = pack(folder_.file("tiny.gguf"), {.down_type = dtype});
            for (const PackSection& section : made.sections()) EXPECT_EQ(section.down, dtype);
            expect_same_weights(model, made, file_bytes(made.path()));
        }
    }
}

TEST_F(PackTest, DownIsStoredAsTheTypeThatIsWanted) {
    const std::string model = tiny(tiny_options_for(Dtype::q4_0));
    EXPECT_EQ(pack(model).sections()[0].down, Dtype::q8_0);
    const float fine = report_.down_error;
    EXPECT_EQ(pack(model, {.down_type = Dtype::q4_0}).sections()[0].down, Dtype::q4_0);
    EXPECT_GT(report_.down_error, 5 * fine);
    EXPECT_EQ(pack(model, {.down_type = Dtype::f32}).sections()[0].down, Dtype::f32);
    EXPECT_EQ(report_.down_error, 0.0F);
    EXPECT_EQ(pack(tiny(tiny_options_for(Dtype::f16))).sections()[0].down, Dtype::f16);
    EXPECT_EQ(report_.down_error, 0.0F);
}

TEST_F(PackTest, AlignmentAndPlacement) {
    const std::string path = tiny({});
    const OpenModel model = open_model(path);
    for (const size_t alignment : {512, 4096}) {
        Placement placement(2);
        placement[1].resize(model.config.d_ff);
        std::iota(placement[1].begin(), placement[1].end(), 0U);
        std::shuffle(placement[1].begin(), placement[1].end(), std::mt19937(3));
        const Pack made = pack(path, {.alignment = alignment, .placement = placement});
        EXPECT_EQ(made.alignment(), alignment);
        for (size_t s = 0; s < 2; ++s) {
            const PackSection& at = made.sections()[s];
            EXPECT_EQ(at.offset % 4096, 0U);
            EXPECT_EQ(at.stride % alignment, 0U);
            EXPECT_LT(at.stride - at.record_bytes, alignment);
            for (uint32_t p = 0; p < at.n_records; ++p) {
                const uint32_t neuron = made.placement(s)[p];
                EXPECT_EQ(neuron, s == 0 ? p : placement[1][p]);
                EXPECT_EQ(made.position(s, neuron), p);
                EXPECT_EQ(made.record_offset(s, neuron), at.offset + p * at.stride);
            }
        }
        expect_same_weights(model, made, file_bytes(made.path()));
    }
}

TEST_F(PackTest, WhatCannotBePackedIsRefused) {
    const OpenModel model = open_model(tiny({}));
    PackOptions options{.path = folder_.file("a.pack")};
    options.alignment = 1024;
    EXPECT_EQ(write_pack(model.gguf, model.config, options).error().code, ErrorCode::usage);
    options.alignment = 512;
    options.down_type = Dtype::q4_k;  // rows of 64
    EXPECT_EQ(write_pack(model.gguf, model.config, options).error().code, ErrorCode::usage);
    options.down_type.reset();
    options.placement = {{1, 1, 2}};
    EXPECT_EQ(write_pack(model.gguf, model.config, options).error().code, ErrorCode::usage);
    options.path = folder_.path();
    EXPECT_EQ(write_pack(model.gguf, model.config, options).error().code, ErrorCode::usage);
    options.path = folder_.file("nowhere/a.pack");
    EXPECT_EQ(write_pack(model.gguf, model.config, options).error().code, ErrorCode::machine);
    EXPECT_FALSE(std::filesystem::exists(folder_.file("a.pack.partial")));
}

TEST_F(PackTest, AnotherModelsPackIsRefused) {
    const std::string model = tiny({});
    const Pack made = pack(model);
    const auto own = identify_model(open_model(model).gguf);
    ASSERT_TRUE(own);
    EXPECT_EQ(made.identity(), *own);
    EXPECT_TRUE(made.check_model(*own, model));
    TinyModelOptions another;
    another.seed = 2;
    const auto other = identify_model(open_model(tiny(another)).gguf);
    ASSERT_TRUE(other);
    EXPECT_NE(*other, *own);
    const auto refused = made.check_model(*other, model);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::bad_file);
    EXPECT_NE(refused.error().message.find(own->hex().substr(0, 12)), std::string::npos);
}

TEST_F(PackTest, TheIdentityIsOfTheContent) {
    const std::string model = tiny({});
    const auto identity = identify_model(open_model(model).gguf);
    const std::string moved = folder_.file("moved.gguf");
    std::filesystem::copy(model, moved);
    EXPECT_EQ(*identify_model(open_model(moved).gguf), *identity);
    EXPECT_EQ(identity->hex().size(), 32U);
}

}  // namespace
}  // namespace hearth
