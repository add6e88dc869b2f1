"""Writes records: the canonical encoding (6.1 native form, section 3.2) and the JSON form (section 7)."""

from __future__ import annotations

import base64
import json
import math
import struct

import numpy

from .native_binary import Record
from .native_schema import ENUMERATIONS, Field
from .wire import varint, zigzag


def canonical(record: Record) -> Record:
    """The record as canonical encoding asks for it: shapes of numbers as `sizes`, zeros without presence left out."""
    out = Record(record.message)
    for number in sorted(record.message.fields):
        entry = record.message.fields[number]
        if entry.name not in record:
            continue
        value = record[entry.name]
        if isinstance(value, Record):
            value = canonical(value)
        elif isinstance(value, list):
            value = [canonical(item) if isinstance(item, Record) else item for item in value]
        if entry.presence in "zl" and not value:
            continue
        out[entry.name] = value
    dims = out.get("dims")
    if record.message.name == "Shape" and isinstance(dims, list) and all("fixed" in dim for dim in dims):
        del out["dims"]
        out["sizes"] = [dim["fixed"] for dim in dims]
    return out


def encode(record: Record) -> bytes:
    """The canonical encoding."""
    return _encode(canonical(record))


def _encode(record: Record) -> bytes:
    parts: list[bytes] = []
    for name, value in record.items():
        entry = record.message.names[name]
        if entry.packed:
            assert isinstance(value, list)
            content = b"".join(_scalar(entry, item) for item in value)
            parts += [varint(entry.number << 3 | 2), varint(len(content)), content]
            continue
        tag = varint(entry.number << 3 | entry.wire_type)
        for item in value if isinstance(value, list) else [value]:
            content = _scalar(entry, item)
            parts += [tag, varint(len(content)), content] if entry.wire_type == 2 else [tag, content]
    return b"".join(parts)


def _scalar(entry: Field, value: object) -> bytes:
    if isinstance(value, Record):
        return _encode(value)
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, float):
        if math.isnan(value):
            return bytes.fromhex("0000c07f" if entry.kind == "float" else "000000000000f87f")
        return struct.pack("<f" if entry.kind == "float" else "<d", value)
    assert isinstance(value, int)
    return varint(zigzag(value) if entry.kind == "sint64" else value)


def as_json(record: Record) -> dict[str, object]:
    """The object of the JSON form, members in the order of their numbers."""
    return _object(canonical(record))


def _object(record: Record) -> dict[str, object]:
    members: dict[str, object] = {}
    for name, value in record.items():
        entry = record.message.names[name]
        members[entry.json_name] = ([_member(entry, item) for item in value] if isinstance(value, list)
                                    else _member(entry, value))
    return members


def _member(entry: Field, value: object) -> object:
    if isinstance(value, Record):
        return _object(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        return float(str(numpy.float32(value))) if entry.kind == "float" else value
    if entry.kind == "enum":
        assert isinstance(value, int)
        return ENUMERATIONS[entry.target][value]
    if entry.kind in ("uint64", "sint64"):
        return str(value)
    return value


def json_text(record: Record) -> str:
    """The JSON form as text without white space, ended by a line feed."""
    return json.dumps(as_json(record), ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"
