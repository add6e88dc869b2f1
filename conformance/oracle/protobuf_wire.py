"""A reader and writer of Protocol Buffers by the layouts under vectors/layouts: plain Python, nothing else.

A message is a dict from field names to values; a repeated field is a list, a message a dict, an enumeration a number. Writing gives the
canonical encoding of the native form's chapter 3.2: ascending field numbers, shortest integers, lists of numbers packed where the layout
says so. What stands in the dict is written, zero or not; a float may be given as its bytes, which keeps the payload of a NaN, and is read so
where a layout is asked for `float_bytes`. Reading takes any valid encoding, and the last of several where a field stands once.
"""
import pathlib
import re
import struct
from typing import NamedTuple

LAYOUTS = pathlib.Path(__file__).resolve().parents[2] / "vectors" / "layouts"
FIXED = {"float": "<f", "double": "<d", "fixed32": "<I", "fixed64": "<Q", "sfixed32": "<i", "sfixed64": "<q"}
VARINTS = {"int32", "int64", "uint32", "uint64", "sint32", "sint64", "bool", "enum"}
MASK = (1 << 64) - 1


class Field(NamedTuple):
    """A field of a message as the layout has it."""
    name: str
    number: int
    type: str
    repeated: bool
    packed: bool


class Layout:
    """The messages of a format. The layouts are YAML, and of such a plain kind that two patterns read them."""

    def __init__(self, path, float_bytes=False):
        self.root, self.messages, self.float_bytes = "", {}, float_bytes
        for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
            if m := re.fullmatch(r"    (\w+): \{number: (\d+), type: ([\w.]+)(, repeated: true)?(, packed: true)?\}", line):
                self.messages[message][m[1]] = Field(m[1], int(m[2]), m[3], bool(m[4]), bool(m[5]))
            elif m := re.fullmatch(r"  ([\w.]+):(?: \{\})?", line):
                message = m[1]
                self.messages[message] = {}
            elif m := re.fullmatch(r"root: (\w+)", line):
                self.root = m[1]
            elif line and not line.startswith("#") and line != "messages:":
                raise ValueError(f"{path}:{number}: {line}")

    # ------------------------------------------------------------------------------------------------------------ writing

    def write(self, fields, message=None):
        """The bytes of a message."""
        known = self.messages[message or self.root]
        unknown = fields.keys() - known.keys()
        if unknown:
            raise KeyError(f"{message or self.root} has no {sorted(unknown)}")
        out = bytearray()
        for field in sorted((known[name] for name in fields), key=lambda f: f.number):
            value = fields[field.name]
            if field.packed:
                if value:
                    run = b"".join(self._bare(field, v) for v in value)
                    out += varint(field.number << 3 | 2) + varint(len(run)) + run
                continue
            for item in value if field.repeated else [value]:
                out += varint(field.number << 3 | wire_type(field.type)) + self._bare(field, item)
        return bytes(out)

    def _bare(self, field, value):
        """A value without its tag."""
        if field.type in FIXED:
            return value if isinstance(value, bytes) else struct.pack(FIXED[field.type], value)
        if field.type.startswith("sint"):
            return varint((value << 1 ^ value >> 63) & MASK)
        if field.type in VARINTS:
            return varint(int(value) & MASK)
        data = value if field.type == "bytes" else value.encode() if field.type == "string" else self.write(value, field.type)
        return varint(len(data)) + data

    # ------------------------------------------------------------------------------------------------------------ reading

    def read(self, data, message=None):
        """The message in `data`; fields that the layout lacks are skipped."""
        known = {field.number: field for field in self.messages[message or self.root].values()}
        out = {}
        for number, kind, value in scan(data):
            field = known.get(number)
            if field is None:
                continue
            if kind == 2 and field.type in VARINTS | FIXED.keys():
                if not field.repeated:
                    raise ValueError(f"{field.name}: a run for a single number")
                out.setdefault(field.name, []).extend(numbers(field.type, value, self.float_bytes))
                continue
            if kind != wire_type(field.type):
                raise ValueError(f"{field.name}: wire type {kind}")
            item = self._value(field, value)
            if field.repeated:
                out.setdefault(field.name, []).append(item)
            else:
                out[field.name] = item
        return out

    def _value(self, field, value):
        if field.type == "bytes":
            return bytes(value)
        if field.type == "string":
            return bytes(value).decode()
        if field.type in VARINTS:
            return number(field.type, value)
        if field.type in FIXED:
            return bytes(value) if self.float_bytes else struct.unpack(FIXED[field.type], value)[0]
        return self.read(value, field.type)


def wire_type(kind):
    """The wire type of a field's type when it is not packed."""
    if kind in VARINTS:
        return 0
    if kind in FIXED:
        return 1 if struct.calcsize(FIXED[kind]) == 8 else 5
    return 2


def varint(value):
    """An unsigned number in as few bytes as it takes."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def take_varint(data, at):
    """A variable-length number at a place, modulo 2^64, and the place behind it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value & MASK, at
        if shift > 63:
            raise ValueError("a number of more than ten bytes")


def scan(data):
    """The fields of a message: number, wire type and what follows."""
    data, at = memoryview(data), 0
    while at < len(data):
        tag, at = take_varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = take_varint(data, at)
        elif kind in (1, 2, 5):
            length = {1: 8, 5: 4}.get(kind)
            if length is None:
                length, at = take_varint(data, at)
            if at + length > len(data):
                raise ValueError("a field leaves its message")
            value, at = data[at:at + length], at + length
        else:
            raise ValueError(f"wire type {kind}")
        yield tag >> 3, kind, value


def number(kind, value):
    """What a variable-length number of 64 bits means for a type."""
    if kind.startswith("sint"):
        return value >> 1 ^ -(value & 1)
    if kind == "bool":
        return value != 0
    if kind in ("uint32", "int32", "enum"):
        value &= 0xFFFF_FFFF
        return value - (1 << 32) if kind != "uint32" and value >> 31 else value
    return value - (1 << 64) if kind == "int64" and value >> 63 else value


def numbers(kind, run, float_bytes=False):
    """The values of a packed run."""
    if kind in FIXED:
        size = struct.calcsize(FIXED[kind])
        if len(run) % size:
            raise ValueError("a run that is cut")
        pieces = [bytes(run[at:at + size]) for at in range(0, len(run), size)]
        return pieces if float_bytes else [struct.unpack(FIXED[kind], piece)[0] for piece in pieces]
    values, at = [], 0
    while at < len(run):
        value, at = take_varint(run, at)
        values.append(number(kind, value))
    return values
