"""Tensors of ONNX: the field that holds the elements, decoded to packed little-endian bytes, and external data."""

from __future__ import annotations

import re

import numpy

from . import onnx_types
from .element_types import BITS, byte_count
from .faults import MALFORMED, UNSAFE, UNSUPPORTED, FaultLog
from .files import Tree
from .model import Sparse, Stored, Tensor
from .native_binary import Record
from .onnx_schema import DATA_TYPES

_FIELDS = ("float_data", "int32_data", "string_data", "int64_data", "raw_data", "double_data", "uint64_data")
_HOLDS = {"float_data": ("f32", "complex64"), "double_data": ("f64", "complex128"), "int64_data": ("i64",),
          "uint64_data": ("u32", "u64"), "string_data": ("string",)}
_NOT_INT32 = frozenset({"f32", "f64", "complex64", "complex128", "i64", "u32", "u64", "string", None})
_DECIMAL = re.compile(r"[0-9]{1,400}\Z")


class TensorReader:
    """Reads the tensors of one model."""

    def __init__(self, tree: Tree, folder: str, log: FaultLog, version: int) -> None:
        self._tree, self._folder, self._log, self._version = tree, folder, log, version
        self.locations: list[str] = []

    def element_type(self, code: object) -> str | None:
        """The element type of a data type; a fault where there is none."""
        number = code if isinstance(code, int) else 0
        if 0 < number < len(DATA_TYPES):
            return DATA_TYPES[number]
        self._log.add("ONNX-016", UNSUPPORTED if number > 0 else MALFORMED, f"data type {number}")
        return None

    def tensor(self, record: Record) -> Tensor:
        """The tensor of a TensorProto."""
        dims = [dim for dim in _list(record, "dims") if isinstance(dim, int)]
        tensor = Tensor(self.element_type(record.get("data_type")) if "data_type" not in record.damaged else None, dims)
        if "segment" in record:
            self._log.add("ONNX-020", UNSUPPORTED, "a segment")
            if record.get("data_location") == 1:
                self._external(record, tensor)
            return tensor
        location = record.get("data_location", 0)
        if location not in (0, 1):
            self._log.add("ONNX-019", MALFORMED, f"data_location {location}")
            return tensor
        held = [name for name in _FIELDS if name in record and record[name] not in (b"", [])]
        if location == 1:
            if held:
                self._log.add("ONNX-017", MALFORMED, "elements beside external data")
            if tensor.element_type == "string":
                self._log.add("ONNX-018", MALFORMED, "strings as external data")
            tensor.content = self._external(record, tensor)
            return tensor
        if len(held) > 1:
            self._log.add("ONNX-017", MALFORMED, "elements in several fields")
        if held and tensor.element_type is not None:
            tensor.content = self._content(record, held[0], tensor.element_type)
            tensor.encoded = held[0] in ("int32_data", "int64_data", "uint64_data") and BITS.get(tensor.element_type, 8) >= 8
        elif tensor.count == 0:
            tensor.content = [] if tensor.element_type == "string" else b""
        return tensor

    def _content(self, record: Record, name: str, element_type: str) -> bytes | list[bytes] | None:
        if name == "raw_data":
            fits = element_type != "string"
        elif name == "int32_data":
            fits = element_type not in _NOT_INT32
        else:
            fits = element_type in _HOLDS[name]
        if not fits:
            self._log.add("ONNX-018", MALFORMED, f"{name} for {element_type}")
            return None
        if name == "raw_data":
            raw = record[name]
            return raw if isinstance(raw, bytes) else None
        items = _list(record, name)
        if name == "string_data":
            texts = [item for item in items if isinstance(item, bytes)]
            for text in texts:
                try:
                    text.decode("utf-8")
                except UnicodeDecodeError:
                    self._log.add("ONNX-036", MALFORMED, "a string is not UTF-8")
            return texts
        if name in ("float_data", "double_data"):
            return b"".join(item for item in items if isinstance(item, bytes))
        width = max(BITS[element_type] // 8, 1)
        return b"".join((item & ((1 << 8 * width) - 1)).to_bytes(width, "little") for item in items if isinstance(item, int))

    def _external(self, record: Record, tensor: Tensor) -> Stored | None:
        entries: dict[str, str] = {}
        keys = []
        for pair in _list(record, "external_data"):
            if isinstance(pair, Record):
                keys.append(str(pair.get("key", "")))
                entries.setdefault(keys[-1], str(pair.get("value", "")))
        if len(set(keys)) < len(keys):
            self._log.add("ONNX-025", MALFORMED, "a key stands twice")
        if set(keys) - {"location", "offset", "length", "checksum", "basepath"}:
            self._log.add("ONNX-024", MALFORMED, "a key that is not defined")
        if "checksum" in entries and not re.match(r"[0-9A-Fa-f]{40}\Z", entries["checksum"]):
            self._log.add("ONNX-026", MALFORMED, "no SHA-1")
        offset, length = (self._decimal(entries, name) for name in ("offset", "length"))
        path = self._location(entries.get("location", ""))
        if path is None or "offset" in entries and offset is None:
            return None
        if length is None:
            if tensor.count is None or tensor.element_type not in BITS:
                return None
            length = byte_count(str(tensor.element_type), tensor.count)
        self.locations.append(path)
        self._tree.find(path)
        return Stored(path, offset or 0, length)

    def _decimal(self, entries: dict[str, str], name: str) -> int | None:
        if name not in entries:
            return None
        if not _DECIMAL.match(entries[name]) or int(entries[name]) >= 2**64:
            self._log.add("ONNX-023", MALFORMED, f"{name} is no number")
            return None
        return int(entries[name])

    def _location(self, location: str) -> str | None:
        parts = location.split("/")
        if location.startswith("/") or ".." in parts:
            self._log.add("ONNX-022", UNSAFE, "a location outside")
            return None
        parts = [part for part in parts if part != "."]
        if not location or not parts or parts == [""]:
            self._log.add("ONNX-021", MALFORMED, "no location")
            return None
        return "/".join(([self._folder] if self._folder else []) + parts)

    def sparse(self, record: Record) -> tuple[Tensor, str]:
        """The tensor of a SparseTensorProto, and its name: that of its values."""
        values, indices = record.get("values"), record.get("indices")
        dims = [dim for dim in _list(record, "dims") if isinstance(dim, int)]
        if not isinstance(values, Record) or not isinstance(indices, Record):
            return Tensor(None, dims), str(values.get("name", "")) if isinstance(values, Record) else ""
        content = Sparse(self.tensor(values), self.tensor(indices))
        self._check_indices(content.indices, dims)
        return Tensor(content.values.element_type, dims, content), str(values.get("name", ""))

    def _check_indices(self, indices: Tensor, dims: list[int]) -> None:
        """Places are in range and ascend (ONNX-037)."""
        if indices.element_type != "i64" or any(dim < 0 for dim in dims) or not indices.dims or indices.content is None:
            return
        content = indices.content
        if isinstance(content, Stored):
            size = self._tree.size(content.file)
            if size is None or content.offset + content.length > size:
                self._log.add("ONNX-037", UNSUPPORTED, "the indices could not be read")
                return
            content = self._tree.read(content.file, content.offset, content.length) or b""
        if not isinstance(content, bytes):
            return
        if len(content) != 8 * (indices.count or 0):
            if len(content) % 8:
                self._log.add("ONNX-037", UNSUPPORTED, "the indices could not be read")
            return
        places = numpy.frombuffer(content, "<i8").astype(object)
        if len(indices.dims) == 2:
            if indices.dims[1] != len(dims):
                return
            rows = places.reshape(indices.dims)
            if any(not 0 <= item < dim for row in rows for item, dim in zip(row, dims)):
                self._log.add("ONNX-037", MALFORMED, "an index out of range")
                return
            flat = [0] * len(rows)
            for axis, dim in enumerate(dims):
                flat = [place * dim + int(row[axis]) for place, row in zip(flat, rows)]
        else:
            flat = [int(place) for place in places]
        total = 1
        for dim in dims:
            total *= dim
        if any(not 0 <= place < total for place in flat) or any(a >= b for a, b in zip(flat, flat[1:])):
            self._log.add("ONNX-037", MALFORMED, "indices out of range or not ascending")

    def attribute(self, record: Record) -> None:
        """The rules on an attribute and the tensors in it."""
        fields = {1: "f", 2: "i", 3: "s", 4: "t", 5: "g", 6: "floats", 7: "ints", 8: "strings", 9: "tensors", 10: "graphs",
                  11: "sparse_tensor", 12: "sparse_tensors", 13: "tp", 14: "type_protos"}
        held = [name for name in fields.values() if name in record and record[name] != []]
        kind = record.get("type")
        if kind in (None, 0) and self._version >= 2 and not record.damaged:
            self._log.add("ONNX-029", MALFORMED, "an attribute without a type")
        if isinstance(kind, int) and kind not in fields and kind != 0:
            self._log.add("ONNX-030", UNSUPPORTED if kind > 14 else MALFORMED, f"attribute type {kind}")
        if "ref_attr_name" in record and record["ref_attr_name"]:
            if held:
                self._log.add("ONNX-033", MALFORMED, "a reference with a value")
        elif len(held) > 1:
            self._log.add("ONNX-032", MALFORMED, "several values")
        elif held and isinstance(kind, int) and kind in fields and fields[kind] != held[0]:
            self._log.add("ONNX-031", MALFORMED, "the type is that of another field")
        for item in [record.get("tp"), *_list(record, "type_protos")]:
            onnx_types.check(item, self._log)
        for name in ("t", "tensors"):
            value = record.get(name)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Record):
                    self.tensor(item)
        for name in ("sparse_tensor", "sparse_tensors"):
            value = record.get(name)
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, Record):
                    self.sparse(item)


def _list(record: Record, name: str) -> list[object]:
    items = record.get(name, [])
    return items if isinstance(items, list) else []
