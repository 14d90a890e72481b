#include "app/archive_json.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "engine/base/utf8.h"
#include "storage/conversation_rows.h"

namespace hearth {
namespace {

using Json = nlohmann::ordered_json;

// --- values --------------------------------------------------------------------------------------

Json to_json(const std::string& text) {
    if (is_valid_utf8(text)) return text;
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const char c : text) {
        hex += kDigits[static_cast<unsigned char>(c) >> 4];
        hex += kDigits[static_cast<unsigned char>(c) & 15];
    }
    return {{"hex", std::move(hex)}};
}
Json to_json(uint64_t value) {
    return value;
}
Json to_json(int64_t value) {
    return value;
}
Json to_json(double value) {
    return value;
}
Json to_json(const std::optional<double>& value) {
    return value ? Json(*value) : Json(nullptr);
}

tl::unexpected<Error> wrong(std::string_view key, std::string_view what) {
    return make_error(ErrorCode::bad_file, "'{}' is not {}", key, what);
}

std::optional<int> hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return std::nullopt;
}

std::optional<std::string> from_hex(const std::string& hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string text;
    for (size_t i = 0; i < hex.size(); i += 2) {
        const auto high = hex_digit(hex[i]);
        const auto low = hex_digit(hex[i + 1]);
        if (!high || !low) return std::nullopt;
        text += static_cast<char>(*high * 16 + *low);
    }
    return text;
}

// Takes typed members out of an object; the first that is missing or of another type is
// remembered, and everything after it is left alone.
class Reader {
  public:
    explicit Reader(const Json& object) : object_(object) {}

    void into(const char* key, std::string& value) {
        const Json* found = member(key);
        if (found == nullptr) return;
        if (found->is_string()) {
            value = found->get_ref<const std::string&>();
            return;
        }
        const auto hex = found->is_object() ? found->find("hex") : found->end();
        if (hex != found->end() && hex->is_string()) {
            if (auto bytes = from_hex(hex->get_ref<const std::string&>())) {
                value = *std::move(bytes);
                return;
            }
        }
        fail(key, "a text");
    }
    void into(const char* key, uint64_t& value) {
        const Json* found = member(key);
        if (found == nullptr) return;
        if (!found->is_number_unsigned()) return fail(key, "a number from 0");
        value = found->get<uint64_t>();
    }
    void into(const char* key, int64_t& value) {
        const Json* found = member(key);
        if (found == nullptr) return;
        if (!found->is_number_integer()) return fail(key, "a whole number");
        value = found->get<int64_t>();
    }
    void into(const char* key, double& value) {
        const Json* found = member(key);
        if (found == nullptr) return;
        if (!found->is_number()) return fail(key, "a number");
        value = found->get<double>();
    }
    void into(const char* key, std::optional<double>& value) {
        const Json* found = member(key);
        if (found == nullptr || found->is_null()) return;
        if (!found->is_number()) return fail(key, "a number or null");
        value = found->get<double>();
    }
    void into(const char* key, std::optional<MessageId>& value) {
        const Json* found = member(key);
        if (found == nullptr || found->is_null()) return;
        if (!found->is_number_integer()) return fail(key, "a message or null");
        value = MessageId{found->get<int64_t>()};
    }

    // Calls `take` for each element of an array; absent counts as empty.
    template <typename Function>
    void each(const char* key, Function&& take) {
        if (error_) return;
        const auto found = object_.find(key);
        if (found == object_.end()) return;
        if (!found->is_array()) return fail(key, "an array");
        for (const Json& item : *found) {
            const Result<void> taken = take(item);
            if (!taken && !error_) error_ = taken.error();
        }
    }

    void fail(std::string_view key, std::string_view what) {
        if (!error_) error_ = wrong(key, what).value();
    }
    Result<void> done() const {
        if (error_) return tl::unexpected(*error_);
        return {};
    }

  private:
    const Json* member(const char* key) {
        if (error_) return nullptr;
        const auto found = object_.find(key);
        if (found != object_.end()) return &*found;
        fail(key, "there");
        return nullptr;
    }

    const Json& object_;
    std::optional<Error> error_;
};

// --- turns ---------------------------------------------------------------------------------------

// Calls visit(name, field) for every number and text of a turn, in the order of TurnStats.
template <typename Stats, typename Visitor>
void visit_fields(Stats& s, Visitor&& visit) {
    visit("model", s.model);
    visit("plan", s.plan);
    visit("sampler", s.sampler_json);
    visit("threads", s.threads);
    visit("context_tokens", s.context_tokens);
    visit("prompt_tokens", s.prompt_tokens);
    visit("reused_tokens", s.reused_tokens);
    visit("prefill_tokens", s.prefill_tokens);
    visit("prefill_seconds", s.prefill_seconds);
    visit("decode_tokens", s.decode_tokens);
    visit("decode_seconds", s.decode_seconds);
    visit("ttft_ms", s.ttft_ms);
    visit("latency_mean_ms", s.latency_mean_ms);
    visit("latency_p50_ms", s.latency_p50_ms);
    visit("latency_p90_ms", s.latency_p90_ms);
    visit("latency_p99_ms", s.latency_p99_ms);
    visit("fixed_bytes", s.fixed_bytes);
    visit("hot_bytes", s.hot_bytes);
    visit("hot_hits", s.hot_hits);
    visit("cold_bytes", s.cold_bytes);
    visit("cold_capacity_bytes", s.cold_capacity_bytes);
    visit("cold_hits", s.cold_hits);
    visit("cold_misses", s.cold_misses);
    visit("cold_evictions", s.cold_evictions);
    visit("io_reads", s.io_reads);
    visit("io_bytes", s.io_bytes);
    visit("io_stall_seconds", s.io_stall_seconds);
    visit("sparsity_mode", s.sparsity_mode);
    visit("active_fraction", s.active_fraction);
    visit("predictor_recall", s.predictor_recall);
    visit("memory_budget_bytes", s.memory_budget_bytes);
    visit("peak_rss_bytes", s.peak_rss_bytes);
}

Json to_json(const Turn& turn) {
    Json json{{"recorded_ms", turn.recorded_ms}, {"machine", to_json(turn.machine)}};
    visit_fields(turn.stats,
                 [&](const char* name, const auto& field) { json[name] = to_json(field); });
    if (turn.stats.layers.empty()) return json;
    Json& layers = json["layers"] = Json::array();
    for (const LayerCounters& layer : turn.stats.layers) {
        layers.push_back(
            {layer.hot_neurons, layer.present_neurons, layer.cold_hits, layer.cold_misses});
    }
    return json;
}

Result<Turn> turn_from(const Json& json) {
    if (!json.is_object()) return wrong("turns", "an array of objects");
    Turn turn;
    Reader reader(json);
    reader.into("recorded_ms", turn.recorded_ms);
    reader.into("machine", turn.machine);
    visit_fields(turn.stats, [&](const char* name, auto& field) { reader.into(name, field); });
    reader.each("layers", [&](const Json& layer) -> Result<void> {
        const bool numbers = layer.is_array() && layer.size() == 4 &&
                             std::all_of(layer.begin(), layer.end(), [](const Json& number) {
                                 return number.is_number_unsigned();
                             });
        if (!numbers) return wrong("layers", "four numbers each");
        turn.stats.layers.push_back({layer[0].get<uint64_t>(), layer[1].get<uint64_t>(),
                                     layer[2].get<uint64_t>(), layer[3].get<uint64_t>()});
        return {};
    });
    HEARTH_TRY_VOID(reader.done());
    return turn;
}

// --- messages and conversations ------------------------------------------------------------------

Json id_json(const std::optional<MessageId>& id) {
    return id ? Json(number(*id)) : Json(nullptr);
}

Json to_json(const ArchivedMessage& archived) {
    const Message& message = archived.message;
    Json json{{"id", number(message.id)},
              {"parent", id_json(message.parent)},
              {"role", to_string(message.role)},
              {"state", to_string(message.state)},
              {"content", to_json(message.content)},
              {"stop_reason", to_json(message.stop_reason)},
              {"model", to_json(message.model)},
              {"created_ms", message.created_ms}};
    for (const Part& part : message.parts) {
        json["parts"].push_back({{"kind", to_json(part.kind)},
                                 {"text", to_json(part.text)},
                                 {"meta", to_json(part.meta)}});
    }
    for (const Turn& turn : archived.turns) json["turns"].push_back(to_json(turn));
    return json;
}

Result<Part> part_from(const Json& json) {
    if (!json.is_object()) return wrong("parts", "an array of objects");
    Part part;
    Reader reader(json);
    reader.into("kind", part.kind);
    reader.into("text", part.text);
    reader.into("meta", part.meta);
    HEARTH_TRY_VOID(reader.done());
    return part;
}

template <typename Value, typename Read>
auto append_to(std::vector<Value>& list, Read read) {
    return [&list, read](const Json& item) -> Result<void> {
        HEARTH_TRY(Value value, read(item));
        list.push_back(std::move(value));
        return {};
    };
}

Result<ArchivedMessage> message_from(const Json& json) {
    if (!json.is_object()) return wrong("messages", "an array of objects");
    ArchivedMessage archived;
    Message& message = archived.message;
    Reader reader(json);
    int64_t id = 0;
    std::string role;
    std::string state;
    reader.into("id", id);
    reader.into("parent", message.parent);
    reader.into("role", role);
    reader.into("state", state);
    reader.into("content", message.content);
    reader.into("stop_reason", message.stop_reason);
    reader.into("model", message.model);
    reader.into("created_ms", message.created_ms);
    reader.each("parts", append_to(message.parts, part_from));
    reader.each("turns", append_to(archived.turns, turn_from));
    HEARTH_TRY_VOID(reader.done());
    const auto known_role = role_of(role);
    const auto known_state = state_of(state);
    if (!known_role) return wrong("role", "system, user or assistant");
    if (!known_state) return wrong("state", "draft, done, stopped or failed");
    message.id = MessageId{id};
    message.role = *known_role;
    message.state = *known_state;
    return archived;
}

Json to_json(const ArchivedConversation& archived) {
    const Conversation& conversation = archived.conversation;
    Json json{{"uid", to_json(conversation.uid)},
              {"title", to_json(conversation.title)},
              {"model", to_json(conversation.model)},
              {"created_ms", conversation.created_ms},
              {"updated_ms", conversation.updated_ms},
              {"leaf", id_json(conversation.leaf)},
              {"setup", to_json(archived.setup)},
              {"tags", Json::array()},
              {"messages", Json::array()}};
    for (const std::string& tag : archived.tags) json["tags"].push_back(to_json(tag));
    for (const ArchivedMessage& message : archived.messages) {
        json["messages"].push_back(to_json(message));
    }
    return json;
}

Result<ArchiveItem> conversation_from(const Json& json) {
    ArchivedConversation archived;
    Conversation& conversation = archived.conversation;
    Reader reader(json);
    reader.into("uid", conversation.uid);
    reader.into("title", conversation.title);
    reader.into("model", conversation.model);
    reader.into("created_ms", conversation.created_ms);
    reader.into("updated_ms", conversation.updated_ms);
    reader.into("leaf", conversation.leaf);
    reader.into("setup", archived.setup);
    reader.each("tags", [&](const Json& tag) -> Result<void> {
        if (!tag.is_string()) return wrong("tags", "an array of texts");
        archived.tags.push_back(tag.get<std::string>());
        return {};
    });
    reader.each("messages", append_to(archived.messages, message_from));
    HEARTH_TRY_VOID(reader.done());
    return archived;
}

// --- the other items -----------------------------------------------------------------------------

Json to_json(const StoredCharacter& character) {
    return {{"name", to_json(character.name)},
            {"card", to_json(character.card)},
            {"added_ms", character.added_ms}};
}

Result<ArchiveItem> character_from(const Json& json) {
    StoredCharacter character;
    Reader reader(json);
    reader.into("name", character.name);
    reader.into("card", character.card);
    reader.into("added_ms", character.added_ms);
    HEARTH_TRY_VOID(reader.done());
    return character;
}

// Calls visit(name, field) for every field of a sample.
template <typename AnySample, typename Visitor>
void visit_sample(AnySample& s, Visitor&& visit) {
    visit("at_ms", s.at_ms);
    visit("seconds", s.seconds);
    visit("tokens_per_second", s.tokens_per_second);
    visit("cold_hit_rate", s.cold_hit_rate);
    visit("io_bytes", s.io_bytes);
    visit("stall_seconds", s.stall_seconds);
    visit("rss_bytes", s.rss_bytes);
}

Json to_json(const Sample& sample) {
    Json json = Json::object();
    visit_sample(sample, [&](const char* name, const auto& field) { json[name] = to_json(field); });
    return json;
}

Result<ArchiveItem> sample_from(const Json& json) {
    Sample sample;
    Reader reader(json);
    visit_sample(sample, [&](const char* name, auto& field) { reader.into(name, field); });
    HEARTH_TRY_VOID(reader.done());
    return sample;
}

Result<ArchiveItem> header_from(const Json& json) {
    if (json == kArchiveVersion) return ArchiveHeader{};
    return make_error(ErrorCode::bad_file, "an archive of version {}, this hearth reads {}",
                      json.dump(), kArchiveVersion);
}

struct Kind {
    const char* key;
    Result<ArchiveItem> (*parse)(const Json& json);
};
constexpr Kind kKinds[] = {
    {"conversation", conversation_from}, {"character", character_from}, {"sample", sample_from}};

std::string dump(const Json& json, int indent, bool ascii) {
    return json.dump(indent, ' ', ascii, Json::error_handler_t::replace);
}

}  // namespace

std::string archive_line(const ArchiveItem& item) {
    struct Line {
        Json operator()(const ArchiveHeader& header) const {
            return {{"hearth_archive", header.version}, {"hearth", HEARTH_VERSION}};
        }
        Json operator()(const ArchivedConversation& one) const {
            return {{"conversation", to_json(one)}};
        }
        Json operator()(const StoredCharacter& one) const { return {{"character", to_json(one)}}; }
        Json operator()(const Sample& one) const { return {{"sample", to_json(one)}}; }
    };
    return dump(std::visit(Line{}, item), -1, false);
}

Result<ArchiveItem> parse_archive_line(std::string_view line) {
    const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (json.is_discarded() || !json.is_object()) {
        return make_error(ErrorCode::bad_file, "is not a JSON object");
    }
    if (const auto header = json.find("hearth_archive"); header != json.end()) {
        return header_from(*header);
    }
    for (const Kind& kind : kKinds) {
        const auto found = json.find(kind.key);
        if (found == json.end()) continue;
        if (!found->is_object()) return wrong(kind.key, "an object");
        return kind.parse(*found);
    }
    return make_error(ErrorCode::bad_file, "is none of an archive's lines");
}

std::string conversation_json(const ArchivedConversation& conversation, bool ascii) {
    return dump(to_json(conversation), 2, ascii) + "\n";
}

}  // namespace hearth
