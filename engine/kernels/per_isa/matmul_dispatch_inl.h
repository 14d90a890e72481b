// matmul() by type. Included last by <isa>/matmul.cpp inside its namespace and target region.

size_t matmul_scratch_bytes(Dtype dtype, size_t) {
    const bool is_float = dtype == Dtype::f32 || dtype == Dtype::f16 || dtype == Dtype::bf16;
    return is_float ? sizeof(FloatTile) : sizeof(Tile);
}

void matmul(const MatrixView& w, size_t row_begin, size_t row_end, const ActivationView& x,
            float* y, size_t ldy, std::byte* scratch) {
    const auto run = [&](auto kernel) { kernel(w, row_begin, row_end, x, y, ldy, scratch); };
    switch (w.dtype) {
        case Dtype::f32:
            return run(matmul_floats<F32>);
        case Dtype::f16:
            return run(matmul_floats<F16>);
        case Dtype::bf16:
            return run(matmul_floats<Bf16>);
        case Dtype::q4_0:
            return run(matmul_blocks<BlockQ4_0>);
        case Dtype::q5_0:
            return run(matmul_blocks<BlockQ5_0>);
        case Dtype::q8_0:
            return run(matmul_blocks<BlockQ8_0>);
        case Dtype::q4_k:
            return run(matmul_blocks<BlockQ4_K>);
        case Dtype::q5_k:
            return run(matmul_blocks<BlockQ5_K>);
        case Dtype::q6_k:
            return run(matmul_blocks<BlockQ6_K>);
        default:
            HEARTH_CHECK(false && "not a computable dtype");
    }
}
