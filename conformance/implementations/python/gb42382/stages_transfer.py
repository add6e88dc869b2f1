"""Stages of 7.4: delta and adapter."""

from __future__ import annotations

import math

import numpy

from .chain import Context, StageRules
from .elements import NARROW_FLOATS, Elements, code_type, finite, of_singles
from .model import Tensor
from .stages_structure import product

Left = tuple[str, tuple[int | None, ...]]
ADD, CODE = 1, 2
LORA, DORA, LOHA, LOKR, IA3 = 1, 2, 3, 4, 5


def check_base(context: Context) -> None:
    """The base has the type and dims of the result."""
    _, _, base = context.decoder.bases.tensor(context)
    if base != context.form:
        context.refuse("P7.4-004", f"a base {base.element_type} {list(base.dims)}")


def delta_forward(context: Context) -> Left:
    form, mode = context.form, context.number("mode")
    if mode not in (ADD, CODE):
        context.refuse("P7.4-006", f"mode {mode}")
    if mode == ADD:
        context.accept(form.element_type in NARROW_FLOATS)
    else:
        context.accept(form.bits in (2, 4, 8, 16, 32, 64) and not form.complex)
    check_base(context)
    return "f32" if mode == ADD else f"i{form.bits}", form.dims


def delta_backward(context: Context, left: Elements) -> Elements:
    base = context.decoder.bases.elements(context)
    if context.number("mode") == ADD:
        with numpy.errstate(over="ignore", invalid="ignore"):
            return of_singles(context.form, base.singles() + left.singles())
    codes = base.codes + left.codes
    if context.form.bits < 8:
        codes = codes & (1 << context.form.bits) - 1
    return Elements(context.form, codes.astype(code_type(context.form.element_type)))


def adapter_forward(context: Context) -> None:
    form, kind = context.form, context.number("kind")
    if not LORA <= kind <= IA3:
        context.refuse("P7.4-007", f"kind {kind}")
    context.accept(form.element_type in NARROW_FLOATS and (len(form.dims) >= 1 if kind == IA3 else len(form.dims) == 2))
    alpha = context.members.get("alpha")
    if kind == IA3:
        if context.number("axis") >= len(form.dims):
            context.refuse("P7.4-014", f"axis {context.number('axis')}")
        if alpha is not None:
            context.refuse("P7.4-012", "alpha of IA3")
        context.unused("rank", "rank_stabilised", "transposed")
    else:
        if context.number("rank") < 1:
            context.refuse("P7.4-011", "rank 0")
        if not isinstance(alpha, float) or not math.isfinite(alpha) or alpha == 0:
            context.refuse("P7.4-012", f"alpha {alpha}")
        context.unused("axis")
    if context.has("magnitude") != (kind == DORA):
        context.refuse("P7.4-013", "a magnitude" if kind != DORA else "no magnitude")
    _check_factors(context, kind)
    check_base(context)


def _check_factors(context: Context, kind: int) -> None:
    factors, form = _factors(context), context.form
    if len(factors) != {LORA: 2, DORA: 2, LOHA: 4, LOKR: 2, IA3: 1}[kind]:
        context.refuse("P7.4-008", f"{len(factors)} factors")
    forms = [context.decoder.form(factor, f"{context.path}.factors[{index}]", "P7.4-009") for index, factor in enumerate(factors)]
    if any(factor.element_type not in NARROW_FLOATS for factor in forms):
        context.refuse("P7.4-009", "factors of another type")
    dims = [factor.dims for factor in forms]
    if kind == IA3:
        fits = dims == [(form.dims[context.number("axis")],)]
    else:
        rows, columns = reversed(form.dims) if context.number("transposed") else form.dims
        rank = context.number("rank")
        if kind == LOKR:
            fits = all(len(sizes) == 2 for sizes in dims) and all(
                first * second == whole for first, second, whole in zip(dims[0], dims[1], (rows, columns)))
        else:
            fits = dims == [(rows, rank), (rank, columns)] * (len(dims) // 2)
        if kind == DORA:
            context.side("magnitude", NARROW_FLOATS, [rows], "P7.4-009")
    if not fits:
        context.refuse("P7.4-009", f"factors {[list(sizes) for sizes in dims]}")


def _factors(context: Context) -> list[Tensor]:
    value = context.members.get("factors", [])
    return [item for item in value if isinstance(item, Tensor)] if isinstance(value, list) else []


def adapter_backward(context: Context, left: Elements) -> Elements:
    kind = context.number("kind")
    base = context.decoder.bases.elements(context)
    factors = [context.decoder.elements(factor, f"{context.path}.factors[{index}]", context.nesting + 1)
               for index, factor in enumerate(_factors(context))]
    if not all(finite(factor) for factor in factors) or kind == DORA and not finite(context.read("magnitude")):
        context.refuse("P7.4-010", "a factor with NaN or infinities")
    weights = base.doubles()
    with numpy.errstate(all="ignore"):
        if kind == IA3:
            shape = [1] * weights.ndim
            shape[context.number("axis")] = -1
            values = weights * factors[0].doubles().reshape(shape)
        else:
            turned = bool(context.number("transposed"))
            values = _merged(context, kind, weights.T if turned else weights, factors)
            values = values.T if turned else values
        elements = of_singles(context.form, values.astype("<f4"))
    if not finite(elements):
        context.refuse("P7.4-015", "a result that is not finite")
    return elements


def _merged(context: Context, kind: int, weights: numpy.ndarray, factors: list[Elements]) -> numpy.ndarray:
    """The weights with the change, in f64."""
    alpha, rank = context.members["alpha"], float(context.number("rank"))
    assert isinstance(alpha, float)
    scaling = alpha / (math.sqrt(rank) if context.number("rank_stabilised") else rank)
    if kind == LOKR:
        change = numpy.kron(factors[0].doubles(), factors[1].doubles())
    else:
        change = product(factors[0], factors[1])
        if kind == LOHA:
            change = change * product(factors[2], factors[3])
    merged = weights + scaling * change
    if kind != DORA:
        return merged
    total = numpy.zeros(merged.shape[0])
    for column in range(merged.shape[1]):
        total = total + merged[:, column] * merged[:, column]
    norms = numpy.sqrt(total)
    if not numpy.isfinite(norms).all():
        context.refuse("P7.4-015", "a norm that is not finite")
    factor = numpy.where(norms == 0, 0.0, context.read("magnitude").doubles() / norms)
    return factor[:, None] * merged


STAGES = {"delta": StageRules(delta_forward, delta_backward), "adapter": StageRules(adapter_forward, adapter_backward)}
