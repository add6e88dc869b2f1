"""The stage `entropy` (7.5): adaptive binary arithmetic decoding of levels and symbols, with the check of the one ending."""

from __future__ import annotations

import struct

import numpy

from .chain import Context
from .elements import Elements, code_type, of_integers
from .stages_quantizers import GREATEST_RUN, LEAST_RUN, TRELLISES, transitions

LEVELS, SYMBOLS = 1, 2
MARK = 0xA55A
ESCAPE = 20
MASK = (1 << 64) - 1


class Broken(Exception):
    """A run does not hold what it has to; the requirement is the argument."""


class Coded:
    """The coded part of a run (section 3). A context is a list [a, b, seen]."""

    def __init__(self, part: bytes) -> None:
        self._part, self._padded, self._at = part, part + bytes(8), 8
        self._range, self._value = MASK, int.from_bytes(self._padded[:8], "big")

    def bin(self, chance: int) -> int:
        """The next bin, of this chance to be 1 in 1/65,536."""
        taken = (self._range >> 16) * chance
        if self._value < taken:
            bit, self._range = 1, taken
        else:
            bit, self._value, self._range = 0, self._value - taken, self._range - taken
        if self._range < 1 << 32:
            following = self._part[self._at:self._at + 4]
            self._at += 4
            self._range <<= 32
            self._value = self._value << 32 | int.from_bytes(following.ljust(4, b"\0"), "big")
        return bit

    def adaptive(self, context: list[int]) -> int:
        """The next bin of a context, which learns from it (section 2)."""
        a, b, seen = context
        bit = self.bin(a + b >> 1)
        grown = (seen + 2).bit_length()
        k, l = min(grown, 5), min(grown, 8)
        if bit:
            context[:] = a + (65_535 - a >> k), b + (65_535 - b >> l), min(seen + 1, 126)
        else:
            context[:] = a - (a >> k), b - (b >> l), min(seen + 1, 126)
        return bit

    def finish(self) -> None:
        """The mark, and the one ending that an encoder writes."""
        mark = 0
        for _ in range(16):
            mark = mark << 1 | self.bin(32_768)
        if mark != MARK:
            raise Broken("P7.3-039")
        last = int.from_bytes(self._part[self._at - 8:self._at].ljust(8, b"\0"), "big")
        low = last - self._value & MASK
        for j in range(9):
            unit = 64 - 8 * j
            ending = -(-low >> unit) << unit
            if ending - low < self._range:
                break
        if ending - low != self._value or len(self._part) > self._at or self._part.endswith(b"\0"):
            raise Broken("P7.3-040")


class Plain:
    """The plain part of a run (section 4): bits, highest first."""

    def __init__(self, part: bytes) -> None:
        self._part, self._at = part, 0

    def bit(self) -> int:
        """The next bit."""
        if self._at >= 8 * len(self._part):
            raise Broken("P7.3-041")
        bit = self._part[self._at >> 3] >> 7 - (self._at & 7) & 1
        self._at += 1
        return bit

    def bits(self, count: int) -> int:
        """The next bits as a number."""
        number = 0
        for _ in range(count):
            number = number << 1 | self.bit()
        return number

    def finish(self) -> None:
        """Fewer than eight bits are left, and they are zero."""
        left = 8 * len(self._part) - self._at
        if left >= 8 or left and self._part[-1] & (1 << left) - 1:
            raise Broken("P7.3-042")


def fresh(count: int) -> list[list[int]]:
    """Contexts at the start of a run."""
    return [[32_768, 32_768, 0] for _ in range(count)]


def levels(coded: Coded, plain: Plain, count: int, columns: int, bits: int, states: int) -> list[int]:
    """The levels of a run (section 5)."""
    sets = [fresh(27) for _ in range(20)]
    table = transitions(states) if states else []
    out: list[int] = []
    row_mean, state, lowest, highest = 0, 0, -(1 << bits - 1), (1 << bits - 1) - 1
    column_means = [0] * min(columns, count)
    for index in range(count):
        column = index % columns
        if index == 0:
            activity = 256
        elif index < columns:
            activity = row_mean
        else:
            activity = row_mean + column_means[column] >> 1
        activity = max(activity, 32)
        octave = activity.bit_length() - 1
        contexts = sets[4 * min(octave - 5, 4) + (4 * activity >> octave) - 4]
        shift = max(octave - 8, 0)
        level = 0
        if coded.adaptive(contexts[state & 1]):
            negative = plain.bit()
            level = magnitude(coded, plain, contexts, shift) + 1
            if negative:
                level = -level
            if not lowest <= level <= highest:
                raise Broken("P7.3-044")
        out.append(level)
        size = 256 * min(abs(level), 65_535)
        row_mean += size - row_mean >> min(index.bit_length(), 7)
        column_means[column] += size - column_means[column] >> min((index // columns).bit_length(), 7)
        if states:
            state = table[state][level & 1]
    return out


def magnitude(coded: Coded, plain: Plain, contexts: list[list[int]], shift: int) -> int:
    """The magnitude of a level that is not 0, less 1."""
    high = 0
    while high < ESCAPE and coded.adaptive(contexts[2 + high]):
        high += 1
    if high == ESCAPE:
        length = 0
        while plain.bit():
            length += 1
            if length > 31:
                raise Broken("P7.3-043")
        high = ESCAPE - 1 + (1 << length | plain.bits(length))
    number = high
    if shift:
        number = number << 1 | coded.adaptive(contexts[22 + min(high, 4)])
    if shift > 1:
        number = number << shift - 1 | plain.bits(shift - 1)
    return number


def symbols(coded: Coded, count: int, bits: int) -> list[int]:
    """The codes of a run (section 6)."""
    contexts = fresh(1 << bits)
    out = []
    for _ in range(count):
        node = 1
        for _ in range(bits):
            node = node << 1 | coded.adaptive(contexts[node])
        out.append(node - (1 << bits))
    return out


def forward(context: Context) -> tuple[str, tuple[int | None, ...]]:
    """The stage takes small integers, or codes of a byte or less."""
    form, mode, states = context.form, context.number("mode"), context.number("states")
    if mode not in (LEVELS, SYMBOLS):
        context.refuse("P7.3-035", f"mode {mode}")
    context.accept(form.signed and form.bits <= 32 if mode == LEVELS else form.bits <= 8)
    if not LEAST_RUN <= context.number("run") <= GREATEST_RUN:
        context.refuse("P7.3-036", f"runs of {context.number('run')}")
    if states and (states not in TRELLISES or mode != LEVELS):
        context.refuse("P7.3-016", f"{states} states")
    before = context.before
    if before is not None and before.method == "uniform" and before.number("states"):
        if mode == LEVELS and states != before.number("states") or context.number("run") != before.number("restart"):
            context.refuse("P7.3-037", f"{states} states, runs of {context.number('run')}")
    return "u8", (None,)


def backward(context: Context, left: Elements) -> Elements:
    """The elements of all runs."""
    form, mode, run = context.form, context.number("mode"), context.number("run")
    data, count = left.codes.tobytes(), -(-form.count // run)
    if len(data) < 8 * count:
        context.refuse("P7.3-038", "the table is cut off")
    lengths = struct.unpack_from(f"<{2 * count}I", data)
    if sum(lengths) != len(data) - 8 * count:
        context.refuse("P7.3-038", "the lengths do not add up")
    at = 8 * count
    numbers: list[int] = []
    columns = max(1, form.dims[-1] if len(form.dims) >= 2 else form.count)
    for index in range(count):
        parts = []
        for length in lengths[2 * index:2 * index + 2]:
            parts.append(data[at:at + length])
            at += length
        coded, plain = Coded(parts[0]), Plain(parts[1])
        size = min(run, form.count - index * run)
        try:
            if mode == LEVELS:
                numbers += levels(coded, plain, size, columns, form.bits, context.number("states"))
            else:
                numbers += symbols(coded, size, form.bits)
            coded.finish()
            plain.finish()
        except Broken as broken:
            context.refuse(str(broken), f"run {index}")
    if mode == LEVELS:
        return of_integers(form, numpy.array(numbers, "i8"))
    return Elements(form, numpy.array(numbers, code_type(form.element_type)))
