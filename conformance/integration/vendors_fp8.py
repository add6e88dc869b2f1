"""Cases of FP8 in blocks as transformers reads them: `vendors_fp8.py [FOLDER] [--large]`."""

import torch
import transformers
from transformers.integrations import finegrained_fp8
from vendors_cases import folder_and_scale, weight, write

TOOL = f"transformers {transformers.__version__}"
FOLDER, LARGE = folder_and_scale()
SIZE = (512, 1024) if LARGE else (16, 48)


def case(name, rows, columns, block, scale_type=torch.float32):
    value = weight(rows, columns, len(name))
    height, width = block
    padded = torch.nn.functional.pad(value, (0, -columns % width, 0, -rows % height))
    blocks = padded.reshape(padded.shape[0] // height, height, padded.shape[1] // width, width)
    scale = (blocks.abs().amax((1, 3)) / 448).clamp(min=1e-8)
    if scale_type == torch.float8_e8m0fnu:
        scale = 2.0 ** torch.ceil(torch.log2(scale))
    scale = scale.to(scale_type)
    stored = (blocks / scale.float()[:, None, :, None]).reshape(padded.shape)[:rows, :columns].to(torch.float8_e4m3fn).contiguous()
    decoded = finegrained_fp8._dequantize_fp8_weight(stored, scale, list(block), torch.float32)
    settings = {"scale": "weight_scale_inv", "weight_block_size": list(block)}
    write(FOLDER, "fp8-" + name, TOOL, "fp8", settings, {"weight": stored, "weight_scale_inv": scale}, decoded)


block = (128, 128) if LARGE else (8, 16)
case("block", *SIZE, block)
case("block-powers", *SIZE, block, torch.float8_e8m0fnu)
