#pragma once
#include <stddef.h>
#include <stdint.h>

/* The two passes of a resampling of 8-bit RGB with Pillow's fixed-point weights. Output i of a line
   takes `counts[i]` neighbours from `starts[i]` on, with the weights from `weights + i * taps`, 22
   fractional bits; the sum is rounded half up and clipped to a byte. */

/* Along the lines: `rows` lines of `width_in` pixels to lines of `width_out` pixels.
   `line` is scratch of 4 * width_in + 8 bytes. */
void cr_horizontal(const uint8_t *in, size_t rows, size_t width_in, const int32_t *starts,
                   const int32_t *counts, const int32_t *weights, size_t taps, size_t width_out,
                   uint8_t *line, uint8_t *out);

/* Across the lines: lines of `bytes` bytes to `rows_out` lines of as many. */
void cr_vertical(const uint8_t *in, size_t bytes, const int32_t *starts, const int32_t *counts,
                 const int32_t *weights, size_t taps, size_t rows_out, uint8_t *out);
