#pragma once
#include <CVectors.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Eight floats at a time. */

typedef float f8 __attribute__((vector_size(32)));
typedef int32_t i8 __attribute__((vector_size(32)));

INLINE f8 load(const float *p) {
  f8 v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE void store(float *p, f8 v) { memcpy(p, &v, sizeof v); }

/* The first n < 8 floats, and `rest` in the other lanes. */
INLINE f8 load_part(const float *p, size_t n, float rest) {
  float v[8] = {rest, rest, rest, rest, rest, rest, rest, rest};
  for (size_t i = 0; i < n; i++) v[i] = p[i];
  return load(v);
}

INLINE void store_part(float *p, f8 v, size_t n) {
  float lanes[8];
  store(lanes, v);
  for (size_t i = 0; i < n; i++) p[i] = lanes[i];
}

INLINE f8 splat(float x) { return (f8){x, x, x, x, x, x, x, x}; }

INLINE f8 select(i8 mask, f8 yes, f8 no) { return (f8)((mask & (i8)yes) | (~mask & (i8)no)); }

/* NaN in b stays, since the comparison is false. */
INLINE f8 at_most(f8 b, f8 limit) { return select(b > limit, limit, b); }
INLINE f8 at_least(f8 b, f8 limit) { return select(b < limit, limit, b); }

INLINE float sum(f8 v) {
  return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7]));
}

/* Sums over a row of the terms `body` makes of index i and lanes `part`: four accumulators of eight
   lanes over runs of 32, the rest into the first; lanes beyond the row must be zero. */
#define ROW_SUM(result, width, term_full, term_part)                            \
  do {                                                                          \
    f8 a0 = splat(0), a1 = splat(0), a2 = splat(0), a3 = splat(0);              \
    size_t i = 0;                                                               \
    for (; i + 32 <= (width); i += 32) {                                        \
      a0 += term_full(i);                                                       \
      a1 += term_full(i + 8);                                                   \
      a2 += term_full(i + 16);                                                  \
      a3 += term_full(i + 24);                                                  \
    }                                                                           \
    for (; i + 8 <= (width); i += 8) a0 += term_full(i);                        \
    if (i < (width)) a1 += term_part(i, (width) - i);                           \
    (result) = sum((a0 + a1) + (a2 + a3));                                      \
  } while (0)
