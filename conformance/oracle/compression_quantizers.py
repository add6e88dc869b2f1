"""The quantizers of profile 7.3: uniform (with trellises), codebook, scaled float, ternary and binary; decoders and reference encoders.

A decoder computes in f32, one rounding for each operation named in the chapter, and converts to the type of the stage's input at the end.
Encoders compute in f64 on the exact values of the input.
"""
import numpy as np

from compression_numerics import (BITS, FLOATING, UNSIGNED, Array, add32, codes_of, f32, f64, greatest, integers, mul32, need, rounded, table,
                                  total)
from compression_structure import accept, ceiling, count, expect, least

SCALES = {"f32", "f16", "bf16", "f8e8m0", "f8e4m3fn"}
OFFSETS = {"f32", "f16", "bf16"}
QUANTIZED = {"f64", "f32", "f16", "bf16"}


# ---------------------------------------------------------------------------------------------------------------- grids

def grid_dims(dims, grid):
    """How many blocks along each axis; 0 stands for the whole axis."""
    need(len(grid) == len(dims) and all(b == 0 or 1 <= b < size for size, b in zip(dims, grid)), "grid-form",
         f"{len(dims)} numbers, each 0 or below the dim", grid)
    return tuple(ceiling(size, b) if b else 1 for size, b in zip(dims, grid))


def cells(dims, grid):
    """For each axis, the block of each place."""
    return np.ix_(*(np.arange(size) // b if b else np.zeros(size, np.int64) for size, b in zip(dims, grid))) if dims else ()


def spread(values, dims, grid, groups=None):
    """The value of each element's block."""
    index = cells(dims, grid)
    if groups:
        axis, places = groups
        shape = [1] * len(dims)
        shape[axis] = -1
        index = tuple(places.reshape(shape) if number == axis else part for number, part in enumerate(index))
    return np.broadcast_to(np.asarray(values)[index], dims)


def by_block(values, grid, function):
    """One f64 for each block: of its elements in row-major order."""
    dims = values.shape
    many = grid_dims(dims, grid)
    out = np.zeros(many)
    for place in np.ndindex(*many):
        part = values[tuple(slice(i * b, i * b + b) if b else slice(None) for i, b in zip(place, grid))]
        out[place] = function(part.reshape(-1)) if part.size else 0
    return out


def not_below(kind, values):
    """The smallest codes whose values are not below the given ones, which are not negative."""
    codes = codes_of(kind, values)
    if kind == "f8e8m0":  # which has no zero
        codes = np.where(np.asarray(values) == 0, 0, codes).astype(codes.dtype)
    small = f64(kind, codes) < values
    codes = codes + small.astype(codes.dtype)
    need(np.isfinite(f64(kind, codes)).all(), "quantizer-scale-finite", "finite", kind)
    return codes


def not_above(kind, values):
    """The greatest codes, of a type with a sign, whose values are not above the given ones."""
    codes = codes_of(kind, values).astype(np.int64)
    half = 1 << BITS[kind] - 1
    down = np.where(codes == 0, half + 1, np.where(codes < half, codes - 1, codes + 1))
    codes = np.where(f64(kind, codes.astype(np.uint64)) > values, down, codes).astype(np.uint64)
    need(np.isfinite(f64(kind, codes)).all(), "quantizer-offset-finite", "finite", kind)
    return codes


def finite(values, key, where="decoded"):
    need(np.isfinite(np.asarray(values, np.float64)).all(), key, "finite", where)


def result(kind, dims, values):
    """f32 values as the type of the stage's input."""
    out = Array(kind, dims, codes_of(kind, f64("f32", np.asarray(values, np.float32).view(np.uint32))))
    finite(out.f64(), "quantizer-decoded-finite")
    return out


def single(tensor):
    """Values of a side tensor as f32: exact, for the types that stand there."""
    return tensor.f64().astype(np.float32)


def plain(x):
    values = x.f64()
    need(np.isfinite(values).all(), "quantizer-input-finite", "no NaN, no infinity", "NaN or infinity")
    return values


# -------------------------------------------------------------------------------------------------------------- trellis

# Parity checks of the codes of 4, 8, 16 and 32 states, without the terms of degree 0 and of the highest degree of the first.
CHECKS = {4: (0b101, 0b010), 8: (0b1011, 0b0100), 16: (0b10011, 0b00100), 32: (0b100101, 0b001000)}


def transitions(states):
    """next[state][parity]; the quantizer of a state is its lowest bit."""
    if states == 0:
        return [(0, 0)]
    first, second = CHECKS[states]
    memory = states.bit_length() - 1
    out = []
    for state in range(states):
        low = state & 1
        row = []
        for parity in (0, 1):
            to = state >> 1
            for place in range(1, memory):
                to ^= ((first >> place & low) ^ (second >> place & parity)) << place - 1
            row.append(to ^ low << memory - 1)
        out.append(tuple(row))
    return out


def multiple(quantizer, level):
    """The multiple of the step that a level stands for: even ones in quantizer 0, zero and odd ones in quantizer 1."""
    return 2 * level - (quantizer and (level > 0) - (level < 0))


def multiples(levels, states, restart):
    """Levels in row-major order to multiples of the step."""
    if not states:
        return levels
    table_, state, out = transitions(states), 0, []
    for place, level in enumerate(levels.reshape(-1).tolist()):
        if place % restart == 0:
            state = 0
        out.append(multiple(state & 1, level))
        state = table_[state][level & 1]
    return np.array(out, np.int64).reshape(levels.shape)


def logarithm(number):
    """⌊256 · log2 number⌋, of a whole number from 1 on, by squaring: the same on every machine."""
    whole = number.bit_length() - 1
    scaled, out = number << 32 >> whole, whole  # 1 ≤ scaled / 2^32 < 2
    for _ in range(8):
        scaled = scaled * scaled >> 32
        out <<= 1
        if scaled >> 33:
            scaled >>= 1
            out += 1
    return out


TABLE = 256


def rates(levels, kinds):
    """Cost of magnitudes in 1/256 bit, for both quantizers, from a first pass."""
    out = []
    for quantizer in (0, 1):
        histogram = np.bincount(np.minimum(np.abs(levels[kinds == quantizer]), TABLE - 1), minlength=TABLE)
        all_ = logarithm(int(histogram.sum()) + TABLE)
        out.append([all_ - logarithm(int(number) + 1) + (256 if magnitude else 0) for magnitude, number in enumerate(histogram)])
    return out


def rate(costs, magnitude):
    if magnitude < TABLE:
        return costs[magnitude]
    return costs[TABLE - 1] + 512 * (magnitude.bit_length() - 8)


def candidates(u, quantizer, parity, most, rate_aware):
    """Levels of a parity nearest to u, the smaller magnitude where two are as near; with a rate, zero and the next smaller one too."""
    size = abs(u)
    guess = int(np.floor((size + quantizer) / 2)) if quantizer is not None else int(np.floor(size))
    found = None
    for magnitude in range(max(guess - 2, 0), guess + 4):
        if parity is not None and (magnitude & 1) != parity or magnitude > most:
            continue
        error = size - (multiple(quantizer, magnitude) if quantizer is not None else magnitude)
        if found is None or error * error < found[0]:
            found = (error * error, magnitude)
    step = 1 if parity is None else 2
    if found is None:
        magnitude = most - (0 if parity is None else (most - parity) & 1)
        found = (0.0, magnitude)
    out = {found[1]}
    if rate_aware:
        out.add(max(found[1] - step, found[1] & 1 if parity is not None else 0))
        if parity != 1:
            out.add(0)
    return sorted(out)


def viterbi(u, states, most, costs, weight):
    """The levels of least cost of a run: Σ (u − multiple)² + weight · rate. Of equal costs the earlier state, then the smaller magnitude."""
    table_ = transitions(states)
    cost, back = {0: 0.0}, []
    for value in u:
        step, best = {}, {}
        for state in sorted(cost):
            quantizer = state & 1 if states else None
            for parity in (0, 1) if states else (None,):
                key = (quantizer, parity)
                if key not in best:
                    choices = []
                    for magnitude in candidates(value, quantizer, parity, most, costs is not None):
                        error = abs(value) - (multiple(quantizer, magnitude) if states else magnitude)
                        own = error * error
                        if costs is not None:
                            own = own + weight * float(rate(costs[quantizer or 0], magnitude))
                        choices.append((own, magnitude))
                    best[key] = min(choices)
                own, magnitude = best[key]
                to = table_[state][parity or 0]
                sum_ = cost[state] + own
                if to not in step or sum_ < step[to][0]:
                    step[to] = (sum_, state, magnitude)
        back.append({to: entry[1:] for to, entry in step.items()})
        cost = {to: entry[0] for to, entry in step.items()}
    if not back:
        return []
    state = min(sorted(cost), key=lambda state: cost[state])
    out = []
    for value, step in zip(reversed(u), reversed(back)):
        state, magnitude = step[state]
        out.append(-magnitude if value < 0 else magnitude)
    return out[::-1]


# -------------------------------------------------------------------------------------------------------------- uniform

class Uniform:
    """Levels on an even grid: value = scale · (level − zero point), or scale · level + offset, or scale · multiple of a trellis."""

    @staticmethod
    def kind(d):
        bits = d["bits"]
        size = next(size for size in (2, 4, 8, 16) if bits <= size)
        return ("i" if d.get("signed") else "u") + str(size)

    @staticmethod
    def range(d):
        bits = d["bits"]
        return (-(1 << bits - 1), (1 << bits - 1) - 1) if d.get("signed") else (0, (1 << bits) - 1)

    @staticmethod
    def next(kind, dims, d):
        accept(kind in QUANTIZED, "f64, f32, f16 or bf16", kind, dims)
        need(1 <= d["bits"] <= 16, "uniform-bits", "1 … 16", d["bits"])
        many = list(grid_dims(dims, d["grid"]))
        if "group_index" in d:
            axis = d.get("group_axis", 0)
            need(axis < len(dims) and d["grid"][axis] == 0, "uniform-group-axis", f"< {len(dims)}, with 0 in the grid", axis)
            expect(d["group_index"], "u32", (dims[axis],))
            many[axis] = d["scale"].dims[axis] if len(d["scale"].dims) == len(many) else 0
        expect(d["scale"], SCALES, many)
        states = d.get("states", 0)
        need(states in (0, 4, 8, 16, 32), "trellis-states", "0, 4, 8, 16, 32", states)
        need("zero_point" not in d or "offset" not in d, "uniform-one-origin", "zero point or offset", "both")
        if "zero_point" in d:
            expect(d["zero_point"], {"i32", "i16", "i8", "i4", "i2", "u16", "u8", "u4", "u2"}, many)
        if "offset" in d:
            expect(d["offset"], OFFSETS, many)
        if states:
            need(d.get("signed") and "zero_point" not in d and "offset" not in d, "trellis-symmetric", "signed levels, neither zero point nor offset")
            need(64 <= d["restart"] <= 1 << 24, "trellis-restart", "64 … 2^24", d["restart"])
        else:
            need(not d.get("restart"), "trellis-restart", 0, d.get("restart"))
        return Uniform.kind(d), dims

    @staticmethod
    def undo(kind, dims, d, y, side):
        low, high = Uniform.range(d)
        levels = y.integers().astype(np.int64)
        need(((levels >= low) & (levels <= high)).all(), "uniform-level-range", f"{low} … {high}")
        scale = single(side(d["scale"]))
        finite(scale, "quantizer-scale-finite", "scale")
        groups = None
        if "group_index" in d:
            places = side(d["group_index"]).integers().astype(np.int64)
            groups = d.get("group_axis", 0), places
            need((places < scale.shape[groups[0]]).all(), "uniform-group-index-range", f"< {scale.shape[groups[0]]}", int(places.max(initial=0)))
        s = spread(scale, dims, d["grid"], groups)
        if "zero_point" in d:
            zero = side(d["zero_point"]).integers().astype(np.int64)
            need((abs(zero) <= 1 << 16).all(), "uniform-zero-point-range", "−65536 … 65536")
            levels = levels - spread(zero, dims, d["grid"], groups)
        levels = multiples(levels, d.get("states", 0), d.get("restart", 0))
        values = mul32(s, levels.astype(np.float32))
        if "offset" in d:
            offset = single(side(d["offset"]))
            finite(offset, "quantizer-offset-finite", "offset")
            values = add32(values, spread(offset, dims, d["grid"], groups))
        return result(kind, dims, values)

    @staticmethod
    def apply(x, bits, rule="symmetric", grid=None, scale_type="f32", step=None, states=0, restart=0, weight=None):
        """Reference encoder. Rules: symmetric, zero-point, offset; or a given step, with a trellis and a weight of the rate if wanted."""
        values, dims = plain(x), x.dims
        grid = list(grid if grid is not None else [0] * len(dims))
        d = {"bits": bits, "signed": rule == "symmetric", "grid": grid}
        low, high = Uniform.range(d)
        many = grid_dims(dims, grid)
        if rule == "symmetric":
            need(bits >= 2, "uniform-bits", "2 … 16", bits)
            if step is not None:
                codes = np.broadcast_to(not_below(scale_type, np.float64(step)), many)
            else:
                codes = not_below(scale_type, by_block(np.abs(values), grid, np.max) / high)
            d["scale"] = Array(scale_type, many, codes)
            s = spread(d["scale"].f64(), dims, grid)
            u = np.divide(values, s, out=np.zeros(dims), where=s != 0)
            if states or weight is not None:
                if states:
                    d |= {"states": states, "restart": restart}
                levels = Uniform.search(u, states, restart or max(x.count, 1), high, weight)
            else:
                levels = np.clip(rounded(u), -high, high)
        elif rule == "zero-point":
            lowest, highest = np.minimum(by_block(values, grid, np.min), 0), np.maximum(by_block(values, grid, np.max), 0)
            with np.errstate(over="ignore"):
                d["scale"] = Array(scale_type, many, not_below(scale_type, (highest - lowest) / high))
            own = d["scale"].f64()
            zero = np.clip(rounded(np.divide(-lowest, own, out=np.zeros(many), where=own != 0)), low, high)
            d["zero_point"] = Array.of(Uniform.kind(d), zero.astype(np.int64))
            s = spread(own, dims, grid)
            levels = np.clip(rounded(np.divide(values, s, out=np.zeros(dims), where=s != 0)) + spread(zero, dims, grid), low, high)
        else:
            lowest, highest = by_block(values, grid, np.min), by_block(values, grid, np.max)
            offset_type = "f32" if scale_type not in OFFSETS else scale_type
            d["offset"] = Array(offset_type, many, not_above(offset_type, lowest + 0.0))  # −0 is +0
            with np.errstate(over="ignore"):
                d["scale"] = Array(scale_type, many, not_below(scale_type, (highest - d["offset"].f64()) / high))
            s, m = spread(d["scale"].f64(), dims, grid), spread(d["offset"].f64(), dims, grid)
            levels = np.clip(rounded(np.divide(values - m, s, out=np.zeros(dims), where=s != 0)), low, high)
        return d, Array.of(Uniform.kind(d), levels.astype(np.int64))

    @staticmethod
    def search(u, states, restart, most, weight):
        """Two passes for each run between restarts: without a rate, then with the rates of the first pass, if there is a weight."""
        flat, out = u.reshape(-1).tolist(), []
        for start in range(0, len(flat), restart):
            run = flat[start : start + restart]
            levels = viterbi(run, states, most, None, 0.0)
            if weight is not None:
                state, kinds, table_ = 0, [], transitions(states)
                for level in levels:
                    kinds.append(state & 1)
                    state = table_[state][level & 1 if states else 0]
                levels = viterbi(run, states, most, rates(np.array(levels), np.array(kinds)), weight)
            out += levels
        return np.array(out, np.int64).reshape(u.shape)


# ------------------------------------------------------------------------------------------------------------- codebook

class Codebook:
    """Indices into a list of values, or of short vectors along the last axis; one list for each block of a grid."""

    @staticmethod
    def next(kind, dims, d):
        accept(kind in QUANTIZED, "f64, f32, f16 or bf16", kind, dims)
        many = grid_dims(dims, d["grid"])
        books = d["codebook"]
        need(len(books.dims) == len(dims) + 2 and books.kind in OFFSETS, "stage-side-tensor-type", f"f32|f16|bf16 with {len(dims) + 2} dims", books)
        entries, length = books.dims[-2:]
        expect(books, OFFSETS, (*many, entries, length))
        need(1 <= entries <= 65536, "codebook-entries", "1 … 65536", entries)
        need(length == 1 or length >= 1 and len(dims) > 0 and dims[-1] % length == 0 and d["grid"][-1] % length == 0, "codebook-vector-divides",
             f"divides the last dim and block", length)
        if "scale" in d:
            expect(d["scale"], SCALES, grid_dims(dims, d["scale_grid"]))
        need("offset" not in d or "scale" in d, "codebook-offset-scaled", "with a scale", "without")
        if "offset" in d:
            expect(d["offset"], OFFSETS, grid_dims(dims, d["scale_grid"]))
        return least(entries - 1, ["u2", "u4", "u8", "u16"]), (*dims[:-1], dims[-1] // length) if dims else dims

    @staticmethod
    def undo(kind, dims, d, y, side):
        books = single(side(d["codebook"]))
        finite(books, "codebook-finite", "codebook")
        entries, length = books.shape[-2:]
        index = y.integers().astype(np.int64)
        need((index < entries).all(), "codebook-index-range", f"< {entries}", int(index.max(initial=0)))
        spans = [*d["grid"][:-1], d["grid"][-1] // length] if dims else []
        if dims:
            place = tuple(np.broadcast_to(part, y.dims) for part in cells(y.dims, spans))
            values = books[(*place, index)].reshape(dims)
        else:
            values = books[index][..., 0]
        if "scale" in d:
            scale = single(side(d["scale"]))
            finite(scale, "quantizer-scale-finite", "scale")
            values = mul32(spread(scale, dims, d["scale_grid"]), values)
        if "offset" in d:
            offset = single(side(d["offset"]))
            finite(offset, "quantizer-offset-finite", "offset")
            values = add32(values, spread(offset, dims, d["scale_grid"]))
        return result(kind, dims, values)

    @staticmethod
    def apply(x, codebook=None, entries=16, passes=25, scale_grid=None, scale_type="f32"):
        """Reference encoder: a given list or one of Lloyd's for all of the tensor; scaled to [−1, 1] by block where a grid is given."""
        values, dims = plain(x), x.dims
        d = {"grid": [0] * len(dims)}
        if scale_grid is not None:
            d["scale_grid"] = list(scale_grid)
            d["scale"] = Array(scale_type, grid_dims(dims, scale_grid), not_below(scale_type, by_block(np.abs(values), scale_grid, np.max)))
            s = spread(d["scale"].f64(), dims, scale_grid)
            values = np.divide(values, s, out=np.zeros(dims), where=s != 0)
        flat = values.reshape(-1)
        book = np.asarray(codebook, np.float64) if codebook is not None else Codebook.lloyd(flat, entries, passes)
        d["codebook"] = Array.of("f32", book.reshape([1] * len(dims) + [len(book), 1]))
        index = Codebook.nearest(flat, d["codebook"].f64().reshape(-1))
        return d, Array(least(len(book) - 1, ["u2", "u4", "u8", "u16"]), dims, index)

    @staticmethod
    def nearest(values, book):
        """The lowest index of the least distance in f64."""
        out, least_ = np.zeros(len(values), np.int64), np.full(len(values), np.inf)
        for index, entry in enumerate(book):
            distance = np.abs(values - entry)
            closer = distance < least_
            out[closer], least_[closer] = index, distance[closer]
        return out

    @staticmethod
    def lloyd(values, entries, passes):
        if not len(values):
            return np.zeros(1)
        ordered = np.sort(values)
        book = np.unique(f32(ordered[(2 * np.arange(entries) + 1) * len(values) // (2 * entries)]).astype(np.float64) + 0.0)  # −0 is +0
        for _ in range(passes):
            index = Codebook.nearest(values, book)
            sums, members = np.zeros(len(book)), np.zeros(len(book))
            np.add.at(sums, index, values)
            np.add.at(members, index, 1)
            new = np.unique(f32(np.where(members > 0, sums / np.maximum(members, 1), book)).astype(np.float64) + 0.0)
            if np.array_equal(new, book):
                break
            book = new
        return book


# ---------------------------------------------------------------------------------------------------------- scaled float

class ScaledFloat:
    """Elements of a smaller floating type, times a scale."""
    TYPES = FLOATING - {"f64", "f32", "f8e8m0"}

    @staticmethod
    def next(kind, dims, d):
        accept(kind in QUANTIZED, "f64, f32, f16 or bf16", kind, dims)
        need(d["element_type"] in ScaledFloat.TYPES and BITS[d["element_type"]] < BITS[kind] , "scaled-float-type", f"a smaller floating type than {kind}", d["element_type"])
        many = grid_dims(dims, d["grid"])
        if "scale" in d:
            expect(d["scale"], SCALES, many)
        else:
            need(not any(d["grid"]), "grid-form", "zeros where there is no scale", d["grid"])
        return d["element_type"], dims

    @staticmethod
    def undo(kind, dims, d, y, side):
        values = single(y)
        if "scale" in d:
            scale = single(side(d["scale"]))
            finite(scale, "quantizer-scale-finite", "scale")
            values = mul32(values, spread(scale, dims, d["grid"]))
        return result(kind, dims, values)

    @staticmethod
    def apply(x, element_type, grid=None, scale_type="f32"):
        """Reference encoder: the greatest magnitude of a block becomes the greatest value of the type; with f8e8m0 as the MX formats have it."""
        values, dims = plain(x), x.dims
        d = {"element_type": element_type, "grid": list(grid or [0] * len(dims))}
        top = greatest(element_type)
        if scale_type is None:
            scaled = values
        else:
            most = by_block(np.abs(values), d["grid"], np.max)
            if scale_type == "f8e8m0":
                power = np.frexp(most)[1] - 1 - (np.frexp(top)[1] - 1)
                codes = np.where(most > 0, np.clip(power, -127, 127) + 127, 0)
            else:
                codes = not_below(scale_type, most / top)
            d["scale"] = Array(scale_type, most.shape, codes)
            s = spread(d["scale"].f64(), dims, d["grid"])
            scaled = np.divide(values, s, out=np.zeros(dims), where=s != 0)
        return d, Array(element_type, dims, codes_of(element_type, np.clip(scaled, -top, top)))


# -------------------------------------------------------------------------------------------------- ternary and binary

class Sign:
    """scale · sign, with zero (ternary) or without (binary), and an offset if there is one."""

    @staticmethod
    def next(kind, dims, d):
        accept(kind in QUANTIZED, "f64, f32, f16 or bf16", kind, dims)
        many = grid_dims(dims, d["grid"])
        expect(d["scale"], SCALES, many)
        if "offset" in d:
            expect(d["offset"], OFFSETS, many)
        return ("i2" if d.get("ternary") else "u2"), dims

    @staticmethod
    def undo(kind, dims, d, y, side):
        levels = y.integers().astype(np.int64)
        need(((levels >= -1) & (levels <= 1)).all(), "sign-level-range", "−1, 0, 1" if d.get("ternary") else "0, 1")
        if not d.get("ternary"):
            levels = 2 * levels - 1
        scale = single(side(d["scale"]))
        finite(scale, "quantizer-scale-finite", "scale")
        s = spread(scale, dims, d["grid"])
        values = np.where(levels > 0, s, np.where(levels < 0, -s, np.float32(0)))
        if "offset" in d:
            offset = single(side(d["offset"]))
            finite(offset, "quantizer-offset-finite", "offset")
            values = add32(values, spread(offset, dims, d["grid"]))
        return result(kind, dims, values)

    @staticmethod
    def apply(x, ternary, grid=None, scale_type="f32", offset=False):
        """Reference encoder. Binary: the mean magnitude, about the mean if there is an offset. Ternary: 7/10 of the mean magnitude parts zero from the rest, whose mean is the scale."""
        values, dims = plain(x), x.dims
        d = {"ternary": ternary, "grid": list(grid or [0] * len(dims))}
        with np.errstate(over="ignore"):
            if offset:
                mean = by_block(values, d["grid"], lambda part: total(part) / len(part))
                d["offset"] = Array("f32", mean.shape, codes_of("f32", mean))
                values = values - spread(d["offset"].f64(), dims, d["grid"])
            mean = by_block(np.abs(values), d["grid"], lambda part: total(part) / len(part))
            if ternary:
                far = np.abs(values) > spread(mean * 7 / 10, dims, d["grid"])
                sums, members = by_block(np.where(far, np.abs(values), 0), d["grid"], total), by_block(far.astype(float), d["grid"], total)
                scale = np.divide(sums, members, out=np.zeros(sums.shape), where=members > 0)
                levels = np.where(far, np.sign(values), 0)
            else:
                scale, levels = mean, np.where(values >= 0, 1, 0)
        d["scale"] = Array(scale_type, scale.shape, codes_of(scale_type, scale))
        finite(d["scale"].f64(), "quantizer-scale-finite", "scale")
        return d, Array.of("i2" if ternary else "u2", levels.astype(np.int64))


METHODS = {"uniform": Uniform, "codebook": Codebook, "scaled_float": ScaledFloat, "sign": Sign}
