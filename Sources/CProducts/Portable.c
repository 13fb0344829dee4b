/* What the compiler's baseline has. On 64-bit ARM, vectors of four floats in 32 registers, fused. */
#define LANES 4
#if defined(__aarch64__)
#define ROWS 8
#define VECTORS 3
#else
#define ROWS 6
#define VECTORS 2
#endif
#define UNROLL 1
#define TARGET
#define INSTRUCTIONS portable_instructions
#include "TileKernel.h"
