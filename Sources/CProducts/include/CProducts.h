/* Products of matrices of floats, on the thread that asks.

   Every element of a product is a chain of fused multiply-adds in the order of the inner dimension,
   cut into pieces by that dimension alone: neither the instruction set nor the shape of a tile, the
   number of rows or the machine changes a bit. Blocking after Goto and van de Geijn, "Anatomy of
   High-Performance Matrix Multiplication" (TOMS 2008). */
#ifndef CPRODUCTS_H
#define CPRODUCTS_H

#include <stdbool.h>
#include <stddef.h>

/* A matrix in rows that lie `stride` floats apart; where it is transposed, the rows are its columns. */
struct cp_matrix {
  const float *start;
  size_t stride;
  bool is_transposed;
};

/* What multiplies: in the order of preference, the fastest first. `cp_portable` is the compiler's
   baseline: exact everywhere, slow where the processor has no fused multiply-add. */
enum cp_instructions { cp_avx512, cp_avx2, cp_portable, cp_instructions_count };

/* Whether this processor and this build have it. */
bool cp_is_available(enum cp_instructions);

/* `c = scale * a b`, or `c += scale * a b`, for `a` of `[rows, inner]`, `b` of `[inner, columns]`, and
   a `c` in rows that lie `stride` floats apart and that overlaps neither.

   False where the thread's scratch, 2.2 MB once, could not be had; `c` is as it was then. */
bool cp_multiply(enum cp_instructions, struct cp_matrix a, struct cp_matrix b, size_t rows,
                 size_t columns, size_t inner, float scale, bool accumulates, float *c,
                 size_t stride);

#endif
