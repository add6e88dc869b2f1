#include <math.h>
#include <string.h>

#include "CKernels.h"
#include "wide.h"

#pragma STDC FP_CONTRACT OFF

// Four codes of two bits of a byte, or two of four bits of a byte, each to a byte of its own.
INLINE uint32_t spread2(uint32_t byte) {
  uint32_t x = (byte | byte << 12) & 0x000F000F;
  return (x | x << 6) & 0x03030303;
}

INLINE uint8_t element(const uint8_t *from, size_t index, int bits) {
  size_t bit = index * (size_t)bits;
  unsigned low = from[bit / 8] >> (bit % 8);
  if (bit % 8 + (size_t)bits > 8) low |= (unsigned)from[bit / 8 + 1] << (8 - bit % 8);
  return (uint8_t)(low & ((1u << bits) - 1));
}

INLINE void ck_unpack_body(const uint8_t *from, size_t first, uint8_t *to, size_t count, int bits, int is_signed) {
  size_t i = 0;
  if (bits == 4 || bits == 2) {
    size_t each = 8 / (size_t)bits;
    for (; i < count && (first + i) % each; i++) to[i] = element(from, first + i, bits);
    const uint8_t *bytes = from + (first + i) / each;
    size_t whole = (count - i) / each;
    if (bits == 4) {
      for (size_t j = 0; j < whole; j++) {
        to[i + 2 * j] = bytes[j] & 15;
        to[i + 2 * j + 1] = bytes[j] >> 4;
      }
    } else {
      for (size_t j = 0; j < whole; j++) {
        uint32_t four = spread2(bytes[j]);
        memcpy(to + i + 4 * j, &four, 4);
      }
    }
    i += whole * each;
  }
  for (; i < count; i++) to[i] = element(from, first + i, bits);
  if (is_signed) {
    uint8_t sign = (uint8_t)(1u << (bits - 1));
    for (size_t j = 0; j < count; j++) to[j] = (uint8_t)((to[j] ^ sign) - sign);
  }
}
DISPATCH(ck_unpack, void, (const uint8_t *from, size_t first, uint8_t *to, size_t count, int bits, int is_signed),
         (from, first, to, count, bits, is_signed))

void ck_pack(const uint8_t *from, uint8_t *to, size_t count, int bits) {
  uint32_t mask = (1u << bits) - 1;
  // Four elements of any width fill whole bytes.
  size_t bytes = (size_t)bits / 2, i = 0;
  for (; i + 4 <= count; i += 4, to += bytes) {
    uint32_t four = (from[i] & mask) | (from[i + 1] & mask) << bits | (from[i + 2] & mask) << 2 * bits | (from[i + 3] & mask) << 3 * bits;
    for (size_t k = 0; k < bytes; k++) to[k] = (uint8_t)(four >> 8 * k);
  }
  if (i < count) {
    uint32_t rest = 0;
    for (size_t j = i; j < count; j++) rest |= (from[j] & mask) << (j - i) * (size_t)bits;
    for (size_t k = 0; k < ((count - i) * (size_t)bits + 7) / 8; k++) to[k] = (uint8_t)(rest >> 8 * k);
  }
}

#define RANGE(NAME, TYPE)                                           \
  INLINE ck_range NAME##_body(const TYPE *values, size_t count) {   \
    TYPE low = values[0], high = values[0];                         \
    for (size_t i = 0; i < count; i++) {                            \
      low = values[i] < low ? values[i] : low;                      \
      high = values[i] > high ? values[i] : high;                   \
    }                                                               \
    return (ck_range){low, high};                                   \
  }                                                                 \
  DISPATCH(NAME, ck_range, (const TYPE *values, size_t count), (values, count))
RANGE(ck_range_i8, int8_t)
RANGE(ck_range_u8, uint8_t)
RANGE(ck_range_i16, int16_t)
RANGE(ck_range_u16, uint16_t)

// Runs of a group are often 16 or 32 elements long: the wide loop must not need more than that.
#define SHORT_RUNS _Pragma("clang loop vectorize_width(8) interleave_count(2)")

#define BLOCK(r) (b.blocks ? b.blocks[r] : (r))

// A scale of its own for each element, or for each run.
#define UNIFORM(NAME, TYPE)                                                                                   \
  INLINE void NAME##_body(const TYPE *levels, float *to, size_t count, ck_blocks b) {                         \
    if (b.run == 1 && !b.blocks) {                                                                            \
      if (b.zero) {                                                                                           \
        for (size_t i = 0; i < count; i++) to[i] = b.scale[i] * (float)((int32_t)levels[i] - b.zero[i]);      \
      } else if (b.offset) {                                                                                  \
        for (size_t i = 0; i < count; i++) to[i] = b.scale[i] * (float)levels[i] + b.offset[i];               \
      } else {                                                                                                \
        for (size_t i = 0; i < count; i++) to[i] = b.scale[i] * (float)levels[i];                             \
      }                                                                                                       \
      return;                                                                                                 \
    }                                                                                                         \
    for (size_t r = 0, start = 0; start < count; r++, start += b.run) {                                       \
      size_t length = count - start < b.run ? count - start : b.run, block = BLOCK(r);                        \
      const TYPE *from = levels + start;                                                                      \
      float *out = to + start, scale = b.scale[block];                                                        \
      if (b.zero) {                                                                                           \
        int32_t zero = b.zero[block];                                                                         \
        SHORT_RUNS for (size_t i = 0; i < length; i++) out[i] = scale * (float)((int32_t)from[i] - zero);     \
      } else if (b.offset) {                                                                                  \
        float offset = b.offset[block];                                                                       \
        SHORT_RUNS for (size_t i = 0; i < length; i++) out[i] = scale * (float)from[i] + offset;              \
      } else {                                                                                                \
        SHORT_RUNS for (size_t i = 0; i < length; i++) out[i] = scale * (float)from[i];                       \
      }                                                                                                       \
    }                                                                                                         \
  }                                                                                                           \
  DISPATCH(NAME, void, (const TYPE *levels, float *to, size_t count, ck_blocks b), (levels, to, count, b))
UNIFORM(ck_uniform_i8, int8_t)
UNIFORM(ck_uniform_u8, uint8_t)
UNIFORM(ck_uniform_i16, int16_t)
UNIFORM(ck_uniform_u16, uint16_t)
UNIFORM(ck_uniform_i32, int32_t)

INLINE void ck_scale_body(float *values, size_t count, ck_blocks b) {
  for (size_t r = 0, start = 0; start < count; r++, start += b.run) {
    size_t length = count - start < b.run ? count - start : b.run, block = BLOCK(r);
    float *out = values + start, scale = b.scale[block];
    if (b.offset) {
      float offset = b.offset[block];
      SHORT_RUNS for (size_t i = 0; i < length; i++) out[i] = scale * out[i] + offset;
    } else {
      SHORT_RUNS for (size_t i = 0; i < length; i++) out[i] = scale * out[i];
    }
  }
}
DISPATCH(ck_scale, void, (float *values, size_t count, ck_blocks b), (values, count, b))

INLINE void ck_levels_from_f64_body(const double *values, int32_t *to, size_t count, ck_steps s) {
  double zero = s.zero < s.least ? s.least : s.zero > s.greatest ? s.greatest : s.zero;
  for (size_t i = 0; i < count; i++) {
    double level = s.scale != 0 ? rint((values[i] - s.offset) / s.scale) + s.zero : zero;
    level = level < s.least ? s.least : level;
    to[i] = (int32_t)(level > s.greatest ? s.greatest : level);
  }
}
DISPATCH(ck_levels_from_f64, void, (const double *values, int32_t *to, size_t count, ck_steps s), (values, to, count, s))
