// The float types of weights, loaded as Vec from any address.
//
// Included by <isa>/vec.h inside its namespace and target region. No include guard.

struct F32 {
    static constexpr size_t kBytes = 4;
    static inline Vec load(const std::byte* at) {
        return Vec::load(reinterpret_cast<const float*>(at));
    }
    static inline Vec load_first(const std::byte* at, size_t n) {
        return Vec::load_first(reinterpret_cast<const float*>(at), n);
    }
};

struct F16 {
    static constexpr size_t kBytes = 2;
    static inline Vec load(const std::byte* at) {
        return Vec::load_f16(reinterpret_cast<const uint16_t*>(at));
    }
    static inline Vec load_first(const std::byte* at, size_t n) {
        return Vec::load_first_f16(reinterpret_cast<const uint16_t*>(at), n);
    }
};

struct Bf16 {
    static constexpr size_t kBytes = 2;
    static inline Vec load(const std::byte* at) {
        return Vec::load_bf16(reinterpret_cast<const uint16_t*>(at));
    }
    static inline Vec load_first(const std::byte* at, size_t n) {
        return Vec::load_first_bf16(reinterpret_cast<const uint16_t*>(at), n);
    }
};
