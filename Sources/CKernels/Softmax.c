#include "CKernels.h"
#include "Exponential.h"

CLONED void ck_softmax(float *x, float scale, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    float *p = x + row * width;
    float largest = p[0];
    if (width >= 8) {
      f8 lanes = load(p);
      for (size_t i = 8; i + 8 <= width; i += 8) lanes = at_least(load(p + i), lanes);
      lanes = at_least(load(p + width - 8), lanes); /* overlaps: a maximum does not mind */
      largest = lanes[0];
      for (int i = 1; i < 8; i++) largest = lanes[i] > largest ? lanes[i] : largest;
    } else {
      for (size_t i = 1; i < width; i++) largest = p[i] > largest ? p[i] : largest;
    }
    f8 total8 = splat(0), top = splat(largest), factor = splat(scale);
    size_t i = 0;
    for (; i + 8 <= width; i += 8) {
      f8 e = exp8((load(p + i) - top) * factor);
      total8 += e;
      store(p + i, e);
    }
    float total = sum(total8);
    if (i < width) {
      f8 e = exp8((load_part(p + i, width - i, largest) - top) * factor);
      store_part(p + i, e, width - i);
      for (; i < width; i++) total += p[i];
    }
    float inverse = 1.0f / total;
    for (i = 0; i < width; i++) p[i] *= inverse;
  }
}

CLONED void ck_softmax_gradient(const float *p, float *dp, float scale, size_t rows,
                                size_t width) {
  for (size_t row = 0; row < rows; row++) {
    const float *q = p + row * width;
    float *g = dp + row * width;
    float mean;
#define FULL(i) (load(q + (i)) * load(g + (i)))
#define PART(i, n) (load_part(q + (i), n, 0) * load_part(g + (i), n, 0))
    ROW_SUM(mean, width, FULL, PART);
#undef FULL
#undef PART
    for (size_t i = 0; i < width; i++) g[i] = scale * q[i] * (g[i] - mean);
  }
}

CLONED void ck_exp(const float *x, size_t count, float *y) {
  for (size_t i = 0; i < count; i += 8) {
    size_t n = count - i < 8 ? count - i : 8;
    store_part(y + i, exp8(load_part(x + i, n, 0)), n);
  }
}
