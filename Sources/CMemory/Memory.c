#include "CMemory.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

void cm_tune_allocator(size_t mapped, size_t kept, size_t step) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, (int)mapped);
  mallopt(M_TRIM_THRESHOLD, (int)kept);
  mallopt(M_TOP_PAD, (int)step);
#else
  (void)mapped, (void)kept, (void)step;
#endif
}
