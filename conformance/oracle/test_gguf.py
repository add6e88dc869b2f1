#!/usr/bin/env python3
"""What the chapters on GGUF and on the block types of ggml say, tried: python3 -m unittest test_gguf (in this folder; needs NumPy)."""
import re
import struct
import unittest

import numpy as np

import block_sources
import gguf_blocks
import gguf_form as form
import small_gguf
from small_values import bell

# Of 640 drawn blocks of each type, decoded. Those that the Python package gguf 0.19.0 decodes were compared with it, bit for bit, when they
# were written down (gguf_blocks.py does it again); the others stand for the formulas of the chapter alone.
DIGESTS = {
    "F32": "0f67ee9e27268a052e61892f738fc9b1203715a85b5ce7bed7df21e8cdeb2554",
    "F16": "6eff7a05bf2800c9c0e8f2ead67eda07cbca8864fff024aef007d981a6b7be97",
    "Q4_0": "272d6fd0f7d1d42e699afb69e65d4d86a68b81563d0a135ca096a09d1c5b45b1",
    "Q4_1": "44df94c7d94c6b6419dea0448b474ef69a33501185ac5df9ffa55dece2f29d7a",
    "Q5_0": "a9740975e59d60bce2506a1f0128fab1159fac157b729692b9494364ce001c2b",
    "Q5_1": "30f55fc06a4feabaaebe07805012f4521482ed5040c1cc35a22e773af8d9d489",
    "Q8_0": "a867ce51d75e51206e2b12c215cdcd9941715ef18c9413ce79d81c4dfec8aa95",
    "Q8_1": "c15031058d278a11a18ae90cdcd7c828dc6ddd22416839f79af46108b4903ac9",
    "Q2_K": "7b09f40e4fed53746b799e6bf1f2e00602c5231881fa9814d0128b01bd9a92c4",
    "Q3_K": "e8cd0aff1098dbec5622563d42c1a5ebd2780ed597d549650123d2825254219e",
    "Q4_K": "56a5f1e5eee5d77afe2f27d94576596c4f4c11b733ee440d40530194d21eb62b",
    "Q5_K": "3737c5ed02a9403b94c8d66733371373ddaa509eaf2ecd0e85f3ac0f386f82af",
    "Q6_K": "6603e79e7f14d90a29d58f96ffa4bb8d256af6166d5078e0ce5d4339c011a8c3",
    "Q8_K": "9e00ba45e6d52c452fa27edea55cbad4b094942a42f2a52a5e1e5fb637cd5501",
    "IQ2_XXS": "4133ffbbb93e6c279db26bd0f7dee8782eae40260ca0627567d0edbd8b2cb6ad",
    "IQ2_XS": "cbb8a7e203f13a9ee6a948f199d4c143ed2cb7f10f1f04eddebcc08a40554d57",
    "IQ3_XXS": "b9bca68d604eca1c2cbbe28e658ed618db5c19f7c3055d7325596aceb21712f5",
    "IQ1_S": "c6bb743d6b1c346221e24348ced03cd323759ea2e23b5f0f29a0f6dfcfff1e01",
    "IQ4_NL": "e7053f6609a0721c9d1eb8de4dbc4fd3197a2e17991a771addeaf15cc752ba74",
    "IQ3_S": "7858fcfef2d22057379cfc41fc5b9a2f89ebdabe2cb8c0634e4c123b9787c0ff",
    "IQ2_S": "f975e01be6296e571691e21658bdbd6137365da2989b2edadcd6bcbf00d056ff",
    "IQ4_XS": "492e745e9560c618f29a82b5ec78cdebc1e3e1b4473fa03305e98eb3d9fde0bc",
    "I8": "44fc99a45a010b281333e96f0d69f60591991c126af9056e5d1ff52aed10c2c2",
    "I16": "f84eb1208d3b8fa7e6305fe98382e267256a1cf04b82a5757cc056e8e34c9815",
    "I32": "e002ce90b1b48eac5aefd09594641fbd94d15bd39823114d5df4d49bc99edfa7",
    "I64": "c07141f70d069f08322fedfd709d889fca90e7422f832ffead0f9ac872ead650",
    "F64": "8478b5b2d6d657845036490e4ea33750c90b5d8fc5bfcf4c3093915c56c0d7a0",
    "IQ1_M": "fde34a990a79928e09b2a35acd6903a01586e92c2516c1ccf92a713114814718",
    "BF16": "b9ba4afcc6dc25e7c8eaf053318ac2c4a9389334eebcc748a036ced8d687f02a",
    "TQ1_0": "9cbffe644609d95b2fe616f20b9e5e75b5dde648a21d9f05a628e9da4dee33f6",
    "TQ2_0": "ac03cfcc346ff472328d4f426d30c782849abec2416490350dd93b60dde105a4",
    "MXFP4": "839840bc1f276dce2529de45b9caa7d01729ec57b4b43872b87726150bd8ba82",
    "NVFP4": "af4d98c5a32922cba83135feadc4b6ff96c6adaee3ca44c073b4cb136f1333f0",
    "Q1_0": "28319be546dc35431276ab379518a7cd9acb8697b3552354298e244370373a3c",
    "Q2_0": "d7fc7c1e2d0d50a58b0a22c1210ae50c137cd11d4fa27e277d11afa3ffbe52f9",
}


class Blocks(unittest.TestCase):
    def test_decoded_elements_are_those_that_were_compared(self):
        self.assertEqual(DIGESTS, {name: gguf_blocks.digest(name) for name in form.TYPES})

    def test_every_type_has_a_decoder_and_gives_its_number_of_elements(self):
        for name, kind in form.TYPES.items():
            with self.subTest(name):
                self.assertEqual(gguf_blocks.decode(name, form.blocks(name, 3)).size, 3 * kind.elements)

    def test_bits_an_element_are_bytes_and_elements_of_a_block(self):
        for cells in form.table("## 2 All types\n"):
            self.assertEqual(float(cells[4]), 8 * int(cells[3]) / int(cells[2]), cells[1])

    def test_grids_have_points_of_the_values_listed_and_none_twice(self):
        for name, points in gguf_blocks.GRIDS.items():
            self.assertEqual(len(np.unique(points, axis=0)), len(points), name)

    def test_swift_has_the_grids_of_the_chapter_and_these_blocks(self):
        self.assertEqual(block_sources.GRIDS.read_text(encoding="utf-8"), block_sources.grids())
        self.assertEqual(block_sources.FIXTURES.read_text(encoding="utf-8"), block_sources.fixtures())

    def test_a_block_worked_out_by_hand(self):
        # Q4_0: scale 0.5; byte k holds k below and 15 − k above.
        data = struct.pack("<e", 0.5) + bytes(k | 15 - k << 4 for k in range(16))
        self.assertEqual(gguf_blocks.decode("Q4_0", data).tolist(), [0.5 * (k - 8) for k in range(16)] + [0.5 * (7 - k) for k in range(16)])
        # Q2_K: part 0 has scale 3 and minimum 2; the first byte of numbers is 3 at element 0, 2 at 32, 1 at 64, 0 at 96.
        data = bytearray(84)
        data[0], data[16], data[80:84] = 0x23, 0b00_01_10_11, struct.pack("<2e", 0.25, 0.5)
        decoded = gguf_blocks.decode("Q2_K", bytes(data))
        self.assertEqual(decoded[[0, 1, 15, 16, 32]].tolist(), [0.25 * 3 * 3 - 0.5 * 2, -1.0, -1.0, 0.0, 0.0])
        # TQ1_0: 0xFF is the digits 2 2 2 2 2, that is 1; 0 is −1.
        decoded = gguf_blocks.decode("TQ1_0", b"\xff" + bytes(51) + struct.pack("<e", 2))
        self.assertEqual([place for place in range(256) if decoded[place] == 2], [0, 32, 64, 96, 128])

    def test_infinite_and_absent_scales_follow_ieee_754(self):
        infinite = gguf_blocks.decode("Q8_0", b"\x00\x7c" + bytes([0, 1, 255]) + bytes(29))
        self.assertTrue(np.isnan(infinite[0]) and infinite[1] == np.inf and infinite[2] == -np.inf)
        self.assertTrue(np.isnan(gguf_blocks.decode("Q4_1", b"\x00\x7e" + bytes(18))).all())
        self.assertTrue(np.signbit(gguf_blocks.decode("Q8_0", b"\x00\x00" + bytes([255]) + bytes(31)))[0])


class Bases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.made, cls.metadata = small_gguf.make()
        cls.files = {(base, name): form.File(data) for base, files in cls.made.items() for name, data in files.items()}

    def test_they_come_out_alike_every_time_and_are_small(self):
        self.assertEqual(small_gguf.make()[0], self.made)
        for base, files in self.made.items():
            self.assertLess(sum(map(len, files.values())), 150_000, base)

    def test_tensors_are_aligned_follow_each_other_and_end_the_file(self):
        for (base, name), file in self.files.items():
            at = file.at + form.pad(file.at, file.alignment) if file.tensors else file.at
            for tensor, (_, _, first, count) in file.tensors.items():
                self.assertEqual(first, at, f"{base} {tensor}")
                at = first + count + form.pad(count, file.alignment)
            self.assertEqual(len(file.data), at, base)

    def test_encoded_weights_are_near_what_they_stand_for(self):
        file = self.files["gguf-llama-quantized", "model.gguf"]
        self.assertEqual({kind for kind, *_ in file.tensors.values()}, {"Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "IQ4_NL", "F16", "BF16", "F32"})
        bounds = {"F32": 0, "F16": 2**-11, "BF16": 2**-8, "Q8_0": 0.005, "Q5_0": 0.06, "Q5_1": 0.05, "Q4_0": 0.12, "Q4_1": 0.08, "IQ4_NL": 0.13}
        for name, (kind, dims, _, _) in file.tensors.items():
            with self.subTest(name):
                values = np.array(bell(name, int(np.prod(dims))))
                values = 1 + values / 4 if "norm" in name else values
                error = np.abs(gguf_blocks.decode(kind, file.content(name)).astype(np.float64) - values)
                self.assertLessEqual((error / np.abs(values).max()).max(), bounds[kind])

    def test_shards_hold_the_tensors_of_the_whole(self):
        whole, parts = self.files["gguf-llama-quantized", "model.gguf"], {}
        for number in range(3):
            file = self.files["gguf-llama-sharded", f"model-0000{number + 1}-of-00003.gguf"]
            self.assertEqual([file.pairs[f"split.{key}"][1] for key in ("no", "count", "tensors.count")], [number, 3, len(whole.tensors)])
            parts |= {name: file.content(name) for name in file.tensors}
        self.assertEqual(parts, {name: whole.content(name) for name in whole.tensors})

    def test_big_endian_data_are_the_same_numbers(self):
        file = self.files["gguf-big-endian", "model.gguf"]
        self.assertEqual((file.order, file.version), (">", 3))
        for kind in form.SWAPPED.keys() - set(small_gguf.INTERMEDIATE):
            count = max(form.TYPES[kind].elements, 128) * 2 // form.TYPES[kind].elements
            self.assertEqual(file.content(f"types.{kind.lower()}"), form.blocks(kind, count, "base", extremes=False), kind)

    def test_every_type_is_there_and_decodes_to_finite_numbers(self):
        file = self.files["gguf-block-types", "model.gguf"]
        self.assertEqual({kind for kind, *_ in file.tensors.values()}, set(form.TYPES))
        for name, (kind, *_) in file.tensors.items():
            self.assertTrue(np.isfinite(gguf_blocks.decode(kind, file.content(name))).all(), kind)

    def test_pairs_keep_the_types_that_the_chapter_gives_them(self):
        pairs = self.files["gguf-llama-quantized", "model.gguf"].pairs
        self.assertEqual((pairs["general.architecture"], pairs["llama.block_count"]), (("string", "llama"), ("u32", 1)))
        self.assertEqual([len(pairs[f"tokenizer.ggml.{key}"][1][1]) for key in ("tokens", "scores", "token_type")], [64] * 3)


class Draft(unittest.TestCase):
    def test_requirements_are_named_in_the_chapter(self):
        root = form.BLOCKS.parents[1]
        chapter = (root / "profile" / "6.1-gguf.md").read_text(encoding="utf-8")
        drafted = re.findall(r"- id: (GGUF-\d+)", (root / "requirements-draft" / "gguf.yaml").read_text(encoding="utf-8"))
        named = set(re.findall(r"GGUF-\d\d\d", chapter))
        for first, last in re.findall(r"GGUF-(\d\d\d) (?:…|to) (?:GGUF)?-(\d\d\d)", chapter):
            if int(last) - int(first) < 10:  # Not the range of them all.
                named |= {f"GGUF-{n:03}" for n in range(int(first), int(last) + 1)}
        named |= {f"GGUF-{n}" for n in re.findall(r"(?<=[ ,])-(0\d\d)", chapter)}
        self.assertEqual(set(drafted) - named, set())
        self.assertEqual(named - set(drafted), {"GGUF-001"})


if __name__ == "__main__":
    unittest.main()
