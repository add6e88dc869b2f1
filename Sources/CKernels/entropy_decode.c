#include "CKernels.h"
#include "entropy_context.h"

#include <string.h>

// Readers stay in registers: whatever takes one by its address stands in line, and everything else gets its own copy.
#define IN_LINE static inline __attribute__((always_inline))

/// A reader of both parts of a run. Beyond the end of the coded part it reads zeros; beyond that of the plain part too, and the caller checks `bit`.
typedef struct {
  uint64_t value, range;
  const uint8_t *coded;
  size_t coded_size, at;
  const uint8_t *plain;
  size_t plain_size, bit, bits;
} reader;

/// Up to eight bytes as a big-endian number, with zeros for those behind the end.
static __attribute__((noinline)) uint64_t edge(const uint8_t *bytes, size_t size, size_t at, unsigned width) {
  uint64_t number = 0;
  for (unsigned i = 0; i < width; i++) number = number << 8 | (at < size && i < size - at ? bytes[at + i] : 0);
  return number;
}

IN_LINE uint64_t coded_word(const reader *from) {
  if (from->at < from->coded_size && from->coded_size - from->at >= 4) {
    const uint8_t *b = from->coded + from->at;
    return (uint64_t)b[0] << 24 | (uint64_t)b[1] << 16 | (uint64_t)b[2] << 8 | b[3];
  }
  return edge(from->coded, from->coded_size, from->at, 4);
}

static reader reader_begin(const ck_entropy_parts *parts) {
  reader from = {0, UINT64_MAX, parts->coded, parts->coded_size, 8, parts->plain, parts->plain_size, 0, 8 * parts->plain_size};
  from.value = edge(parts->coded, parts->coded_size, 0, 8);
  return from;
}

IN_LINE void refill(reader *from) {
  if (from->range < REFILL_BELOW) {
    from->range <<= 32;
    from->value = from->value << 32 | coded_word(from);
    from->at += 4;
  }
}

/// A bin that a branch follows anyway: the processor guesses it, and goes on with the next one before it is known.
IN_LINE int guessed_bin(reader *from, context *one) {
  uint64_t ones = (from->range >> 16) * context_chance(one);
  int bit;
  if (from->value < ones) {
    from->range = ones;
    context_update(one, UINT32_MAX);
    bit = 1;
  } else {
    from->value -= ones;
    from->range -= ones;
    context_update(one, 0);
    bit = 0;
  }
  refill(from);
  return bit;
}

/// A bin without a branch, for those that nobody can guess.
IN_LINE unsigned open_bin(reader *from, context *one) {
  uint64_t ones = (from->range >> 16) * context_chance(one), zeros = from->range - ones;
  unsigned bit = from->value < ones;
  uint64_t mask = (uint64_t)0 - bit;
  from->range = zeros ^ ((zeros ^ ones) & mask);
  from->value -= ones & ~mask;
  context_update(one, (uint32_t)mask);
  refill(from);
  return bit;
}

/// The next plain bits, from the highest of the number on; at least 57 of them, zeros behind the end.
IN_LINE uint64_t plain_ahead(const reader *from) {
  size_t at = from->bit >> 3;
  uint64_t number;
  if (at < from->plain_size && from->plain_size - at >= 8) {
    memcpy(&number, from->plain + at, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    number = __builtin_bswap64(number);
#endif
  } else {
    number = edge(from->plain, from->plain_size, at, 8);
  }
  return number << (from->bit & 7);
}

/// The upper bits of a number, 0 … 63 of them.
IN_LINE uint64_t upper(uint64_t number, unsigned bits) { return number >> 1 >> (63 - bits); }

/// The quotient behind an escape, and where the plain bits go on (section 5).
typedef struct {
  ck_entropy_status status;
  uint64_t quotient;
  size_t bit;
} escaped;

static __attribute__((noinline)) escaped escape(reader from) {
  unsigned length = 0;
  for (;;) {
    if (from.bit >= from.bits) return (escaped){CK_ENTROPY_PLAIN_BITS_ENOUGH, 0, from.bit};
    int more = plain_ahead(&from) >> 63;
    from.bit++;
    if (!more) break;
    if (++length > ESCAPE_LIMIT) return (escaped){CK_ENTROPY_ESCAPE_WITHIN_LIMIT, 0, from.bit};
  }
  if (from.bits - from.bit < length) return (escaped){CK_ENTROPY_PLAIN_BITS_ENOUGH, 0, from.bit};
  uint64_t quotient = UNARY - 1 + ((uint64_t)1 << length | upper(plain_ahead(&from), length));
  return (escaped){CK_ENTROPY_DONE, quotient, from.bit + length};
}

/// Checks how a run ends (sections 3 and 4).
static __attribute__((noinline)) ck_entropy_outcome finish(reader from, size_t count) {
  uint32_t mark = 0;
  for (int i = 0; i < 16; i++) {
    uint64_t ones = (from.range >> 16) * EVEN_CHANCE;
    unsigned bit = from.value < ones;
    from.range = bit ? ones : from.range - ones;
    from.value -= bit ? 0 : ones;
    mark = mark << 1 | bit;
    refill(&from);
  }
  if (mark != MARK) return (ck_entropy_outcome){CK_ENTROPY_RUN_MARK, count, mark};
  // The last eight bytes that were taken are the low end of the interval and what lies above it.
  uint64_t low = edge(from.coded, from.coded_size, from.at - 8, 8) - from.value;
  int longer = from.coded_size > from.at, zero = from.coded_size && !from.coded[from.coded_size - 1];
  if (longer || zero || from.value != ending_gap(low, from.range)) {
    return (ck_entropy_outcome){CK_ENTROPY_RUN_ENDING, count, from.coded_size};
  }
  size_t left = from.bits - from.bit;
  if (left >= 8 || (left && upper(plain_ahead(&from), (unsigned)left))) {
    return (ck_entropy_outcome){CK_ENTROPY_PLAIN_BITS_ALL, count, from.bit};
  }
  return (ck_entropy_outcome){CK_ENTROPY_DONE, count, 0};
}

IN_LINE void store(void *out, size_t place, int64_t level, unsigned width) {
  if (width == 1) ((int8_t *)out)[place] = (int8_t)level;
  if (width == 2) ((int16_t *)out)[place] = (int16_t)level;
  if (width == 4) ((int32_t *)out)[place] = (int32_t)level;
}

/// Levels of a run. `width` and whether there are states are constants of each of the six copies that the compiler makes.
IN_LINE ck_entropy_outcome levels(
    const ck_entropy_parts *parts, const ck_entropy_levels *form, int32_t *means, void *out, unsigned width, int trellis) {
  context contexts[SETS * PER_SET];
  context_begin(contexts, SETS * PER_SET);
  reader from = reader_begin(parts);
  activity now = activity_begin(means, form->columns);
  unsigned state = 0;
  for (size_t place = 0; place < form->count; place++) {
    scale of = activity_scale(&now);
    context *own = contexts + of.set * PER_SET;
    if (!guessed_bin(&from, own + (trellis ? state & 1 : 0))) {
      store(out, place, 0, width);
      activity_update(&now, 0);
      if (trellis) state = form->next[2 * state] & 31;
      continue;
    }
    // The sign is looked at before it is known to be there: zeros are read behind the end, and all bits of the level are counted at once.
    uint64_t ahead = plain_ahead(&from), minus = ahead >> 63, rest = 0;
    from.bit++;
    while (rest < UNARY && guessed_bin(&from, own + FIRST_OF_UNARY + rest)) rest++;
    if (rest == UNARY) {
      escaped far = escape(from);
      if (far.status != CK_ENTROPY_DONE) return (ck_entropy_outcome){far.status, place, from.bits};
      rest = far.quotient;
      from.bit = far.bit;
      ahead = plain_ahead(&from);
    } else {
      ahead <<= 1;
    }
    if (of.shift) {
      uint64_t low = open_bin(&from, own + FIRST_OF_LOW + (rest < 4 ? rest : 4));
      rest = (rest << 1 | low) << (of.shift - 1) | upper(ahead, of.shift - 1);
      from.bit += of.shift - 1;
    }
    if (from.bit > from.bits) return (ck_entropy_outcome){CK_ENTROPY_PLAIN_BITS_ENOUGH, place, from.bits};
    uint64_t magnitude = rest + 1;
    if (magnitude > form->most + minus) return (ck_entropy_outcome){CK_ENTROPY_LEVEL_RANGE, place, magnitude};
    store(out, place, minus ? -(int64_t)magnitude : (int64_t)magnitude, width);
    activity_update(&now, magnitude);
    if (trellis) state = form->next[2 * state + (magnitude & 1)] & 31;
  }
  return finish(from, form->count);
}

ck_entropy_outcome ck_entropy_decode_levels(const ck_entropy_parts *parts, const ck_entropy_levels *form, int32_t *means, void *out) {
  if (form->columns == 0 || parts->plain_size > SIZE_MAX / 16) return (ck_entropy_outcome){CK_ENTROPY_MISUSE, 0, 0};
  switch (form->width * 2 + (form->next != NULL)) {
    case 2: return levels(parts, form, means, out, 1, 0);
    case 3: return levels(parts, form, means, out, 1, 1);
    case 4: return levels(parts, form, means, out, 2, 0);
    case 5: return levels(parts, form, means, out, 2, 1);
    case 8: return levels(parts, form, means, out, 4, 0);
    case 9: return levels(parts, form, means, out, 4, 1);
    default: return (ck_entropy_outcome){CK_ENTROPY_MISUSE, 0, 0};
  }
}

ck_entropy_outcome ck_entropy_decode_symbols(const ck_entropy_parts *parts, unsigned bits, size_t count, uint8_t *out) {
  if (bits < 1 || bits > 8 || parts->plain_size > SIZE_MAX / 16) return (ck_entropy_outcome){CK_ENTROPY_MISUSE, 0, 0};
  context tree[256];
  context_begin(tree, 256);
  reader from = reader_begin(parts);
  for (size_t place = 0; place < count; place++) {
    unsigned node = 1;
    for (unsigned i = 0; i < bits; i++) node = node << 1 | open_bin(&from, tree + node);
    out[place] = (uint8_t)(node - (1u << bits));
  }
  return finish(from, count);
}
