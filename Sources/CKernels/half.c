#include "CKernels.h"
#include "half.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static void portable(const uint16_t *from, float *to, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] = from_half(from[i]);
}

#if defined(__x86_64__)
__attribute__((target("avx,f16c"))) static void wide(const uint16_t *from, float *to, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(from + i))));
  }
  portable(from + i, to + i, count - i);
}
#endif

void ck_f32_from_f16(const uint16_t *from, float *to, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("f16c") && __builtin_cpu_supports("avx")) return wide(from, to, count);
#endif
  portable(from, to, count);
}
