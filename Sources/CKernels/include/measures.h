#ifndef CKERNELS_MEASURES_H
#define CKERNELS_MEASURES_H

#include <stddef.h>
#include <stdint.h>

/// How far elements are from their originals: sums in a fixed order, so that any number of machines finds the same bits.
typedef struct {
  /// Sums of squares, of products and of squared differences.
  double original, candidate, product, error;
  /// The greatest magnitude of a difference.
  double greatest;
} ck_measures;

/// The measures of one block (at most 4,096 elements): eight sums, element i in sum i mod 8, then the eight added in turn. A pair of NaN or
/// of equal infinities counts as no error; any other pair with NaN or an infinity makes the error infinite and counts in no other sum.
ck_measures ck_measures_f32(const float *original, const float *candidate, size_t count);
ck_measures ck_measures_f64(const double *original, const double *candidate, size_t count);

/// How many elements differ from their originals by more than a bound; NaN in either is more than any bound.
size_t ck_beyond_f32(const float *original, const float *candidate, size_t count, double bound);
size_t ck_beyond_f64(const double *original, const double *candidate, size_t count, double bound);

/// Bits of bf16 to f32: exact, NaN with its payload.
void ck_measured_bf16(const uint16_t *from, float *to, size_t count);

#endif
