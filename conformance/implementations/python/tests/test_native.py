"""The native form: the examples of the chapter, canonical encoding, the way through JSON and back, and what is refused."""

from __future__ import annotations

import struct
import tempfile
import unittest
from pathlib import Path

from gb42382 import operations, sample
from gb42382.faults import FaultLog
from gb42382.native_binary import MAGIC, BinaryReader
from gb42382.native_json import JSONReader
from gb42382.native_writer import encode, json_text

SMALLEST = MAGIC + bytes.fromhex("1001f80301")
EXAMPLE = MAGIC + bytes.fromhex(
    "1001" "a20114" "0a0177" "1001" "2a0d" "0a07" "0802" "12030a0104" "12021808" "ca0105" "0a01771008" "f80301")
EXAMPLE_JSON = b'''{"format":"GB42382-PMR","major":1,"name":"tiny","parameters":[{"name":"w","kind":"VARIABLE_KIND_PARAMETER","tensor":
 {"type":{"elementType":"ELEMENT_TYPE_F32","shape":{"sizes":["2"]}},"stored":{"length":"8"}}}],"files":[{"path":"w","size":"8"}],"complete":true}'''


def faults_of(data: bytes) -> set[str]:
    """The requirements that a binary file breaks."""
    log = FaultLog()
    BinaryReader(data, log).read()
    return {fault.requirement for fault in log.faults}


def faults_of_json(text: str) -> set[str]:
    """The requirements that a JSON file breaks."""
    log = FaultLog()
    JSONReader(text.encode(), log).read()
    return {fault.requirement for fault in log.faults}


class Binary(unittest.TestCase):
    """Rules of section 3."""

    def test_examples_are_canonical(self) -> None:
        for data in (SMALLEST, EXAMPLE):
            log = FaultLog()
            record = BinaryReader(data, log).read()
            self.assertIsNotNone(record)
            assert record is not None
            self.assertEqual(log.faults, [])
            self.assertEqual(encode(record), data)
            again = JSONReader(json_text(record).encode(), log).read()
            assert again is not None
            self.assertEqual(encode(again), data)

    def test_every_cut_is_refused(self) -> None:
        for size in range(len(EXAMPLE)):
            self.assertTrue(faults_of(EXAMPLE[:size]), size)

    def test_rules(self) -> None:
        end = bytes.fromhex("f80301")
        cases = {
            "PMR-004": "0a", "PMR-005": "28012a0161", "PMR-006": "2a01612a0161", "PMR-007": "f00101", "PMR-010": "188080808010",
            "PMR-011": "2a01ff", "PMR-015": "2a01610a", "PMR-016": "2a810061", "PMR-018": "1800", "PMR-013": "f301" * 101 + "f401" * 101}
        for requirement, field in cases.items():
            head = MAGIC + bytes.fromhex("1001")
            data = head + bytes.fromhex(field) + end
            if requirement == "PMR-015":
                data = head + bytes.fromhex("3201612a0161") + end
            self.assertIn(requirement, faults_of(data), requirement)
        self.assertEqual(faults_of(MAGIC + bytes.fromhex("1002")), {"PMR-002"})
        self.assertEqual(faults_of(MAGIC + bytes.fromhex("1001")), {"PMR-008"})
        self.assertIn("PMR-001", faults_of(bytes.fromhex("1001") + MAGIC + end))

    def test_numbers_of_map_keys_and_shapes(self) -> None:
        def graph_with(kind: str) -> bytes:
            type_of = bytes.fromhex(kind)
            value = b"\x0a\x01x\x12" + bytes([len(type_of)]) + type_of
            graph = b"\x22" + bytes([len(value)]) + value
            return MAGIC + b"\x10\x01\x92\x01" + bytes([len(graph)]) + graph + bytes.fromhex("f80301")
        self.assertEqual(faults_of(graph_with("0a0608021202" + "0a00")), {"PMR-018"})
        self.assertIn("PMR-009", faults_of(graph_with("2a020800")))
        self.assertIn("PMR-012", faults_of(graph_with("0a0b" + "0802" + "1207" + "0a0102" + "12020802")))
        self.assertIn("PMR-020", faults_of(graph_with("0a08" + "0802" + "1204" + "12020802")))
        self.assertIn("PMR-008", faults_of(graph_with("")))

    def test_nan(self) -> None:
        def with_nan(bits: int) -> bytes:
            hyper = b"\x0a\x01h\x19" + struct.pack("<Q", bits)
            architecture = b"\x1a" + bytes([len(hyper)]) + hyper
            return MAGIC + b"\x10\x01\x62" + bytes([len(architecture)]) + architecture + bytes.fromhex("f80301")
        self.assertEqual(faults_of(with_nan(0x7FF8 << 48)), set())
        self.assertEqual(faults_of(with_nan(0xFFF8 << 48)), {"PMR-019"})


class JSONForm(unittest.TestCase):
    """Rules of section 7."""

    def test_example(self) -> None:
        log = FaultLog()
        record = JSONReader(EXAMPLE_JSON, log).read()
        self.assertEqual(log.faults, [])
        assert record is not None
        self.assertTrue(encode(record).startswith(MAGIC))

    def test_rules(self) -> None:
        head = '{"format":"GB42382-PMR","major":1,"complete":true'
        cases = {
            head: "PMR-024", head + ',"name":"a","name":"a"}': "PMR-024", head + ',"name":"\\ud800"}': "PMR-024",
            head + ',"name":1}': "PMR-025", head + ',"x":1}': "PMR-007", head + ',"preTraining":null,"pre_training":null}': "PMR-006",
            head + ',"parameterCount":"18446744073709551616"}': "PMR-025", head + ',"x":' + "[" * 400 + "]" * 400 + "}": "PMR-013",
            '{"format":"GB42382-PMR","major":2}': "PMR-002", '{"major":1,"complete":true}': "PMR-001",
            '{"format":"GB42382-PMR","major":1}': "PMR-008", "[]": "PMR-025", "\ufeff{}": "PMR-024"}
        for text, requirement in cases.items():
            self.assertEqual(faults_of_json(text), {requirement}, text[:80])


class Samples(unittest.TestCase):
    """Structure and files together."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)

    def test_decoded_content(self) -> None:
        (self.folder / "w").write_bytes(struct.pack("<2f", 1.5, -0.0))
        (self.folder / "m.pmr").write_bytes(EXAMPLE)
        reading = sample.read(str(self.folder / "m.pmr"))
        self.assertEqual(reading.verdict, "accept")
        assert reading.decoded is not None
        self.assertEqual(reading.decoded["parameters"], 2)
        self.assertEqual(reading.decoded["tensors"][0]["values"], [1.5, -0.0])  # type: ignore[index]

    def test_missing_short_and_unsafe_files(self) -> None:
        place = self.folder / "m.pmr"
        place.write_bytes(EXAMPLE)
        self.assertEqual({fault.requirement for fault in sample.read(str(place)).faults}, {"P6.1-006"})
        (self.folder / "w").write_bytes(b"1234")
        self.assertEqual(sample.read(str(place)).verdict, "reject")
        place.write_bytes(EXAMPLE.replace(b"\x0a\x01w\x10\x08", b"\x0a\x01\\\x10\x08"))
        self.assertEqual({fault.requirement for fault in sample.read(str(place)).faults}, {"P6.1-003"})

    def test_link_that_leads_out(self) -> None:
        (self.folder / "inner").mkdir()
        (self.folder / "outside").write_bytes(bytes(8))
        (self.folder / "inner/m.pmr").write_bytes(EXAMPLE)
        (self.folder / "inner/w").symlink_to("../outside")
        self.assertEqual({fault.requirement for fault in sample.read(str(self.folder / "inner/m.pmr")).faults}, {"P6.1-005"})

    def test_encode_with_tensors_gives_what_was_decoded(self) -> None:
        (self.folder / "w").write_bytes(struct.pack("<2f", 1.5, 2))
        (self.folder / "m.pmr").write_bytes(EXAMPLE)
        out = self.folder / "out"
        self.assertEqual(operations.decode(str(self.folder / "m.pmr"), str(out)).outcome, "done")
        same = operations.encode(str(out / "structure.pmr.json"), str(out / "same.pmr"))
        self.assertEqual(same.outcome, "done")
        self.assertEqual((out / "same.pmr").read_bytes(), EXAMPLE)
        bare = ('{"format":"GB42382-PMR","major":1,"parameters":[{"name":"w","kind":"VARIABLE_KIND_PARAMETER","tensor":{"type":'
                '{"elementType":"ELEMENT_TYPE_F32","shape":{"sizes":["2"]}}}}],"complete":true}')
        (out / "bare.json").write_text(bare)
        made = operations.encode(str(out / "bare.json"), str(out / "made.pmr"), str(out / "tensors.safetensors"))
        self.assertEqual((made.outcome, made.members), ("done", {"files": ["made.pmr", "made.safetensors"]}))
        reading = sample.read(str(out / "made.pmr"))
        assert reading.decoded is not None
        self.assertEqual(reading.decoded["tensors"][0]["values"], [1.5, 2.0])  # type: ignore[index]


if __name__ == "__main__":
    unittest.main()
