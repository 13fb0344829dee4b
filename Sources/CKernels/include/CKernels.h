#pragma once
#include <stddef.h>
#include <stdint.h>

/* The loops that decide the speed of the models, on rows of floats, row-major. Every reduction runs
   over eight lanes in a fixed order and nothing is contracted, so that the results have the same
   bits with SSE2 as with AVX2. */

/* normalized = (x - mean) / sqrt(variance + epsilon), row by row, into `normalized` and the inverse
   deviations into `scales` [rows]; y = normalized * gamma + beta. */
void ck_layer_norm(const float *x, const float *gamma, const float *beta, float epsilon,
                   size_t rows, size_t width, float *y, float *normalized, float *scales);

/* normalized = normalized * gamma + beta, in place. */
void ck_layer_norm_affine(float *normalized, const float *gamma, const float *beta, size_t rows,
                          size_t width);

/* The gradient of y through a layer norm: added to dx, and to dgamma and dbeta [width]. */
void ck_layer_norm_gradient(const float *dy, const float *normalized, const float *scales,
                            const float *gamma, size_t rows, size_t width, float *dx,
                            float *dgamma, float *dbeta);

/* x = softmax(scale * x), row by row, in place. */
void ck_softmax(float *x, float scale, size_t rows, size_t width);

/* From the probabilities p and dp to the gradient of the x of ck_softmax, in place of dp. */
void ck_softmax_gradient(const float *p, float *dp, float scale, size_t rows, size_t width);

/* hidden += bias, row by row, and y = activation(hidden). */
void ck_bias_quick_gelu(float *hidden, const float *bias, size_t rows, size_t width, float *y);
void ck_bias_gelu(float *hidden, const float *bias, size_t rows, size_t width, float *y);

/* gradient *= activation'(hidden) and, in place, hidden = activation(hidden). */
void ck_quick_gelu_gradient(float *hidden, float *gradient, size_t count);
void ck_gelu_gradient(float *hidden, float *gradient, size_t count);

/* x += bias, row by row. */
void ck_add_bias(float *x, const float *bias, size_t rows, size_t width);

/* sums[j] += x[0, j] + x[1, j] + ..., the rows `stride` floats apart. */
void ck_column_sums(const float *x, size_t rows, size_t width, size_t stride, float *sums);

/* y += x. */
void ck_add(const float *x, size_t count, float *y);

/* y = exp(x), for tests of the one exponential behind the others: relative error below 2e-7. */
void ck_exp(const float *x, size_t count, float *y);

/* y += weight * x. */
void ck_add_scaled(const float *x, float weight, size_t count, float *y);

/* y = x - base; y may be x. */
void ck_subtract(const float *x, const float *base, size_t count, float *y);

/* y += x where the magnitude of x has at least the bits `threshold`. */
void ck_add_trimmed(const float *x, uint32_t threshold, size_t count, float *y);

/* y = x where its magnitude has at least the bits `threshold` and it is above 0 (positive[i] != 0) or
   below 0 (else); 0 elsewhere; y may be x. */
void ck_agree(const float *x, const uint8_t *positive, uint32_t threshold, size_t count, float *y);

/* sum += weight * x * x. */
void ck_add_squares(const float *x, float weight, size_t count, float *sum);

/* With w = scale * max(weights, floor): sum += w * x, total += w. */
void ck_add_weighted(const float *x, const float *weights, float floor, float scale, size_t count,
                     float *sum, float *total);

/* y = 0 where the word is below `threshold`, x / share elsewhere; y may be x. */
void ck_drop(const float *x, const uint32_t *words, uint32_t threshold, float share, size_t count,
             float *y);

/* The inner product of x and y, its eight lanes in double precision. */
double ck_inner_product(const float *x, const float *y, size_t count);
