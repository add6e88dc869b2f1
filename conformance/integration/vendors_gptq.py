"""Cases of GPTQ and AWQ: `vendors_gptq.py AUTO_GPTQ GPTQMODEL AUTOAWQ [FOLDER] [--large]`, the three the folders of the unpacked packages.

Their modules are loaded alone, without the packages around them, which ask for graphics processors. AutoGPTQ's module packs weights; its own unpacking in
torch, and that of GPTQModel, give the decoded weight. AutoAWQ's module packs, and its function for machines without its kernels unpacks.
"""

import importlib.util
import pathlib
import re
import sys
import types

import torch

AUTO_GPTQ, GPTQMODEL, AUTOAWQ = sys.argv[1:4]
del sys.argv[1:4]
from vendors_cases import folder_and_scale, weight, write  # noqa: E402

FOLDER, LARGE = folder_and_scale()
OUT, IN = (768, 1024) if LARGE else (32, 64)


def version(folder, name):
    for path in pathlib.Path(folder).glob("**/METADATA"):
        return name + " " + re.search(r"^Version: (.*)$", path.read_text(), re.M)[1]
    return name + " " + re.search(r"-([0-9.]+)/?$", folder)[1]


def module(name, path, **stubs):
    """A module by its path, with empty ones in the place of its packages."""
    for part, members in stubs.items():
        part = part.replace("__", ".")
        stub = types.ModuleType(part)
        stub.__path__ = []
        for member, value in members.items():
            setattr(stub, member, value)
        sys.modules[part] = stub
    spec = importlib.util.spec_from_file_location(name, path)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def quantized(value, bits, group, symmetric, index):
    """Scales and zero points [out, groups] for groups of columns, plainly."""
    groups = int(index.max()) + 1
    scale = torch.empty(value.shape[0], groups)
    zero = torch.empty(value.shape[0], groups)
    top = 2**bits - 1
    for number in range(groups):
        part = value[:, index == number]
        if symmetric:
            scale[:, number] = part.abs().amax(1) * 2 / top
            zero[:, number] = (top + 1) / 2
        else:
            least, most = part.amin(1).clamp(max=0), part.amax(1).clamp(min=0)
            scale[:, number] = (most - least) / top
            zero[:, number] = torch.round(-least / scale[:, number]).clamp(1, top)
    return scale.half().float(), zero


def gptq():
    source = module(
        "auto_gptq.nn_modules.qlinear.qlinear_cuda_old", AUTO_GPTQ + "/auto_gptq/nn_modules/qlinear/qlinear_cuda_old.py",
        auto_gptq={}, auto_gptq__nn_modules={},
        auto_gptq__nn_modules__qlinear={"GeneralQuantLinear": object})
    old = source.QuantLinear
    plain = module(
        "auto_gptq.nn_modules.qlinear.qlinear_cuda", AUTO_GPTQ + "/auto_gptq/nn_modules/qlinear/qlinear_cuda.py")
    tool = version(AUTO_GPTQ, "auto_gptq")
    for bits in (2, 3, 4, 8):
        for group, symmetric, order in ((16, True, False), (16, False, True), (-1, False, False)):
            size = IN if group == -1 else group
            index = torch.arange(IN) // size
            if order:
                index = index[torch.randperm(IN, generator=torch.Generator().manual_seed(bits))]
            index = index.to(torch.int32)
            value = weight(OUT, IN, bits, torch.float16).float()
            scale, zero = quantized(value, bits, group, symmetric, index)
            linear = torch.nn.Linear(IN, OUT, bias=False)
            linear.weight.data = value.half().float()
            name = f"gptq-{bits}" + ("-order" if order else "") + ("" if symmetric else "-zero") + ("-whole" if group == -1 else "")
            packer = plain.QuantLinear(bits, group, IN, OUT, False, weight_dtype=torch.float16)
            packer.pack(linear.half(), scale.half(), zero.half(), index)
            parts = {"qweight": packer.qweight, "qzeros": packer.qzeros, "scales": packer.scales, "g_idx": packer.g_idx}
            # Every row of the unit matrix picks a row of the decoded one: in f16, sums of one product and zeros are that product.
            picked = packer(torch.eye(IN, dtype=torch.float16)).t()
            settings = {"bits": bits, "group_size": None if group == -1 else group, "checkpoint_format": "gptq", "desc_act": order}
            write(FOLDER, name, tool, "gptq", settings, parts, picked)
            if not order:
                del parts["g_idx"]
                write(FOLDER, name + "-runs", tool, "gptq", settings, parts, picked)


def awq():
    packing = module("awq.utils.packing_utils", AUTOAWQ + "/awq/utils/packing_utils.py", awq={}, awq__utils={}, awq__modules={}, awq__modules__linear={})
    module("awq.utils.module", AUTOAWQ + "/awq/utils/module.py")
    sys.modules["awq.utils.utils"] = types.ModuleType("awq.utils.utils")
    sys.modules["awq.utils.utils"].get_best_device = lambda: "cpu"
    gemm = module("awq.modules.linear.gemm", AUTOAWQ + "/awq/modules/linear/gemm.py")
    tool = version(AUTOAWQ, "autoawq")
    for group in (16, -1):
        size = IN if group == -1 else group
        value = weight(OUT, IN, 7, torch.float16).float()
        scale, zero = quantized(value, 4, size, False, torch.arange(IN) // size)
        linear = torch.nn.Linear(IN, OUT, bias=False)
        linear.weight.data = value.half()
        packed = gemm.WQLinear_GEMM.from_linear(linear, 4, size, scales=scale.t().contiguous().half(), zeros=zero.t().contiguous())
        parts = {"qweight": packed.qweight, "qzeros": packed.qzeros, "scales": packed.scales}
        decoded = packing.dequantize_gemm(packed.qweight, packed.qzeros, packed.scales, 4, size).t()
        settings = {"bits": 4, "group_size": None if group == -1 else group, "version": "gemm"}
        write(FOLDER, "awq" + ("-whole" if group == -1 else ""), tool, "awq", settings, parts, decoded)


gptq()
awq()
