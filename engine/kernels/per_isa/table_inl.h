// The parts of a kernel table, one per source file of an instruction set's folder; kernels.h says
// what each does.
//
// Included by <isa>/<isa>.h inside its namespace. No include guard and no includes here.

extern const KernelTable kTable;

// matvec.cpp
void matvec(const MatrixView& w, size_t row_begin, size_t row_end, const ActivationView& x,
            float* y);
void matvec_rows(const MatrixView& w, const uint32_t* rows, size_t n, const ActivationView& x,
                 float* y);
// accumulate.cpp
void accumulate_rows(const MatrixView& w, const uint32_t* rows, const float* factor, size_t n,
                     float* y);
// matmul.cpp
void matmul(const MatrixView& w, size_t row_begin, size_t row_end, const ActivationView& x,
            float* y, size_t ldy, std::byte* scratch);
size_t matmul_scratch_bytes(Dtype dtype, size_t cols);
// quantize.cpp
void quantize_rows(const float* x, size_t ldx, size_t first_row, size_t n_rows, Q8Rows& out);
// vector_ops.cpp
void rms_norm(const float* x, const float* weight, float eps, float* out, size_t n);
void silu_mul(const float* gate, const float* up, float* out, size_t n);
void gelu_mul(const float* gate, const float* up, float* out, size_t n);
void relu_mul(const float* gate, const float* up, float* out, size_t n);
void drelu_mul(const float* gate, const float* up, float* out, size_t n);
void add(const float* x, float* accumulate, size_t n);
void axpy(float a, const float* x, float* y, size_t n);
void softmax(float* x, size_t n);
void to_f16(const float* x, uint16_t* out, size_t n);
uint64_t fold(const std::byte* data, size_t bytes);
// attention.cpp
void scores_f16(const float* q, size_t ld_q, size_t n_q, const uint16_t* k, size_t ld_k,
                size_t n_pos, size_t head_dim, float scale, float* out, size_t ld_out);
void mix_f16(const float* weight, size_t ld_weight, size_t n_q, const uint16_t* v, size_t ld_v,
             size_t n_pos, size_t head_dim, float* out, size_t ld_out);

// What no profile shows is the scalar kernels' work.
constexpr KernelTable table_named(std::string_view name) {
    return {
        .name = name,
        .matvec = matvec,
        .matmul = matmul,
        .matmul_scratch_bytes = matmul_scratch_bytes,
        .matvec_rows = matvec_rows,
        .accumulate_rows = accumulate_rows,
        .quantize_rows = quantize_rows,
        .dequantize_row = scalar::dequantize_row,
        .rms_norm = rms_norm,
        .silu_mul = silu_mul,
        .gelu_mul = gelu_mul,
        .relu_mul = relu_mul,
        .drelu_mul = drelu_mul,
        .add = add,
        .axpy = axpy,
        .softmax = softmax,
        .to_f16 = to_f16,
        .fold = fold,
        .scores_f16 = scores_f16,
        .mix_f16 = mix_f16,
    };
}
