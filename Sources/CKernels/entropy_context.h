#ifndef CKERNELS_ENTROPY_CONTEXT_H
#define CKERNELS_ENTROPY_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

// What the encoder and the decoder of clause 7.5 share: contexts (section 2) and the activity of levels (section 5).

#define SETS 20
#define UNARY 20
#define FIRST_OF_UNARY 2
#define FIRST_OF_LOW (FIRST_OF_UNARY + UNARY)
#define PER_SET (FIRST_OF_LOW + 5)
#define ESCAPE_LIMIT 31
#define MARK 0xA55Au
#define EVEN_CHANCE 32768u
#define REFILL_BELOW ((uint64_t)1 << 32)

/// The chance that a bin is 1: a quick estimate in the lower and a slow one in the upper 16 bits; and how many bins were seen, up to 126.
typedef struct {
  uint32_t estimates, seen;
} context;

#define SEEN_ALL 126

static inline __attribute__((always_inline)) void context_begin(context *contexts, size_t count) {
  for (size_t i = 0; i < count; i++) contexts[i] = (context){(uint32_t)1 << 31 | 1 << 15, 0};
}

static inline __attribute__((always_inline)) uint32_t context_chance(const context *one) { return ((one->estimates & 0xFFFF) + (one->estimates >> 16)) >> 1; }

static inline __attribute__((always_inline)) unsigned length_of(uint32_t number) { return number ? 32 - (unsigned)__builtin_clz(number) : 0; }

/// Moves both estimates towards a bin. `ones` has all bits set for a bin 1 and none for a bin 0: 65535 − a is a xor 0xFFFF, so one formula serves
/// both, and both halves at once, as each loses less than it is.
static inline __attribute__((always_inline)) void context_update(context *one, uint32_t ones) {
  uint32_t both = one->estimates ^ ones;
  if (__builtin_expect(one->seen == SEEN_ALL, 1)) {
    both -= (both >> 5 & 0x07FF) + (both >> 8 & 0x00FF0000);
  } else {
    unsigned slow = length_of(one->seen + 2), quick = slow < 5 ? slow : 5;
    both -= ((both & 0xFFFF) >> quick) + ((both >> 16) >> slow << 16);
    one->seen++;
  }
  one->estimates = both ^ ones;
}

/// What the levels before say of the next one: means of magnitudes along the row and down the columns, in 1/256.
typedef struct {
  int32_t *means;
  size_t columns, column;
  int32_t row;
  /// The shifts of both means: lengths of the number of the element and of the row, at most 7.
  unsigned shift, row_shift;
  /// Elements and rows up to which the lengths still grow.
  uint32_t element, row_number;
} activity;

typedef struct {
  unsigned set, shift;
} scale;

static inline __attribute__((always_inline)) activity activity_begin(int32_t *means, size_t columns) {
  return (activity){means, columns, 0, 0, 0, 0, 0, 0};
}

/// The set of contexts of the next element, and the shift of its quotient.
static inline __attribute__((always_inline)) scale activity_scale(const activity *now) {
  uint32_t mean = now->row_number ? (uint32_t)(now->row + now->means[now->column]) >> 1 : now->element ? (uint32_t)now->row : 256;
  mean = mean < 32 ? 32 : mean;
  unsigned octave = length_of(mean) - 1, phase = (mean << 2 >> octave) - 4;
  unsigned range = octave - 5 < 4 ? octave - 5 : 4;
  return (scale){range * 4 + phase, octave > 8 ? octave - 8 : 0};
}

/// Takes the magnitude of an element in. Means stay within 0 … 65535 · 256, so that the differences fit; >> rounds down, as all compilers have it.
static inline __attribute__((always_inline)) void activity_update(activity *now, uint64_t magnitude) {
  int32_t scaled = (int32_t)(magnitude < 65535 ? magnitude : 65535) * 256;
  now->row += (scaled - now->row) >> now->shift;
  // In the first row there is no mean of the column yet: the shift is 0, and what stood there does not matter.
  int32_t mean = now->row_number ? now->means[now->column] : 0;
  now->means[now->column] = mean + ((scaled - mean) >> now->row_shift);
  if (now->shift < 7) now->shift = length_of(++now->element);
  if (++now->column == now->columns) {
    now->column = 0;
    if (now->row_shift < 7) now->row_shift = length_of(++now->row_number);
  }
}

/// The number in [low, low + range) with the fewest bytes before zeros to the end of 64 bits, the smallest of them, less low (section 3).
static inline __attribute__((always_inline)) uint64_t ending_gap(uint64_t low, uint64_t range) {
  for (unsigned kept = 0; kept < 8; kept++) {
    uint64_t mask = UINT64_MAX >> (8 * kept), gap = ((low + mask) & ~mask) - low;
    if (gap < range) return gap;
  }
  return 0;
}

#endif
