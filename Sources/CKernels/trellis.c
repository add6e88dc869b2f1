#include "CKernels.h"

#include <math.h>
#include <string.h>

// Every product and sum of costs is rounded by itself (profile clause 7.3, section 3): nothing is fused.
#pragma STDC FP_CONTRACT OFF

#define STATES 32

typedef struct {
  double cost;
  int32_t magnitude;
} candidate;

/// The place of a magnitude in a table of costs.
static inline int32_t cost_place(int32_t magnitude) {
  return magnitude < 256 ? magnitude : 255 + (32 - __builtin_clz((uint32_t)magnitude) - 8);
}

static inline candidate priced(double size, int32_t magnitude, int32_t multiple, const double *costs) {
  double error = size - (double)multiple, cost = error * error;
  if (costs) {
    double rate = costs[cost_place(magnitude)];
    cost = cost + rate;
  }
  return (candidate){cost, magnitude};
}

/// What a magnitude stands for in a quantizer; quantizer 2 is the one without a trellis.
static inline int32_t multiple_of(int32_t magnitude, int quantizer) {
  return quantizer == 2 ? magnitude : 2 * magnitude - (quantizer && magnitude > 0);
}

/// The whole part of a size that is not negative, and no more than what is beyond every level.
static inline int32_t whole(double size) { return size < 65536 ? (int32_t)size : 65536; }

/// The cheapest candidate of a quantizer and a parity, or of all levels where `step` is 1; of equal ones the smaller.
static inline candidate cheapest(double size, int quantizer, int32_t parity, int32_t step, int32_t most, const double *costs) {
  int32_t below = whole(quantizer == 2 ? size : (size + quantizer) / 2), top = most;
  if (step == 2) {
    below -= (below ^ parity) & 1;
    top -= (top ^ parity) & 1;
  }
  int32_t above = below + step;
  if (below < parity) below = parity;
  if (below > top) below = top;
  if (above > top) above = top;
  candidate near = priced(size, below, multiple_of(below, quantizer), NULL);
  candidate far = priced(size, above, multiple_of(above, quantizer), NULL);
  if (far.cost < near.cost) near = far;
  if (!costs) return near;
  int32_t nearest = near.magnitude, less = nearest - step < parity ? parity : nearest - step;
  candidate best = priced(size, 0, 0, costs), next = priced(size, less, multiple_of(less, quantizer), costs);
  if (parity == 1 || next.cost < best.cost) best = next;
  next = priced(size, nearest, multiple_of(nearest, quantizer), costs);
  return next.cost < best.cost ? next : best;
}

static void without_trellis(const double *values, size_t count, const ck_trellis_form *form, int16_t *levels) {
  for (size_t i = 0; i < count; i++) {
    int32_t magnitude = cheapest(fabs(values[i]), 2, 0, 1, form->most, form->costs).magnitude;
    levels[i] = (int16_t)(values[i] < 0 ? -magnitude : magnitude);
  }
}

/// The two ways into a state, the one from the smaller state first.
typedef struct {
  uint8_t from[2], parity[2];
} entry;

static inline __attribute__((always_inline)) void search(
    const double *values, size_t count, const ck_trellis_form *form, uint32_t *choices, int16_t *levels, unsigned states) {
  entry entries[STATES];
  unsigned found[STATES] = {0};
  memset(entries, 0, sizeof entries);
  for (unsigned from = 0; from < states; from++) {
    for (unsigned parity = 0; parity < 2; parity++) {
      unsigned to = form->next[2 * from + parity] & (states - 1);
      if (found[to] < 2) {
        entries[to].from[found[to]] = (uint8_t)from;
        entries[to].parity[found[to]] = (uint8_t)parity;
        found[to]++;
      }
    }
  }
  const double *costs[2] = {form->costs, form->costs ? form->costs + CK_TRELLIS_COSTS : NULL};
  double cost[STATES] = {0}, sums[STATES];
  uint32_t reached = 1;
  for (size_t i = 0; i < count; i++) {
    double size = fabs(values[i]), own[4];
    for (int kind = 0; kind < 4; kind++) own[kind] = cheapest(size, kind >> 1, kind & 1, 2, form->most, costs[kind >> 1]).cost;
    uint32_t chosen = 0;
    if (reached == (uint32_t)(((uint64_t)1 << states) - 1)) {
      for (unsigned to = 0; to < states; to++) {
        entry way = entries[to];
        double first = cost[way.from[0]] + own[(way.from[0] & 1) * 2 + way.parity[0]];
        double second = cost[way.from[1]] + own[(way.from[1] & 1) * 2 + way.parity[1]];
        unsigned other = second < first;
        sums[to] = other ? second : first;
        chosen |= (uint32_t)other << to;
      }
    } else {
      // The first few elements: some states have no path yet, or only one.
      uint32_t next = 0;
      for (unsigned to = 0; to < states; to++) {
        for (unsigned way = 0; way < 2; way++) {
          unsigned from = entries[to].from[way];
          if (!(reached >> from & 1)) continue;
          double sum = cost[from] + own[(from & 1) * 2 + entries[to].parity[way]];
          if (!(next >> to & 1) || sum < sums[to]) {
            sums[to] = sum;
            chosen = (chosen & ~((uint32_t)1 << to)) | way << to;
            next |= (uint32_t)1 << to;
          }
        }
      }
      reached = next;
    }
    memcpy(cost, sums, states * sizeof(double));
    choices[i] = chosen;
  }
  unsigned state = STATES;
  for (unsigned one = 0; one < states; one++) {
    if ((reached >> one & 1) && (state == STATES || cost[one] < cost[state])) state = one;
  }
  for (size_t i = count; i-- > 0;) {
    entry way = entries[state];
    unsigned other = choices[i] >> state & 1;
    state = way.from[other];
    int quantizer = state & 1;
    int32_t magnitude = cheapest(fabs(values[i]), quantizer, way.parity[other], 2, form->most, costs[quantizer]).magnitude;
    levels[i] = (int16_t)(values[i] < 0 ? -magnitude : magnitude);
  }
}

void ck_trellis_search(const double *values, size_t count, const ck_trellis_form *form, uint32_t *choices, int16_t *levels) {
  switch (form->states) {
    case 0: return without_trellis(values, count, form, levels);
    case 4: return search(values, count, form, choices, levels, 4);
    case 8: return search(values, count, form, choices, levels, 8);
    case 16: return search(values, count, form, choices, levels, 16);
    case 32: return search(values, count, form, choices, levels, 32);
    default: return;
  }
}
