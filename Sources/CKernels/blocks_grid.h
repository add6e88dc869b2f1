// Part of blocks.c, compiled once for each form: blocks of 256 that name points of a grid (profile clause 7.3, block types of ggml,
// section 6). A grid is as large as the places that a block can name.

/// The coordinates of a point, scaled, with a sign for each bit.
static inline void FN(signed_point)(float *restrict to, float scale, const int8_t *restrict point, int width, unsigned signs) {
  for (int k = 0; k < width; k++) to[k] = scale * (float)point[k] * (float)(1 - 2 * (int)(signs >> k & 1));
}

/// Eight signs of which seven are stored: the number of negative ones is even.
static inline unsigned FN(even_signs)(unsigned code) { return code | (unsigned)__builtin_parity(code) << 7; }

DECODER(iq2_xxs) {
  for (; count; count--, from += 66, to += 256) {
    float d = FN(f16)(from, big);
    for (int g = 0; g < 8; g++) {
      const uint8_t *points = from + 2 + 8 * g;
      uint32_t word = u32(points + 4);
      float scale = d * (0.5f + (float)(int)(word >> 28)) * 0.25f;
      for (int k = 0; k < 4; k++) {
        FN(signed_point)(to + 32 * g + 8 * k, scale, grid + 8 * points[k], 8, FN(even_signs)(word >> 7 * k & 127));
      }
    }
  }
}

DECODER(iq2_xs) {
  for (; count; count--, from += 74, to += 256) {
    float d = FN(f16)(from, big);
    for (int o = 0; o < 32; o++) {
      unsigned word = u16(from + 2 + 2 * o), code = from[66 + o / 4] >> 4 * (o / 2 % 2) & 15;
      float scale = d * (0.5f + (float)(int)code) * 0.25f;
      FN(signed_point)(to + 8 * o, scale, grid + 8 * (word & 511), 8, FN(even_signs)(word >> 9));
    }
  }
}

DECODER(iq2_s) {
  for (; count; count--, from += 82, to += 256) {
    float d = FN(f16)(from, big);
    for (int o = 0; o < 32; o++) {
      unsigned code = from[74 + o / 4] >> 4 * (o / 2 % 2) & 15;
      unsigned point = from[2 + o] | (from[66 + o / 4] >> 2 * (o % 4) & 3u) << 8;
      float scale = d * (0.5f + (float)(int)code) * 0.25f;
      FN(signed_point)(to + 8 * o, scale, grid + 8 * point, 8, from[34 + o]);
    }
  }
}

DECODER(iq3_xxs) {
  for (; count; count--, from += 98, to += 256) {
    float d = FN(f16)(from, big);
    for (int g = 0; g < 8; g++) {
      uint32_t word = u32(from + 66 + 4 * g);
      float scale = d * (0.5f + (float)(int)(word >> 28)) * 0.5f;
      for (int f = 0; f < 8; f++) {
        unsigned signs = FN(even_signs)(word >> 7 * (f / 2) & 127) >> 4 * (f % 2);
        FN(signed_point)(to + 32 * g + 4 * f, scale, grid + 4 * from[2 + 8 * g + f], 4, signs);
      }
    }
  }
}

DECODER(iq3_s) {
  for (; count; count--, from += 110, to += 256) {
    float d = FN(f16)(from, big);
    for (int g = 0; g < 8; g++) {
      float scale = d * (float)(1 + 2 * (from[106 + g / 2] >> 4 * (g % 2) & 15));
      for (int f = 0; f < 8; f++) {
        unsigned point = from[2 + 8 * g + f] | (from[66 + g] >> f & 1u) << 8;
        unsigned signs = from[74 + 4 * g + f / 2] >> 4 * (f % 2);
        FN(signed_point)(to + 32 * g + 4 * f, scale, grid + 4 * point, 4, signs);
      }
    }
  }
}

/// The coordinates of a point of IQ1_S or IQ1_M, all shifted alike, scaled.
static inline void FN(shifted_point)(float *restrict to, float scale, const int8_t *restrict point, float shift) {
  for (int k = 0; k < 8; k++) to[k] = scale * ((float)point[k] + shift);
}

DECODER(iq1_s) {
  for (; count; count--, from += 50, to += 256) {
    float d = FN(f16)(from, big);
    for (int g = 0; g < 8; g++) {
      unsigned high = u16(from + 34 + 2 * g);
      float scale = d * (float)(int)(1 + 2 * (high >> 12 & 7)), shift = high >> 15 ? -0.125f : 0.125f;
      for (int k = 0; k < 4; k++) {
        unsigned point = from[2 + 4 * g + k] | (high >> 3 * k & 7) << 8;
        FN(shifted_point)(to + 32 * g + 8 * k, scale, grid + 8 * point, shift);
      }
    }
  }
}

DECODER(iq1_m) {
  for (; count; count--, from += 56, to += 256) {
    const uint8_t *sc = from + 48;
    // The scale of the block is spread over the highest bits of four numbers.
    unsigned bits = 0;
    for (int k = 0; k < 4; k++) bits |= (unsigned)(sc[2 * k + 1] >> 4) << 4 * k;
    float d = HALF((uint16_t)bits);
    for (int o = 0; o < 32; o++) {
      int i = o / 2;
      unsigned code = u16(sc + 2 * (i / 4)) >> 3 * (i % 4) & 7, high = from[32 + o / 2] >> 4 * (o % 2) & 15;
      float scale = d * (float)(int)(1 + 2 * code), shift = high >> 3 ? -0.125f : 0.125f;
      FN(shifted_point)(to + 8 * o, scale, grid + 8 * (from[o] | (high & 7) << 8), shift);
    }
  }
}
