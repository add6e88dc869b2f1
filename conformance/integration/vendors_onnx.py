"""Cases of DequantizeLinear and MatMulNBits as onnxruntime computes them: `vendors_onnx.py [FOLDER] [--large]`."""

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from vendors_cases import folder_and_scale, tensor, weight, write

TOOL = f"onnxruntime {onnxruntime.__version__}"
FOLDER, LARGE = folder_and_scale()
SIZE = (512, 1024) if LARGE else (16, 64)


def run(node, initializers, inputs, output, opset=24):
    graph = helper.make_graph(
        [node], "g", [helper.make_tensor_value_info(name, kind, dims) for name, kind, dims, _ in inputs],
        [helper.make_tensor_value_info(node.output[0], output, None)], initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset), helper.make_opsetid("com.microsoft", 1)], ir_version=11)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {name: value for name, _, _, value in inputs})[0]


def initializer(name, kind, dims, data):
    return helper.make_tensor(name, kind, dims, data, raw=True)


FLOATS = {TensorProto.FLOAT: (torch.float32, np.float32), TensorProto.FLOAT16: (torch.float16, np.float16)}
WIDTH = {TensorProto.INT8: 8, TensorProto.UINT8: 8, TensorProto.INT16: 16, TensorProto.UINT16: 16, TensorProto.INT32: 32,
         TensorProto.INT4: 4, TensorProto.UINT4: 4, TensorProto.INT2: 2, TensorProto.UINT2: 2, TensorProto.FLOAT8E4M3FN: 8, TensorProto.FLOAT8E5M2: 8}
OURS = {TensorProto.INT8: "i8", TensorProto.UINT8: "u8", TensorProto.INT16: "i16", TensorProto.UINT16: "u16", TensorProto.INT32: "i32",
        TensorProto.INT4: "i4", TensorProto.UINT4: "u4", TensorProto.INT2: "i2", TensorProto.UINT2: "u2",
        TensorProto.FLOAT8E4M3FN: "f8e4m3fn", TensorProto.FLOAT8E5M2: "f8e5m2"}


def linear(name, kind, dims, axis=None, block=0, zero=False, scale_type=TensorProto.FLOAT, opset=24):
    random = np.random.default_rng(len(name))

    def levels(dims):
        count = int(np.prod(dims)) if len(dims) else 1
        data = random.integers(0, 256, (count * WIDTH[kind] + 7) // 8, dtype=np.uint8)
        if OURS[kind] == "i32":
            data = random.integers(-1000, 1000, count, dtype=np.int32).view(np.uint8)
        if OURS[kind].startswith("f8"):
            data = data & 0xBB
        return data.tobytes()

    shape = [] if axis is None else [dims[axis]]
    if block:
        shape = list(dims)
        shape[axis] = -(-dims[axis] // block)
    torch_type, numpy_type = FLOATS[scale_type]
    scale = np.asarray(random.random(shape) * 0.01 + 0.001, dtype=numpy_type).reshape(shape)
    x = levels(dims)
    parts = {"x": {"type": OURS[kind], "dims": list(dims), "bytes": x.hex()}, "x_scale": tensor(torch.from_numpy(np.asarray(scale)))}
    held = [initializer("x", kind, dims, x), numpy_helper.from_array(scale, "s")]
    names = ["x", "s"]
    if zero:
        z = levels(shape)
        held.append(initializer("z", kind, shape, z))
        names.append("z")
        parts["x_zero_point"] = {"type": OURS[kind], "dims": shape, "bytes": z.hex()}
    attributes = {} if axis is None else {"axis": axis}
    if block:
        attributes["block_size"] = block
    y = run(helper.make_node("DequantizeLinear", names, ["y"], **attributes), held, [], scale_type, opset)
    settings = {"axis": 1 if axis is None else axis, "block_size": block}
    write(FOLDER, "onnx-linear-" + name, TOOL, "onnx-linear", settings, parts, torch.from_numpy(y))


def matmul(name, bits, block, zero=None, columns=None, scale_type=TensorProto.FLOAT):
    rows, columns = SIZE[0], columns or SIZE[1]
    blocks = -(-columns // block)
    random = np.random.default_rng(len(name))
    data = random.integers(0, 256, (rows, blocks, block * bits // 8), dtype=np.uint8)
    torch_type, numpy_type = FLOATS[scale_type]
    scale = (random.random((rows, blocks)) * 0.01 + 0.001).astype(numpy_type)
    parts = {"B": torch.from_numpy(data), "scales": torch.from_numpy(np.asarray(scale))}
    held = [numpy_helper.from_array(data, "B"), numpy_helper.from_array(scale, "s")]
    names = ["A", "B", "s"]
    if zero == "packed":
        z = random.integers(0, 256, (rows, -(-blocks * bits // 8)), dtype=np.uint8)
    elif zero == "float":
        z = (random.random((rows, blocks)) * (2**bits - 1)).astype(numpy_type)
    if zero:
        held.append(numpy_helper.from_array(z, "z"))
        names.append("z")
        parts["zero_points"] = torch.from_numpy(z)
    node = helper.make_node("MatMulNBits", names, ["y"], domain="com.microsoft", K=columns, N=rows, bits=bits, block_size=block)
    unit = np.eye(columns, dtype=numpy_type)
    y = run(node, held, [("A", scale_type, [columns, columns], unit)], scale_type, 21)
    settings = {"N": rows, "K": columns, "bits": bits, "block_size": block}
    write(FOLDER, "onnx-matmul-" + name, TOOL, "onnx-matmul", settings, parts, torch.from_numpy(y.T.copy()))


def attempt(case, *arguments, **options):
    try:
        case(*arguments, **options)
    except Exception as error:  # what this version of onnxruntime does not compute
        print("not computed:", arguments, options, str(error)[:160].replace("\n", " "))


T = TensorProto
attempt(linear, "u8-tensor", T.UINT8, SIZE, zero=True)
attempt(linear, "i8-axis0", T.INT8, SIZE, axis=0)
attempt(linear, "i8-axis1", T.INT8, (5, 7, 3), axis=1, zero=True)
attempt(linear, "i8-axis-last", T.INT8, (5, 7), axis=-1, zero=True)
attempt(linear, "i16", T.INT16, (5, 7), zero=True)
attempt(linear, "u16", T.UINT16, (5, 7), axis=0, zero=True)
attempt(linear, "i32", T.INT32, (5, 7), axis=0)
attempt(linear, "i4-block", T.INT4, SIZE, axis=1, block=16, zero=True)
attempt(linear, "u4-block0", T.UINT4, (33, 9), axis=0, block=32, zero=True)
attempt(linear, "u4-f16", T.UINT4, SIZE, axis=1, block=16, zero=True, scale_type=T.FLOAT16)
attempt(linear, "i2-block", T.INT2, SIZE, axis=1, block=16, zero=True, opset=25)
attempt(linear, "u2-tensor", T.UINT2, SIZE, zero=True, opset=25)
attempt(linear, "f8e4m3fn", T.FLOAT8E4M3FN, SIZE)
attempt(linear, "f8e5m2-f16", T.FLOAT8E5M2, SIZE, scale_type=T.FLOAT16)
for bits in (2, 4, 8):
    attempt(matmul, f"{bits}", bits, 32)
    attempt(matmul, f"{bits}-zero", bits, 16, "packed")
    attempt(matmul, f"{bits}-float-zero", bits, 32, "float")
    attempt(matmul, f"{bits}-short", bits, 32, "packed", columns=SIZE[1] - 16)
attempt(matmul, "4-f16", 4, 32, "packed", scale_type=T.FLOAT16)
