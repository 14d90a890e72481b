// Rows of activations to int8, a block at a time.
//
// Included by <isa>/quantize.cpp inside its namespace and target region, after quantize_block().

void quantize_rows(const float* x, size_t ldx, size_t first_row, size_t n_rows, Q8Rows& out) {
    for (size_t r = 0; r < n_rows; ++r) {
        const size_t row = first_row + r;
        for (size_t b = 0; b < out.cols() / kQ8Block; ++b) {
            quantize_block(x + r * ldx + b * kQ8Block, out.q(row) + b * kQ8Block, out.scale(row)[b],
                           out.sum(row) + b * (kQ8Block / kQ8SumBlock), out.scaled_sum(row)[b]);
        }
    }
}
