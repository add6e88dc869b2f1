#ifndef CKERNELS_ENTROPY_H
#define CKERNELS_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

/// The context-adaptive binary arithmetic coder of profile clause 7.5, and the search of trellises of clause 7.3, section 3. Portable C: the same
/// bits everywhere. Whatever the bytes are, nothing is read or written outside of the buffers that are given.

/// What stopped the decoder of a run, by the requirement that the run breaks.
typedef enum {
  CK_ENTROPY_DONE = 0,
  CK_ENTROPY_PLAIN_BITS_ENOUGH,
  CK_ENTROPY_ESCAPE_WITHIN_LIMIT,
  CK_ENTROPY_LEVEL_RANGE,
  CK_ENTROPY_RUN_MARK,
  CK_ENTROPY_RUN_ENDING,
  CK_ENTROPY_PLAIN_BITS_ALL,
  /// The caller's numbers are not what they have to be. Nothing was decoded.
  CK_ENTROPY_MISUSE,
} ck_entropy_status;

/// The two parts of a run.
typedef struct {
  const uint8_t *coded;
  size_t coded_size;
  const uint8_t *plain;
  size_t plain_size;
} ck_entropy_parts;

/// What levels of a run look like.
typedef struct {
  /// How many there are.
  size_t count;
  /// The size of the last dim, at least 1.
  size_t columns;
  /// How many bytes a level takes in memory: 1, 2 or 4, of the machine's own order.
  unsigned width;
  /// The greatest level of the type; its least is one further from zero.
  uint32_t most;
  /// Next states of the trellis, at 2 · state + parity, all below 32; NULL without states.
  const uint8_t *next;
} ck_entropy_levels;

/// How decoding went.
typedef struct {
  ck_entropy_status status;
  /// The element of the run at which it stopped; the number of elements, where the end of the run is wrong.
  size_t element;
  /// The magnitude, the mark, or the number of plain bits that was found.
  uint64_t found;
} ck_entropy_outcome;

/// Decodes levels. `means` is memory for as many numbers as there are columns, but no more than levels.
ck_entropy_outcome ck_entropy_decode_levels(const ck_entropy_parts *parts, const ck_entropy_levels *form, int32_t *means, void *out);

/// Decodes codes of `bits` bits, at most 8, one to a byte.
ck_entropy_outcome ck_entropy_decode_symbols(const ck_entropy_parts *parts, unsigned bits, size_t count, uint8_t *out);

/// Where an encoder writes.
typedef struct {
  uint8_t *coded;
  size_t coded_capacity;
  uint8_t *plain;
  size_t plain_capacity;
  /// How much was written.
  size_t coded_size, plain_size;
} ck_entropy_room;

/// Encodes levels; `means` as above. Returns 0 where the room was too small.
int ck_entropy_encode_levels(const void *levels, const ck_entropy_levels *form, int32_t *means, ck_entropy_room *room);

/// Encodes codes of `bits` bits, at most 8, one to a byte. Returns 0 where the room was too small.
int ck_entropy_encode_symbols(const uint8_t *codes, unsigned bits, size_t count, ck_entropy_room *room);

/// Entries of the cost of magnitudes for one quantizer: one for each magnitude up to 255, then one for each length in binary digits from 9 on.
#define CK_TRELLIS_COSTS 264

/// A search of levels.
typedef struct {
  /// 4, 8, 16 or 32; 0 without a trellis.
  unsigned states;
  /// Next states, at 2 · state + parity; NULL without a trellis.
  const uint8_t *next;
  /// The greatest magnitude, 1 … 32767.
  int32_t most;
  /// CK_TRELLIS_COSTS weighted costs for each of the two quantizers; NULL without a weight.
  const double *costs;
} ck_trellis_form;

/// The levels of least cost of one run of `count` numbers, in units of the step. `choices` is memory for `count` numbers, for trellises.
void ck_trellis_search(const double *values, size_t count, const ck_trellis_form *form, uint32_t *choices, int16_t *levels);

#endif
