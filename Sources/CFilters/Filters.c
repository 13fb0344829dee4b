#include "CFilters.h"

#include <CVectors.h>
#include <string.h>

typedef double f64x4 __attribute__((vector_size(32)));
typedef double f64x8 __attribute__((vector_size(64)));
typedef double f64x16 __attribute__((vector_size(128)));
typedef float f32x4 __attribute__((vector_size(16)));
typedef uint8_t u8x16 __attribute__((vector_size(16)));
typedef uint16_t u16x16 __attribute__((vector_size(32)));
typedef int16_t i16x16 __attribute__((vector_size(32)));
typedef int32_t i32x4 __attribute__((vector_size(16)));
typedef int32_t i32x8 __attribute__((vector_size(32)));
typedef int32_t i32x16 __attribute__((vector_size(64)));

INLINE f64x16 load16(const double *p) {
  f64x16 v;
  memcpy(&v, p, sizeof v);
  return v;
}

INLINE f64x4 widen(const float *p) {
  f32x4 v;
  memcpy(&v, p, sizeof v);
  return __builtin_convertvector(v, f64x4);
}

CLONED void cf_levels(const uint8_t *in, size_t count, double *out) {
  for (size_t x = 0; x < count; x++) out[x] = in[x] / 255.0;
}

CLONED void cf_quantize(const double *in, size_t count, uint8_t *out) {
  for (size_t x = 0; x < count; x++) {
    double value = in[x] > 0 ? in[x] : 0;
    value = value < 1 ? value : 1;
    out[x] = (uint8_t)(int32_t)(value * 255);
  }
}

/* Stores the first `count` of 16 lanes. */
INLINE void store_part(double *p, f64x16 v, size_t count) {
  if (count >= 16)
    memcpy(p, &v, sizeof v);
  else
    memcpy(p, &v, count * sizeof *p);
}

INLINE void symmetric(const double *center, size_t distance, const double *weights, size_t radius,
                      size_t count, double *out) {
  for (size_t x = 0; x < count; x += 16) {
    const double *before = center + x - radius * distance, *after = center + x + radius * distance;
    f64x16 sum = load16(center + x) * weights[0];
    for (size_t i = radius; i > 0; i--, before += distance, after -= distance)
      sum += (load16(before) + load16(after)) * weights[i];
    store_part(out + x, sum, count - x);
  }
}

CLONED void cf_blur_columns(double *image, size_t height, size_t length, const size_t *sources,
                            const double *weights, size_t radius, double *scratch) {
  for (size_t first = 0; first < length; first += CF_STRIP) {
    size_t count = length - first < CF_STRIP ? length - first : CF_STRIP;
    for (size_t y = 0; y < height + 2 * radius; y++)
      memcpy(scratch + CF_STRIP * y, image + sources[y] * length + first, count * sizeof *image);
    for (size_t y = 0; y < height; y++)
      symmetric(scratch + CF_STRIP * (y + radius), CF_STRIP, weights, radius, count,
                image + y * length + first);
  }
}

CLONED void cf_blur_rows(double *image, size_t height, size_t width, size_t channels,
                         const size_t *sources, const double *weights, size_t radius,
                         double *scratch) {
  size_t length = width * channels, pixel = channels * sizeof *image;
  double *middle = scratch + radius * channels;
  for (size_t y = 0; y < height; y++) {
    double *row = image + y * length;
    memcpy(middle, row, length * sizeof *image);
    for (size_t i = 0; i < radius; i++) {
      size_t right = width + radius + i;
      memcpy(scratch + i * channels, row + sources[i] * channels, pixel);
      memcpy(scratch + right * channels, row + sources[right] * channels, pixel);
    }
    symmetric(middle, channels, weights, radius, length, row);
  }
}

CLONED void cf_line_row(const double *image, const ptrdiff_t *starts, const double *weights,
                        size_t taps, size_t count, double *sums) {
  for (size_t x = 0; x < count; x += 16) {
    f64x16 sum = {0};
    for (size_t i = 0; i < taps; i++) sum += load16(image + starts[i] + x) * weights[i];
    store_part(sums + x, sum, count - x);
  }
}

CLONED void cf_widen(const uint8_t *in, size_t count, double *out) {
  for (size_t x = 0; x < count; x++) out[x] = in[x];
}

CLONED void cf_truncate(const double *in, size_t count, uint8_t *out) {
  for (size_t x = 0; x < count; x++) {
    double value = in[x] > 0 ? in[x] : 0;
    out[x] = (uint8_t)(int32_t)(value < 255 ? value : 255);
  }
}

CLONED void cf_veil(const double *added, double brightest, double scale, size_t pixels,
                    uint8_t *samples) {
  enum { pixels_at_once = 64 };
  double spread[3 * pixels_at_once];
  for (size_t first = 0; first < pixels; first += pixels_at_once) {
    size_t count = pixels - first < pixels_at_once ? pixels - first : pixels_at_once;
    for (size_t i = 0; i < count; i++)
      spread[3 * i] = spread[3 * i + 1] = spread[3 * i + 2] = added[first + i];
    uint8_t *part = samples + 3 * first;
    for (size_t x = 0; x < 3 * count; x++) {
      double value = (part[x] / 255.0 + spread[x]) * brightest / scale * 255;
      part[x] = (uint8_t)(int32_t)(value < 255 ? value : 255);
    }
  }
}

CLONED void cf_wet(const double *in, double threshold, size_t count, uint8_t *out) {
  for (size_t x = 0; x < count; x++) {
    double value = in[x] < threshold ? 0 : in[x];
    out[x] = (uint8_t)(int32_t)(value * 255);
  }
}

CLONED void cf_shine(const uint8_t *wet, const uint8_t *relief, float level, const float *color,
                     size_t pixels, uint8_t *samples) {
  enum { pixels_at_once = 64 };
  int32_t largest = 0;
  for (size_t i = 0; i < pixels; i++) {
    int32_t strength = wet[i] * relief[i];
    largest = strength > largest ? strength : largest;
  }
  if (largest == 0) return;
  float light[3 * pixels_at_once];
  int32_t strengths[3 * pixels_at_once];
  for (size_t first = 0; first < pixels; first += pixels_at_once) {
    size_t count = pixels - first < pixels_at_once ? pixels - first : pixels_at_once;
    for (size_t i = 0; i < count; i++) {
      int32_t strength = wet[first + i] * relief[first + i];
      float amount = (float)strength / (float)largest * level;
      for (int channel = 0; channel < 3; channel++) {
        strengths[3 * i + channel] = strength;
        light[3 * i + channel] = amount * color[channel];
      }
    }
    uint8_t *part = samples + 3 * first;
    for (size_t x = 0; x < 3 * count; x++) {
      float value = part[x] / 255.0f + light[x];
      value = value < 1 ? value : 1;
      uint8_t lit = (uint8_t)(int32_t)(value * 255);
      part[x] = strengths[x] > 0 ? lit : part[x];
    }
  }
}

CLONED void cf_truncate_quanta(const double *in, size_t count, uint8_t *out) {
  for (size_t x = 0; x < count; x++) {
    /* Sums are from 0 up: cutting off is the floor. */
    int32_t quanta = (int32_t)(in[x] * 257 + 0.5);
    int32_t level = quanta / 257;
    out[x] = (uint8_t)(level < 255 ? level : 255);
  }
}

size_t cf_disk_scratch_stride(size_t margin, size_t count) {
  return ((count + 2 * margin + 15) & ~(size_t)15) + 16;
}

/* a[2 i] b[2 i] + a[2 i + 1] b[2 i + 1], which is one instruction on x86-64. */
INLINE i32x8 pair_products(i16x16 a, i16x16 b) {
  i32x16 products = __builtin_convertvector(a, i32x16) * __builtin_convertvector(b, i32x16);
  return __builtin_shufflevector(products, products, 0, 2, 4, 6, 8, 10, 12, 14) +
         __builtin_shufflevector(products, products, 1, 3, 5, 7, 9, 11, 13, 15);
}

INLINE i16x16 sum_of_taps(const uint16_t *place, const ptrdiff_t *offsets, size_t count) {
  i16x16 sum = {0};
  for (size_t i = 0; i < count; i++) {
    i16x16 tap;
    memcpy(&tap, place + offsets[i], sizeof tap);
    sum += tap;
  }
  return sum;
}

INLINE f64x8 joined(const i32x8 *limbs, double radix, double scale) {
  f64x8 sum = __builtin_convertvector(limbs[0], f64x8) * radix;
  sum = (sum + __builtin_convertvector(limbs[1], f64x8)) * radix;
  return (sum + __builtin_convertvector(limbs[2], f64x8)) * scale / 255.0;
}

CLONED void cf_disk_row(const uint8_t *in, size_t stride, size_t margin, size_t reach,
                        const ptrdiff_t *offsets, const size_t *sizes, const int32_t *limbs,
                        size_t pairs, double radix, double scale, size_t count, uint16_t *scratch,
                        double *out) {
  size_t width = cf_disk_scratch_stride(margin, count);
  for (size_t dy = 0; dy <= reach; dy++) {
    const uint8_t *above = in - margin - dy * stride;
    const uint8_t *below = in - margin + dy * stride;
    uint16_t *pair = scratch + dy * width;
    for (size_t x = 0; x < width; x += 16) {
      u8x16 first, second;
      memcpy(&first, above + x, sizeof first);
      u16x16 sum = __builtin_convertvector(first, u16x16);
      if (dy > 0) {
        memcpy(&second, below + x, sizeof second);
        sum += __builtin_convertvector(second, u16x16);
      }
      memcpy(pair + x, &sum, sizeof sum);
    }
  }
  for (size_t x = 0; x < count; x += 16) {
    const uint16_t *place = scratch + margin + x;
    const ptrdiff_t *offset = offsets;
    /* Samples 0 ... 3 and 8 ... 11, and the others: as vectors are interleaved most cheaply. */
    i32x8 outer[3] = {0}, inner[3] = {0};
    for (size_t p = 0; p < pairs; p++) {
      i16x16 a = sum_of_taps(place, offset, sizes[2 * p]);
      offset += sizes[2 * p];
      i16x16 b = sum_of_taps(place, offset, sizes[2 * p + 1]);
      offset += sizes[2 * p + 1];
      i16x16 first = __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 8, 24, 9, 25, 10, 26,
                                             11, 27);
      i16x16 second = __builtin_shufflevector(a, b, 4, 20, 5, 21, 6, 22, 7, 23, 12, 28, 13, 29, 14,
                                              30, 15, 31);
      for (int limb = 0; limb < 3; limb++) {
        int32_t w = limbs[3 * p + limb];
        i16x16 weight = (i16x16)(i32x8){w, w, w, w, w, w, w, w};
        outer[limb] += pair_products(first, weight);
        inner[limb] += pair_products(second, weight);
      }
    }
    f64x8 a = joined(outer, radix, scale), b = joined(inner, radix, scale);
    f64x16 all = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15);
    memcpy(out + x, &all, sizeof all);
  }
}

CLONED void cf_add_enlarged_row(const float *upper, const float *lower, double w_upper,
                                double w_lower, size_t columns, const int32_t *starts,
                                const double *w, size_t width, double *scratch, float *sums) {
  for (size_t x = 0; x < columns; x++) {
    f64x4 above = widen(upper + 4 * x) * w_upper;
    f64x4 below = widen(lower + 4 * x) * w_lower;
    memcpy(scratch + 8 * x, &above, sizeof above);
    memcpy(scratch + 8 * x + 4, &below, sizeof below);
  }
  memset(scratch + 8 * columns, 0, 8 * sizeof *scratch);
  for (size_t x = 0; x < width; x++) {
    f64x4 pixels[4];
    memcpy(pixels, scratch + 8 * (size_t)starts[x], sizeof pixels);
    double left = w[2 * x], right = w[2 * x + 1];
    /* SciPy's order: the upper pair, then the lower one. */
    f64x4 value = pixels[0] * left + pixels[2] * right;
    value += pixels[1] * left;
    value += pixels[3] * right;
    f32x4 sum;
    memcpy(&sum, sums + 4 * x, sizeof sum);
    sum += __builtin_convertvector(value, f32x4);
    memcpy(sums + 4 * x, &sum, sizeof sum);
  }
}

CLONED void cf_mean_row(const float *image, const float *sums, float divisor, size_t width,
                        uint8_t *out) {
  for (size_t x = 0; x < width; x++) {
    f32x4 pixel, sum;
    memcpy(&pixel, image + 4 * x, sizeof pixel);
    memcpy(&sum, sums + 4 * x, sizeof sum);
    f32x4 mean = (pixel + sum) / divisor;
    /* The mean of values of 0...1 is above 1 by rounding at most. */
    mean = __builtin_elementwise_min(mean, (f32x4){1, 1, 1, 1});
    i32x4 bytes = __builtin_convertvector(mean * 255, i32x4);
    out[3 * x] = (uint8_t)bytes[0];
    out[3 * x + 1] = (uint8_t)bytes[1];
    out[3 * x + 2] = (uint8_t)bytes[2];
  }
}
