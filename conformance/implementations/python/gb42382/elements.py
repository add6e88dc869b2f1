"""Elements of a tensor as arrays of codes, and the conversions of 7.1, section 3."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy

from .element_types import BITS, byte_count, code_values, pack_codes, unpack_codes

FLOATS = ("f64", "f32", "f16", "bf16")
NARROW_FLOATS = ("f32", "f16", "bf16")
SCALES = ("f32", "f16", "bf16", "f8e8m0", "f8e4m3fn")
_NATIVE = {"f64": "<f8", "f32": "<f4", "f16": "<f2"}
_QUIET = {"f64": 0x7FF8 << 48, "f32": 0x7FC00000, "f16": 0x7E00, "bf16": 0x7FC0}


class Form(NamedTuple):
    """An element type and dims."""

    element_type: str
    dims: tuple[int, ...]

    @property
    def count(self) -> int:
        """The number of elements."""
        return math.prod(self.dims)

    @property
    def bytes(self) -> int:
        """The bytes of the elements, packed."""
        return byte_count(self.element_type, self.count)

    @property
    def bits(self) -> int:
        """Bits of an element."""
        return BITS[self.element_type]

    @property
    def floating(self) -> bool:
        """Whether the elements are real floating numbers."""
        return self.element_type[0] == "f" or self.element_type == "bf16"

    @property
    def signed(self) -> bool:
        """Whether the elements are signed integers."""
        return self.element_type[0] == "i"

    @property
    def unsigned(self) -> bool:
        """Whether the elements are unsigned integers."""
        return self.element_type[0] == "u"

    @property
    def complex(self) -> bool:
        """Whether the elements are complex."""
        return self.element_type.startswith("complex")


@dataclass(frozen=True)
class Elements:
    """Elements of a form: their codes in row-major order, as unsigned numbers (128 bits: as bytes)."""

    form: Form
    codes: numpy.ndarray

    @classmethod
    def of(cls, form: Form, data: bytes) -> Elements:
        """From the bytes of the elements."""
        if form.bits < 8:
            return cls(form, unpack_codes(data, form.bits, form.count))
        return cls(form, numpy.frombuffer(data, code_type(form.element_type)))

    @classmethod
    def zeros(cls, form: Form) -> Elements:
        """All codes 0."""
        return cls(form, numpy.zeros(form.count, code_type(form.element_type)))

    def bytes(self) -> bytes:
        """The bytes of the elements, packed."""
        return pack_codes(self.codes, self.form.bits) if self.form.bits < 8 else self.codes.tobytes()

    def shaped(self) -> numpy.ndarray:
        """The codes with the dims."""
        return self.codes.reshape(self.form.dims)

    def integers(self) -> numpy.ndarray:
        """The numbers that codes of integers stand for, i64 (u64 as u64), with the dims."""
        codes = self.shaped()
        if self.form.element_type == "u64":
            return codes
        numbers = codes.astype("i8") if self.form.bits < 64 else codes.view("<i8")
        if self.form.signed and self.form.bits < 64:
            numbers = numpy.where(numbers >> (self.form.bits - 1), numbers - (1 << self.form.bits), numbers)
        return numbers

    def singles(self) -> numpy.ndarray:
        """The exact values of floating codes (but f64) as f32, with the dims."""
        kind = self.form.element_type
        if kind == "f32":
            values = self.codes.view("<f4")
        elif kind == "f16":
            values = self.codes.view("<f2").astype("<f4")
        elif kind == "bf16":
            values = (self.codes.astype("<u4") << 16).view("<f4")
        else:
            values = code_values(kind).astype("<f4")[self.codes]
        return values.reshape(self.form.dims)

    def doubles(self) -> numpy.ndarray:
        """The exact values of floating codes as f64, with the dims."""
        if self.form.element_type == "f64":
            return self.codes.view("<f8").reshape(self.form.dims)
        with numpy.errstate(invalid="ignore"):  # signalling NaN
            return self.singles().astype("<f8")


def code_type(element_type: str) -> str:
    """The type of array that holds codes."""
    bits = BITS[element_type]
    return "u1" if bits <= 8 else "V16" if bits == 128 else f"<u{bits // 8}"


def of_integers(form: Form, numbers: numpy.ndarray) -> Elements:
    """Elements from numbers that lie in their type."""
    return Elements(form, (numbers.reshape(-1) & ((1 << form.bits) - 1)).astype(code_type(form.element_type)))


def of_singles(form: Form, values: numpy.ndarray) -> Elements:
    """T of 7.1, section 3: f32 values as f64, f32, f16 or bf16, once to nearest, ties to even; NaN becomes the quiet one."""
    values = numpy.ascontiguousarray(values, "<f4").reshape(-1)
    kind = form.element_type
    if kind == "bf16":
        bits = values.view("<u4").astype("<u8")
        codes = ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2")
    else:
        with numpy.errstate(over="ignore", invalid="ignore"):
            codes = values.astype(_NATIVE[kind]).view(code_type(kind))
    codes = numpy.where(numpy.isnan(values), numpy.array(_QUIET[kind], code_type(kind)), codes)
    return Elements(form, codes)


def finite(elements: Elements) -> bool:
    """Whether no element is NaN or infinite."""
    return bool(numpy.isfinite(elements.doubles()).all())


def narrowest(largest: int, bits: tuple[int, ...]) -> str:
    """The narrowest unsigned type of these widths that holds a number."""
    for width in bits:
        if largest < 1 << width:
            return f"u{width}"
    return f"u{bits[-1]}"
