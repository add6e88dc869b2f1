#!/usr/bin/env python3
"""What clause 7 promises of its stages, tried on the implementation in Python: python3 -m unittest test_compression (in this folder)."""

import ast
import copy
import hashlib
import itertools
import pathlib
import random
import re
import unittest

import numpy as np

import compression
import compression_quantizers as quantizers
from compression import Compressed, Model, Refused, decode, encode
from compression_numerics import BITS, COMPLEX, NUMBERED, SIGNED, Array, codes_of, content_digest, greatest
from compression_structure import BITMAP, BLOCK, CSR, N_M
from compression_transfer import ADD, CODE, DORA, IA3, LOHA, LOKR, LORA

PROFILE = pathlib.Path(__file__).resolve().parent.parent / "profile"
TYPES = [name for name, _ in NUMBERED if name != "string"]
FLOATS = ["f64", "f32", "f16", "bf16"]
RANDOM = np.random.default_rng(42382)


def any_codes(kind, dims):
    """Every bit at random: NaN with payloads, infinities and subnormals among them."""
    shape = tuple(dims) + ((2,) if kind in COMPLEX else ())
    bits = BITS[COMPLEX.get(kind, kind)]
    codes = RANDOM.integers(0, 1 << 63, shape, dtype=np.uint64) * np.uint64(2) + RANDOM.integers(0, 2, shape, dtype=np.uint64)
    return Array(kind, dims, codes & np.uint64((1 << bits) - 1) if kind != "bool" else codes & np.uint64(1))


def weights(kind, dims, deviation=0.05):
    return Array.of(kind, RANDOM.normal(0, deviation, dims))


def samples(kind):
    """Finite tensors of every sort: random, constant, extreme, subnormal, zero, empty, of one element, without dims."""
    top, least = min(greatest(kind), 2.0 ** 99) * 0.5, {"f64": 5e-324, "f32": 1e-45, "f16": 6e-8, "bf16": 9.2e-41}[kind]
    yield "random", weights(kind, (6, 32))
    yield "constant", Array.of(kind, np.full((4, 16), -0.75))
    yield "extreme", Array.of(kind, np.array([[top, -top, 0.0, top / 3], [1.0, -1e-3, 2.0, -0.0]]))
    yield "subnormal", Array.of(kind, np.array([[least, -least, 3 * least, 0.0]]))
    yield "zero", Array.of(kind, np.zeros((2, 8)))
    yield "empty", Array.of(kind, np.zeros((0, 8)))
    yield "one", Array.of(kind, np.array([0.3]))
    yield "scalar", Array.of(kind, np.array(-2.5))


def grids(dims):
    yield [0] * len(dims)
    if dims and dims[0] > 1:
        yield [1] + [0] * (len(dims) - 1)
    if len(dims) == 2 and dims[1] > 4 and dims[0] > 1:
        yield [1, 4]
        yield [dims[0] - 1, 5]


class Chains(unittest.TestCase):
    def same(self, x, *steps):
        tensor = encode(x, *steps)
        self.assertEqual(decode(tensor), x, steps)
        self.assertTrue(tensor.lossless())
        again = compression.unwire(compression.wire(tensor), tensor.kind, tensor.dims)
        self.assertEqual(decode(again), x)
        self.assertEqual(compression.wire(again), compression.wire(tensor))
        return tensor

    def refused(self, key, work, *arguments, **more):
        with self.assertRaises(Refused) as caught:
            work(*arguments, **more)
        self.assertEqual(caught.exception.key, key, str(caught.exception))


class Lossless(Chains):
    """Bit-exact for every element type."""

    DIMS = [(4, 6), (3, 2, 8), (1,), (0, 4), (7,), ()]

    def test_every_type(self):
        for kind, dims in itertools.product(TYPES, self.DIMS):
            x = any_codes(kind, dims)
            if len(dims) > 1:
                self.same(x, ("permute", {"axes": list(range(len(dims)))[::-1]}))
            if x.count:
                self.same(x, ("reshape", {"sizes": [1, x.count, 1]}))
            start = [("parts", {})] if kind in COMPLEX else []
            plain = COMPLEX.get(kind, kind)
            if BITS[plain] >= 16:
                self.same(x, *start, ("planes", {}))
            if not plain.startswith("u") and BITS[plain] != 6:
                self.same(x, *start, ("codes", {}))
            self.same(x, *start, ("outliers", {"beyond": 1.0})) if plain not in ("bool",) else None
            if dims or start:
                self.same(x, *start, ("sparse", {"kind": BITMAP}))
                self.same(x, *start, ("sparse", {"kind": CSR}))
            if BITS[plain] <= 8:
                self.same(x, ("entropy", {"mode": 2, "run": 64}))
            if plain in ("i2", "i4", "i8", "i16", "i32"):
                self.same(x, ("entropy", {"run": 64}))
                self.same(x, ("entropy", {"run": 100, "states": 8}))

    def test_zstd(self):
        for kind in TYPES:
            self.same(any_codes(kind, (5, 9)), ("zstd", {}))
            self.same(any_codes(kind, (0,)), ("zstd", {}))
        self.same(weights("bf16", (64, 64)), ("planes", {}), ("zstd", {"level": 3}))

    def test_pack_and_trits(self):
        for kind in ("i16", "i8", "i4", "i2", "u16", "u8", "u4", "u2"):
            for width in range(1, BITS[kind]):
                low = -(1 << width - 1) if kind in SIGNED else 0
                values = RANDOM.integers(low, low + (1 << width), (3, 7))
                self.same(Array.of(kind, values), ("pack", {"width": width}))
        for count in range(12):
            self.same(Array.of("i2", RANDOM.integers(-1, 2, count)), ("trits", {}))
        bad = encode(Array.of("i2", np.array([1, 0, -1])), ("trits", {}))
        bad.payload = Array("u8", (1,), [243])
        self.refused("trits-byte-range", decode, bad)
        bad.payload = Array("u8", (1,), [200])
        self.refused("trits-padding-zero", decode, bad)
        bad = encode(Array.of("u4", np.array([1])), ("pack", {"width": 3}))
        bad.payload = Array("u8", (1,), [0x11])
        self.refused("pack-padding-zero", decode, bad)

    def test_sparse_forms(self):
        dense = any_codes("f32", (8, 12))
        mask = RANDOM.random((8, 12)) < 0.3
        x = Array("f32", (8, 12), np.where(mask, dense.codes, 0))
        for kind in (BITMAP, CSR):
            self.same(x, ("sparse", {"kind": kind}))
        blocks = Array("f32", (8, 12), np.where(np.kron(RANDOM.random((4, 3)) < 0.5, np.ones((2, 4))) > 0, dense.codes, 0))
        self.same(blocks, ("sparse", {"kind": BLOCK, "block": [2, 4]}))
        for n, m in ((2, 4), (1, 4), (4, 8), (1, 2), (5, 12)):
            groups = dense.codes.reshape(-1, m).copy()
            for group in groups:
                group[RANDOM.permutation(m)[n:]] = 0
            self.same(Array("f32", (8, 12), groups), ("sparse", {"kind": N_M, "n": n, "m": m})) if 12 % m == 0 else None
        self.refused("sparse-n-m-pattern-holds", encode, dense, ("sparse", {"kind": N_M, "n": 2, "m": 4}))
        self.refused("sparse-n-m-divides", decode, Compressed("f32", (2, 6), [("sparse", {"kind": N_M, "n": 2, "m": 4, "pattern": Array("u2", (2, 2), np.zeros((2, 2)))})], Array("f32", (2, 2), np.zeros((2, 2)))))

    def test_sparse_damage(self):
        x = Array("f32", (2, 8), [[1, 0, 0, 2, 0, 0, 0, 3], [0, 4, 0, 0, 0, 0, 5, 0]])
        rows = encode(x, ("sparse", {"kind": CSR}))
        d = rows.stages[0][1]
        for name, codes, key in (("columns", [3, 0, 7, 1, 6], "sparse-columns-ascending"), ("columns", [0, 3, 8, 1, 6], "sparse-columns-inside"),
                                 ("pattern", [0, 4, 3], "sparse-row-pointers"), ("pattern", [1, 3, 5], "sparse-row-pointers")):
            old = d[name]
            d[name] = Array(old.kind, old.dims, codes)
            self.refused(key, decode, rows)
            d[name] = old
        pairs = encode(x, ("sparse", {"kind": N_M, "n": 2, "m": 4}))
        pairs.stages[0][1]["pattern"] = Array("u2", (2, 4), [[3, 0, 0, 3], [0, 1, 0, 2]])
        self.refused("sparse-n-m-positions", decode, pairs)
        bits = encode(x, ("sparse", {"kind": BITMAP}))
        bits.stages[0][1]["pattern"] = Array("u8", (2,), [0x89, 0x02])
        self.refused("compression-payload-type", decode, bits)
        odd = encode(Array("f32", (3,), [1, 0, 2]), ("sparse", {"kind": BITMAP}))
        odd.stages[0][1]["pattern"] = Array("u8", (1,), [0x85])
        self.refused("sparse-pattern-padding-zero", decode, odd)
        self.refused("sparse-block-divides", encode, x, ("sparse", {"kind": BLOCK, "block": [2, 3]}))

    def test_outliers_keep_what_is_not_finite(self):
        x = Array("f32", (4,), [0x7FC12345, 0xFF800000, 0x3F800000, 0x80000000])
        tensor = encode(x, ("outliers", {}), ("uniform", {"bits": 8}))
        out = decode(tensor)
        self.assertEqual(list(out.codes[:2]), [0x7FC12345, 0xFF800000])
        tensor.stages[0][1]["positions"] = Array("u32", (2,), [1, 0])
        self.refused("outliers-positions", decode, tensor)
        tensor.stages[0][1]["positions"] = Array("u32", (2,), [0, 4])
        self.refused("outliers-positions", decode, tensor)


class Structure(Chains):
    def test_circulant(self):
        for dims, block in (((8, 8), 4), ((7, 10), 4), ((3, 5), 2), ((4, 4), 4), ((0, 6), 2)):
            x = weights("f32", dims)
            tensor = encode(x, ("circulant", {"block": block}))
            out = decode(tensor)
            again = encode(out, ("circulant", {"block": block}))
            self.assertEqual(decode(again), out)
            for i, j in np.ndindex(*dims):
                if (i + 1) % block and (j + 1) % block and i + 1 < dims[0] and j + 1 < dims[1]:
                    self.assertEqual(out.codes[i, j], out.codes[i + 1, j + 1])
        tensor.payload = Array("f32", (0, 3, 2), [])
        tensor = encode(weights("f32", (1, 5)), ("circulant", {"block": 4}))
        codes = tensor.payload.codes.copy()
        codes[0, 1, 2] = 1
        tensor.payload = Array("f32", codes.shape, codes)
        self.refused("circulant-unused-zero", decode, tensor)

    def test_low_rank(self):
        left, right = weights("f32", (5, 2)), weights("bf16", (2, 12))
        tensor = Compressed("f16", (5, 3, 4), [("low_rank", {"split": 1, "left": left, "right": right})])
        out = decode(tensor).f64()
        self.assertTrue(np.allclose(out.reshape(5, 12), left.f64() @ right.f64(), rtol=1e-3, atol=1e-5))
        self.assertEqual(decode(compression.unwire(compression.wire(tensor), "f16", (5, 3, 4))), decode(tensor))
        self.refused("stage-side-tensor-type", decode, Compressed("f16", (5, 12), [("low_rank", {"split": 1, "left": left, "right": weights("f32", (3, 12))})]))
        self.refused("compression-payload-type", decode, Compressed("f16", (5, 12), tensor.stages[:1], left))
        factored = Compressed("f32", (5, 12), [("low_rank", {"split": 1, "left": encode(left, ("uniform", {"bits": 8})), "right": right})])
        self.assertEqual(decode(factored).dims, (5, 12))

    def test_references(self):
        base = Model({"w": weights("f32", (6, 4)), "z": any_codes("complex64", (3, 2))})
        def to(name, model=None):
            return {"variable": name, "digest": base.decoded(name).digest()} | ({"model": model} if model else {})
        data = compression.wire(Compressed("f32", (6, 4), [("reference", {"base": to("w")})]))
        self.refused("base-digest-form", compression.unwire, data.replace(b"sha256", b"sha512"), "f32", (6, 4))
        self.refused("base-digest-form", compression.unwire, data[:-1] + b"F", "f32", (6, 4))
        view = Compressed("f32", (2, 3), [("reference", {"base": to("w"), "axes": [1, 0], "starts": [1, 2]})])
        base.tensors["v"] = view
        self.assertTrue(np.array_equal(base.decoded("v").codes, base.tensors["w"].codes.T[1:3, 2:5]))
        del base.tensors["v"]
        other = Model({"w": Compressed("f32", (6, 4), [("reference", {"base": to("w", base.digest())})]),
                       "z": Compressed("complex64", (2, 3), [("reference", {"base": to("z", base.digest()), "axes": [1, 0]})])}, [base])
        self.assertEqual(other.decoded("w"), base.tensors["w"])
        self.assertEqual(other.decoded("z").dims, (2, 3))
        other.others = []
        self.refused("base-model-available", other.decoded, "w")
        broken = Model({"w": Compressed("f32", (6, 4), [("reference", {"base": to("w") | {"digest": "00" * 32}})])}, [])
        self.refused("reference-acyclic", broken.decoded, "w", ((id(broken), "w"),))
        broken.tensors["u"] = Compressed("f32", (6, 4), [("reference", {"base": {"variable": "gone", "digest": ""}})])
        self.refused("base-tensor-exists", broken.decoded, "u")
        base.tensors["v"] = Compressed("f32", (9, 9), [("reference", {"base": to("w")})])
        self.refused("reference-view", base.decoded, "v")
        loop = Model({"a": Compressed("f32", (1,), [("reference", {"base": {"variable": "b", "digest": ""}})]),
                      "b": Compressed("f32", (1,), [("reference", {"base": {"variable": "a", "digest": ""}})])})
        self.refused("reference-acyclic", loop.decoded, "a")


class Quantizers(Chains):
    def bound(self, x, out, step, label):
        """Half a step, and half a unit in the last place of what the result is rounded to."""
        last = {"f64": 2.0 ** -24, "f32": 2.0 ** -24, "f16": 2.0 ** -11, "bf16": 2.0 ** -8}[x.kind]
        floor = {"f64": 1.5e-45, "f32": 1.5e-45, "f16": 6e-8, "bf16": 1e-40}[x.kind]
        error = np.abs(x.f64() - out.f64())
        with np.errstate(over="ignore"):
            self.assertTrue((error <= step * 0.5 * (1 + 1e-6) + np.abs(out.f64()) * last * 2 + floor).all(), label)

    def test_uniform_within_half_a_step(self):
        for kind in FLOATS:
            for name, x in samples(kind):
                for grid, (rule, bits), scale in itertools.product(grids(x.dims), (("symmetric", 8), ("symmetric", 3), ("symmetric", 16), ("zero-point", 4),
                                                                                   ("zero-point", 8), ("offset", 5), ("offset", 1)), ("f32", "bf16")):
                    label = kind, name, grid, rule, bits, scale
                    try:
                        tensor = encode(x, ("uniform", {"bits": bits, "rule": rule, "grid": grid, "scale_type": scale}))
                        out = decode(tensor)
                    except Refused as refused:
                        self.assertIn(refused.key, ("quantizer-decoded-finite",), label)
                        continue
                    step = quantizers.spread(tensor.stages[0][1]["scale"].f64(), x.dims, grid)
                    if rule == "offset":
                        step = step + np.abs(quantizers.spread(tensor.stages[0][1]["offset"].f64(), x.dims, grid)) * 2.0 ** -21
                    self.bound(x, out, step, label)

    def test_uniform_refuses(self):
        x = weights("f32", (4, 8))
        tensor = encode(x, ("uniform", {"bits": 4, "rule": "zero-point", "grid": [1, 4]}))
        d = tensor.stages[0][1]
        for name, value, key in (("bits", 17, "uniform-bits"), ("bits", 3, "uniform-level-range"), ("grid", [1, 8], "grid-form"), ("grid", [1], "grid-form"), ("grid", [2, 4], "stage-side-tensor-type"),
                                 ("scale", Array("f32", (4, 2), [0x7F800000] * 8), "quantizer-scale-finite"), ("states", 5, "trellis-states"), ("states", 8, "trellis-symmetric"),
                                 ("offset", d["scale"], "uniform-one-origin"), ("restart", 64, "trellis-restart"),
                                 ("zero_point", Array("i32", (4, 2), [70000] * 8), "uniform-zero-point-range")):
            broken = Compressed(x.kind, x.dims, [("uniform", d | {name: value})], tensor.payload)
            self.refused(key, decode, broken)
        self.refused("quantizer-input-finite", encode, Array("f32", (1,), [0x7FC00000]), ("uniform", {"bits": 8}))
        self.refused("stage-input-type", encode_any, Array.of("i8", np.zeros(3)), "uniform")
        self.refused("quantizer-decoded-finite", decode, Compressed("f16", (1,), [("uniform", {"bits": 8, "signed": True, "grid": [0], "scale": Array.of("f32", [1e5])})], Array.of("i8", [1])))

    def test_groups_by_index(self):
        x = weights("f32", (3, 6))
        d = {"bits": 4, "signed": True, "grid": [1, 0], "group_axis": 1, "group_index": Array("u32", (6,), [1, 0, 1, 0, 0, 1]), "scale": weights("f16", (3, 2))}
        levels = Array.of("i4", RANDOM.integers(-8, 8, (3, 6)))
        out = decode(Compressed("f32", (3, 6), [("uniform", d)], levels))
        expected = levels.integers() * d["scale"].f64()[:, [1, 0, 1, 0, 0, 1]]
        self.assertTrue(np.array_equal(out.f64(), expected.astype(np.float32)))
        d["group_index"] = Array("u32", (6,), [1, 0, 2, 0, 0, 1])
        self.refused("uniform-group-index-range", decode, Compressed("f32", (3, 6), [("uniform", d)], levels))

    def test_scales_of_scales(self):
        x = weights("f32", (8, 64))
        tensor = encode(x, ("uniform", {"bits": 4, "grid": [1, 16]}))
        tensor.stages[0][1]["scale"] = encode(tensor.stages[0][1]["scale"], ("uniform", {"bits": 8, "grid": [1, 0]}))
        self.assertTrue(np.allclose(decode(tensor).f64(), x.f64(), atol=0.02))
        self.assertEqual(decode(compression.unwire(compression.wire(tensor), "f32", (8, 64))), decode(tensor))

    def test_trellis(self):
        for states in (4, 8, 16, 32):
            table = quantizers.transitions(states)
            self.assertEqual(sorted(to for row in table for to in row), sorted(list(range(states)) * 2))
        x = Array.of("f32", RANDOM.normal(0, 1, (8, 100)))
        step, errors = 0.05, {}
        for states in (0, 4, 8, 32):
            own = step / 2 if states else step  # the same spacing of the levels of a state
            tensor = encode(x, ("uniform", {"bits": 12, "step": own, "states": states, "restart": 256 if states else 0}))
            error = x.f64() - decode(tensor).f64()
            errors[states] = float((error ** 2).mean())
            self.assertLessEqual(np.abs(error).max(), 2 * own * (1 + 1e-6) if states else own / 2 * (1 + 1e-6))
        self.assertLess(errors[8], errors[4])
        self.assertLess(10 * np.log10(errors[4] / errors[0]), -0.6)
        self.assertLess(errors[32], errors[8])

    def test_rate_aware(self):
        x = Array.of("f32", RANDOM.laplace(0, 1, (10, 100)))
        sizes, errors = [], []
        for weight in (None, 0.0005, 0.002):
            tensor = encode(x, ("uniform", {"bits": 8, "step": 0.5, "states": 8, "restart": 1000, "weight": weight}), ("entropy", {"states": 8, "run": 1000}))
            sizes.append(tensor.payload.size)
            errors.append(float(((x.f64() - decode(tensor).f64()) ** 2).mean()))
        self.assertEqual(sizes, sorted(sizes, reverse=True))
        self.assertEqual(errors, sorted(errors))

    def test_codebook(self):
        nf4 = [-1.0, -0.7, -0.5, -0.4, -0.28, -0.18, -0.09, 0.0, 0.08, 0.16, 0.25, 0.34, 0.44, 0.56, 0.72, 1.0]
        for kind in FLOATS:
            for name, x in samples(kind):
                tensor = encode(x, ("codebook", {"entries": 8}))
                out, book = decode(tensor).f64(), tensor.stages[0][1]["codebook"].f64().reshape(-1)
                best = np.abs(x.f64()[..., None] - book).min(axis=-1) if x.count else np.zeros(x.dims)
                self.assertTrue((np.abs(x.f64() - out) <= best + np.abs(out) * 2.0 ** -7 + 1e-40).all(), (kind, name))
                for grid in grids(x.dims):
                    self.assertEqual(decode(encode(x, ("codebook", {"codebook": nf4, "scale_grid": grid}))).dims, x.dims)
        vectors = {"grid": [1, 0], "codebook": weights("f32", (3, 1, 4, 2))}
        index = Array.of("u2", RANDOM.integers(0, 4, (3, 5)))
        out = decode(Compressed("f32", (3, 10), [("codebook", vectors)], index)).f64()
        for i, j in np.ndindex(3, 10):
            self.assertEqual(out[i, j], vectors["codebook"].f64()[i, 0, index.integers()[i, j // 2], j % 2])
        nested = {"grid": [0], "codebook": Array.of("f32", [[[-1.0], [0.25]]]), "scale_grid": [2], "scale": Array.of("f32", [0.5, 3.0]), "offset": Array.of("f32", [0.125, 0.125])}
        tensor = Compressed("f32", (4,), [("codebook", nested)], Array.of("u2", [0, 1, 0, 1]))
        self.assertEqual(decode(compression.unwire(compression.wire(tensor), "f32", (4,))).f64().tolist(), [-0.375, 0.25, -2.875, 0.875])
        del nested["scale"]
        self.refused("codebook-offset-scaled", decode, tensor)
        vectors["codebook"] = weights("f32", (3, 1, 3, 2))
        self.refused("codebook-index-range", decode, Compressed("f32", (3, 10), [("codebook", vectors)], Array.of("u2", np.full((3, 5), 3))))
        self.refused("codebook-vector-divides", decode, Compressed("f32", (3, 9), [("codebook", vectors)], index))

    def test_scaled_float(self):
        for kind, small in itertools.product(FLOATS, sorted(quantizers.ScaledFloat.TYPES)):
            if BITS[small] >= BITS[kind]:
                continue
            for name, x in samples(kind):
                for scale in ("f32", "f8e8m0", None):
                    grid = list(grids(x.dims))[-1] if scale else None
                    try:
                        tensor = encode(x, ("scaled_float", {"element_type": small, "scale_type": scale, "grid": grid}))
                        out = decode(tensor)
                    except Refused as refused:
                        self.assertEqual(refused.key, "quantizer-decoded-finite", (kind, small, name, scale))
                        continue
                    self.assertEqual(out.dims, x.dims)
                    if name == "random" and scale == "f32":
                        self.assertLess(np.abs(x.f64() - out.f64()).max(), np.abs(x.f64()).max() * 0.3)
        x = weights("f32", (2, 64))
        mx = encode(x, ("scaled_float", {"element_type": "f4e2m1", "scale_type": "f8e8m0", "grid": [1, 32]}))
        most = np.abs(x.f64()).reshape(2, 2, 32).max(axis=2)
        self.assertTrue(np.array_equal(mx.stages[0][1]["scale"].f64(), 2.0 ** (np.floor(np.log2(most)) - 2)))
        self.refused("quantizer-decoded-finite", decode, Compressed("f32", (1,), [("scaled_float", {"element_type": "f8e4m3fn", "grid": [0]})], Array("f8e4m3fn", (1,), [0x7F])))

    def test_signs(self):
        for kind in FLOATS:
            for name, x in samples(kind):
                for grid in grids(x.dims):
                    try:
                        binary = encode(x, ("sign", {"ternary": False, "grid": grid}), ("pack", {"width": 1}))
                        offset = encode(x, ("sign", {"ternary": False, "grid": grid, "offset": True}), ("pack", {"width": 1}))
                        ternary = encode(x, ("sign", {"ternary": True, "grid": grid}), ("trits", {}))
                        values = [decode(tensor) for tensor in (binary, offset, ternary)]
                    except Refused as refused:
                        self.assertEqual((refused.key, name), ("quantizer-scale-finite", "extreme"))
                        continue
                    nonzero = x.f64() != 0
                    if name == "random":
                        self.assertTrue((np.sign(values[0].f64()) == np.sign(x.f64()))[nonzero].all())
                        self.assertTrue(set(np.unique(np.sign(values[2].f64()) * np.sign(x.f64()))) <= {0.0, 1.0})
        self.refused("sign-level-range", decode, Compressed("f32", (1,), [("sign", {"ternary": True, "grid": [0], "scale": Array.of("f32", [1.0])})], Array.of("i2", [-2])))


class Transfer(Chains):
    def setUp(self):
        self.model = Model({})

    def base(self, x, name="w"):
        self.model.tensors[name] = x
        return {"variable": name, "digest": x.digest()}

    def test_codes_keep_every_bit(self):
        for kind in TYPES:
            if kind in COMPLEX or BITS[kind] == 6:
                continue
            base, x = any_codes(kind, (4, 5)), any_codes(kind, (4, 5))
            reference = self.base(base)
            tensor = encode(x, ("delta", {"mode": CODE, "base": base, "reference": reference}), ("zstd", {}))
            self.assertEqual(decode(tensor, self.model), x, kind)
            self.assertTrue(tensor.lossless())

    def test_differences(self):
        for kind in ("f32", "f16", "bf16"):
            base = weights(kind, (16, 32))
            x = Array.of(kind, base.f64() + RANDOM.normal(0, 1e-3, (16, 32)))
            reference = self.base(base)
            exact = encode(x, ("delta", {"mode": ADD, "base": base, "reference": reference}))
            self.assertTrue(np.allclose(decode(exact, self.model).f64(), x.f64(), atol=1e-8))
            small = encode(x, ("delta", {"mode": ADD, "base": base, "reference": reference}), ("sign", {"ternary": False}), ("pack", {"width": 1}))
            self.assertLess(np.abs(decode(small, self.model).f64() - x.f64()).mean(), np.abs(base.f64() - x.f64()).mean())
            self.model.tensors["w"] = weights(kind, (16, 32))
            self.refused("base-tensor-digest", decode, exact, self.model)

    def test_sparse_replacement_over_a_base(self):
        base = weights("f32", (4, 4))
        tensor = Compressed("f32", (4, 4), [("outliers", {"positions": Array("u32", (2,), [3, 9]), "values": Array("f32", (2,), [1, 2])}), ("reference", {"base": self.base(base)})])
        out = decode(tensor, self.model).codes.reshape(-1)
        self.assertEqual([out[3], out[9], out[0]], [1, 2, base.codes[0, 0]])

    def test_adapters(self):
        base = weights("f32", (6, 10))
        reference = self.base(base)
        a, b, a2, b2 = weights("f32", (2, 10)), weights("f32", (6, 2)), weights("f32", (2, 10)), weights("f32", (6, 2))
        w, product = base.f64(), b.f64() @ a.f64()
        forms = [({"kind": LORA, "factors": [b, a], "alpha": 16.0, "rank": 2}, w + 8 * product),
                 ({"kind": LORA, "factors": [b, a], "alpha": 16.0, "rank": 2, "rank_stabilised": True}, w + 16 / np.sqrt(2) * product),
                 ({"kind": LOHA, "factors": [b, a, b2, a2], "alpha": 4.0, "rank": 2}, w + 2 * product * (b2.f64() @ a2.f64())),
                 ({"kind": LOKR, "factors": [weights("f32", (2, 5)), weights("bf16", (3, 2))], "alpha": 1.0, "rank": 2}, None),
                 ({"kind": IA3, "factors": [weights("f16", (6,))]}, None), ({"kind": IA3, "factors": [weights("f32", (10,))], "axis": 1}, None)]
        magnitude = weights("f32", (6,), 1.0)
        merged = w + 8 * product
        forms.append(({"kind": DORA, "factors": [b, a], "alpha": 16.0, "rank": 2, "magnitude": magnitude},
                      magnitude.f64()[:, None] * merged / np.linalg.norm(merged, axis=1, keepdims=True)))
        for d, expected in forms:
            tensor = Compressed("f32", (6, 10), [("adapter", d | {"base": reference})])
            out = decode(tensor, self.model)
            if expected is not None:
                self.assertTrue(np.allclose(out.f64(), expected, rtol=1e-6, atol=1e-9), d["kind"])
            again = compression.unwire(compression.wire(tensor), "f32", (6, 10))
            self.assertEqual(decode(again, self.model), out)
            if d["kind"] in (LORA, LOHA, LOKR):
                back = compression.transfer.Adapter.unmerged("f32", (6, 10), d | {"base": reference}, out, compression.Side(self.model, (), 0))
                self.assertTrue((np.abs(back.f64() - w) <= (np.abs(out.f64()) + np.abs(w)) * 2.0 ** -24 + 1e-45).all())
        turned = {"kind": LORA, "factors": [weights("f32", (10, 2)), weights("f32", (2, 6))], "alpha": 2.0, "rank": 2, "transposed": True, "base": reference}
        out = decode(Compressed("f32", (6, 10), [("adapter", turned)]), self.model).f64()
        self.assertTrue(np.allclose(out, w + (turned["factors"][0].f64() @ turned["factors"][1].f64()).T, rtol=1e-6, atol=1e-9))
        good = forms[0][0] | {"base": reference}
        for change, key in (({"rank": 3}, "adapter-factor-dims"), ({"alpha": 0.0}, "adapter-alpha"), ({"alpha": float("nan")}, "adapter-alpha"), ({"kind": 9}, "adapter-kind-known"),
                            ({"factors": [b]}, "adapter-factor-count"), ({"kind": DORA}, "adapter-magnitude-present"), ({"transposed": True}, "adapter-factor-dims"),
                            ({"factors": [b, Array("f32", (2, 10), [0x7F800000] * 20)]}, "adapter-factors-finite")):
            self.refused(key, decode, Compressed("f32", (6, 10), [("adapter", good | change)]), self.model)

    def test_chains_of_deltas(self):
        models = [Model({"w": weights("f32", (2, 3))})]
        for _ in range(3):
            before = models[-1]
            reference = {"variable": "w", "model": before.digest(), "digest": before.decoded("w").digest()}
            delta = Compressed("f32", (2, 3), [("delta", {"mode": ADD, "base": reference})], weights("f32", (2, 3)))
            models.append(Model({"w": delta}, models[:]))
        out = models[-1].decoded("w").f64()
        self.assertTrue(np.allclose(out, models[0].tensors["w"].f64() + sum(model.tensors["w"].payload.f64() for model in models[1:])))


class Limits(Chains):
    def test_hostile(self):
        x = weights("f32", (2, 3))
        swap = ("permute", {"axes": [1, 0]})
        self.refused("compression-stage-count-within-limit", decode, encode(x, *[swap] * 18))
        self.assertEqual(decode(encode(x, *[swap] * 16)), x)
        nested = x
        for _ in range(6):
            nested = Compressed(x.kind, x.dims, [("outliers", {"positions": Array("u32", (0,), []), "values": Array("f32", (0,), [])})], nested)
        self.refused("compression-nesting-within-limit", decode, nested)
        self.refused("compression-stages-present", decode, Compressed("f32", (2, 3), [], x))
        self.refused("compression-stage-known", decode, Compressed("f32", (2, 3), [("magic", {})], x))
        huge = Compressed("f32", (1 << 40,), [("uniform", {"bits": 8, "grid": [0], "scale": Array.of("f32", [1.0])}), ("entropy", {"mode": 2, "run": 1 << 24})], Array("u8", (8,), [0] * 8))
        self.refused("compression-expansion-within-limit", decode, huge)
        self.refused("compression-terminal-stage-last", decode, Compressed("f32", (2, 3), [("reference", {"base": {}}), swap], x))
        self.refused("permute-axes", encode_any, x, "permute", {"axes": [0, 1]})


    def test_mutations(self):
        """Descriptors and side tensors changed at random: an array, or a refusal, and nothing else."""
        draw = random.Random(42382)
        bases = [(tensor, model) for _, tensor, model in examples()]
        x = weights("f32", (4, 6))
        pair = Model({"w": x})
        dora = {"kind": DORA, "factors": [weights("f32", (4, 2)), weights("f32", (2, 6))], "alpha": 1.0, "rank": 2, "magnitude": weights("f32", (4,)),
                "base": {"variable": "w", "digest": x.digest()}}
        bases.append((Compressed("f32", (4, 6), [("adapter", dora)]), pair))
        for steps in ([("permute", {"axes": [1, 0]}), ("uniform", {"bits": 3, "rule": "zero-point", "grid": [2, 3]}), ("pack", {"width": 3}), ("zstd", {})],
                      [("reshape", {"sizes": [24]}), ("uniform", {"bits": 4, "step": 0.02, "states": 8, "restart": 64}), ("entropy", {"states": 8, "run": 64})],
                      [("codebook", {"entries": 4, "scale_grid": [1, 3]}), ("entropy", {"mode": 2, "run": 64})], [("sparse", {"kind": BLOCK, "block": [2, 3]})],
                      [("sparse", {"kind": BITMAP}), ("planes", {}), ("zstd", {})], [("outliers", {"beyond": 0.05}), ("uniform", {"bits": 8, "rule": "offset"})]):
            bases.append((encode(x, *steps), None))

        def other(value):
            if isinstance(value, bool):
                return not value
            if isinstance(value, int):
                return draw.choice([0, 1, 2, 3, 8, 63, 255, 1 << 32, value + 1, max(value - 1, 0)])
            if isinstance(value, float):
                return draw.choice([0.0, float("nan"), float("inf"), 1e300])
            if isinstance(value, str):
                return draw.choice(TYPES)
            if isinstance(value, list):
                out = value[:]
                if out and draw.random() < 0.6:
                    place = draw.randrange(len(out))
                    out[place] = other(out[place]) if isinstance(out[place], Array) else draw.choice([-1, 0, 1, 2, 5, 1 << 40, -1 << 63])
                return out if out != value else out[:-1]
            if isinstance(value, Array) and value.codes.size and draw.random() < 0.6:
                codes = value.codes.reshape(-1).copy()
                codes[draw.randrange(len(codes))] = draw.getrandbits(64) & (1 << BITS[COMPLEX.get(value.kind, value.kind)]) - 1
                return Array(value.kind, value.dims, codes)
            return any_codes(draw.choice(TYPES), [draw.choice([0, 1, 2, 4, 6]) for _ in range(draw.randrange(4))])

        answers = set()
        for _ in range(2500):
            tensor, model = copy.deepcopy(draw.choice(bases))
            kind = draw.random()
            if kind < 0.1:
                tensor.dims = tuple(draw.choice([0, 1, 2, 5, 6]) for _ in range(draw.randrange(4)))
            elif kind < 0.15:
                tensor.kind = draw.choice(TYPES)
            elif kind < 0.25:
                tensor.payload = other(tensor.payload) if draw.random() < 0.8 else None
            elif kind < 0.35:
                tensor.stages.insert(draw.randrange(len(tensor.stages) + 1), draw.choice(draw.choice(bases)[0].stages))
            else:
                d = draw.choice(tensor.stages)[1]
                name = draw.choice(sorted(d) or [""])
                if draw.random() < 0.1:
                    d.pop(name, None)
                elif name and not isinstance(d[name], dict):
                    d[name] = other(d[name])
            try:
                decode(tensor, model)
            except Refused as refused:
                answers.add(refused.key)
        self.assertGreater(len(answers), 40)


class Chapters(Chains):
    """The examples of the chapters, byte by byte, and that each fault is a requirement."""

    def test_examples(self):
        found = {}
        for path in sorted(PROFILE.glob("7.*.md")):
            for block in re.findall(r"```hex\n(.*?)```", path.read_text(), re.S):
                data = bytes.fromhex("".join(re.match(r"\s*((?:[0-9a-f]{2}(?: |$))*)", line)[1] for line in block.splitlines()))
                found[data.hex()] = path.name
        for chapter, tensor, model in examples():
            path = PROFILE / chapter
            if path.exists():
                data = compression.wire(tensor)
                self.assertIn(data.hex(), found, f"{chapter}: {compression.wire(tensor).hex(' ')}")
                self.assertEqual(found[data.hex()], chapter)
                self.assertEqual(decode(compression.unwire(data, tensor.kind, tensor.dims), model), decode(tensor, model))

    def test_keys(self):
        """What is refused has a requirement, and what is required stands in a chapter."""
        known, drafts = set(), set()
        for path in sorted(PROFILE.parent.glob("requirements*/*.yaml")):
            keys = re.findall(r"^    key: (\S+)$", path.read_text(), re.M)
            known |= set(keys)
            drafts |= set(keys) if path.name.startswith("7.") else set()
        used = {"stage-side-tensor-type"}
        for path in pathlib.Path(__file__).parent.glob("compression*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and (name := getattr(node.func, "id", "")) in ("need", "finite", "Refused"):
                    used |= {part.value for part in ast.walk(node.args[name != "Refused"]) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
                elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and path.name == "compression_statement.py" and isinstance(node.ctx, ast.Load):
                    used |= {part.value for part in ast.walk(node.elts[0]) if isinstance(part, ast.Constant) and str(part.value).startswith(("compression-", "reduction-", "quantity-", "addition-"))}
        self.assertEqual(used - known, set())
        text = "".join(path.read_text() for path in PROFILE.glob("7.*.md"))
        self.assertEqual({key for key in drafts if f"`{key}`" not in text}, set())

    def test_content_digest(self):
        tensors = {"b": Array.of("f32", [1.0, 2.0]), "a": Array.of("i4", [[1, -1, 7]])}
        data = b"GB42382-CONTENT 1\n"
        for name, number, dims, content in ((b"a", 17, (1, 3), bytes.fromhex("f107")), (b"b", 2, (2,), bytes.fromhex("0000803f00000040"))):
            data += len(name).to_bytes(4, "little") + name + number.to_bytes(4, "little") + len(dims).to_bytes(4, "little")
            data += b"".join(size.to_bytes(8, "little") for size in dims) + hashlib.sha256(content).digest()
        self.assertEqual(content_digest(tensors), hashlib.sha256(data).hexdigest())


def encode_any(x, method, d=None):
    """A stage with a descriptor as it is, or with a plain one."""
    d = d or {"bits": 8, "signed": True, "grid": [0] * len(x.dims), "scale": Array.of("f32", np.ones([1] * len(x.dims)))}
    compression.METHODS[method].next(x.kind, x.dims, d)


def examples():
    """(chapter, tensor, model) of each worked example."""
    def stages(kind, dims, *steps, payload=None):
        return Compressed(kind, dims, list(steps), payload)

    base = Model({"w": Array.of("f32", [1.0, 2.0])})
    codes = Model({"w": Array.of("i8", np.array([4, 127, 7]))})
    pair = Model({"w": Array.of("f32", [[1.0, 2.0]])})
    to = lambda model: {"variable": "w", "digest": model.tensors["w"].digest()}
    few = Array.of("f16", [[0.0, 1.0, 0.0, 2.0, 3.0, 0.0, 0.0, 4.0]])
    factors = {"split": 1, "left": Array.of("f32", [[1.0], [2.0]]), "right": Array.of("f32", [[3.0, 0.5]])}
    lora = {"kind": LORA, "base": to(pair), "factors": [Array.of("f32", [[1.0]]), Array.of("f32", [[0.5, -0.5]])], "alpha": 2.0, "rank": 1}
    yield "7.1-compressed-representation.md", encode(Array.of("f32", [1.0, -1.0, 0.0, 1.0]), ("sign", {"ternary": True}), ("trits", {})), None
    yield "7.2-structure-optimisation.md", encode(few, ("sparse", {"kind": N_M, "n": 2, "m": 4})), None
    yield "7.2-structure-optimisation.md", encode(few, ("sparse", {"kind": CSR})), None
    yield "7.2-structure-optimisation.md", stages("f32", (2, 2), ("low_rank", factors)), None
    yield "7.2-structure-optimisation.md", encode(Array.of("f32", [[1.0, 2.0], [2.0, 1.0]]), ("circulant", {"block": 2})), None
    yield "7.2-structure-optimisation.md", stages("f32", (1,), ("reference", {"base": to(base), "starts": [1]})), base
    yield "7.3-compression-process.md", encode(Array.of("f32", [[1.0, -0.5], [0.25, 0.0]]), ("uniform", {"bits": 4, "grid": [1, 0]})), None
    yield "7.3-compression-process.md", encode(Array.of("f32", [0.9, -0.4, 0.3, 1.2]), ("uniform", {"bits": 4, "step": 0.25, "states": 8, "restart": 64})), None
    yield "7.3-compression-process.md", encode(Array.of("f32", [1.0, -1.0, 1.0]), ("codebook", {"codebook": [-1.0, 1.0]})), None
    yield "7.3-compression-process.md", encode(Array.of("f32", [6.0, -0.75]), ("scaled_float", {"element_type": "f4e2m1", "scale_type": "f8e8m0"})), None
    yield "7.3-compression-process.md", encode(Array("f32", (2,), [0x7F800000, 0x3F800000]), ("outliers", {})), None
    yield "7.5-entropy-coding.md", encode(Array.of("i8", np.array([[0, 1, -1], [2, 0, 3]])), ("entropy", {"run": 64})), None
    yield "7.4-transfer-compression.md", encode(Array.of("i8", np.array([5, -128, 7])), ("delta", {"mode": CODE, "base": codes.tensors["w"], "reference": to(codes)})), codes
    yield "7.4-transfer-compression.md", stages("f32", (1, 2), ("adapter", lora)), pair


if __name__ == "__main__":
    unittest.main()
