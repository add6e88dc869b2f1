"""The parts of a package (8.2): the hash tree, unit headers, types by name, and the layouts of start, index and end."""

from __future__ import annotations

import hashlib
import re
import struct
from dataclasses import dataclass

MAGIC = bytes.fromhex("89504d500d0a1a0a")
CHUNK = 1 << 20
HEADER = struct.Struct("<8sHHIQH6s")
START, RIGHTS, STRUCTURE, STATEMENT, PARAMETERS, ASSET = 1, 2, 3, 4, 5, 6
INDEX, SIGNATURE, END = 65520, 65521, 65522
FILE_TYPES = frozenset({STRUCTURE, STATEMENT, PARAMETERS, ASSET})
CRITICAL, ENCRYPTED, COMPRESSED = 1, 2, 4
PROFILE = "2026.1"

_PARAMETER_SUFFIXES = (".safetensors", ".gguf", ".bin", ".data", ".pdiparams", ".pt", ".pth", ".ckpt", ".npy", ".npz", ".h5",
                       ".weight", ".weights")
_STRUCTURE_SUFFIXES = (".pmr", ".pmr.json", ".onnx", ".mindir", ".pdmodel", ".index.json")


def leaf(chunk: bytes) -> bytes:
    """The hash of a chunk."""
    return hashlib.sha256(b"\x00" + chunk).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree(hashes: list[bytes]) -> bytes:
    """The root over hashes: neighbours are joined level by level, a last one alone moves up."""
    while len(hashes) > 1:
        joined = [node(hashes[at], hashes[at + 1]) for at in range(0, len(hashes) - 1, 2)]
        hashes = joined + hashes[len(hashes) - len(hashes) % 2:]
    return hashes[0]


def type_of(name: str) -> int:
    """The type of the unit for a file, by its name (section 5.2)."""
    lower = "".join(character.lower() if character.isascii() else character for character in name)
    if lower.endswith(".compression.json"):
        return STATEMENT
    if lower.endswith(_STRUCTURE_SUFFIXES) or lower.rsplit("/", 1)[-1] in ("config.json", "adapter_config.json"):
        return STRUCTURE
    if lower.endswith(_PARAMETER_SUFFIXES) or re.search(r"[._]onnx_data(_[0-9]+)?\Z", lower):
        return PARAMETERS
    return ASSET


@dataclass(frozen=True)
class UnitHeader:
    """The header of a unit with its identifier, and where it stands."""

    type: int
    flags: int
    number: int
    length: int
    identifier: bytes
    offset: int

    @property
    def encoded(self) -> bytes:
        """The 32 bytes and the identifier."""
        return HEADER.pack(MAGIC, self.type, self.flags, self.number, self.length, len(self.identifier), bytes(6)) + self.identifier

    @property
    def payload_offset(self) -> int:
        """Where the payload begins."""
        return aligned(self.offset + 32 + len(self.identifier), self.length)

    @property
    def chunks(self) -> int:
        """The number of chunks."""
        return max(1, -(-self.length // CHUNK))

    def digest(self, root: bytes) -> bytes:
        """The unit digest."""
        return hashlib.sha256(b"\x02" + self.encoded + struct.pack("<Q", self.length) + root).digest()


def aligned(offset: int, length: int) -> int:
    """The next place at which a payload of that length may begin."""
    step = 4096 if length >= 65536 else 64
    return -(-offset // step) * step


def statement(units: int, root: bytes) -> bytes:
    """The text that is signed."""
    return f"GB42382-PMP statement 1\nunits {units}\nroot sha256:{root.hex()}\n".encode()


class Cursor:
    """Reads the fields of a payload one after the other; EOFError where they are not there."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> bytes:
        """That many bytes."""
        if size > len(self.data) - self.at:
            raise EOFError
        self.at += size
        return self.data[self.at - size:self.at]

    def number(self, size: int) -> int:
        """An unsigned integer of that many bytes."""
        return int.from_bytes(self.take(size), "little")

    def text(self) -> bytes:
        """A length of four bytes and as many bytes."""
        return self.take(self.number(4))

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.at == len(self.data)
