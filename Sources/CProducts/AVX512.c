/* 24 sums, three vectors of `b` and one of `a` in 32 registers. */
#if defined(__x86_64__)
#define LANES 16
#define ROWS 8
#define VECTORS 3
#define UNROLL 2
#define TARGET __attribute__((target("avx512f")))
#define INSTRUCTIONS avx512_instructions
#include "TileKernel.h"
#endif
