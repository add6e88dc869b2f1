// Part of blocks.c, compiled once for each form: blocks of 256 whose parts have scales of their own (profile clause 7.3, block types of ggml,
// section 5).

DECODER(q2_k) {
  for (; count; count--, from += 84, to += 256) {
    float d = FN(f16)(from + 80, big), n = FN(f16)(from + 82, big);
    for (int i = 0; i < 16; i++) {
      const uint8_t *qs = from + 16 + 32 * (i / 8) + 16 * (i % 2);
      int shift = 2 * (i / 2 % 4);
      float scale = d * (float)(from[i] & 15), least = n * (float)(from[i] >> 4);
      for (int l = 0; l < 16; l++) to[16 * i + l] = scale * (float)(qs[l] >> shift & 3) - least;
    }
  }
}

DECODER(q3_k) {
  for (; count; count--, from += 110, to += 256) {
    const uint8_t *sc = from + 96;
    float d = FN(f16)(from + 108, big);
    for (int i = 0; i < 16; i++) {
      const uint8_t *qs = from + 32 + 32 * (i / 8) + 16 * (i % 2), *high = from + 16 * (i % 2);
      int shift = 2 * (i / 2 % 4), bit = i / 2;
      int code = (sc[i % 8] >> 4 * (i / 8) & 15) | (sc[8 + i % 4] >> 2 * (i / 4) & 3) << 4;
      float scale = d * (float)(code - 32);
      for (int l = 0; l < 16; l++) {
        to[16 * i + l] = scale * (float)((qs[l] >> shift & 3) + 4 * (high[l] >> bit & 1) - 4);
      }
    }
  }
}

/// The scale of part `g` in 12 bytes that hold eight of six bits, and after them eight minima.
static inline int FN(six_bit_scale)(const uint8_t *sc, int g) {
  return g < 4 ? sc[g] & 63 : (sc[g + 4] & 15) | sc[g - 4] >> 6 << 4;
}

/// The minimum of part `g`.
static inline int FN(six_bit_least)(const uint8_t *sc, int g) {
  return g < 4 ? sc[g + 4] & 63 : sc[g + 4] >> 4 | sc[g] >> 6 << 4;
}

DECODER(q4_k) {
  for (; count; count--, from += 144, to += 256) {
    float d = FN(f16)(from, big), n = FN(f16)(from + 2, big);
    for (int k = 0; k < 4; k++) {
      const uint8_t *sc = from + 4, *qs = from + 16 + 32 * k;
      float scale = d * (float)FN(six_bit_scale)(sc, 2 * k), least = n * (float)FN(six_bit_least)(sc, 2 * k);
      float scale1 = d * (float)FN(six_bit_scale)(sc, 2 * k + 1), least1 = n * (float)FN(six_bit_least)(sc, 2 * k + 1);
      for (int l = 0; l < 32; l++) {
        to[64 * k + l] = scale * (float)(qs[l] & 15) - least;
        to[64 * k + 32 + l] = scale1 * (float)(qs[l] >> 4) - least1;
      }
    }
  }
}

DECODER(q5_k) {
  for (; count; count--, from += 176, to += 256) {
    float d = FN(f16)(from, big), n = FN(f16)(from + 2, big);
    for (int g = 0; g < 8; g++) {
      const uint8_t *sc = from + 4, *high = from + 16, *qs = from + 48 + 32 * (g / 2);
      int shift = 4 * (g % 2);
      float scale = d * (float)FN(six_bit_scale)(sc, g), least = n * (float)FN(six_bit_least)(sc, g);
      for (int l = 0; l < 32; l++) {
        to[32 * g + l] = scale * (float)((qs[l] >> shift & 15) + 16 * (high[l] >> g & 1)) - least;
      }
    }
  }
}

DECODER(q6_k) {
  for (; count; count--, from += 210, to += 256) {
    float d = FN(f16)(from + 208, big);
    for (int h = 0; h < 2; h++) {
      for (int part = 0; part < 2; part++) {
        const uint8_t *low = from + 64 * h + 16 * part, *high = from + 128 + 32 * h + 16 * part;
        const uint8_t *sc = from + 192 + 8 * h + part;
        float *out = to + 128 * h + 16 * part;
        float s0 = d * (float)(int8_t)sc[0], s1 = d * (float)(int8_t)sc[2];
        float s2 = d * (float)(int8_t)sc[4], s3 = d * (float)(int8_t)sc[6];
        for (int l = 0; l < 16; l++) {
          out[l] = s0 * (float)(((low[l] & 15) | (high[l] & 3) << 4) - 32);
          out[l + 32] = s1 * (float)(((low[l + 32] & 15) | (high[l] >> 2 & 3) << 4) - 32);
          out[l + 64] = s2 * (float)((low[l] >> 4 | (high[l] >> 4 & 3) << 4) - 32);
          out[l + 96] = s3 * (float)((low[l + 32] >> 4 | high[l] >> 6 << 4) - 32);
        }
      }
    }
  }
}

DECODER(q8_k) {
  for (; count; count--, from += 292, to += 256) {
    float d = f32_of_bits(big ? __builtin_bswap32(u32(from)) : u32(from));
    for (int j = 0; j < 256; j++) to[j] = d * (float)(int8_t)from[4 + j];
  }
}

DECODER(iq4_xs) {
  for (; count; count--, from += 136, to += 256) {
    float d = FN(f16)(from, big);
    for (int g = 0; g < 8; g++) {
      const uint8_t *qs = from + 8 + 16 * g;
      int code = (from[4 + g / 2] >> 4 * (g % 2) & 15) | (u16(from + 2) >> 2 * g & 3) << 4;
      float scale = d * (float)(code - 32);
      FN(picked)(qs, to + 32 * g, nonlinear, scale);
    }
  }
}

/// The digits to base 3 that bytes hold as fractions of 256, the most significant ones of all bytes first.
static inline void FN(trits)(const uint8_t *restrict from, float *restrict to, int bytes, int digits, float d) {
  static const uint8_t power[5] = {1, 3, 9, 27, 81};
  for (int e = 0; e < digits; e++) {
    for (int c = 0; c < bytes; c++) {
      uint8_t rest = (uint8_t)(from[c] * power[e]);
      to[e * bytes + c] = d * (float)((rest * 3 >> 8) - 1);
    }
  }
}

DECODER(tq1_0) {
  for (; count; count--, from += 54, to += 256) {
    float d = FN(f16)(from + 52, big);
    FN(trits)(from, to, 32, 5, d);
    FN(trits)(from + 32, to + 160, 16, 5, d);
    FN(trits)(from + 48, to + 240, 4, 4, d);
  }
}

DECODER(tq2_0) {
  for (; count; count--, from += 66, to += 256) {
    float d = FN(f16)(from + 64, big);
    for (int g = 0; g < 8; g++) {
      const uint8_t *qs = from + 32 * (g / 4);
      int shift = 2 * (g % 4);
      for (int l = 0; l < 32; l++) to[32 * g + l] = d * (float)((qs[l] >> shift & 3) - 1);
    }
  }
}
