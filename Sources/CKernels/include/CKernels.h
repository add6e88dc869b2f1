#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "entropy.h"
#include "measures.h"

/// Loops over the elements of weights, for which the processor's wide instructions matter. Each has a portable form, which gives the same
/// bits; which one runs is decided once, by what the processor has. No product is ever fused with a sum. Pointers need no alignment beyond
/// that of their type, and none where they are to `void`: little-endian elements there.

/// Bits of f16 to f32: exact, subnormal numbers kept, every NaN with its payload shifted up and made quiet.
void ck_f32_from_f16(const uint16_t *from, float *to, size_t count);

/// Bits of bf16 to f32: exact, NaN with its payload.
void ck_f32_from_bf16(const void *from, float *to, size_t count);

/// f32 to f16 and bf16: nearest, ties to even, beyond the greatest value infinity; NaN becomes the quiet one of the same sign.
void ck_f16_from_f32(const float *from, void *to, size_t count);
void ck_bf16_from_f32(const float *from, void *to, size_t count);

/// f32 to f64, exact.
void ck_f64_from_f32(const float *from, double *to, size_t count);

/// f64 to f32: nearest, ties to even.
void ck_f32_from_f64(const double *from, float *to, size_t count);

/// Codes of 8 bits to what a table says of each.
void ck_f32_from_table(const uint8_t *codes, const float *table, float *to, size_t count);

/// A floating type of at most 16 bits with a sign, as the profile describes element types.
typedef struct {
  int exponent_bits, fraction_bits, bias;
  /// 0: infinities and NaN as in IEEE 754; 1: NaN is all ones (`fn`); 2: NaN is negative zero (`fnuz`); 3: neither.
  int special;
} ck_format;

/// The codes nearest to f64 values, ties to even, and what is beyond as the profile says; NaN where there is none becomes zero.
void ck_codes_from_f64(const double *from, uint16_t *to, size_t count, ck_format format);

/// Elements of 2, 4 or 6 bits, packed low-order bits first, to bytes: from element `first` on. Signed ones are extended.
void ck_unpack(const uint8_t *from, size_t first, uint8_t *to, size_t count, int bits, int is_signed);

/// The low 2, 4 or 6 bits of bytes, packed low-order bits first, from element 0 on; left over bits are zero.
void ck_pack(const uint8_t *from, uint8_t *to, size_t count, int bits);

/// The least and the greatest of integers; `count` is at least 1.
typedef struct {
  int32_t least, greatest;
} ck_range;
ck_range ck_range_i8(const int8_t *values, size_t count);
ck_range ck_range_u8(const uint8_t *values, size_t count);
ck_range ck_range_i16(const int16_t *values, size_t count);
ck_range ck_range_u16(const uint16_t *values, size_t count);

/// The greatest bits of f32 values without their signs: 0x7F800000 and above where one is not finite.
uint32_t ck_greatest_magnitude_f32(const float *values, size_t count);

/// The least and the greatest of f64 values, none of them NaN; `count` is at least 1.
typedef struct {
  double least, greatest;
} ck_range_double;
ck_range_double ck_range_f64(const double *values, size_t count);

/// What each run of elements shares: scale, zero point and offset stand at `blocks[r]` for run r, at r where `blocks` is null. Zero points and
/// offsets may be null, and never both are there. The last run may be short.
typedef struct {
  size_t run;
  const float *scale;
  const int32_t *zero;
  const float *offset;
  const uint32_t *blocks;
} ck_blocks;

/// Even steps: scale · (level − zero point), or scale · level + offset, each operation rounded to f32.
void ck_uniform_i8(const int8_t *levels, float *to, size_t count, ck_blocks blocks);
void ck_uniform_u8(const uint8_t *levels, float *to, size_t count, ck_blocks blocks);
void ck_uniform_i16(const int16_t *levels, float *to, size_t count, ck_blocks blocks);
void ck_uniform_u16(const uint16_t *levels, float *to, size_t count, ck_blocks blocks);
void ck_uniform_i32(const int32_t *levels, float *to, size_t count, ck_blocks blocks);

/// Values in place: value · scale + offset, each operation rounded to f32; no zero points.
void ck_scale(float *values, size_t count, ck_blocks blocks);

/// Levels of f64 values: the nearest integer to (value − offset) / scale, ties to even, and the zero point added, not beyond the limits.
/// Zero point, within the limits, where the scale is 0.
typedef struct {
  double scale, offset, zero, least, greatest;
} ck_steps;
void ck_levels_from_f64(const double *values, int32_t *to, size_t count, ck_steps steps);

/// [inner, columns] in panels of eight columns, each [inner, 8], with zeros behind the last column: ⌈columns / 8⌉ · inner · 8 numbers.
void ck_panels(const double *from, double *to, size_t inner, size_t columns);

/// [rows, inner] · [inner, columns in panels]: products added in ascending order of the inner index, from zero, two roundings each.
void ck_product(const double *left, const double *panels, double *to, size_t rows, size_t inner, size_t columns);
/// Decodes blocks of a type of ggml, by its number, to f32 (profile clause 7.3, block types of ggml).
///
/// `grid` holds the points of the types that have a grid, coordinate by coordinate, else nothing. In big-endian blocks the numbers of
/// several bytes have their highest byte first. Does nothing and gives 0 for a type that is not of blocks.
int ck_f32_from_blocks(int type, int big_endian, const int8_t *grid, const uint8_t *from, float *to, size_t blocks);

#endif
