#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Loops over the elements of weights, for which the processor's wide instructions matter. Each has a portable form, which gives the same
/// bits; which one runs is decided once, by what the processor has.

/// Bits of f16 to f32: exact, subnormal numbers kept, every NaN with its payload shifted up and made quiet.
void ck_f32_from_f16(const uint16_t *from, float *to, size_t count);

#endif
