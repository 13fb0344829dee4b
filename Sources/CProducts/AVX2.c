/* 12 sums, two vectors of `b` and one of `a` in 16 registers. */
#if defined(__x86_64__)
#define LANES 8
#define ROWS 6
#define VECTORS 2
#define UNROLL 1
#define TARGET __attribute__((target("avx2,fma")))
#define INSTRUCTIONS avx2_instructions
#include "TileKernel.h"
#endif
