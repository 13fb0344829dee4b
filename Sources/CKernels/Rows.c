#include "CKernels.h"
#include "Lanes.h"

CLONED void ck_add_bias(float *x, const float *bias, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++)
    for (size_t i = 0; i < width; i++) x[row * width + i] += bias[i];
}

CLONED void ck_column_sums(const float *x, size_t rows, size_t width, size_t stride,
                           float *sums) {
  for (size_t row = 0; row < rows; row++)
    for (size_t i = 0; i < width; i++) sums[i] += x[row * stride + i];
}

CLONED void ck_add(const float *x, size_t count, float *y) {
  for (size_t i = 0; i < count; i++) y[i] += x[i];
}
