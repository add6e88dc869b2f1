"""The wire format of Protocol Buffers, read with bounds: variable-length integers, tags, groups."""

from __future__ import annotations

import struct

VARINT, FIXED64, BYTES, START_GROUP, END_GROUP, FIXED32 = 0, 1, 2, 3, 4, 5


class WireBroken(Exception):
    """The bytes are no sequence of fields, or (`deep`) groups are nested too deep; what is wrong stands at `offset`."""

    def __init__(self, offset: int, note: str, deep: bool = False) -> None:
        super().__init__(note)
        self.offset, self.note, self.deep = offset, note, deep


def read_varint(data: bytes, at: int, end: int) -> tuple[int, int]:
    """The integer at `at` and where the next thing begins; WireBroken beyond 64 bits or the end."""
    if at < end and data[at] < 0x80:
        return data[at], at + 1
    value = shift = 0
    position = at
    while position < end:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value >> 64:
                raise WireBroken(at, "an integer of more than 64 bits")
            return value, position
        shift += 7
        if shift >= 70:
            raise WireBroken(at, "an integer of more than ten bytes")
    raise WireBroken(at, "an integer is cut off")


def varint(value: int) -> bytes:
    """The shortest encoding of an unsigned integer."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def varint_size(value: int) -> int:
    """The number of bytes of the shortest encoding."""
    return max(1, (value.bit_length() + 6) // 7)


def zigzag(value: int) -> int:
    """The unsigned number that stands for a signed one."""
    return value * 2 if value >= 0 else -value * 2 - 1


def unzigzag(value: int) -> int:
    """The signed number that an unsigned one stands for."""
    return value >> 1 if value & 1 == 0 else -(value >> 1) - 1


def read_tag(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """Number and wire type of the field at `at`, and where its value begins."""
    tag, position = read_varint(data, at, end)
    if position - at > 5 or tag >> 32:
        raise WireBroken(at, "a tag of more than five bytes or 32 bits")
    number, wire_type = tag >> 3, tag & 7
    if number == 0 or number >= 1 << 29:
        raise WireBroken(at, f"a field has the number {number}")
    if wire_type > FIXED32:
        raise WireBroken(at, f"wire type {wire_type} does not exist")
    return number, wire_type, position


def read_value(data: bytes, at: int, end: int, wire_type: int, number: int, room: int = 100) -> tuple[int | tuple[int, int], int]:
    """The value at `at`: an integer, or the place of its bytes; and where the next field begins. Groups are skipped,
    `room` of them in each other."""
    if wire_type == VARINT:
        return read_varint(data, at, end)
    if wire_type == BYTES:
        length, begin = read_varint(data, at, end)
        if length > end - begin:
            raise WireBroken(at, f"{length} bytes of which {end - begin} are there")
        return (begin, begin + length), begin + length
    if wire_type in (FIXED64, FIXED32):
        size = 8 if wire_type == FIXED64 else 4
        if size > end - at:
            raise WireBroken(at, "a number is cut off")
        return (at, at + size), at + size
    if wire_type == START_GROUP:
        stop = _skip_group(data, at, end, number, room)
        return (at, stop), stop
    raise WireBroken(at, "a group ends that did not begin")


def _skip_group(data: bytes, at: int, end: int, number: int, room: int) -> int:
    """Where the bytes behind a group begin."""
    open_groups = [number]
    while open_groups:
        if len(open_groups) > room:
            raise WireBroken(at, f"more than {room} groups in each other", deep=True)
        begin = at
        inner, wire_type, at = read_tag(data, at, end)
        if wire_type == START_GROUP:
            open_groups.append(inner)
        elif wire_type == END_GROUP:
            if open_groups.pop() != inner:
                raise WireBroken(begin, "a group is closed by another number")
        else:
            _, at = read_value(data, at, end, wire_type, inner)
    return at


def double(data: bytes, at: int) -> float:
    """The binary64 at `at`."""
    return float(struct.unpack_from("<d", data, at)[0])


def single(data: bytes, at: int) -> float:
    """The binary32 at `at`, widened; a NaN comes out as a NaN."""
    return float(struct.unpack_from("<f", data, at)[0])
