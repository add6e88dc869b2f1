#ifndef WIDE_H
#define WIDE_H

/// A loop in two forms: `NAME_body` is inlined into both, so that the compiler makes wide instructions of one of them.
#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx2")))
static inline int has_wide(void) { return __builtin_cpu_supports("avx2"); }
#define DISPATCH(NAME, RESULT, PARAMETERS, ARGUMENTS)                  \
  WIDE static RESULT NAME##_wide PARAMETERS { return NAME##_body ARGUMENTS; } \
  RESULT NAME PARAMETERS {                                             \
    if (has_wide()) return NAME##_wide ARGUMENTS;                      \
    return NAME##_body ARGUMENTS;                                      \
  }
#else
#define DISPATCH(NAME, RESULT, PARAMETERS, ARGUMENTS) \
  RESULT NAME PARAMETERS { return NAME##_body ARGUMENTS; }
#endif

#endif
