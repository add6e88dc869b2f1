"""Types of values in ONNX: element types that are defined, types that the representation has, shapes of the interface."""

from __future__ import annotations

from .faults import MALFORMED, UNSUPPORTED, FaultLog
from .native_binary import Record
from .onnx_schema import DATA_TYPES

_KINDS = ("tensor_type", "sequence_type", "map_type", "opaque_type", "sparse_tensor_type", "optional_type")


def kind_of(record: Record) -> str | None:
    """The member of a TypeProto that counts: the last one."""
    held = [name for name in record if name in _KINDS]
    return held[-1] if held else None


def check(record: object, log: FaultLog) -> None:
    """The rules on a type at any depth (ONNX-016, ONNX-035)."""
    while isinstance(record, Record):
        kind = kind_of(record)
        inner = record.get(kind) if kind is not None else None
        if kind == "opaque_type":
            log.add("ONNX-035", UNSUPPORTED, "an opaque type")
            return
        if not isinstance(inner, Record):
            return
        if kind in ("tensor_type", "sparse_tensor_type", "map_type"):
            name = "key_type" if kind == "map_type" else "elem_type"
            code = inner.get(name, 0)
            if name == "elem_type" and name not in inner:
                return
            if name not in inner.damaged and not (isinstance(code, int) and 0 < code < len(DATA_TYPES)):
                later = isinstance(code, int) and code > 0
                log.add("ONNX-016", UNSUPPORTED if later else MALFORMED, f"data type {code}")
        record = inner.get("value_type" if kind == "map_type" else "elem_type")


def check_shape(value: Record, log: FaultLog, exempt: bool) -> None:
    """A tensor of the interface of the main graph has a shape (ONNX-034)."""
    record = value.get("type")
    if exempt or not isinstance(record, Record):
        return
    kind = kind_of(record)
    inner = record.get(kind) if kind in ("tensor_type", "sparse_tensor_type") else None
    if isinstance(inner, Record) and "shape" not in inner and "shape" not in inner.damaged:
        log.add("ONNX-034", MALFORMED, "a tensor without a shape")
