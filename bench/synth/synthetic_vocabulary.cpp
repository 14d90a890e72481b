#include "bench/synth/synthetic_vocabulary.h"

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/check.h"

namespace hearth {

namespace {

enum TokenType : int32_t { kNormal = 1, kUnknown = 2, kControl = 3, kByte = 6 };
constexpr std::string_view kSpaceMark = "\xE2\x96\x81";  // U+2581, SentencePiece's space
constexpr std::string_view kLetters = "etaoinshrdlcumwfgypbvkjxqz";

// The i-th word over kLetters: one letter, then two, then three, ... "" for 0.
std::string word(uint64_t i) {
    std::string out;
    for (; i > 0; i = (i - 1) / kLetters.size()) {
        out.insert(out.begin(), kLetters[static_cast<size_t>((i - 1) % kLetters.size())]);
    }
    return out;
}

}  // namespace

void set_synthetic_vocabulary(GgufWriter& writer, uint64_t n_vocab) {
    HEARTH_CHECK(n_vocab >= kMinVocabulary);
    std::vector<std::string> texts{"<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"};
    std::vector<int32_t> types{kUnknown, kControl, kControl, kControl, kControl};
    for (int byte = 0; byte < 256; ++byte) {
        texts.push_back(fmt::format("<0x{:02X}>", byte));
        types.push_back(kByte);
    }
    texts.emplace_back(kSpaceMark);
    for (uint64_t i = 1; texts.size() < n_vocab; ++i) {
        texts.push_back(word(i));
        if (texts.size() < n_vocab) texts.push_back(std::string(kSpaceMark) + word(i));
    }
    types.resize(texts.size(), kNormal);
    std::vector<float> scores(texts.size());
    for (size_t i = 0; i < scores.size(); ++i) scores[i] = -static_cast<float>(i);

    writer.set("tokenizer.ggml.model", "llama");
    writer.set("tokenizer.ggml.tokens", std::move(texts));
    writer.set("tokenizer.ggml.scores", std::move(scores));
    writer.set("tokenizer.ggml.token_type", std::move(types));
    writer.set("tokenizer.ggml.unknown_token_id", uint32_t{0});
    writer.set("tokenizer.ggml.bos_token_id", uint32_t{1});
    writer.set("tokenizer.ggml.eos_token_id", uint32_t{2});
    writer.set("tokenizer.ggml.eot_token_id", uint32_t{4});
    writer.set("tokenizer.ggml.add_bos_token", true);
    writer.set("tokenizer.chat_template",
               "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + "
               "message['content'] + '<|im_end|>' + '\\n'}}{% endfor %}"
               "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}");
}

}  // namespace hearth
