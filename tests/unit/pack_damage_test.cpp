// What a pack must refuse: damaged, truncated, lying.
#include <gtest/gtest.h>

#include <cstring>
#include <functional>
#include <set>

#include "tests/data/memory_file.h"
#include "tests/data/tiny_model.h"
#include "tests/unit/pack_fixture.h"

namespace hearth {
namespace {

using Bytes = std::vector<std::byte>;

class PackDamageTest : public ::testing::Test {
  protected:
    void SetUp() override {
        TinyModelOptions options;
        options.d_ff = 32;
        const TempFolder folder(TempFolder::in_memory());
        ASSERT_TRUE(tiny_model(options).write(folder.file("tiny.gguf")));
        const OpenModel model = open_model(folder.file("tiny.gguf"));
        ASSERT_TRUE(write_pack(model.gguf, model.config, {.path = folder.file("tiny.pack")}));
        const std::string text = file_bytes(folder.file("tiny.pack"));
        const auto bytes = std::as_bytes(std::span(text));
        bytes_.assign(bytes.begin(), bytes.end());
    }

    template <typename T>
    T at(size_t offset) const {
        return load_unaligned<T>(bytes_.data() + offset);
    }
    pack_format::Header header() const { return at<pack_format::Header>(0); }
    static size_t section_offset(size_t i) {
        return pack_format::sections_offset() + i * sizeof(pack_format::Section);
    }

    // The pack with its header, a section or its tables changed and all checksums made right again.
    Bytes with_header(const std::function<void(pack_format::Header&)>& change) const {
        Bytes bytes = bytes_;
        auto value = header();
        change(value);
        value.crc = pack_format::own_crc(value);
        std::memcpy(bytes.data(), &value, sizeof value);
        return bytes;
    }
    Bytes with_section(size_t i, const std::function<void(pack_format::Section&)>& change) const {
        Bytes bytes = bytes_;
        auto value = at<pack_format::Section>(section_offset(i));
        change(value);
        value.crc = pack_format::own_crc(value);
        std::memcpy(bytes.data() + section_offset(i), &value, sizeof value);
        return bytes;
    }
    Bytes with_first_neuron(uint32_t neuron) const {
        const size_t tables = pack_format::tables_offset(header().n_sections);
        const size_t n = at<pack_format::Section>(section_offset(0)).n_records;
        Bytes changed = bytes_;
        std::memcpy(changed.data() + tables, &neuron, sizeof neuron);
        const uint32_t crc =
            crc32c(std::span(changed).subspan(tables, n * pack_format::kTableBytesPerRecord));
        auto entry = at<pack_format::Section>(section_offset(0));
        entry.tables_crc = crc;
        entry.crc = pack_format::own_crc(entry);
        std::memcpy(changed.data() + section_offset(0), &entry, sizeof entry);
        return changed;
    }

    // One line that names the file.
    static void expect_refused(const Bytes& bytes, const std::string& part) {
        const auto pack = Pack::parse(MemoryFile(bytes, "some.pack"));
        ASSERT_FALSE(pack) << part;
        const std::string& message = pack.error().message;
        EXPECT_EQ(pack.error().code, ErrorCode::bad_file);
        EXPECT_EQ(message.find("some.pack: "), 0U) << message;
        EXPECT_NE(message.find(part), std::string::npos) << message;
        EXPECT_EQ(message.find('\n'), std::string::npos);
        EXPECT_LE(message.size(), 232U) << message;
    }

    Bytes bytes_;
};

TEST_F(PackDamageTest, EveryFlippedByteIsFound) {
    const size_t tables_end = pack_format::tables_offset(header().n_sections) +
                              header().n_records * pack_format::kTableBytesPerRecord;
    for (size_t i = 0; i < bytes_.size(); i += i < tables_end ? 1 : 61) {
        Bytes bytes = bytes_;
        bytes[i] ^= std::byte{static_cast<unsigned char>(1U << (i % 8))};
        const MemoryFile file(std::move(bytes));
        if (i < tables_end) {
            ASSERT_FALSE(Pack::parse(file)) << "byte " << i;
        } else {
            ASSERT_FALSE(verify_pack(file, 1, nullptr)) << "byte " << i;
        }
    }
}

TEST_F(PackDamageTest, ReadersOfARecordFindWhatIsDamagedInIt) {
    const auto pack = Pack::parse(MemoryFile(bytes_));
    ASSERT_TRUE(pack) << pack.error().message;
    const PackSection& section = pack->sections()[1];
    const size_t begin = pack->record_offset(1, 5);
    for (size_t i = 0; i < section.record_bytes; ++i) {
        Bytes record(bytes_.begin() + static_cast<ptrdiff_t>(begin),
                     bytes_.begin() + static_cast<ptrdiff_t>(begin + section.record_bytes));
        EXPECT_TRUE(pack->verify_prefix(1, 5, record.data()));
        EXPECT_FALSE(pack->verify_prefix(1, 6, record.data()));
        record[i] ^= std::byte{0x80};
        EXPECT_EQ(pack->verify_prefix(1, 5, record.data()), i >= section.gate_offset);
        EXPECT_EQ(pack->verify_gate(1, 5, record.data()), i < section.gate_offset);
    }
}

TEST_F(PackDamageTest, TruncatedAnywhereIsRefused) {
    const size_t tables = pack_format::tables_offset(header().n_sections);
    std::set<size_t> ends{bytes_.size() - 1, bytes_.size() - 512, bytes_.size() / 2};
    for (size_t n = 0; n <= tables + header().n_records * pack_format::kTableBytesPerRecord; ++n) {
        ends.insert(n);
    }
    for (const size_t n : ends) {
        Bytes bytes(bytes_.begin(), bytes_.begin() + static_cast<ptrdiff_t>(n));
        expect_refused(bytes, n < sizeof(pack_format::Header) ? "truncated" : "bytes");
        // Nor does a header that owns up to it help.
        if (n < sizeof(pack_format::Header)) continue;
        bytes = with_header([&](auto& h) { h.file_bytes = n; });
        bytes.resize(n);
        ASSERT_FALSE(Pack::parse(MemoryFile(bytes))) << n;
    }
    Bytes longer = bytes_;
    longer.resize(longer.size() + 4096);
    expect_refused(longer, "its header says");
}

TEST_F(PackDamageTest, HeadersThatLieAreRefused) {
    expect_refused(with_header([](auto& h) { h.magic[0] = '\x1b'; }), "not a pack");
    expect_refused(with_header([](auto& h) { h.version = 2; }), "version 2");
    for (const uint32_t alignment : {0U, 1U, 1024U, 8192U, ~0U}) {
        expect_refused(with_header([&](auto& h) { h.alignment = alignment; }), "alignment");
    }
    for (const uint32_t n : {0U, pack_format::kMaxSections + 1, ~0U}) {
        expect_refused(with_header([&](auto& h) { h.n_sections = n; }), "sections");
    }
    for (const uint64_t n : {uint64_t{0}, pack_format::kMaxRecords + 1, ~uint64_t{0}}) {
        expect_refused(with_header([&](auto& h) { h.n_records = n; }), "records");
    }
    expect_refused(with_header([](auto& h) { h.n_sections = pack_format::kMaxSections; }),
                   "tables end");
    expect_refused(with_header([](auto& h) { h.n_records = pack_format::kMaxRecords; }),
                   "tables end");
    expect_refused(with_header([](auto& h) { h.n_sections += 1; }), "section 3");
    expect_refused(with_header([](auto& h) { h.n_records += 1; }), "64 records");
    expect_refused(with_header([](auto& h) { h.alignment = 4096; }), "every 512");
}

TEST_F(PackDamageTest, SectionsThatLieAreRefused) {
    using Section = pack_format::Section;
    const auto refuse = [&](const std::string& part, const std::function<void(Section&)>& change) {
        SCOPED_TRACE(part);
        expect_refused(with_section(0, change), part);
    };
    for (const uint32_t type : {4U, 26U, 39U, 1000U}) {
        refuse("types", [&](Section& s) { s.up = type; });
        refuse("types", [&](Section& s) { s.down = type; });
        refuse("types", [&](Section& s) { s.gate = type; });
    }
    for (const uint32_t bytes : {0U, 33U, 34U, 8192U, ~0U}) {
        refuse("rows end", [&](Section& s) { s.down_offset = bytes; });
        refuse("rows end", [&](Section& s) { s.gate_offset = bytes; });
        refuse("rows end", [&](Section& s) { s.record_bytes = bytes; });
    }
    for (const uint32_t n : {0U, 31U, 33U, ~0U}) {
        refuse("", [&](Section& s) { s.n_records = n; });
    }
    for (const uint32_t stride : {0U, 256U, 1024U, ~0U}) {
        refuse("records of", [&](Section& s) { s.stride = stride; });
    }
    for (const uint64_t offset : {uint64_t{0}, uint64_t{512}, uint64_t{1} << 40, ~uint64_t{0}}) {
        refuse("expected at", [&](Section& s) { s.offset = offset; });
    }
    refuse("out of order", [](Section& s) { s.layer = 1; });
    refuse("out of order", [](Section& s) { s.layer = 7; });
}

TEST_F(PackDamageTest, PlacementsThatAreNoneAreRefused) {
    expect_refused(with_first_neuron(1), "not a placement");
    expect_refused(with_first_neuron(32), "not a placement");
    expect_refused(with_first_neuron(~0U), "not a placement");
}

}  // namespace
}  // namespace hearth
