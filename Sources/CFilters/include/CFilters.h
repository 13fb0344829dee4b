#pragma once
#include <stddef.h>
#include <stdint.h>

/* The inner loops of the corruptions' filters. No product and sum is fused: the bits are those of
   the reference implementations, the same with every instruction set. */

/* Samples as doubles: in / 255. */
void cf_levels(const uint8_t *in, size_t count, double *out);

/* Doubles clipped to 0...1, times 255, cut off to 8 bits; NaN becomes 0. */
void cf_quantize(const double *in, size_t count, uint8_t *out);

/* Columns of an image that are filtered together, so that their rows stay in the cache. */
#define CF_STRIP 32

/* Filters an image, `height` rows of `length` samples, along its columns in place:
   w[0] c + (a[-r] + a[r]) w[r] + ... + (a[-1] + a[1]) w[1], added from the left. `weights` are from
   the centre outwards, radius + 1. Row y of the image with its margins of `radius` rows is row
   sources[y] of the image. `scratch` holds CF_STRIP (height + 2 radius) + 16 doubles. */
void cf_blur_columns(double *image, size_t height, size_t length, const size_t *sources,
                     const double *weights, size_t radius, double *scratch);

/* The same along rows of `width` pixels; `scratch` holds channels (width + 2 radius) + 16
   doubles. */
void cf_blur_rows(double *image, size_t height, size_t width, size_t channels,
                  const size_t *sources, const double *weights, size_t radius, double *scratch);

/* sums[x] = image[starts[0] + x] w[0] + image[starts[1] + x] w[1] + ..., added from the left. Reads
   up to 15 samples beyond. */
void cf_line_row(const double *image, const ptrdiff_t *starts, const double *weights, size_t taps,
                 size_t count, double *sums);

/* Bytes as doubles. */
void cf_widen(const uint8_t *in, size_t count, double *out);

/* Doubles of 0...255 clipped and cut off to 8 bits; NaN becomes 0. */
void cf_truncate(const double *in, size_t count, uint8_t *out);

/* 8-bit RGB samples with something added to the channels of each pixel, on the scale 0...1, and
   scaled by brightest / scale; cut off to 8 bits. */
void cf_veil(const double *added, double brightest, double scale, size_t pixels, uint8_t *samples);

/* Doubles from `threshold` up as bytes of 255, a value above 1 wrapping around; 0 for others. */
void cf_wet(const double *in, double threshold, size_t count, uint8_t *out);

/* 8-bit RGB samples with light added to the pixels where wet and relief are both above 0, in singles:
   (wet relief / largest wet relief) level color, on the scale 0...1; clipped, cut off to 8 bits. */
void cf_shine(const uint8_t *wet, const uint8_t *relief, float level, const float *color,
              size_t pixels, uint8_t *samples);

/* Doubles from 0 to 255 and a little above, rounded to 16-bit quanta and cut off to 8 bits, as
   ImageMagick does. */
void cf_truncate_quanta(const double *in, size_t count, uint8_t *out);

/* Weighted sums of the 8-bit samples around each place of a row, divided by 255, for weights that
   are the same above and below; the sums are exact, in integers. `in` is the row's first sample;
   `margin` samples beside and `reach` rows of `stride` samples above and below can be read.
   `scratch` takes, for each distance of rows 0 ... reach, the sums of the two rows there,
   `cf_disk_scratch_stride` of them; a tap is an offset into it from the row's first sample. Taps of
   equal weight make a group, two groups a pair: group g has the next `sizes[g]` (at most 64) of
   `offsets`. A weight is ((l[0] radix + l[1]) radix + l[2]) scale, with limbs l below 2^15 such that
   the sums over all taps fit into 31 bits; limb i of pair p's groups are the lower and the upper
   half of limbs[3 p + i].
   Reads up to 31 samples, and writes up to 15, beyond. */
void cf_disk_row(const uint8_t *in, size_t stride, size_t margin, size_t reach,
                 const ptrdiff_t *offsets, const size_t *sizes, const int32_t *limbs, size_t pairs,
                 double radix, double scale, size_t count, uint16_t *scratch, double *out);

/* The distance of the rows in the scratch of `cf_disk_row`. */
size_t cf_disk_scratch_stride(size_t margin, size_t count);

/* Adds one row of an image enlarged by linear interpolation to `sums`, in single precision. Pixels
   have four channels. The row lies between `upper` and `lower` (`columns` pixels), with the
   weights `w_upper` and `w_lower`; output pixel x between the columns starts[x] and starts[x] + 1,
   with the weights w[2 x] and w[2 x + 1]. `scratch` holds 8 (columns + 1) doubles. */
void cf_add_enlarged_row(const float *upper, const float *lower, double w_upper, double w_lower,
                         size_t columns, const int32_t *starts, const double *w, size_t width,
                         double *scratch, float *sums);

/* The means of four-channel pixels as RGB: (image + sums) / divisor, clipped to 0...1, times 255,
   cut off to 8 bits, in single precision. */
void cf_mean_row(const float *image, const float *sums, float divisor, size_t width, uint8_t *out);
