"""Elements, packing and exact arithmetic for the methods of profile clause 7: NumPy, and nothing else.

An `Array` holds the codes of its elements (the bits of one element as an unsigned integer, profile 6.1, files and element types, section 7), so
that lossless methods keep every NaN. Complex elements are two codes, in one more dim. Arithmetic is IEEE 754, one operation after the other:
NumPy rounds each of them once, to nearest, ties to even.
"""
import hashlib
import struct

import numpy as np


class Refused(Exception):
    """A violated requirement, by its key; whether it follows from that of a base, or else the names of a circle of references."""

    def __init__(self, key, expected=None, actual=None, follows=False, circle=()):
        super().__init__(f"{key} expected={expected} actual={actual}")
        self.key, self.expected, self.actual, self.follows, self.circle = key, expected, actual, follows, circle


def need(holds, key, expected=None, actual=None):
    if not holds:
        raise Refused(key, expected, actual)


# ------------------------------------------------------------------------------------------------------- element types

# Names in the order of their numbers in the native form, from 1 on, with bits; string has no codes.
NUMBERED = [("f64", 64), ("f32", 32), ("f16", 16), ("bf16", 16), ("f8e4m3fn", 8), ("f8e4m3fnuz", 8), ("f8e5m2", 8), ("f8e5m2fnuz", 8),
            ("f8e8m0", 8), ("f6e2m3", 6), ("f6e3m2", 6), ("f4e2m1", 4), ("i64", 64), ("i32", 32), ("i16", 16), ("i8", 8), ("i4", 4), ("i2", 2),
            ("u64", 64), ("u32", 32), ("u16", 16), ("u8", 8), ("u4", 4), ("u2", 2), ("bool", 8), ("string", 0), ("complex64", 64),
            ("complex128", 128)]
BITS = dict(NUMBERED)
NUMBER = {name: index + 1 for index, (name, _) in enumerate(NUMBERED)}
COMPLEX = {"complex64": "f32", "complex128": "f64"}
# sign, exponent and fraction bits, bias; what the codes beyond the finite ones are
FLOATS = {"bf16": (1, 8, 7, 127, "ieee"), "f16": (1, 5, 10, 15, "ieee"), "f8e4m3fn": (1, 4, 3, 7, "fn"), "f8e4m3fnuz": (1, 4, 3, 8, "uz"),
          "f8e5m2": (1, 5, 2, 15, "ieee"), "f8e5m2fnuz": (1, 5, 2, 16, "uz"), "f6e2m3": (1, 2, 3, 1, "all"), "f6e3m2": (1, 3, 2, 3, "all"),
          "f4e2m1": (1, 2, 1, 1, "all")}
FLOATING = {"f64", "f32", "f8e8m0"} | set(FLOATS)
SIGNED = {f"i{bits}" for bits in (64, 32, 16, 8, 4, 2)}
UNSIGNED = {f"u{bits}" for bits in (64, 32, 16, 8, 4, 2)}
_tables = {}


def word(bits):
    """The unsigned NumPy type that holds a code of so many bits."""
    return np.dtype(next(f"u{size}" for size in (1, 2, 4, 8) if bits <= 8 * size))


def table(kind):
    """The values of all codes of a small floating type, as f64."""
    if kind not in _tables:
        if kind == "f8e8m0":
            values = np.ldexp(1.0, np.arange(256) - 127)
            values[255] = np.nan
        else:
            sign, exponent, fraction, bias, special = FLOATS[kind]
            codes = np.arange(1 << exponent + fraction)
            e, f = codes >> fraction, codes & (1 << fraction) - 1
            values = np.where(e > 0, np.ldexp(1 + f / (1 << fraction), e - bias), np.ldexp(f / (1 << fraction), 1 - bias))
            if special == "ieee":
                values[e == (1 << exponent) - 1] = np.nan
                values[(e == (1 << exponent) - 1) & (f == 0)] = np.inf
            if special == "fn":
                values[-1] = np.nan
            values = np.concatenate([values, -values])
            if special == "uz":
                values[1 << exponent + fraction] = np.nan
        _tables[kind] = values
    return _tables[kind]


def greatest(kind):
    """The greatest finite value of a floating type, as f64."""
    if kind in ("f64", "f32"):
        return float(np.finfo(kind.replace("f", "float")).max)
    values = table(kind)
    return float(values[np.isfinite(values)].max())


def f64(kind, codes):
    """The values of codes, as f64: exact but for 64-bit integers; integers beyond 2**53 are never asked for."""
    codes = np.asarray(codes)
    if kind == "f64":
        return codes.astype("<u8").view("<f8")
    if kind == "f32":
        with np.errstate(invalid="ignore"):
            return codes.astype("<u4").view("<f4").astype(np.float64)
    if kind in FLOATING:
        return table(kind)[codes.astype(np.int64)]
    if kind in SIGNED or kind in UNSIGNED or kind == "bool":
        return integers(kind, codes).astype(np.float64)
    raise ValueError(kind)


def integers(kind, codes):
    """The values of codes of an integer type: i64, but u64 for u64."""
    bits = BITS[kind]
    codes = np.asarray(codes)
    if kind == "u64":
        return codes.astype(np.uint64)
    values = codes.astype(np.uint64).view(np.int64)
    if kind in SIGNED and bits < 64:
        half = np.int64(1 << bits - 1)
        values = (values ^ half) - half
    return values


def codes_of_integers(kind, values):
    mask = np.uint64((1 << BITS[kind]) - 1)
    return (np.asarray(values).astype(np.int64).view(np.uint64) & mask).astype(word(BITS[kind]))


def codes_of(kind, values):
    """The nearest codes of f64 values, as profile 6.1 converts, ties to the even code; NaN is the quiet NaN of profile 7.1 where there is one."""
    values = np.asarray(values, np.float64)
    if kind == "f64":
        out = values.copy().view(np.uint64)
        return np.where(np.isnan(values), out & np.uint64(1 << 63) | np.uint64(0x7FF8 << 48), out)
    with np.errstate(over="ignore", invalid="ignore"):
        if kind == "f32":
            out = values.astype(np.float32).view(np.uint32)
            return np.where(np.isnan(values), np.signbit(values).astype(np.uint32) << np.uint32(31) | np.uint32(0x7FC00000), out).astype(np.uint32)
    if kind == "f8e8m0":
        return _codes_e8m0(values)
    sign, exponent, fraction, bias, special = FLOATS[kind]
    half = 1 << exponent + fraction
    positive = table(kind)[:half]
    finite = positive[np.isfinite(positive)]
    middle = (finite[:-1] + finite[1:]) / 2
    magnitude = np.abs(values)
    nan = np.isnan(values)
    index = np.searchsorted(middle, np.where(nan, 0, magnitude), side="left")
    tie = (index < len(middle)) & (middle[np.minimum(index, len(middle) - 1)] == magnitude)
    index = index + (tie & (index % 2 == 1))
    limit = finite[-1] + (finite[-1] - finite[-2]) / 2
    # A tie at the limit goes up where the greatest code is odd, as it always is in types with infinities.
    beyond = magnitude >= limit if len(finite) % 2 == 0 else magnitude > limit
    top = len(finite) - 1
    index = np.where(beyond, {"ieee": top + 1, "fn": half - 1, "uz": half, "all": top}[special], index)
    minus = np.signbit(values)
    out = index + np.where(minus, half, 0)
    if special == "uz":
        out = np.where((index == 0) | beyond, index, out)
        out = np.where(nan, half, out)
    elif special == "all":
        need(not nan.any(), "quantizer-input-finite", "no NaN", kind)
    else:
        quiet = half - 1 if special == "fn" else top + 1 + (1 << fraction - 1)
        out = np.where(nan, quiet + np.where(minus, half, 0), out)
    return out.astype(word(BITS[kind]))


def _codes_e8m0(values):
    with np.errstate(all="ignore"):
        mantissa, exponent = np.frexp(np.where(np.isfinite(values) & (values > 0), values, 1))
        code = exponent - 1 + 127 + (mantissa >= 0.75)  # ties go to the greater power
        code = np.maximum(code, 0)
        bad = ~(values > 0) | (code > 254) | np.isinf(values)
    return np.where(bad, 255, code).astype(np.uint8)


# -------------------------------------------------------------------------------------------------------------- arrays

class Array:
    """A tensor: element type, dims, and the codes of its elements in row-major order. Complex: two codes for each, in one more dim."""

    def __init__(self, kind, dims, codes):
        self.kind, self.dims = kind, tuple(int(size) for size in dims)
        shape = self.dims + ((2,) if kind in COMPLEX else ())
        bits = BITS[COMPLEX.get(kind, kind)]
        self.codes = np.asarray(codes).astype(word(bits)).reshape(shape)

    @property
    def count(self):
        return int(np.prod(self.dims, dtype=object)) if self.dims else 1

    @property
    def size(self):
        """Bytes as stored."""
        return -(-self.count * BITS[self.kind] // 8)

    @classmethod
    def of(cls, kind, values):
        """From values: nearest codes."""
        values = np.asarray(values)
        if kind in SIGNED or kind in UNSIGNED or kind == "bool":
            return cls(kind, values.shape, codes_of_integers(kind, values))
        return cls(kind, values.shape, codes_of(kind, values))

    @classmethod
    def from_bytes(cls, kind, dims, data):
        """Unpacks bytes as profile 6.1, section 8, has them."""
        count = int(np.prod(dims, dtype=object)) if len(dims) else 1
        bits = BITS[COMPLEX.get(kind, kind)]
        count *= 2 if kind in COMPLEX else 1
        need(len(data) == -(-count * bits // 8), "tensor-length-matches", -(-count * bits // 8), len(data))
        return cls(kind, dims, unpack(data, bits, count))

    def bytes(self):
        return pack(self.codes.reshape(-1), BITS[COMPLEX.get(self.kind, self.kind)])

    def f64(self):
        return f64(self.kind, self.codes)

    def integers(self):
        return integers(self.kind, self.codes)

    def digest(self):
        """SHA-256 of the elements as they are stored: the digest of clause 7 for a tensor."""
        return hashlib.sha256(self.bytes()).hexdigest()

    def __eq__(self, other):
        return isinstance(other, Array) and (self.kind, self.dims) == (other.kind, other.dims) and np.array_equal(self.codes, other.codes)

    def __repr__(self):
        return f"Array({self.kind}, {self.dims}, {self.bytes()[:16].hex()}…)"


def pack(codes, bits):
    """Codes of the given width, low-order bits first, without gaps; bits left over are zero."""
    codes = np.asarray(codes)
    if bits % 8 == 0:
        return codes.astype(word(bits).newbyteorder("<")).tobytes()
    spread = codes.astype(np.uint64)[:, None] >> np.arange(bits, dtype=np.uint64) & np.uint64(1)
    return np.packbits(spread.astype(np.uint8).reshape(-1), bitorder="little").tobytes()


def unpack(data, bits, count):
    if bits % 8 == 0:
        return np.frombuffer(data, word(bits).newbyteorder("<"), count)
    spread = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    spread = spread[: count * bits].reshape(count, bits).astype(np.uint64)
    return (spread << np.arange(bits, dtype=np.uint64)).sum(axis=1, dtype=np.uint64)


# ---------------------------------------------------------------------------------------------------------- arithmetic

def f32(values):
    """Rounds f64 to f32, once."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(values, np.float64).astype(np.float32)


def mul32(a, b):
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        return np.asarray(a, np.float32) * np.asarray(b, np.float32)


def add32(a, b):
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        return np.asarray(a, np.float32) + np.asarray(b, np.float32)


def total(values, axis=-1):
    """The sum of f64 values along an axis, one after the other in ascending order, from zero."""
    values = np.moveaxis(np.asarray(values, np.float64), axis, 0)
    return np.add.accumulate(np.concatenate([np.zeros((1, *values.shape[1:])), values]))[-1]


def product(left, right):
    """left · right in f64: products in f64, added in ascending order of the inner index, from zero. Of f32 factors each product is exact."""
    out = np.zeros((left.shape[0], right.shape[1]))
    with np.errstate(all="ignore"):
        for index in range(left.shape[1]):
            out = out + left[:, index, None] * right[None, index, :]
    return out


def rounded(values):
    """To the nearest integer, ties to even."""
    return np.rint(values)


def content_digest(tensors):
    """The content digest of profile 7.1: names, types, dims and elements of all tensors, whatever the files they lie in."""
    out = hashlib.sha256(b"GB42382-CONTENT 1\n")
    for name in sorted(tensors, key=lambda name: name.encode()):
        tensor, encoded = tensors[name], name.encode()
        out.update(struct.pack("<I", len(encoded)) + encoded + struct.pack("<II", NUMBER[tensor.kind], len(tensor.dims)))
        out.update(struct.pack(f"<{len(tensor.dims)}Q", *tensor.dims) + bytes.fromhex(tensor.digest()))
    return out.hexdigest()
