#include "CKernels.h"

#include <CVectors.h>
#include <stdint.h>
#include <string.h>

typedef float f8 __attribute__((vector_size(32)));
typedef int32_t i8 __attribute__((vector_size(32)));
typedef double d8 __attribute__((vector_size(64)));

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

/* e^x for |x| < 87, saturating beyond: Cephes' polynomial on [-ln2/2, ln2/2]. */
INLINE f8 exp8(f8 x) {
  x = at_least(at_most(x, splat(88.0f)), splat(-87.0f));
  const f8 shift = splat(12582912.0f); /* 1.5 * 2^23: rounds to an integer in the low bits */
  f8 shifted = x * splat(1.44269504088896341f) + shift;
  i8 exponent = (i8)shifted - (i8)shift;
  f8 n = shifted - shift;
  f8 r = x - n * splat(0.693359375f);
  r = r - n * splat(-2.12194440e-4f);
  f8 y = splat(1.9875691500e-4f);
  y = y * r + splat(1.3981999507e-3f);
  y = y * r + splat(8.3334519073e-3f);
  y = y * r + splat(4.1665795894e-2f);
  y = y * r + splat(1.6666665459e-1f);
  y = y * r + splat(5.0000001201e-1f);
  y = y * (r * r) + r + splat(1.0f);
  return y * (f8)((exponent + 127) << 23);
}

/* The error function by the rational approximation of Eigen (|x| <= 4, +-1 beyond). */
INLINE f8 erf8(f8 x) {
  x = at_least(at_most(x, splat(4.0f)), splat(-4.0f));
  f8 s = x * x;
  f8 p = splat(-2.72614225801306e-10f);
  p = p * s + splat(2.77068142495902e-08f);
  p = p * s + splat(-2.10102402082508e-06f);
  p = p * s + splat(-5.69250639462346e-05f);
  p = p * s + splat(-7.34990630326855e-04f);
  p = p * s + splat(-2.95459980854025e-03f);
  p = p * s + splat(-1.60960333262415e-02f);
  f8 q = splat(-1.45660718464996e-05f);
  q = q * s + splat(-2.13374055278905e-04f);
  q = q * s + splat(-1.68282697438203e-03f);
  q = q * s + splat(-7.37332916720468e-03f);
  q = q * s + splat(-1.42647390514189e-02f);
  return x * p / q;
}

INLINE f8 quick_gelu_gate(f8 x) { return splat(1.0f) / (splat(1.0f) + exp8(splat(-1.702f) * x)); }

INLINE f8 quick_gelu(f8 x) { return x * quick_gelu_gate(x); }

INLINE f8 gelu_gate(f8 x) {
  return splat(0.5f) * (splat(1.0f) + erf8(x * splat(0.70710678118654752f)));
}

INLINE f8 gelu(f8 x) { return x * gelu_gate(x); }

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

#define BIAS_ACTIVATION(name, activation)                                              \
  CLONED void name(float *hidden, const float *bias, size_t rows, size_t width, float *y) { \
    for (size_t row = 0; row < rows; row++) {                                          \
      float *h = hidden + row * width, *out = y + row * width;                         \
      size_t i = 0;                                                                    \
      for (; i + 8 <= width; i += 8) {                                                 \
        f8 v = load(h + i) + load(bias + i);                                           \
        store(h + i, v);                                                               \
        store(out + i, activation(v));                                                 \
      }                                                                                \
      if (i < width) {                                                                 \
        f8 v = load_part(h + i, width - i, 0) + load_part(bias + i, width - i, 0);     \
        store_part(h + i, v, width - i);                                               \
        store_part(out + i, activation(v), width - i);                                 \
      }                                                                                \
    }                                                                                  \
  }

BIAS_ACTIVATION(ck_bias_quick_gelu, quick_gelu)
BIAS_ACTIVATION(ck_bias_gelu, gelu)

/* d/dx x s(1.702 x) = s + 1.702 x s (1 - s). */
INLINE f8 quick_gelu_slope(f8 x, f8 gate) {
  return gate + splat(1.702f) * x * gate * (splat(1.0f) - gate);
}

/* d/dx x Phi(x) = Phi + x phi(x). */
INLINE f8 gelu_slope(f8 x, f8 gate) {
  return gate + x * (splat(0.39894228040143268f) * exp8(splat(-0.5f) * x * x));
}

#define ACTIVATION_GRADIENT(name, gate_of, slope_of)                                  \
  CLONED void name(float *hidden, float *gradient, size_t count) {                    \
    size_t i = 0;                                                                     \
    for (; i + 8 <= count; i += 8) {                                                  \
      f8 x = load(hidden + i), gate = gate_of(x);                                     \
      store(gradient + i, load(gradient + i) * slope_of(x, gate));                    \
      store(hidden + i, x * gate);                                                    \
    }                                                                                 \
    if (i < count) {                                                                  \
      size_t n = count - i;                                                           \
      f8 x = load_part(hidden + i, n, 0), gate = gate_of(x);                          \
      store_part(gradient + i, load_part(gradient + i, n, 0) * slope_of(x, gate), n); \
      store_part(hidden + i, x * gate, n);                                            \
    }                                                                                 \
  }

ACTIVATION_GRADIENT(ck_quick_gelu_gradient, quick_gelu_gate, quick_gelu_slope)
ACTIVATION_GRADIENT(ck_gelu_gradient, gelu_gate, gelu_slope)

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

CLONED void ck_exp(const float *x, size_t count, float *y) {
  for (size_t i = 0; i < count; i += 8) {
    size_t n = count - i < 8 ? count - i : 8;
    store_part(y + i, exp8(load_part(x + i, n, 0)), n);
  }
}

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
