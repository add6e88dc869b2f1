#!/usr/bin/env python3
"""Writes what `ml_dtypes` and NumPy say of every small element type, for the tests of Sources/Numerics.

Usage: element_types.py [--check]      (needs numpy and ml_dtypes; the files are committed)

element-types/decode-TYPE.bin   the value of every code from 0 on, as little-endian f32 bit patterns
element-types/encode.bin        records of 16 bytes: an f32 bit pattern (u32), then its nearest code in f16 (u16),
                                bf16 (u16) and one byte each in the order of BYTES below; all little-endian

The f32 patterns of encode.bin are: every value of every type of eight bits or fewer, every midpoint between two
neighbours of such a type and the patterns beside them, the limits of every type and of f32 with their neighbours,
zeros, infinities, NaNs, subnormals, midpoints of f16 and bf16, and a seeded sample of all patterns.
"""
import pathlib
import sys

import ml_dtypes
import numpy as np

BYTES = [
    ("f8e4m3fn", ml_dtypes.float8_e4m3fn, 8),
    ("f8e4m3fnuz", ml_dtypes.float8_e4m3fnuz, 8),
    ("f8e5m2", ml_dtypes.float8_e5m2, 8),
    ("f8e5m2fnuz", ml_dtypes.float8_e5m2fnuz, 8),
    ("f8e8m0", ml_dtypes.float8_e8m0fnu, 8),
    ("f6e2m3", ml_dtypes.float6_e2m3fn, 6),
    ("f6e3m2", ml_dtypes.float6_e3m2fn, 6),
    ("f4e2m1", ml_dtypes.float4_e2m1fn, 4),
]
WORDS = [("f16", np.float16), ("bf16", ml_dtypes.bfloat16)]
INTEGERS = [
    ("i4", ml_dtypes.int4, 4),
    ("u4", ml_dtypes.uint4, 4),
    ("i2", ml_dtypes.int2, 2),
    ("u2", ml_dtypes.uint2, 2),
]
SAMPLE = 12_000
SEED = 42382


def bits(values):
    return np.asarray(values, np.float32).view(np.uint32)


def decoded(dtype, width, word):
    codes = np.arange(1 << width, dtype=word)
    return codes.view(dtype).astype(np.float32)


def neighbours(patterns):
    patterns = np.asarray(patterns, np.uint32)
    return np.concatenate([patterns - np.uint32(1), patterns, patterns + np.uint32(1)])


def midpoints(values):
    values = np.unique(values[np.isfinite(values)]).astype(np.float64)
    middle = (values[:-1] + values[1:]) / 2
    assert np.array_equal(middle.astype(np.float32).astype(np.float64), middle)
    return middle.astype(np.float32)


def patterns(random):
    parts = [np.arange(0, 64, dtype=np.uint32), np.arange(0x007FFFF0, 0x00800010, dtype=np.uint32)]
    for name, dtype, width in BYTES:
        values = decoded(dtype, width, np.uint8)
        parts += [bits(values[~np.isnan(values)]), neighbours(bits(midpoints(values)))]
        # The midpoint between the greatest finite value and the one that would follow it decides overflow.
        finite = np.unique(values[np.isfinite(values)]).astype(np.float64)
        with np.errstate(over="ignore"):
            beyond = np.float32(finite[-1] + (finite[-1] - finite[-2]) / 2)
        if np.isfinite(beyond):
            parts.append(neighbours(bits([beyond])))
    for name, dtype in WORDS:
        values = decoded(dtype, 16, np.uint16)
        chosen = np.sort(random.choice(midpoints(values), 1500, replace=False))
        parts.append(neighbours(bits(chosen)))
        finite = values[np.isfinite(values)].astype(np.float64)
        parts.append(neighbours(bits([finite.max(), np.abs(finite[finite != 0]).min()])))
    parts.append(neighbours(bits([65519.996, 65520, 65504, 6.1035156e-05, 5.9604645e-08, 2.9802322e-08])))
    parts.append(np.array([0x7F7FFFFF, 0x7F7F7FFF, 0x7F7F8000, 0x7F800000, 0x7F800001, 0x7FC00000, 0x7FFFFFFF], np.uint32))
    parts.append(np.arange(0, 0x00800000, 0x00800000 // 1000, dtype=np.uint32))
    # Exponents of the small types are met rarely by patterns of all f32, so half of the sample is near one.
    parts.append(random.integers(0, 1 << 32, SAMPLE // 2, dtype=np.uint32))
    parts.append(bits(np.exp2(random.uniform(-20, 20, SAMPLE // 2)).astype(np.float32)))
    both = np.concatenate(parts) & np.uint32(0x7FFFFFFF)
    return np.unique(np.concatenate([both, both | np.uint32(0x80000000)]))


def files():
    for name, dtype in WORDS:
        yield f"decode-{name}.bin", bits(decoded(dtype, 16, np.uint16)).astype("<u4").tobytes()
    for name, dtype, width in BYTES:
        yield f"decode-{name}.bin", bits(decoded(dtype, width, np.uint8)).astype("<u4").tobytes()
    for name, dtype, width in INTEGERS:
        yield f"decode-{name}.bin", bits(decoded(dtype, width, np.uint8)).astype("<u4").tobytes()
    chosen = patterns(np.random.default_rng(SEED))
    values = chosen.view(np.float32)
    table = np.zeros((len(chosen), 16), np.uint8)
    table[:, 0:4] = chosen.astype("<u4").view(np.uint8).reshape(-1, 4)
    for index, (name, dtype) in enumerate(WORDS):
        codes = values.astype(dtype).view(np.uint16).astype("<u2")
        table[:, 4 + 2 * index : 6 + 2 * index] = codes.view(np.uint8).reshape(-1, 2)
    for index, (name, dtype, width) in enumerate(BYTES):
        table[:, 8 + index] = values.astype(dtype).view(np.uint8)
    yield "encode.bin", table.tobytes()


def main():
    np.seterr(all="ignore")
    folder = pathlib.Path(__file__).parent / "element-types"
    folder.mkdir(exist_ok=True)
    changed = []
    for name, content in files():
        path = folder / name
        if not path.exists() or path.read_bytes() != content:
            changed.append(name)
            if "--check" not in sys.argv:
                path.write_bytes(content)
    print(f"ml_dtypes {ml_dtypes.__version__}, numpy {np.__version__}: {len(changed)} changed {changed}")
    return 1 if changed and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
