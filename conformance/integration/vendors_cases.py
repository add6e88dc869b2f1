"""Cases of weights as vendors' tools store them, with what the tools themselves make of them, as JSON files.

A case holds the tool with its version, the settings, the stored tensors by the names of their parts, and the decoded weight; bytes are hexadecimal.
`Tests/CompressionTests/VendorCaseTests.swift` reads those in `vendors/`, which the scripts `vendors_*.py` of this folder made, and whatever
else lies in the folder that the environment variable GBT42382_VENDOR_CASES names.
"""

import json
import pathlib
import sys

import torch

NAMES = {
    torch.float64: "f64", torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16",
    torch.float8_e4m3fn: "f8e4m3fn", torch.float8_e5m2: "f8e5m2", torch.float8_e8m0fnu: "f8e8m0",
    torch.int64: "i64", torch.int32: "i32", torch.int16: "i16", torch.int8: "i8", torch.uint8: "u8", torch.bool: "bool",
}


def tensor(value, name=None, dims=None):
    """A tensor as JSON; `name` and `dims` for types of fewer than eight bits, whose bytes `value` holds."""
    value = value.detach().cpu().contiguous()
    data = value.reshape(-1).view(torch.uint8).numpy().tobytes() if value.numel() else b""
    return {"type": name or NAMES[value.dtype], "dims": list(dims if dims is not None else value.shape), "bytes": data.hex()}


def write(folder, name, tool, kind, settings, parts, expected):
    """Writes a case; `expected` in the type that the tool computes in: ours, rounded to it, has the same bits."""
    case = {
        "name": name, "tool": tool, "kind": kind, "settings": settings,
        "parts": {part: value if isinstance(value, dict) else tensor(value) for part, value in parts.items()},
        "expected": expected if isinstance(expected, dict) else tensor(expected),
    }
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / (name + ".json")).write_text(json.dumps(case, indent=1) + "\n")


def folder_and_scale():
    """The folder to write to, and whether the cases shall be large."""
    return sys.argv[1] if len(sys.argv) > 1 else str(pathlib.Path(__file__).parent / "vendors"), "--large" in sys.argv


def weight(rows, columns, seed, dtype=torch.float32):
    """A weight with a few large elements, as real ones have."""
    generator = torch.Generator().manual_seed(seed)
    value = torch.randn(rows, columns, generator=generator) * 0.05
    value[torch.rand(rows, columns, generator=generator) < 0.02] *= 8
    return value.to(dtype)
