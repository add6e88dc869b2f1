#!/usr/bin/env python3
"""Transmission of profile 8.3, written from the chapter: segments, manifest, proofs, and a receiver that keeps to the state machine.

    package_segments.py split PKG DIR [CHUNKS]     CHUNKS per segment, a power of two, 16 unless told
    package_segments.py join DIR OUT.pmp
"""

import os
import pathlib
import struct
import sys

import package
from package_format import CHUNK, Refused, leaf, sha256, tree

MANIFEST_MAGIC, SEGMENT_MAGIC = b"\x89PMM\r\n\x1a\n", b"\x89PMS\r\n\x1a\n"
MANIFEST = struct.Struct("<8sHHIQ32s32s")  # magic, major, minor, chunks per segment, length, package root, transfer root
SEGMENT = struct.Struct("<8sHHI32sQQQ32s")  # magic, major, minor, proof hashes, transfer root, sequence, offset, length, digest


def node(left, right):
    return sha256(b"\x01", left, right)


def digest_of(data):
    """The root over the chunks of a segment."""
    return tree([leaf(data[at:at + CHUNK]) for at in range(0, len(data), CHUNK)])


def proof_of(digests, sequence):
    """The hashes beside the way from a segment to the root, from below."""
    result = []
    while len(digests) > 1:
        if sequence ^ 1 < len(digests):
            result.append(digests[sequence ^ 1])
        digests = [node(*digests[at:at + 2]) if at + 1 < len(digests) else digests[at] for at in range(0, len(digests), 2)]
        sequence //= 2
    return result


def root_by(proof, digest, sequence, count):
    """The root that a proof leads to; None where it has too few hashes or too many."""
    proof = list(proof)
    while count > 1:
        if sequence ^ 1 < count:
            if not proof:
                return None
            other = proof.pop(0)
            digest = node(other, digest) if sequence & 1 else node(digest, other)
        sequence, count = sequence // 2, (count + 1) // 2
    return None if proof else digest


def proof_length(sequence, count):
    """How many hashes a proof has: one for each level on which there is a neighbour."""
    hashes = 0
    while count > 1:
        hashes += sequence ^ 1 < count
        sequence, count = sequence // 2, (count + 1) // 2
    return hashes


class Manifest:
    """What a sender offers."""

    def __init__(self, data):
        if data[:8] != MANIFEST_MAGIC:
            raise Refused("manifest-format-first", 0)
        if len(data) < MANIFEST.size + 32:
            raise Refused("manifest-complete", len(data))
        _, major, self.minor, self.chunks, self.length, self.package, self.root = MANIFEST.unpack_from(data)
        if major != 1:
            raise Refused("manifest-major-version-supported", 8, 1, major)
        if not 1 <= self.chunks <= 1024 or self.chunks & (self.chunks - 1):
            raise Refused("manifest-segment-size", 12, actual=self.chunks)
        if not 0 < self.length < 1 << 63:
            raise Refused("manifest-package-length", 16, actual=self.length)
        self.size = self.chunks * CHUNK
        self.count = -(-self.length // self.size)
        size = MANIFEST.size + 32 * self.count + 32
        if len(data) != size:
            raise Refused("manifest-complete" if len(data) < size else "manifest-segment-count", min(len(data), size), size, len(data))
        if data[-32:] != sha256(b"\x04", data[:-32]):
            raise Refused("manifest-digest", len(data) - 32)
        self.digests = [data[at:at + 32] for at in range(MANIFEST.size, len(data) - 32, 32)]
        if tree(self.digests) != self.root:
            raise Refused("manifest-transfer-root", 56)
        self.data = data

    def span(self, sequence):
        offset = sequence * self.size
        return offset, min(self.size, self.length - offset)


def split(path, folder, chunks=16):
    """Writes the segments and, last, the manifest."""
    os.mkdir(folder)
    folder = pathlib.Path(folder)
    with open(path, "rb") as file:
        units, *_ = package.verify(file)
        length, digests = file.seek(0, os.SEEK_END), []
        file.seek(0)
        while data := file.read(chunks * CHUNK):
            digests.append(digest_of(data))
        root = tree(digests)
        file.seek(0)
        for sequence, digest in enumerate(digests):
            data, proof = file.read(chunks * CHUNK), proof_of(digests, sequence)
            head = SEGMENT.pack(SEGMENT_MAGIC, 1, 0, len(proof), root, sequence, sequence * chunks * CHUNK, len(data), digest)
            (folder / f"{sequence:08}.pms").write_bytes(head + b"".join(proof) + data)
    data = MANIFEST.pack(MANIFEST_MAGIC, 1, 0, chunks, length, package.content_root(units[:-1]), root) + b"".join(digests)
    (folder / "manifest.pmm").write_bytes(data + sha256(b"\x04", data))


def parse_segment(data, manifest):
    """Sequence and payload of a segment of this transfer, verified by its digest, by its proof and by the manifest."""
    if data[:8] != SEGMENT_MAGIC:
        raise Refused("segment-format-first", 0)
    if len(data) < SEGMENT.size:
        raise Refused("segment-complete", len(data))
    _, major, minor, hashes, root, sequence, offset, length, digest = SEGMENT.unpack_from(data)
    if (major, minor) != (1, manifest.minor):
        raise Refused("segment-version-of-manifest", 8, (1, manifest.minor), (major, minor))
    if root != manifest.root:
        raise Refused("segment-identity", 16)
    if sequence >= manifest.count:
        raise Refused("segment-sequence-in-range", 48, manifest.count, sequence)
    if offset != manifest.span(sequence)[0]:
        raise Refused("segment-offset", 56, manifest.span(sequence)[0], offset)
    if length != manifest.span(sequence)[1]:
        raise Refused("segment-length", 64, manifest.span(sequence)[1], length)
    if hashes != proof_length(sequence, manifest.count):
        raise Refused("segment-proof", 12, proof_length(sequence, manifest.count), hashes)
    begin = SEGMENT.size + 32 * hashes
    if len(data) != begin + length:
        raise Refused("segment-complete" if len(data) < begin + length else "segment-nothing-after",
                      min(len(data), begin + length), begin + length, len(data))
    proof = [data[at:at + 32] for at in range(SEGMENT.size, begin, 32)]
    if digest != manifest.digests[sequence]:
        raise Refused("segment-proof", 72)
    if root_by(proof, digest, sequence, manifest.count) != root:
        raise Refused("segment-proof", SEGMENT.size)
    payload = data[begin:]
    if digest_of(payload) != digest:
        raise Refused("segment-digest", begin)
    return sequence, payload


# State and event to the next state, exactly the table of section 6 of the chapter; what it does not list is refused.
TRANSITIONS = {
    ("idle", "offer"): "offered", ("idle", "offer-refused"): "aborted", ("idle", "cancel"): "aborted",
    ("offered", "select"): "transferring", ("offered", "cancel"): "aborted", ("offered", "break"): "paused",
    ("transferring", "segment"): "transferring", ("transferring", "segment-again"): "transferring",
    ("transferring", "segment-refused"): "transferring", ("transferring", "all-held"): "verifying",
    ("transferring", "break"): "paused", ("transferring", "exhausted"): "aborted", ("transferring", "cancel"): "aborted",
    ("paused", "resume"): "transferring", ("paused", "offer-changed"): "aborted", ("paused", "cancel"): "aborted",
    ("verifying", "verified"): "complete", ("verifying", "refused"): "aborted", ("verifying", "break"): "paused",
    ("verifying", "cancel"): "aborted",
}


class Receiver:
    """Takes segments in any order into a folder beside the result, and shows the result only once all of it is verified.

    There is no journal: what is held is what verifies, so a receiver that was killed at any moment finds out by itself.
    """

    def __init__(self, out):
        self.out, self.folder = pathlib.Path(out), pathlib.Path(f"{out}.fetch")
        self.state, self.held, self.manifest = "idle", set(), None

    def event(self, name):
        if (self.state, name) not in TRANSITIONS:
            raise Refused("transfer-event-expected", actual=f"{self.state}, {name}")
        self.state = TRANSITIONS[self.state, name]

    def offer(self, data):
        """A manifest; the same one that an earlier run was given continues that run."""
        try:
            manifest = Manifest(data)
        except Refused:
            self.event("offer-refused")
            raise
        self.folder.mkdir(exist_ok=True)
        kept = self.folder / "manifest.pmm"
        self.event("offer")
        if kept.exists() and kept.read_bytes() != data:
            self.event("break")
            self.event("offer-changed")
            raise Refused("transfer-offer-unchanged")
        kept.write_bytes(data)
        self.manifest = manifest
        with open(self.folder / "package", "ab") as file:
            file.truncate(manifest.length)
        with open(self.folder / "package", "rb") as file:
            for sequence in range(manifest.count):
                if digest_of(file.read(manifest.size)) == manifest.digests[sequence]:
                    self.held.add(sequence)
        self.event("select")

    def segment(self, data):
        """One segment file; whether it was new. A refused one leaves what is held as it is."""
        try:
            sequence, payload = parse_segment(data, self.manifest)
        except Refused:
            self.event("segment-refused")
            raise
        if sequence in self.held:
            self.event("segment-again")
            return False
        self.event("segment")
        with open(self.folder / "package", "r+b") as file:
            file.seek(self.manifest.span(sequence)[0])
            file.write(payload)
        self.held.add(sequence)
        return True

    def missing(self):
        return [sequence for sequence in range(self.manifest.count) if sequence not in self.held]

    def finish(self, **policy):
        """Verifies the package as a whole, and only then gives it its name."""
        if self.missing():
            raise Refused("transfer-segments-all-held", actual=self.missing()[:10])
        self.event("all-held")
        try:
            with open(self.folder / "package", "rb") as file:
                units, *_ = package.verify(file, **policy)
            if package.content_root(units[:-1]) != self.manifest.package:
                raise Refused("manifest-package-root", 24)
        except Refused:
            self.event("refused")
            raise
        os.replace(self.folder / "package", self.out)
        (self.folder / "manifest.pmm").unlink()
        self.folder.rmdir()
        self.event("verified")


def join(folder, out):
    folder, receiver = pathlib.Path(folder), Receiver(out)
    receiver.offer((folder / "manifest.pmm").read_bytes())
    for sequence in receiver.missing():
        path = folder / f"{sequence:08}.pms"
        if not path.exists():
            raise Refused("segments-all-present", actual=path.name)
        data = path.read_bytes()
        receiver.segment(data)
        if sequence not in receiver.held:
            raise Refused("segment-file-name", actual=path.name)
    receiver.finish()


if __name__ == "__main__":
    try:
        if sys.argv[1] == "split":
            split(sys.argv[2], sys.argv[3], *map(int, sys.argv[4:5]))
        else:
            join(*sys.argv[2:4])
    except Refused as refusal:
        sys.exit(f"refused: {refusal}")
