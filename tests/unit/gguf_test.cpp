// What Gguf and GgufWriter accept. What Gguf refuses is in tests/fault.
#include "engine/gguf/gguf.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <numeric>

#include "engine/gguf/gguf_writer.h"
#include "tests/data/memory_file.h"
#include "tests/support/temp_folder.h"

namespace hearth {
namespace {

std::vector<std::byte> counting(size_t n) {
    std::vector<std::byte> bytes(n);
    for (size_t i = 0; i < n; ++i) bytes[i] = static_cast<std::byte>(i * 7);
    return bytes;
}

Result<Gguf> reparse(const GgufWriter& writer) {
    HEARTH_TRY(auto bytes, writer.bytes());
    return Gguf::parse(std::make_unique<MemoryFile>(std::move(bytes)));
}

std::vector<std::byte> data_of(const Gguf& gguf, const TensorInfo& tensor) {
    std::vector<std::byte> bytes(tensor.bytes);
    EXPECT_TRUE(read_exact(gguf.file(tensor.file), tensor.offset, bytes));
    return bytes;
}

TEST(Gguf, ReadsEveryTypeOfValueBack) {
    GgufWriter writer;
    writer.set("u8", uint8_t{200});
    writer.set("i8", int8_t{-100});
    writer.set("u16", uint16_t{65'535});
    writer.set("i16", int16_t{-32'768});
    writer.set("u32", uint32_t{4'000'000'000});
    writer.set("i32", int32_t{-5});
    writer.set("f32", 1.5f);
    writer.set("bool", true);
    writer.set("string", "caf\xC3\xA9");
    writer.set("u64", std::numeric_limits<uint64_t>::max());
    writer.set("i64", std::numeric_limits<int64_t>::min());
    writer.set("f64", 0.1);
    writer.set("bytes", std::vector<uint8_t>{1, 255});
    writer.set("shorts", std::vector<int16_t>{-1, 2});
    writer.set("longs", std::vector<int64_t>{-1, 2});
    writer.set("floats", std::vector<float>{0.5f, -2.0f});
    writer.set("doubles", std::vector<double>{0.25});
    writer.set("bools", std::vector<bool>{true, false, true});
    writer.set("strings", std::vector<std::string>{"", "\xFF\x00z", "b"});
    writer.set("empty", std::vector<uint32_t>{});
    const auto gguf = reparse(writer);
    ASSERT_TRUE(gguf) << gguf.error().message;
    const Metadata& m = gguf->metadata();
    ASSERT_EQ(m.entries().size(), 20u);
    EXPECT_EQ(std::get<uint64_t>(*m.find("u8")), 200u);
    EXPECT_EQ(std::get<int64_t>(*m.find("i8")), -100);
    EXPECT_EQ(std::get<uint64_t>(*m.find("u16")), 65'535u);
    EXPECT_EQ(std::get<int64_t>(*m.find("i16")), -32'768);
    EXPECT_EQ(std::get<uint64_t>(*m.find("u32")), 4'000'000'000u);
    EXPECT_EQ(std::get<int64_t>(*m.find("i32")), -5);
    EXPECT_EQ(std::get<double>(*m.find("f32")), 1.5);
    EXPECT_EQ(std::get<bool>(*m.find("bool")), true);
    EXPECT_EQ(std::get<std::string>(*m.find("string")), "caf\xC3\xA9");
    EXPECT_EQ(std::get<uint64_t>(*m.find("u64")), std::numeric_limits<uint64_t>::max());
    EXPECT_EQ(std::get<int64_t>(*m.find("i64")), std::numeric_limits<int64_t>::min());
    EXPECT_EQ(std::get<double>(*m.find("f64")), 0.1);
    EXPECT_EQ(std::get<std::vector<uint64_t>>(*m.find("bytes")), (std::vector<uint64_t>{1, 255}));
    EXPECT_EQ(std::get<std::vector<int64_t>>(*m.find("shorts")), (std::vector<int64_t>{-1, 2}));
    EXPECT_EQ(std::get<std::vector<int64_t>>(*m.find("longs")), (std::vector<int64_t>{-1, 2}));
    EXPECT_EQ(std::get<std::vector<float>>(*m.find("floats")), (std::vector<float>{0.5f, -2.0f}));
    EXPECT_EQ(std::get<std::vector<float>>(*m.find("doubles")), (std::vector<float>{0.25f}));
    EXPECT_EQ(std::get<std::vector<bool>>(*m.find("bools")),
              (std::vector<bool>{true, false, true}));
    EXPECT_EQ(std::get<std::vector<std::string>>(*m.find("strings")).size(), 3u);
    EXPECT_EQ(std::get<std::vector<uint64_t>>(*m.find("empty")).size(), 0u);
    EXPECT_EQ(m.entries()[0].type, "u8");
    EXPECT_EQ(m.entries()[12].type, "array of u8");
    EXPECT_EQ(m.find("absent"), nullptr);
}

TEST(Gguf, ReadsTensorsBack) {
    for (const Gguf::Magic magic : {Gguf::Magic::gguf, Gguf::Magic::pwri}) {
        for (const uint32_t alignment : {8u, 32u, 4096u, 65'536u}) {
            GgufWriter writer(magic, alignment);
            writer.add_tensor("a", Dtype::f32, {3}, counting(12));
            writer.add_tensor("b", Dtype::q4_0, {64, 3, 2}, counting(216));
            writer.add_tensor("c", Dtype::q6_k, {256, 2, 1, 2}, counting(840));
            const auto gguf = reparse(writer);
            ASSERT_TRUE(gguf) << gguf.error().message;
            EXPECT_EQ(gguf->magic(), magic);
            EXPECT_EQ(gguf->file(0).size(), writer.file_bytes());
            ASSERT_EQ(gguf->tensors().size(), 3u);
            const TensorInfo* b = gguf->find("b");
            ASSERT_NE(b, nullptr);
            EXPECT_EQ(b->offset % alignment, 0u);
            EXPECT_EQ(b->n_dims, 3u);
            EXPECT_EQ(b->n_elements(), 384u);
            EXPECT_EQ(b->n_rows(), 6u);
            EXPECT_EQ(data_of(*gguf, *b), counting(216));
            EXPECT_EQ(data_of(*gguf, *gguf->find("c")), counting(840));
            EXPECT_EQ(gguf->find("d"), nullptr);
        }
    }
}

TEST(Gguf, AcceptsVersion2AndVocabularyOnlyFiles) {
    GgufWriter writer;
    writer.set("general.architecture", "llama");
    auto bytes = writer.bytes();
    ASSERT_TRUE(bytes);
    (*bytes)[4] = std::byte{2};
    while (bytes->back() == std::byte{0}) bytes->pop_back();  // no padding after the header
    const auto gguf = Gguf::parse(std::make_unique<MemoryFile>(*bytes));
    ASSERT_TRUE(gguf) << gguf.error().message;
    EXPECT_EQ(gguf->version(), 2u);
    EXPECT_TRUE(gguf->tensors().empty());
}

TEST(Gguf, AcceptsAMissingLastPaddingAndAPage) {
    GgufWriter writer;
    writer.add_tensor("a", Dtype::f32, {3}, counting(12));
    auto bytes = writer.bytes();
    ASSERT_TRUE(bytes);
    auto unpadded = *bytes;
    unpadded.resize(unpadded.size() - 20);
    EXPECT_TRUE(Gguf::parse(std::make_unique<MemoryFile>(unpadded)));
    bytes->resize(bytes->size() + 4096);
    EXPECT_TRUE(Gguf::parse(std::make_unique<MemoryFile>(*bytes)));
}

TEST(Gguf, MetadataGettersCheckTypeAndRange) {
    GgufWriter writer;
    writer.set("n", uint32_t{7});
    writer.set("minus", int64_t{-7});
    writer.set("eps", 1e-5f);
    writer.set("nan", std::numeric_limits<float>::quiet_NaN());
    writer.set("name", "x");
    writer.set("on", false);
    writer.set("scores", std::vector<float>{1, -std::numeric_limits<float>::infinity()});
    writer.set("holes", std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()});
    writer.set("types", std::vector<int32_t>{1, -1});
    writer.set("heads", std::vector<uint32_t>{8, 4});
    writer.set("narrow", std::vector<uint8_t>{1, 2});
    writer.set("words", std::vector<std::string>{"a"});
    const auto gguf = reparse(writer);
    ASSERT_TRUE(gguf) << gguf.error().message;
    const Metadata& m = gguf->metadata();

    EXPECT_EQ(*m.require_uint("n", 1, 7), 7u);
    EXPECT_EQ(m.require_uint("n", 8, 10).error().message,
              "memory.gguf: key 'n' is 7, it must be 8 to 10 (damaged file?)");
    EXPECT_FALSE(m.require_uint("minus", 0, 10));
    EXPECT_FALSE(m.require_uint("eps", 0, 10));
    EXPECT_EQ(m.require_uint("absent", 0, 10).error().code, ErrorCode::bad_file);
    EXPECT_EQ(*m.optional_uint("absent", 0, 10), std::nullopt);

    EXPECT_FLOAT_EQ(static_cast<float>(*m.require_float("eps", 0, 1)), 1e-5f);
    EXPECT_EQ(*m.require_float("n", 0, 10), 7.0);
    EXPECT_EQ(*m.require_float("minus", -10, 10), -7.0);
    EXPECT_FALSE(m.require_float("nan", -1e300, 1e300));
    EXPECT_FALSE(m.require_float("name", 0, 1));

    EXPECT_EQ(*m.require_string("name"), "x");
    EXPECT_FALSE(m.require_string("n"));
    EXPECT_EQ(*m.optional_bool("on"), false);
    EXPECT_FALSE(m.optional_bool("n"));

    EXPECT_EQ((*m.optional_floats("scores"))->size(), 2u);
    EXPECT_FALSE(m.optional_floats("holes"));
    EXPECT_FALSE(m.optional_floats("narrow"));
    EXPECT_EQ(**m.optional_ints("types"), (std::vector<int64_t>{1, -1}));
    EXPECT_EQ(**m.optional_ints("heads"), (std::vector<int64_t>{8, 4}));
    EXPECT_FALSE(m.optional_ints("narrow"));
    EXPECT_FALSE(m.optional_ints("scores"));
    EXPECT_EQ((*m.optional_strings("words"))->front(), "a");
    EXPECT_EQ(*m.optional_strings("absent"), nullptr);
    EXPECT_FALSE(m.optional_strings("name"));
}

// Three parts: the first has the metadata, the others their own tensors.
void write_parts(const TempFolder& folder, uint16_t n_parts, int32_t n_tensors) {
    for (uint16_t i = 0; i < n_parts; ++i) {
        GgufWriter writer;
        if (i == 0) writer.set("general.architecture", "llama");
        writer.set("split.no", i);
        writer.set("split.count", n_parts);
        writer.set("split.tensors.count", n_tensors);
        writer.add_tensor(fmt::format("t{}", i), Dtype::f32, {uint64_t{4} + i},
                          counting(16 + 4 * i));
        ASSERT_TRUE(
            writer.write(folder.file(fmt::format("m-{:05}-of-{:05}.gguf", i + 1, n_parts))));
    }
}

TEST(Gguf, OpensASplitModelByAnyPart) {
    const TempFolder folder;
    write_parts(folder, 3, 3);
    for (const char* name : {"m-00001-of-00003.gguf", "m-00003-of-00003.gguf"}) {
        const auto gguf = Gguf::open(folder.file(name));
        ASSERT_TRUE(gguf) << gguf.error().message;
        EXPECT_EQ(gguf->n_files(), 3u);
        EXPECT_TRUE(gguf->path().ends_with("m-00001-of-00003.gguf"));
        EXPECT_EQ(*gguf->metadata().require_string("general.architecture"), "llama");
        const TensorInfo* last = gguf->find("t2");
        ASSERT_NE(last, nullptr);
        EXPECT_EQ(last->file, 2u);
        EXPECT_EQ(data_of(*gguf, *last), counting(24));
    }
}

TEST(Gguf, RefusesSplitModelsThatDoNotFitTogether) {
    const TempFolder folder;
    write_parts(folder, 3, 4);  // one tensor too few
    EXPECT_FALSE(Gguf::open(folder.file("m-00001-of-00003.gguf")));
    write_parts(folder, 3, 3);
    std::filesystem::copy_file(folder.file("m-00002-of-00003.gguf"), folder.file("renamed.gguf"));
    EXPECT_FALSE(Gguf::open(folder.file("renamed.gguf")));
    std::filesystem::copy_file(folder.file("m-00003-of-00003.gguf"),
                               folder.file("m-00002-of-00003.gguf"),
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_FALSE(Gguf::open(folder.file("m-00001-of-00003.gguf")));
    std::filesystem::remove(folder.file("m-00002-of-00003.gguf"));
    const auto missing = Gguf::open(folder.file("m-00003-of-00003.gguf"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::bad_file);
    EXPECT_NE(missing.error().message.find("part 2 of 3"), std::string::npos);
}

TEST(GgufWriter, LeavesNothingBehindWhenFillingFails) {
    const TempFolder folder;
    GgufWriter writer;
    writer.add_tensor("a", Dtype::f32, {1024}, [](uint64_t, std::span<std::byte>) {
        return Result<void>(make_error(ErrorCode::machine, "no more"));
    });
    const auto written = writer.write(folder.file("a.gguf"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message, "no more");
    EXPECT_FALSE(std::filesystem::exists(folder.file("a.gguf")));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(GgufWriter, SaysWhenAFileCannotBeMadeOrFilled) {
    const TempFolder folder;
    GgufWriter writer;
    writer.add_tensor("a", Dtype::f32, {1 << 18}, std::vector<std::byte>(1 << 20));
    auto written = writer.write(folder.file("absent/a.gguf"));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::machine);

    // A limit on the size of files stands for a full disk.
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{100'000, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    written = writer.write(folder.file("a.gguf"));
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::machine);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

// Fails the n-th read and all that follow.
class FailingFile final : public File {
  public:
    FailingFile(std::vector<std::byte> bytes, int n) : file_(std::move(bytes)), reads_left_(n) {}
    Result<size_t> read_at(uint64_t offset, std::span<std::byte> buffer) const override {
        if (reads_left_-- <= 0) return make_error(ErrorCode::machine, "the disk is gone");
        return file_.read_at(offset, buffer);
    }
    uint64_t size() const override { return file_.size(); }
    const std::string& path() const override { return file_.path(); }

  private:
    MemoryFile file_;
    mutable int reads_left_;
};

TEST(Gguf, AReadThatFailsIsTheMachinesFault) {
    GgufWriter writer;
    writer.set("long", std::string(3 << 20, 'x'));  // several blocks of header
    writer.add_tensor("a", Dtype::f32, {3}, counting(12));
    const auto bytes = writer.bytes();
    ASSERT_TRUE(bytes);
    int n = 0;
    for (; n < 100; ++n) {
        const auto gguf = Gguf::parse(std::make_unique<FailingFile>(*bytes, n));
        if (gguf) break;
        EXPECT_EQ(gguf.error().code, ErrorCode::machine);
        EXPECT_EQ(gguf.error().message, "the disk is gone");
    }
    EXPECT_GE(n, 4);  // it reads in blocks ...
    EXPECT_LE(n, 6);  // ... and large ones
}

TEST(Dtype, IsFoundByName) {
    EXPECT_EQ(dtype_from_name("Q4_K"), Dtype::q4_k);
    EXPECT_EQ(dtype_from_name("q4_k"), Dtype::q4_k);
    EXPECT_EQ(dtype_from_name("q4_"), std::nullopt);
    EXPECT_EQ(dtype_from_name(""), std::nullopt);
}

TEST(GgufReference, OpensEveryReferenceFile) {
    const char* given = std::getenv("HEARTH_REFERENCE");
    const std::filesystem::path reference =
        given != nullptr ? given : HEARTH_SOURCE_DIR "/../shared/reference";
    if (!std::filesystem::exists(reference)) GTEST_SKIP() << "no reference files";
    size_t n_files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(reference)) {
        if (entry.path().extension() != ".gguf") continue;
        const auto gguf = Gguf::open(entry.path());
        EXPECT_TRUE(gguf) << gguf.error().message;
        ++n_files;
    }
    EXPECT_GT(n_files, 20u);
}

}  // namespace
}  // namespace hearth
