"""The stages of profile clause 7 that keep every bit, low-rank factors, and references (7.1, 7.2): what comes out of each, and how it is undone.

Each method is a class with `next` (type and dims of what the stage leaves, None where it leaves nothing), `undo` (the decoder) and, where the
profile has a reference encoder, `apply`. `d` is the descriptor: a dict from the names of the schema; `side` decodes a tensor of it.
"""
import numpy as np

from compression_numerics import BITS, COMPLEX, SIGNED, Array, codes_of, codes_of_integers, f32, f64, integers, need, product, total

FACTORS = {"f32", "f16", "bf16"}
LOSSLESS = {"permute", "reshape", "parts", "codes", "planes", "pack", "trits", "sparse", "outliers", "reference", "entropy", "zstd"}


def count(dims):
    return int(np.prod(dims, dtype=object)) if len(dims) else 1


def ceiling(a, b):
    return -(-a // b)


def least(greatest_code, kinds):
    """The narrowest unsigned type that holds a number."""
    return next((kind for kind in kinds if greatest_code < 1 << BITS[kind]), kinds[-1])


def expect(tensor, kind, dims, key="stage-side-tensor-type"):
    """Types and dims of side tensors follow from the descriptor."""
    kinds = {kind} if isinstance(kind, str) else kind
    need(tensor.kind in kinds and tuple(tensor.dims) == tuple(dims), key, f"{'|'.join(sorted(kinds))} {list(dims)}", f"{tensor.kind} {list(tensor.dims)}")


def accept(holds, expected, kind, dims):
    need(holds, "stage-input-type", expected, f"{kind} {list(dims)}")


class Permute:
    """y[i_axes[0], i_axes[1] …] = x[i_0, i_1 …]"""

    @staticmethod
    def next(kind, dims, d):
        need(sorted(d["axes"]) == list(range(len(dims))) and d["axes"] != sorted(d["axes"]), "permute-axes", "another order of all axes", d["axes"])
        return kind, tuple(dims[axis] for axis in d["axes"])

    @staticmethod
    def undo(kind, dims, d, y, side):
        back = list(np.argsort(d["axes"])) + ([len(dims)] if kind in COMPLEX else [])
        return Array(kind, dims, y.codes.transpose(back))

    @staticmethod
    def apply(x, axes):
        return {"axes": list(axes)}, Array(x.kind, [x.dims[axis] for axis in axes], x.codes.transpose(list(axes) + ([len(x.dims)] if x.kind in COMPLEX else [])))


class Reshape:
    """The same elements in the same order, with other dims."""

    @staticmethod
    def next(kind, dims, d):
        need(tuple(d["sizes"]) != tuple(dims) and all(size >= 0 for size in d["sizes"]) and count(d["sizes"]) == count(dims), "reshape-sizes",
             f"other dims of {count(dims)} elements", d["sizes"])
        return kind, tuple(d["sizes"])

    @staticmethod
    def undo(kind, dims, d, y, side):
        return Array(kind, dims, y.codes)

    @staticmethod
    def apply(x, sizes):
        return {"sizes": list(sizes)}, Array(x.kind, sizes, x.codes)


class Parts:
    """A complex tensor as one of its parts, with one more dim of two."""

    @staticmethod
    def next(kind, dims, d):
        accept(kind in COMPLEX, "complex", kind, dims)
        return COMPLEX[kind], (*dims, 2)

    @staticmethod
    def undo(kind, dims, d, y, side):
        return Array(kind, dims, y.codes)

    @staticmethod
    def apply(x):
        return {}, Array(COMPLEX[x.kind], (*x.dims, 2), x.codes)


class Codes:
    """Codes as unsigned integers of the same width."""

    @staticmethod
    def next(kind, dims, d):
        bits = BITS[kind]
        accept(kind not in COMPLEX and bits in (2, 4, 8, 16, 32, 64) and not kind.startswith("u"), "a type with codes of 2 to 64 bits, not unsigned", kind, dims)
        return f"u{bits}", dims

    @staticmethod
    def undo(kind, dims, d, y, side):
        return Array(kind, dims, y.codes)

    @staticmethod
    def apply(x):
        return {}, Array(f"u{BITS[x.kind]}", x.dims, x.codes)


class Planes:
    """The bytes of all elements, those of the same place together, lowest first."""

    @staticmethod
    def next(kind, dims, d):
        accept(kind not in COMPLEX and BITS[kind] in (16, 32, 64), "elements of 2, 4 or 8 bytes", kind, dims)
        return "u8", (BITS[kind] // 8, count(dims))

    @staticmethod
    def undo(kind, dims, d, y, side):
        return Array.from_bytes(kind, dims, y.codes.T.tobytes())

    @staticmethod
    def apply(x):
        size = BITS[x.kind] // 8
        return {}, Array("u8", (size, x.count), np.frombuffer(x.bytes(), np.uint8).reshape(-1, size).T)


class Pack:
    """Integers of few bits without the bits that they do not need."""

    @staticmethod
    def next(kind, dims, d):
        accept(kind[0] in "iu" and BITS[kind] <= 16, "an integer of at most 16 bits", kind, dims)
        need(1 <= d["width"] < BITS[kind], "pack-width", f"1 … {BITS[kind] - 1}", d["width"])
        return "u8", (ceiling(count(dims) * d["width"], 8),)

    @staticmethod
    def undo(kind, dims, d, y, side):
        width = d["width"]
        bits = np.unpackbits(y.codes, bitorder="little")
        need(not bits[count(dims) * width:].any(), "pack-padding-zero", "zero bits")
        codes = (bits[: count(dims) * width].reshape(-1, width).astype(np.int64) << np.arange(width)).sum(axis=1, dtype=np.int64)
        if kind in SIGNED:
            codes = (codes ^ 1 << width - 1) - (1 << width - 1)
        return Array(kind, dims, codes_of_integers(kind, codes))

    @staticmethod
    def apply(x, width):
        values = x.integers().reshape(-1)
        low, high = (-(1 << width - 1), (1 << width - 1) - 1) if x.kind in SIGNED else (0, (1 << width) - 1)
        need(((values >= low) & (values <= high)).all(), "pack-width", f"{low} … {high}")
        bits = (values[:, None] >> np.arange(width) & 1).astype(np.uint8)
        data = np.packbits(bits.reshape(-1), bitorder="little")
        return {"width": width}, Array("u8", (len(data),), data)


class Trits:
    """Five of −1, 0, 1 in a byte."""
    POWERS = np.array([1, 3, 9, 27, 81])

    @staticmethod
    def next(kind, dims, d):
        accept(kind == "i2", "i2", kind, dims)
        return "u8", (ceiling(count(dims), 5),)

    @staticmethod
    def undo(kind, dims, d, y, side):
        need((y.codes <= 242).all(), "trits-byte-range", "≤ 242", int(y.codes.max(initial=0)))
        digits = (y.codes.astype(np.int64)[:, None] // Trits.POWERS % 3).reshape(-1)
        need(not digits[count(dims):].any(), "trits-padding-zero", "0")
        return Array(kind, dims, codes_of_integers(kind, digits[: count(dims)] - 1))

    @staticmethod
    def apply(x):
        values = x.integers().reshape(-1)
        need((values >= -1).all(), "sign-level-range", "−1, 0, 1")
        digits = np.zeros(ceiling(len(values), 5) * 5, np.int64)
        digits[: len(values)] = values + 1
        data = (digits.reshape(-1, 5) * Trits.POWERS).sum(axis=1)
        return {}, Array("u8", (len(data),), data)


BITMAP, CSR, N_M, BLOCK = 1, 2, 3, 4


class Sparse:
    """Kept elements, and where they stand; all others have the code 0."""

    @staticmethod
    def next(kind, dims, d):
        accept(kind not in COMPLEX and len(dims) > 0, "a tensor that is neither complex nor a scalar", kind, dims)
        form = d["kind"]
        need(form in (BITMAP, CSR, N_M, BLOCK), "sparse-kind-known", "1 … 4", form)
        if form == BITMAP:
            expect(d["pattern"], "u8", (ceiling(count(dims), 8),))
        elif form == CSR:
            expect(d["pattern"], least(count(dims), ["u32", "u64"]), (count(dims[:-1]) + 1,))
            need(len(d["columns"].dims) == 1 and d["columns"].kind == Sparse.column(dims), "stage-side-tensor-type", Sparse.column(dims), d["columns"].kind)
            return kind, (d["columns"].dims[0],)
        elif form == N_M:
            n, m = d.get("n", 0), d.get("m", 0)
            need(2 <= m <= 256 and 1 <= n < m, "sparse-n-m-values", "1 ≤ N < M ≤ 256", f"{n}:{m}")
            need(dims[-1] % m == 0, "sparse-n-m-divides", f"a multiple of {m}", dims[-1])
            kept = (*dims[:-1], dims[-1] // m * n)
            expect(d["pattern"], least(m - 1, ["u2", "u4", "u8"]), kept)
            return kind, kept
        else:
            Sparse.blocks(dims, d.get("block", ()))
            expect(d["pattern"], "u8", (ceiling(count(dims) // count(d["block"]), 8),))
        return kind, None  # as many as the pattern keeps

    @staticmethod
    def column(dims):
        return least(max(dims[-1] - 1, 0), ["u8", "u16", "u32"])

    @staticmethod
    def blocks(dims, block):
        need(len(block) == len(dims) and all(b >= 1 and size % b == 0 for size, b in zip(dims, block)), "sparse-block-divides", list(dims), block)
        return [size // b for size, b in zip(dims, block)]

    @staticmethod
    def bits(pattern, expected):
        bits = np.unpackbits(pattern.codes, bitorder="little")
        need(not bits[expected:].any(), "sparse-pattern-padding-zero", "zero bits")
        return bits[:expected].astype(bool)

    @staticmethod
    def kept_dims(dims, d, side):
        """Dims of what the pattern keeps, where they follow from it alone."""
        if d["kind"] == BITMAP:
            return (int(Sparse.bits(side(d["pattern"]), count(dims)).sum()),)
        grid = Sparse.blocks(dims, d["block"])
        return int(Sparse.bits(side(d["pattern"]), count(grid)).sum()), count(d["block"])

    @staticmethod
    def undo(kind, dims, d, y, side):
        form, pattern = d["kind"], side(d["pattern"])
        out = np.zeros(count(dims), y.codes.dtype)
        if form == BITMAP:
            out[Sparse.bits(pattern, count(dims))] = y.codes
        elif form == CSR:
            rows, columns = pattern.integers().astype(np.int64), side(d["columns"]).integers().astype(np.int64)
            need(rows[0] == 0 and (np.diff(rows) >= 0).all() and rows[-1] == len(columns), "sparse-row-pointers", f"0 … {len(columns)}, ascending", rows[-1])
            need((columns < dims[-1]).all(), "sparse-columns-inside", f"< {dims[-1]}")
            starts = np.zeros(len(columns) + 1, bool)
            starts[rows] = True
            need(((np.diff(columns, prepend=-1) > 0) | starts[:-1]).all(), "sparse-columns-ascending", "ascending in each row")
            out[np.repeat(np.arange(len(rows) - 1), np.diff(rows)) * dims[-1] + columns] = y.codes
        elif form == N_M:
            places = pattern.integers().reshape(-1, d["n"])
            need((places < d["m"]).all() and (np.diff(places, axis=1) > 0).all(), "sparse-n-m-positions", f"ascending, < {d['m']}")
            index = np.arange(len(places))[:, None] * d["m"] + places
            out[index.reshape(-1)] = y.codes.reshape(-1)
        else:
            grid, block = Sparse.blocks(dims, d["block"]), d["block"]
            cells = np.zeros((count(grid), count(block)), y.codes.dtype)
            cells[Sparse.bits(pattern, count(grid))] = y.codes
            order = [axis + half * len(grid) for axis in range(len(grid)) for half in (0, 1)]
            out = cells.reshape(*grid, *block).transpose(order)
        return Array(kind, dims, out)

    @staticmethod
    def apply(x, kind, n=0, m=0, block=()):
        """Reference encoder: what has another code than 0 is kept; of N:M, zeros fill up each group, the first ones first."""
        codes, dims = x.codes, x.dims
        kept = codes.reshape(-1) != 0
        if kind == BITMAP:
            data = np.packbits(kept, bitorder="little")
            return {"kind": kind, "pattern": Array("u8", (len(data),), data)}, Array(x.kind, (int(kept.sum()),), codes.reshape(-1)[kept])
        if kind == CSR:
            table = kept.reshape(-1, dims[-1]) if x.count else np.zeros((count(dims[:-1]), dims[-1]), bool)
            rows = np.concatenate([[0], np.cumsum(table.sum(axis=1))])
            columns = np.nonzero(table)[1]
            d = {"kind": kind, "pattern": Array(least(x.count, ["u32", "u64"]), rows.shape, rows),
                 "columns": Array(Sparse.column(dims), columns.shape, columns)}
            return d, Array(x.kind, columns.shape, codes.reshape(-1)[kept])
        if kind == N_M:
            groups = kept.reshape(-1, m)
            need((groups.sum(axis=1) <= n).all(), "sparse-n-m-pattern-holds", f"≤ {n} of {m}", int(groups.sum(axis=1).max(initial=0)))
            order = np.sort(np.argsort(~groups, axis=1, kind="stable")[:, :n], axis=1)
            kept_dims = (*dims[:-1], dims[-1] // m * n)
            values = np.take_along_axis(codes.reshape(-1, m), order, axis=1)
            return {"kind": kind, "pattern": Array(least(m - 1, ["u2", "u4", "u8"]), kept_dims, order), "n": n, "m": m}, Array(x.kind, kept_dims, values)
        grid = Sparse.blocks(dims, block)
        split = [part for pair in zip(grid, block) for part in pair]
        cells = codes.reshape(split).transpose([*range(0, len(split), 2), *range(1, len(split), 2)]).reshape(count(grid), count(block))
        keep = (cells != 0).any(axis=1)
        data = np.packbits(keep, bitorder="little")
        return {"kind": kind, "pattern": Array("u8", (len(data),), data), "block": list(block)}, Array(x.kind, (int(keep.sum()), count(block)), cells[keep])


class Outliers:
    """A few elements kept aside with all their bits."""

    @staticmethod
    def next(kind, dims, d):
        accept(kind not in COMPLEX, "a tensor that is not complex", kind, dims)
        need(len(d["positions"].dims) == 1, "stage-side-tensor-type", "one dim", len(d["positions"].dims))
        expect(d["positions"], least(max(count(dims) - 1, 0), ["u32", "u64"]), d["positions"].dims)
        expect(d["values"], kind, d["positions"].dims)
        return kind, dims

    @staticmethod
    def undo(kind, dims, d, y, side):
        positions = side(d["positions"]).integers().astype(np.int64)
        need((np.diff(positions) > 0).all() and (positions < count(dims)).all(), "outliers-positions", f"ascending, < {count(dims)}")
        out = y.codes.reshape(-1).copy()
        out[positions] = side(d["values"]).codes
        return Array(kind, dims, out)

    @staticmethod
    def apply(x, beyond=2.0 ** 100):
        """Reference encoder: what is not finite, or of at least this magnitude, is put aside, and a zero put in its place."""
        values = x.f64().reshape(-1)
        with np.errstate(invalid="ignore"):
            aside = np.nonzero(~(np.abs(values) < beyond))[0]
        rest = x.codes.reshape(-1).copy()
        kept = rest[aside]
        rest[aside] = 0
        kind = least(max(x.count - 1, 0), ["u32", "u64"])
        return {"positions": Array(kind, aside.shape, aside), "values": Array(x.kind, aside.shape, kept)}, Array(x.kind, x.dims, rest)


class LowRank:
    """The product of two factors."""

    @staticmethod
    def next(kind, dims, d):
        accept(kind in ("f64", "f32", "f16", "bf16") and len(dims) >= 2, "floating, two dims or more", kind, dims)
        need(1 <= d["split"] < len(dims), "low-rank-split", f"1 … {len(dims) - 1}", d["split"])
        rows, columns = count(dims[: d["split"]]), count(dims[d["split"]:])
        left, right = d["left"], d["right"]
        rank = left.dims[-1] if len(left.dims) == 2 else 0
        need(rank >= 1, "low-rank-rank", "≥ 1", rank)
        expect(left, FACTORS, (rows, rank))
        expect(right, FACTORS, (rank, columns))
        return None

    @staticmethod
    def undo(kind, dims, d, y, side):
        left, right = side(d["left"]).f64(), side(d["right"]).f64()
        need(np.isfinite(left).all() and np.isfinite(right).all(), "low-rank-factors-finite", "finite")
        return Array(kind, dims, codes_of(kind, f64("f32", f32(product(left, right)).view(np.uint32))))


class Circulant:
    """Blocks whose rows are the one before, moved by one place: the first column of each is kept."""

    @staticmethod
    def next(kind, dims, d):
        accept(kind not in COMPLEX and len(dims) == 2, "two dims, not complex", kind, dims)
        need(2 <= d["block"] <= max(max(dims), 2), "circulant-block", f"2 … {max(dims)}", d["block"])
        return kind, (ceiling(dims[0], d["block"]), ceiling(dims[1], d["block"]), d["block"])

    @staticmethod
    def index(dims, b):
        i, j = np.arange(dims[0])[:, None], np.arange(dims[1])[None, :]
        return i // b, j // b, (i - j) % b

    @staticmethod
    def undo(kind, dims, d, y, side):
        index = Circulant.index(dims, d["block"])
        used = np.zeros(y.dims, bool)
        used[index] = True
        need(not y.codes[~used].any(), "circulant-unused-zero", "0")
        return Array(kind, dims, y.codes[index])

    @staticmethod
    def apply(x, block):
        """Reference encoder: the mean of all elements that share a generator, in row-major order, in f64."""
        i, j, k = (np.broadcast_to(part, x.dims).reshape(-1) for part in Circulant.index(x.dims, block))
        dims = (ceiling(x.dims[0], block), ceiling(x.dims[1], block), block)
        flat = np.ravel_multi_index((i, j, k), dims) if x.count else np.zeros(0, np.int64)
        sums, members = np.zeros(count(dims)), np.zeros(count(dims))
        np.add.at(sums, flat, x.f64().reshape(-1))  # one after the other
        np.add.at(members, flat, 1)
        return {"block": block}, Array(x.kind, dims, codes_of(x.kind, sums / np.maximum(members, 1)))


class Reference:
    """A tensor, or a part of one, that stands elsewhere: in this model, or in another that is known by its content digest."""

    @staticmethod
    def next(kind, dims, d):
        need(len(d.get("starts", ())) in (0, len(dims)) and len(d.get("axes", ())) in (0, len(dims)), "reference-view", len(dims))
        return None

    @staticmethod
    def undo(kind, dims, d, y, side):
        base = side.base(d["base"])
        need(base.kind == kind, "reference-target-type", kind, base.kind)
        codes = base.codes
        if d.get("axes"):
            need(sorted(d["axes"]) == list(range(len(base.dims))), "reference-view", len(base.dims), d["axes"])
            codes = codes.transpose(list(d["axes"]) + ([len(dims)] if kind in COMPLEX else []))
        starts = d.get("starts") or [0] * len(dims)
        room = codes.shape[: len(codes.shape) - (kind in COMPLEX)]
        need(len(room) == len(dims) and all(0 <= s and s + size <= all_ for s, size, all_ in zip(starts, dims, room)),
             "reference-view", list(room), f"{starts} + {list(dims)}")
        return Array(kind, dims, codes[tuple(slice(s, s + size) for s, size in zip(starts, dims))])


METHODS = {"permute": Permute, "reshape": Reshape, "parts": Parts, "codes": Codes, "planes": Planes, "pack": Pack, "trits": Trits, "sparse": Sparse,
           "outliers": Outliers, "low_rank": LowRank, "circulant": Circulant, "reference": Reference}
