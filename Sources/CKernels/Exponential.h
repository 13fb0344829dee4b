#pragma once
#include "Lanes.h"

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
