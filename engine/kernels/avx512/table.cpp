// The AVX-512 kernel table.
#include "engine/kernels/avx512/avx512.h"
#include "engine/kernels/scalar.h"

namespace hearth::avx512 {

constinit const KernelTable kTable{
    .name = "avx512",
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

}  // namespace hearth::avx512
