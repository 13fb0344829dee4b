#pragma once
#include <stddef.h>

/* Lets glibc's allocator map arrays from `mapped` bytes up, keep up to `kept` bytes of freed memory
   and grow by `step` bytes at least; nothing with other C libraries. */
void cm_tune_allocator(size_t mapped, size_t kept, size_t step);
