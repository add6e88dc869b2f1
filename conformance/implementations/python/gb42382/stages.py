"""The stages by name, and those that only turn codes into others (7.1, section 4)."""

from __future__ import annotations

import numpy

from . import entropy, stages_quantizers, stages_structure, stages_transfer, zstd_frame
from .chain import Context, StageRules
from .elements import Elements, code_type, of_integers

Left = tuple[str, tuple[int | None, ...]]


def permute_forward(context: Context) -> Left:
    axes, form = context.numbers("axes"), context.form
    if sorted(axes) != list(range(len(form.dims))) or axes == sorted(axes):
        context.refuse("P7.1-033", f"axes {axes} of {len(form.dims)}")
    return form.element_type, tuple(form.dims[axis] for axis in axes)


def permute_backward(context: Context, left: Elements) -> Elements:
    inverse = numpy.argsort(context.numbers("axes"))
    return Elements(context.form, numpy.ascontiguousarray(left.shaped().transpose(inverse)).reshape(-1))


def reshape_forward(context: Context) -> Left:
    sizes, form = context.numbers("sizes"), context.form
    count = 1
    for size in sizes:
        count *= size
    if any(size < 0 for size in sizes) or count != form.count or tuple(sizes) == form.dims:
        context.refuse("P7.1-047", f"{list(form.dims)} as {sizes}")
    return form.element_type, tuple(sizes)


def same_codes(context: Context, left: Elements) -> Elements:
    return Elements(context.form, left.codes)


def parts_forward(context: Context) -> Left:
    context.accept(context.form.complex)
    return "f32" if context.form.bits == 64 else "f64", (*context.form.dims, 2)


def parts_backward(context: Context, left: Elements) -> Elements:
    return Elements(context.form, left.codes.view(code_type(context.form.element_type)))


def codes_forward(context: Context) -> Left:
    form = context.form
    context.accept(form.bits in (2, 4, 8, 16, 32, 64) and not form.complex and not form.unsigned)
    return f"u{form.bits}", form.dims


def planes_forward(context: Context) -> Left:
    form = context.form
    context.accept(form.bits in (16, 32, 64) and not form.complex)
    return "u8", (form.bits // 8, form.count)


def planes_backward(context: Context, left: Elements) -> Elements:
    codes = numpy.ascontiguousarray(left.shaped().T).reshape(-1).view(code_type(context.form.element_type))
    return Elements(context.form, codes)


def pack_forward(context: Context) -> Left:
    form, width = context.form, context.number("width")
    context.accept((form.signed or form.unsigned) and form.bits <= 16)
    if not 1 <= width < form.bits:
        context.refuse("P7.1-034", f"{width} bits of {form.bits}")
    return "u8", ((form.count * width + 7) // 8,)


def pack_backward(context: Context, left: Elements) -> Elements:
    form, width = context.form, context.number("width")
    bits = numpy.unpackbits(left.codes, bitorder="little")
    if bits[form.count * width:].any():
        context.refuse("P7.1-035", "bits behind the last element")
    weights = 1 << numpy.arange(width)
    numbers = bits[:form.count * width].reshape(form.count, width) @ weights
    if form.signed:
        numbers = numpy.where(numbers >> (width - 1), numbers - (1 << width), numbers)
    return of_integers(form, numbers)


def trits_forward(context: Context) -> Left:
    context.accept(context.form.element_type == "i2")
    return "u8", ((context.form.count + 4) // 5,)


def trits_backward(context: Context, left: Elements) -> Elements:
    if (left.codes > 242).any():
        context.refuse("P7.1-036", "a byte above 242")
    digits = left.codes.reshape(-1, 1) // 3 ** numpy.arange(5) % 3
    digits = digits.reshape(-1)
    if digits[context.form.count:].any():
        context.refuse("P7.1-037", "places behind the last element")
    return of_integers(context.form, digits[:context.form.count].astype("i8") - 1)


STAGES: dict[str, StageRules] = {
    "permute": StageRules(permute_forward, permute_backward),
    "reshape": StageRules(reshape_forward, same_codes),
    "parts": StageRules(parts_forward, parts_backward),
    "codes": StageRules(codes_forward, same_codes),
    "planes": StageRules(planes_forward, planes_backward),
    "pack": StageRules(pack_forward, pack_backward),
    "trits": StageRules(trits_forward, trits_backward),
    "entropy": StageRules(entropy.forward, entropy.backward),
    "zstd": StageRules(zstd_frame.forward, zstd_frame.backward),
    **stages_structure.STAGES, **stages_quantizers.STAGES, **stages_transfer.STAGES}
