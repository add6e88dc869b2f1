"""Reads an ONNX model (mapping of ONNX): the wire format, the rules on tensors, and the parameters of the main graph."""

from __future__ import annotations

import os

from . import onnx_types, wire
from .faults import MALFORMED, UNSUPPORTED, FaultLog
from .files import Tree
from .model import Model, Variable
from .native_binary import Record
from .native_schema import Field
from .onnx_schema import MESSAGES
from .onnx_tensors import TensorReader

MAXIMUM_DEPTH = 100
MAXIMUM_TEXT = 16 << 20
MAXIMUM_FILE = 2 << 30  # this implementation holds the file in memory
MAXIMUM_NUMBERS = 32 << 20  # of eight bytes in memory: 256 MiB
LATEST_IR = 13


def recognise(place: str) -> bool:
    """Whether a file begins as a model does: fields of ModelProto with their wire types, among them a version, a graph or an
    operator set; texts that are texts; no version 0 in front."""
    size = os.path.getsize(place)
    with open(place, "rb") as file:
        data = file.read(1 << 16)
    fields = MESSAGES["ModelProto"].fields
    at, seen = 0, set()
    try:
        while at < len(data):
            begin = at
            number, wire_type, at = wire.read_tag(data, at, len(data))
            entry = fields.get(number)
            if entry is None or entry.wire_type != wire_type:
                break
            if wire_type == wire.BYTES:
                length, at = wire.read_varint(data, at, len(data))
                if entry.kind == "string" and number != 6 and any(byte < 32 for byte in data[at:at + length]):
                    return False
                if length > size - at:
                    break
                at += length
            else:
                value, at = wire.read_varint(data, at, len(data))
                if begin == 0 and number == 1 and not 1 <= value < 1 << 31:
                    return False
            seen.add(number)
    except wire.WireBroken:
        pass
    return bool(seen & {1, 7, 8})


class Reader:
    """Reads messages; what is broken is left out, and what stands behind it is read on."""

    def __init__(self, data: bytes, log: FaultLog) -> None:
        self._data, self._log = data, log
        self._held = 0

    def read(self, message: str, at: int, end: int, depth: int = 0) -> Record:
        """The message between two offsets; its own damage ends it early."""
        record = Record(MESSAGES[message], at)
        try:
            while at < end:
                begin = at
                number, wire_type, at = wire.read_tag(self._data, at, end)
                value, at = wire.read_value(self._data, at, end, wire_type, number, MAXIMUM_DEPTH - depth)
                entry = record.message.fields.get(number)
                if entry is None:
                    self._log.add("ONNX-006", MALFORMED, f"{message} has no field {number}", offset=begin)
                elif wire_type != entry.wire_type and not (entry.packed and wire_type == wire.BYTES):
                    self._log.add("ONNX-002", MALFORMED, f"{message}.{entry.name} with wire type {wire_type}", offset=begin)
                    record.damaged.add(entry.name)
                else:
                    self._keep(record, entry, value, begin, depth)
        except wire.WireBroken as broken:
            self._log.add("ONNX-003" if broken.deep else "ONNX-001", MALFORMED, broken.note, offset=broken.offset)
            record.damaged.add("*")
        return record

    def _keep(self, record: Record, entry: Field, value: int | tuple[int, int], begin: int, depth: int) -> None:
        read = self._value(entry, value, begin, depth)
        if entry.presence == "l":
            items = record.setdefault(entry.name, [])
            assert isinstance(items, list)
            if isinstance(read, list):
                items.extend(read)
            elif read is None:
                record.damaged.add(entry.name)
            else:
                items.append(read)
            return
        if entry.name in record:
            self._log.add("ONNX-007", MALFORMED, f"{entry.name} stands twice", offset=begin)
            earlier = record[entry.name]
            if isinstance(earlier, Record) and isinstance(read, Record) and entry.name in ("graph", "shape"):
                read = _merged(earlier, read)
        if read is None:
            record.damaged.add(entry.name)
        else:
            record[entry.name] = read

    def _value(self, entry: Field, value: int | tuple[int, int], begin: int, depth: int) -> object:
        if isinstance(value, int):
            return _signed(entry, value)
        at, end = value
        if entry.kind == "message":
            if depth >= MAXIMUM_DEPTH:
                self._log.add("ONNX-003", MALFORMED, "messages nested too deep", offset=begin)
                return None
            return self.read(entry.target, at, end, depth + 1)
        if entry.kind in ("float", "double") and entry.presence == "l" or entry.kind in ("uint32", "uint64"):
            return self._numbers(entry, at, end, begin)
        if entry.kind == "string":
            if end - at > MAXIMUM_TEXT:
                self._log.add("ONNX-004", UNSUPPORTED, f"{entry.name} has {end - at} bytes", offset=begin)
                return None
            try:
                return self._data[at:end].decode("utf-8")
            except UnicodeDecodeError:
                self._log.add("ONNX-005", MALFORMED, f"{entry.name} is not UTF-8", offset=begin)
                return self._data[at:end].decode("utf-8", "replace")
        if end - at > MAXIMUM_TEXT and entry.name in ("s", "strings"):
            self._log.add("ONNX-004", UNSUPPORTED, f"{entry.name} has {end - at} bytes", offset=begin)
            return None
        return self._data[at:end]

    def _numbers(self, entry: Field, at: int, end: int, begin: int) -> list[object]:
        """The numbers of a run; those of floating point as their bytes, so that a NaN stays what it is."""
        if at == end:
            return []
        if entry.kind in ("float", "double"):
            if (end - at) % (4 if entry.kind == "float" else 8):
                raise wire.WireBroken(begin, "a packed list is cut off")
            return [self._data[at:end]]
        numbers: list[object] = []
        while at < end:
            value, at = wire.read_varint(self._data, at, end)
            numbers.append(_signed(entry, value))
        self._held += len(numbers)
        if self._held > MAXIMUM_NUMBERS:
            self._log.add("ONNX-004", UNSUPPORTED, f"more than {MAXIMUM_NUMBERS} numbers in lists", offset=begin)
            return []
        return numbers


def _signed(entry: Field, value: int) -> int:
    """An integer as its type has it: of 32 bits the low ones count, and all but uint64 are signed."""
    if entry.kind == "uint32":
        value &= 0xFFFFFFFF
        return value - (1 << 32) if value >> 31 else value
    return value - (1 << 64) if value >> 63 and entry.name != "uint64_data" else value


def _merged(earlier: Record, later: Record) -> Record:
    """Two messages of one field: singular fields of the later one, lists one behind the other."""
    for name, value in later.items():
        held = earlier.get(name)
        earlier[name] = held + value if isinstance(held, list) and isinstance(value, list) else value
    earlier.damaged |= later.damaged
    return earlier


def read(tree: Tree, name: str, log: FaultLog) -> Model | None:
    """The model of a file."""
    size = tree.size(name) or 0
    if size > MAXIMUM_FILE:
        log.add("ONNX-004", UNSUPPORTED, f"a file of {size} bytes")
        return None
    data = tree.read(name, 0, size)
    if data is None:
        return None
    top = Reader(data, log).read("ModelProto", 0, len(data))
    version = top.get("ir_version")
    if version is None and not top.damaged:
        log.add("ONNX-008", MALFORMED, "there is no ir_version")
    if isinstance(version, int) and not 1 <= version <= LATEST_IR:
        log.add("ONNX-009", UNSUPPORTED if version > LATEST_IR else MALFORMED, f"IR version {version}")
    known = version if isinstance(version, int) else LATEST_IR
    if not top.get("opset_import") and known >= 3 and not top.damaged:
        log.add("ONNX-010", MALFORMED, "no operator set")
    keys = [entry.get("key", "") for entry in _records(top, "metadata_props")]
    if len(set(map(str, keys))) < len(keys):
        log.add("ONNX-012", MALFORMED, "a key of metadata_props stands twice")
    if top.get("functions") and known < 8:
        log.add("ONNX-014", MALFORMED, "functions before IR version 8")
    if top.get("training_info"):
        log.add("ONNX-015", MALFORMED, "training_info")
    graph = top.get("graph")
    model = Model("onnx", tree)
    if not isinstance(graph, Record):
        if not top.damaged:
            log.add("ONNX-011", MALFORMED, "there is no graph")
        return model
    reader = TensorReader(tree, os.path.dirname(name), log, known)
    model.variables = _initializers(graph, reader)
    inputs = {str(value.get("name", "")) for value in _records(graph, "input")}
    skip = {variable.name for variable in model.variables} if known <= 3 else set()
    for value in _records(graph, "input") + _records(graph, "output"):
        onnx_types.check_shape(value, log, exempt=value.get("name") in skip and value in _records(graph, "input"))
    _check_inputs(model.variables, inputs, known, log)
    for body in [graph] + _records(top, "functions"):
        model.inner += _walk(body, reader, known, log)
    tree.check_distinct([name] + reader.locations)
    return model


def _check_inputs(variables: list[Variable], inputs: set[str], known: int, log: FaultLog) -> None:
    """Up to IR version 3 each initializer is an input as well."""
    if known <= 3 and not {variable.name for variable in variables} <= inputs:
        log.add("ONNX-028", MALFORMED, "an initializer that is no input")


def _initializers(graph: Record, reader: TensorReader) -> list[Variable]:
    """The variables of a graph, in the order of the file."""
    found = [(str(record.get("name", "")), reader.tensor(record)) for record in _records(graph, "initializer")]
    for record in _records(graph, "sparse_initializer"):
        tensor, label = reader.sparse(record)
        found.append((label, tensor))
    variables = []
    for label, tensor in found:
        kind = tensor.element_type
        floating = kind is not None and (kind[0] in "fc" or kind == "bf16")
        variables.append(Variable(label, tensor, None if kind is None else "parameter" if floating and tensor.dims else "constant"))
    return variables


def _walk(body: Record, reader: TensorReader, known: int, log: FaultLog) -> list[Variable]:
    """The rules on attributes, types and tensors at any depth; gives the variables of inner graphs."""
    inner: list[Variable] = []
    pending = [body]
    while pending:
        current = pending.pop()
        if current is not body:
            inner += (own := _initializers(current, reader))
            _check_inputs(own, {str(value.get("name", "")) for value in _records(current, "input")}, known, log)
        for field in ("input", "output", "value_info"):
            for value in _records(current, field):
                onnx_types.check(value.get("type"), log)
        for node in _records(current, "node") + [current]:
            for attribute in _records(node, "attribute") + _records(node, "attribute_proto"):
                reader.attribute(attribute)
                pending += [item for item in [attribute.get("g")] + _records(attribute, "graphs") if isinstance(item, Record)]
    return inner


def _records(record: Record, name: str) -> list[Record]:
    items = record.get(name, [])
    return [item for item in items if isinstance(item, Record)] if isinstance(items, list) else []
