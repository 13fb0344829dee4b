/* What the kernels in C have in common: functions built for two instruction sets, inlined helpers
   and no fused operations. */
#ifndef CVECTORS_H
#define CVECTORS_H

/* Without fused operations the bits are the same with both instruction sets. */
#pragma STDC FP_CONTRACT OFF
/* Vectors are passed between inlined functions alone, so that no calling convention matters. */
#pragma GCC diagnostic ignored "-Wpsabi"

/* One function body, two instruction sets, chosen when the program starts. Elsewhere than on x86-64
   with ELF the compiler's baseline has to do, and so it has under a sanitizer: the choice is made
   before its runtime is ready. */
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#if defined(__x86_64__) && defined(__ELF__) && !defined(IS_SANITIZED)
#define CLONED __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define CLONED
#endif
#define INLINE static inline __attribute__((always_inline))

#endif
