"""GGUF as conformance/profile/6.1-gguf.md and 7.3-ggml-blocks.md describe it: types from the chapter, a writer, a reader. Python alone.

The reader takes what is valid; it is for comparing, and not for judging.
"""
import hashlib
import math
import pathlib
import struct

BLOCKS = pathlib.Path(__file__).resolve().parents[1] / "profile" / "7.3-ggml-blocks.md"
TEXT = BLOCKS.read_text(encoding="utf-8")


def table(after, text=TEXT):
    """The cells of the first table behind a text."""
    rows = []
    for line in text[text.index(after) + len(after):].splitlines():
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip("|").split(" | ")])
        elif rows:
            break
    return rows[2:]


class BlockType:
    """A row of the table of types: the id, the name, elements and bytes of a block."""

    def __init__(self, cells):
        self.id, self.name, self.elements, self.bytes = int(cells[0]), cells[1], int(cells[2]), int(cells[3])


TYPES = {row.name: row for row in map(BlockType, table("## 2 All types\n"))}
BY_ID = {row.id: row for row in TYPES.values()}

# Where blocks have f16 scales. IQ1_M spreads its own over four numbers, and Q8_K, MXFP4 and NVFP4 have scales of other types.
SCALES = {"Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q8_0": [0], "Q8_1": [0, 2], "Q2_K": [80, 82], "Q3_K": [108], "Q4_K": [0, 2],
          "Q5_K": [0, 2], "Q6_K": [208], "IQ2_XXS": [0], "IQ2_XS": [0], "IQ3_XXS": [0], "IQ1_S": [0], "IQ4_NL": [0], "IQ3_S": [0], "IQ2_S": [0],
          "IQ4_XS": [0], "TQ1_0": [52], "TQ2_0": [64], "Q1_0": [0], "Q2_0": [0]}
# The size of each number whose bytes change order in a big-endian file, by place; of types that have an agreed order there.
SWAPPED = {name: [(place, 2) for place in SCALES[name]] for name in (
    "Q4_0", "Q4_1", "Q8_0", "Q8_1", "Q2_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ2_S",
    "IQ3_S", "TQ1_0", "TQ2_0", "Q1_0", "Q2_0")}
SWAPPED |= {"Q8_K": [(0, 4)] + [(place, 2) for place in range(260, 292, 2)], "MXFP4": [], "NVFP4": []}
SWAPPED |= {name: [(0, TYPES[name].bytes)] for name in ("F64", "F32", "F16", "BF16", "I64", "I32", "I16", "I8")}


# --------------------------------------------------------------------------------------------------------------------- blocks

EXTREMES = [0x0000, 0x8000, 0x0001, 0x83FF, 0x7BFF, 0xFBFF, 0x0400, 0x3C00]


def noise(seed, count):
    """Bytes that look random and are the same everywhere."""
    return hashlib.shake_128(seed.encode()).digest(count)


def blocks(name, count, seed="", extremes=True):
    """Blocks in which every bit is drawn, but for scales, which are of a size that weights have; every eighth is an extreme one."""
    kind = TYPES[name]
    data = bytearray(noise(f"{name} {seed}", count * kind.bytes))
    for block in range(count):
        at = block * kind.bytes
        draws = struct.unpack("<8H", noise(f"{name} {seed} scales {block}", 16))
        codes = [draw & 0x83FF | 4 + (draw >> 10) % 8 << 10 for draw in draws]
        if extremes and block % 8 == 7:
            codes[0] = EXTREMES[block // 8 % 8]
        for code, place in zip(codes, SCALES.get(name, [])):
            struct.pack_into("<H", data, at + place, code)
        if name == "IQ1_M":
            for k in range(4):
                place = at + 48 + 2 * k
                low = struct.unpack_from("<H", data, place)[0] & 0x0FFF
                struct.pack_into("<H", data, place, low | (codes[0] >> 4 * k & 15) << 12)
        elif name == "Q8_K":
            struct.pack_into("<f", data, at, draws[0] / 2**20)
        elif name in ("F32", "F64", "BF16", "F16"):
            data[at + kind.bytes - 1] &= 0xBF  # No exponent of all ones: finite, and below two.
        elif name == "MXFP4" and not (extremes and block % 8 == 7):
            data[at] = 118 + draws[0] % 8
    return bytes(data)


def swapped(name, data):
    """Blocks in big-endian order."""
    data, size = bytearray(data), TYPES[name].bytes
    for at in range(0, len(data), size):
        for place, width in SWAPPED[name]:
            data[at + place:at + place + width] = data[at + place:at + place + width][::-1]
    return bytes(data)


# --------------------------------------------------------------------------------------------------------------------- writer

FORMATS = {"u8": (0, "B"), "i8": (1, "b"), "u16": (2, "H"), "i16": (3, "h"), "u32": (4, "I"), "i32": (5, "i"), "f32": (6, "f"), "bool": (7, "?"),
           "string": (8, None), "array": (9, None), "u64": (10, "Q"), "i64": (11, "q"), "f64": (12, "d")}
NAMES = {number: (name, code) for name, (number, code) in FORMATS.items()}


def string(text, order="<"):
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack(order + "Q", len(data)) + data


def value(kind, content, order="<"):
    """A value without its type; an array is given as (type of the elements, elements)."""
    if kind == "string":
        return string(content, order)
    if kind == "array":
        inner, elements = content
        head = struct.pack(order + "IQ", FORMATS[inner][0], len(elements))
        return head + b"".join(value(inner, element, order) for element in elements)
    return struct.pack(order + FORMATS[kind][1], content)


def pad(count, alignment):
    return -count % alignment


def write(pairs, tensors, order="<", version=3):
    """A file. `pairs` maps keys to (type, value), `tensors` names to (type, dims, little-endian data), dims outermost first."""
    alignment = pairs.get("general.alignment", (None, 32))[1]
    out = b"GGUF" + struct.pack(order + "IQQ", version, len(tensors), len(pairs))
    for key, (kind, content) in pairs.items():
        out += string(key, order) + struct.pack(order + "I", FORMATS[kind][0]) + value(kind, content, order)
    at, data = 0, b""
    for name, (kind, dims, content) in tensors.items():
        assert len(content) * TYPES[kind].elements == math.prod(dims) * TYPES[kind].bytes, name
        out += string(name, order) + struct.pack(f"{order}I{len(dims)}QIQ", len(dims), *reversed(dims), TYPES[kind].id, at)
        content = content if order == "<" else swapped(kind, content)
        data += content + bytes(pad(len(content), alignment))
        at = len(data)
    return out + (bytes(pad(len(out), alignment)) + data if tensors else b"")


# --------------------------------------------------------------------------------------------------------------------- reader

class File:
    """A valid file: `order`, `version`, `pairs` (key → (type, value)), `tensors` (name → (type, dims, first byte, bytes))."""

    def __init__(self, data):
        assert data[:4] == b"GGUF"
        self.data, self.at = data, 4
        low, high = data[4] | data[5] << 8, data[6] | data[7] << 8
        self.order = ">" if low == 0 and high != 0 else "<"
        self.version = self.take("I")
        tensors, pairs = self.take("Q"), self.take("Q")
        self.pairs = {}
        for _ in range(pairs):
            key = self.string().decode()
            kind = NAMES[self.take("I")][0]
            self.pairs[key] = kind, self.value(kind)
        self.alignment = self.pairs.get("general.alignment", (None, 32))[1]
        entries = []
        for _ in range(tensors):
            name = self.string().decode()
            sizes = [self.take("Q") for _ in range(self.take("I"))]
            entries.append((name, sizes[::-1], BY_ID[self.take("I")], self.take("Q")))
        start = self.at + pad(self.at, self.alignment)
        self.tensors = {name: (kind.name, dims, start + offset, math.prod(dims) // kind.elements * kind.bytes) for name, dims, kind, offset in entries}

    def take(self, code):
        found, = struct.unpack_from(self.order + code, self.data, self.at)
        self.at += struct.calcsize(self.order + code)
        return found

    def string(self):
        count = self.take("Q")
        self.at += count
        return self.data[self.at - count:self.at]

    def value(self, kind):
        if kind == "string":
            return self.string().decode()
        if kind == "array":
            inner, count = NAMES[self.take("I")][0], self.take("Q")
            return inner, [self.value(inner) for _ in range(count)]
        return self.take(FORMATS[kind][1])

    def content(self, name):
        """The little-endian data of a tensor."""
        kind, _, first, count = self.tensors[name]
        data = self.data[first:first + count]
        return data if self.order == "<" else swapped(kind, data)
