#!/usr/bin/env python3
"""The block types of ggml, decoded with NumPy after conformance/profile/7.3-ggml-blocks.md.

    gguf_blocks.py               compares every type with the Python package gguf, where that is installed
    gguf_blocks.py --digests     prints the digests that test_gguf.py holds the decoders to, one line a type

Types and grids are read from the chapter, so that it is the chapter that is tried. The formulas are written with the names that it uses.
"""
import hashlib
import re
import sys

import numpy as np

from gguf_form import TEXT, TYPES, blocks, table

f32 = np.float32
K = np.array([-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113], f32)
M = np.array([0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12], f32)


# --------------------------------------------------------------------------------------------------------------- the chapter

def grids():
    """Name of the type → the points of its grid, one in a row."""
    found = {}
    for cells in table("in the grid. The *n*-th bit that is 1, from 0, gives point *n*."):
        names, (points, width, base) = cells[0].split(", "), map(int, cells[1:4])
        values = np.array([int(v.replace("−", "-")) for v in cells[4].split()], f32)
        digits = re.search(rf"^{names[0]}:\n```\n(.*?)```", TEXT, re.S | re.M)[1]
        bits = np.unpackbits(np.frombuffer(bytes.fromhex(digits.replace("\n", "")), np.uint8), bitorder="little")
        number = np.flatnonzero(bits) * int(cells[5].strip("| "))
        assert len(number) == points and number[-1] < base**width, names
        for name in names:
            found[name] = values[number[:, None] // base**np.arange(width) % base]
    return found


GRIDS = grids()


# ------------------------------------------------------------------------------------------------------------------ notation

class Block:
    """Blocks of one type, one in a row: fields by offset, all numbers wide enough for what is done with them."""

    def __init__(self, data, kind):
        self.data = np.frombuffer(data, np.uint8).reshape(-1, TYPES[kind].bytes)
        self.j = np.arange(TYPES[kind].elements)

    def numbers(self, kind, offset, count):
        width = np.dtype(kind).itemsize * count
        return np.ascontiguousarray(self.data[:, offset:offset + width]).view(kind)

    def f16(self, offset):
        return self.numbers("<f2", offset, 1).astype(f32)

    def u8(self, offset, count):
        return self.data[:, offset:offset + count].astype(np.int64)

    def i8(self, offset, count):
        return self.numbers("i1", offset, count).astype(np.int64)

    def u16(self, offset, count):
        return self.numbers("<u2", offset, count).astype(np.int64)

    def u32(self, offset, count):
        return self.numbers("<u4", offset, count).astype(np.int64)


def nib(field, k, h):
    return field[:, k] >> 4 * h & 15


def bits(word, low, count):
    return word >> low & (1 << count) - 1


def q(field, j):
    """Element j of a small block: the first sixteen are the low halves."""
    return nib(field, j % 16, j // 16)


def signs(code, j):
    """−1 or 1 by bit j mod 8 of seven bits and the one that makes the number of ones even."""
    ones = sum(code >> b & 1 for b in range(7))
    whole = code | (ones & 1) << 7
    return f32(1) - f32(2) * (whole >> j % 8 & 1).astype(f32)


def plain_signs(field, j):
    return f32(1) - f32(2) * (field[:, j // 8] >> j % 8 & 1).astype(f32)


def real(number):
    return number.astype(f32)


# -------------------------------------------------------------------------------------------------------------- small blocks

def q4_0(x, j):
    return x.f16(0) * real(q(x.u8(2, 16), j) - 8)


def q4_1(x, j):
    return x.f16(0) * real(q(x.u8(4, 16), j)) + x.f16(2)


def q5_0(x, j):
    return x.f16(0) * real(q(x.u8(6, 16), j) + 16 * bits(x.u32(2, 1), j, 1) - 16)


def q5_1(x, j):
    return x.f16(0) * real(q(x.u8(8, 16), j) + 16 * bits(x.u32(4, 1), j, 1)) + x.f16(2)


def q8_0(x, j):
    return x.f16(0) * real(x.i8(2, 32))


def q8_1(x, j):
    return x.f16(0) * real(x.i8(4, 32))


def iq4_nl(x, j):
    return x.f16(0) * K[q(x.u8(2, 16), j)]


def mxfp4(x, j):
    return np.ldexp(f32(1), x.u8(0, 1).astype(np.int32) - 128).astype(f32) * M[q(x.u8(1, 16), j)]


def nvfp4(x, j):
    c = x.u8(0, 4)[:, j // 16]
    e, fraction = bits(c, 3, 4), bits(c, 0, 3)
    u = np.where(e == 0, real(fraction) * f32(2**-10), np.ldexp(real(8 + fraction), (e - 11).astype(np.int32)))
    u = np.where(c == 0x7F, f32(0), u).astype(f32)
    return u * M[nib(x.u8(4, 32), 8 * (j // 16) + j % 8, j // 8 % 2)]


def q1_0(x, j):
    return np.where(bits(x.u8(2, 16)[:, j // 8], j % 8, 1) == 1, x.f16(0), -x.f16(0))


def q2_0(x, j):
    return x.f16(0) * real(bits(x.u8(2, 16)[:, j // 4], 2 * (j % 4), 2) - 1)


# -------------------------------------------------------------------------------------------------------- scales in two steps

def parts(j):
    """h, t, l, i and g of section 5."""
    return j // 128, j // 32 % 4, j % 32, j // 16, j // 32


def q2_k(x, j):
    h, t, l, i, g = parts(j)
    sc, p = x.u8(0, 16)[:, i], bits(x.u8(16, 64)[:, 32 * h + l], 2 * t, 2)
    return (x.f16(80) * real(bits(sc, 0, 4))) * real(p) - x.f16(82) * real(bits(sc, 4, 4))


def q3_k(x, j):
    h, t, l, i, g = parts(j)
    sc = x.u8(96, 12)
    s3 = nib(sc, i % 8, i // 8) + 16 * bits(sc[:, 8 + i % 4], 2 * (i // 4), 2)
    p = bits(x.u8(32, 64)[:, 32 * h + l], 2 * t, 2) + 4 * bits(x.u8(0, 32)[:, l], g, 1) - 4
    return (x.f16(108) * real(s3 - 32)) * real(p)


def six_bits(sc, g):
    """S4 and N4."""
    low, high = g % 4, g // 4 == 1
    s4 = np.where(high, bits(sc[:, 8 + low], 0, 4) + 16 * bits(sc[:, low], 6, 2), bits(sc[:, low], 0, 6))
    n4 = np.where(high, bits(sc[:, 8 + low], 4, 4) + 16 * bits(sc[:, 4 + low], 6, 2), bits(sc[:, 4 + low], 0, 6))
    return real(s4), real(n4)


def q4_k(x, j):
    h, t, l, i, g = parts(j)
    s4, n4 = six_bits(x.u8(4, 12), g)
    return (x.f16(0) * s4) * real(nib(x.u8(16, 128), 32 * (j // 64) + l, g % 2)) - x.f16(2) * n4


def q5_k(x, j):
    h, t, l, i, g = parts(j)
    s4, n4 = six_bits(x.u8(4, 12), g)
    p = nib(x.u8(48, 128), 32 * (j // 64) + l, g % 2) + 16 * bits(x.u8(16, 32)[:, l], g, 1)
    return (x.f16(0) * s4) * real(p) - x.f16(2) * n4


def q6_k(x, j):
    h, t, l, i, g = parts(j)
    p = nib(x.u8(0, 128), 64 * h + j % 64, t // 2) + 16 * bits(x.u8(128, 64)[:, 32 * h + l], 2 * t, 2) - 32
    return (x.f16(208) * real(x.i8(192, 16)[:, i])) * real(p)


def q8_k(x, j):
    return x.numbers("<f4", 0, 1) * real(x.i8(4, 256))


def iq4_xs(x, j):
    h, t, l, i, g = parts(j)
    s = nib(x.u8(4, 4), g // 2, g % 2) + 16 * bits(x.u16(2, 1), 2 * g, 2)
    return (x.f16(0) * real(s - 32)) * K[nib(x.u8(8, 128), 16 * g + j % 16, i % 2)]


def tq1_0(x, j):
    late = np.maximum(j - 160, 0), np.maximum(j - 240, 0)
    c = x.u8(0, 52)[:, np.where(j < 160, j % 32, np.where(j < 240, 32 + late[0] % 16, 48 + late[1] % 4))]
    e = np.where(j < 160, j // 32, np.where(j < 240, late[0] // 16, late[1] // 4))
    return x.f16(52) * real((c * 3**e % 256) * 3 // 256 - 1)


def tq2_0(x, j):
    h, t, l, i, g = parts(j)
    return x.f16(64) * real(bits(x.u8(0, 64)[:, 32 * h + l], 2 * t, 2) - 1)


# --------------------------------------------------------------------------------------------------------------------- grids

def quarter(d, s):
    return (d * (f32(0.5) + real(s))) * f32(0.25)


def iq2_xxs(x, j):
    g, o, w = j // 32, j // 8, x.u32(2, 16)
    p = GRIDS["IQ2_XXS"][bits(w[:, 2 * g], 8 * (o % 4), 8), j % 8]
    return (quarter(x.f16(0), bits(w[:, 2 * g + 1], 28, 4)) * p) * signs(bits(w[:, 2 * g + 1], 7 * (o % 4), 7), j)


def iq2_xs(x, j):
    qs = x.u16(2, 32)[:, j // 8]
    s = nib(x.u8(66, 8), j // 32, j // 16 % 2)
    return (quarter(x.f16(0), s) * GRIDS["IQ2_XS"][bits(qs, 0, 9), j % 8]) * signs(bits(qs, 9, 7), j)


def iq2_s(x, j):
    o, g = j // 8, j // 32
    point = x.u8(2, 32)[:, o] + 256 * bits(x.u8(66, 8)[:, g], 2 * (o % 4), 2)
    s = nib(x.u8(74, 8), g, j // 16 % 2)
    return (quarter(x.f16(0), s) * GRIDS["IQ2_S"][point, j % 8]) * plain_signs(x.u8(34, 32), j)


def iq3_xxs(x, j):
    w = x.u32(66, 8)[:, j // 32]
    scale = (x.f16(0) * (f32(0.5) + real(bits(w, 28, 4)))) * f32(0.5)
    return (scale * GRIDS["IQ3_XXS"][x.u8(2, 64)[:, j // 4], j % 4]) * signs(bits(w, 7 * (j // 8 % 4), 7), j)


def iq3_s(x, j):
    g, f = j // 32, j // 4
    point = x.u8(2, 64)[:, f] + 256 * bits(x.u8(66, 8)[:, g], f % 8, 1)
    scale = x.f16(0) * real(1 + 2 * nib(x.u8(106, 4), g // 2, g % 2))
    return (scale * GRIDS["IQ3_S"][point, j % 4]) * plain_signs(x.u8(74, 32), j)


def shift(bit):
    return np.where(bit == 1, f32(-0.125), f32(0.125))


def iq1_s(x, j):
    o, qh = j // 8, x.u16(34, 8)[:, j // 32]
    p = GRIDS["IQ1_S"][x.u8(2, 32)[:, o] + 256 * bits(qh, 3 * (o % 4), 3), j % 8]
    return (x.f16(0) * real(1 + 2 * bits(qh, 12, 3))) * (p + shift(bits(qh, 15, 1)))


def iq1_m(x, j):
    o, i, sc = j // 8, j // 16, x.u16(48, 4)
    d = sum(bits(sc[:, k:k + 1], 12, 4) << 4 * k for k in range(4)).astype("<u2").view("<f2").astype(f32)
    v = nib(x.u8(32, 16), o // 2, o % 2)
    p = GRIDS["IQ1_M"][x.u8(0, 32)[:, o] + 256 * (v % 8), j % 8]
    return (d * real(1 + 2 * bits(sc[:, i // 4], 3 * (i % 4), 3))) * (p + shift(v >> 3))


# Types that stay what they are.
PLAIN = {"F32": "<f4", "F16": "<f2", "F64": "<f8", "I8": "i1", "I16": "<i2", "I32": "<i4", "I64": "<i8"}
BLOCKS = {name: globals()[name.lower()] for name in TYPES if name.lower() in globals()}


def decode(name, data):
    """The elements that blocks of a type stand for: f32, or numbers of the type itself where it is plain."""
    if name in PLAIN:
        return np.frombuffer(data, PLAIN[name])
    if name == "BF16":
        return (np.frombuffer(data, "<u2").astype(np.uint32) << 16).view(f32)
    block = Block(data, name)
    with np.errstate(all="ignore"):
        return BLOCKS[name](block, block.j).astype(f32).reshape(-1)


# ------------------------------------------------------------------------------------------------------------------ comparing

def digest(name):
    return hashlib.sha256(decode(name, blocks(name, 640)).tobytes()).hexdigest()


def compare():
    import gguf

    wrong = 0
    for name, kind in TYPES.items():
        data = blocks(name, 640)
        try:
            theirs = gguf.GGMLQuantizationType[name]
            if theirs != kind.id or gguf.GGML_QUANT_SIZES[theirs] != (kind.elements, kind.bytes):
                print(f"{name}: {kind.id}, {kind.elements} in {kind.bytes} here, {theirs.value}, {gguf.GGML_QUANT_SIZES[theirs]} there")
            with np.errstate(all="ignore"):
                expected = gguf.dequantize(np.frombuffer(data, np.uint8).reshape(640, -1), theirs)
        except (KeyError, NotImplementedError):
            print(f"{name}: not decoded there")
            continue
        ours = decode(name, data)
        if name == "F16":
            ours = ours.astype(f32)
        same = ours.reshape(expected.shape).view(np.uint32) == expected.view(np.uint32)
        both = np.isnan(expected) & np.isnan(ours.reshape(expected.shape))
        wrong += not (same | both).all()
        print(f"{name}: {(same | both).mean():.6f} of {same.size} equal" + ("" if (same | both).all() else "  <-- DIFFERS"))
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--digests"]:
        print("\n".join(f'    "{name}": "{digest(name)}",' for name in TYPES))
    else:
        sys.exit(compare())
