#include "CKernels.h"
#include "wide.h"

#pragma STDC FP_CONTRACT OFF

#define PANEL 8
#define TILE 4

INLINE void ck_panels_body(const double *from, double *to, size_t inner, size_t columns) {
  for (size_t start = 0; start < columns; start += PANEL) {
    size_t width = columns - start < PANEL ? columns - start : PANEL;
    for (size_t k = 0; k < inner; k++, to += PANEL) {
      const double *row = from + k * columns + start;
      for (size_t j = 0; j < PANEL; j++) to[j] = j < width ? row[j] : 0;
    }
  }
}
DISPATCH(ck_panels, void, (const double *from, double *to, size_t inner, size_t columns), (from, to, inner, columns))

typedef double lanes __attribute__((vector_size(32), aligned(8), may_alias));

// Sums of a tile stay in registers over the whole inner index.
INLINE void tile(const double *left, const double *panel, double *to, size_t rows, size_t inner, size_t columns, size_t width) {
  lanes sums[TILE][2] = {{{0}}};
  const double *row[TILE];
  for (size_t i = 0; i < TILE; i++) row[i] = left + (i < rows ? i : 0) * inner;
  for (size_t k = 0; k < inner; k++, panel += PANEL) {
    lanes low = *(const lanes *)panel, high = *(const lanes *)(panel + 4);
    for (size_t i = 0; i < TILE; i++) {
      double factor = row[i][k];
      lanes all = {factor, factor, factor, factor};
      sums[i][0] = sums[i][0] + all * low;
      sums[i][1] = sums[i][1] + all * high;
    }
  }
  for (size_t i = 0; i < rows; i++) {
    const double *sum = (const double *)sums[i];
    for (size_t j = 0; j < width; j++) to[i * columns + j] = sum[j];
  }
}

INLINE void ck_product_body(const double *left, const double *panels, double *to, size_t rows, size_t inner, size_t columns) {
  for (size_t start = 0; start < columns; start += PANEL, panels += inner * PANEL) {
    size_t width = columns - start < PANEL ? columns - start : PANEL;
    for (size_t i = 0; i < rows; i += TILE) {
      size_t height = rows - i < TILE ? rows - i : TILE;
      tile(left + i * inner, panels, to + i * columns + start, height, inner, columns, width);
    }
  }
}
DISPATCH(ck_product, void, (const double *left, const double *panels, double *to, size_t rows, size_t inner, size_t columns),
         (left, panels, to, rows, inner, columns))
