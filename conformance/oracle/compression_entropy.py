"""Entropy coding of profile 7.5: a binary arithmetic coder with adaptive contexts, in runs that are decoded alone, and zstd frames.

Integers only. A run is an arithmetic part, bytes of a binary arithmetic coder, and a plain part, bits as they are. The reader of a run takes
zeros behind the end of the arithmetic part, and checks at the end that the encoder would have ended there and so.
"""
import struct

import numpy as np

from compression_numerics import BITS, COMPLEX, Array, codes_of_integers, need
from compression_quantizers import CHECKS, transitions
from compression_structure import accept, count

LEVELS, SYMBOLS = 1, 2
WINDOW = 1 << 64
MARK = 0xA55A
UNARY = 20          # ones of the quotient before an escape
SETS = 20           # sets of contexts: five ranges of activity in four phases
PER_SET = 2 + UNARY + 5


class Context:
    """A probability that a bin is 1: the mean of a quick and a slow estimate of 16 bits, both quicker in the beginning."""
    __slots__ = ("quick", "slow", "seen")

    def __init__(self):
        self.quick = self.slow = 1 << 15
        self.seen = 0

    def chance(self):
        return self.quick + self.slow >> 1

    def update(self, bit):
        shift = (self.seen + 2).bit_length()
        if self.seen < 126:
            self.seen += 1
        quick, slow = min(shift, 5), min(shift, 8)
        if bit:
            self.quick += 65535 - self.quick >> quick
            self.slow += 65535 - self.slow >> slow
        else:
            self.quick -= self.quick >> quick
            self.slow -= self.slow >> slow


class Encoder:
    """Writes bins into an interval: `low` of 64 bits with a carry into the words before, `range` of at least 2^32 between bins."""

    def __init__(self):
        self.low, self.range, self.words, self.plain, self.bits = 0, WINDOW - 1, [], 0, 0

    def bin(self, bit, chance):
        ones = (self.range >> 16) * chance
        if bit:
            self.range = ones
        else:
            self.low += ones
            self.range -= ones
        if self.low >= WINDOW:
            self.low -= WINDOW
            self.carry()
        while self.range < 1 << 32:
            self.words.append(self.low >> 32)
            self.low = self.low << 32 & WINDOW - 1
            self.range <<= 32

    def carry(self):
        place = len(self.words) - 1
        while self.words[place] == 0xFFFFFFFF:
            self.words[place] = 0
            place -= 1
        self.words[place] += 1

    def coded(self, bit, context):
        self.bin(bit, context.chance())
        context.update(bit)

    def put(self, value, bits):
        """Plain bits, the highest first."""
        self.plain = self.plain << bits | value
        self.bits += bits

    def finish(self):
        """Both parts of the run."""
        for place in range(15, -1, -1):
            self.bin(MARK >> place & 1, 1 << 15)
        end = ending(self.low, self.range)
        if end >= WINDOW:
            self.carry()
        data = b"".join(struct.pack(">I", one) for one in self.words) + struct.pack(">Q", end % WINDOW)
        spare = -self.bits % 8
        return data.rstrip(b"\0"), (self.plain << spare).to_bytes((self.bits + spare) // 8, "big")


def ending(low, size):
    """The number in [low, low + size) with the fewest bytes that are not zero at the end of 64 bits, the smallest of them."""
    for kept in range(9):
        mask = (1 << 64 - 8 * kept) - 1
        end = low + mask & ~mask
        if end - low < size:
            return end


class Decoder:
    """Reads what `Encoder` writes."""

    def __init__(self, data, plain):
        self.data, self.plain, self.at, self.bit = data, plain, 0, 0
        self.range, self.seen, self.value = WINDOW - 1, 0, 0
        for _ in range(2):
            self.value = self.value << 32 | self.word()

    def word(self):
        """The next four bytes; zeros behind the end."""
        word = int.from_bytes(self.data[self.at : self.at + 4].ljust(4, b"\0"), "big")
        self.at += 4
        self.seen = (self.seen << 32 | word) & WINDOW - 1
        return word

    def bin(self, chance):
        ones = (self.range >> 16) * chance
        if self.value < ones:
            self.range, bit = ones, 1
        else:
            self.value -= ones
            self.range -= ones
            bit = 0
        while self.range < 1 << 32:
            self.value = self.value << 32 | self.word()
            self.range <<= 32
        return bit

    def coded(self, context):
        bit = self.bin(context.chance())
        context.update(bit)
        return bit

    def take(self, bits):
        value = 0
        need(self.bit + bits <= 8 * len(self.plain), "entropy-plain-bits-enough", f"≥ {self.bit + bits} bits", 8 * len(self.plain))
        for _ in range(bits):
            value = value << 1 | self.plain[self.bit >> 3] >> 7 - (self.bit & 7) & 1
            self.bit += 1
        return value

    def finish(self):
        mark = 0
        for _ in range(16):
            mark = mark << 1 | self.bin(1 << 15)
        need(mark == MARK, "entropy-run-mark", f"{MARK:04x}", f"{mark:04x}")
        low = (self.seen - self.value) % WINDOW
        need(len(self.data) <= self.at and not self.data.endswith(b"\0"), "entropy-run-ending", f"≤ {self.at} B, the last not 0", len(self.data))
        need((low + self.value - ending(low, self.range)) == 0, "entropy-run-ending", "the shortest ending", "another one")
        need(self.bit > 8 * len(self.plain) - 8 and self.take(8 * len(self.plain) - self.bit) == 0, "entropy-plain-bits-all",
             f"{self.bit} bits and zeros up to the byte", 8 * len(self.plain))


class Activity:
    """What the levels before say of the next one: means of magnitudes along the row and down the column, in 1/256."""

    def __init__(self, columns, length):
        self.columns, self.row, self.column, self.place = columns, 0, [0] * min(columns, length), 0

    def set(self):
        """The set of contexts and the shift of the quotient."""
        if self.place == 0:
            mean = 256
        elif self.place < self.columns:
            mean = self.row
        else:
            mean = self.row + self.column[self.place % self.columns] >> 1
        mean = max(mean, 32)
        octave = mean.bit_length() - 1
        phase = (mean << 2 >> octave) - 4
        shift = max(octave - 8, 0)
        return (min(octave - 5, 4) << 2) + phase, shift

    def update(self, magnitude):
        magnitude = min(magnitude, 65535) << 8
        self.row = average(self.row, magnitude, self.place)
        column = self.place % self.columns
        self.column[column] = average(self.column[column], magnitude, self.place // self.columns)
        self.place += 1


def average(mean, value, seen):
    """The mean of what was seen so far, later one that forgets; rounded down."""
    return mean + (value - mean >> min(seen.bit_length(), 7))


def contexts():
    return [[Context() for _ in range(PER_SET)] for _ in range(SETS)]


def encode_levels(levels, columns, states):
    coder, activity, sets, table, state = Encoder(), Activity(columns, len(levels)), contexts(), transitions(states), 0
    for level in levels:
        number, shift = activity.set()
        own, magnitude = sets[number], abs(level)
        coder.coded(level != 0, own[state & 1])
        if level:
            coder.put(level < 0, 1)
            rest = magnitude - 1
            quotient = rest >> shift
            for place in range(min(quotient, UNARY)):
                coder.coded(1, own[2 + place])
            if quotient < UNARY:
                coder.coded(0, own[2 + quotient])
            else:
                escape = quotient - UNARY + 1
                length = escape.bit_length() - 1
                coder.put((1 << length) - 1 << 1, length + 1)
                coder.put(escape & (1 << length) - 1, length)
            if shift:
                coder.coded(rest >> shift - 1 & 1, own[2 + UNARY + min(quotient, 4)])
                coder.put(rest & (1 << shift - 1) - 1, shift - 1)
        activity.update(magnitude)
        state = table[state][level & 1] if states else 0
    return coder.finish()


def decode_levels(coder, number_of, columns, states, most):
    """`most`: the greatest magnitude that the type holds."""
    activity, sets, table, state, out = Activity(columns, number_of), contexts(), transitions(states), 0, []
    for _ in range(number_of):
        number, shift = activity.set()
        own, level, magnitude = sets[number], 0, 0
        if coder.coded(own[state & 1]):
            minus = coder.take(1)
            quotient = 0
            while quotient < UNARY and coder.coded(own[2 + quotient]):
                quotient += 1
            if quotient == UNARY:
                length = 0
                while coder.take(1):
                    length += 1
                    need(length < 32, "entropy-escape-within-limit", "< 32", length)
                quotient += (1 << length | coder.take(length)) - 1
            rest = quotient
            if shift:
                rest = rest << 1 | coder.coded(own[2 + UNARY + min(quotient, 4)])
                rest = rest << shift - 1 | coder.take(shift - 1)
            magnitude = rest + 1
            need(magnitude <= most + minus, "entropy-level-range", f"≤ {most}", magnitude)
            level = -magnitude if minus else magnitude
        out.append(level)
        activity.update(magnitude)
        state = table[state][level & 1] if states else 0
    return out


def encode_symbols(symbols, bits):
    coder, tree = Encoder(), [Context() for _ in range(1 << bits)]
    for symbol in symbols:
        node = 1
        for place in range(bits - 1, -1, -1):
            bit = symbol >> place & 1
            coder.coded(bit, tree[node])
            node = node << 1 | bit
    return coder.finish()


def decode_symbols(coder, number_of, bits):
    tree, out = [Context() for _ in range(1 << bits)], []
    for _ in range(number_of):
        node = 1
        for _ in range(bits):
            node = node << 1 | coder.coded(tree[node])
        out.append(node - (1 << bits))
    return out


class Entropy:
    """Levels or symbols as a stream of runs."""

    @staticmethod
    def next(kind, dims, d):
        need(d["mode"] in (LEVELS, SYMBOLS), "entropy-mode-known", "1, 2", d["mode"])
        need(64 <= d["run"] <= 1 << 24, "entropy-run-length", "64 … 2^24", d["run"])
        if d["mode"] == LEVELS:
            accept(kind in ("i2", "i4", "i8", "i16", "i32"), "i2, i4, i8, i16 or i32", kind, dims)
            need(d.get("states", 0) in (0, *CHECKS), "trellis-states", "0, 4, 8, 16, 32", d.get("states"))
        else:
            accept(kind not in COMPLEX and BITS[kind] <= 8, "elements of at most 8 bits", kind, dims)
            need(not d.get("states"), "trellis-states", 0, d.get("states"))
        return "u8", None

    @staticmethod
    def columns(dims):
        return max(dims[-1] if len(dims) > 1 else count(dims), 1)

    @staticmethod
    def undo(kind, dims, d, y, side):
        data, elements, run = y.codes.tobytes(), count(dims), d["run"]
        runs = -(-elements // run)
        need(len(data) >= 8 * runs, "entropy-entry-table", f"≥ {8 * runs} B", len(data))
        sizes = struct.unpack(f"<{2 * runs}I", data[: 8 * runs])
        need(sum(sizes) == len(data) - 8 * runs, "entropy-entry-table", len(data) - 8 * runs, sum(sizes))
        at, out = 8 * runs, []
        for number in range(runs):
            coded, plain = sizes[2 * number : 2 * number + 2]
            coder = Decoder(data[at : at + coded], data[at + coded : at + coded + plain])
            at += coded + plain
            length = min(run, elements - number * run)
            if d["mode"] == LEVELS:
                out += decode_levels(coder, length, Entropy.columns(dims), d.get("states", 0), (1 << BITS[kind] - 1) - 1)
            else:
                out += decode_symbols(coder, length, BITS[kind])
            coder.finish()
        return Array(kind, dims, codes_of_integers(kind, np.array(out, np.int64)) if kind[0] in "iu" else np.array(out, np.int64))

    @staticmethod
    def apply(x, mode=LEVELS, run=262144, states=0):
        d = {"mode": mode, "run": run} | ({"states": states} if states else {})
        Entropy.next(x.kind, x.dims, d)
        values = (x.integers() if mode == LEVELS else x.codes).reshape(-1).tolist()
        parts = []
        for start in range(0, len(values), run):
            piece = values[start : start + run]
            parts += encode_levels(piece, Entropy.columns(x.dims), states) if mode == LEVELS else encode_symbols(piece, BITS[x.kind])
        data = struct.pack(f"<{len(parts)}I", *map(len, parts)) + b"".join(parts)
        return d, Array("u8", (len(data),), np.frombuffer(data, np.uint8))


class Zstd:
    """One frame of Zstandard (RFC 8878) over the bytes of a tensor as they are stored."""
    LOG = 23  # window of at most 8 MiB

    @staticmethod
    def next(kind, dims, d):
        return "u8", None

    @staticmethod
    def undo(kind, dims, d, y, side):
        data = y.codes.tobytes()
        size = -(-count(dims) * BITS[kind] // 8)
        header = Zstd.header(data)
        need(header["content"] == size, "zstd-content-size", size, header["content"])
        need(header["window"] <= 1 << Zstd.LOG, "zstd-window-within-limit", 1 << Zstd.LOG, header["window"])
        need(header["dictionary"] == 0, "zstd-no-dictionary", 0, header["dictionary"])
        end = Zstd.end(data, header)
        need(end == len(data), "zstd-one-frame", end, len(data))
        import zstandard
        try:
            out = zstandard.ZstdDecompressor().decompress(data, max_output_size=size)
        except zstandard.ZstdError as error:
            need(False, "zstd-frame-readable", "a frame", str(error))
        need(len(out) == size, "zstd-frame-readable", size, len(out))
        return Array.from_bytes(kind, dims, out)

    @staticmethod
    def header(data):
        """Fields of a frame header (RFC 8878, 3.1.1.1); a skippable frame is one too many."""
        need(len(data) < 4 or not 0x184D2A50 <= int.from_bytes(data[:4], "little") <= 0x184D2A5F, "zstd-one-frame", "a frame", "a skippable frame")
        need(len(data) >= 6 and data[:4] == b"\x28\xb5\x2f\xfd", "zstd-frame-readable", "28 b5 2f fd", data[:4].hex())
        flags, at = data[4], 5
        need(not flags & 8, "zstd-frame-readable", "reserved bit 0", f"{flags:02x}")
        window = None
        if not flags & 32:
            log, eighths = (data[at] >> 3) + 10, data[at] & 7
            window, at = (1 << log) + ((1 << log) >> 3) * eighths, at + 1
        width = (0, 1, 2, 4)[flags & 3]
        dictionary, at = int.from_bytes(data[at : at + width], "little"), at + width
        width = ((1 if flags & 32 else 0), 2, 4, 8)[flags >> 6]
        content, at = int.from_bytes(data[at : at + width], "little") + (256 if width == 2 else 0), at + width
        need(width > 0, "zstd-content-size", "stated", "not stated")
        return {"window": window or content, "dictionary": dictionary, "content": content, "blocks": at, "checksum": bool(flags & 4)}

    @staticmethod
    def end(data, header):
        """Where the frame ends, by the sizes of its blocks."""
        at = header["blocks"]
        while True:
            need(at + 3 <= len(data), "zstd-frame-readable", f"≥ {at + 3} B", len(data))
            block = int.from_bytes(data[at : at + 3], "little")
            kind, size = block >> 1 & 3, block >> 3
            need(kind != 3, "zstd-frame-readable", "block types 0 … 2", 3)
            at += 3 + (1 if kind == 1 else size)
            if block & 1:
                at += 4 * header["checksum"]
                need(at <= len(data), "zstd-frame-readable", f"≥ {at} B", len(data))
                return at

    @staticmethod
    def apply(x, level=19):
        import zstandard
        data = x.bytes()
        usual = zstandard.ZstdCompressionParameters.from_level(level, source_size=len(data))
        options = zstandard.ZstdCompressionParameters.from_level(level, source_size=len(data), write_checksum=True, write_content_size=True,
                                                                 window_log=min(usual.window_log, Zstd.LOG))
        frame = zstandard.ZstdCompressor(compression_params=options).compress(data)
        return {}, Array("u8", (len(frame),), np.frombuffer(frame, np.uint8))


METHODS = {"entropy": Entropy, "zstd": Zstd}
