#!/usr/bin/env python3
"""What the second implementation makes of small tensors by every quantizer, structure and transfer stage, for the tests of the tool's own codecs.

    compression_fixtures.py > ../../Tests/CompressionTests/Fixtures/stages.json
"""
import itertools
import json
import sys

import numpy as np

import compression
from compression import Compressed, Model, Refused, decode
from compression_numerics import BITS, Array, greatest
from compression_quantizers import Codebook, ScaledFloat, Sign, Uniform
from compression_structure import Circulant
from compression_transfer import ADD, CODE, DORA, IA3, LOHA, LOKR, LORA, Adapter, Delta

RANDOM = np.random.default_rng(73)
FLOATS = ["f64", "f32", "f16", "bf16"]
CASES = []


def weights(kind, dims, deviation=0.05):
    return Array.of(kind, RANDOM.normal(0, deviation, dims))


def samples(kind):
    top, least = min(greatest(kind), 2.0 ** 99) * 0.5, {"f64": 5e-324, "f32": 1e-45, "f16": 6e-8, "bf16": 9.2e-41}[kind]
    yield "random", weights(kind, (5, 19))
    yield "constant", Array.of(kind, np.full((4, 7), -0.75))
    yield "extreme", Array.of(kind, np.array([[top, -top, 0.0, top / 3], [1.0, -1e-3, 2.0, -0.0]]))
    yield "greatest", Array.of(kind, np.array([greatest(kind), -greatest(kind), 1.0]))
    yield "subnormal", Array.of(kind, np.array([[least, -least, 3 * least, 0.0]]))
    yield "zero", Array.of(kind, np.array([[0.0, -0.0, 0.0], [-0.0, 0.0, 0.0]]))
    yield "empty", Array.of(kind, np.zeros((0, 8)))
    yield "one", Array.of(kind, np.array([0.3]))
    yield "scalar", Array.of(kind, np.array(-2.5))
    yield "nan", Array.of(kind, np.array([1.0, np.nan, 2.0]))
    yield "infinity", Array.of(kind, np.array([1.0, 2.0, -np.inf]))


def grids(dims):
    yield [0] * len(dims)
    if len(dims) == 2 and dims[0] > 3 and dims[1] > 8:
        yield from ([1, 0], [0, 1], [1, 4], [2, 5], [dims[0] - 1, 16], [1, 1])


def tensor(array):
    return {"type": array.kind, "dims": list(array.dims), "bytes": array.bytes().hex()}


def plain(value):
    if isinstance(value, Array):
        return tensor(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def add(name, stage, x, settings, work, model=None, more=None):
    """A case by an encoder: what it gives and what that decodes to, or the key of the refusal."""
    case = {"name": name, "stage": stage, "input": tensor(x), "settings": settings} | (more or {})
    try:
        d, y = work()
        case |= {"descriptor": {key: plain(value) for key, value in d.items()}, "payload": tensor(y)}
        case["decoded"] = decode(Compressed(x.kind, x.dims, [(stage, d)], y), model).bytes().hex()
    except Refused as refused:
        case["refused"] = refused.key
    CASES.append(case)


def undo(name, stage, kind, dims, d, y=None, model=None, more=None):
    """A case for the decoder alone."""
    case = {"name": name, "stage": stage, "input": {"type": kind, "dims": list(dims), "bytes": ""}, "descriptor": {key: plain(value) for key, value in d.items()},
            "payload": tensor(y) if y is not None else None} | (more or {})
    try:
        case["decoded"] = decode(Compressed(kind, dims, [(stage, d)], y), model).bytes().hex()
    except Refused as refused:
        case["refused"] = refused.key
    CASES.append(case)


def uniform():
    for kind in FLOATS:
        for name, x in samples(kind):
            for grid in grids(x.dims):
                for rule, bits, scale in (("symmetric", 4, "f32"), ("zero-point", 3, "f16"), ("offset", 8, "bf16"), ("symmetric", 8, "f8e4m3fn"), ("offset", 2, "f8e8m0"),
                                          ("zero-point", 4, "f32"), ("symmetric", 12, "f32"), ("zero-point", 1, "f32"), ("symmetric", 2, "f8e8m0")):
                    if name == "random" or grid == [0] * len(x.dims):
                        add(f"{kind} {name}", "uniform", x, {"bits": bits, "rule": rule, "grid": grid, "scale_type": scale},
                            lambda: Uniform.apply(x, bits, rule, grid, scale))
        x = weights(kind, (4, 9))
        add(f"{kind} step", "uniform", x, {"bits": 6, "rule": "step", "step": 0.01, "grid": [1, 4], "scale_type": "f16"}, lambda: Uniform.apply(x, 6, "symmetric", [1, 4], "f16", step=0.01))
    x = weights("f32", (3, 2, 8, 5))
    for grid in ([0, 1, 3, 0], [2, 0, 0, 4], [1, 0, 5, 1]):
        add("four dims", "uniform", x, {"bits": 5, "rule": "zero-point", "grid": grid, "scale_type": "f32"}, lambda: Uniform.apply(x, 5, "zero-point", grid, "f32"))
    for states in (4, 8, 16, 32):
        d = {"bits": 4, "signed": True, "grid": [1, 0], "scale": weights("f32", (3, 1)), "states": states, "restart": 70}
        undo(f"trellis {states}", "uniform", "f16", (3, 61), d, Array.of("i4", RANDOM.integers(-8, 8, (3, 61))))
    for axis, dims, grid, many in ((1, (4, 12), [1, 0], (4, 3)), (0, (6, 5), [0, 2], (3, 3)), (1, (2, 6, 4), [0, 0, 3], (1, 2, 2)), (1, (2, 6, 4), [1, 0, 0], (2, 2, 1))):
        d = {"bits": 4, "signed": False, "grid": grid, "scale": weights("f16", many), "zero_point": Array.of("u4", RANDOM.integers(0, 16, many)), "group_axis": axis,
             "group_index": Array.of("u32", RANDOM.integers(0, many[axis], dims[axis]))}
        undo("group index", "uniform", "bf16", dims, d, Array.of("u4", RANDOM.integers(0, 16, dims)))
    bad = {"bits": 4, "signed": True, "grid": [0], "scale": Array.of("f32", [1.0])}
    levels = Array.of("i4", [1, -8, 7])
    undo("bits", "uniform", "f32", (3,), bad | {"bits": 17}, levels)
    undo("type", "uniform", "i8", (3,), bad, levels)
    undo("grid rank", "uniform", "f32", (3,), bad | {"grid": [0, 0]}, levels)
    undo("grid size", "uniform", "f32", (3,), bad | {"grid": [3]}, levels)
    undo("grid below", "uniform", "f32", (3,), bad | {"grid": [-1]}, levels)
    undo("scale dims", "uniform", "f32", (3,), bad | {"scale": Array.of("f32", [1.0, 2.0])}, levels)
    undo("scale type", "uniform", "f32", (3,), bad | {"scale": Array.of("f64", [1.0])}, levels)
    undo("scale infinite", "uniform", "f32", (3,), bad | {"scale": Array.of("f32", [np.inf])}, levels)
    undo("scale nan", "uniform", "f32", (3,), bad | {"scale": Array("f8e8m0", (1,), [255])}, levels)
    undo("level", "uniform", "f32", (3,), bad | {"bits": 3}, levels)
    undo("payload", "uniform", "f32", (3,), bad | {"bits": 5}, levels)
    undo("too great", "uniform", "f32", (3,), bad | {"scale": Array.of("f32", [1e38])}, levels)
    undo("too great f16", "uniform", "f16", (3,), bad | {"scale": Array.of("f32", [8190.0])}, levels)
    undo("nearly f16", "uniform", "f16", (3,), bad | {"scale": Array.of("f32", [8189.0])}, levels)
    undo("origin", "uniform", "f32", (3,), bad | {"zero_point": Array.of("i4", [0]), "offset": Array.of("f32", [0.0])}, levels)
    undo("offset", "uniform", "f32", (3,), bad | {"offset": Array.of("f32", [np.nan])}, levels)
    undo("zero point", "uniform", "f32", (3,), bad | {"zero_point": Array.of("i32", [65537])}, levels)
    undo("far zero point", "uniform", "f32", (3,), bad | {"zero_point": Array.of("i32", [-65536])}, levels)
    undo("zero point type", "uniform", "f32", (3,), bad | {"zero_point": Array.of("u32", [0])}, levels)
    undo("states", "uniform", "f32", (3,), bad | {"states": 5, "restart": 64}, levels)
    undo("restart", "uniform", "f32", (3,), bad | {"states": 8, "restart": 63}, levels)
    undo("restart alone", "uniform", "f32", (3,), bad | {"restart": 64}, levels)
    undo("trellis offset", "uniform", "f32", (3,), bad | {"states": 8, "restart": 64, "offset": Array.of("f32", [0.0])}, levels)
    undo("group axis", "uniform", "f32", (3,), bad | {"group_axis": 1, "group_index": Array.of("u32", [0, 0, 0])}, levels)
    undo("group index", "uniform", "f32", (3,), bad | {"group_index": Array.of("u32", [0, 0, 1])}, levels)
    undo("negative zero", "uniform", "f32", (3,), bad | {"scale": Array.of("f32", [-0.0])}, levels)


def codebook():
    nf4 = [-1.0, -0.7, -0.5, -0.4, -0.28, -0.18, -0.09, 0.0, 0.08, 0.16, 0.25, 0.34, 0.44, 0.56, 0.72, 1.0]
    for kind in FLOATS:
        for name, x in samples(kind):
            for entries in (1, 5, 16):
                if name == "random" or entries == 5:
                    add(f"{kind} {name}", "codebook", x, {"entries": entries}, lambda: Codebook.apply(x, entries=entries))
            for grid in grids(x.dims):
                add(f"{kind} {name} list", "codebook", x, {"codebook": nf4, "scale_grid": grid, "scale_type": "f16"}, lambda: Codebook.apply(x, codebook=nf4, scale_grid=grid, scale_type="f16"))
    x = weights("f32", (40, 50))
    add("many", "codebook", x, {"entries": 256}, lambda: Codebook.apply(x, entries=256))
    add("unsorted", "codebook", x, {"codebook": [0.1, -0.1, 0.0, 0.1, 0.0]}, lambda: Codebook.apply(x, codebook=[0.1, -0.1, 0.0, 0.1, 0.0]))
    far = Array.of("f32", [1e30, -1e30, 0.05, 0.15])
    add("far", "codebook", far, {"codebook": [0.2, 0.0, 0.1]}, lambda: Codebook.apply(far, codebook=[0.2, 0.0, 0.1]))
    vectors = {"grid": [1, 0], "codebook": weights("f32", (3, 1, 4, 2))}
    index = Array.of("u2", RANDOM.integers(0, 4, (3, 5)))
    undo("vectors", "codebook", "f32", (3, 10), vectors, index)
    undo("blocks of vectors", "codebook", "bf16", (2, 12), {"grid": [1, 8], "codebook": weights("f16", (2, 2, 16, 4)), "scale_grid": [0, 3], "scale": weights("f8e4m3fn", (1, 4), 1.0),
                                                              "offset": weights("f16", (1, 4))}, Array.of("u4", RANDOM.integers(0, 16, (2, 3))))
    undo("scalar", "codebook", "f64", (), {"grid": [], "codebook": weights("f32", (3, 1))}, Array.of("u2", np.array(2)))
    undo("wide", "codebook", "f16", (2, 9), {"grid": [0, 0], "codebook": weights("bf16", (1, 1, 300, 3))}, Array.of("u16", RANDOM.integers(0, 300, (2, 3))))
    undo("index", "codebook", "f32", (3, 10), vectors | {"codebook": weights("f32", (3, 1, 3, 2))}, Array.of("u2", np.full((3, 5), 3)))
    undo("divides", "codebook", "f32", (3, 9), vectors, index)
    undo("offset alone", "codebook", "f32", (3, 10), vectors | {"offset": Array.of("f32", np.zeros((3, 1)))}, index)
    undo("entries", "codebook", "f32", (3, 10), vectors | {"codebook": weights("f32", (3, 1, 0, 2))}, index)
    undo("list type", "codebook", "f32", (3, 10), vectors | {"codebook": weights("f64", (3, 1, 4, 2))}, index)
    undo("list dims", "codebook", "f32", (3, 10), vectors | {"codebook": weights("f32", (3, 4, 2))}, index)
    undo("list blocks", "codebook", "f32", (3, 10), vectors | {"codebook": weights("f32", (1, 1, 4, 2))}, index)
    undo("infinite", "codebook", "f32", (3, 10), vectors | {"codebook": Array.of("f32", np.full((3, 1, 4, 2), np.inf))}, index)
    undo("no length", "codebook", "f32", (3, 10), vectors | {"codebook": weights("f32", (3, 1, 4, 0))}, index)
    undo("too great", "codebook", "f16", (3, 10), vectors | {"codebook": Array.of("f32", np.full((3, 1, 4, 2), 7e4))}, index)


def scaled_float():
    for kind, small in itertools.product(FLOATS, sorted(ScaledFloat.TYPES)):
        if BITS[small] >= BITS[kind]:
            continue
        for name, x in samples(kind):
            for scale, grid in (("f32", list(grids(x.dims))[-1]), ("f8e8m0", list(grids(x.dims))[min(3, len(list(grids(x.dims))) - 1)]), ("f16", [0] * len(x.dims)), (None, None)):
                if name in ("random", "extreme", "subnormal", "zero", "empty") or small in ("f8e4m3fn", "f16"):
                    add(f"{kind} {name}", "scaled_float", x, {"element_type": small, "scale_type": scale, "grid": grid}, lambda: ScaledFloat.apply(x, small, grid, scale))
    undo("nan", "scaled_float", "f32", (1,), {"element_type": "f8e4m3fn", "grid": [0]}, Array("f8e4m3fn", (1,), [0x7F]))
    undo("infinite", "scaled_float", "f32", (3,), {"element_type": "f16", "grid": [0], "scale": Array.of("f32", [0.0])}, Array.of("f16", [1.0, np.inf, 2.0]))
    undo("grid", "scaled_float", "f32", (3,), {"element_type": "f16", "grid": [1]}, Array.of("f16", [1.0, 3.0, 2.0]))
    undo("wider", "scaled_float", "f16", (3,), {"element_type": "bf16", "grid": [0]}, Array.of("bf16", [1.0, 3.0, 2.0]))
    undo("integer", "scaled_float", "f16", (3,), {"element_type": "i8", "grid": [0]}, Array.of("i8", [1, 3, 2]))
    undo("power", "scaled_float", "f16", (3,), {"element_type": "f8e8m0", "grid": [0]}, Array("f8e8m0", (3,), [1, 3, 2]))


def sign():
    for kind in FLOATS:
        for name, x in samples(kind):
            for grid in grids(x.dims):
                for ternary, offset, scale in ((True, False, "f32"), (False, False, "f16"), (False, True, "f32"), (True, True, "bf16")):
                    add(f"{kind} {name}", "sign", x, {"ternary": ternary, "grid": grid, "scale_type": scale, "offset": offset}, lambda: Sign.apply(x, ternary, grid, scale, offset))
    undo("ternary", "sign", "f32", (1,), {"ternary": True, "grid": [0], "scale": Array.of("f32", [1.0])}, Array.of("i2", [-2]))
    undo("binary", "sign", "f32", (2,), {"ternary": False, "grid": [0], "scale": Array.of("f32", [1.0])}, Array.of("u2", [1, 2]))
    undo("negative", "sign", "f32", (3,), {"ternary": True, "grid": [0], "scale": Array.of("f32", [-1.5])}, Array.of("i2", [-1, 0, 1]))
    undo("too great", "sign", "f16", (2,), {"ternary": False, "grid": [0], "scale": Array.of("f32", [65520.0])}, Array.of("u2", [1, 0]))


def structure():
    for kind, dims, split, rank in (("f32", (7, 21), 1, 3), ("bf16", (2, 3, 5, 4), 2, 2), ("f16", (9, 8), 1, 5), ("f64", (4, 3), 1, 1), ("f32", (0, 3), 1, 2), ("f32", (5, 70), 1, 40)):
        m, n = int(np.prod(dims[:split])), int(np.prod(dims[split:]))
        for first, second in (("f32", "f32"), ("f16", "bf16")):
            undo("low rank", "low_rank", kind, dims, {"split": split, "left": weights(first, (m, rank)), "right": weights(second, (rank, n), 3.0)})
    good = {"split": 1, "left": weights("f32", (3, 2)), "right": weights("f32", (2, 4))}
    undo("split", "low_rank", "f32", (3, 4), good | {"split": 2})
    undo("rank", "low_rank", "f32", (3, 4), good | {"left": weights("f32", (3, 0)), "right": weights("f32", (0, 4))})
    undo("left", "low_rank", "f32", (3, 4), good | {"left": weights("f32", (4, 2))})
    undo("right", "low_rank", "f32", (3, 4), good | {"right": weights("f64", (2, 4))})
    undo("nan", "low_rank", "f32", (3, 4), good | {"left": Array.of("f32", np.full((3, 2), np.nan))})
    undo("type", "low_rank", "i8", (3, 4), good)
    undo("one dim", "low_rank", "f32", (12,), good)
    for kind in ("f64", "f32", "f16", "bf16", "f8e5m2", "f6e2m3", "f4e2m1"):
        for dims, block in (((4, 4), 2), ((5, 7), 3), ((1, 1), 2), ((6, 4), 6), ((0, 4), 2)):
            x = weights(kind, dims, 1.0)
            add(kind, "circulant", x, {"block": block}, lambda: Circulant.apply(x, block))
    x = Array.of("f32", [[-0.0, 1.0], [np.inf, np.nan]])
    for block in (0, 1, 3):
        undo("block", "circulant", "f32", (2, 2), {"block": block}, Array.of("f32", np.zeros((1, 1, 2))))
    undo("unused", "circulant", "f32", (1, 1), {"block": 2}, Array.of("f32", [[[1.0, 2.0]]]))
    undo("dims", "circulant", "f32", (4,), {"block": 2}, Array.of("f32", [[[1.0, 2.0]]]))
    for kind, bits in (("i4", 4), ("u2", 2), ("i64", 64), ("bool", 1)):
        y = Array(kind, (2, 2, 3), RANDOM.integers(0, 1 << min(bits, 62), (2, 2, 3)))
        undo(kind, "circulant", kind, (6, 6), {"block": 3}, y)


def transfer():
    def model(base):
        return Model({"w": base}), {"variable": "w", "digest": base.digest()}, {"base": tensor(base)}

    for kind in ("f32", "f16", "bf16"):
        base = weights(kind, (5, 7))
        x = Array.of(kind, base.f64() + RANDOM.normal(0, 1e-3, (5, 7)))
        models, reference, more = model(base)
        add(kind, "delta", x, {"mode": ADD}, lambda: Delta.apply(x, ADD, base, reference), models, more)
        base = Array.of(kind, [1.0, np.inf, -np.inf, np.nan, 1.0, greatest(kind), -0.0, -np.nan])
        x = Array.of(kind, [np.nan, np.inf, np.inf, 1.0, np.inf, -greatest(kind), 0.0, 2.0])
        models, reference, more = model(base)
        add(f"{kind} not finite", "delta", x, {"mode": ADD}, lambda: Delta.apply(x, ADD, base, reference), models, more)
        add(f"{kind} not finite", "delta", x, {"mode": CODE}, lambda: Delta.apply(x, CODE, base, reference), models, more)
    for kind in ("f64", "i64", "u64", "i32", "u32", "i16", "u16", "i8", "u8", "i4", "u4", "i2", "u2", "f8e4m3fn", "f8e8m0", "f4e2m1"):
        for dims in ((3, 7), (0,), ()):
            codes = lambda: RANDOM.integers(0, 1 << 63, dims, dtype=np.uint64) >> np.uint64(63 - min(BITS[kind], 63))
            base, x = Array(kind, dims, codes()), Array(kind, dims, codes())
            models, reference, more = model(base)
            add(kind, "delta", x, {"mode": CODE}, lambda: Delta.apply(x, CODE, base, reference), models, more)
    base = weights("f32", (2, 3))
    models, reference, more = model(base)
    undo("mode", "delta", "f32", (2, 3), {"mode": 3, "base": reference}, base, models, more)
    undo("type", "delta", "f64", (2, 3), {"mode": ADD, "base": reference}, base, models, more)
    undo("six bits", "delta", "f6e2m3", (2, 3), {"mode": CODE, "base": reference}, base, models, more)
    undo("base type", "delta", "f16", (2, 3), {"mode": ADD, "base": reference}, base, models, more)
    undo("base dims", "delta", "f32", (3, 2), {"mode": ADD, "base": reference}, weights("f32", (3, 2)), models, more)

    for kind, turned, stabilised in itertools.product(("f32", "f16", "bf16"), (False, True), (False, True)):
        dims = (6, 10)
        base = weights(kind, dims)
        models, reference, more = model(base)
        rows, columns = dims[::-1] if turned else dims
        shared = {"base": reference, "alpha": 6.5, "rank": 3} | ({"transposed": True} if turned else {}) | ({"rank_stabilised": True} if stabilised else {})
        lora = [weights(kind, (rows, 3)), weights("f32", (3, columns))]
        low = lambda d: more | unmerged(kind, dims, d, models)
        for form, factors in ((LORA, lora), (LOHA, lora + [weights("f32", (rows, 3), 1.0), weights("bf16", (3, columns), 1.0)]), (LOKR, [weights("f32", (2, 5), 1.0), weights("f16", (rows // 2, columns // 5))])):
            if rows % 2 or columns % 5:
                factors = [weights("f32", (5, 2), 1.0), weights("f16", (rows // 5, columns // 2))] if form == LOKR else factors
            d = {"kind": form, "factors": factors} | shared
            undo(kind, "adapter", kind, dims, d, None, models, low(d))
        norm = np.sqrt((base.f64() ** 2).sum(axis=0 if turned else 1))
        d = {"kind": DORA, "factors": lora, "magnitude": Array.of("f32", norm * 1.1)} | shared
        undo(kind, "adapter", kind, dims, d, None, models, more)
        for axis in (0, 1):
            undo(kind, "adapter", kind, dims, {"kind": IA3, "base": reference, "factors": [weights("f32", (dims[axis],), 1.0)]} | ({"axis": axis} if axis else {}), None, models, more)
    base = weights("f32", (40, 33))
    models, reference, more = model(base)
    undo("large", "adapter", "f32", (40, 33), {"kind": LORA, "base": reference, "alpha": 16.0, "rank": 9, "factors": [weights("f32", (40, 9)), weights("f32", (9, 33))]}, None, models, more)
    zero = Array.of("f32", np.zeros((2, 3)))
    models, reference, more = model(zero)
    good = {"kind": LORA, "base": reference, "alpha": 1.0, "rank": 1, "factors": [weights("f32", (2, 1)), weights("f32", (1, 3))]}
    nothing = [Array.of("f32", np.zeros((2, 1))), Array.of("f32", np.zeros((1, 3)))]
    undo("dora of nothing", "adapter", "f32", (2, 3), good | {"kind": DORA, "factors": nothing, "magnitude": Array.of("f32", [1.0, 2.0])}, None, models, more)
    undo("empty", "adapter", "f32", (2, 3), good, None, models, more)
    undo("kind", "adapter", "f32", (2, 3), good | {"kind": 6}, None, models, more)
    undo("type", "adapter", "f64", (2, 3), good, None, models, more)
    undo("dims", "adapter", "f32", (6,), good, None, models, more)
    undo("count", "adapter", "f32", (2, 3), good | {"factors": nothing[:1]}, None, models, more)
    undo("magnitude", "adapter", "f32", (2, 3), good | {"magnitude": Array.of("f32", [1.0, 2.0])}, None, models, more)
    undo("no magnitude", "adapter", "f32", (2, 3), good | {"kind": DORA}, None, models, more)
    undo("magnitude dims", "adapter", "f32", (2, 3), good | {"kind": DORA, "magnitude": Array.of("f32", [1.0, 2.0, 3.0])}, None, models, more)
    undo("alpha", "adapter", "f32", (2, 3), {key: value for key, value in good.items() if key != "alpha"}, None, models, more)
    undo("alpha 0", "adapter", "f32", (2, 3), good | {"alpha": 0.0}, None, models, more)
    undo("rank", "adapter", "f32", (2, 3), good | {"rank": 0, "factors": [weights("f32", (2, 0)), weights("f32", (0, 3))]}, None, models, more)
    undo("factor", "adapter", "f32", (2, 3), good | {"factors": nothing[::-1]}, None, models, more)
    undo("factor nan", "adapter", "f32", (2, 3), good | {"factors": [Array.of("f32", [[1.0], [np.nan]]), nothing[1]]}, None, models, more)
    undo("merged", "adapter", "f32", (2, 3), good | {"alpha": 1e300}, None, models, more)
    undo("norm", "adapter", "f32", (2, 3), good | {"kind": DORA, "alpha": 1e300, "magnitude": Array.of("f32", [1.0, 2.0])}, None, models, more)
    undo("axis", "adapter", "f32", (2, 3), {"kind": IA3, "base": reference, "axis": 2, "factors": [weights("f32", (3,))]}, None, models, more)
    undo("scaled alpha", "adapter", "f32", (2, 3), {"kind": IA3, "base": reference, "alpha": 1.0, "axis": 1, "factors": [weights("f32", (3,))]}, None, models, more)
    undo("lokr", "adapter", "f32", (2, 3), good | {"kind": LOKR, "factors": [weights("f32", (2, 2)), weights("f32", (1, 3))]}, None, models, more)


def unmerged(kind, dims, d, models):
    """What taking out again gives."""
    side = compression.Side(models, (), 0)
    merged = decode(Compressed(kind, dims, [("adapter", d)]), models)
    return {"unmerged": Adapter.unmerged(kind, dims, d, merged, side).bytes().hex()}


def main():
    with np.errstate(all="ignore"):
        for group in (uniform, codebook, scaled_float, sign, structure, transfer):
            group()
    sys.stdout.write("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in CASES) + "\n]\n")


if __name__ == "__main__":
    main()
