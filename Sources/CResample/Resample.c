#include "CResample.h"

#include <CVectors.h>
#include <string.h>

typedef uint8_t u8x8 __attribute__((vector_size(8)));
typedef int32_t i32x8 __attribute__((vector_size(32)));
typedef int32_t i32x4 __attribute__((vector_size(16)));

enum { FRACTION = 22, HALF = 1 << (FRACTION - 1) };

INLINE uint8_t clip(int32_t sum) {
  int32_t value = sum >> FRACTION;
  return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

INLINE i32x8 load(const uint8_t *p) {
  u8x8 bytes;
  memcpy(&bytes, p, sizeof bytes);
  return __builtin_convertvector(bytes, i32x8);
}

CLONED void cr_horizontal(const uint8_t *in, size_t rows, size_t width_in, const int32_t *starts,
                          const int32_t *counts, const int32_t *weights, size_t taps,
                          size_t width_out, uint8_t *line, uint8_t *out) {
  for (size_t row = 0; row < rows; row++) {
    /* Four bytes a pixel, so that two pixels make a vector. */
    for (size_t x = 0; x < width_in; x++) {
      line[4 * x] = in[3 * x];
      line[4 * x + 1] = in[3 * x + 1];
      line[4 * x + 2] = in[3 * x + 2];
      line[4 * x + 3] = 0;
    }
    for (size_t x = 0; x < width_out; x++) {
      const uint8_t *pixels = line + 4 * starts[x];
      const int32_t *w = weights + x * taps;
      int32_t count = counts[x];
      i32x8 sums = {HALF, HALF, HALF, 0, 0, 0, 0, 0};
      int32_t i = 0;
      for (; i + 1 < count; i += 2) {
        i32x8 pair = {w[i],     w[i],     w[i],     w[i],
                      w[i + 1], w[i + 1], w[i + 1], w[i + 1]};
        sums += load(pixels + 4 * i) * pair;
      }
      if (i < count) {
        i32x8 last = {w[i], w[i], w[i], w[i], 0, 0, 0, 0};
        sums += load(pixels + 4 * i) * last;
      }
      out[0] = clip(sums[0] + sums[4]);
      out[1] = clip(sums[1] + sums[5]);
      out[2] = clip(sums[2] + sums[6]);
      out += 3;
    }
    in += 3 * width_in;
  }
}

CLONED void cr_vertical(const uint8_t *in, size_t bytes, const int32_t *starts,
                        const int32_t *counts, const int32_t *weights, size_t taps,
                        size_t rows_out, uint8_t *out) {
  for (size_t row = 0; row < rows_out; row++) {
    const uint8_t *first = in + (size_t)starts[row] * bytes;
    const int32_t *w = weights + row * taps;
    int32_t count = counts[row];
    size_t x = 0;
    for (; x + 16 <= bytes; x += 16) {
      i32x8 low = {HALF, HALF, HALF, HALF, HALF, HALF, HALF, HALF};
      i32x8 high = low;
      for (int32_t i = 0; i < count; i++) {
        const uint8_t *p = first + (size_t)i * bytes + x;
        low += load(p) * w[i];
        high += load(p + 8) * w[i];
      }
      for (int lane = 0; lane < 8; lane++) {
        out[x + lane] = clip(low[lane]);
        out[x + 8 + lane] = clip(high[lane]);
      }
    }
    for (; x < bytes; x++) {
      int32_t sum = HALF;
      for (int32_t i = 0; i < count; i++) sum += first[(size_t)i * bytes + x] * w[i];
      out[x] = clip(sum);
    }
    out += bytes;
  }
}
