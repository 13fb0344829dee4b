/* Panels: a few rows or columns of an operand, laid out in the order in which a tile reads them. */
#ifndef PACKING_H
#define PACKING_H

#include <stddef.h>

/* Copies `count` lines of `inner` floats each, whose lines lie `stride` apart, to
   `out[k * width + line]`; the lines from `count` to `width` are zero. */
void pack_lines(const float *lines, size_t stride, size_t count, size_t width, size_t inner,
                float *out);

/* The same of lines whose elements k lie `stride` apart, and the lines beside each other. */
void pack_columns(const float *columns, size_t stride, size_t count, size_t width, size_t inner,
                  float *out);

#endif
