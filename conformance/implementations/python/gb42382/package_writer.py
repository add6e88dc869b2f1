"""Packs a directory (8.2 section 5) into the one package that its names and bytes have, signed with Ed25519 where asked."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

from . import package_signature
from .faults import FaultLog
from .files import Tree
from .package_format import (ASSET, CHUNK, COMPRESSED, CRITICAL, END, INDEX, PARAMETERS, PROFILE, SIGNATURE, START, STATEMENT,
                             STRUCTURE, UnitHeader, leaf, statement, tree, type_of)


class PackageWriter:
    """Writes units one after the other."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._at = stream, 0
        self.units: list[tuple[UnitHeader, bytes]] = []

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._at += len(data)

    def unit(self, kind: int, flags: int, identifier: bytes, length: int, content: BinaryIO | bytes) -> bytes:
        """Writes a unit and gives its digest."""
        header = UnitHeader(kind, flags, len(self.units), length, identifier, self._at)
        self._write(header.encoded)
        self._write(bytes(header.payload_offset - self._at))
        leaves = []
        for start in range(0, max(length, 1), CHUNK):
            size = min(CHUNK, length - start)
            chunk = content[start:start + size] if isinstance(content, bytes) else content.read(size)
            if len(chunk) < size:
                raise OSError(f"{identifier.decode()} has become shorter (P6.1-008)")
            leaves.append(leaf(chunk))
            self._write(chunk)
        if not isinstance(content, bytes) and content.read(1):
            raise OSError(f"{identifier.decode()} has grown (P6.1-008)")
        if len(leaves) > 1:
            self._write(b"".join(leaves))
        root = tree(leaves)
        self._write(struct.pack("<Q", length) + root)
        digest = header.digest(root)
        self.units.append((header, digest))
        return digest

    def index(self) -> bytes:
        """Writes the index and gives the content root."""
        parts = [struct.pack("<Q", len(self.units))]
        for header, digest in self.units:
            parts += [struct.pack("<QQHHHH", header.offset, header.length, header.type, header.flags, len(header.identifier), 0),
                      digest, header.identifier]
        root = tree([digest for _, digest in self.units])
        payload = b"".join(parts) + root
        self.unit(INDEX, CRITICAL, b"", len(payload), payload)
        return root

    def end(self, index_offset: int) -> None:
        """Writes the end unit."""
        payload = struct.pack("<QQQ", index_offset, self._at, len(self.units)) + tree([digest for _, digest in self.units])
        self.unit(END, CRITICAL, b"", len(payload), payload)


def pack(folder: str, destination: str, log: FaultLog, key_pem: bytes | None = None) -> bool:
    """Packs a directory; whether it could be. The package appears whole or not at all."""
    files = Tree(folder, log)
    names = files.listing()
    files.check_distinct(names)
    typed = sorted((type_of(name), os.fsencode(name)) for name in names)
    kinds = {kind for kind, _ in typed}
    if not kinds & {STRUCTURE, PARAMETERS}:
        log.add("P8.2-008", note="neither structure nor parameters")
    if log.verdict != "accept":
        return False
    partial = destination + ".partial"
    try:
        with open(partial, "xb") as stream:
            writer = PackageWriter(stream)
            start = struct.pack("<HHHHI", 1, 0, 0, 0, len(PROFILE)) + PROFILE.encode()
            writer.unit(START, CRITICAL, b"", len(start), start)
            for kind, identifier in typed:
                flags = 0 if kind == ASSET else CRITICAL
                flags |= COMPRESSED if kind == PARAMETERS and STATEMENT in kinds else 0
                place = os.path.join(os.fsencode(files.root), identifier)
                with open(place, "rb") as content:
                    writer.unit(kind, flags, identifier, os.fstat(content.fileno()).st_size, content)
            count = len(writer.units)
            root = writer.index()
            index_offset = writer.units[-1][0].offset
            if key_pem is not None:
                identifier, payload = package_signature.make(key_pem, statement(count, root))
                writer.unit(SIGNATURE, 0, identifier, len(payload), payload)
            writer.end(index_offset)
        os.replace(partial, destination)
        return True
    finally:
        if os.path.exists(partial):
            os.remove(partial)
