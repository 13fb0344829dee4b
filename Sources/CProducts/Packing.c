#include "Packing.h"

#include <string.h>

#include "Tile.h"

typedef float four __attribute__((vector_size(16)));

INLINE four load(const float *place) {
  four v;
  memcpy(&v, place, sizeof v);
  return v;
}

INLINE void store(float *place, four v) { memcpy(place, &v, sizeof v); }

/* Four lines, turned in squares of four. */
INLINE void pack_four(const float *lines, size_t stride, size_t width, size_t inner, float *out) {
  size_t k = 0;
  for (; k + 4 <= inner; k += 4) {
    const four l0 = load(lines + k), l1 = load(lines + stride + k);
    const four l2 = load(lines + 2 * stride + k), l3 = load(lines + 3 * stride + k);
    const four low01 = __builtin_shufflevector(l0, l1, 0, 4, 1, 5);
    const four high01 = __builtin_shufflevector(l0, l1, 2, 6, 3, 7);
    const four low23 = __builtin_shufflevector(l2, l3, 0, 4, 1, 5);
    const four high23 = __builtin_shufflevector(l2, l3, 2, 6, 3, 7);
    store(out + k * width, __builtin_shufflevector(low01, low23, 0, 1, 4, 5));
    store(out + (k + 1) * width, __builtin_shufflevector(low01, low23, 2, 3, 6, 7));
    store(out + (k + 2) * width, __builtin_shufflevector(high01, high23, 0, 1, 4, 5));
    store(out + (k + 3) * width, __builtin_shufflevector(high01, high23, 2, 3, 6, 7));
  }
  for (; k < inner; k++)
    for (size_t line = 0; line < 4; line++) out[k * width + line] = lines[line * stride + k];
}

void pack_lines(const float *lines, size_t stride, size_t count, size_t width, size_t inner,
                float *out) {
  size_t line = 0;
  for (; line + 4 <= count; line += 4)
    pack_four(lines + line * stride, stride, width, inner, out + line);
  if (line < count && count >= 4) {
    /* The last four once more: quicker than line by line. */
    pack_four(lines + (count - 4) * stride, stride, width, inner, out + count - 4);
    line = count;
  }
  for (; line < width; line++)
    for (size_t k = 0; k < inner; k++)
      out[k * width + line] = line < count ? lines[line * stride + k] : 0;
}

/* A constant width: in vectors, and what is left over one by one. */
INLINE void pack_whole(const float *columns, size_t stride, const size_t width, size_t inner,
                       float *out) {
  for (size_t k = 0; k < inner; k++, columns += stride, out += width) {
    size_t i = 0;
#pragma unroll
    for (; i + 4 <= width; i += 4) store(out + i, load(columns + i));
#pragma unroll
    for (; i < width; i++) out[i] = columns[i];
  }
}

void pack_columns(const float *columns, size_t stride, size_t count, size_t width, size_t inner,
                  float *out) {
  switch (count == width ? width : 0) {
    case 6: return pack_whole(columns, stride, 6, inner, out);
    case 8: return pack_whole(columns, stride, 8, inner, out);
    case 12: return pack_whole(columns, stride, 12, inner, out);
    case 16: return pack_whole(columns, stride, 16, inner, out);
    case 32: return pack_whole(columns, stride, 32, inner, out);
    case 48: return pack_whole(columns, stride, 48, inner, out);
    default: break;
  }
  for (size_t k = 0; k < inner; k++) {
    memcpy(out + k * width, columns + k * stride, count * sizeof(float));
    memset(out + k * width + count, 0, (width - count) * sizeof(float));
  }
}
