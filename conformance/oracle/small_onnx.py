"""The small bases in ONNX."""
import hashlib

from protobuf_wire import LAYOUTS, Layout
from small_values import LARGE, WORDS, bell, bits, codes, f32, i64, weights

LAYOUT = Layout(LAYOUTS / "onnx.yaml")
CODE = {name: i for i, name in enumerate(
    "f32 u8 i8 u16 i16 i32 i64 string bool f16 f64 u32 u64 complex64 complex128 bf16 f8e4m3fn f8e4m3fnuz f8e5m2 f8e5m2fnuz u4 i4 f4e2m1 "
    "f8e8m0 u2 i2".split(), 1)}
KINDS = {"f": 1, "i": 2, "s": 3, "t": 4, "g": 5, "floats": 6, "ints": 7, "strings": 8, "tensors": 9, "graphs": 10, "sparse_tensor": 11,
         "sparse_tensors": 12, "tp": 13, "type_protos": 14}


def tensor(name, kind, dims, **content):
    """A tensor; without dims it is a scalar."""
    return ({"dims": list(dims)} if dims else {}) | {"data_type": CODE[kind]} | ({"name": name} if name else {}) | content


def raw(name, kind, dims, data):
    return tensor(name, kind, dims, raw_data=data)


def sparse(name, count, values, places):
    """A sparse tensor of f32 with one dim."""
    return {"values": raw(name, "f32", [len(values)], f32(values)), "indices": raw("", "i64", [len(places)], i64(places)), "dims": [count]}


def memory(count):
    """The sparse parameter that brings a model to `count` parameters more."""
    return sparse("memory.weight", count, bell("memory", 3), [0, 5, count - 1])


def tensor_type(kind, dims=None):
    one = {int: lambda d: {"dim_value": d}, str: lambda d: {"dim_param": d}, type(None): lambda d: {}}
    shape = {} if dims is None else {"shape": {"dim": [one[type(d)](d) for d in dims]} if dims else {}}
    return {"elem_type": CODE[kind]} | shape


def value(name, kind, dims):
    return {"name": name, "type": {"tensor_type": tensor_type(kind, dims)}}


def attribute(name, **given):
    field, = given
    return {"name": name, "type": KINDS[field]} | given


def node(operator, inputs, outputs, attributes=(), **more):
    return {"input": inputs, "output": outputs, "op_type": operator} | ({"attribute": list(attributes)} if attributes else {}) | more


def graph(name, nodes, inputs, outputs, **more):
    return {"node": nodes, "name": name, "output": outputs} | ({"input": inputs} if inputs else {}) | more


def model(graph, version=10, **more):
    return {"ir_version": version, "producer_name": "pytorch", "producer_version": "2.13.0", "opset_import": [{"version": 20}], "graph": graph} | more


def branch(name, operator, *more, **fields):
    return graph(name, [node(operator, ["h", *more], [f"{name}.y"])], [], [value(f"{name}.y", "f32", ["batch", 4])], **fields)


# --------------------------------------------------------------------------------------------------------------------- bases

def small():
    """A layer, a function, a choice, an operator with every kind of attribute; initializers in every field."""
    every = [
        attribute("f", f=0.5), attribute("i", i=-7), attribute("s", s=b"text"), attribute("t", t=raw("", "i64", [2], i64([1, -2]))),
        attribute("g", g=branch("only", "Relu")), attribute("floats", floats=[0.25, -1.5]), attribute("ints", ints=[1, 0, -3]),
        attribute("strings", strings=[b"a", b""]), attribute("tensors", tensors=[raw("", "f32", [], f32([0.75]))]),
        attribute("graphs", graphs=[branch("first", "Relu"), branch("second", "Neg")]),
        attribute("sparse_tensor", sparse_tensor=sparse("few", 9, [0.5, 0.25], [1, 8])),
        attribute("sparse_tensors", sparse_tensors=[sparse("none", 9, [0.5], [4])]),
        attribute("tp", tp={"sequence_type": {"elem_type": {"tensor_type": tensor_type("f32", [None])}}}),
        attribute("type_protos", type_protos=[
            {"tensor_type": tensor_type("i64", [])}, {"optional_type": {"elem_type": {"tensor_type": tensor_type("f16")}}},
            {"map_type": {"key_type": CODE["string"], "value_type": {"tensor_type": tensor_type("f32", [1])}}},
            {"sparse_tensor_type": tensor_type("f32", [8, 4])}])]
    shift = raw("else.shift", "f32", [4], f32(bell("else.shift", 4)))
    nodes = [
        node("Gemm", ["x", "encoder.weight", "encoder.bias"], ["h"], [attribute("alpha", f=1.0), attribute("transB", i=1)], name="project"),
        node("Soften", ["h"], ["s"], [attribute("slope", f=0.125)], name="soften", domain="com.example.blocks"),
        node("If", ["open"], ["c"], [attribute("then_branch", g=branch("then", "Relu")),
                                     attribute("else_branch", g=branch("else", "Add", "else.shift", initializer=[shift]))], name="choose"),
        node("Everything", ["h", "", "mask"], ["e"], every, name="everything", domain="com.example.operators"),
        node("Add", ["s", "c"], ["y"], name="join")]
    main = graph(
        "main", nodes, [value("x", "f32", ["batch", 4]), value("mask", "bool", [None, 4])],
        [value("y", "f32", ["batch", 4]), value("e", "f32", ["batch"])], doc_string="A layer between a projection and an exit.",
        value_info=[value("h", "f32", ["batch", 4])],
        initializer=[
            raw("encoder.weight", "f32", [4, 4], weights("encoder.weight", [4, 4])),
            tensor("encoder.bias", "f32", [4], float_data=bell("encoder.bias", 4)), tensor("open", "bool", [], int32_data=[1]),
            tensor("shape", "i64", [2], int64_data=[-1, 4]), tensor("scale.weight", "f64", [2], double_data=bell("scale", 2)),
            tensor("words", "string", [5], string_data=WORDS), tensor("mask.seed", "u64", [2], uint64_data=[1, 2**64 - 1])],
        sparse_initializer=[memory(LARGE - 16 - 4 - 2 - 4)])
    function = {
        "name": "Soften", "domain": "com.example.blocks", "input": ["u"], "output": ["w"], "attribute": ["slope"],
        "attribute_proto": [attribute("scale", f=0.5)], "opset_import": [{"version": 20}], "node": [
            node("LeakyRelu", ["u"], ["v"], [{"name": "alpha", "type": 1, "ref_attr_name": "slope"}]),
            node("Elu", ["v"], ["w"], [{"name": "alpha", "type": 1, "ref_attr_name": "scale"}])]}
    return model(
        main, domain="com.example.models", doc_string="A small base of the conformance corpus.", functions=[function],
        opset_import=[{"version": 20}, {"domain": "com.example.blocks", "version": 1}, {"domain": "com.example.operators", "version": 2}],
        metadata_props=[{"key": "model_license", "value": "Apache-2.0"}, {"key": "ticket", "value": "MODEL-42"}])


def least():
    """One node."""
    return model(graph("main", [node("Relu", ["x"], ["y"])], [value("x", "f32", [4])], [value("y", "f32", [4])]))


def external():
    """Weights in two files beside the model: with offset and length, with a checksum, and with a location alone."""
    first = {"w": weights("w", [4, 4]), "b": weights("b", [4])}
    data = first["w"] + first["b"]
    other = weights("c", [2, 4])

    def outside(name, dims, **entries):
        listed = [{"key": k, "value": str(v)} for k, v in entries.items()]
        return tensor(name, "f32", dims, external_data=listed, data_location=1)

    main = graph(
        "main", [node("Gemm", ["x", "w", "b"], ["h"]), node("MatMul", ["c", "h"], ["y"])], [value("x", "f32", [4, 4])], [value("y", "f32", [2, 4])],
        initializer=[
            outside("w", [4, 4], location="model.onnx.data", offset=0, length=64),
            outside("b", [4], location="model.onnx.data", offset=64, length=16, checksum=hashlib.sha1(data).hexdigest()),
            outside("c", [2, 4], location="more.bin"), raw("inside", "i64", [1], i64([7]))],
        sparse_initializer=[memory(LARGE - 16 - 4 - 8)])
    return model(main), {"model.onnx.data": data, "more.bin": other}


def signed(code, width):
    """The number that a code of two's complement means."""
    return code - (1 << width) if code >> width - 1 else code


def typed(kind):
    """The elements of interest of a type in the field that ONNX has for it."""
    if kind == "string":
        return len(WORDS), {"string_data": WORDS}
    listed, width = codes(kind)
    if kind in ("f32", "complex64"):
        return len(listed), {"float_data": pieces(bits(listed, width), 4)}
    if kind in ("f64", "complex128"):
        return len(listed), {"double_data": pieces(bits(listed, width), 8)}
    if kind == "i64":
        return len(listed), {"int64_data": [signed(c, 64) for c in listed]}
    if kind in ("u32", "u64"):
        return len(listed), {"uint64_data": listed}
    if width < 8:
        # The low byte of each number holds as many elements as fit.
        return len(listed), {"int32_data": list(bits(listed, width))}
    return len(listed), {"int32_data": [signed(c, width) for c in listed] if kind[0] == "i" else listed}


def pieces(data, size):
    """Numbers as their bytes, so that payloads of NaN stay."""
    return [data[i:i + size] for i in range(0, len(data), size)]


def element_types():
    """A tensor of each type as raw bytes, and another in the field that is there for it."""
    initializers, parameters = [], 0
    for kind in CODE:
        count, content = typed(kind)
        listed = [tensor(f"typed.{kind}", kind, [count], **content)]
        if kind != "string":
            listed.append(raw(f"raw.{kind}", kind, [count], bits(*codes(kind))))
        initializers += listed
        if kind[0] in "fc" or kind == "bf16":
            parameters += count * len(listed)
    main = graph("main", [node("Relu", ["x"], ["y"])], [value("x", "f32", [4])], [value("y", "f32", [4])],
                 initializer=initializers, sparse_initializer=[memory(LARGE - parameters)])
    return model(main, 13, opset_import=[{"version": 26}])


METADATA = """# What the format of the base {name} cannot hold.
name: {name}
{more}contributors:
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
LACKING = "version: 1.0.0\ndocumentation: A small base of the conformance corpus.\nlicence: Apache-2.0\n"


def make():
    """All of them: name of the base → name of the file → bytes; and the metadata that go with them."""
    structure, beside = external()
    bases = {
        "onnx-small": {"model.onnx": LAYOUT.write(small())}, "onnx-least": {"model.onnx": LAYOUT.write(least())},
        "onnx-external": {"model.onnx": LAYOUT.write(structure)} | beside,
        "onnx-element-types": {"model.onnx": LAYOUT.write(element_types())}}
    return bases, {name: METADATA.format(name=name, more="version: 1.0.0\n" if name == "onnx-small" else LACKING, count=0 if name == "onnx-least" else LARGE)
                   for name in bases}
