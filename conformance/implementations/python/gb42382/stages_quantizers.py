"""Stages of 7.3: uniform with trellises, codebook, scaled_float, sign."""

from __future__ import annotations

import numpy

from .chain import Context, StageRules
from .element_types import BITS
from .elements import FLOATS, NARROW_FLOATS, SCALES, Elements, Form, finite, narrowest, of_singles

Left = tuple[str, tuple[int | None, ...]]
TRELLISES = {4: (0b101, 0b010), 8: (0b1011, 0b0100), 16: (0b10011, 0b00100), 32: (0b100101, 0b001000)}
GREATEST_ZERO_POINT = 65_536
GREATEST_RUN, LEAST_RUN = 1 << 24, 64


# MARK: grids and what stands on them

def grid(context: Context, name: str = "grid") -> list[int]:
    """A grid of the tensor's dims."""
    sizes, dims = context.numbers(name), context.form.dims
    if len(sizes) != len(dims) or any(size < 0 or size and size >= whole for size, whole in zip(sizes, dims)):
        context.refuse("P7.3-001", f"{name} {sizes} of {list(dims)}")
    return sizes


def blocks(context: Context, sizes: list[int]) -> tuple[int, ...]:
    """Dims of a side tensor on a grid."""
    return tuple(-(-whole // size) if size else 1 for size, whole in zip(sizes, context.form.dims))


def spread(values: numpy.ndarray, sizes: list[int], dims: tuple[int, ...], axis: int = -1,
           groups: numpy.ndarray | None = None) -> numpy.ndarray:
    """What stands on a grid, for each place; axes that share one keep the size 1."""
    for index, (size, whole) in enumerate(zip(sizes, dims)):
        if groups is not None and index == axis:
            values = values.take(groups, axis=index)
        elif size:
            values = values.take(numpy.arange(whole) // size, axis=index)
    return values


def factor(context: Context, name: str, requirement: str) -> numpy.ndarray:
    """A scale or offset as f32, finite."""
    elements = context.read(name)
    if not finite(elements):
        context.refuse(requirement, f"{name} with NaN or infinities", place="." + name)
    return elements.singles()


def decoded(context: Context, values: numpy.ndarray) -> Elements:
    """The result of a quantizer in the type of the tensor, finite."""
    elements = of_singles(context.form, numpy.broadcast_to(values, context.form.dims))
    if not finite(elements):
        context.refuse("P7.3-004", "a result that is not finite")
    return elements


# MARK: uniform

def uniform_forward(context: Context) -> Left:
    form = context.form
    context.accept(form.element_type in FLOATS)
    bits, signed = context.number("bits"), bool(context.number("signed"))
    if not 1 <= bits <= 16:
        context.refuse("P7.3-006", f"{bits} bits")
    sizes = grid(context)
    places: list[int | None] = list(blocks(context, sizes))
    if context.has("group_index"):
        axis = context.number("group_axis")
        if axis >= len(form.dims) or sizes[axis]:
            context.refuse("P7.3-011", f"groups along axis {axis}")
        context.side("group_index", ["u32"], [form.dims[axis]])
        places[axis] = None
    else:
        context.unused("group_axis")
    scale = context.side("scale", SCALES, places)
    if context.has("zero_point") and context.has("offset"):
        context.refuse("P7.3-008", "a zero point and an offset")
    if context.has("zero_point"):
        context.side("zero_point", ["i2", "i4", "i8", "i16", "i32", "u2", "u4", "u8", "u16"], scale.dims)
    if context.has("offset"):
        context.side("offset", NARROW_FLOATS, scale.dims)
    states, restart = context.number("states"), context.number("restart")
    if states and states not in TRELLISES:
        context.refuse("P7.3-016", f"{states} states")
    if states and (not signed or context.has("zero_point") or context.has("offset")):
        context.refuse("P7.3-017", "a trellis with an origin or without signs")
    if not (LEAST_RUN <= restart <= GREATEST_RUN if states else restart == 0):
        context.refuse("P7.3-018", f"restart {restart}")
    width = next(width for width in (2, 4, 8, 16) if bits <= width)
    return f"{'i' if signed else 'u'}{width}", form.dims


def uniform_backward(context: Context, left: Elements) -> Elements:
    bits, signed, dims = context.number("bits"), bool(context.number("signed")), context.form.dims
    levels = left.integers()
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    if ((levels < low) | (levels > high)).any():
        context.refuse("P7.3-007", f"levels outside of {low} … {high}")
    axis, groups = context.number("group_axis"), None
    scale = factor(context, "scale", "P7.3-002")
    if context.has("group_index"):
        groups = context.read("group_index").codes.astype("i8")
        if (groups >= scale.shape[axis]).any():
            context.refuse("P7.3-012", "an index of no group", place=".group_index")
    sizes = context.numbers("grid")
    steps = spread(scale, sizes, dims, axis, groups)
    if context.has("zero_point"):
        zero = context.read("zero_point").integers()
        if (numpy.abs(zero) > GREATEST_ZERO_POINT).any():
            context.refuse("P7.3-009", "a zero point beyond 65,536", place=".zero_point")
        if ((zero < low) | (zero > high)).any():
            context.decoder.log.add("P7.3-010", "violation", "a zero point that is no level", path=context.path)
        levels = levels - spread(zero, sizes, dims, axis, groups)
    if context.number("states"):
        levels = multiples(levels, context.number("states"), context.number("restart"))
    with numpy.errstate(over="ignore", invalid="ignore"):
        values = steps * levels.astype("<f4")
        if context.has("offset"):
            values = values + spread(factor(context, "offset", "P7.3-003"), sizes, dims, axis, groups)
    return decoded(context, values)


def transitions(states: int) -> list[tuple[int, int]]:
    """next(σ, 0) and next(σ, 1) of each state of a trellis."""
    h, g = TRELLISES[states]
    v = states.bit_length() - 1

    def following(state: int, parity: int) -> int:
        low = state & 1
        out = low << v - 1
        for j in range(1, v):
            bit = state >> j & 1 ^ (h >> j & 1 & low) ^ (g >> j & 1 & parity)
            out |= bit << j - 1
        return out

    return [(following(state, 0), following(state, 1)) for state in range(states)]


def multiples(levels: numpy.ndarray, states: int, restart: int) -> numpy.ndarray:
    """The multiples of the step that levels stand for in the states that they are reached in."""
    table = transitions(states)
    flat = levels.reshape(-1)
    quantizers = numpy.zeros(len(flat), "i8")
    for begin in range(0, len(flat), restart):
        state = 0
        for index, parity in enumerate((flat[begin:begin + restart] & 1).tolist(), begin):
            quantizers[index] = state & 1
            state = table[state][parity]
    return (2 * flat - quantizers * numpy.sign(flat)).reshape(levels.shape)


# MARK: codebook

def codebook_forward(context: Context) -> Left:
    form = context.form
    context.accept(form.element_type in FLOATS)
    sizes = grid(context)
    book = context.side("codebook", NARROW_FLOATS, [*blocks(context, sizes), None, None])
    entries, vector = book.dims[-2:]
    if not 1 <= entries <= 65_536:
        context.refuse("P7.3-020", f"{entries} entries")
    last = form.dims[-1] if form.dims else 1
    if vector < 1 or last % vector or sizes and sizes[-1] % vector or vector > 1 and not form.dims:
        context.refuse("P7.3-023", f"vectors of {vector} in {last}")
    if context.has("scale"):
        scale = context.side("scale", SCALES, blocks(context, grid(context, "scale_grid")))
        if context.has("offset"):
            context.side("offset", NARROW_FLOATS, scale.dims)
    elif context.has("offset"):
        context.refuse("P7.3-052", "an offset without a scale")
    else:
        context.unused("scale_grid")
    dims = (*form.dims[:-1], last // vector) if form.dims else ()
    return narrowest(entries - 1, (2, 4, 8, 16)), dims


def codebook_backward(context: Context, left: Elements) -> Elements:
    dims, sizes = context.form.dims, context.numbers("grid")
    book = factor(context, "codebook", "P7.3-021")
    entries, vector = book.shape[-2:]
    flat = book.reshape(-1, entries, vector)
    if any(len(numpy.unique(part, axis=0)) < entries for part in flat):
        context.decoder.log.add("P7.3-025", "violation", "entries that are equal", path=context.path)
    indices = left.shaped()
    if (indices >= entries).any():
        context.refuse("P7.3-022", "an index of no entry")
    block = spread(numpy.arange(len(flat)).reshape(book.shape[:-2]), sizes, dims)
    if dims:
        indices = numpy.repeat(indices, vector, axis=-1)
        values = flat[block, indices, numpy.arange(dims[-1]) % vector]
    else:
        values = flat[block, indices, 0]
    if context.has("scale"):
        scale_sizes = context.numbers("scale_grid")
        with numpy.errstate(over="ignore", invalid="ignore"):
            values = spread(factor(context, "scale", "P7.3-002"), scale_sizes, dims) * values
            if context.has("offset"):
                values = values + spread(factor(context, "offset", "P7.3-003"), scale_sizes, dims)
    return decoded(context, values)


# MARK: scaled_float, sign

def scaled_float_forward(context: Context) -> Left:
    form = context.form
    context.accept(form.element_type in FLOATS)
    from .native_schema import ELEMENT_TYPES
    number = context.number("element_type")
    small = Form(ELEMENT_TYPES[number - 1] if number else "string", form.dims)
    if (small.element_type not in BITS or not small.floating or small.element_type in ("f64", "f32", "f8e8m0")
            or small.bits >= form.bits):
        context.refuse("P7.3-026", f"{small.element_type} of {form.element_type}")
    sizes = grid(context)
    if context.has("scale"):
        context.side("scale", SCALES, blocks(context, sizes))
    elif any(sizes):
        context.refuse("P7.3-001", "a grid without a scale")
    return small.element_type, form.dims


def scaled_float_backward(context: Context, left: Elements) -> Elements:
    values = left.singles()
    if not numpy.isfinite(values).all():
        context.refuse("P7.3-004", "a code that is NaN or infinite")
    if context.has("scale"):
        steps = spread(factor(context, "scale", "P7.3-002"), context.numbers("grid"), context.form.dims)
        with numpy.errstate(over="ignore", invalid="ignore"):
            values = values * steps
    return decoded(context, values)


def sign_forward(context: Context) -> Left:
    context.accept(context.form.element_type in FLOATS)
    scale = context.side("scale", SCALES, blocks(context, grid(context)))
    if context.has("offset"):
        context.side("offset", NARROW_FLOATS, scale.dims)
    return "i2" if context.number("ternary") else "u2", context.form.dims


def sign_backward(context: Context, left: Elements) -> Elements:
    sizes, dims = context.numbers("grid"), context.form.dims
    levels = left.integers()
    if not context.number("ternary"):
        levels = 2 * levels - 1
    if ((levels < -1) | (levels > 1)).any():
        context.refuse("P7.3-030", "a level that is no sign")
    steps = numpy.broadcast_to(spread(factor(context, "scale", "P7.3-002"), sizes, dims), dims)
    values = numpy.where(levels == 0, numpy.float32(0), numpy.where(levels < 0, -steps, steps))
    if context.has("offset"):
        with numpy.errstate(over="ignore", invalid="ignore"):
            values = values + spread(factor(context, "offset", "P7.3-003"), sizes, dims)
    return decoded(context, values)


STAGES = {
    "uniform": StageRules(uniform_forward, uniform_backward),
    "codebook": StageRules(codebook_forward, codebook_backward),
    "scaled_float": StageRules(scaled_float_forward, scaled_float_backward),
    "sign": StageRules(sign_forward, sign_backward)}
