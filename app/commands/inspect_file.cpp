// hearth inspect FILE: metadata and tensors as tables.
#include <fmt/format.h>

#include "app/commands/inspect.h"
#include "app/memory_budget.h"
#include "app/ui/safe_text.h"
#include "engine/base/printable.h"
#include "engine/gguf/gguf.h"
#include "engine/model/config.h"
#include "engine/text/tokenizer.h"

namespace hearth {
namespace {

constexpr size_t kMaxShownBytes = 72;  // of a text value
constexpr size_t kMaxShownItems = 6;   // of an array
constexpr size_t kMaxShownName = 64;

std::string show(uint64_t value) {
    return fmt::format("{}", value);
}
std::string show(int64_t value) {
    return fmt::format("{}", value);
}
std::string show(double value) {
    return fmt::format("{:.6g}", value);
}
std::string show(bool value) {
    return value ? "true" : "false";
}
std::string show(const std::string& value) {
    return fmt::format("\"{}\"", printable(value, kMaxShownBytes));
}

template <typename T>
std::string show(const std::vector<T>& values) {
    std::string text = fmt::format("[{}]", values.size());
    for (size_t i = 0; i < values.size() && i < kMaxShownItems; ++i) {
        const T value = values[i];
        text += i == 0 ? " " : ", ";
        if constexpr (std::is_same_v<T, std::string>) {
            text += fmt::format("\"{}\"", printable(value, 16));
        } else {
            text += show(value);
        }
    }
    return values.size() > kMaxShownItems ? text + ", ..." : text;
}

std::string shape(const TensorInfo& tensor) {
    std::string text;
    for (size_t i = 0; i < tensor.n_dims; ++i) {
        text += fmt::format("{}{}", i == 0 ? "" : " x ", tensor.dims[i]);
    }
    return text;
}

std::string summary(const Gguf& gguf) {
    uint64_t bytes = 0;
    uint64_t elements = 0;
    for (const TensorInfo& tensor : gguf.tensors()) {
        bytes += tensor.bytes;
        elements += tensor.n_elements();
    }
    return fmt::format("{}: {} version {}{}, {} keys, {} tensors, {:.1f} M weights, {}\n",
                       printable_path(gguf.path()),
                       gguf.magic() == Gguf::Magic::pwri ? "PWRI" : "GGUF", gguf.version(),
                       gguf.n_files() > 1 ? fmt::format(" in {} parts", gguf.n_files()) : "",
                       gguf.metadata().entries().size(), gguf.tensors().size(),
                       static_cast<double>(elements) / 1e6, format_bytes(bytes));
}

std::string metadata_table(const Metadata& metadata) {
    size_t width = 0;
    for (const auto& entry : metadata.entries()) width = std::max(width, entry.key.size());
    width = std::min(width, kMaxShownName);
    std::string table;
    for (const auto& entry : metadata.entries()) {
        const std::string value =
            std::visit([](const auto& one) { return show(one); }, entry.value);
        table += fmt::format("  {:<{}}  {:<15}  {}\n", printable(entry.key, kMaxShownName), width,
                             entry.type, value);
    }
    return table;
}

std::string tensor_table(const std::vector<TensorInfo>& tensors) {
    size_t width = 0;
    for (const TensorInfo& tensor : tensors) width = std::max(width, tensor.name.size());
    width = std::min(width, kMaxShownName);
    std::string table;
    for (const TensorInfo& tensor : tensors) {
        table += fmt::format("  {:<{}}  {:<6}  {:>10}  {}\n", printable(tensor.name, kMaxShownName),
                             width, traits(tensor.dtype).name, format_bytes(tensor.bytes),
                             shape(tensor));
    }
    return table;
}

// What Model::open would refuse, found without reading weights.
Result<void> check_runnable(const Gguf& gguf, std::string& tokenizer_line) {
    HEARTH_TRY(const Tokenizer tokenizer, Tokenizer::create(gguf));
    tokenizer_line = fmt::format("tokenizer: {}\n", tokenizer.describe());
    if (gguf.tensors().empty()) return {};  // a vocabulary only: `inspect tokens` uses it
    HEARTH_TRY([[maybe_unused]] const ModelConfig config, read_model_config(gguf));
    return {};
}

}  // namespace

Result<void> inspect_file(const std::string& path, Output& out) {
    HEARTH_TRY(const Gguf gguf, Gguf::open(path));
    std::string tokenizer_line;
    const auto runnable = check_runnable(gguf, tokenizer_line);
    // All of it was filtered by printable() or written by us, line by line.
    HEARTH_TRY_VOID(out.print(SafeText::literal(
        summary(gguf) + tokenizer_line + "metadata\n" + metadata_table(gguf.metadata()) +
        "tensors (row length first)\n" + tensor_table(gguf.tensors()))));
    return runnable;
}

}  // namespace hearth
