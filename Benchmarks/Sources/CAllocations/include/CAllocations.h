#pragma once
#include <stddef.h>

/* What the process has asked of glibc's allocator so far: calls and bytes. */
size_t allocation_count(void);
size_t allocated_bytes(void);
