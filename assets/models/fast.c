// Fused element-wise passes of the training step for a processor: what PyTorch would do in five sweeps over memory
// is one here. The matrix products stay with PyTorch. Activations are bf16, the residual stream and statistics f32.
//
//   cc -O3 -march=native -ffast-math -fopenmp -shared -fPIC fast.c -o fast.so -lm
#include <math.h>
#include <stdint.h>
#include <string.h>

typedef uint16_t bf16;

static inline float to_float(bf16 b) {
    uint32_t u = (uint32_t)b << 16;
    float f;
    memcpy(&f, &u, 4);
    return f;
}

static inline bf16 to_bf16(float f) {
    uint32_t u;
    memcpy(&u, &f, 4);
    return (bf16)((u + 0x7FFF + ((u >> 16) & 1)) >> 16);
}

// x_out = x + y; h = rms_norm(x_out) * w. y may be null (then x_out is not written).
void add_norm(const float *x, const bf16 *y, const float *w, float *x_out, bf16 *h, float *scale, int rows, int d,
              float eps) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        const float *in = x + (size_t)r * d;
        if (y) {
            float *out = x_out + (size_t)r * d;
            const bf16 *add = y + (size_t)r * d;
            for (int i = 0; i < d; i++) out[i] = in[i] + to_float(add[i]);
            in = out;
        }
        float sum = 0;
        for (int i = 0; i < d; i++) sum += in[i] * in[i];
        float s = 1 / sqrtf(sum / d + eps);
        scale[r] = s;
        bf16 *o = h + (size_t)r * d;
        for (int i = 0; i < d; i++) o[i] = to_bf16(in[i] * s * w[i]);
    }
}

// dx = dx_out + d(norm); dy = bf16(dx); dw gets one partial sum per thread slice: (slices, d).
void add_norm_backward(const float *dx_out, const bf16 *dh, const float *x, const float *w, const float *scale,
                       float *dx, bf16 *dy, float *dw, int slices, int rows, int d) {
#pragma omp parallel for schedule(static)
    for (int slice = 0; slice < slices; slice++) {
        float *dw_slice = dw + (size_t)slice * d;
        for (int i = 0; i < d; i++) dw_slice[i] = 0;
        for (int r = (int)((long)rows * slice / slices); r < (int)((long)rows * (slice + 1) / slices); r++) {
            const float *in = x + (size_t)r * d;
            const bf16 *g = dh + (size_t)r * d;
            float s = scale[r], dot = 0;
            for (int i = 0; i < d; i++) {
                float gi = to_float(g[i]);
                dw_slice[i] += gi * in[i] * s;
                dot += gi * w[i] * in[i];
            }
            float k = dot * s * s * s / d;
            float *out = dx + (size_t)r * d;
            const float *carried = dx_out ? dx_out + (size_t)r * d : 0;
            for (int i = 0; i < d; i++) {
                float v = to_float(g[i]) * w[i] * s - in[i] * k;
                out[i] = carried ? v + carried[i] : v;
            }
            if (dy) {
                bf16 *o = dy + (size_t)r * d;
                for (int i = 0; i < d; i++) o[i] = to_bf16(out[i]);
            }
        }
    }
}

// qkv (B*T, (heads + 2 kv) * hd) -> q (B, heads, T, hd), k, v (B, kv, T, hd); RoPE on q and k. With direction -1
// the way back: gradients of q, k, v into the gradient of qkv.
void split_rope(bf16 *qkv, bf16 *q, bf16 *k, bf16 *v, const float *cos_t, const float *sin_t, int B, int T, int heads,
                int kv, int hd, int direction) {
    int width = (heads + 2 * kv) * hd;
#pragma omp parallel for schedule(static)
    for (int r = 0; r < B * T; r++) {
        int b = r / T, t = r % T;
        const float *c = cos_t + (size_t)t * hd / 2, *s = sin_t + (size_t)t * hd / 2;
        for (int j = 0; j < heads + 2 * kv; j++) {
            bf16 *flat = qkv + (size_t)r * width + j * hd;
            bf16 *head = j < heads        ? q + (((size_t)b * heads + j) * T + t) * hd
                         : j < heads + kv ? k + (((size_t)b * kv + j - heads) * T + t) * hd
                                          : v + (((size_t)b * kv + j - heads - kv) * T + t) * hd;
            bf16 *to = direction > 0 ? head : flat;
            const bf16 *from = direction > 0 ? flat : head;
            if (j >= heads + kv) {
                memcpy(to, from, hd * sizeof(bf16));
                continue;
            }
            for (int i = 0; i < hd / 2; i++) {
                float even = to_float(from[2 * i]), odd = to_float(from[2 * i + 1]), si = direction * s[i];
                to[2 * i] = to_bf16(even * c[i] - odd * si);
                to[2 * i + 1] = to_bf16(even * si + odd * c[i]);
            }
        }
    }
}

// (B, heads, T, hd) <-> (B, T, heads * hd)
void swap_heads(const bf16 *in, bf16 *out, int B, int T, int heads, int hd, int direction) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < B * T; r++)
        for (int j = 0; j < heads; j++) {
            size_t head = (((size_t)(r / T) * heads + j) * T + r % T) * hd, flat = ((size_t)r * heads + j) * hd;
            memcpy(out + (direction > 0 ? flat : head), in + (direction > 0 ? head : flat), hd * sizeof(bf16));
        }
}

// Scores (B, heads, T, T) -> probabilities in place; row t sees columns starts[t]..t.
void softmax_rows(bf16 *scores, const int32_t *starts, int B, int heads, int T, float scale) {
#pragma omp parallel for schedule(static)
    for (int row = 0; row < B * heads * T; row++) {
        int t = row % T, first = starts[row / T / heads * T + t];
        bf16 *s = scores + (size_t)row * T;
        float max = -1e30f, sum = 0, e[4096];
        for (int i = first; i <= t; i++) max = fmaxf(max, to_float(s[i]));
        for (int i = first; i <= t; i++) {
            e[i] = expf((to_float(s[i]) - max) * scale);
            sum += e[i];
        }
        float inverse = 1 / sum;
        for (int i = 0; i < first; i++) s[i] = 0;
        for (int i = first; i <= t; i++) s[i] = to_bf16(e[i] * inverse);
        for (int i = t + 1; i < T; i++) s[i] = 0;
    }
}

// dp -> gradient of the scores, in place. guide (heads, B, T), or null: the column that a row of a guided head should
// look at, or -1; adds the gradient of guide_weight * -log p[guide].
void softmax_rows_backward(const bf16 *p, bf16 *dp, const int32_t *starts, const int32_t *guide, int B, int heads,
                           int T, float scale, float guide_weight) {
#pragma omp parallel for schedule(static)
    for (int row = 0; row < B * heads * T; row++) {
        int t = row % T, first = starts[row / T / heads * T + t];
        const bf16 *pr = p + (size_t)row * T;
        bf16 *d = dp + (size_t)row * T;
        float dot = 0;
        for (int i = first; i <= t; i++) dot += to_float(pr[i]) * to_float(d[i]);
        for (int i = 0; i < first; i++) d[i] = 0;
        int look_at = guide ? guide[((size_t)(row / T % heads) * B + row / T / heads) * T + t] : -1;
        float pull = look_at < 0 ? 0 : guide_weight;
        for (int i = first; i <= t; i++)
            d[i] = to_bf16((to_float(pr[i]) * (to_float(d[i]) - dot + pull) - (i == look_at ? pull : 0)) * scale);
        for (int i = t + 1; i < T; i++) d[i] = 0;
    }
}

// gate_up (rows, 2 n) -> a = relu(gate) * relu(up) (rows, n).
// stats: active products, active gates, sum of a, sum of relu(gate).
void drelu(const bf16 *gate_up, bf16 *a, double *stats, int rows, int n) {
    double active = 0, gates = 0, sum_a = 0, sum_g = 0;
#pragma omp parallel for schedule(static) reduction(+ : active, gates, sum_a, sum_g)
    for (int r = 0; r < rows; r++) {
        const bf16 *g = gate_up + (size_t)r * 2 * n, *u = g + n;
        bf16 *o = a + (size_t)r * n;
        int row_active = 0, row_gates = 0;
        float row_a = 0, row_g = 0;
        for (int i = 0; i < n; i++) {
            float gi = to_float(g[i]), ui = to_float(u[i]);
            gi = gi > 0 ? gi : 0;
            ui = ui > 0 ? ui : 0;
            float v = gi * ui;
            o[i] = to_bf16(v);
            row_active += v > 0;
            row_gates += gi > 0;
            row_a += v;
            row_g += gi;
        }
        active += row_active, gates += row_gates, sum_a += row_a, sum_g += row_g;
    }
    stats[0] = active, stats[1] = gates, stats[2] = sum_a, stats[3] = sum_g;
}

// Adds the pressure's gradient: l1_product on every active product, l1_gate on every open gate, l1_up likewise.
void drelu_backward(const bf16 *gate_up, const bf16 *da, bf16 *d_gate_up, int rows, int n, float l1_product,
                    float l1_gate, float l1_up) {
#pragma omp parallel for schedule(static)
    for (int r = 0; r < rows; r++) {
        const bf16 *g = gate_up + (size_t)r * 2 * n, *u = g + n, *d = da + (size_t)r * n;
        bf16 *dg = d_gate_up + (size_t)r * 2 * n, *du = dg + n;
        for (int i = 0; i < n; i++) {
            float gi = to_float(g[i]), ui = to_float(u[i]), di = to_float(d[i]) + l1_product;
            float g_on = gi > 0 ? 1 : 0, u_on = ui > 0 ? 1 : 0;
            dg[i] = to_bf16(g_on * (u_on * ui * di + l1_gate));
            du[i] = to_bf16(u_on * (g_on * gi * di + l1_up));
        }
    }
}

// logits (rows, n) -> their gradient, in place: weight * (softmax - one hot). Returns the weighted sum of losses.
double cross_entropy(bf16 *logits, const int32_t *targets, const float *weights, int rows, int n) {
    double total = 0;
#pragma omp parallel for schedule(static) reduction(+ : total)
    for (int r = 0; r < rows; r++) {
        bf16 *l = logits + (size_t)r * n;
        float w = weights[r];
        if (w == 0) {
            memset(l, 0, n * sizeof(bf16));
            continue;
        }
        float max = -1e30f, sum = 0, e[8192];
        for (int i = 0; i < n; i++) max = fmaxf(max, to_float(l[i]));
        for (int i = 0; i < n; i++) {
            e[i] = expf(to_float(l[i]) - max);
            sum += e[i];
        }
        total += w * (logf(sum) + max - to_float(l[targets[r]]));
        float k = w / sum;
        float hit = e[targets[r]] * k - w;
        for (int i = 0; i < n; i++) l[i] = to_bf16(e[i] * k);
        l[targets[r]] = to_bf16(hit);
    }
    return total;
}
