/* The tiles of one instruction set. Included once by a file that defines LANES, the floats of a
   vector, ROWS and VECTORS, a tile's, which all fit in registers, UNROLL, the steps of a loop's body,
   TARGET, the attribute that allows the instructions, and INSTRUCTIONS, the name of the table. */

#include <string.h>

#include "Tile.h"

typedef float vector __attribute__((vector_size(4 * LANES)));

TARGET INLINE vector load(const float *place) {
  vector v;
  memcpy(&v, place, sizeof v);
  return v;
}

/* Subtracting zero changes no number, and makes a vector of it. */
TARGET INLINE vector splat(float x) { return x - (vector){0}; }

TARGET INLINE vector outcome(const struct tile *tile, vector sum, vector before) {
  const vector scale = splat(tile->scale);
  return tile->accumulates ? __builtin_elementwise_fma(scale, sum, before) : scale * sum;
}

TARGET INLINE void multiply(const size_t rows, const size_t vectors, const struct tile *tile) {
  vector sums[ROWS][VECTORS];
#pragma unroll
  for (size_t r = 0; r < rows; r++)
#pragma unroll
    for (size_t v = 0; v < vectors; v++) sums[r][v] = (vector){0};

  const float *a = tile->a, *b = tile->b;
#pragma clang loop unroll_count(UNROLL)
  for (size_t k = 0; k < tile->inner; k++) {
    vector row_of_b[VECTORS];
#pragma unroll
    for (size_t v = 0; v < vectors; v++) row_of_b[v] = load(b + v * LANES);
#pragma unroll
    for (size_t r = 0; r < rows; r++) {
      const vector element_of_a = splat(a[r]);
#pragma unroll
      for (size_t v = 0; v < vectors; v++)
        sums[r][v] = __builtin_elementwise_fma(element_of_a, row_of_b[v], sums[r][v]);
    }
    a += rows;
    b += vectors * LANES;
  }

  const size_t last = tile->columns - (vectors - 1) * LANES;
#pragma unroll
  for (size_t r = 0; r < rows; r++) {
#pragma unroll
    for (size_t v = 0; v < vectors; v++) {
      float *place = tile->c + r * tile->stride + v * LANES;
      const size_t size = (v + 1 < vectors ? LANES : last) * sizeof(float);
      vector before = {0};
      if (size == sizeof(vector)) {
        if (tile->accumulates) before = load(place);
        const vector result = outcome(tile, sums[r][v], before);
        memcpy(place, &result, sizeof result);
      } else {
        if (tile->accumulates) memcpy(&before, place, size);
        const vector result = outcome(tile, sums[r][v], before);
        memcpy(place, &result, size);
      }
    }
  }
}

#define TILE(R, V) \
  TARGET static void tile_##R##_##V(const struct tile *tile) { multiply(R, V, tile); }
#if VECTORS == 3
#define TILES(R) TILE(R, 1) TILE(R, 2) TILE(R, 3)
#define ENTRIES(R) {tile_##R##_1, tile_##R##_2, tile_##R##_3}
#else
#define TILES(R) TILE(R, 1) TILE(R, 2)
#define ENTRIES(R) {tile_##R##_1, tile_##R##_2}
#endif

TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6)
#if ROWS == 8
TILES(7) TILES(8)
#endif

const struct instructions INSTRUCTIONS = {
  LANES, ROWS, VECTORS,
  {
    ENTRIES(1), ENTRIES(2), ENTRIES(3), ENTRIES(4), ENTRIES(5), ENTRIES(6),
#if ROWS == 8
    ENTRIES(7), ENTRIES(8),
#endif
  },
};
