"""The small bases with compressed tensors: each stage of profile clause 7, encoded by the implementation in NumPy (compression.py).

Values are bell-shaped by the name of the tensor, so every encoder here gives the same bytes everywhere; frames of Zstandard, which do not, stand as they are.
"""
import hashlib
import math

import numpy as np

import compression
from compression import Compressed, Model, encode
from compression_entropy import LEVELS, SYMBOLS
from compression_numerics import Array
from compression_structure import BITMAP, BLOCK, CSR, N_M
from compression_transfer import ADD, CODE, DORA, IA3, LOHA, LOKR, LORA
from small_native import LAYOUT, PARAMETER, memory, model, variable
from small_values import LARGE, bell

TERMINAL = ("low_rank", "reference", "adapter")
CODED = ("entropy", "zstd")


# ---------------------------------------------------------------------------------------------------------------- elements

def floats(kind, dims, name, scale=1.0):
    """Bell-shaped values."""
    return Array.of(kind, np.array(bell(name, math.prod(dims))).reshape(dims) * scale)


def few(kind, dims, name, kept):
    """Bell-shaped values in some places, zeros in the others."""
    values = np.zeros(math.prod(dims))
    values[list(kept)] = bell(name, len(kept))
    return Array.of(kind, values.reshape(dims))


def whole(kind, dims, name, scale):
    """Bell-shaped integers."""
    return Array.of(kind, np.rint(np.array(bell(name, math.prod(dims))).reshape(dims) * scale).astype(np.int64))


def frame(x, blocks):
    """A tensor as one frame of Zstandard, whose blocks and checksum are given, with its content size in one byte."""
    data = bytes.fromhex("28b52ffd24") + bytes([len(x.bytes())]) + blocks
    return {}, Array("u8", (len(data),), np.frombuffer(data, np.uint8))


def checksum(data):
    """The lower half of XXH64 with seed 0, as frames of Zstandard end with it."""
    one, two, three, four, five = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5
    mask = (1 << 64) - 1
    turn = lambda a, n: (a << n | a >> 64 - n) & mask
    step = lambda a, word: turn(a + word * two & mask, 31) * one & mask
    words = lambda at, size: int.from_bytes(data[at : at + size], "little")
    at, length = 0, len(data)
    if length >= 32:
        lanes = [one + two & mask, two, 0, -one & mask]
        while at + 32 <= length:
            lanes = [step(lane, words(at + 8 * i, 8)) for i, lane in enumerate(lanes)]
            at += 32
        out = sum(turn(lane, n) for lane, n in zip(lanes, (1, 7, 12, 18))) & mask
        for lane in lanes:
            out = ((out ^ step(0, lane)) * one + four) & mask
    else:
        out = five
    out = out + length & mask
    while at + 8 <= length:
        out = (turn(out ^ step(0, words(at, 8)), 27) * one + four) & mask
        at += 8
    if at + 4 <= length:
        out = (turn(out ^ words(at, 4) * one & mask, 23) * two + three) & mask
        at += 4
    for byte in data[at:]:
        out = turn(out ^ byte * five & mask, 11) * one & mask
    out = (out ^ out >> 33) * two & mask
    out = (out ^ out >> 29) * three & mask
    return ((out ^ out >> 32) & 0xFFFF_FFFF).to_bytes(4, "little")


def raw(x):
    """Blocks of a frame that holds the bytes as they are."""
    data = x.bytes()
    return (1 | len(data) << 3).to_bytes(3, "little") + data + checksum(data)


def through(x, *steps):
    """A chain by reference encoders, with `zstd` as a frame of one block that is not compressed."""
    if steps[-1][0] != "zstd":
        return encode(x, *steps)
    before = encode(x, *steps[:-1]) if len(steps) > 1 else Compressed(x.kind, x.dims, [], x)
    d, payload = frame(before.payload, steps[-1][1].get("blocks") or raw(before.payload))
    return Compressed(x.kind, x.dims, before.stages + [("zstd", d)], payload)


def nest(tensor, *steps):
    """The payload of a chain as a chain of its own."""
    return Compressed(tensor.kind, tensor.dims, tensor.stages, through(tensor.payload, *steps))


def side(tensor, name, *steps):
    """A side tensor of the first stage as a chain of its own."""
    descriptor = tensor.stages[0][1]
    return Compressed(tensor.kind, tensor.dims, [(tensor.stages[0][0], descriptor | {name: through(descriptor[name], *steps)})] + tensor.stages[1:], tensor.payload)


# ----------------------------------------------------------------------------------------------------------------- tensors

def shapes():
    """Chapter 7.1: the stages that only change the shape of things; chains in payloads and side tensors."""
    many = Array("f32", (2, 12), [0x3F800000] * 24)
    return {
        "turned": through(floats("f32", (3, 4), "turned"), ("permute", {"axes": [1, 0]}), ("planes", {}), ("zstd", {})),
        "spectrum": through(Array("complex64", (2, 3), floats("f32", (2, 3, 2), "spectrum").codes), ("parts", {}), ("codes", {}), ("planes", {})),
        "packed": through(floats("f32", (5, 4), "packed"), ("uniform", {"bits": 3, "grid": [1, 0]}), ("pack", {"width": 3})),
        "ternary": through(floats("f32", (2, 6), "ternary"), ("sign", {"ternary": True}), ("trits", {})),
        "shaped": through(floats("bf16", (2, 2, 3), "shaped"), ("reshape", {"sizes": [4, 3]}), ("uniform", {"bits": 4, "rule": "zero-point", "grid": [2, 0]})),
        "nested": nest(through(floats("f32", (2, 4), "nested"), ("uniform", {"bits": 3, "grid": [0, 0]})), ("pack", {"width": 3})),
        "scaled": side(through(floats("f32", (4, 3), "scaled"), ("uniform", {"bits": 8, "grid": [1, 0]})), "scale", ("uniform", {"bits": 8, "rule": "offset", "grid": [0, 0]})),
        "same": through(many, ("codes", {}), ("reshape", {"sizes": [24]}), ("zstd", {"blocks": bytes.fromhex("5d0000280000803f00010068ba5a") + checksum(many.bytes())}))}


def structures():
    """Chapter 7.2: what is sparse, of low rank or circulant."""
    return {
        "masked": through(few("f32", (2, 6), "masked", [1, 4, 7, 10]), ("sparse", {"kind": BITMAP})),
        "rows": through(few("f16", (3, 8), "rows", [1, 4, 7, 18, 21]), ("sparse", {"kind": CSR})),
        "pairs": through(few("f16", (2, 8), "pairs", [0, 3, 5, 6, 9, 13, 15]), ("sparse", {"kind": N_M, "n": 2, "m": 4})),
        "blocks": through(few("f32", (4, 6), "blocks", [0, 2, 7, 15, 16, 17]), ("sparse", {"kind": BLOCK, "block": [2, 3]})),
        "factors": Compressed("f32", (4, 6), [("low_rank", {"split": 1, "left": floats("f32", (4, 2), "factors.left"), "right": floats("f16", (2, 6), "factors.right")})]),
        "wheel": through(floats("f32", (3, 5), "wheel"), ("circulant", {"block": 4})),
        "kept": through(few("f32", (4, 6), "kept", [2, 3, 9, 11, 20]), ("sparse", {"kind": BITMAP}), ("uniform", {"bits": 8, "grid": [0]}))}


def quantizers():
    """Chapter 7.3: quantizers of every form, and outliers."""
    grouped = {"bits": 4, "signed": False, "grid": [1, 0], "scale": floats("f16", (2, 3), "grouped.scale", 0.125), "zero_point": Array.of("u4", [[7, 8, 9], [0, 15, 8]]),
               "group_axis": 1, "group_index": Array("u32", (6,), [0, 2, 1, 1, 0, 2])}
    vectors = {"grid": [1, 0], "codebook": floats("f16", (2, 1, 3, 2), "vectors")}
    spread = floats("f32", (10, 10), "infinite")
    spread.codes[4, 2] = 0x7FC00001
    return {
        "even": through(floats("f32", (2, 6), "even"), ("uniform", {"bits": 4, "grid": [1, 3], "scale_type": "bf16"})),
        "zeroed": through(floats("f32", (2, 4), "zeroed"), ("uniform", {"bits": 3, "rule": "zero-point", "grid": [1, 0]})),
        "offset": through(floats("f16", (2, 6), "offset"), ("uniform", {"bits": 8, "rule": "offset", "grid": [1, 3]})),
        "grouped": Compressed("f32", (2, 6), [("uniform", grouped)], Array.of("u4", [[0, 3, 7, 8, 12, 15], [1, 5, 6, 9, 10, 14]])),
        "path": through(floats("f32", (2, 6), "path"), ("uniform", {"bits": 5, "step": 0.0625, "grid": [0, 0], "states": 8, "restart": 64})),
        "listed": through(floats("f32", (4, 4), "listed"), ("codebook", {"entries": 4, "scale_grid": [1, 2]})),
        "vectors": Compressed("f32", (2, 6), [("codebook", vectors)], Array.of("u2", [[0, 1, 2], [2, 2, 0]])),
        "shifted": Compressed("f32", (4,), [("codebook", {"grid": [0], "codebook": Array.of("f32", [[[-1.0], [0.25]]]), "scale_grid": [2], "scale": Array.of("f32", [0.5, 3.0]),
                                                       "offset": Array.of("f32", [0.125, -0.125])})], Array.of("u2", [0, 1, 0, 1])),
        "narrow": side(through(floats("f32", (2, 4), "narrow"), ("scaled_float", {"element_type": "f4e2m1", "grid": [1, 2]})), "scale",
                       ("scaled_float", {"element_type": "f8e4m3fn", "grid": [0, 0]})),
        "cast": through(floats("f32", (4,), "cast"), ("scaled_float", {"element_type": "bf16", "scale_type": None})),
        "ternary": through(floats("f32", (2, 6), "ternary"), ("sign", {"ternary": True, "grid": [1, 0]})),
        "binary": through(floats("f16", (3, 5), "binary"), ("sign", {"ternary": False, "grid": [1, 0], "offset": True})),
        "infinite": through(spread, ("outliers", {}), ("uniform", {"bits": 8, "grid": [0, 0]}))}


def coders():
    """Chapter 7.5: entropy coding of levels and symbols, in one run and in several, with and without a trellis; frames of Zstandard."""
    packed = floats("bf16", (4, 8), "zipped")
    wide = whole("i16", (2, 40), "wide", 40.0)
    wide.codes[0, 3], wide.codes[1, 20] = 9000, (1 << 16) - 9000
    return {
        "levels": through(whole("i8", (4, 6), "levels", 4.0), ("entropy", {"run": 64})),
        "runs": through(floats("f32", (7, 10), "runs"), ("uniform", {"bits": 6, "grid": [0, 0]}), ("entropy", {"run": 64})),
        "trellis": through(floats("f32", (9, 8), "trellis"), ("uniform", {"bits": 6, "step": 0.03125, "states": 4, "restart": 64}), ("entropy", {"run": 64, "states": 4})),
        "wide": through(wide, ("entropy", {"run": 128})),
        "symbols": through(floats("f16", (3, 4), "symbols"), ("planes", {}), ("entropy", {"mode": SYMBOLS, "run": 64})),
        "zipped": through(packed, ("planes", {}), ("zstd", {})),
        "plain": through(whole("i32", (3, 2), "plain", 9.0), ("zstd", {}))}


def bases():
    """Chapters 7.2, 6 and 7.4: what refers to other tensors."""
    base, codes = floats("f32", (4, 6), "base"), whole("i8", (6,), "codes", 90.0)
    held = Model({"base": base, "codes": codes})
    to = lambda name: {"variable": name, "digest": held.decoded(name).digest()}

    def derived(name, *more):
        return Compressed("f32", (4, 6), [(name, {"base": to("base")} | dict(more))])

    def lora(kind, turned=False, **more):
        rows, columns = (6, 4) if turned else (4, 6)
        pairs = 2 if kind == LOHA else 1
        factors = [floats("f32" if i % 2 else "bf16", (rows, 2) if i % 2 == 0 else (2, columns), f"adapter.{kind}.{i}", 0.25) for i in range(2 * pairs)]
        return derived("adapter", *({"kind": kind, "factors": factors, "alpha": 4.0, "rank": 2} | ({"transposed": True} if turned else {}) | more).items())

    changed = Array.of("f32", base.f64() + few("f32", (4, 6), "changed", [3, 8, 20]).f64())
    held.tensors["changed"] = encode(changed, ("delta", {"mode": ADD, "base": base, "reference": to("base")}), ("sparse", {"kind": BITMAP}))
    again = Array.of("f32", changed.f64() + floats("f32", (4, 6), "again", 0.125).f64())
    held.tensors["again"] = encode(again, ("delta", {"mode": ADD, "base": held.decoded("changed"), "reference": to("changed")}), ("sign", {"ternary": True}), ("trits", {}))
    held.tensors["tuned"] = encode(Array.of("i8", codes.integers() + np.array([0, 1, 0, -3, 0, 60])), ("delta", {"mode": CODE, "base": codes, "reference": to("codes")}))
    held.tensors["part"] = Compressed("f32", (2, 3), [("reference", {"base": to("base"), "starts": [1, 2]})])
    held.tensors["turned"] = Compressed("f32", (3, 4), [("reference", {"base": to("base"), "axes": [1, 0], "starts": [3, 0]})])
    held.tensors["replaced"] = Compressed("f32", (4, 6), [("outliers", {"positions": Array("u32", (0,), []), "values": Array("f32", (0,), [])}), ("reference", {"base": to("again")})])
    held.tensors["lora"] = lora(LORA)
    held.tensors["lora.turned"] = lora(LORA, turned=True, rank_stabilised=True)
    held.tensors["dora"] = lora(DORA, magnitude=floats("f32", (4,), "dora.magnitude"))
    held.tensors["loha"] = lora(LOHA)
    held.tensors["lokr"] = derived("adapter", *{"kind": LOKR, "factors": [floats("f32", (2, 3), "lokr.0"), floats("f16", (2, 2), "lokr.1")], "alpha": 1.0, "rank": 2}.items())
    held.tensors["ia3"] = derived("adapter", *{"kind": IA3, "factors": [floats("f32", (6,), "ia3")], "axis": 1}.items())
    return held.tensors


# ------------------------------------------------------------------------------------------------------------------- files

def fields(tensor):
    """A tensor as its message, with the digest of what a coder left, also in side tensors and payloads."""
    out = compression.tensor_fields(tensor)
    if isinstance(tensor, Compressed):
        for stage, (method, d) in zip(out["compressed"]["stages"], tensor.stages):
            for name, value in d.items():
                if isinstance(value, (Array, Compressed)):
                    stage[method][name] = fields(value)
                elif name == "factors":
                    stage[method][name] = [fields(factor) for factor in value]
        if tensor.payload is not None:
            out["compressed"]["payload"] = fields(tensor.payload)
            if tensor.stages[-1][0] in CODED:
                data = tensor.payload.bytes()
                out["compressed"]["payload"]["digest"] = {"algorithm": "sha256", "value": hashlib.sha256(data).hexdigest()}
    return out


def structure(name, tensors):
    """A model of tensors, each decoded once, so that nothing goes out that cannot be read back."""
    held = Model(tensors)
    held.decoded()
    count = sum(math.prod(tensor.dims) for tensor in tensors.values())
    listed = [variable(key, PARAMETER, fields(tensor), trainable=True) for key, tensor in tensors.items()]
    return LAYOUT.write(model(name, minor=1, parameters=listed + [memory(LARGE - count)]))


def make():
    """All of them: name of the base → name of the file → bytes."""
    parts = {"shapes": shapes(), "structures": structures(), "quantizers": quantizers(), "coders": coders(), "bases": bases()}
    everything = {key if part == "bases" else f"{part}.{key}": tensor for part, tensors in parts.items() for key, tensor in tensors.items()}
    return {"native-compressed": {"model.pmr": structure("compressed", everything)}} | {
        f"native-compressed-{part}": {"model.pmr": structure(f"compressed-{part}", tensors)} for part, tensors in parts.items()}
