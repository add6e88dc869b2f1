"""Joins the segments of a transfer (8.3, directory binding): manifest, segments, proofs, and then the package itself."""

from __future__ import annotations

import hashlib
import os
import struct
from dataclasses import dataclass
from typing import BinaryIO

from .faults import REMARK, UNSUPPORTED, FaultLog, Refused
from .files import Tree
from .package_format import CHUNK, leaf, node, tree
from .package_reader import PackageReader

MANIFEST_MAGIC, SEGMENT_MAGIC = bytes.fromhex("89504d4d0d0a1a0a"), bytes.fromhex("89504d530d0a1a0a")


@dataclass(frozen=True)
class Manifest:
    """What a sender offers."""

    major: int
    minor: int
    size: int  # bytes of a segment
    length: int
    package_root: bytes
    transfer_root: bytes
    digests: list[bytes]


def _stated(stream: BinaryIO) -> bytes:
    """The bytes that a manifest says it has, and one more where there is one: what stands behind it is not read."""
    head = stream.read(88)
    if len(head) < 88:
        return head
    chunks, length = struct.unpack_from("<IQ", head, 12)
    left = os.fstat(stream.fileno()).st_size - 88
    return head + stream.read(min(left, 32 * -(-length // (max(1, chunks) * CHUNK)) + 33))


def read_manifest(data: bytes, log: FaultLog) -> Manifest:
    """The manifest; Refused with a fault in the log where it breaks a rule."""
    def refuse(requirement: str, note: str, offset: int = 0, kind: str = "malformed") -> Refused:
        return log.refuse(requirement, kind, note, file="manifest.pmm", offset=offset)

    if data[:8] != MANIFEST_MAGIC:
        raise refuse("P8.3-001", "no manifest")
    if len(data) < 88:
        raise refuse("P8.3-006", "the manifest breaks off", len(data))
    major, minor, chunks, length = struct.unpack_from("<HHIQ", data, 8)
    if major != 1:
        raise refuse("P8.3-002", f"version {major}.{minor}", 8, UNSUPPORTED)
    if minor:
        log.add("P8.3-003", REMARK, f"version {major}.{minor}", file="manifest.pmm", offset=10)
    if not 1 <= chunks <= 1024 or chunks & (chunks - 1):
        raise refuse("P8.3-004", f"{chunks} chunks a segment", 12)
    if not 0 < length < 1 << 63:
        raise refuse("P8.3-005", f"a length of {length}", 16)
    count = -(-length // (chunks * CHUNK))
    end = 88 + 32 * count
    if len(data) < end + 32:
        raise refuse("P8.3-006", "the manifest breaks off", len(data))
    if len(data) > end + 32:
        raise refuse("P8.3-007", "bytes behind the manifest", end + 32)
    if hashlib.sha256(b"\x04" + data[:end]).digest() != data[end:]:
        raise refuse("P8.3-008", "another digest", end)
    digests = [data[at:at + 32] for at in range(88, end, 32)]
    if tree(digests) != data[56:88]:
        raise refuse("P8.3-009", "another transfer root", 56)
    return Manifest(major, minor, chunks * CHUNK, length, data[24:56], data[56:88], digests)


def check_segment(data: bytes, name: str, sequence: int, manifest: Manifest, log: FaultLog) -> bytes:
    """The payload of a segment; Refused with a fault in the log where it is not that of its name."""
    def refuse(requirement: str, note: str, offset: int) -> Refused:
        return log.refuse(requirement, note=note, file=name, offset=offset)

    if data[:8] != SEGMENT_MAGIC:
        raise refuse("P8.3-020", "no segment", 0)
    if len(data) < 104:
        raise refuse("P8.3-026", "the segment breaks off", len(data))
    major, minor, hashes = struct.unpack_from("<HHI", data, 8)
    if (major, minor) != (manifest.major, manifest.minor):
        raise refuse("P8.3-021", "another version than the manifest's", 8)
    if data[16:48] != manifest.transfer_root:
        raise refuse("P8.3-022", "of another transfer", 16)
    own, offset, length = struct.unpack_from("<QQQ", data, 48)
    if own >= len(manifest.digests):
        raise refuse("P8.3-023", f"sequence {own}", 48)
    if own != sequence:
        raise refuse("P8.3-036", f"sequence {own} under another name", 48)
    if offset != own * manifest.size:
        raise refuse("P8.3-024", f"offset {offset}", 56)
    if length != min(manifest.size, manifest.length - offset):
        raise refuse("P8.3-025", f"a length of {length}", 64)
    begin = 104 + 32 * hashes
    if len(data) < begin + length:
        raise refuse("P8.3-026", "the segment breaks off", len(data))
    if len(data) > begin + length:
        raise refuse("P8.3-027", "bytes behind the segment", begin + length)
    proof = [data[at:at + 32] for at in range(104, begin, 32)]
    if proven_root(own, len(manifest.digests), data[72:104], proof) != manifest.transfer_root or data[72:104] != manifest.digests[own]:
        raise refuse("P8.3-028", "the proof does not lead to the root", 104)
    payload = data[begin:]
    if tree([leaf(payload[at:at + CHUNK]) for at in range(0, len(payload), CHUNK)]) != data[72:104]:
        raise refuse("P8.3-029", "the payload has another digest", begin)
    return payload


def proven_root(index: int, count: int, digest: bytes, proof: list[bytes]) -> bytes | None:
    """The root that a proof leads to; None where it has too few or too many hashes."""
    left = list(proof)
    while count > 1:
        if index % 2 or index + 1 < count:
            if not left:
                return None
            other = left.pop(0)
            digest = node(other, digest) if index % 2 else node(digest, other)
        index, count = index // 2, (count + 1) // 2
    return None if left else digest


def join(folder: str, destination: str, log: FaultLog) -> bool:
    """Makes the package of a folder of segments; it appears only where it verifies as a whole."""
    partial = destination + ".partial"
    try:
        files = Tree(folder, log)
        manifest_place = files.find("manifest.pmm", missing="P8.3-035")
        if manifest_place is None:
            return False
        with open(manifest_place, "rb") as stream:
            manifest = read_manifest(_stated(stream), log)
        expected = [f"{sequence:08d}.pms" for sequence in range(len(manifest.digests))]
        names = files.listing()
        files.check_distinct(names)
        for name in sorted(set(names) - set(expected) - {"manifest.pmm"}):
            log.add("P8.3-037", note="another file in the folder", file=name)
        if log.verdict != "accept":
            return False
        with open(partial, "xb") as output:
            for sequence, name in enumerate(expected):
                place = files.find(name, missing="P8.3-035")
                if place is None:
                    return False
                with open(place, "rb") as stream:
                    output.write(check_segment(stream.read(104 + 32 * 64 + manifest.size + 1), name, sequence, manifest, log))
        with open(partial, "rb") as stream:
            stream.seek(max(0, manifest.length - 72))
            if stream.read(32) != manifest.package_root:
                raise log.refuse("P8.3-010", note="the package has another root", file="manifest.pmm", offset=24)
            stream.seek(0)
            if PackageReader(stream, log).read() is None:
                return False
        os.replace(partial, destination)
        return True
    except Refused:
        return False
    finally:
        if os.path.exists(partial):
            os.remove(partial)
