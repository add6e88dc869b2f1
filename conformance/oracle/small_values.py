"""What the small bases are made of: bell-shaped weights, element codes of interest, digests, safetensors files."""
import hashlib
import json
import math
import struct

# The note on 3.2 speaks of 10^8 parameters, and a smaller model gets a remark. A base that can hold a sparse parameter has one that
# brings the sum to exactly this number, so that the remark does not stand in every vector.
LARGE = 100_000_000


def bell(name, count):
    """Weights for the tensor `name`: sums of four uniform integers, scaled by a power of two, so exact in f32."""
    stream, at, out = b"", 0, []
    for i in range(count):
        while len(stream) < (i + 1) * 8:
            stream += hashlib.sha256(f"{name} {at}".encode()).digest()
            at += 1
        draws = struct.unpack_from("<4H", stream, i * 8)
        out.append((sum(draws) - 2 * 65535) / 2**18)
    return out


def f32(values):
    return struct.pack(f"<{len(values)}f", *values)


def f64(values):
    return struct.pack(f"<{len(values)}d", *values)


def i64(values):
    return struct.pack(f"<{len(values)}q", *values)


def f16(values):
    return struct.pack(f"<{len(values)}e", *values)


def bf16(values):
    """Rounded to nearest, ties to even; finite values only."""
    words = [struct.unpack("<I", struct.pack("<f", v))[0] for v in values]
    return struct.pack(f"<{len(words)}H", *((w + 0x7FFF + (w >> 16 & 1)) >> 16 for w in words))


def weights(name, shape, kind="f32"):
    """The bytes of a weight; those of a norm lie around one."""
    values = bell(name, math.prod(shape))
    if "norm" in name.lower() and name.endswith("weight"):
        values = [1 + v / 4 for v in values]
    return {"f32": f32, "f16": f16, "bf16": bf16}[kind](values)


# ------------------------------------------------------------------------------------------------------------- element types

def bits(codes, width):
    """Elements of `width` bits, low-order bits first, the rest of the last byte zero."""
    whole = 0
    for i, code in enumerate(codes):
        whole |= code << i * width
    return whole.to_bytes((len(codes) * width + 7) // 8, "little")


def floating(exponent, fraction):
    """Codes of interest of an IEEE type: zeros, one, greatest, least normal, subnormals, infinities, NaNs with payloads."""
    top, one = (1 << exponent) - 1, ((1 << exponent - 1) - 1) << fraction
    sign, full = 1 << exponent + fraction, (1 << fraction) - 1
    infinity, quiet = top << fraction, 1 << fraction - 1
    codes = [0, one, one + 1, infinity - 1, 1 << fraction, full, 1, infinity, infinity | quiet, infinity | 1, infinity | quiet | 5]
    return codes + [sign | c for c in codes]


def whole_numbers(width):
    """Codes of interest of an integer type: zero, one, the neighbours of the sign bit, all ones, a bell in between."""
    half = 1 << width - 1
    return [0, 1, 2, half - 1, half, half + 1, 2 * half - 2, 2 * half - 1, half // 3, half + half // 3]


def codes(kind):
    """The codes of a tensor of an element type, and the bits of one: every code of a type of eight bits or fewer."""
    wide = {"f64": (64, 11, 52), "f32": (32, 8, 23), "f16": (16, 5, 10), "bf16": (16, 8, 7)}
    if kind in wide:
        width, exponent, fraction = wide[kind]
        return floating(exponent, fraction), width
    if kind in ("complex64", "complex128"):
        width, exponent, fraction = wide["f32" if kind == "complex64" else "f64"]
        parts = floating(exponent, fraction)
        return [c | parts[-1 - i] << width for i, c in enumerate(parts[:11])], 2 * width
    if kind == "bool":
        return [0, 1, 1, 0], 8
    width = 8 if kind.startswith("f8") else 6 if kind.startswith("f6") else 4 if kind.startswith("f4") else int(kind[1:])
    return (list(range(1 << width)) if width <= 8 else whole_numbers(width)), width


def elements(kind):
    """The content of a tensor of an element type, and the number of elements."""
    listed, width = codes(kind)
    return bits(listed, width), len(listed)


WORDS = [b"", b"a", "层归一化".encode(), "e\u0301\u00e9".encode(), b"line\nbreak \x00 end"]


# ------------------------------------------------------------------------------------------------------------------ digests

def sm3(data):
    """SM3 (GB/T 32905-2016)."""
    def turn(x, n):
        return (x << n % 32 | x >> (32 - n % 32) % 32) & 0xFFFF_FFFF if n % 32 else x

    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + bytes(-(len(data) + 9) % 64) + struct.pack(">Q", 8 * len(data))
    for block in range(0, len(padded), 64):
        w = list(struct.unpack_from(">16I", padded, block))
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ turn(w[j - 3], 15)
            w.append(x ^ turn(x, 15) ^ turn(x, 23) ^ turn(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = state
        for j in range(64):
            early = j < 16
            s1 = turn(turn(a, 12) + e + turn(0x79CC4519 if early else 0x7A879D8A, j) & 0xFFFF_FFFF, 7)
            s2 = s1 ^ turn(a, 12)
            t1 = (a ^ b ^ c if early else a & b | a & c | b & c) + d + s2 + (w[j] ^ w[j + 4]) & 0xFFFF_FFFF
            t2 = (e ^ f ^ g if early else e & f | ~e & g) + h + s1 + w[j] & 0xFFFF_FFFF
            a, b, c, d, e, f, g, h = t1, a, turn(b, 9), c, t2 ^ turn(t2, 9) ^ turn(t2, 17), e, turn(f, 19), g
        state = [x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h))]
    return struct.pack(">8I", *state).hex()


assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def digest(algorithm, data):
    """A declared digest as the native form has it."""
    value = sm3(data) if algorithm == "sm3" else hashlib.new(algorithm, data).hexdigest()
    return {"algorithm": algorithm, "value": value}


# -------------------------------------------------------------------------------------------------------------- safetensors

def safetensors(tensors, metadata=None):
    """A safetensors file; `tensors` maps names to (dtype, shape, bytes), which stand in that order."""
    header, at = {"__metadata__": metadata} if metadata else {}, 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [at, at + len(data)]}
        at += len(data)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(data for _, _, data in tensors.values())
