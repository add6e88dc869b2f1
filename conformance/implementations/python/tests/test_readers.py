"""Element types, names, safetensors, ONNX and Hugging Face directories."""

from __future__ import annotations

import json
import struct
import tempfile
import unittest
from pathlib import Path

import numpy

from gb42382 import element_types, safetensors_file, sample
from gb42382.files import folded, is_safe
from gb42382.wire import varint


class ElementTypes(unittest.TestCase):
    """Values that the table of the chapter names."""

    def test_greatest_values(self) -> None:
        greatest = {"f8e4m3fn": 448, "f8e4m3fnuz": 240, "f8e5m2": 57344, "f8e5m2fnuz": 57344, "f6e2m3": 7.5, "f6e3m2": 28,
                    "f4e2m1": 6, "f8e8m0": 2.0 ** 127}
        for name, value in greatest.items():
            codes = element_types.code_values(name)
            self.assertEqual(codes[numpy.isfinite(codes)].max(), value, name)

    def test_packing(self) -> None:
        self.assertEqual(element_types.pack_codes(numpy.array([1, 2, 3]), 4), bytes.fromhex("2103"))
        self.assertEqual(element_types.pack_codes(numpy.array([0, 1, 2, 3]), 2), bytes.fromhex("e4"))
        self.assertEqual(element_types.pack_codes(numpy.array([1, 2, 3, 0x3F]), 6), bytes.fromhex("8130fc"))
        self.assertEqual(element_types.values("i4", bytes.fromhex("f103"), 3), [1, -1, 3])
        self.assertEqual(list(element_types.unpack_codes(bytes.fromhex("8130fc"), 6, 4)), [1, 2, 3, 0x3F])

    def test_bf16(self) -> None:
        self.assertEqual(element_types.values("bf16", bytes.fromhex("7f7f"), 1), [255 * 2.0 ** 120])


class Names(unittest.TestCase):
    """File names."""

    def test_safe(self) -> None:
        for name in ("a", "a/b.c", "层", "ab:c", "x" * 4096):
            self.assertTrue(is_safe(name), name)
        for name in ("", "/a", "C:x", "a//b", "./a", "a/..", "a/", "a\\b", "a\nb", "a\x85", "x" * 4097):
            self.assertFalse(is_safe(name), name)

    def test_folding(self) -> None:
        for one, other in (("A", "a"), ("é", "e\u0301"), ("ß", "SS"), ("Σ", "ς"), ("İ", "i\u0307")):
            self.assertEqual(folded(one), folded(other))
        self.assertNotEqual(folded("ı"), folded("i"))


class Formats(unittest.TestCase):
    """Formats that are mapped."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def read(self, name: str, data: bytes) -> sample.Reading:
        """A file's reading."""
        (self.folder / name).write_bytes(data)
        return sample.read(str(self.folder / name))

    def test_safetensors(self) -> None:
        good = safetensors_file.write([("a", "f32", [1], struct.pack("<f", 2)), ("n", "i64", [], bytes(8))])
        reading = self.read("m.safetensors", good)
        self.assertEqual(reading.verdict, "accept")
        assert reading.decoded is not None
        self.assertEqual(reading.decoded["parameters"], 1)
        for old, new, requirement in ((b'"dtype":"I64"', b'"dtype":"XYZ"', "ST-011"), (b'"shape":[]', b'"shape":{}', "ST-012"),
                                      (b"[0,8]", b"[8,0]", "ST-013"), (b'"dtype"', b'"dtypo"', "ST-009")):
            bad = self.read("b.safetensors", good.replace(old, new, 1))
            self.assertIn(requirement, {fault.requirement for fault in bad.faults})
            self.assertEqual(bad.verdict, "reject")
        self.assertEqual(self.read("c.safetensors", good + b"x").verdict, "reject")

    def test_onnx(self) -> None:
        def part(number: int, data: bytes) -> bytes:
            return varint(number << 3 | 2) + varint(len(data)) + data
        tensor = b"\x08\x02\x10\x01" + part(8, b"w") + part(9, struct.pack("<2f", 1, 2))
        shape = part(2, part(1, b"\x08\x02"))
        value = part(1, b"y") + part(2, part(1, b"\x08\x01" + shape))
        model = b"\x08\x0a" + part(7, part(5, tensor) + part(12, value)) + part(8, b"\x10\x13")
        reading = self.read("m.onnx", model)
        self.assertEqual(reading.faults, [])
        assert reading.decoded is not None
        self.assertEqual(reading.decoded["tensors"][0]["values"], [1.0, 2.0])  # type: ignore[index]
        self.assertEqual(self.read("m.onnx", model[:-1]).verdict, "reject")

    def test_hugging_face_shards(self) -> None:
        (self.folder / "config.json").write_text('{"model_type": "bert"}')
        table = {}
        for number, name in enumerate("ab", 1):
            shard = f"model-0000{number}-of-00002.safetensors"
            (self.folder / shard).write_bytes(safetensors_file.write([(name, "f32", [1], bytes(4))]))
            table[name] = shard
        index = self.folder / "model.safetensors.index.json"
        index.write_text(json.dumps({"metadata": {"total_size": 8}, "weight_map": table}))
        reading = sample.read(str(self.folder))
        self.assertEqual(reading.verdict, "accept")
        index.write_text(json.dumps({"weight_map": {**table, "c": table["a"]}}))
        self.assertEqual({fault.requirement for fault in sample.read(str(self.folder)).faults}, {"HF-017"})


if __name__ == "__main__":
    unittest.main()
