#include "CKernels.h"
#include "entropy_context.h"

/// A writer of both parts of a run. What does not fit sets `full` and is not written.
typedef struct {
  uint64_t low, range;
  ck_entropy_room *room;
  size_t at, plain_at;
  uint64_t plain;
  unsigned plain_bits;
  int full;
} writer;

static void carry(writer *to) {
  for (size_t place = to->at; place > 0;) {
    if (++to->room->coded[--place]) return;
  }
}

static void coded_bytes(writer *to, uint64_t number, unsigned count) {
  if (to->room->coded_capacity - to->at < count) {
    to->full = 1;
    return;
  }
  for (unsigned i = 0; i < count; i++) to->room->coded[to->at++] = (uint8_t)(number >> (56 - 8 * i));
}

static inline void write_bin(writer *to, unsigned bit, uint32_t chance) {
  uint64_t ones = (to->range >> 16) * chance;
  if (bit) {
    to->range = ones;
  } else {
    uint64_t low = to->low + ones;
    if (low < ones) carry(to);
    to->low = low;
    to->range -= ones;
  }
  if (to->range < REFILL_BELOW) {
    coded_bytes(to, to->low, 4);
    to->low <<= 32;
    to->range <<= 32;
  }
}

static inline void write_coded(writer *to, unsigned bit, context *one) {
  write_bin(to, bit, context_chance(one));
  context_update(one, 0 - (uint32_t)bit);
}

/// Plain bits, the highest first; at most 32 at once.
static inline void write_plain(writer *to, uint64_t value, unsigned bits) {
  to->plain = to->plain << bits | value;
  to->plain_bits += bits;
  while (to->plain_bits >= 8) {
    to->plain_bits -= 8;
    if (to->plain_at == to->room->plain_capacity) {
      to->full = 1;
      return;
    }
    to->room->plain[to->plain_at++] = (uint8_t)(to->plain >> to->plain_bits);
  }
}

static int finish(writer *to) {
  if (to->full) return 0;
  for (int i = 15; i >= 0; i--) write_bin(to, MARK >> i & 1, EVEN_CHANCE);
  uint64_t end = to->low + ending_gap(to->low, to->range);
  if (end < to->low) carry(to);
  coded_bytes(to, end, 8);
  if (to->plain_bits) write_plain(to, 0, 8 - to->plain_bits);
  while (to->at && !to->room->coded[to->at - 1]) to->at--;
  to->room->coded_size = to->at;
  to->room->plain_size = to->plain_at;
  return !to->full;
}

static inline int64_t load(const void *from, size_t place, unsigned width) {
  return width == 1 ? ((const int8_t *)from)[place] : width == 2 ? ((const int16_t *)from)[place] : ((const int32_t *)from)[place];
}

int ck_entropy_encode_levels(const void *levels, const ck_entropy_levels *form, int32_t *means, ck_entropy_room *room) {
  if (form->columns == 0) return 0;
  context contexts[SETS * PER_SET];
  context_begin(contexts, SETS * PER_SET);
  writer to = {.range = UINT64_MAX, .room = room};
  activity now = activity_begin(means, form->columns);
  unsigned state = 0;
  for (size_t place = 0; place < form->count && !to.full; place++) {
    int64_t level = load(levels, place, form->width);
    uint64_t magnitude = (uint64_t)(level < 0 ? -level : level);
    scale of = activity_scale(&now);
    context *own = contexts + of.set * PER_SET;
    write_coded(&to, level != 0, own + (state & 1));
    if (level) {
      write_plain(&to, level < 0, 1);
      uint64_t rest = magnitude - 1, quotient = rest >> of.shift;
      for (unsigned i = 0; i < UNARY && i < quotient; i++) write_coded(&to, 1, own + FIRST_OF_UNARY + i);
      if (quotient < UNARY) {
        write_coded(&to, 0, own + FIRST_OF_UNARY + quotient);
      } else {
        uint32_t beyond = (uint32_t)(quotient - UNARY + 1);
        unsigned length = length_of(beyond) - 1;
        write_plain(&to, (((uint64_t)1 << length) - 1) << 1, length + 1);
        write_plain(&to, beyond & (((uint64_t)1 << length) - 1), length);
      }
      if (of.shift) {
        write_coded(&to, rest >> (of.shift - 1) & 1, own + FIRST_OF_LOW + (quotient < 4 ? quotient : 4));
        write_plain(&to, rest & (((uint64_t)1 << (of.shift - 1)) - 1), of.shift - 1);
      }
    }
    activity_update(&now, magnitude);
    if (form->next) state = form->next[2 * state + (magnitude & 1)] & 31;
  }
  return finish(&to);
}

int ck_entropy_encode_symbols(const uint8_t *codes, unsigned bits, size_t count, ck_entropy_room *room) {
  if (bits < 1 || bits > 8) return 0;
  context tree[256];
  context_begin(tree, 256);
  writer to = {.range = UINT64_MAX, .room = room};
  for (size_t place = 0; place < count && !to.full; place++) {
    unsigned node = 1;
    for (unsigned i = bits; i-- > 0;) {
      unsigned bit = codes[place] >> i & 1;
      write_coded(&to, bit, tree + node);
      node = node << 1 | bit;
    }
  }
  return finish(&to);
}
