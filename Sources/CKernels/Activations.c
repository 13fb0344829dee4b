#include "CKernels.h"
#include "Exponential.h"

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
