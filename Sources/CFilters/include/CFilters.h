#pragma once
#include <stddef.h>
#include <stdint.h>

/* The inner loops of the corruptions' filters. No product and sum is fused: the bits are those of
   the reference implementations, the same with every instruction set. */

/* Sums of a symmetric filter at `count` places that follow one another:
   out[i] = w[0] c[i] + (b[0][i] + a[0][i]) w[1] + (b[1][i] + a[1][i]) w[2] + ..., added from the
   left; `before` and `after` hold `pairs` pointers, `weights` one more. */
void cf_symmetric(const double *center, const double *const *before, const double *const *after,
                  const double *weights, size_t pairs, size_t count, double *out);

/* Weighted sums of 8-bit samples at `count` places. Taps of equal weight make a group: group g has
   the next `sizes[g]` (at most 257) of `offsets` (from `in`) and the weight `weights[g]`.
   `out` is on the scale of `in`. Reads up to 15 samples, and writes up to 15, beyond `count`. */
void cf_grouped_bytes(const uint8_t *in, const ptrdiff_t *offsets, const size_t *sizes,
                      const double *weights, size_t groups, size_t count, double *out);

/* Adds one row of an image enlarged by linear interpolation to `sums`, in single precision. Pixels
   have four channels. The row lies between `upper` and `lower` (`columns` pixels), with the
   weights `w_upper` and `w_lower`; output pixel x between the columns starts[x] and starts[x] + 1,
   with the weights w[2 x] and w[2 x + 1]. `scratch` holds 8 (columns + 1) doubles. */
void cf_add_enlarged_row(const float *upper, const float *lower, double w_upper, double w_lower,
                         size_t columns, const int32_t *starts, const double *w, size_t width,
                         double *scratch, float *sums);
