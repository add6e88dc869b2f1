#include "measures.h"

#include <math.h>
#include <string.h>

// No product may be fused with a sum: differences are not exact, so neither are their squares.
#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))
enum { lanes = 8 };

INLINE double added(const double *sums) {
  double sum = 0;
  for (int lane = 0; lane < lanes; lane++) sum += sums[lane];
  return sum;
}

// Values as they are: right where all of them are finite, which shows in the sums of squares.
#define PLAIN(type)                                                                                  \
  INLINE ck_measures plain_##type(const type *x, const type *y, size_t count) {                     \
    double xx[lanes] = {0}, yy[lanes] = {0}, xy[lanes] = {0}, ee[lanes] = {0}, top[lanes] = {0};     \
    size_t i = 0;                                                                                    \
    for (; i + lanes <= count; i += lanes) {                                                         \
      for (int lane = 0; lane < lanes; lane++) {                                                     \
        double a = x[i + lane], b = y[i + lane], e = a - b, size = fabs(e);                          \
        xx[lane] += a * a;                                                                           \
        yy[lane] += b * b;                                                                           \
        xy[lane] += a * b;                                                                           \
        ee[lane] += e * e;                                                                           \
        top[lane] = size > top[lane] ? size : top[lane];                                             \
      }                                                                                              \
    }                                                                                                \
    for (int lane = 0; i < count; i++, lane++) {                                                     \
      double a = x[i], b = y[i], e = a - b, size = fabs(e);                                          \
      xx[lane] += a * a;                                                                             \
      yy[lane] += b * b;                                                                             \
      xy[lane] += a * b;                                                                             \
      ee[lane] += e * e;                                                                             \
      top[lane] = size > top[lane] ? size : top[lane];                                               \
    }                                                                                                \
    ck_measures found = {added(xx), added(yy), added(xy), added(ee), 0};                             \
    for (int lane = 0; lane < lanes; lane++) found.greatest = fmax(found.greatest, top[lane]);       \
    return found;                                                                                    \
  }                                                                                                  \
                                                                                                     \
  static ck_measures careful_##type(const type *x, const type *y, size_t count) {                    \
    double xx[lanes] = {0}, yy[lanes] = {0}, xy[lanes] = {0}, ee[lanes] = {0}, greatest = 0;         \
    for (size_t i = 0; i < count; i++) {                                                             \
      double a = x[i], b = y[i], e;                                                                  \
      if (isfinite(a) && isfinite(b)) {                                                              \
        e = a - b;                                                                                   \
        xx[i % lanes] += a * a;                                                                      \
        yy[i % lanes] += b * b;                                                                      \
        xy[i % lanes] += a * b;                                                                      \
      } else {                                                                                       \
        e = (isnan(a) && isnan(b)) || a == b ? 0 : INFINITY;                                         \
      }                                                                                              \
      ee[i % lanes] += e * e;                                                                        \
      greatest = fmax(greatest, fabs(e));                                                            \
    }                                                                                                \
    ck_measures found = {added(xx), added(yy), added(xy), added(ee), greatest};                      \
    return found;                                                                                    \
  }                                                                                                  \
                                                                                                     \
  INLINE size_t beyond_##type(const type *x, const type *y, size_t count, double bound) {           \
    size_t found = 0;                                                                                \
    for (size_t i = 0; i < count; i++) found += !(fabs((double)x[i] - (double)y[i]) <= bound);       \
    return found;                                                                                    \
  }

PLAIN(float)
PLAIN(double)

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx2")))
WIDE static ck_measures wide_float(const float *x, const float *y, size_t count) {
  return plain_float(x, y, count);
}
WIDE static ck_measures wide_double(const double *x, const double *y, size_t count) {
  return plain_double(x, y, count);
}
WIDE static size_t wide_beyond_float(const float *x, const float *y, size_t count, double bound) {
  return beyond_float(x, y, count, bound);
}
WIDE static size_t wide_beyond_double(const double *x, const double *y, size_t count, double bound) {
  return beyond_double(x, y, count, bound);
}
#define CHOOSE(wide, portable) \
  if (__builtin_cpu_supports("avx2")) return wide; \
  return portable;
#else
#define CHOOSE(wide, portable) return portable;
#endif

static ck_measures measures_float(const float *x, const float *y, size_t count) {
  CHOOSE(wide_float(x, y, count), plain_float(x, y, count))
}

static ck_measures measures_double(const double *x, const double *y, size_t count) {
  CHOOSE(wide_double(x, y, count), plain_double(x, y, count))
}

ck_measures ck_measures_f32(const float *original, const float *candidate, size_t count) {
  ck_measures found = measures_float(original, candidate, count);
  return isfinite(found.original + found.candidate) ? found : careful_float(original, candidate, count);
}

ck_measures ck_measures_f64(const double *original, const double *candidate, size_t count) {
  ck_measures found = measures_double(original, candidate, count);
  return isfinite(found.original + found.candidate) ? found : careful_double(original, candidate, count);
}

size_t ck_beyond_f32(const float *original, const float *candidate, size_t count, double bound) {
  CHOOSE(wide_beyond_float(original, candidate, count, bound), beyond_float(original, candidate, count, bound))
}

size_t ck_beyond_f64(const double *original, const double *candidate, size_t count, double bound) {
  CHOOSE(wide_beyond_double(original, candidate, count, bound), beyond_double(original, candidate, count, bound))
}

void ck_measured_bf16(const uint16_t *from, float *to, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = (uint32_t)from[i] << 16;
    memcpy(to + i, &bits, sizeof bits);
  }
}
