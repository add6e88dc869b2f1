// Part of blocks.c, compiled once for each form: blocks with one scale, or one for each 16 elements (profile clause 7.3, block types of
// ggml, section 4).

/// The f16 at a place of a block.
static inline float FN(f16)(const uint8_t *at, int big) {
  return HALF((uint16_t)(big ? at[0] << 8 | at[1] : at[0] | at[1] << 8));
}

/// The values of 16 low halves of bytes, scaled, and 16 places on those of the high halves.
static inline void FN(picked)(const uint8_t *restrict qs, float *restrict to, const int8_t *restrict table, float d) {
  uint8_t low[16], high[16];
  int8_t values[32];
  for (int j = 0; j < 16; j++) {
    low[j] = qs[j] & 15;
    high[j] = qs[j] >> 4;
  }
  PICK(table, low, values);
  PICK(table, high, values + 16);
  for (int j = 0; j < 32; j++) to[j] = d * (float)values[j];
}

DECODER(q4_0) {
  for (; count; count--, from += 18, to += 32) {
    float d = FN(f16)(from, big);
    for (int j = 0; j < 16; j++) {
      to[j] = d * (float)((from[2 + j] & 15) - 8);
      to[j + 16] = d * (float)((from[2 + j] >> 4) - 8);
    }
  }
}

DECODER(q4_1) {
  for (; count; count--, from += 20, to += 32) {
    float d = FN(f16)(from, big), m = FN(f16)(from + 2, big);
    for (int j = 0; j < 16; j++) {
      to[j] = d * (float)(from[4 + j] & 15) + m;
      to[j + 16] = d * (float)(from[4 + j] >> 4) + m;
    }
  }
}

DECODER(q5_0) {
  for (; count; count--, from += 22, to += 32) {
    float d = FN(f16)(from, big);
    uint32_t high = u32(from + 2);
    for (int j = 0; j < 16; j++) {
      to[j] = d * (float)((int)((from[6 + j] & 15) | (high >> j & 1) << 4) - 16);
      to[j + 16] = d * (float)((int)(from[6 + j] >> 4 | (high >> (j + 16) & 1) << 4) - 16);
    }
  }
}

DECODER(q5_1) {
  for (; count; count--, from += 24, to += 32) {
    float d = FN(f16)(from, big), m = FN(f16)(from + 2, big);
    uint32_t high = u32(from + 4);
    for (int j = 0; j < 16; j++) {
      to[j] = d * (float)(int)((from[8 + j] & 15) | (high >> j & 1) << 4) + m;
      to[j + 16] = d * (float)(int)(from[8 + j] >> 4 | (high >> (j + 16) & 1) << 4) + m;
    }
  }
}

DECODER(q8_0) {
  for (; count; count--, from += 34, to += 32) {
    float d = FN(f16)(from, big);
    for (int j = 0; j < 32; j++) to[j] = d * (float)(int8_t)from[2 + j];
  }
}

DECODER(q8_1) {
  for (; count; count--, from += 36, to += 32) {
    float d = FN(f16)(from, big);
    for (int j = 0; j < 32; j++) to[j] = d * (float)(int8_t)from[4 + j];
  }
}

DECODER(iq4_nl) {
  for (; count; count--, from += 18, to += 32) {
    float d = FN(f16)(from, big);
    FN(picked)(from + 2, to, nonlinear, d);
  }
}

DECODER(mxfp4) {
  for (; count; count--, from += 17, to += 32) {
    // 2^(e − 128): below 2 it is subnormal.
    float d = f32_of_bits(from[0] < 2 ? 0x200000u << from[0] : (uint32_t)(from[0] - 1) << 23);
    FN(picked)(from + 1, to, small_float, d);
  }
}

/// Half the value of a code of f8e4m3fn without its sign; 0 for 0x7F, 240 for 0xFF.
static inline float FN(half_f8)(uint8_t code) {
  uint32_t exponent = code >> 3 & 15, fraction = code & 7;
  if (code == 0x7F) return 0;
  if (exponent == 0) return (float)fraction * 0x1p-10f;
  return f32_of_bits((exponent + 119) << 23 | fraction << 20);
}

DECODER(nvfp4) {
  for (; count; count--, from += 36, to += 64) {
    for (int part = 0; part < 4; part++) {
      float d = FN(half_f8)(from[part]);
      const uint8_t *qs = from + 4 + 8 * part;
      for (int j = 0; j < 8; j++) {
        to[16 * part + j] = d * (float)small_float[qs[j] & 15];
        to[16 * part + j + 8] = d * (float)small_float[qs[j] >> 4];
      }
    }
  }
}

DECODER(q1_0) {
  for (; count; count--, from += 18, to += 128) {
    float d = FN(f16)(from, big);
    for (int k = 0; k < 16; k++) {
      for (int b = 0; b < 8; b++) to[8 * k + b] = from[2 + k] >> b & 1 ? d : -d;
    }
  }
}

DECODER(q2_0) {
  for (; count; count--, from += 18, to += 64) {
    float d = FN(f16)(from, big);
    for (int k = 0; k < 16; k++) {
      for (int b = 0; b < 4; b++) to[4 * k + b] = d * (float)((from[2 + k] >> 2 * b & 3) - 1);
    }
  }
}
