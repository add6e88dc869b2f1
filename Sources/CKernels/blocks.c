#include "CKernels.h"
#include "half.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// No product and sum are fused: each operation is rounded.
#pragma STDC FP_CONTRACT OFF

/// A decoder of `count` blocks.
typedef void decoder(const uint8_t *restrict from, float *restrict to, size_t count, int big, const int8_t *restrict grid);

/// The types of blocks: number, name.
#define BLOCK_TYPES(X)                                                                                                     \
  X(2, q4_0) X(3, q4_1) X(6, q5_0) X(7, q5_1) X(8, q8_0) X(9, q8_1) X(10, q2_k) X(11, q3_k) X(12, q4_k) X(13, q5_k)         \
  X(14, q6_k) X(15, q8_k) X(16, iq2_xxs) X(17, iq2_xs) X(18, iq3_xxs) X(19, iq1_s) X(20, iq4_nl) X(21, iq3_s) X(22, iq2_s) \
  X(23, iq4_xs) X(29, iq1_m) X(34, tq1_0) X(35, tq2_0) X(39, mxfp4) X(40, nvfp4) X(41, q1_0) X(42, q2_0)

/// The values of the codes of IQ4_NL and IQ4_XS.
static const int8_t nonlinear[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
/// Twice the values of the codes of f4e2m1; the code 8 is 0 and not −0.
static const int8_t small_float[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

static inline uint16_t u16(const uint8_t *at) { return (uint16_t)(at[0] | at[1] << 8); }
static inline uint32_t u32(const uint8_t *at) { return u16(at) | (uint32_t)u16(at + 2) << 16; }

static inline float f32_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

#define PASTED(name, form) name##_##form
#define NAMED(name, form) PASTED(name, form)
#define FN(name) NAMED(name, FORM)
#define DECODER(name) \
  static void FN(name)(const uint8_t *restrict from, float *restrict to, size_t count, int big, const int8_t *restrict grid)
#define ENTRY(number, name) [number] = FN(name),

#define FORM portable
#define HALF(bits) from_half(bits)
#define PICK(table, codes, to) \
  for (int k = 0; k < 16; k++) (to)[k] = (table)[(codes)[k]]
#include "blocks_small.h"
#include "blocks_scaled.h"
#include "blocks_grid.h"
static decoder *const portable_decoders[] = {BLOCK_TYPES(ENTRY)};
#undef FORM
#undef HALF
#undef PICK

#if defined(__x86_64__)
// The same text, compiled for wider registers.
#pragma clang attribute push(__attribute__((target("avx2,f16c"))), apply_to = function)
#define FORM wide
#define HALF(bits) _cvtsh_ss(bits)
#define PICK(table, codes, to)                                               \
  _mm_storeu_si128((__m128i *)(to), _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(table)), \
                                                     _mm_loadu_si128((const __m128i *)(codes))))
#include "blocks_small.h"
#include "blocks_scaled.h"
#include "blocks_grid.h"
#pragma clang attribute pop
static decoder *const wide_decoders[] = {BLOCK_TYPES(ENTRY)};
#endif

int ck_f32_from_blocks(int type, int big_endian, const int8_t *grid, const uint8_t *from, float *to, size_t blocks) {
  decoder *const *decoders = portable_decoders;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c")) decoders = wide_decoders;
#endif
  int known = type >= 0 && type < (int)(sizeof portable_decoders / sizeof *portable_decoders) && decoders[type];
  if (known) decoders[type](from, to, blocks, big_endian, grid);
  return known;
}
