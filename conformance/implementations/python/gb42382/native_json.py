"""Reads the JSON form of the native form (6.1 native form, section 7) into records."""

from __future__ import annotations

import base64
import binascii
import re
import struct

from . import strict_json
from .faults import FaultLog, MALFORMED, REMARK, UNSUPPORTED
from .native_binary import (MAXIMUM_DEPTH, MAXIMUM_FILES, MAXIMUM_TEXT, Meter, Record, TooMuch, check_record)
from .native_schema import ENUMERATIONS, MESSAGES, MINOR, Field
from .strict_json import Number, Pairs

MAXIMUM_JSON_DEPTH = 300
NAME = "GB42382-PMR"
_RANGES = {"uint32": (0, 2**32 - 1), "uint64": (0, 2**64 - 1), "sint64": (-2**63, 2**63 - 1)}
_DIGITS = re.compile(r"-?[0-9]{1,40}\Z")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")


class Unfit(Exception):
    """A value does not follow the mapping (PMR-025)."""


def names_itself(prefix: bytes) -> bool:
    """Whether the first 4,096 bytes of a file are those of a JSON object and hold the name of the form."""
    return prefix.lstrip(b" \t\r\n").startswith(b"{") and NAME.encode() in prefix[:4096]


class JSONReader:
    """Reads one JSON file; faults go to the log."""

    def __init__(self, data: bytes, log: FaultLog) -> None:
        self._data, self._log = data, log
        self._later, self._minor = False, 0
        self._meter = Meter(log)

    def read(self) -> Record | None:
        """The top message, or None where it is no JSON, no object, or of another major version."""
        try:
            try:
                value = strict_json.parse(self._data, MAXIMUM_JSON_DEPTH)
            except strict_json.TooDeep:
                self._tell_depth()
                return None
            name = strict_json.repeated_name(value)
            if name is not None:
                raise strict_json.JSONBroken(f"the name {name} stands twice in an object")
        except strict_json.JSONBroken as broken:
            self._log.add("PMR-024", MALFORMED, str(broken), offset=broken.offset)
            return None
        if not isinstance(value, Pairs):
            self._log.add("PMR-025", MALFORMED, "no object at the top")
            return None
        if not self._versions(value):
            return None
        top: Record | None = None
        try:
            top = self._record(value, "Model", 0, "")
        except TooMuch:
            pass
        if top is not None and top.get("format", NAME) != NAME:
            self._log.add("PMR-001", MALFORMED, "format is another name", path="format")
        return top

    def _tell_depth(self) -> None:
        """Of a text that goes too deep nothing is read; whether messages do, or values that are none, is told."""
        shallow = strict_json.cut_at_depth(self._data.decode("utf-8"), MAXIMUM_JSON_DEPTH)
        aside = FaultLog()
        JSONReader(shallow.encode(), aside).read()
        kind = MALFORMED if aside.has("PMR-013") else UNSUPPORTED
        self._log.add("PMR-013", kind, f"values nested more than {MAXIMUM_JSON_DEPTH} deep")

    def _versions(self, top: Pairs) -> bool:
        members = dict(top)
        for name, largest in (("major", 1), ("minor", 0)):
            try:
                version = self._integer("uint32", members.get(name) or Number(largest))
            except Unfit:
                continue
            if name == "major" and version > 1:
                self._log.add("PMR-002", UNSUPPORTED, f"major version {version}", path="major")
                return False
            if name == "minor":
                self._minor = version
            if name == "minor" and version > MINOR:
                self._later = True
                self._log.add("PMR-003", REMARK, f"minor version {version}", path="minor")
        return True

    def _record(self, pairs: Pairs, message: str, depth: int, path: str) -> Record:
        """The message that an object stands for."""
        record = Record(MESSAGES[message])
        self._meter.count(1, 32)
        spelled: set[str] = set()
        members: set[str] = set()
        for name, value in pairs:
            place = f"{path}.{name}".lstrip(".")
            entry = record.message.names.get(name)
            if entry is None or entry.since > self._minor:
                self._log.add("PMR-007", UNSUPPORTED if self._later else MALFORMED, f"{message} has no {name}", path=place)
                record.unknown = True
                continue
            if entry.name in spelled:
                self._log.add("PMR-006", MALFORMED, f"{entry.name} in both spellings", path=place)
            spelled.add(entry.name)
            if value is None:
                continue
            if entry.oneof:
                if entry.oneof in members:
                    self._log.add("PMR-025", MALFORMED, f"two members of {entry.oneof}", path=place)
                    for other in record.message.fields.values():
                        if other.oneof == entry.oneof:
                            record.pop(other.name, None)
                members.add(entry.oneof)
            self._member(record, entry, value, depth, place)
        check_record(record, self._log, canonical=False)
        return record

    def _member(self, record: Record, entry: Field, value: object, depth: int, path: str) -> None:
        try:
            if entry.presence != "l":
                read = self._value(entry, value, depth, path)
                if read is None:
                    record.damaged.add(entry.name)
                else:
                    record[entry.name] = read
                return
            if not isinstance(value, list) or isinstance(value, Pairs):
                raise Unfit("no list")
        except Unfit as unfit:
            self._log.add("PMR-025", MALFORMED, f"{entry.name}: {unfit}", path=path)
            record.damaged.add(entry.name)
            return
        elements: list[object] = []
        record[entry.name] = elements
        for index, item in enumerate(value):
            if entry.name == "files" and (index >= MAXIMUM_FILES or entry.name in record.damaged):
                if index >= MAXIMUM_FILES:
                    self._log.add("PMR-014", UNSUPPORTED, f"more than {MAXIMUM_FILES} files", path=path)
                record.damaged.add(entry.name)
                break
            try:
                read = self._value(entry, item, depth, f"{path}[{index}]")
            except Unfit as unfit:
                self._log.add("PMR-025", MALFORMED, f"{entry.name}[{index}]: {unfit}", path=f"{path}[{index}]")
                read = None
            if read is None:
                record.damaged.add(entry.name)
            else:
                elements.append(read)
        if entry.packed:
            self._meter.count(0, 8 * len(elements))

    def _value(self, entry: Field, value: object, depth: int, path: str) -> object:
        """The value of a field or element, None where it is left out for another reason than its JSON type."""
        if entry.kind == "message":
            if not isinstance(value, Pairs):
                raise Unfit("no object")
            if depth >= MAXIMUM_DEPTH:
                self._log.add("PMR-013", MALFORMED, f"more than {MAXIMUM_DEPTH} messages in each other", path=path)
                return None
            return self._record(value, entry.target, depth + 1, path)
        if entry.kind == "bool":
            if not isinstance(value, bool):
                raise Unfit("neither true nor false")
            return value
        if entry.kind in ("double", "float"):
            return self._real(entry.kind, value)
        if entry.kind == "enum":
            return self._enumerated(entry, value, path)
        if entry.kind in ("string", "bytes"):
            return self._text(entry, value, path)
        return self._integer(entry.kind, value)

    def _text(self, entry: Field, value: object, path: str) -> str | bytes | None:
        if not isinstance(value, str) or isinstance(value, Number):
            raise Unfit("no text")
        held: str | bytes = value if entry.kind == "string" else _base64(value)
        size = len(held.encode()) if isinstance(held, str) else len(held)
        if size > MAXIMUM_TEXT:
            self._log.add("PMR-014", UNSUPPORTED, f"{entry.name} has {size} bytes", path=path)
            return None
        self._meter.count(0, size)
        return held

    def _enumerated(self, entry: Field, value: object, path: str) -> int | None:
        names = ENUMERATIONS[entry.target]
        if isinstance(value, Number):
            number = self._integer("sint64", value)
        elif isinstance(value, str):
            number = names.index(value) if value in names else -1
        else:
            raise Unfit("neither a name nor a number")
        if 0 <= number < len(names):
            return number
        self._log.add("PMR-009", UNSUPPORTED if self._later else MALFORMED, f"{entry.name} is {value}", path=path)
        return None

    @staticmethod
    def _integer(kind: str, value: object) -> int:
        if not isinstance(value, str):
            raise Unfit("no integer")
        if _DIGITS.match(value):
            number = int(value)
        elif isinstance(value, Number) and _NUMBER.match(value) and float(value).is_integer():
            number = int(float(value))
        else:
            raise Unfit("no integer")
        low, high = _RANGES[kind]
        if not low <= number <= high:
            raise Unfit("an integer out of range")
        return number

    @staticmethod
    def _real(kind: str, value: object) -> float:
        if not isinstance(value, str):
            raise Unfit("no number")
        if value in ("NaN", "Infinity", "-Infinity") and not isinstance(value, Number):
            return float(value.replace("Infinity", "inf"))
        if not _NUMBER.match(value):
            raise Unfit("no number")
        number = float(value)
        try:
            if kind == "float":
                number = float(struct.unpack("<f", struct.pack("<f", number))[0])
        except OverflowError:
            raise Unfit("a number out of range") from None
        if number in (float("inf"), float("-inf")):
            raise Unfit("a number out of range")
        return number


def _base64(text: str) -> bytes:
    """The bytes of a Base64 text in either alphabet, with or without padding."""
    body = text.replace("-", "+").replace("_", "/").rstrip("=")
    if len(text) - len(body) > 2 or text.endswith("=") and len(text) % 4:
        raise Unfit("Base64 with wrong padding")
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise Unfit("no Base64") from None
