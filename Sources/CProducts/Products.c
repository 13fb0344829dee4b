#include <pthread.h>
#include <stdlib.h>

#include "CProducts.h"
#include "Packing.h"
#include "Tile.h"

/* A piece of the inner dimension, and how many rows and columns of it are packed at once: a panel of
   `a` stays in a core's first cache while it meets the columns, which stay in the second. */
enum { depth_of_piece = 384, rows_of_block = 1024, columns_of_block = 384 };

static const struct instructions *table(enum cp_instructions which) {
  switch (which) {
#if defined(__x86_64__)
    case cp_avx512: return __builtin_cpu_supports("avx512f") ? &avx512_instructions : NULL;
    case cp_avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &avx2_instructions
                                                                             : NULL;
#endif
    case cp_portable: return &portable_instructions;
    default: return NULL;
  }
}

bool cp_is_available(enum cp_instructions which) { return table(which) != NULL; }

/* The calling thread's panels, until it ends. */
static pthread_key_t panels_key;
static pthread_once_t panels_once = PTHREAD_ONCE_INIT;

static void make_panels_key(void) { pthread_key_create(&panels_key, free); }

static float *panels(void) {
  pthread_once(&panels_once, make_panels_key);
  float *own = pthread_getspecific(panels_key);
  if (own) return own;
  const size_t size = (rows_of_block + columns_of_block) * depth_of_piece * sizeof(float);
  if (posix_memalign((void **)&own, 64, size)) return NULL;
  if (pthread_setspecific(panels_key, own)) {
    free(own);
    return NULL;
  }
  return own;
}

INLINE size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* What follows on `rest` steps of the inner dimension: whole pieces, and the last two alike. */
INLINE size_t next_piece(size_t rest) {
  if (rest >= 2 * depth_of_piece) return depth_of_piece;
  if (rest <= depth_of_piece) return rest;
  return (rest / 2 + 7) / 8 * 8;
}

/* The panel of the lines from `first`: rows of `a`, or columns of `b`, whose own lines are columns. */
INLINE void pack(struct cp_matrix matrix, bool in_lines, size_t first, size_t count, size_t width,
                 size_t k, size_t inner, float *out) {
  if (in_lines)
    pack_lines(matrix.start + first * matrix.stride + k, matrix.stride, count, width, inner, out);
  else
    pack_columns(matrix.start + k * matrix.stride + first, matrix.stride, count, width, inner, out);
}

bool cp_multiply(enum cp_instructions which, struct cp_matrix a, struct cp_matrix b, size_t rows,
                 size_t columns, size_t inner, float scale, bool accumulates, float *c,
                 size_t stride) {
  const struct instructions *use = table(which);
  float *rows_of_a = panels();
  if (!use || !rows_of_a) return false;
  float *columns_of_b = rows_of_a + rows_of_block * depth_of_piece;
  const size_t lanes = use->lanes, width = use->vectors * lanes;
  if (inner == 0 && !accumulates)
    for (size_t r = 0; r < rows; r++)
      for (size_t s = 0; s < columns; s++) c[r * stride + s] = 0;

  for (size_t k = 0, depth; k < inner; k += depth) {
    depth = next_piece(inner - k);
    for (size_t i = 0; i < rows; i += rows_of_block) {
      const size_t block_rows = least(rows_of_block, rows - i);
      for (size_t r = 0; r < block_rows; r += use->rows) {
        const size_t count = least(use->rows, block_rows - r);
        pack(a, !a.is_transposed, i + r, count, count, k, depth, rows_of_a + r * depth);
      }
      for (size_t j = 0; j < columns; j += columns_of_block) {
        const size_t block_columns = least(columns_of_block, columns - j);
        for (size_t s = 0; s < block_columns; s += width) {
          const size_t count = least(width, block_columns - s);
          pack(b, b.is_transposed, j + s, count, (count + lanes - 1) / lanes * lanes, k, depth,
               columns_of_b + s * depth);
        }
        for (size_t r = 0; r < block_rows; r += use->rows) {
          const size_t count = least(use->rows, block_rows - r);
          for (size_t s = 0; s < block_columns; s += width) {
            const struct tile tile = {
              .inner = depth,
              .a = rows_of_a + r * depth,
              .b = columns_of_b + s * depth,
              .scale = scale,
              .accumulates = accumulates || k > 0,
              .c = c + (i + r) * stride + j + s,
              .stride = stride,
              .columns = least(width, block_columns - s),
            };
            use->tiles[count - 1][(tile.columns + lanes - 1) / lanes - 1](&tile);
          }
        }
      }
    }
  }
  return true;
}
