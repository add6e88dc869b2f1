"""Reads packages (8.2) from front to back and verifies every byte."""

from __future__ import annotations

import hashlib
import os
import re
import struct
from dataclasses import dataclass, field
from typing import BinaryIO

from . import package_signature
from .faults import MALFORMED, REMARK, UNSAFE, UNSUPPORTED, FaultLog, Refused
from .files import folded, is_safe
from .package_format import (ASSET, CHUNK, COMPRESSED, CRITICAL, ENCRYPTED, END, FILE_TYPES, HEADER, INDEX, MAGIC, PARAMETERS, PROFILE,
                             RIGHTS, SIGNATURE, START, STATEMENT, STRUCTURE, Cursor, UnitHeader, aligned, leaf, statement, tree)

MAXIMUM_UNITS = 1_000_000
_VENDOR_NAME = re.compile(rb"[a-z0-9-]+(\.[a-z0-9-]+)+(/.*)?\Z", re.DOTALL)


@dataclass
class Package:
    """What stands in a package."""

    units: list[tuple[UnitHeader, bytes]] = field(default_factory=list)  # with unit digests, the end unit left out
    keys: list[bytes] = field(default_factory=list)
    signatures: int = 0
    later: bool = False
    suite: int = 0
    root: bytes = b""

    @property
    def names(self) -> list[str]:
        """The names of the files."""
        return [header.identifier.decode() for header, _ in self.units if header.type in FILE_TYPES]


class PackageReader:
    """Reads one package from a stream; `folder` takes its files, where they are wanted."""

    def __init__(self, stream: BinaryIO, log: FaultLog, folder: str | None = None) -> None:
        self._stream, self._log, self._folder = stream, log, folder
        self._at = 0
        self._package = Package()
        self._foreign = False  # of another major version
        self._names: dict[str, str] = {}

    def read(self) -> Package | None:
        """The package where it keeps every rule, else None with faults in the log."""
        try:
            while not self._unit():
                pass
            if self._stream.read(1):
                raise self._refuse("P8.2-003", "something stands behind the end unit", self._at)
            self._check_model()
            return None if self._log.verdict != "accept" else self._package
        except Refused:
            return None

    def _refuse(self, requirement: str, note: str, offset: int, kind: str = MALFORMED) -> Refused:
        return self._log.refuse(requirement, kind, note, offset=offset)

    def _take(self, size: int) -> bytes:
        data = self._stream.read(size)
        self._at += len(data)
        if len(data) < size:
            raise self._refuse("P8.2-002", "the package is cut off", self._at)
        return data

    def _unit(self) -> bool:
        """Reads the next unit; whether it was the end."""
        offset, number = self._at, len(self._package.units)
        raw = self._stream.read(32)
        self._at += len(raw)
        if number == 0:
            self._check_beginning(raw)
        if len(raw) < 32:
            raise self._refuse("P8.2-002", "the package is cut off", offset + len(raw))
        magic, kind, flags, own_number, length, name_length, reserved = HEADER.unpack(raw)
        if magic != MAGIC:
            raise self._refuse("P8.2-010", "no magic", offset)
        if own_number != number:
            raise self._refuse("P8.2-011", f"number {own_number} in place of {number}", offset + 12)
        if number >= MAXIMUM_UNITS and kind != END:
            raise self._refuse("P8.2-007", "too many units", offset)
        self._check_type(kind, flags, offset)
        if length >= 1 << 63 or kind in (START, RIGHTS, SIGNATURE, END) and length > 1 << 20 or kind == INDEX and length > 256 << 20:
            raise self._refuse("P8.2-020", f"a payload of {length} bytes", offset + 16)
        if kind == END and length != 56:
            raise self._refuse("P8.2-055", f"{length} bytes in the end unit", offset + 16)
        if name_length > 4096 or kind in (START, RIGHTS, INDEX, END) and name_length or kind == SIGNATURE and name_length != 64:
            raise self._refuse("P8.2-021", f"an identifier of {name_length} bytes", offset + 24)
        if any(reserved) and not self._package.later:
            raise self._refuse("P8.2-019", "reserved bytes are not zero", offset + 26)
        header = UnitHeader(kind, flags, number, length, self._take(name_length), offset)
        self._check_order(header)
        self._check_identifier(header)
        return self._payload(header, raw)

    def _check_beginning(self, raw: bytes) -> None:
        """The header of the start unit is judged by the version, which stands in its payload."""
        if raw[:10] != MAGIC + b"\x01\0" or raw[12:16] != bytes(4):
            raise self._refuse("P8.2-001", "the file does not begin as a package does", 0)
        flags = int.from_bytes(raw[10:12], "little")
        if len(raw) == 32:
            length, name_length = struct.unpack_from("<QH", raw, 16)
            begin = aligned(32 + name_length, length)
            self._stream.seek(begin)
            version = self._stream.read(4) if length >= 4 else b""
            self._stream.seek(self._at)
            self._foreign = len(version) == 4 and version[:2] != b"\x01\0"  # told once the digest of the unit is known to be right
            self._package.later = self._foreign or len(version) == 4 and version[2:] != b"\0\0"
        if flags != CRITICAL and not (self._package.later and flags >> 3):
            raise self._refuse("P8.2-001", "the file does not begin as a package does", 0)

    def _check_type(self, kind: int, flags: int, offset: int) -> None:
        vendor = 32768 <= kind < 65280
        known = kind in FILE_TYPES or kind in (START, RIGHTS, INDEX, SIGNATURE, END)
        if kind == 0:
            raise self._refuse("P8.2-014", "type 0", offset + 8)
        if not known and not vendor and not self._package.later:
            raise self._refuse("P8.2-014", f"reserved type {kind}", offset + 8)
        if not known:
            if flags & CRITICAL:
                raise self._refuse("P8.2-012", f"unknown critical type {kind}", offset + 8, UNSUPPORTED)
            self._log.add("P8.2-013", REMARK, f"type {kind} is skipped", offset=offset + 8)
        if flags >> 3 and not self._foreign:
            raise self._refuse("P8.2-016", f"flags {flags:#x}", offset + 10, UNSUPPORTED if self._package.later else MALFORMED)
        if known and bool(flags & CRITICAL) != (kind not in (ASSET, SIGNATURE)):
            raise self._refuse("P8.2-015", "the critical flag is wrong", offset + 10)
        if flags & ENCRYPTED and (kind in (START, RIGHTS, INDEX, SIGNATURE, END) or not self._package.suite):
            raise self._refuse("P8.2-017", "encrypted", offset + 10)
        if flags & COMPRESSED and known and kind != PARAMETERS:
            raise self._refuse("P8.2-018", "compressed", offset + 10)
        if kind == PARAMETERS:
            statements = any(header.type == STATEMENT for header, _ in self._package.units)
            if bool(flags & COMPRESSED) != statements:
                raise self._refuse("P8.2-018", "the compressed flag and the compression statement disagree", offset + 10)

    def _check_order(self, header: UnitHeader) -> None:
        units = self._package.units
        if units and (header.type, header.identifier) <= (units[-1][0].type, units[-1][0].identifier):
            raise self._refuse("P8.2-024", "units do not ascend", header.offset + 8)
        if header.type > INDEX and not any(unit.type == INDEX for unit, _ in units):
            raise self._refuse("P8.2-009", "there is no index", header.offset)

    def _check_identifier(self, header: UnitHeader) -> None:
        at = header.offset + 32
        if header.type == SIGNATURE and not re.fullmatch(rb"[0-9a-f]{64}", header.identifier):
            raise self._refuse("P8.2-063", "no digest of a key", at)
        if header.type in (START, RIGHTS, INDEX, SIGNATURE, END):
            return
        try:
            name = header.identifier.decode("utf-8")
        except UnicodeDecodeError:
            name = ""
        if not is_safe(name):
            raise self._refuse("P6.1-003", "the name is not safe", at, UNSAFE)
        if 32768 <= header.type < 65280 and not _VENDOR_NAME.match(header.identifier):
            raise self._refuse("P8.2-022", "no reverse-DNS name", at)
        if header.type not in FILE_TYPES:
            return
        key = folded(name)
        if key in self._names:
            raise self._refuse("P6.1-004", f"{name} and {self._names[key]}", at)
        folders = ["/".join(key.split("/")[:count]) for count in range(1, key.count("/") + 1)]
        if any(folder in self._names for folder in folders) or any(other.startswith(key + "/") for other in self._names):
            raise self._refuse("P8.2-025", f"{name} is a folder of another", at)
        self._names[key] = name

    def _payload(self, header: UnitHeader, raw: bytes) -> bool:
        """Reads padding, payload and trailer; hands the content on. Whether it was the end."""
        padding = self._take(header.payload_offset - self._at)
        if any(padding):
            raise self._refuse("P8.2-023", "padding is not zero", header.offset + 32)
        begin, left, leaves, held = self._at, header.length, [], []
        target = self._target(header)
        try:
            while True:
                chunk = self._take(min(left, CHUNK))
                left -= len(chunk)
                leaves.append(leaf(chunk))
                if target is not None:
                    target.write(chunk)
                elif header.type not in FILE_TYPES and header.length <= 256 << 20:
                    held.append(chunk)
                if not left:
                    break
        finally:
            if target is not None:
                target.close()
        stored = b""
        if len(leaves) > 1:
            at = self._at
            stored = self._take(32 * len(leaves))
            for index, digest in enumerate(leaves):
                if stored[32 * index:32 * index + 32] != digest:
                    raise self._refuse("P8.2-030", f"chunk {index} has another hash", at + 32 * index)
        length, own = struct.unpack("<Q", self._take(8))[0], self._take(32)
        root = tree(leaves)
        if len(leaves) == 1 and own != root:
            raise self._refuse("P8.2-030", "chunk 0 has another hash", begin)
        if length != header.length:
            raise self._refuse("P8.2-031", "another length in the trailer", self._at - 40)
        if own != root:
            raise self._refuse("P8.2-032", "another root", self._at - 32)
        # The digest covers the header as it stands, reserved bytes of a later version included.
        digest = hashlib.sha256(b"\x02" + raw + header.identifier + struct.pack("<Q", header.length) + root).digest()
        return self._content(header, b"".join(held), digest, begin)

    def _target(self, header: UnitHeader) -> BinaryIO | None:
        if self._folder is None or header.type not in FILE_TYPES:
            return None
        # Folder by folder: a name of 4,096 bytes below another folder is longer than the system takes as one path.
        *folders, name = header.identifier.decode().split("/")
        at = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            for folder in folders:
                try:
                    os.mkdir(folder, dir_fd=at)
                except FileExistsError:
                    pass
                inner = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=at)
                os.close(at)
                at = inner
            return os.fdopen(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644, dir_fd=at), "wb")
        finally:
            os.close(at)

    def _content(self, header: UnitHeader, data: bytes, digest: bytes, begin: int) -> bool:
        package = self._package
        if header.type == END:
            self._check_end(header, data, begin)
            return True
        if header.type == START:
            self._check_start(data, begin)
        elif header.type == RIGHTS:
            self._log.add("P8.2-076", UNSUPPORTED, "rights are not read here", offset=begin)
        elif header.type == INDEX:
            self._check_index(data, begin)
            package.root = tree([unit_digest for _, unit_digest in package.units])
        elif header.type == SIGNATURE:
            index = next(number for number, (unit, _) in enumerate(package.units) if unit.type == INDEX)
            package.signatures += 1
            key = package_signature.check(data, header.identifier, statement(index, package.root), begin, self._log)
            if key is not None:
                package.keys.append(key)
        elif header.flags & ENCRYPTED:
            self._log.add("P8.2-036", UNSUPPORTED, "encrypted units are not read here", offset=header.offset)
        package.units.append((header, digest))
        return False

    def _check_start(self, data: bytes, begin: int) -> None:
        cursor = Cursor(data)
        try:
            major, minor, suite, recipients = (cursor.number(2) for _ in range(4))
            if major != 1:
                raise self._refuse("P8.2-004", f"version {major}.{minor}", begin, UNSUPPORTED)
            self._package.later = minor > 0
            if minor:
                self._log.add("P8.2-005", REMARK, f"version {major}.{minor}", offset=begin + 2)
            profile = cursor.text()
        except EOFError:
            raise self._refuse("P8.2-035", "the start unit breaks off", begin) from None
        if suite:
            self._package.suite = suite
            raise self._refuse("P8.2-036", "encryption is not read here", begin + 4, UNSUPPORTED)
        if recipients:
            raise self._refuse("P8.2-038", "recipients without a suite", begin + 6)
        try:
            profile.decode("utf-8")
        except UnicodeDecodeError:
            raise self._refuse("P8.2-035", "the profile version is not UTF-8", begin + 8) from None
        if profile != PROFILE.encode():
            self._log.add("P8.2-006", MALFORMED, "an unknown profile version", offset=begin + 8)
        if not cursor.done and not self._package.later:
            raise self._refuse("P8.2-035", "bytes behind the last field", begin + cursor.at)

    def _check_index(self, data: bytes, begin: int) -> None:
        cursor, units = Cursor(data), self._package.units
        try:
            if cursor.number(8) != len(units):
                raise self._refuse("P8.2-046", "another count of units", begin)
            for header, digest in units:
                at = begin + cursor.at
                if cursor.number(8) != header.offset:
                    raise self._refuse("P8.2-047", "another offset", at)
                if (cursor.number(8), cursor.number(2), cursor.number(2)) != (header.length, header.type, header.flags):
                    raise self._refuse("P8.2-048", "another length, type or flags", at + 8)
                size, reserved, listed = cursor.number(2), cursor.number(2), cursor.take(32)
                name = cursor.take(size)
                if reserved and not self._package.later:
                    raise self._refuse("P8.2-045", "reserved bytes are not zero", at + 22)
                if listed != digest:
                    raise self._refuse("P8.2-050", "another digest", at + 24)
                if name != header.identifier:
                    raise self._refuse("P8.2-049", "another identifier", at)
            root = cursor.take(32)
        except EOFError:
            raise self._refuse("P8.2-045", "the index breaks off", begin) from None
        if root != tree([digest for _, digest in units]):
            raise self._refuse("P8.2-051", "another content root", begin + cursor.at - 32)
        if not cursor.done:
            raise self._refuse("P8.2-045", "bytes behind the content root", begin + cursor.at)

    def _check_end(self, header: UnitHeader, data: bytes, begin: int) -> None:
        units = self._package.units
        index_offset, end_offset, count = struct.unpack_from("<QQQ", data)
        index = next((unit for unit, _ in units if unit.type == INDEX), None)
        for found, expected, requirement, at in (
                (index_offset, index.offset if index else None, "P8.2-056", 0), (end_offset, header.offset, "P8.2-057", 8),
                (count, len(units), "P8.2-058", 16), (data[24:], tree([digest for _, digest in units]), "P8.2-059", 24)):
            if found != expected:
                raise self._refuse(requirement, "another value than the package has", begin + at)

    def _check_model(self) -> None:
        if not any(header.type in (STRUCTURE, PARAMETERS) for header, _ in self._package.units):
            raise self._refuse("P8.2-008", "neither structure nor parameters", 0)
