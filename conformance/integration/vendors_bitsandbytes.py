"""Cases made by the package bitsandbytes on the processor: `vendors_bitsandbytes.py [FOLDER] [--large]`."""

import bitsandbytes
import torch
from bitsandbytes import functional
from vendors_cases import folder_and_scale, weight, write

TOOL = f"bitsandbytes {bitsandbytes.__version__}"
FOLDER, LARGE = folder_and_scale()


def four(name, kind, rows, columns, nested, block=64, storage=torch.uint8):
    value = weight(rows, columns, len(name))
    linear = bitsandbytes.nn.Linear4bit(columns, rows, bias=False, compress_statistics=nested, quant_type=kind, quant_storage=storage)
    linear.weight = bitsandbytes.nn.Params4bit(
        value.half(), requires_grad=False, compress_statistics=nested, quant_type=kind, blocksize=block, quant_storage=storage, module=linear)
    linear = linear.to("cpu")
    state = linear.state_dict()
    parts = {key.removeprefix("weight.").split(".")[0]: held for key, held in state.items()}
    quant = linear.weight.quant_state
    quant.dtype = torch.float32
    decoded = functional.dequantize_4bit(linear.weight.data, quant)
    write(FOLDER, "bnb-" + name, TOOL, "bitsandbytes-4bit", {}, parts, decoded)


def eight(rows, columns):
    levels, scale, _ = functional.int8_vectorwise_quant(weight(rows, columns, 8, torch.float16))
    decoded = functional.int8_vectorwise_dequant(levels, scale)
    parts = {"weight": levels, "SCB": scale, "weight_format": torch.tensor(0, dtype=torch.uint8)}
    write(FOLDER, "bnb-int8", TOOL, "bitsandbytes-8bit", {}, parts, decoded)


SIZE = (512, 1024) if LARGE else (12, 64)
four("nf4", "nf4", *SIZE, False)
four("fp4", "fp4", *SIZE, False)
four("nf4-nested", "nf4", *SIZE, True)
four("fp4-nested-block", "fp4", *SIZE, True, block=128)
four("nf4-odd", "nf4", SIZE[0] + 1, SIZE[1] - 7, True)
four("nf4-bf16-storage", "nf4", *SIZE, True, storage=torch.bfloat16)
eight(*SIZE)
