#!/usr/bin/env python3
"""What the transmission of profile 8.3 promises, tried on the implementation in Python: python3 -m unittest test_package_segments."""

import os
import pathlib
import random
import re
import struct
import tempfile
import unittest

import package
import package_segments as transfer
from package_format import CHUNK, Refused, sha256, tree

CHAPTER = pathlib.Path(__file__).resolve().parent.parent / "profile" / "8.3-transmission.md"


class Transmission(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        (cls.folder / "w.bin").write_bytes(os.urandom(6 * CHUNK + 100))
        with open(cls.folder / "p.pmp", "wb") as out:
            package.pack(str(cls.folder / "w.bin"), out)
        cls.data = (cls.folder / "p.pmp").read_bytes()
        transfer.split(cls.folder / "p.pmp", cls.folder / "sent", 2)
        cls.manifest = (cls.folder / "sent" / "manifest.pmm").read_bytes()
        cls.segments = [path.read_bytes() for path in sorted((cls.folder / "sent").glob("*.pms"))]

    def refused(self, key, call, *arguments, **options):
        with self.assertRaises(Refused) as caught:
            call(*arguments, **options)
        self.assertEqual(caught.exception.key, key)

    def receiver(self, name):
        receiver = transfer.Receiver(self.folder / name)
        receiver.offer(self.manifest)
        return receiver

    def test_join(self):
        self.assertEqual(len(self.segments), 4)
        transfer.join(self.folder / "sent", self.folder / "joined.pmp")
        self.assertEqual((self.folder / "joined.pmp").read_bytes(), self.data)

    def test_any_order_twice_damaged_and_broken_off(self):
        order = [number for number in range(4) for _ in range(3)]
        random.Random(1).shuffle(order)
        receiver = self.receiver("any.pmp")
        for count, number in enumerate(order):
            damaged = bytearray(self.segments[number])
            damaged[-1 - count] ^= 1
            self.refused("segment-digest", receiver.segment, bytes(damaged))
            again = number in receiver.held
            self.assertEqual(receiver.segment(self.segments[number]), not again)
            self.assertFalse((self.folder / "any.pmp").exists())
            receiver = self.receiver("any.pmp")  # as if the one before had been killed
        receiver.finish()
        self.assertEqual((receiver.state, (self.folder / "any.pmp").read_bytes()), ("complete", self.data))
        self.assertFalse(receiver.folder.exists())

    def test_what_was_written_and_then_lost_is_fetched_again(self):
        receiver = self.receiver("torn.pmp")
        for segment in self.segments:
            receiver.segment(segment)
        with open(receiver.folder / "package", "r+b") as file:
            file.seek(5 * CHUNK)
            file.write(b"torn")
        receiver = self.receiver("torn.pmp")
        self.assertEqual(receiver.missing(), [2])
        self.refused("transfer-segments-all-held", receiver.finish)

    def test_every_byte_of_a_head(self):
        receiver = self.receiver("head.pmp")
        for at in range(transfer.SEGMENT.size + 64):
            damaged = bytearray(self.segments[1])
            damaged[at] ^= 1 << at % 8
            with self.assertRaises(Refused, msg=at):
                receiver.segment(bytes(damaged))
        for size in (0, 8, 100, transfer.SEGMENT.size, len(self.segments[1]) - 1):
            with self.assertRaises(Refused):
                receiver.segment(self.segments[1][:size])
        self.refused("segment-nothing-after", receiver.segment, self.segments[1] + b"\0")
        self.assertEqual(receiver.held, set())

    def test_manifests(self):
        for at in range(len(self.manifest)):
            damaged = bytearray(self.manifest)
            damaged[at] ^= 1 << at % 8
            with self.assertRaises(Refused, msg=at):
                transfer.Manifest(bytes(damaged))
        for key, at, layout, value in (("manifest-major-version-supported", 8, "<H", 2), ("manifest-segment-size", 12, "<I", 3),
                                       ("manifest-segment-size", 12, "<I", 0), ("manifest-package-length", 16, "<Q", 0),
                                       ("manifest-complete", 16, "<Q", 1 << 62), ("manifest-segment-count", 16, "<Q", 1),
                                       ("manifest-transfer-root", 56, "<B", 0)):
            changed = bytearray(self.manifest[:-32])
            struct.pack_into(layout, changed, at, value)
            self.refused(key, transfer.Manifest, bytes(changed) + sha256(b"\4", changed))
        receiver = self.receiver("offer.pmp")
        changed = bytearray(self.manifest[:-32])
        changed[24] ^= 1
        other = bytes(changed) + sha256(b"\4", changed)
        self.refused("transfer-offer-unchanged", transfer.Receiver(receiver.out).offer, other)
        receiver = transfer.Receiver(self.folder / "root.pmp")
        receiver.offer(other)
        for segment in self.segments:
            receiver.segment(segment)
        self.refused("manifest-package-root", receiver.finish)
        self.assertFalse((self.folder / "root.pmp").exists())

    def test_proofs(self):
        for count in range(1, 40):
            digests = [sha256(bytes([number])) for number in range(count)]
            for number in range(count):
                proof = transfer.proof_of(digests, number)
                self.assertEqual(transfer.root_by(proof, digests[number], number, count), tree(digests))
                self.assertIsNone(transfer.root_by(proof + [digests[0]], digests[number], number, count))
                if proof:
                    self.assertIsNone(transfer.root_by(proof[:-1], digests[number], number, count))

    def test_the_table_of_the_chapter(self):
        table = CHAPTER.read_text().split("| event \\ state ")[1].split("\n\n")[0].splitlines()
        head, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in ["|state" + table[0], *table[1:]]]
        table = {(state, row[0].strip("`")): cell for row in rows for state, cell in zip(head[1:], row[1:]) if cell != "—"}
        self.assertEqual(table, transfer.TRANSITIONS)
        receiver = transfer.Receiver(self.folder / "state.pmp")
        for state in head[1:]:
            for row in rows:
                if (state, row[0].strip("`")) not in table:
                    receiver.state = state
                    self.refused("transfer-event-expected", receiver.event, row[0].strip("`"))


if __name__ == "__main__":
    unittest.main()
