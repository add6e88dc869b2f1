"""Cases made by the package compressed-tensors: `vendors_compressed_tensors.py [FOLDER] [--large]`.

Versions before 0.16 still have sparse masks and activation order; with one of those on the path these cases are made instead.
"""

from importlib.metadata import version

import compressed_tensors
import torch
from compressed_tensors.quantization import QuantizationArgs, QuantizationScheme
from vendors_cases import folder_and_scale, weight, write

VERSION = getattr(compressed_tensors, "__version__", None) or version("compressed-tensors")
TOOL = f"compressed-tensors {VERSION}"
FOLDER, LARGE = folder_and_scale()
OUT, IN = (768, 1024) if LARGE else (12, 64)


def scales(value, args, dtype):
    """Scales and zero points over the groups that the arguments ask for, computed plainly: how they are found is no matter here."""
    strategy = str(getattr(args.strategy, "value", args.strategy))
    rows, columns = value.shape
    if strategy == "tensor":
        groups = value.reshape(1, -1)
        dims = (1,)
    elif strategy == "channel":
        groups, dims = value, (rows, 1)
    elif strategy == "block":
        height, width = args.block_structure
        padded = torch.nn.functional.pad(value, (0, -columns % width, 0, -rows % height))
        blocks = padded.reshape(padded.shape[0] // height, height, padded.shape[1] // width, width).transpose(1, 2)
        dims = blocks.shape[:2]
        groups = blocks.reshape(dims[0] * dims[1], -1)
    else:
        dims = (rows, columns // args.group_size)
        groups = value.reshape(rows * dims[1], args.group_size)
    kind = str(getattr(args.type, "value", args.type))
    if kind == "float":
        top = {4: 6.0, 6: 7.5, 8: 448.0}[args.num_bits]
        return (groups.abs().amax(1) / top).clamp(min=1e-8).reshape(dims).to(dtype), None
    low, high = -(2 ** (args.num_bits - 1)), 2 ** (args.num_bits - 1) - 1
    if args.symmetric:
        return (groups.abs().amax(1) / max(high, 0.5)).clamp(min=1e-8).reshape(dims).to(dtype), None
    least, most = groups.amin(1).clamp(max=0), groups.amax(1).clamp(min=0)
    scale = ((most - least) / (high - low)).clamp(min=1e-8).to(dtype)
    zero = torch.clamp(torch.round(low - least / scale.float()), low, high).to(torch.int8)
    return scale.reshape(dims), zero.reshape(dims)


def new_case(name, form, dtype, rows=OUT, columns=IN, **arguments):
    from compressed_tensors.compressors.base import BaseCompressor

    args = QuantizationArgs(**arguments)
    activations = QuantizationArgs(num_bits=8, dynamic=True, strategy="token") if form in ("int-quantized", "float-quantized") else None
    scheme = QuantizationScheme(targets=["Linear"], weights=args, input_activations=activations)
    value = weight(rows, columns, len(name), dtype)
    scale, zero = scales(value.float(), args, dtype)
    state = {"weight": value, "weight_scale": scale}
    if form.startswith("mx"):
        state["weight_scale"] = 2.0 ** torch.ceil(torch.log2(scale.float())).to(dtype)
    if zero is not None:
        state["weight_zero_point"] = zero
    if form.startswith("nvfp4"):
        state["weight_global_scale"] = torch.tensor([448.0 * 6.0]) / value.float().abs().max()
        state["weight_scale"] = (scale.float() * state["weight_global_scale"]).to(torch.float8_e4m3fn).to(dtype)
    compressor = BaseCompressor.get_value_from_registry(form)
    stored = compressor.compress(state, scheme)
    decoded = compressor.decompress(dict(stored), scheme)["weight"]
    settings = settings_of(form, args)
    write(FOLDER, "ct-" + name, TOOL, "compressed-tensors", settings, stored, decoded)


def settings_of(form, args):
    return {
        "format": form, "version": VERSION, "num_bits": args.num_bits, "type": str(getattr(args.type, "value", args.type)),
        "symmetric": args.symmetric, "strategy": str(getattr(args.strategy, "value", args.strategy)),
        "group_size": args.group_size, "block_structure": list(args.block_structure) if args.block_structure else None,
    }


def new():
    group = {"num_bits": 4, "type": "int", "strategy": "group", "group_size": 32}
    new_case("int4-group", "pack-quantized", torch.bfloat16, symmetric=True, **group)
    new_case("int4-group-zero", "pack-quantized", torch.float16, symmetric=False, **group)
    new_case("int4-group-zero-f32", "pack-quantized", torch.float32, rows=OUT + 3, symmetric=False, **group)
    new_case("int4-channel", "pack-quantized", torch.bfloat16, columns=IN - 3, num_bits=4, type="int", symmetric=True, strategy="channel")
    new_case("int4-channel-zero", "pack-quantized", torch.float32, num_bits=4, type="int", symmetric=False, strategy="channel")
    for bits in (1, 2, 3, 5, 6, 7, 8):
        new_case(f"int{bits}-group", "pack-quantized", torch.float32, num_bits=bits, type="int", symmetric=True, strategy="group", group_size=32)
    new_case("int3-group-zero", "pack-quantized", torch.float32, rows=OUT + 5, num_bits=3, type="int", symmetric=False, strategy="group", group_size=32)
    new_case("int3-channel-narrow", "pack-quantized", torch.float32, columns=20, num_bits=3, type="int", symmetric=True, strategy="channel")
    new_case("int8-channel", "int-quantized", torch.bfloat16, num_bits=8, type="int", symmetric=True, strategy="channel")
    new_case("int8-channel-zero", "int-quantized", torch.float32, num_bits=8, type="int", symmetric=False, strategy="channel")
    new_case("int8-tensor", "int-quantized", torch.float32, num_bits=8, type="int", symmetric=True, strategy="tensor")
    new_case("int8-group", "naive-quantized", torch.float32, num_bits=8, type="int", symmetric=True, strategy="group", group_size=16)
    new_case("fp8-channel", "float-quantized", torch.bfloat16, num_bits=8, type="float", symmetric=True, strategy="channel")
    new_case("fp8-tensor", "float-quantized", torch.float32, num_bits=8, type="float", symmetric=True, strategy="tensor")
    new_case("fp8-block", "float-quantized", torch.float32, rows=OUT + 2, columns=IN - 4, num_bits=8, type="float", symmetric=True, strategy="block", block_structure=[4, 16])
    new_case("nvfp4", "nvfp4-pack-quantized", torch.bfloat16, num_bits=4, type="float", symmetric=True, strategy="tensor_group", group_size=16)
    new_case("mxfp4", "mxfp4-pack-quantized", torch.bfloat16, num_bits=4, type="float", symmetric=True, strategy="group", group_size=32)
    new_case("mxfp6", "mxfp6-pack-quantized", torch.bfloat16, num_bits=6, type="float", symmetric=True, strategy="group", group_size=32)
    new_case("mxfp8", "mxfp8-quantized", torch.bfloat16, num_bits=8, type="float", symmetric=True, strategy="group", group_size=32)


def old():
    from compressed_tensors.compressors.quantized_compressors import pack_quantized
    from compressed_tensors.compressors.sparse_compressors import sparse_24_bitmask, sparse_bitmask
    from compressed_tensors.quantization.lifecycle.forward import dequantize, quantize

    for name, bits, index in (("old-int4-order", 4, True), ("old-int3-group", 3, False)):
        args = QuantizationArgs(num_bits=bits, type="int", symmetric=True, strategy="group", group_size=16)
        value = weight(OUT, IN, bits)
        g_idx = torch.arange(IN, dtype=torch.int32) // 16
        if index:
            g_idx = g_idx[torch.randperm(IN, generator=torch.Generator().manual_seed(1))].contiguous()
        order = torch.argsort(g_idx, stable=True)
        scale, _ = scales(value[:, order], args, torch.float32)
        levels = quantize(value, scale, None, args, dtype=torch.int8, g_idx=g_idx)
        decoded = dequantize(levels, scale, None, args, g_idx=g_idx)
        stored = {
            "weight_packed": pack_quantized.pack_to_int32(levels, bits), "weight_scale": scale,
            "weight_shape": torch.tensor(value.shape),
        }
        if index:
            stored["weight_g_idx"] = g_idx
        write(FOLDER, "ct-" + name, TOOL, "compressed-tensors", settings_of("pack-quantized", args), stored, decoded)
    sparse = {"format": "dense", "version": VERSION, "num_bits": 16, "type": "float", "symmetric": True, "strategy": "tensor"}
    value = weight(OUT, IN - 4, 24, torch.bfloat16)
    kept = value * sparse_24_bitmask.get_24_bytemasks(value)
    values, mask = sparse_24_bitmask.sparse24_bitmask_compress(kept)
    decoded = sparse_24_bitmask.sparse24_bitmask_decompress(values, mask, value.shape)
    assert torch.equal(decoded, kept)
    parts = {"compressed": values, "bitmask": mask, "shape": torch.tensor(value.shape).reshape(-1, 1)}
    write(FOLDER, "ct-old-sparse-24", TOOL, "compressed-tensors", sparse, parts, decoded)
    args = QuantizationArgs(num_bits=8, type="float", symmetric=True, strategy="channel")
    scale, _ = scales(kept.float(), args, torch.float32)
    levels = quantize(kept.float(), scale, None, args, dtype=torch.float8_e4m3fn)
    values, mask = sparse_24_bitmask.sparse24_bitmask_compress(levels)
    decoded = dequantize(sparse_24_bitmask.sparse24_bitmask_decompress(values, mask, levels.shape), scale, None, args)
    parts = {"compressed": values, "bitmask": mask, "shape": torch.tensor(value.shape).reshape(-1, 1), "weight_scale": scale}
    write(FOLDER, "ct-old-sparse-24-fp8", TOOL, "compressed-tensors", settings_of("float-quantized", args), parts, decoded)
    value = weight(OUT, IN - 3, 25, torch.float16)
    value[value.abs() < 0.05] = 0
    tensor = sparse_bitmask.BitmaskTensor.from_dense(value)
    parts = {part.rpartition(".")[2]: held for part, held in tensor.dict("m").items()}
    write(FOLDER, "ct-old-sparse-bitmask", TOOL, "compressed-tensors", sparse, parts, tensor.decompress())


if __name__ == "__main__":
    old() if tuple(map(int, VERSION.split(".")[:2])) < (0, 12) else new()
