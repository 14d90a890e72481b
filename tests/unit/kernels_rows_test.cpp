// Kernels over picked rows: against mat-vec, and against sums in double.
#include <algorithm>
#include <cmath>

#include "tests/unit/kernels_fixture.h"

namespace hearth {
namespace {

class KernelsRows : public KernelsTest {
  protected:
    // Ascending picks of a matrix of n_rows, the last row always among them: it ends at a guard
    // page.
    static std::vector<uint32_t> picks(size_t n_rows, Random& random) {
        std::vector<uint32_t> rows;
        for (uint32_t r = 0; r + 1 < n_rows; ++r) {
            if (random.bits() % 3 == 0) rows.push_back(r);
        }
        rows.push_back(static_cast<uint32_t>(n_rows - 1));
        return rows;
    }

    static std::vector<size_t> cols_of(Dtype dtype) {
        if (is_float(dtype)) return {1, 15, 256, 300};
        if (traits(dtype).block_elements == 32) return {32, 96, 160, 224, 256, 288, 1056};
        return {256, 768};
    }
};

TEST_P(KernelsRows, MatvecOfPickedRowsIsThatOfAllRows) {
    Random random;
    for (const Dtype dtype : kComputable) {
        for (const size_t cols : cols_of(dtype)) {
            const RandomMatrix w(dtype, 37, cols, random, 5);
            const Activation x(table(), random.normals(cols), 1);
            std::vector<float> all(37);
            table().matvec(w.view(), 0, 37, x.view(1), all.data());
            const auto rows = picks(37, random);
            std::vector<float> some(rows.size());
            table().matvec_rows(w.view(), rows.data(), rows.size(), x.view(1), some.data());
            for (size_t j = 0; j < rows.size(); ++j) {
                ASSERT_EQ(some[j], all[rows[j]]) << traits(dtype).name << " " << cols << " " << j;
            }
        }
    }
}

TEST_P(KernelsRows, AccumulateIsWithinTheBoundForAnyNumberOfRows) {
    Random random;
    for (const Dtype dtype : kComputable) {
        for (const size_t cols : cols_of(dtype)) {
            const RandomMatrix w(dtype, 60, cols, random, 3);
            const auto rows = picks(60, random);
            const auto factors = random.normals(rows.size());
            const auto start = random.normals(cols);
            std::vector<double> sum(start.begin(), start.end());
            std::vector<double> magnitude(cols);
            std::vector<float> row(cols);
            for (size_t n = 0; n <= rows.size(); ++n) {
                std::vector<float> y = start;
                table().accumulate_rows(w.view(), rows.data(), factors.data(), n, y.data());
                for (size_t c = 0; c < cols; ++c) {
                    const double allowed = 1e-6 * (magnitude[c] + std::fabs(start[c]));
                    ASSERT_NEAR(y[c], sum[c], allowed)
                        << traits(dtype).name << " " << cols << " n=" << n << " c=" << c;
                }
                if (n == rows.size()) break;
                table().dequantize_row(dtype, w.view().row(rows[n]), row.data(), cols);
                for (size_t c = 0; c < cols; ++c) {
                    const double product = static_cast<double>(factors[n]) * row[c];
                    sum[c] += product;
                    // Types with a minimum add two products of opposite sign: allow for their size.
                    magnitude[c] += 4.0 * std::fabs(product) + 0.05 * std::fabs(factors[n]);
                }
            }
        }
    }
}

// Streamed execution cuts a list of rows where it likes: the sum must not notice.
TEST_P(KernelsRows, AccumulateIsTheSameHoweverTheRowsAreGrouped) {
    Random random;
    for (const Dtype dtype : kComputable) {
        const RandomMatrix w(dtype, 40, 512, random);
        const auto rows = picks(40, random);
        const auto factors = random.normals(rows.size());
        std::vector<float> whole(512);
        table().accumulate_rows(w.view(), rows.data(), factors.data(), rows.size(), whole.data());
        std::vector<float> cut(512);
        for (size_t j = 0; j < rows.size();) {
            const size_t n = std::min<size_t>(1 + random.bits() % 11, rows.size() - j);
            table().accumulate_rows(w.view(), rows.data() + j, factors.data() + j, n, cut.data());
            j += n;
        }
        ASSERT_EQ(whole, cut) << traits(dtype).name;
    }
}

INSTANTIATE_TEST_SUITE_P(Tables, KernelsRows,
                         testing::ValuesIn(supported_kernels().begin(), supported_kernels().end()),
                         table_name);

}  // namespace
}  // namespace hearth
