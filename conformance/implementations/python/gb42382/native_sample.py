"""Reads a sample in the native form: the structure, the files that it names, and the rules on both."""

from __future__ import annotations

import math
import os

from . import chain, safetensors_file
from .element_types import BITS
from .faults import MALFORMED, UNSUPPORTED, VIOLATION, FaultLog
from .files import Tree, is_safe
from .model import Base, Compressed, Model, Sparse, Stage, Stored, Tensor, Variable
from .native_binary import MAXIMUM_STRUCTURE, BinaryReader, Record
from .native_json import JSONReader
from .native_schema import ELEMENT_TYPES

KINDS = [None, "parameter", "constant", "buffer"]


def read(tree: Tree, name: str, log: FaultLog, json_form: bool) -> Model | None:
    """The model of a file, with faults in the log; None where nothing can be taken from it."""
    size = tree.size(name) or 0
    if size > MAXIMUM_STRUCTURE:
        log.add("PMR-014", UNSUPPORTED, f"a structure of {size} bytes")
        return None
    data = tree.read(name, 0, size)
    if data is None:
        return None
    top = JSONReader(data, log).read() if json_form else BinaryReader(data, log).read()
    if top is None:
        return None
    model = Model("native-json" if json_form else "native", tree, structure=top)
    critical = [index for index, extension in enumerate(records(top, "extensions"))
                if extension.get("critical")]
    for index in critical:
        log.add("PMR-023", UNSUPPORTED, "an unknown critical extension", path=f"extensions[{index}]")
    if critical or log.has("PMR-014"):
        return model
    files = _files(top, tree, name, log)
    model.variables = [_variable(record, files) for record in records(top, "parameters")]
    model.inner = [_variable(record, files) for record in _inner_variables(top)]
    main = records(top, "graphs")[:1]
    model.main = [_variable(record, files) for graph in main for record in records(graph, "variables")]
    model.others = [_tensor(record, files) for record in _attribute_tensors(top)]
    chain.attach(model)
    _check_ranges(model, top, log)
    _check_headers(model, tree, log)
    return model


def records(record: Record, name: str) -> list[Record]:
    """The messages of a list."""
    items = record.get(name, [])
    return [item for item in items if isinstance(item, Record)] if isinstance(items, list) else []


def text(record: Record, name: str) -> str:
    """A text, empty where it is absent."""
    value = record.get(name, "")
    return value if isinstance(value, str) else ""


def number(record: Record, name: str) -> int:
    """A number, zero where it is absent."""
    value = record.get(name, 0)
    return value if isinstance(value, int) else 0


def message(record: Record, name: str) -> Record | None:
    """A message, None where it is absent."""
    value = record.get(name)
    return value if isinstance(value, Record) else None


def _files(top: Record, tree: Tree, structure: str, log: FaultLog) -> list[str]:
    """The paths of the file table, as far as it could be read; each file is looked for."""
    folder = os.path.dirname(structure)
    names = [structure]
    paths = []
    for index, record in enumerate(records(top, "files")):
        path = text(record, "path")
        place = f"files[{index}]"
        full = os.path.join(folder, path) if is_safe(path) else path
        paths.append(full)
        payload = message(record, "payload")
        if payload is not None and number(payload, "offset") + number(payload, "length") > number(record, "size"):
            log.add("PMR-021", MALFORMED, "the payload leaves its file", path=place + ".payload")
        if is_safe(path):
            names.append(full)
        if tree.find(full, place) is not None and tree.size(full) != number(record, "size"):
            log.add("P6.1-131", VIOLATION, f"the file has {tree.size(full)} bytes", file=full, path=place)
    if "compression_statement" in top:
        path = text(top, "compression_statement")
        if tree.find(os.path.join(folder, path) if is_safe(path) else path, "compressionStatement", missing="P6.1-143"):
            names.append(os.path.join(folder, path))
    for index, record in enumerate(records(top, "assets")):
        path = text(record, "path")
        full = os.path.join(folder, path) if is_safe(path) else path
        if tree.find(full, f"assets[{index}].path", missing="P6.1-071", unsafe="P6.1-070") is not None:
            names.append(full)
        elif is_safe(path):
            names.append(full)
    tree.check_distinct(names)
    return paths


def _variable(record: Record, files: list[str]) -> Variable:
    tensor = message(record, "tensor")
    return Variable(text(record, "name"), _tensor(tensor, files) if tensor is not None else Tensor(None, None),
                    KINDS[number(record, "kind")], text(record, "tied_to") if "tied_to" in record else None)


def _tensor(record: Record, files: list[str]) -> Tensor:
    kind = message(record, "type")
    shape = message(kind, "shape") if kind is not None else None
    code = number(kind, "element_type") if kind is not None else 0
    tensor = Tensor(ELEMENT_TYPES[code - 1] if code else None, None if shape is None else _dims(shape), digested="digest" in record)
    stored, strings, sparse = message(record, "stored"), message(record, "strings"), message(record, "sparse")
    inline, compressed = record.get("inline"), message(record, "compressed")
    if stored is not None:
        index = number(stored, "file")
        if index < len(files):
            tensor.content = Stored(files[index], number(stored, "offset"), number(stored, "length"))
    elif isinstance(inline, bytes):
        tensor.content = inline
    elif strings is not None:
        items = strings.get("values", [])
        tensor.content = [item for item in items if isinstance(item, bytes)] if isinstance(items, list) else []
    elif sparse is not None:
        values, indices = message(sparse, "values"), message(sparse, "indices")
        if values is not None and indices is not None:
            tensor.content = Sparse(_tensor(values, files), _tensor(indices, files))
    elif compressed is not None:
        payload = message(compressed, "payload")
        tensor.content = Compressed([_stage(stage, files) for stage in records(compressed, "stages")],
                                    None if payload is None else _tensor(payload, files))
    return tensor


def _stage(record: Record, files: list[str]) -> Stage:
    """A stage with its side tensors; without a name where the schema has none."""
    for name, descriptor in record.items():
        if isinstance(descriptor, Record):
            return Stage(name, {field: _descriptor(value, files) for field, value in descriptor.items()})
    return Stage(None, {})


def _descriptor(value: object, files: list[str]) -> object:
    """A member of a descriptor: tensors and bases as such, what else there is as it is."""
    if isinstance(value, list):
        return [_descriptor(item, files) for item in value]
    if not isinstance(value, Record):
        return value
    if value.message.name == "Tensor":
        return _tensor(value, files)
    model, digest = message(value, "model"), message(value, "digest")
    return Base(text(value, "variable"), _digest(digest) or ("", ""), _digest(model))


def _digest(record: Record | None) -> tuple[str, str] | None:
    return None if record is None else (text(record, "algorithm"), text(record, "value"))


def _dims(shape: Record) -> list[int] | None:
    sizes = shape.get("sizes", [])
    dims: list[int] = [size for size in sizes if isinstance(size, int)] if isinstance(sizes, list) else []
    for record in records(shape, "dims"):
        size = record.get("fixed")
        if not isinstance(size, int):
            return None
        dims.append(size)
    return dims


def _inner_variables(top: Record) -> list[Record]:
    """The variables of all graphs, at any depth."""
    found: list[Record] = []
    pending: list[object] = [top.get("graphs"), top.get("blocks")]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending += item
        elif isinstance(item, Record):
            if item.message.name == "Graph":
                found += records(item, "variables")
            pending += [value for value in item.values() if isinstance(value, (list, Record))]
    return found


def _attribute_tensors(top: Record) -> list[Record]:
    """The tensors of attributes, at any depth."""
    found: list[Record] = []
    pending: list[object] = [top.get("graphs"), top.get("blocks")]
    while pending:
        item = pending.pop()
        if isinstance(item, list):
            pending += item
        elif isinstance(item, Record):
            if item.message.name == "Tensor":
                found.append(item)
            elif item.message.name != "Variable":
                pending += [value for value in item.values() if isinstance(value, (list, Record))]
    return found


def _check_ranges(model: Model, top: Record, log: FaultLog) -> None:
    """A range names a file of the table (P6.1-116), which was read whole."""
    if "files" in top.damaged or "*" in top.damaged:
        return
    count = len(records(top, "files"))
    for record in records(top, "parameters"):
        tensor = message(record, "tensor")
        stored = message(tensor, "stored") if tensor is not None else None
        if stored is not None and number(stored, "file") >= count:
            log.add("P6.1-116", VIOLATION, "no such file in the table", path=f'parameters["{text(record, "name")}"]')


def _check_headers(model: Model, tree: Tree, log: FaultLog) -> None:
    """Tensors that lie in safetensors files are tensors of their headers (PMR-022)."""
    by_file: dict[str, list[tuple[str, Tensor]]] = {}
    def collect(path: str, tensor: Tensor) -> None:
        if isinstance(tensor.content, Sparse):
            collect(path + ".values", tensor.content.values)
            collect(path + ".indices", tensor.content.indices)
        elif isinstance(tensor.content, Compressed):
            for place, part in tensor.content.parts():
                collect(f"{path}.{place}", part)
        elif isinstance(tensor.content, Stored):
            by_file.setdefault(tensor.content.file, []).append((path, tensor))
    for variable in model.variables:
        collect(f'parameters["{variable.name}"]', variable.tensor)
    for file, tensors in by_file.items():
        if not is_safe(file) or file not in tree.opened:
            continue
        size = tree.size(file) or 0
        place = os.path.join(tree.root, file)
        if not looks_like_safetensors(place):
            continue
        aside = FaultLog()
        header = safetensors_file.read_header(place, size, aside, file)
        for fault in aside.faults:
            log.add(fault.requirement, fault.kind, fault.note, file=fault.file)
        if header is None or not header.complete:
            log.add("PMR-022", UNSUPPORTED, "the header could not be read", file=file)
            continue
        entries = {(entry.offset, entry.length, entry.element_type, tuple(entry.dims)) for entry in header.entries}
        for path, tensor in tensors:
            if not _in_header(tensor, entries, size):
                log.add("PMR-022", MALFORMED, "no such tensor in the header", file=file, path=path)


def _in_header(tensor: Tensor, entries: set[tuple[int, int, str | None, tuple[int, ...]]], size: int) -> bool:
    stored = tensor.content
    assert isinstance(stored, Stored)
    if tensor.element_type is None or tensor.dims is None or stored.offset + stored.length > size:
        return True  # wrong for another reason
    if tensor.element_type in safetensors_file.NAMES:
        return (stored.offset, stored.length, tensor.element_type, tuple(tensor.dims)) in entries
    if tensor.element_type not in BITS:
        return True
    return any(offset == stored.offset and length == stored.length == math.prod(dims) and kind == "u8"
               for offset, length, kind, dims in entries)


def looks_like_safetensors(place: str) -> bool:
    """Whether a file begins with a length and a brace, as safetensors files do."""
    with open(place, "rb") as file:
        prefix = file.read(9)
    return len(prefix) == 9 and prefix[8:] == b"{" and int.from_bytes(prefix[:8], "little") < 1 << 40
