"""Reads the binary native form (6.1 native form, section 3) into records, and says which rules of it are broken."""

from __future__ import annotations

import struct

from . import wire
from .faults import FaultLog, MALFORMED, REMARK, UNSUPPORTED
from .native_schema import ENUMERATIONS, MESSAGES, MINOR, Field, Message

MAGIC = bytes.fromhex("0a0b474234323338322d504d52")
MAXIMUM_DEPTH = 100
MAXIMUM_STRUCTURE = 256 << 20
MAXIMUM_TEXT = 16 << 20
MAXIMUM_MESSAGES = 1 << 22
MAXIMUM_MEMORY = 256 << 20
MAXIMUM_FILES = 100_000


class Record(dict[str, object]):
    """A message that was read: field names to values. A field that was left out as damaged is in `damaged`."""

    __slots__ = ("message", "unknown", "damaged", "offset")

    def __init__(self, message: Message, offset: int | None = None) -> None:
        super().__init__()
        self.message, self.offset = message, offset
        self.unknown = False
        self.damaged: set[str] = set()


class TooMuch(Exception):
    """A limit on the whole structure is reached; nothing more is read."""


class Meter:
    """Counts messages and memory of one structure (PMR-014)."""

    def __init__(self, log: FaultLog) -> None:
        self._log, self.messages, self.memory = log, 0, 0

    def count(self, messages: int, memory: int) -> None:
        """Adds to what was held so far; TooMuch where that is beyond a limit."""
        self.messages += messages
        self.memory += memory
        if self.messages > MAXIMUM_MESSAGES or self.memory > MAXIMUM_MEMORY:
            self._log.add("PMR-014", UNSUPPORTED, f"{self.messages} messages, {self.memory} bytes of memory")
            raise TooMuch


class BinaryReader:
    """Reads one file; faults go to the log."""

    def __init__(self, data: bytes, log: FaultLog) -> None:
        self._data, self._log = data, log
        self._later, self._minor = False, 0
        self._meter = Meter(log)
        self._limit_files_told = False

    def read(self) -> Record | None:
        """The top message, or None where its major version is another one."""
        major, minor = self._versions()
        if major is not None and major > 1:
            self._log.add("PMR-002", UNSUPPORTED, f"major version {major}", path="major")
            return None
        self._minor = minor or 0
        if self._minor > MINOR:
            self._later = True
            self._log.add("PMR-003", REMARK, f"minor version {minor}", path="minor")
        if not self._data.startswith(MAGIC):
            self._log.add("PMR-001", MALFORMED, "the file does not begin with the name of the form", offset=0)
        top = Record(MESSAGES["Model"], 0)
        try:
            self._fill(top, 0, len(self._data), 0)
        except wire.WireBroken as broken:
            self._log.add("PMR-013" if broken.deep else "PMR-004", MALFORMED, broken.note, offset=broken.offset)
            top.damaged.add("*")
        except TooMuch:
            top.damaged.add("*")
        else:
            check_record(top, self._log)
        return top

    def _versions(self) -> tuple[int | None, int | None]:
        """Major and minor version as they stand anywhere in the top message, the last of several."""
        versions: dict[int, int] = {}
        at, end = 0, len(self._data)
        try:
            while at < end:
                number, wire_type, at = wire.read_tag(self._data, at, end)
                value, at = wire.read_value(self._data, at, end, wire_type, number)
                if number in (2, 3) and isinstance(value, int):
                    versions[number] = value
        except wire.WireBroken:
            pass
        return versions.get(2), versions.get(3)

    def _fill(self, record: Record, at: int, end: int, depth: int) -> None:
        """Reads the fields between two offsets; WireBroken where they are none."""
        data, message, previous = self._data, record.message, 0
        self._meter.count(1, 32)
        members: dict[str, str] = {}
        while at < end:
            begin = at
            number, wire_type, at = wire.read_tag(data, at, end)
            if at - begin > wire.varint_size(number << 3):
                self._advise("PMR-016", "a tag in more bytes than it takes", begin)
            value_at = at
            value, at = wire.read_value(data, at, end, wire_type, number, MAXIMUM_DEPTH - depth)
            if number < previous:
                self._advise("PMR-015", f"field {number} stands behind field {previous}", begin)
            previous = max(previous, number)
            entry = message.fields.get(number)
            if entry is None or entry.since > self._minor:
                self._log.add("PMR-007", UNSUPPORTED if self._later else MALFORMED,
                              f"{message.name} has no field {number}", offset=begin)
                record.unknown = True
                continue
            if entry.presence != "l":
                self._once(record, entry, begin, members)
            if not (wire_type == entry.wire_type or wire_type == wire.BYTES and entry.packed):
                self._log.add("PMR-005", MALFORMED, f"{entry.name} with wire type {wire_type}", offset=begin)
                record.damaged.add(entry.name)
                continue
            if isinstance(value, int):
                if at - value_at > wire.varint_size(value):
                    self._advise("PMR-016", f"{entry.name} in more bytes than it takes", value_at)
            elif wire_type == wire.BYTES and value[0] - value_at > wire.varint_size(value[1] - value[0]):
                self._advise("PMR-016", f"the length of {entry.name} in more bytes than it takes", value_at)
            if entry.presence == "l":
                self._element(record, entry, value, wire_type, begin, depth)
            else:
                self._singular(record, entry, value, begin, depth)

    def _advise(self, requirement: str, note: str, offset: int) -> None:
        self._log.add(requirement, MALFORMED, note, offset=offset)

    def _once(self, record: Record, entry: Field, begin: int, members: dict[str, str]) -> None:
        """A field that stands once, and members of a oneof among each other: the last of several counts (I-071)."""
        group = entry.oneof or entry.name
        if group in members:
            self._log.add("PMR-006", MALFORMED, f"{group} stands twice", offset=begin)
            record.pop(members[group], None)
        members[group] = entry.name

    def _singular(self, record: Record, entry: Field, value: int | tuple[int, int], begin: int, depth: int) -> None:
        """Keeps a field that stands once."""
        read = self._value(record, entry, value, begin, depth)
        if read is None:
            record.damaged.add(entry.name)
            return
        record.damaged.discard(entry.name)
        record[entry.name] = read
        if entry.presence == "z" and not read:
            self._advise("PMR-018", f"{entry.name} is written though it is zero", begin)

    def _element(self, record: Record, entry: Field, value: int | tuple[int, int], wire_type: int, begin: int,
                 depth: int) -> None:
        """Keeps an element of a list, or a run of packed numbers."""
        if entry.name in record.damaged and entry.name == "files":
            return
        elements = record.setdefault(entry.name, [])
        assert isinstance(elements, list)
        if entry.packed:
            if wire_type != wire.BYTES or elements:
                self._advise("PMR-017", f"{entry.name} is not one packed field", begin)
            numbers = self._packed(entry, value) if wire_type == wire.BYTES else [self._value(record, entry, value, begin, depth)]
            if not numbers:
                self._advise("PMR-018", f"{entry.name} is written though it is empty", begin)
            self._meter.count(0, 8 * len(numbers))
            elements.extend(numbers)
            return
        if entry.name == "files" and len(elements) >= MAXIMUM_FILES:
            self._log.add("PMR-014", UNSUPPORTED, f"more than {MAXIMUM_FILES} files", offset=begin)
            record.damaged.add(entry.name)
            return
        read = self._value(record, entry, value, begin, depth)
        if read is None:
            record.damaged.add(entry.name)
        else:
            elements.append(read)

    def _packed(self, entry: Field, place: int | tuple[int, int]) -> list[object]:
        assert isinstance(place, tuple)
        at, end = place
        if entry.kind == "float":
            if (end - at) % 4:
                raise wire.WireBroken(at, "a packed list of numbers is cut off")
            return [self._float(place_of) for place_of in range(at, end, 4)]
        numbers: list[object] = []
        while at < end:
            begin = at
            value, at = wire.read_varint(self._data, at, end)
            if at - begin > wire.varint_size(value):
                self._advise("PMR-016", f"an element of {entry.name} in more bytes than it takes", begin)
            numbers.append(wire.unzigzag(value))
        return numbers

    def _float(self, at: int) -> float:
        value = wire.single(self._data, at)
        if value != value and self._data[at:at + 4] != b"\x00\x00\xc0\x7f":
            self._advise("PMR-019", "a NaN with other bits", at)
        return value

    def _value(self, record: Record, entry: Field, value: int | tuple[int, int], begin: int, depth: int) -> object:
        """The value of a field, None where it is left out."""
        if entry.kind == "message":
            assert isinstance(value, tuple)
            return self._message(entry, value, begin, depth)
        if isinstance(value, int):
            return self._integer(entry, value, begin)
        if entry.kind == "float":
            return self._float(value[0])
        if entry.kind == "double":
            number = wire.double(self._data, value[0])
            if number != number and self._data[value[0]:value[1]] != struct.pack("<Q", 0x7FF8 << 48):
                self._advise("PMR-019", "a NaN with other bits", value[0])
            return number
        return self._text(entry, value, begin)

    def _message(self, entry: Field, place: tuple[int, int], begin: int, depth: int) -> Record | None:
        if depth >= MAXIMUM_DEPTH:
            self._log.add("PMR-013", MALFORMED, f"more than {MAXIMUM_DEPTH} messages in each other", offset=begin)
            return None
        inner = Record(MESSAGES[entry.target], begin)
        try:
            self._fill(inner, *place, depth + 1)
        except wire.WireBroken as broken:
            self._log.add("PMR-013" if broken.deep else "PMR-004", MALFORMED, broken.note, offset=broken.offset)
            return None
        check_record(inner, self._log)
        return inner

    def _integer(self, entry: Field, value: int, begin: int) -> object:
        if entry.kind == "sint64":
            return wire.unzigzag(value)
        if entry.kind == "bool" and value > 1 or entry.kind == "uint32" and value >> 32:
            self._log.add("PMR-010", MALFORMED, f"{entry.name} is {value}", offset=begin)
            return None
        if entry.kind == "bool":
            return bool(value)
        if entry.kind == "enum" and value >= len(ENUMERATIONS[entry.target]):
            self._log.add("PMR-009", UNSUPPORTED if self._later else MALFORMED, f"{entry.name} is {value}", offset=begin)
            return None
        return value

    def _text(self, entry: Field, place: tuple[int, int], begin: int) -> object:
        size = place[1] - place[0]
        if size > MAXIMUM_TEXT:
            self._log.add("PMR-014", UNSUPPORTED, f"{entry.name} has {size} bytes", offset=begin)
            return None
        self._meter.count(0, size)
        raw = self._data[place[0]:place[1]]
        if entry.kind == "bytes":
            return raw
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            self._log.add("PMR-011", MALFORMED, f"{entry.name} is not UTF-8", offset=begin)
            return raw.decode("utf-8", "replace")


def check_record(record: Record, log: FaultLog, canonical: bool = True) -> None:
    """What a message holds as a whole: required fields (PMR-008), a shape in one form (PMR-012), in the canonical one (PMR-020)."""
    message = record.message
    if message.name == "Model":
        if "format" not in record and "format" not in record.damaged and not log.has("PMR-001"):
            log.add("PMR-001", MALFORMED, "there is no format", path="format")
    for entry in message.fields.values():
        if not entry.required or entry.oneof or entry.name == "format" or entry.name in record.damaged:
            continue
        absent = entry.name not in record or entry.presence == "z" and entry.name != "key" and not record[entry.name]
        if absent:
            log.add("PMR-008", MALFORMED, f"{message.name} without {entry.name}", offset=record.offset)
    for oneof, required in message.oneofs.items():
        members = {entry.name for entry in message.fields.values() if entry.oneof == oneof}
        if required and not record.unknown and not members & (record.keys() | record.damaged):
            log.add("PMR-008", MALFORMED, f"{message.name} without {oneof}", offset=record.offset)
    if message.name == "SparseStage" and record.get("kind") == 2 and "columns" not in record.keys() | record.damaged:
        log.add("PMR-008", MALFORMED, "rows without columns", offset=record.offset)
    if message.name == "MapType" and record.get("key") == 0:
        log.add("PMR-009", MALFORMED, "the key of a map has no type", offset=record.offset)
    elif message.name == "Shape":
        dims = record.get("dims")
        if dims and record.get("sizes"):
            log.add("PMR-012", MALFORMED, "a shape with sizes and dims", offset=record.offset)
        if canonical and isinstance(dims, list) and dims and "dims" not in record.damaged and all("fixed" in dim for dim in dims):
            log.add("PMR-020", MALFORMED, "a shape of numbers that is written as dims", offset=record.offset)
