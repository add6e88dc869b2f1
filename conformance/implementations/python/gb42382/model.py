"""What every reader gives: variables with their tensors, and from these the decoded content (conformance/vectors.md)."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from . import element_types, safetensors_file
from .faults import VIOLATION, FaultLog
from .files import Tree
from .native_binary import Record

MAXIMUM_VALUES = 64


@dataclass(frozen=True)
class Stored:
    """A byte range of a file."""

    file: str
    offset: int
    length: int


@dataclass(frozen=True)
class Sparse:
    """Elements that are not zero, and their places."""

    values: Tensor
    indices: Tensor


@dataclass(frozen=True)
class Base:
    """A tensor that another one is derived from: a variable, the digest of its elements, the content digest of its model.
    A digest is its algorithm and its value."""

    variable: str
    digest: tuple[str, str]
    model: tuple[str, str] | None


@dataclass(frozen=True)
class Stage:
    """One turn of a chain: its name, None where the schema has none, and the members of its descriptor."""

    method: str | None
    members: dict[str, object]


@dataclass(frozen=True)
class Compressed:
    """What a chain of stages left."""

    stages: list[Stage]
    payload: Tensor | None

    def parts(self) -> list[tuple[str, Tensor]]:
        """The side tensors and the payload, each with its place."""
        found = []
        for index, stage in enumerate(self.stages):
            for name, value in stage.members.items():
                for item in value if isinstance(value, list) else [value]:
                    if isinstance(item, Tensor):
                        found.append((f"stages[{index}].{name}", item))
        return found + ([("payload", self.payload)] if self.payload is not None else [])


@dataclass
class Tensor:
    """A type and where the elements lie: a byte range, bytes, strings, or two tensors."""

    element_type: str | None
    dims: list[int] | None
    content: Stored | bytes | list[bytes] | Sparse | Compressed | None = None
    digested: bool = False  # it states a digest
    encoded: bool = False  # the source wrote the elements in another way: their number is asked for, not their bytes

    @property
    def count(self) -> int | None:
        """The number of elements, None where the dims do not give it."""
        if self.dims is None or any(dim < 0 for dim in self.dims):
            return None
        return math.prod(self.dims)


@dataclass
class Variable:
    """Data that the model holds."""

    name: str
    tensor: Tensor
    kind: str | None = None
    tied_to: str | None = None


@dataclass
class Model:
    """What was read from a sample."""

    format: str
    tree: Tree
    variables: list[Variable] = field(default_factory=list)
    inner: list[Variable] = field(default_factory=list)  # of graphs and bodies of blocks: counted, not listed
    main: list[Variable] = field(default_factory=list)  # those of the main graph
    others: list[Tensor] = field(default_factory=list)  # of attributes
    structure: Record | None = None  # the native form has all of it
    #: Undoes a chain: the elements of a tensor as they are stored, None with a fault.
    undo: Callable[[Tensor, str, FaultLog], bytes | None] | None = None
    #: Other models that are at hand as bases.
    neighbours: Callable[[], Iterator[Model]] | None = None

    def tensor_bytes(self, tensor: Tensor, log: FaultLog, path: str) -> bytes | None:
        """The elements as they are stored; strings each behind its length (8 bytes), sparse ones values and then indices."""
        content = tensor.content
        if content is None or isinstance(content, bytes):
            return content
        if isinstance(content, list):
            return b"".join(struct.pack("<Q", len(text)) + text for text in content)
        if isinstance(content, Sparse):
            parts = [self.tensor_bytes(part, log, path) for part in (content.values, content.indices)]
            return None if None in parts else b"".join(part for part in parts if part is not None)
        if isinstance(content, Compressed):
            return self.undo(tensor, path, log) if self.undo is not None else None
        size = self.tree.size(content.file)
        if size is not None and content.offset + content.length > size:
            if content.length:
                log.add("P6.1-117", VIOLATION, "the range leaves its file", file=content.file, path=path)
            return None if content.length else b""
        return self.tree.read(content.file, content.offset, content.length, path)

    def decoded(self, log: FaultLog) -> dict[str, object]:
        """The object that `decoded.json` holds."""
        tensors = [self._decoded(variable, log) for variable in
                   sorted(self.variables, key=lambda item: item.name.encode("utf-8", "surrogatepass"))]
        for place, tensor in ([(f'variables["{variable.name}"]', variable.tensor) for variable in self.inner]
                              + [("attribute", tensor) for tensor in self.others]):
            if isinstance(tensor.content, Compressed):
                self.tensor_bytes(tensor, log, place)
        return {"tensors": tensors, "parameters": self.parameter_count()}

    def _decoded(self, variable: Variable, log: FaultLog) -> dict[str, object]:
        tensor = variable.tensor
        members: dict[str, object] = {"name": variable.name, "element_type": tensor.element_type, "dims": tensor.dims}
        if tensor.element_type is None or tensor.count is None or not self._agrees(variable, log):
            return members
        data = self.tensor_bytes(tensor, log, f'parameters["{variable.name}"]')
        if data is None:
            return members
        members["sha256"] = hashlib.sha256(data).hexdigest()
        if tensor.count <= MAXIMUM_VALUES and not isinstance(tensor.content, Sparse):
            members["values"] = [] if tensor.count == 0 else [_number(value) for value in (
                [text.decode("utf-8", "replace") for text in tensor.content] if isinstance(tensor.content, list)
                else element_types.values(tensor.element_type, data, tensor.count))]
        return members

    @staticmethod
    def _agrees(variable: Variable, log: FaultLog) -> bool:
        """Whether there are as many elements as the dims say (P6.1-104, P6.1-118, P6.1-119)."""
        tensor = variable.tensor
        path = f'parameters["{variable.name}"]'
        assert tensor.element_type is not None and tensor.count is not None
        if tensor.count * element_types.BITS.get(tensor.element_type, 8) >= 8 << 64 or tensor.count >= 1 << 64:
            log.add("P6.1-104", VIOLATION, f"{tensor.count} elements", path=path)
            return False
        if isinstance(tensor.content, (Sparse, Compressed)) or tensor.content is None:
            return True
        if isinstance(tensor.content, list):
            if len(tensor.content) != tensor.count:
                log.add("P6.1-119", VIOLATION, f"{len(tensor.content)} strings", path=path)
            return len(tensor.content) == tensor.count
        length = tensor.content.length if isinstance(tensor.content, Stored) else len(tensor.content)
        if tensor.count == 0 and length == 0:
            return True
        if tensor.element_type == "string":
            log.add("P6.1-120", VIOLATION, "strings that do not stand as strings", path=path)
            return False
        expected = element_types.byte_count(tensor.element_type, tensor.count)
        if length != expected:
            log.add("P6.1-119" if tensor.encoded else "P6.1-118", VIOLATION, f"{length} bytes, {expected} are needed", path=path)
        return length == expected

    def parameter_count(self) -> int:
        """The elements of all variables of kind parameter; each tied one, and each range of bytes, once."""
        ranges: set[Stored] = set()
        total = 0
        for variable in self.variables + self.inner:
            content = variable.tensor.content
            if variable.kind != "parameter" or variable.tied_to is not None:
                continue
            if isinstance(content, Stored) and content.length:
                if content in ranges:
                    continue
                ranges.add(content)
            total += variable.tensor.count or 0
        return total

    def as_safetensors(self, log: FaultLog) -> bytes:
        """All tensors with content as one file: sparse ones as NAME.values and NAME.indices, strings as bytes."""
        tensors: list[tuple[str, str, list[int], bytes]] = []
        def add(name: str, tensor: Tensor) -> None:
            if isinstance(tensor.content, Sparse):
                add(name + ".values", tensor.content.values)
                add(name + ".indices", tensor.content.indices)
                return
            data = self.tensor_bytes(tensor, log, name)
            if data is None or tensor.element_type is None or tensor.count is None:
                return
            if tensor.element_type == "string":
                tensors.append((name, "u8", [len(data)], data))
            elif len(data) == element_types.byte_count(tensor.element_type, tensor.count):
                tensors.append((name, tensor.element_type, tensor.dims or [], data))
        for variable in self.variables:
            add(variable.name, variable.tensor)
        return safetensors_file.write(tensors)


def _number(value: object) -> object:
    """A value as JSON has it: what is not finite as a text."""
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value
