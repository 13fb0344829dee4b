#include "CKernels.h"
#include "Lanes.h"

typedef double d8 __attribute__((vector_size(64)));

CLONED void ck_add_scaled(const float *x, float weight, size_t count, float *y) {
  for (size_t i = 0; i < count; i++) y[i] += weight * x[i];
}

CLONED void ck_subtract(const float *x, const float *base, size_t count, float *y) {
  for (size_t i = 0; i < count; i++) y[i] = x[i] - base[i];
}

CLONED void ck_add_trimmed(const float *x, uint32_t threshold, size_t count, float *y) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, sizeof bits);
    y[i] += (bits & 0x7fffffff) >= threshold ? x[i] : 0;
  }
}

CLONED void ck_agree(const float *x, const uint8_t *positive, uint32_t threshold, size_t count,
                     float *y) {
  for (size_t i = 0; i < count; i++) {
    float value = x[i];
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    int is_large = (bits & 0x7fffffff) >= threshold;
    int agrees = positive[i] ? value > 0 : value < 0;
    y[i] = is_large & agrees ? value : 0;
  }
}

CLONED void ck_add_squares(const float *x, float weight, size_t count, float *sum) {
  for (size_t i = 0; i < count; i++) sum[i] += weight * (x[i] * x[i]);
}

CLONED void ck_add_weighted(const float *x, const float *weights, float floor, float scale,
                            size_t count, float *sum, float *total) {
  for (size_t i = 0; i < count; i++) {
    float weight = scale * (weights[i] > floor ? weights[i] : floor);
    sum[i] += weight * x[i];
    total[i] += weight;
  }
}

CLONED void ck_drop(const float *x, const uint32_t *words, uint32_t threshold, float share,
                    size_t count, float *y) {
  for (size_t i = 0; i < count; i++) y[i] = words[i] < threshold ? 0 : x[i] / share;
}

CLONED double ck_inner_product(const float *x, const float *y, size_t count) {
  d8 total = {0};
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    f8 a = load(x + i), b = load(y + i);
    total += __builtin_convertvector(a, d8) * __builtin_convertvector(b, d8);
  }
  double result = ((total[0] + total[4]) + (total[2] + total[6])) +
                  ((total[1] + total[5]) + (total[3] + total[7]));
  for (; i < count; i++) result += (double)x[i] * (double)y[i];
  return result;
}
