"""The small bases that are a bare safetensors file, or of a format that is recognised and not read."""
import struct

from protobuf_wire import varint
from small_values import bell, elements, f32, i64, safetensors, weights

DTYPES = {
    "f64": "F64", "i64": "I64", "u64": "U64", "complex64": "C64", "f32": "F32", "i32": "I32", "u32": "U32", "f16": "F16", "bf16": "BF16", "i16": "I16",
    "u16": "U16", "f8e4m3fn": "F8_E4M3", "f8e4m3fnuz": "F8_E4M3FNUZ", "f8e5m2": "F8_E5M2", "f8e5m2fnuz": "F8_E5M2FNUZ", "f8e8m0": "F8_E8M0",
    "i8": "I8", "u8": "U8", "bool": "BOOL", "f6e2m3": "F6_E2M3", "f6e3m2": "F6_E3M2", "f4e2m1": "F4"}

METADATA = """# What the format of the base {name} cannot hold.
name: {name}
version: 1.0.0
producer:
  name: PyTorch
  version: 2.13.0
documentation: A small base of the conformance corpus.
licence: Apache-2.0
contributors:
  - name: gbt42382 contributors
    organisation: gbt42382
    role: author
modalities: [text]
architecture:
  kind: encoder-only
  family: bert
  hyper-parameters:
    layers: 1
    hidden-size: 4
    attention-heads: 2
pre-training:                  # as a model of this family states it; the weights here are made by arithmetic
  paradigm: self-supervised
  objective: masked-language-modelling
parameter-count: {count}
"""


def small():
    return safetensors({
        "embedding.weight": ("F32", [4, 4], weights("embedding.weight", [4, 4])), "norm.weight": ("F32", [4], weights("norm.weight", [4])),
        "steps": ("I64", [1], i64([1000]))}, {"format": "pt"})


def element_types():
    """A tensor of each dtype, widest elements first, so that all are aligned; and the number of parameters."""
    tensors, parameters = {}, 0
    for kind, dtype in DTYPES.items():
        data, count = elements(kind)
        tensors[kind] = (dtype, [count], data)
        if kind[0] in "fc" or kind == "bf16":
            parameters += count
    return safetensors(tensors, {"format": "pt"}), parameters


# ------------------------------------------------------------------------------------------------------------ Protocol Buffers

def field(number, value):
    """A field: a number, a text, bytes or the fields of a message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value & (1 << 64) - 1)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def mindir():
    """A model of MindSpore as it exports it: a graph of one MatMul whose weight is a parameter."""
    def tensor(dims, *more):
        return b"".join(field(1, d) for d in dims) + field(2, 1) + b"".join(more)

    node = field(1, "main:x") + field(1, "main:w") + field(2, "main:0") + field(3, "main:0") + field(4, "MatMul") + field(
        5, field(1, "transpose_b") + field(3, 1) + field(16, 9))
    output = field(1, "main:0") + field(2, tensor([1, 2]))
    graph = field(1, node) + field(2, "main") + field(3, tensor([2, 4], field(7, "main:w"), field(9, weights("w", [2, 4])))) + field(
        5, field(1, "main:x") + field(2, tensor([1, 4]))) + field(6, output)
    return field(1, "0.1.1") + field(2, "MindSpore") + field(3, "2.4.0") + field(5, "0") + field(7, graph) + field(10, 1)


def paddle():
    """A program with its parameters as Paddle saves them for inference: feed, a matrix product, fetch."""
    def tensor(dims):
        return field(1, 5) + b"".join(field(2, d) for d in dims)

    def variable(name, dims, persistent):
        return field(1, name) + field(2, field(1, 7) + field(3, field(1, tensor(dims)) + field(2, 0))) + field(3, int(persistent))

    def operator(kind, inputs, outputs):
        def side(number, named):
            return b"".join(field(number, field(1, n) + field(2, v)) for n, v in named.items())
        return side(1, inputs) + side(2, outputs) + field(3, kind) + field(5, 0)

    def special(name, kind):
        return field(1, name) + field(2, field(1, kind)) + field(3, 1)

    variables = [special("feed", 9), special("fetch", 10), variable("linear_0.w_0", [4, 2], True), variable("x", [-1, 4], False),
                 variable("y", [-1, 2], False)]
    operators = [operator("feed", {"X": "feed"}, {"Out": "x"}), operator("matmul_v2", {"X": "x", "Y": "linear_0.w_0"}, {"Out": "y"}),
                 operator("fetch", {"X": "y"}, {"Out": "fetch"})]
    block = field(1, 0) + field(2, -1) + b"".join(field(3, v) for v in variables) + b"".join(field(4, o) for o in operators) + field(5, -1)
    # A parameter: version, levels of detail, version of the tensor, length of its description, the description, the elements.
    described = tensor([4, 2])
    parameters = struct.pack("<IQIi", 0, 0, 0, len(described)) + described + weights("linear_0.w_0", [4, 2])
    return {"inference.pdmodel": field(1, block) + field(4, field(1, 0)), "inference.pdiparams": parameters}


PIR = b'{"base_code":{"magic":"pir","trainable":true,"version":1},"program":{"regions":[{"#":"region_0","blocks":[{"#":"block_0","args":[],"ops":[]}]}]}}'


def gguf():
    """Version 3, little-endian: two keys, one tensor, data aligned to 32 bytes."""
    def text(value):
        return struct.pack("<Q", len(value)) + value.encode()

    keys = {"general.architecture": struct.pack("<I", 8) + text("llama"), "general.alignment": struct.pack("<II", 4, 32)}
    out = b"GGUF" + struct.pack("<IQQ", 3, 1, len(keys)) + b"".join(text(k) + v for k, v in keys.items())
    out += text("token_embd.weight") + struct.pack("<IQQIQ", 2, 4, 8, 0, 0)
    return out + bytes(-len(out) % 32) + f32(bell("token_embd.weight", 32))


def make():
    """All of them: name of the base → name of the file → bytes; and the metadata that go with them."""
    every, parameters = element_types()
    bases = {
        "safetensors-small": {"model.safetensors": small()}, "safetensors-element-types": {"model.safetensors": every},
        "mindir-small": {"model.mindir": mindir()}, "paddle-small": paddle(), "paddle-pir": {"inference.json": PIR},
        "gguf-small": {"model.gguf": gguf()}}
    return bases, {"safetensors-small": METADATA.format(name="safetensors-small", count=20),
                   "safetensors-element-types": METADATA.format(name="safetensors-element-types", count=parameters)}
