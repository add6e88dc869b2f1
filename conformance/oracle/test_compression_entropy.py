#!/usr/bin/env python3
"""Entropy coding of profile 7.5: round trips, truncation, damage: python3 -m unittest test_compression_entropy (in this folder)."""

import struct
import unittest

import numpy as np

import compression_entropy as entropy
from compression import Compressed, Refused, decode, encode
from compression_entropy import LEVELS, SYMBOLS, Context, Decoder, Encoder, Entropy
from compression_numerics import BITS, Array

RANDOM = np.random.default_rng(7)


def undo(tensor, data):
    return decode(Compressed(tensor.kind, tensor.dims, tensor.stages, Array("u8", (len(data),), np.frombuffer(bytes(data), np.uint8))))


class Coder(unittest.TestCase):
    def test_bins(self):
        for chances in ([1], [65535], [32768], [1, 65535], list(range(1, 65536, 1999))):
            for likely in (0.001, 0.5, 0.999):
                bits = (RANDOM.random(700) < likely).astype(int).tolist()
                coder = Encoder()
                for place, bit in enumerate(bits):
                    coder.bin(bit, chances[place % len(chances)])
                data, plain = coder.finish()
                back = Decoder(data, plain)
                self.assertEqual([back.bin(chances[place % len(chances)]) for place in range(len(bits))], bits)
                back.finish()

    def test_carry_through_words(self):
        """A run of the least likely zeros keeps the interval at the top, and one bin in the end moves through all words."""
        for length in range(1, 60):
            coder = Encoder()
            bits = [0] * length + [1, 0] * 3
            for bit in bits:
                coder.bin(bit, 65535)
            data, plain = coder.finish()
            back = Decoder(data, plain)
            self.assertEqual([back.bin(65535) for _ in bits], bits)
            back.finish()

    def test_estimates_stay_inside(self):
        for bit in (0, 1):
            context = Context()
            for _ in range(3000):
                context.update(bit)
                self.assertTrue(1 <= context.chance() <= 65534)

    def test_endings(self):
        for low, size, end in ((5, 1 << 40, 1 << 32), (0, 1 << 32, 0), (entropy.WINDOW - 3, 1 << 33, entropy.WINDOW), (1 << 63, 1, 1 << 63)):
            self.assertEqual(entropy.ending(low, size), end) if low != 5 else self.assertLessEqual(entropy.ending(low, size) - low, size)


class Streams(unittest.TestCase):
    def same(self, kind, values, **settings):
        x = Array.of(kind, np.asarray(values))
        tensor = encode(x, ("entropy", settings))
        self.assertEqual(decode(tensor), x)
        return tensor

    def test_levels(self):
        for kind in ("i2", "i4", "i8", "i16", "i32"):
            top = (1 << BITS[kind] - 1) - 1
            for deviation in (0.1, 1, 30, 5000, 1e8):
                values = np.clip(np.rint(RANDOM.normal(0, deviation, (15, 20))), -top - 1, top).astype(np.int64)
                for states in (0, 8):
                    self.same(kind, values, mode=LEVELS, run=128, states=states)
            for values in (np.full((4, 50), -top - 1), np.full((4, 50), top), np.zeros((200,), int), np.zeros((0, 3), int), np.array([1]), np.array(-1)):
                self.same(kind, values, mode=LEVELS, run=64)

    def test_runs_of_every_length(self):
        values = RANDOM.integers(-9, 10, (7, 13))
        for run in (64, 65, 90, 91, 92, 1 << 24):
            self.same("i8", values, mode=LEVELS, run=run, states=4)
            self.same("i8", values, mode=SYMBOLS, run=run)

    def test_symbols(self):
        for kind in ("u2", "u4", "u8", "bool", "f4e2m1", "f6e2m3", "f8e4m3fn", "i8"):
            for codes in (RANDOM.integers(0, 2 if kind == "bool" else 1 << BITS[kind], 300), np.zeros(300, int), np.array([], int)):
                x = Array(kind, codes.shape, codes)
                self.assertEqual(decode(encode(x, ("entropy", {"mode": SYMBOLS, "run": 100}))), x)

    def test_near_the_entropy(self):
        for deviation in (0.4, 2, 20):
            values = np.rint(RANDOM.normal(0, deviation, (200, 100))).astype(int)
            share = np.unique(values, return_counts=True)[1] / values.size
            size = 8 * self.same("i16", values, mode=LEVELS, run=1 << 20).payload.size / values.size
            self.assertLess(size, -(share * np.log2(share)).sum() + 0.07, deviation)

    def test_follows_columns(self):
        scale = np.exp(RANDOM.normal(0, 1, 100))
        values = np.rint(RANDOM.normal(0, 1, (100, 100)) * scale * 4).astype(int)
        share = np.unique(values, return_counts=True)[1] / values.size
        size = 8 * self.same("i16", values, mode=LEVELS, run=1 << 20).payload.size / values.size
        self.assertLess(size, -(share * np.log2(share)).sum() - 0.2)

    def test_an_escape_code_that_never_ends(self):
        """All ones: the quotient escapes, and the length of the escape has no end."""
        x = Array.of("i32", np.array([1 << 30]))
        tensor = encode(x, ("entropy", {"run": 64}))
        coded, plain = struct.unpack("<2I", tensor.payload.codes.tobytes()[:8])
        data = tensor.payload.codes.tobytes()[8 : 8 + coded]
        for tail, key in ((b"\xff" * 40, "entropy-escape-within-limit"), (b"\xff" * 3, "entropy-plain-bits-enough")):
            with self.assertRaises(Refused) as caught:
                undo(tensor, struct.pack("<2I", len(data), len(tail)) + data + tail)
            self.assertEqual(caught.exception.key, key)

    def test_every_cut_and_extension_is_refused(self):
        for settings in ({"mode": LEVELS, "run": 64, "states": 8}, {"mode": SYMBOLS, "run": 64}):
            tensor = self.same("i8", np.rint(RANDOM.normal(0, 9, (5, 20))), **settings)
            data = tensor.payload.codes.tobytes()
            for length in range(len(data)):
                with self.assertRaises(Refused):
                    undo(tensor, data[:length])
            for more in (b"\0", b"\1", b"\xff" * 9):
                with self.assertRaises(Refused):
                    undo(tensor, data + more)
            # The same with entry tables that were put right.
            runs = -(-tensor.count // 64)
            sizes = list(struct.unpack(f"<{2 * runs}I", data[: 8 * runs]))
            starts = np.cumsum([0, *sizes]) + 8 * runs
            for place in range(2 * runs):
                for keep in range(sizes[place]):
                    cut = data[8 * runs : starts[place] + keep] + data[starts[place + 1]:]
                    changed = sizes[:place] + [keep] + sizes[place + 1:]
                    with self.assertRaises(Refused):
                        undo(tensor, struct.pack(f"<{2 * runs}I", *changed) + cut)

    def test_damage_never_escapes(self):
        """A changed bit is refused or gives other elements: no two streams mean the same."""
        tensor = self.same("i8", np.rint(RANDOM.normal(0, 6, (4, 32))), mode=LEVELS, run=64, states=8)
        data, x = bytearray(tensor.payload.codes.tobytes()), decode(tensor)
        refused = 0
        for place in range(len(data)):
            for bit in range(8):
                data[place] ^= 1 << bit
                try:
                    self.assertNotEqual(undo(tensor, data), x)
                except Refused:
                    refused += 1
                data[place] ^= 1 << bit
        self.assertGreater(refused, 4 * len(data))

    def test_noise(self):
        for _ in range(200):
            body = RANDOM.integers(0, 256, int(RANDOM.integers(0, 60)), dtype=np.uint8).tobytes()
            split = int(RANDOM.integers(0, len(body) + 1))
            stages = [("entropy", {"mode": LEVELS, "run": 64})]
            with self.assertRaises(Refused):
                undo(Compressed("i16", (60,), stages), struct.pack("<2I", split, len(body) - split) + body)

    def test_settings(self):
        x = Array.of("i8", np.zeros(4, int))
        for kind, d, key in (("i8", {"mode": 3, "run": 64}, "entropy-mode-known"), ("i8", {"mode": LEVELS, "run": 63}, "entropy-run-length"), ("i8", {"mode": LEVELS, "run": (1 << 24) + 1}, "entropy-run-length"), ("i64", {"mode": LEVELS, "run": 64}, "stage-input-type"),
                             ("i8", {"mode": LEVELS, "run": 64, "states": 2}, "trellis-states"), ("u16", {"mode": SYMBOLS, "run": 64}, "stage-input-type"), ("u8", {"mode": SYMBOLS, "run": 64, "states": 8}, "trellis-states")):
            with self.assertRaises(Refused) as caught:
                decode(Compressed(kind, (4,), [("entropy", d)], x))
            self.assertEqual(caught.exception.key, key)


class Frames(unittest.TestCase):
    def test_damage(self):
        x = Array.of("i16", RANDOM.integers(-9, 9, 3000))
        tensor = encode(x, ("zstd", {}))
        data = tensor.payload.codes.tobytes()
        self.assertEqual(data[4] & 4, 4)
        for length in range(len(data)):
            with self.assertRaises(Refused):
                undo(tensor, data[:length])
        for place in range(0, len(data), 7):
            changed = bytearray(data)
            changed[place] ^= 16
            with self.assertRaises(Refused):
                undo(tensor, changed)
        for changed, key in ((data + data, "zstd-one-frame"), (data + b"\0", "zstd-one-frame"), (b"", "zstd-frame-readable"), (b"\x50\x2a\x4d\x18\0\0\0\0" + data, "zstd-one-frame")):
            with self.assertRaises(Refused) as caught:
                undo(tensor, changed)
            self.assertEqual(caught.exception.key, key)

    def test_a_bomb(self):
        data = b"\x28\xb5\x2f\xfd" + bytes([0xC0, 0x58]) + (1 << 40).to_bytes(8, "little") + (3 | 131072 << 3).to_bytes(3, "little") + b"\0"
        with self.assertRaises(Refused) as caught:
            decode(Compressed("u8", (64,), [("zstd", {})], Array("u8", (len(data),), np.frombuffer(data, np.uint8))))
        self.assertEqual(caught.exception.key, "zstd-content-size")
        data = b"\x28\xb5\x2f\xfd" + bytes([0x80, 0x78]) + (64).to_bytes(4, "little") + (3 | 64 << 3).to_bytes(3, "little") + b"\0"
        with self.assertRaises(Refused) as caught:
            decode(Compressed("u8", (64,), [("zstd", {})], Array("u8", (len(data),), np.frombuffer(data, np.uint8))))
        self.assertEqual(caught.exception.key, "zstd-window-within-limit")


if __name__ == "__main__":
    unittest.main()
