"""Reads and writes safetensors files (mapping of a safetensors file)."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass

from . import strict_json
from .element_types import BITS
from .faults import MALFORMED, UNSUPPORTED, FaultLog
from .strict_json import Number, Pairs

MAXIMUM_HEADER = 100_000_000
DTYPES = {"F64": "f64", "F32": "f32", "F16": "f16", "BF16": "bf16", "F8_E4M3": "f8e4m3fn", "F8_E4M3FNUZ": "f8e4m3fnuz",
          "F8_E5M2": "f8e5m2", "F8_E5M2FNUZ": "f8e5m2fnuz", "F8_E8M0": "f8e8m0", "F6_E2M3": "f6e2m3", "F6_E3M2": "f6e3m2",
          "F4": "f4e2m1", "I64": "i64", "I32": "i32", "I16": "i16", "I8": "i8", "U64": "u64", "U32": "u32", "U16": "u16",
          "U8": "u8", "BOOL": "bool", "C64": "complex64"}
NAMES = {element_type: name for name, element_type in DTYPES.items()}
_LIKE_DTYPE = re.compile(r"(BOOL|[FIUC][0-9]+|BF[0-9]+|F[0-9]+_E[0-9]+M[0-9]+([A-Z]+)?)\Z")
_WHOLE = re.compile(r"[0-9]{1,40}\Z")


@dataclass(frozen=True)
class Entry:
    """A tensor of a header; the range counts bytes of the file."""

    name: str
    element_type: str | None
    dims: list[int]
    offset: int
    length: int


@dataclass
class Header:
    """What a header says: tensors in the order of the text, metadata, and whether all tensors are known."""

    entries: list[Entry]
    metadata: dict[str, str]
    payload: int
    complete: bool = True


def read_header(place: str, size: int, log: FaultLog, file: str | None = None) -> Header | None:
    """The header of a file of that size, or None where no tensor can be taken from it."""
    def fault(requirement: str, note: str, kind: str = MALFORMED) -> None:
        log.add(requirement, kind, note, file=file)

    with open(place, "rb") as stream:
        prefix = stream.read(8)
        if len(prefix) < 8:
            fault("ST-001", "fewer than eight bytes")
            return None
        length = int(struct.unpack("<Q", prefix)[0])
        if length > MAXIMUM_HEADER:
            fault("ST-003", f"a header of {length} bytes")
        if 8 + length > size:
            fault("ST-002", f"a header of {length} bytes in a file of {size}")
        if length > MAXIMUM_HEADER or 8 + length > size:
            return None
        data = stream.read(length)
    if len(data) < length:
        log.add("P6.1-008", MALFORMED, "the file has become shorter", file=file)
        return None
    if not data.startswith(b"{"):
        fault("ST-004", "the first byte is no {")
        data = data[3:] if data.startswith(b"\xef\xbb\xbf") else data
    text = data.rstrip(b" \t\r\n")
    if text != data.rstrip(b" "):
        fault("ST-006", "padded with other white space than spaces")
    try:
        top = strict_json.parse(text, 64)
    except strict_json.TooDeep:
        fault("ST-005", "nested too deep", UNSUPPORTED)
        return None
    except strict_json.JSONBroken as broken:
        fault("ST-005", str(broken))
        return None
    if not isinstance(top, Pairs):
        fault("ST-005", "no object")
        return None
    return _read_entries(top, length, fault)


def _read_entries(top: Pairs, length: int, fault: object) -> Header:
    assert callable(fault)
    header = Header([], {}, 8 + length)
    if strict_json.repeated_name(top) is not None:
        fault("ST-007", f"the name {strict_json.repeated_name(top)} stands twice")
        header.complete = False
    for name, value in top.first().items():
        if name == "__metadata__":
            if isinstance(value, Pairs):
                if not all(isinstance(text, str) and not isinstance(text, Number) for _, text in value):
                    fault("ST-008", "a value of __metadata__ is no text")
                header.metadata = {key: str(text) for key, text in value.first().items()
                                   if isinstance(text, str) and not isinstance(text, Number)}
            elif value is not None:
                fault("ST-008", "__metadata__ is no object")
            continue
        entry = _read_entry(name, value, 8 + length, fault)
        if entry is None:
            header.complete = False
        else:
            header.entries.append(entry)
    return header


def _read_entry(name: str, value: object, payload: int, fault: object) -> Entry | None:
    assert callable(fault)
    if not isinstance(value, Pairs):
        fault("ST-009", f"{name}: no object")
        return None
    members = value.first()
    missing = [key for key in ("dtype", "shape", "data_offsets") if key not in members]
    if missing:
        fault("ST-009", f"{name}: without {', '.join(missing)}")
    if set(members) - {"dtype", "shape", "data_offsets"}:
        fault("ST-010", f"{name}: other members")
    element_type: str | None = None
    dtype = members.get("dtype")
    if "dtype" in members:
        element_type = DTYPES.get(dtype) if isinstance(dtype, str) and not isinstance(dtype, Number) else None
        if element_type is None:
            like = isinstance(dtype, str) and not isinstance(dtype, Number) and _LIKE_DTYPE.match(dtype)
            fault("ST-011", f"{name}: dtype {dtype}", UNSUPPORTED if like else MALFORMED)
    dims = _whole_numbers(members.get("shape"), 2**63 - 1)
    if "shape" in members and dims is None:
        fault("ST-012", f"{name}: no shape")
    offsets = _whole_numbers(members.get("data_offsets"), 2**64 - 1)
    if "data_offsets" in members and (offsets is None or len(offsets) != 2 or offsets[0] > offsets[1]
                                      or offsets[1] + payload >= 2**64):
        fault("ST-013", f"{name}: data_offsets")
        offsets = None
    if dims is None or offsets is None or element_type is None:
        return None
    count = 1
    for dim in dims:
        count *= dim
    if BITS[element_type] < 8 and count * BITS[element_type] % 8:
        fault("ST-014", f"{name}: {count} elements do not fill whole bytes")
    return Entry(name, element_type, dims, payload + offsets[0], offsets[1] - offsets[0])


def _whole_numbers(value: object, largest: int) -> list[int] | None:
    if not isinstance(value, list) or isinstance(value, Pairs):
        return None
    if not all(isinstance(item, Number) and _WHOLE.match(item) and int(item) <= largest for item in value):
        return None
    return [int(item) for item in value]


def write(tensors: list[tuple[str, str, list[int], bytes]], metadata: dict[str, str] | None = None) -> bytes:
    """A file of tensors (name, element type, dims, bytes); what the format has no type for is U8, its shape counts bytes."""
    header: dict[str, object] = {"__metadata__": metadata} if metadata else {}
    at = 0
    widths = {name: BITS[element_type] for name, element_type, _, _ in tensors}
    ordered = sorted(tensors, key=lambda tensor: -widths[tensor[0]])
    for name, element_type, dims, data in ordered:
        count = 1
        for dim in dims:
            count *= dim
        known = NAMES.get(element_type)
        if known is None or BITS[element_type] < 8 and count * BITS[element_type] % 8:
            known, dims = "U8", [len(data)]
        header[name] = {"dtype": known, "shape": dims, "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(data for _, _, _, data in ordered)
