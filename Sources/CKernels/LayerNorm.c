#include "CKernels.h"
#include "Lanes.h"

CLONED void ck_layer_norm(const float *x, const float *gamma, const float *beta, float epsilon,
                          size_t rows, size_t width, float *y, float *normalized, float *scales) {
  for (size_t row = 0; row < rows; row++) {
    const float *restrict in = x + row * width;
    float *restrict out = y + row * width, *restrict unit = normalized + row * width;
    float total, squares;
#define FULL(i) load(in + (i))
#define PART(i, n) load_part(in + (i), n, 0)
    ROW_SUM(total, width, FULL, PART);
#undef FULL
#undef PART
    float mean = total / (float)width;
#define SQUARE(v) ((v) * (v))
#define FULL(i) SQUARE(load(in + (i)) - splat(mean))
#define PART(i, n) SQUARE(load_part(in + (i), n, mean) - splat(mean))
    ROW_SUM(squares, width, FULL, PART);
#undef FULL
#undef PART
    float scale = 1.0f / __builtin_sqrtf(squares / (float)width + epsilon);
    scales[row] = scale;
    for (size_t i = 0; i < width; i++) {
      float v = (in[i] - mean) * scale;
      unit[i] = v;
      out[i] = v * gamma[i] + beta[i];
    }
  }
}

CLONED void ck_layer_norm_affine(float *normalized, const float *gamma, const float *beta,
                                 size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++) {
    float *unit = normalized + row * width;
    for (size_t i = 0; i < width; i++) unit[i] = unit[i] * gamma[i] + beta[i];
  }
}

CLONED void ck_layer_norm_gradient(const float *dy, const float *normalized, const float *scales,
                                   const float *gamma, size_t rows, size_t width, float *dx,
                                   float *dgamma, float *dbeta) {
  for (size_t row = 0; row < rows; row++) {
    const float *restrict g = dy + row * width, *restrict unit = normalized + row * width;
    float *restrict d = dx + row * width, *restrict sum_gamma = dgamma, *restrict sum_beta = dbeta;
    float plain, along;
#define FULL(i) (load(g + (i)) * load(gamma + (i)))
#define PART(i, n) (load_part(g + (i), n, 0) * load_part(gamma + (i), n, 0))
    ROW_SUM(plain, width, FULL, PART);
#undef FULL
#undef PART
#define FULL(i) (load(g + (i)) * load(gamma + (i)) * load(unit + (i)))
#define PART(i, n) \
  (load_part(g + (i), n, 0) * load_part(gamma + (i), n, 0) * load_part(unit + (i), n, 0))
    ROW_SUM(along, width, FULL, PART);
#undef FULL
#undef PART
    plain /= (float)width;
    along /= (float)width;
    float scale = scales[row];
    for (size_t i = 0; i < width; i++) {
      sum_gamma[i] += g[i] * unit[i];
      sum_beta[i] += g[i];
      d[i] += scale * (g[i] * gamma[i] - plain - unit[i] * along);
    }
  }
}
