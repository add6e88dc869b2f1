"""Packages: the example of the chapter, every changed byte, signatures, and segments."""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
import tempfile
import unittest
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from gb42382 import operations, package_signature, segments
from gb42382.faults import FaultLog
from gb42382.package_format import CHUNK, leaf, node, tree
from gb42382.package_reader import PackageReader

CHAPTER = Path(__file__).resolve().parents[3] / "profile" / "8.2-package.md"


def example() -> bytes:
    """The package that the chapter prints."""
    dump = re.search(r"```hex\n(.*?)```", CHAPTER.read_text(encoding="utf-8"), re.DOTALL)
    assert dump is not None
    return bytes.fromhex("".join("".join(line.split()[1:]) for line in dump.group(1).strip().splitlines()))


def split(package: bytes, chunks: int, folder: Path) -> None:
    """The segments and the manifest of a package."""
    size = chunks * CHUNK
    parts = [package[at:at + size] for at in range(0, len(package), size)]
    digests = [tree([leaf(part[at:at + CHUNK]) for at in range(0, len(part), CHUNK)]) for part in parts]
    root = tree(digests)
    head = (segments.MANIFEST_MAGIC + struct.pack("<HHIQ", 1, 0, chunks, len(package)) + package[-72:-40] + root + b"".join(digests))
    (folder / "manifest.pmm").write_bytes(head + hashlib.sha256(b"\x04" + head).digest())
    for sequence, part in enumerate(parts):
        proof, level, index = [], digests, sequence
        while len(level) > 1:
            if index ^ 1 < len(level):
                proof.append(level[index ^ 1])
            level = [node(*level[at:at + 2]) if at + 1 < len(level) else level[at] for at in range(0, len(level), 2)]
            index //= 2
        (folder / f"{sequence:08d}.pms").write_bytes(
            segments.SEGMENT_MAGIC + struct.pack("<HHI", 1, 0, len(proof)) + root
            + struct.pack("<QQQ", sequence, sequence * size, len(part)) + digests[sequence] + b"".join(proof) + part)


class Packages(unittest.TestCase):
    """Packing, unpacking, signatures, segments."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        self.model = self.folder / "model"
        self.model.mkdir()
        (self.model / "w.safetensors").write_bytes(b"abc")

    def place(self, name: str) -> str:
        """A path in the folder of the test."""
        return str(self.folder / name)

    def test_example_byte_for_byte(self) -> None:
        self.assertEqual(operations.pack(str(self.model), self.place("p.pmp")).outcome, "done")
        self.assertEqual((self.folder / "p.pmp").read_bytes(), example())

    def test_no_byte_is_free_to_change(self) -> None:
        data = example()
        for at in range(len(data)):
            changed = bytearray(data)
            changed[at] ^= 0x55
            log = FaultLog()
            self.assertIsNone(PackageReader(io.BytesIO(bytes(changed)), log).read(), at)
            self.assertIn(log.verdict, ("reject", "unsupported"), at)
            self.assertIsNone(PackageReader(io.BytesIO(data[:at]), FaultLog()).read(), at)
        self.assertIsNone(PackageReader(io.BytesIO(data + b"\0"), FaultLog()).read())

    def test_signed_and_unpacked(self) -> None:
        key = Ed25519PrivateKey.generate()
        private, public = self.folder / "key.pem", self.folder / "public.pem"
        private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        (self.model / "sub").mkdir()
        (self.model / "sub/config.json").write_bytes(b"{}")
        (self.model / "big.bin").write_bytes(os.urandom(2 * CHUNK + 5))
        self.assertEqual(operations.pack(str(self.model), self.place("s.pmp"), str(private)).outcome, "done")
        self.assertEqual(operations.unpack(self.place("s.pmp"), self.place("out"), [str(public)], 1).outcome, "done")
        for path in self.model.rglob("*"):
            if path.is_file():
                self.assertEqual(path.read_bytes(), (self.folder / "out" / path.relative_to(self.model)).read_bytes())
        self.assertEqual(operations.pack(str(self.model), self.place("u.pmp")).outcome, "done")
        stripped = operations.verify(self.place("u.pmp"), [str(public)], 1)
        self.assertEqual([finding.requirement for finding in stripped.findings], ["P8.2-068"])

    def test_wrong_signature(self) -> None:
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        identifier, payload = package_signature.make(pem, b"another statement")
        log = FaultLog()
        self.assertIsNone(package_signature.check(payload, identifier, b"statement", 0, log))
        self.assertEqual([fault.requirement for fault in log.faults], ["P8.2-065"])

    def test_nothing_appears_of_a_damaged_package(self) -> None:
        data = bytearray(example())
        data[0xC0] ^= 1
        (self.folder / "d.pmp").write_bytes(bytes(data))
        before = sorted(os.listdir(self.folder))
        self.assertEqual(operations.unpack(self.place("d.pmp"), self.place("out"), [], 0).outcome, "rejected")
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_segments(self) -> None:
        (self.model / "big.bin").write_bytes(os.urandom(5 * CHUNK))
        operations.pack(str(self.model), self.place("p.pmp"))
        package = (self.folder / "p.pmp").read_bytes()
        parts = self.folder / "parts"
        parts.mkdir()
        split(package, 2, parts)
        self.assertEqual(operations.join(str(parts), self.place("j.pmp")).outcome, "done")
        self.assertEqual((self.folder / "j.pmp").read_bytes(), package)
        original = (parts / "00000001.pms").read_bytes()
        for at, requirement in ((0, "P8.3-020"), (8, "P8.3-021"), (16, "P8.3-022"), (55, "P8.3-023"), (48, "P8.3-036"), (56, "P8.3-024"),
                                (64, "P8.3-025"), (104, "P8.3-028"), (len(original) - 1, "P8.3-029")):
            changed = bytearray(original)
            changed[at] ^= 1
            (parts / "00000001.pms").write_bytes(bytes(changed))
            outcome = operations.join(str(parts), self.place("x.pmp"))
            self.assertEqual([finding.requirement for finding in outcome.findings], [requirement])
        os.remove(parts / "00000001.pms")
        self.assertEqual([finding.requirement for finding in operations.join(str(parts), self.place("x.pmp")).findings], ["P8.3-035"])
        self.assertFalse(os.path.exists(self.place("x.pmp")))


if __name__ == "__main__":
    unittest.main()
