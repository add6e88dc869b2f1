"""Stages of 7.2: sparse, low_rank, circulant, reference; and outliers (7.3, section 8)."""

from __future__ import annotations

import math

import numpy

from .chain import Context, StageRules
from .elements import FLOATS, NARROW_FLOATS, Elements, Form, finite, narrowest, of_singles

Left = tuple[str, tuple[int | None, ...]]
BITMAP, ROWS, N_M, BLOCK = 1, 2, 3, 4


def sparse_forward(context: Context) -> Left:
    form, kind = context.form, context.number("kind")
    context.accept(not form.complex and len(form.dims) > 0)
    if kind not in (BITMAP, ROWS, N_M, BLOCK):
        context.refuse("P7.2-010", f"kind {kind}")
    context.unused(*(["columns"] if kind != ROWS else []), *(["n", "m"] if kind != N_M else []),
                   *(["block"] if kind != BLOCK else []))
    last = form.dims[-1]
    if kind == BITMAP:
        context.side("pattern", ["u8"], [(form.count + 7) // 8])
        return form.element_type, (int(_bits(context, form.count).sum()),)
    if kind == ROWS:
        context.side("pattern", ["u64" if form.count >= 1 << 32 else "u32"], [math.prod(form.dims[:-1]) + 1])
        columns = context.side("columns", [narrowest(last - 1, (8, 16, 32))], [None])
        return form.element_type, columns.dims
    if kind == N_M:
        n, m = context.number("n"), context.number("m")
        if not 1 <= n < m <= 256:
            context.refuse("P7.2-015", f"{n} of {m}")
        if last % m:
            context.refuse("P7.2-016", f"{m} does not divide {last}")
        dims = (*form.dims[:-1], last // m * n)
        context.side("pattern", [narrowest(m - 1, (2, 4, 8))], dims)
        return form.element_type, dims
    block = context.numbers("block")
    if len(block) != len(form.dims) or any(size < 1 or whole % size for size, whole in zip(block, form.dims)):
        context.refuse("P7.2-018", f"blocks {block} of {list(form.dims)}")
    blocks = math.prod(whole // size for size, whole in zip(block, form.dims))
    context.side("pattern", ["u8"], [(blocks + 7) // 8])
    return form.element_type, (int(_bits(context, blocks).sum()), math.prod(block))


def _bits(context: Context, count: int) -> numpy.ndarray:
    """The bits of a bitmap, one for each place."""
    bits = numpy.unpackbits(context.read("pattern").codes, bitorder="little")
    if bits[count:].any():
        context.refuse("P7.2-011", "bits behind the last one", place=".pattern")
    return bits[:count]


def sparse_backward(context: Context, left: Elements) -> Elements:
    form, kind = context.form, context.number("kind")
    out = Elements.zeros(form)
    if kind == BITMAP:
        out.codes[_bits(context, form.count) == 1] = left.codes
    elif kind == ROWS:
        _rows(context, left, out)
    elif kind == N_M:
        n, m = context.number("n"), context.number("m")
        places = context.read("pattern").codes.reshape(-1, n).astype("i8")
        if (places >= m).any() or (numpy.diff(places, axis=1) <= 0).any():
            context.refuse("P7.2-017", "places that do not ascend in their group", place=".pattern")
        groups = out.codes.reshape(-1, m)
        numpy.put_along_axis(groups, places, left.codes.reshape(-1, n), axis=1)
    else:
        block = context.numbers("block")
        counts = [whole // size for size, whole in zip(block, form.dims)]
        kept = _bits(context, math.prod(counts)) == 1
        blocks = numpy.zeros((math.prod(counts), math.prod(block)), out.codes.dtype)
        blocks[kept] = left.codes.reshape(-1, math.prod(block))
        rank = len(block)
        order = [axis for pair in zip(range(rank), range(rank, 2 * rank)) for axis in pair]
        return Elements(form, numpy.ascontiguousarray(blocks.reshape(*counts, *block).transpose(order)).reshape(-1))
    return out


def _rows(context: Context, left: Elements, out: Elements) -> None:
    pointers = [int(pointer) for pointer in context.read("pattern").codes]
    columns = context.read("columns").codes.astype("i8")
    if (pointers[0] != 0 or pointers[-1] != len(columns)
            or any(before > after for before, after in zip(pointers, pointers[1:]))):
        context.refuse("P7.2-012", "row pointers that descend or leave the columns", place=".pattern")
    width = context.form.dims[-1]
    if (columns >= width).any():
        context.refuse("P7.2-013", "a column outside of the row", place=".columns")
    rows = numpy.repeat(numpy.arange(len(pointers) - 1), numpy.diff(pointers))
    places = rows * width + columns
    if (numpy.diff(places) <= 0).any():
        context.refuse("P7.2-014", "columns that do not ascend in their row", place=".columns")
    out.codes[places] = left.codes


def outliers_forward(context: Context) -> Left:
    form = context.form
    context.accept(not form.complex)
    positions = context.side("positions", ["u64" if form.count > 1 << 32 else "u32"], [None])
    context.side("values", [form.element_type], positions.dims)
    return form.element_type, form.dims


def outliers_backward(context: Context, left: Elements) -> Elements:
    places = context.read("positions").codes
    if (places >= context.form.count).any() or (places[1:] <= places[:-1]).any():
        context.refuse("P7.3-031", "places that do not ascend inside of the tensor", place=".positions")
    codes = left.codes.copy()
    codes[places.astype("i8")] = context.read("values").codes
    return Elements(context.form, codes)


def low_rank_forward(context: Context) -> None:
    form, split = context.form, context.number("split")
    context.accept(form.element_type in FLOATS and len(form.dims) >= 2)
    if not 1 <= split < len(form.dims):
        context.refuse("P7.2-022", f"split {split} of {len(form.dims)} dims")
    rows, columns = math.prod(form.dims[:split]), math.prod(form.dims[split:])
    left = context.side("left", NARROW_FLOATS, [rows, None])
    rank = left.dims[1]
    if rank < 1:
        context.refuse("P7.2-023", "rank 0")
    context.side("right", NARROW_FLOATS, [rank, columns])
    if rank * (rows + columns) >= rows * columns:
        context.decoder.log.add("P7.2-025", "remark", "factors as large as the tensor", path=context.path)


def low_rank_backward(context: Context, left: Elements) -> Elements:
    factors = context.read("left"), context.read("right")
    if not all(finite(factor) for factor in factors):
        context.refuse("P7.2-024", "a factor with NaN or infinities")
    with numpy.errstate(over="ignore"):
        return of_singles(context.form, product(factors[0], factors[1]).astype("<f4"))


def product(left: Elements, right: Elements) -> numpy.ndarray:
    """The sum of products in ascending order, in f64; each product of f32 is exact."""
    rows, columns = left.doubles(), right.doubles()
    total = numpy.zeros((rows.shape[0], columns.shape[1]))
    for index in range(rows.shape[1]):
        total = total + rows[:, index, None] * columns[index]
    return total


def circulant_forward(context: Context) -> Left:
    form, block = context.form, context.number("block")
    context.accept(not form.complex and len(form.dims) == 2)
    if not (2 <= block <= max(form.dims) or block == 2):
        context.refuse("P7.2-027", f"blocks of {block} in {list(form.dims)}")
    return form.element_type, (-(-form.dims[0] // block), -(-form.dims[1] // block), block)


def circulant_backward(context: Context, left: Elements) -> Elements:
    block = context.number("block")
    rows, columns = (numpy.arange(size) for size in context.form.dims)
    rows = rows[:, None]
    places = ((rows // block) * left.form.dims[1] + columns // block) * block + (rows - columns) % block
    unused = numpy.ones(left.form.count, bool)
    unused[places.reshape(-1)] = False
    if left.codes[unused].any():
        context.refuse("P7.2-028", "elements that nothing takes")
    return Elements(context.form, left.codes[places].reshape(-1))


def reference_forward(context: Context) -> None:
    _, _, base = context.decoder.bases.tensor(context)
    if base.element_type != context.form.element_type:
        context.refuse("P7.2-031", f"a {base.element_type} of {context.form.element_type}")
    _view(context, base)


def _view(context: Context, base: Form) -> tuple[list[int], list[int]]:
    """The order of the axes, and where the part begins."""
    axes, starts = context.numbers("axes"), context.numbers("starts")
    rank = len(base.dims)
    if axes and sorted(axes) != list(range(rank)):
        context.refuse("P7.2-030", f"axes {axes}")
    if starts and len(starts) != rank:
        context.refuse("P7.2-030", f"starts {starts}")
    context.unused(*(["axes"] if axes == sorted(axes) else []), *(["starts"] if not any(starts) else []))
    axes, starts = axes or list(range(rank)), starts or [0] * rank
    if len(context.form.dims) != rank or any(
            start < 0 or start + size > base.dims[axis] for start, size, axis in zip(starts, context.form.dims, axes)):
        context.refuse("P7.2-030", f"{list(context.form.dims)} from {starts} leave the base")
    return axes, starts


def reference_backward(context: Context, left: Elements) -> Elements:
    base = context.decoder.bases.elements(context)
    axes, starts = _view(context, base.form)
    part = base.shaped().transpose(axes)[tuple(slice(start, start + size) for start, size in zip(starts, context.form.dims))]
    return Elements(context.form, numpy.ascontiguousarray(part).reshape(-1))


STAGES = {
    "sparse": StageRules(sparse_forward, sparse_backward),
    "outliers": StageRules(outliers_forward, outliers_backward),
    "low_rank": StageRules(low_rank_forward, low_rank_backward),
    "circulant": StageRules(circulant_forward, circulant_backward),
    "reference": StageRules(reference_forward, reference_backward)}
