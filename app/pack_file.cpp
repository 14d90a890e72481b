#include "app/pack_file.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "engine/base/file.h"
#include "engine/neuron/pack_format.h"

namespace hearth {

namespace {

constexpr size_t kNameBytes = 128;  // of a model's name that go into its pack's
constexpr size_t kIdentityDigits = 12;

}  // namespace

std::string default_pack_path(const DataDir& data_dir, const Gguf& gguf,
                              const ModelIdentity& identity) {
    const std::string stem = std::filesystem::path(gguf.path()).stem().string();
    return fmt::format("{}/{}-{}.pack", data_dir.packs(), stem.substr(0, kNameBytes),
                       identity.hex().substr(0, kIdentityDigits));
}

bool is_pack_file(const std::string& path) {
    const auto file = open_file(path);
    std::array<char, pack_format::kMagic.size()> magic{};
    return file && read_exact(**file, 0, std::as_writable_bytes(std::span(magic))) &&
           magic == pack_format::kMagic;
}

}  // namespace hearth
