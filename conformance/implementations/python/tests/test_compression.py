"""Chains: the worked examples of the chapters of clause 7, and what stands in them by hand."""

from __future__ import annotations

import re
import struct
import tempfile
import unittest
from pathlib import Path

from gb42382 import sample, zstd_frame
from gb42382.stages_quantizers import transitions
from gb42382.wire import varint

PROFILE = Path(__file__).resolve().parents[3] / "profile"


def examples(chapter: str) -> list[bytes]:
    """The bytes of the examples of a chapter, in order: what stands before two blanks on each line."""
    text = next(PROFILE.glob(chapter + "*.md")).read_text(encoding="utf-8")
    return [bytes.fromhex("".join(re.split(" {2,}", line.strip())[0]
                                  for line in block.splitlines()))
            for block in re.findall(r"```hex\n(.*?)```", text, re.S)]


def field(number: int, *content: bytes) -> bytes:
    """A field with a length."""
    joined = b"".join(content)
    return varint(number << 3 | 2) + varint(len(joined)) + joined


def tensor_type(element_type: int, *dims: int) -> bytes:
    """The type of a tensor with small dims."""
    return field(1, bytes([8, element_type]), field(2, field(1, bytes(2 * size for size in dims))))


def variable(name: str, kind: bytes, content: bytes) -> bytes:
    """A parameter."""
    return field(20, field(1, name.encode()), b"\x10\x01", field(5, kind, content))


def file(*variables: bytes, minor: int = 1) -> bytes:
    """A file in the native form."""
    version = b"\x10\x01" + (bytes([0x18, minor]) if minor else b"")
    return field(1, b"GB42382-PMR") + version + b"".join(variables) + bytes.fromhex("f80301")


class Chains(unittest.TestCase):
    """Samples of one or two tensors."""

    def read(self, data: bytes) -> sample.Reading:
        """The reading of a file."""
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / "model.pmr"
            place.write_bytes(data)
            return sample.read(str(place))

    def decoded(self, kind: bytes, content: bytes, *others: bytes) -> object:
        """The values of a tensor of this type and compressed content."""
        reading = self.read(file(*others, variable("x", kind, field(8, content))))
        self.assertEqual((reading.verdict, [fault for fault in reading.faults if fault.requirement not in ("P7.2-025", "P7.3-045")]),
                         ("accept", []))
        assert reading.decoded is not None
        tensors = reading.decoded["tensors"]
        assert isinstance(tensors, list)
        return next(tensor["values"] for tensor in tensors if tensor["name"] == "x")

    def test_chapter_71(self) -> None:
        self.assertEqual(self.decoded(tensor_type(2, 4), examples("7.1")[0]), [1, -1, 0, 1])

    def test_chapter_72(self) -> None:
        n_m, rows, low_rank, circulant, reference = examples("7.2")
        sparse = [0, 1, 0, 2, 3, 0, 0, 4]
        self.assertEqual(self.decoded(tensor_type(3, 1, 8), n_m), sparse)
        self.assertEqual(self.decoded(tensor_type(3, 1, 8), rows), sparse)
        self.assertEqual(self.decoded(tensor_type(2, 2, 2), low_rank), [3, 0.5, 6, 1])
        self.assertEqual(self.decoded(tensor_type(2, 2, 2), circulant), [1, 2, 2, 1])
        base = variable("w", tensor_type(2, 2), field(3, struct.pack("<2f", 1, 2)))
        self.assertEqual(self.decoded(tensor_type(2, 1), reference, base), [2])

    def test_chapter_73(self) -> None:
        uniform, trellis, codebook, scaled, outliers = examples("7.3-comp")
        seventh = struct.unpack("<f", bytes.fromhex("2549123e"))[0]
        fourth = struct.unpack("<f", bytes.fromhex("2549123d"))[0]

        def single(value: float) -> float:
            return float(struct.unpack("<f", struct.pack("<f", value))[0])

        self.assertEqual(self.decoded(tensor_type(2, 2, 2), uniform), [single(7 * seventh), single(-3 * seventh), single(7 * fourth), 0])
        self.assertEqual(self.decoded(tensor_type(2, 4), trellis), [1, -0.5, 0.5, 1.25])
        self.assertEqual(self.decoded(tensor_type(2, 3), codebook), [1, -1, 1])
        self.assertEqual(self.decoded(tensor_type(2, 2), scaled), [6, -1])
        self.assertEqual(self.decoded(tensor_type(2, 2), outliers), ["inf", 1])

    def test_chapter_74(self) -> None:
        delta, adapter = examples("7.4")
        codes = variable("w", tensor_type(16, 3), field(3, bytes([4, 127, 7])))
        self.assertEqual(self.decoded(tensor_type(16, 3), delta, codes), [5, -128, 7])
        weights = variable("w", tensor_type(2, 1, 2), field(3, struct.pack("<2f", 1, 2)))
        self.assertEqual(self.decoded(tensor_type(2, 1, 2), adapter, weights), [2, 1])
        other = variable("w", tensor_type(2, 1, 2), field(3, struct.pack("<2f", 1, 3)))
        reading = self.read(file(other, variable("x", tensor_type(2, 1, 2), field(8, adapter))))
        self.assertEqual([fault.requirement for fault in reading.faults if fault.kind != "remark"], ["P7.4-003"])

    def test_chapter_75(self) -> None:
        levels = examples("7.5")[0]
        self.assertEqual(self.decoded(tensor_type(16, 2, 3), levels), [0, 1, -1, 2, 0, 3])
        for bit in range(8 * (len(levels) - 13), 8 * len(levels)):  # each bit of table, coded part and padding; the signs are no fault
            damaged = bytearray(levels)
            damaged[bit >> 3] ^= 1 << (bit & 7)
            reading = self.read(file(variable("x", tensor_type(16, 2, 3), field(8, bytes(damaged)))))
            self.assertEqual(reading.verdict, "accept" if bit >= 8 * len(levels) - 4 else "reject", bit)

    def test_trellis(self) -> None:
        self.assertEqual(transitions(4), [(0, 1), (2, 3), (1, 0), (3, 2)])
        self.assertEqual(transitions(8), [(0, 2), (5, 7), (1, 3), (4, 6), (2, 0), (7, 5), (3, 1), (6, 4)])
        self.assertEqual(transitions(32)[31], (29, 25))

    def test_versions_and_what_is_not_known(self) -> None:
        content = field(8, examples("7.1")[0])
        for minor, verdict, requirement in ((0, "reject", "PMR-007"), (1, "accept", None), (2, "accept", "PMR-003")):
            reading = self.read(file(variable("x", tensor_type(2, 4), content), minor=minor))
            self.assertEqual((reading.verdict, [fault.requirement for fault in reading.faults]),
                             (verdict, [requirement] if requirement else []))
        reading = self.read(file(variable("x", tensor_type(2, 4), field(8)), minor=1))
        self.assertEqual([fault.requirement for fault in reading.faults], ["P7.1-023"])
        stage = field(8, field(1, bytes.fromhex("920300")))
        reading = self.read(file(variable("x", tensor_type(2, 4), stage), minor=2))
        self.assertEqual((reading.verdict, reading.faults[-1].requirement), ("unsupported", "PMR-007"))

    def test_frames(self) -> None:
        raw = bytes.fromhex("28b52ffd 20 03 190000 010203")
        self.assertEqual(zstd_frame.parse(raw), zstd_frame.Frame(3, 3, 0, False, len(raw)))
        for cut in range(len(raw)):
            self.assertRaises(zstd_frame.Broken, zstd_frame.parse, raw[:cut])


if __name__ == "__main__":
    unittest.main()
