/* What multiplies one tile: what the files of the instruction sets and the blocking share. */
#ifndef TILE_H
#define TILE_H

#include "CProducts.h"

/* Vectors are passed between inlined functions alone, so that no calling convention matters. */
#pragma GCC diagnostic ignored "-Wpsabi"
#define INLINE static inline __attribute__((always_inline))

/* A tile of the product, of a panel of each operand: `a` holds for each step of the inner dimension
   the tile's rows, `b` its columns, filled up to whole vectors. */
struct tile {
  size_t inner;
  const float *a, *b;
  float scale;
  bool accumulates;
  float *c;
  size_t stride;
  /* Those that exist; the last vector may have less than all. */
  size_t columns;
};

enum { most_rows = 8, most_vectors = 3 };

/* An instruction set: floats in a vector, rows and vectors of a whole tile, and a function for each
   tile of up to so many rows and vectors. */
struct instructions {
  size_t lanes, rows, vectors;
  void (*tiles[most_rows][most_vectors])(const struct tile *);
};

#if defined(__x86_64__)
extern const struct instructions avx512_instructions, avx2_instructions;
#endif
extern const struct instructions portable_instructions;

#endif
