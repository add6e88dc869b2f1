"""Reads a bare safetensors file as a sample (mapping of a safetensors file)."""

from __future__ import annotations

import math
import os

from . import element_types, safetensors_file
from .faults import VIOLATION, FaultLog
from .files import Tree
from .model import Model, Stored, Tensor, Variable
from .safetensors_file import Header

BUFFER_NAMES = frozenset({"position_ids", "inv_freq", "running_mean", "running_var", "num_batches_tracked"})


def read(tree: Tree, name: str, log: FaultLog) -> Model | None:
    """The model of one file."""
    header = read_file(tree, name, log)
    if header is None:
        return None
    return Model("safetensors", tree, variables(header, name))


def read_file(tree: Tree, name: str, log: FaultLog) -> Header | None:
    """The header of a file of the tree, with the rules on byte ranges (6.1 structure, section 7) asked of it."""
    place = tree.find(name)
    if place is None:
        return None
    size = os.path.getsize(place)
    header = safetensors_file.read_header(place, size, log, name)
    if header is not None:
        _check_ranges(header, size, name, log)
    return header


def _check_ranges(header: Header, size: int, name: str, log: FaultLog) -> None:
    """Ranges lie in the file, are as long as their elements ask, share no byte and leave none out."""
    sound = True
    for entry in header.entries:
        count = math.prod(entry.dims)
        wanted = element_types.byte_count(str(entry.element_type), count)
        if max(count, wanted) >= 1 << 64:
            log.add("P6.1-104", VIOLATION, f"{count} elements", file=name, path=entry.name)
            sound = False
        elif entry.length != wanted:
            log.add("P6.1-118", VIOLATION, f"{entry.length} bytes, {wanted} are needed", file=name, path=entry.name)
            sound = False
        if entry.length and entry.offset + entry.length > size:
            log.add("P6.1-117", VIOLATION, "the range leaves its file", file=name, path=entry.name)
            sound = False
    if sound and header.complete:
        end, owner = header.payload, None
        for entry in sorted(header.entries, key=lambda item: (item.offset, item.offset + item.length)):
            if not entry.length:
                continue
            if entry.offset < end:
                shared = owner is not None and (owner.offset, owner.length) == (entry.offset, entry.length)
                log.add("ST-016" if shared else "P6.1-121", VIOLATION, "shares bytes", file=name, path=entry.name)
            elif entry.offset > end:
                log.add("P6.1-124", VIOLATION, "bytes that belong to no tensor", file=name, path=entry.name)
            end, owner = max(end, entry.offset + entry.length), entry
        if end < size:
            log.add("P6.1-124", VIOLATION, "bytes behind the last tensor", file=name)


def variables(header: Header, name: str) -> list[Variable]:
    """The variables of a file."""
    found = []
    for entry in header.entries:
        kind = "parameter"
        if entry.element_type == "bool" or str(entry.element_type)[0] in "iu" or entry.name.rsplit(".", 1)[-1] in BUFFER_NAMES:
            kind = "buffer"
        found.append(Variable(entry.name, Tensor(entry.element_type, entry.dims, Stored(name, entry.offset, entry.length)), kind))
    return found
