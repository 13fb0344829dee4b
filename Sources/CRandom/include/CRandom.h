#pragma once
#include <stddef.h>
#include <stdint.h>

/* Draws in bulk of the counter-based generator Philox4x32-10 (Salmon et al., SC 2011): block b of
   four words from the counter (b, 0) and the key. The bits are the same with every instruction set. */

/* The words of `blocks` blocks from block `first` on, 4 each. */
void cr_words(uint64_t first, uint32_t key0, uint32_t key1, size_t blocks, uint32_t *out);

/* The same words as doubles in [0, 1): word / 2^32. */
void cr_uniforms(uint64_t first, uint32_t key0, uint32_t key1, size_t blocks, double *out);

/* A piece of the normal quantile function: c0 + t (c1 + t (c2 + t (c3 + t c4))), t in [0, 1). */
typedef struct {
  double c[5];
} cr_piece;

/* How many pieces each octave of probabilities has, a power of two. */
#define CR_PARTS 32

/* The normal quantiles of the probabilities (word + 0.5) / 2^32. `pieces`, 32 CR_PARTS: those of
   the octaves of probabilities below a half, from the largest octave. */
void cr_quantiles(const uint32_t *words, size_t count, const cr_piece *pieces, double *out);

/* The normal quantiles of the words of `blocks` blocks. */
void cr_normals(uint64_t first, uint32_t key0, uint32_t key1, size_t blocks,
                const cr_piece *pieces, double *out);
