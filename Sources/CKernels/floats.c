#include <string.h>

#include "CKernels.h"
#include "wide.h"

#pragma STDC FP_CONTRACT OFF

typedef uint16_t loose16 __attribute__((aligned(1), may_alias));

static inline uint64_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

// Integers throughout, so that nothing depends on the rounding mode or on the processor.
INLINE uint32_t small_code(double value, ck_format format) {
  uint64_t bits = bits_of(value), size = bits & ~(1ull << 63);
  uint32_t half = 1u << (format.exponent_bits + format.fraction_bits), sign = bits >> 63 ? half : 0;
  uint32_t infinity = (half - 1) & ~((1u << format.fraction_bits) - 1);
  uint32_t greatest = format.special == 0 ? infinity - 1 : format.special == 1 ? half - 2 : half - 1;
  if (size > 0x7FF0000000000000ull) {
    switch (format.special) {
      case 0: return sign | infinity | 1u << (format.fraction_bits - 1);
      case 1: return sign | (half - 1);
      case 2: return half;
      default: return 0;
    }
  }
  int field = (int)(size >> 52), exponent = (field ? field : 1) - 1023, least = 1 - format.bias;
  uint64_t units = (size & 0xFFFFFFFFFFFFFull) | (field ? 1ull << 52 : 0), code = 0;
  int top = exponent < least ? least : exponent, shift = 52 - format.fraction_bits + top - exponent;
  if (shift < 54) {
    uint64_t rest = units & ((1ull << shift) - 1), middle = 1ull << (shift - 1);
    units >>= shift;
    units += rest > middle || (rest == middle && (units & 1));
    // The leading one of a normal value carries into the exponent, and so does rounding up to the next power of two.
    code = ((uint64_t)(top - least) << format.fraction_bits) + units;
  }
  if (code > greatest) {
    switch (format.special) {
      case 0: return sign | infinity;
      case 1: return sign | (half - 1);
      case 2: return half;
      default: return sign | (half - 1);
    }
  }
  return code == 0 && format.special == 2 ? 0 : sign | (uint32_t)code;
}

void ck_codes_from_f64(const double *from, uint16_t *to, size_t count, ck_format format) {
  for (size_t i = 0; i < count; i++) to[i] = (uint16_t)small_code(from[i], format);
}

static void f16_portable(const float *from, loose16 *to, size_t count) {
  const ck_format f16 = {5, 10, 15, 0};
  for (size_t i = 0; i < count; i++) to[i] = (uint16_t)small_code((double)from[i], f16);
}

#if defined(__x86_64__)
__attribute__((target("avx,f16c"))) static void f16_wide(const float *from, loose16 *to, size_t count) {
  size_t i = 0;
  const __m256 sign = _mm256_set1_ps(-0.0f), quiet = _mm256_castsi256_ps(_mm256_set1_epi32(0x7FC00000));
  for (; i + 8 <= count; i += 8) {
    __m256 value = _mm256_loadu_ps(from + i);
    // The payload of a NaN is not kept.
    __m256 nan = _mm256_cmp_ps(value, value, _CMP_UNORD_Q);
    value = _mm256_blendv_ps(value, _mm256_or_ps(_mm256_and_ps(value, sign), quiet), nan);
    _mm_storeu_si128((__m128i *)(to + i), _mm256_cvtps_ph(value, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }
  f16_portable(from + i, to + i, count - i);
}
#endif

void ck_f16_from_f32(const float *from, void *to, size_t count) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("f16c") && __builtin_cpu_supports("avx")) return f16_wide(from, to, count);
#endif
  f16_portable(from, to, count);
}

INLINE void ck_bf16_from_f32_body(const float *from, void *raw, size_t count) {
  loose16 *to = raw;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, from + i, 4);
    uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16, nan = (bits >> 16 & 0x8000) | 0x7FC0;
    to[i] = (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? nan : rounded);
  }
}
DISPATCH(ck_bf16_from_f32, void, (const float *from, void *to, size_t count), (from, to, count))

INLINE void ck_f32_from_bf16_body(const void *raw, float *to, size_t count) {
  const loose16 *from = raw;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = (uint32_t)from[i] << 16;
    memcpy(to + i, &bits, 4);
  }
}
DISPATCH(ck_f32_from_bf16, void, (const void *from, float *to, size_t count), (from, to, count))

INLINE void ck_f64_from_f32_body(const float *from, double *to, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] = (double)from[i];
}
DISPATCH(ck_f64_from_f32, void, (const float *from, double *to, size_t count), (from, to, count))

INLINE void ck_f32_from_f64_body(const double *from, float *to, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] = (float)from[i];
}
DISPATCH(ck_f32_from_f64, void, (const double *from, float *to, size_t count), (from, to, count))

void ck_f32_from_table(const uint8_t *codes, const float *table, float *to, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] = table[codes[i]];
}

INLINE uint32_t ck_greatest_magnitude_f32_body(const float *values, size_t count) {
  uint32_t greatest = 0;
  for (size_t i = 0; i < count; i++) {
    int32_t bits;
    memcpy(&bits, values + i, 4);
    uint32_t size = (uint32_t)bits & 0x7FFFFFFF;
    greatest = size > greatest ? size : greatest;
  }
  return greatest;
}
DISPATCH(ck_greatest_magnitude_f32, uint32_t, (const float *values, size_t count), (values, count))

INLINE ck_range_double ck_range_f64_body(const double *values, size_t count) {
  double low[8], high[8];
  for (int lane = 0; lane < 8; lane++) low[lane] = high[lane] = values[0];
  size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    for (int lane = 0; lane < 8; lane++) {
      double value = values[i + lane];
      low[lane] = value < low[lane] ? value : low[lane];
      high[lane] = value > high[lane] ? value : high[lane];
    }
  }
  for (; i < count; i++) {
    low[0] = values[i] < low[0] ? values[i] : low[0];
    high[0] = values[i] > high[0] ? values[i] : high[0];
  }
  for (int lane = 1; lane < 8; lane++) {
    low[0] = low[lane] < low[0] ? low[lane] : low[0];
    high[0] = high[lane] > high[0] ? high[lane] : high[0];
  }
  return (ck_range_double){low[0], high[0]};
}
DISPATCH(ck_range_f64, ck_range_double, (const double *values, size_t count), (values, count))
