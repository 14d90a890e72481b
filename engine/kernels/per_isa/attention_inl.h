// Attention over an F16 cache: written once over Vec.
//
// Included by <isa>/attention.cpp inside its namespace and target region, after <isa>/vec.h: no
// include guard and no includes here. Query heads that share a KV head are taken kQueryTile at a
// time, so that a key is converted once for all of them.

constexpr size_t kKeyTile = 4;

// Positions that all query heads pass before the next ones: their keys or values stay in the first
// cache meanwhile.
constexpr size_t kPositions = 64;

// Adds the products of up to kWidth dimensions; n is looked at only where not kWhole.
template <size_t kQueries, bool kWhole>
static inline void add_products(const float* q, size_t ld_q,
                                const uint16_t* const (&keys)[kKeyTile], size_t d, size_t n,
                                Vec (&dots)[kQueries][kKeyTile]) {
    Vec k[kKeyTile];
#pragma GCC unroll 4
    for (size_t j = 0; j < kKeyTile; ++j) {
        k[j] = kWhole ? Vec::load_f16(keys[j] + d) : Vec::load_first_f16(keys[j] + d, n);
    }
#pragma GCC unroll 4
    for (size_t i = 0; i < kQueries; ++i) {
        const float* from = q + i * ld_q + d;
        const Vec query = kWhole ? Vec::load(from) : Vec::load_first(from, n);
#pragma GCC unroll 4
        for (size_t j = 0; j < kKeyTile; ++j) dots[i][j] = fma(query, k[j], dots[i][j]);
    }
}

// Scores of four keys (the last one repeated where there are fewer) against kQueries queries.
template <size_t kQueries>
static inline void score_tile(const float* q, size_t ld_q, const uint16_t* const (&keys)[kKeyTile],
                              size_t n_keys, size_t head_dim, float scale, float* out,
                              size_t ld_out) {
    Vec dots[kQueries][kKeyTile];
    for (auto& row : dots) {
        for (Vec& dot : row) dot = Vec::zero();
    }
    size_t d = 0;
    for (; d + Vec::kWidth <= head_dim; d += Vec::kWidth) {
        add_products<kQueries, true>(q, ld_q, keys, d, Vec::kWidth, dots);
    }
    if (d < head_dim) add_products<kQueries, false>(q, ld_q, keys, d, head_dim - d, dots);
    for (size_t i = 0; i < kQueries; ++i) {
        alignas(16) float sums[kKeyTile];
        store_sums(dots[i][0], dots[i][1], dots[i][2], dots[i][3], scale, sums);
        for (size_t j = 0; j < n_keys; ++j) out[i * ld_out + j] = sums[j];
    }
}

// The n_q queries that there are, at most kQueries, against n_pos keys.
template <size_t kQueries>
static void score_queries(size_t n_q, const float* q, size_t ld_q, const uint16_t* k, size_t ld_k,
                          size_t n_pos, size_t head_dim, float scale, float* out, size_t ld_out) {
    if constexpr (kQueries > 1) {
        if (n_q < kQueries) {
            return score_queries<kQueries - 1>(n_q, q, ld_q, k, ld_k, n_pos, head_dim, scale, out,
                                               ld_out);
        }
    }
    for (size_t p = 0; p < n_pos; p += kKeyTile) {
        const size_t n_keys = n_pos - p < kKeyTile ? n_pos - p : kKeyTile;
        const uint16_t* keys[kKeyTile];
        for (size_t j = 0; j < kKeyTile; ++j) {
            keys[j] = k + (p + (j < n_keys ? j : n_keys - 1)) * ld_k;
        }
        score_tile<kQueries>(q, ld_q, keys, n_keys, head_dim, scale, out + p, ld_out);
    }
}

void scores_f16(const float* q, size_t ld_q, size_t n_q, const uint16_t* k, size_t ld_k,
                size_t n_pos, size_t head_dim, float scale, float* out, size_t ld_out) {
    for (size_t p = 0; p < n_pos; p += kPositions) {
        const size_t n = n_pos - p < kPositions ? n_pos - p : kPositions;
        for (size_t i = 0; i < n_q; i += Vec::kQueryTile) {
            score_queries<Vec::kQueryTile>(n_q - i, q + i * ld_q, ld_q, k + p * ld_k, ld_k, n,
                                           head_dim, scale, out + i * ld_out + p, ld_out);
        }
    }
}

// out(kQueries, kVecs * width) += weights x values, in order of position. A tile of one vector may
// be short: n_dims.
template <size_t kQueries, size_t kVecs>
static inline void mix_tile(const float* weight, size_t ld_weight, const uint16_t* v, size_t ld_v,
                            size_t n_pos, size_t n_dims, float* out, size_t ld_out) {
    Vec sums[kQueries][kVecs];
    for (size_t i = 0; i < kQueries; ++i) {
        for (size_t j = 0; j < kVecs; ++j) {
            const size_t d = j * Vec::kWidth;
            sums[i][j] = Vec::load_first(out + i * ld_out + d, n_dims - d);
        }
    }
    for (size_t p = 0; p < n_pos; ++p) {
        Vec values[kVecs];
#pragma GCC unroll 4
        for (size_t j = 0; j < kVecs; ++j) {
            const uint16_t* from = v + p * ld_v + j * Vec::kWidth;
            values[j] = kVecs > 1 ? Vec::load_f16(from) : Vec::load_first_f16(from, n_dims);
        }
#pragma GCC unroll 4
        for (size_t i = 0; i < kQueries; ++i) {
            const Vec w = Vec::all(weight[i * ld_weight + p]);
#pragma GCC unroll 4
            for (size_t j = 0; j < kVecs; ++j) sums[i][j] = fma(w, values[j], sums[i][j]);
        }
    }
    for (size_t i = 0; i < kQueries; ++i) {
        for (size_t j = 0; j < kVecs; ++j) {
            const size_t d = j * Vec::kWidth;
            sums[i][j].store_first(out + i * ld_out + d, n_dims - d);
        }
    }
}

// The n_q queries that there are, at most kQueries.
template <size_t kQueries>
static void mix_queries(size_t n_q, const float* weight, size_t ld_weight, const uint16_t* v,
                        size_t ld_v, size_t n_pos, size_t head_dim, float* out, size_t ld_out) {
    if constexpr (kQueries > 1) {
        if (n_q < kQueries) {
            return mix_queries<kQueries - 1>(n_q, weight, ld_weight, v, ld_v, n_pos, head_dim, out,
                                             ld_out);
        }
    }
    size_t d = 0;
    for (; d + 4 * Vec::kWidth <= head_dim; d += 4 * Vec::kWidth) {
        mix_tile<kQueries, 4>(weight, ld_weight, v + d, ld_v, n_pos, 4 * Vec::kWidth, out + d,
                              ld_out);
    }
    for (; d < head_dim; d += Vec::kWidth) {
        const size_t n_dims = head_dim - d < Vec::kWidth ? head_dim - d : Vec::kWidth;
        mix_tile<kQueries, 1>(weight, ld_weight, v + d, ld_v, n_pos, n_dims, out + d, ld_out);
    }
}

void mix_f16(const float* weight, size_t ld_weight, size_t n_q, const uint16_t* v, size_t ld_v,
             size_t n_pos, size_t head_dim, float* out, size_t ld_out) {
    for (size_t p = 0; p < n_pos; p += kPositions) {
        const size_t n = n_pos - p < kPositions ? n_pos - p : kPositions;
        for (size_t i = 0; i < n_q; i += Vec::kQueryTile) {
            mix_queries<Vec::kQueryTile>(n_q - i, weight + i * ld_weight + p, ld_weight,
                                         v + p * ld_v, ld_v, n, head_dim, out + i * ld_out, ld_out);
        }
    }
}
