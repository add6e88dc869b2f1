"""Element types (6.1 files and element types, section 7): sizes, widening to numbers, packing below a byte."""

from __future__ import annotations

from functools import lru_cache

import numpy

#: Bits of an element; `string` has none.
BITS: dict[str, int] = {
    "f64": 64, "f32": 32, "f16": 16, "bf16": 16, "f8e4m3fn": 8, "f8e4m3fnuz": 8, "f8e5m2": 8, "f8e5m2fnuz": 8,
    "f8e8m0": 8, "f6e2m3": 6, "f6e3m2": 6, "f4e2m1": 4, "i64": 64, "i32": 32, "i16": 16, "i8": 8, "i4": 4, "i2": 2,
    "u64": 64, "u32": 32, "u16": 16, "u8": 8, "u4": 4, "u2": 2, "bool": 8, "complex64": 64, "complex128": 128}

# exponent bits, fraction bits, bias of the types below two bytes
_SMALL = {"f8e4m3fn": (4, 3, 7), "f8e4m3fnuz": (4, 3, 8), "f8e5m2": (5, 2, 15), "f8e5m2fnuz": (5, 2, 16),
          "f6e2m3": (2, 3, 1), "f6e3m2": (3, 2, 3), "f4e2m1": (2, 1, 1)}

_PLAIN = {"f64": "<f8", "f32": "<f4", "f16": "<f2", "i64": "<i8", "i32": "<i4", "i16": "<i2", "i8": "i1",
          "u64": "<u8", "u32": "<u4", "u16": "<u2", "u8": "u1"}


def byte_count(element_type: str, count: int) -> int:
    """Bytes of that many elements, packed."""
    return (count * BITS[element_type] + 7) // 8


@lru_cache(maxsize=None)
def code_values(element_type: str) -> numpy.ndarray:
    """The value of each code of a type of at most eight bits, as f64."""
    bits = BITS[element_type]
    codes = numpy.arange(1 << bits)
    if element_type == "f8e8m0":
        values = numpy.ldexp(1.0, codes - 127)
        values[255] = numpy.nan
        return values
    exponent_bits, fraction_bits, bias = _SMALL[element_type]
    sign = numpy.where(codes >> (bits - 1), -1.0, 1.0)
    exponent = (codes >> fraction_bits) & ((1 << exponent_bits) - 1)
    fraction = (codes & ((1 << fraction_bits) - 1)) / (1 << fraction_bits)
    values = sign * numpy.where(exponent == 0, numpy.ldexp(fraction, 1 - bias), numpy.ldexp(1 + fraction, exponent - bias))
    if element_type == "f8e4m3fn":
        values[[0x7F, 0xFF]] = numpy.nan
    elif element_type.endswith("fnuz"):
        values[0x80] = numpy.nan
    elif element_type == "f8e5m2":
        top = exponent == 31
        values[top] = numpy.where(fraction[top] == 0, sign[top] * numpy.inf, numpy.nan)
    return values


def unpack_codes(data: bytes, bits: int, count: int) -> numpy.ndarray:
    """The codes of elements below a byte, low-order bits first."""
    stream = numpy.unpackbits(numpy.frombuffer(data, "u1"), bitorder="little")[: count * bits].reshape(count, bits)
    return numpy.packbits(stream, axis=1, bitorder="little")[:, 0] if count else numpy.zeros(0, "u1")


def pack_codes(codes: numpy.ndarray, bits: int) -> bytes:
    """The bytes of codes below a byte; the unused bits of the last one are zero."""
    stream = numpy.unpackbits(numpy.asarray(codes, "u1").reshape(-1, 1), axis=1, bitorder="little")[:, :bits]
    return numpy.packbits(stream.reshape(-1), bitorder="little").tobytes()


def values(element_type: str, data: bytes, count: int) -> list[object]:
    """The elements as numbers of Python, widened exactly; parts of complex ones one after the other."""
    if element_type == "bool":
        return [bool(code) for code in data[:count]]
    if element_type in ("complex64", "complex128"):
        return numpy.frombuffer(data, "<f4" if element_type == "complex64" else "<f8").tolist()
    if element_type in _PLAIN:
        return numpy.frombuffer(data, _PLAIN[element_type]).tolist()
    if element_type == "bf16":
        return (numpy.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4").tolist()
    bits = BITS[element_type]
    codes = unpack_codes(data, bits, count) if bits < 8 else numpy.frombuffer(data, "u1")
    if element_type[0] in "iu":
        numbers = codes.astype("i8")
        if element_type[0] == "i":
            numbers = numpy.where(numbers >> (bits - 1), numbers - (1 << bits), numbers)
        return numbers.tolist()
    return code_values(element_type)[codes].tolist()
