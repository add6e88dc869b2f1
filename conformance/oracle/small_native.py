"""The small bases in the native form."""
import base64
import json
import math
import struct

from protobuf_wire import LAYOUTS, Layout
from small_values import LARGE, WORDS, bell, digest, elements, f32, i64, safetensors, weights

LAYOUT = Layout(LAYOUTS / "native.yaml")
TYPES = ("f64 f32 f16 bf16 f8e4m3fn f8e4m3fnuz f8e5m2 f8e5m2fnuz f8e8m0 f6e2m3 f6e3m2 f4e2m1 i64 i32 i16 i8 i4 i2 u64 u32 u16 u8 u4 u2 "
         "bool string complex64 complex128").split()
CODE = {name: i for i, name in enumerate(TYPES, 1)}
PARAMETER, CONSTANT, BUFFER = 1, 2, 3
KINDS = [None, "PARAMETER", "CONSTANT", "BUFFER"]


# ------------------------------------------------------------------------------------------------------------------ entities

def tensor_type(kind, dims=None):
    """A tensor type. A dim is a number, a name, or None where nothing is known of it; no dims at all: the rank is unknown."""
    out = {"element_type": CODE[kind]}
    if dims is None:
        return out
    if all(isinstance(d, int) for d in dims):
        return out | {"shape": {"sizes": list(dims)} if dims else {}}
    one = {int: lambda d: {"fixed": d}, str: lambda d: {"symbolic": d}, type(None): lambda d: {}}
    return out | {"shape": {"dims": [one[type(d)](d) for d in dims]}}


def inline(kind, dims, data):
    return {"type": tensor_type(kind, dims), "inline": data}


def strings(dims, texts):
    return {"type": tensor_type("string", dims), "strings": {"values": texts}}


def stored(kind, dims, file, offset, data, algorithm):
    place = {k: v for k, v in (("file", file), ("offset", offset), ("length", len(data))) if v}
    return {"type": tensor_type(kind, dims), "stored": place, "digest": digest(algorithm, data)}


def variable(name, kind, tensor, **more):
    return {"name": name, "kind": kind, "tensor": tensor} | more


def weight(name, dims):
    """A trainable parameter with its weights inline."""
    return variable(name, PARAMETER, inline("f32", dims, weights(name, dims)), trainable=True)


def memory(count, rank=1):
    """A sparse parameter of `count` elements, of which three are held; with rank 2 its places have a number for each axis."""
    dims, places = ([count], [0, 5, count - 1]) if rank == 1 else ([count // 8, 8], [0, 3, 7, 7, count // 8 - 1, 0])
    assert math.prod(dims) == count
    return variable("memory.weight", PARAMETER, {"type": tensor_type("f32", dims), "sparse": {
        "values": inline("f32", [3], f32(bell("memory", 3))),
        "indices": inline("i64", [3] if rank == 1 else [3, 2], i64(places))}}, trainable=True)


def value(name, kind, dims):
    return {"name": name, "type": {"tensor": tensor_type(kind, dims)}}


def node(operator, inputs, outputs, attributes=(), **more):
    return {"operator_type": operator, "inputs": inputs, "outputs": outputs} | ({"attributes": list(attributes)} if attributes else {}) | more


def attribute(name, **value):
    return {"name": name} | value


def model(name, **fields):
    """A model with everything that a description has to say."""
    return {
        "format": "GB42382-PMR", "major": 1, "profile": "2026.1", "name": name, "version": "1.2.3", "identifier": f"com.example.models.{name}",
        "producer": {"name": "PyTorch", "version": "2.13.0"},
        "documentation": "A small base of the conformance corpus.", "licence": "Apache-2.0",
        "contributors": [{"name": "张三", "organisation": "示例研究院", "email": "zhang.san@example.com", "role": "author"}],
        "architecture": {"kind": "encoder-only", "family": "bert", "hyper_parameters": [
            {"name": "layers", "integer": 1}, {"name": "hidden-size", "integer": 4}, {"name": "attention-heads", "integer": 2}]},
        "modalities": ["text"],
        "pre_training": {"paradigm": "self-supervised", "objective": "masked-language-modelling"},
        "parameter_count": LARGE, "complete": True} | fields


# --------------------------------------------------------------------------------------------------------------------- bases

def small():
    """Everything that a description holds, each field once at least; four parameters, no graph."""
    listed = [weight("encoder.weight", [8, 4]), weight("encoder.bias", [4]), weight("norm.weight", [4])]
    out = model("small", parameters=listed + [memory(LARGE - 40)])
    out["contributors"] = [
        {"name": "张三", "organisation": "示例研究院", "email": "zhang.san@example.com", "role": "author"},
        {"name": "Li Si", "organisation": "Example Institute", "email": "li.si@example.org", "role": "maintainer"}]
    out["architecture"]["hyper_parameters"] += [
        {"name": "normalisation-epsilon", "float": 1e-12}, {"name": "activation", "text": "gelu"},
        {"name": "tied-embeddings", "boolean": False}, {"name": "com.example.window", "integer": -1}]
    out["modalities"] = ["text", "image"]
    out["pre_training"] |= {"data_volume": 1_000_000, "data_unit": "tokens", "precision": "bf16"}
    out["properties"] = [{"key": "ticket", "value": "MODEL-42"}, {"key": "language", "value": "zh"}]
    out["extensions"] = [{"name": "com.example.layout", "content": b"\x00\x01\xfe\xff"}]
    return out


def branch(name, operator):
    """A graph for an attribute: it takes its input from the graph around it."""
    return {"name": name, "outputs": [{"name": f"{name}.y"}], "nodes": [node(operator, ["h"], [f"{name}.y"], name=f"{name}.{operator}")]}


def graph():
    """Two graphs, one with sub-graphs; two blocks; every kind of attribute, type, dim and variable."""
    scalar = tensor_type("f32", [])
    every = [
        attribute("integer", integer=-7), attribute("float", float=0.5), attribute("text", text=b"text"),
        attribute("tensor", tensor=inline("i64", [2], i64([1, -2]))), attribute("graph", graph=branch("only", "Relu")),
        attribute("type", type={"tensor": tensor_type("f32", [None, 4])}), attribute("integers", integers={"values": [1, 0, -3]}),
        attribute("floats", floats={"values": [0.25, -1.5]}), attribute("texts", texts={"values": [b"a", b""]}),
        attribute("tensors", tensors={"values": [inline("f32", [], f32([0.75])), strings([1], [b"word"])]}),
        attribute("graphs", graphs={"values": [branch("first", "Relu"), branch("second", "Neg")]}),
        attribute("types", types={"values": [{"sequence": {"element": {"tensor": scalar}}}, {"optional": {}}]}),
        attribute("none-listed", integers={})]
    then = branch("then", "Relu")
    other = branch("else", "Add")
    other["variables"] = [variable("else.shift", CONSTANT, inline("f32", [4], f32(bell("else.shift", 4))))]
    other["nodes"][0]["inputs"] = ["h", "else.shift"]
    main = {
        "name": "main", "documentation": "A layer between a projection and an exit.",
        "inputs": [
            value("x", "f32", ["batch", 4]), value("mask", "bool", [None, 4]),
            {"name": "rows", "type": {"sparse_tensor": tensor_type("f32", [8, 4])}},
            {"name": "pieces", "type": {"sequence": {"element": {"tensor": tensor_type("f16")}}}},
            {"name": "perhaps", "type": {"optional": {"element": {"tensor": tensor_type("i64", [])}}}},
            {"name": "scores", "type": {"map": {"key": CODE["string"], "value": {"tensor": tensor_type("f32", [1])}}}}],
        "outputs": [value("y", "f32", ["batch", 4])],
        "nodes": [
            node("Gemm", ["x", "encoder.weight", "encoder.bias"], ["h"], [attribute("alpha", float=1.0), attribute("transB", integer=1)], name="project"),
            node("Everything", ["h", "", "mask"], ["e", ""], every, name="everything", domain="com.example.operators"),
            node("If", ["open"], ["i"], [attribute("then_branch", graph=then), attribute("else_branch", graph=other)], name="choose"),
            node("Layer", ["i"], ["l"], [attribute("slope", float=0.125)], name="layer", domain="com.example.blocks"),
            node("Layer", ["l"], ["y"], [attribute("slope", float=0.25)], name="twin", domain="com.example.blocks", overload="short")],
        "variables": [variable("open", CONSTANT, inline("bool", [], b"\x01"))],
        "value_types": [value("h", "f32", ["batch", 4])]}
    second = {
        "name": "second", "inputs": [value("x", "f32", [1])], "outputs": [value("y", "f32", [1])],
        "nodes": [node("Relu", ["x"], ["y"])]}
    layer = {
        "name": "Layer", "domain": "com.example.blocks", "repetitions": 3, "required_attributes": ["slope"],
        "default_attributes": [attribute("scale", float=0.5)], "operator_sets": [{"version": 20}],
        "body": {"name": "layer", "inputs": [{"name": "u"}], "outputs": [{"name": "w"}], "nodes": [
            node("LeakyRelu", ["u"], ["v"], [attribute("alpha", reference="slope")]),
            node("Elu", ["v"], ["w"], [attribute("alpha", reference="scale")])]}}
    short = {
        "name": "Layer", "domain": "com.example.blocks", "overload": "short", "repetitions": 1, "required_attributes": ["slope"],
        "operator_sets": [{"version": 20}],
        "body": {"name": "short", "inputs": [{"name": "u"}], "outputs": [{"name": "w"}], "nodes": [
            node("LeakyRelu", ["u"], ["w"], [attribute("alpha", reference="slope")])]}}
    return model(
        "graph",
        operator_sets=[{"version": 20}, {"domain": "com.example.blocks", "version": 1}, {"domain": "com.example.operators", "version": 2}],
        graphs=[main, second], blocks=[layer, short],
        parameters=[
            weight("encoder.weight", [4, 4]), weight("encoder.bias", [4]),
            variable("decoder.weight", PARAMETER, {"type": tensor_type("f32", [4, 4])}, trainable=True, tied_to="encoder.weight"),
            variable("steps", BUFFER, inline("i64", [1], i64([3])), trainable=False),
            variable("words", CONSTANT, strings([5], WORDS)),
            variable("frozen.weight", PARAMETER, inline("f32", [4], weights("frozen.weight", [4])), trainable=False),
            memory(LARGE - 24, rank=2)])


def files():
    """Stored tensors in two files, digests of every algorithm, partitions with pieces, assets of every kind."""
    raw = {n: weights(n, s) for n, s in (("head.weight", [4, 4]), ("head.weight.0", [2, 4]), ("head.weight.1", [2, 4]))}
    raw["head.weight.0"], raw["head.weight.1"] = raw["head.weight"][:32], raw["head.weight"][32:]
    raw["steps"] = i64([1000])
    binary = b"".join(raw.values())
    held = {"embedding.weight": ("F32", [4, 4], weights("embedding.weight", [4, 4])), "norm.weight": ("F32", [4], weights("norm.weight", [4])),
            "gate.weight": ("BF16", [2, 4], weights("gate.weight", [2, 4], "bf16"))}
    wrapped = safetensors(held, {"format": "pt"})
    start = 8 + struct.unpack("<Q", wrapped[:8])[0]
    parameters, at = [], 0
    for (name, data), dims, algorithm in zip(raw.items(), ([4, 4], [2, 4], [2, 4], [1]), ("sha256", "sha512", "sm3", "sha256")):
        is_state = name == "steps"
        parameters.append(variable(name, BUFFER if is_state else PARAMETER, stored("i64" if is_state else "f32", dims, 0, at, data, algorithm), trainable=not is_state))
        at += len(data)
    at = start
    for (name, (dtype, dims, data)), algorithm in zip(held.items(), ("sha256", "sha512", "sm3")):
        parameters.append(variable(name, PARAMETER, stored(dtype.lower(), dims, 1, at, data, algorithm), trainable=True))
        at += len(data)
    assets = {
        "tokenizer": ("tokenizer.json", '{"version":"1.0","model":{"type":"WordLevel","vocab":{"[UNK]":0,"a":1},"unk_token":"[UNK]"}}\n'),
        "preprocessing": ("preprocessor_config.json", '{"do_normalize":true}\n'), "configuration": ("config.json", '{"model_type":"bert"}\n'),
        "generation": ("generation_config.json", '{"do_sample":false}\n'), "model-card": ("README.md", "# files\n"),
        "licence": ("LICENSE", "Apache-2.0\n"), "evaluation": ("evaluation.json", '{"accuracy":0.5}\n'), "other": ("notes.txt", "一行说明\n")}
    listed = []
    for i, (kind, (path, text)) in enumerate(assets.items()):
        data = text.encode()
        listed.append({"kind": kind, "path": f"assets/{path}", "size": len(data), "digest": digest(("sha256", "sha512", "sm3")[i % 3], data)})
    structure = model(
        "files", parameters=parameters + [memory(LARGE - 16 - 8 - 8 - 16 - 4 - 8)], assets=listed,
        partitions=[{"variable": "head.weight", "axis": 0, "index": i, "count": 2, "pipeline_stage": 0, "expert": i, "piece": f"head.weight.{i}"} for i in (0, 1)],
        files=[
            {"path": "parameters.bin", "size": len(binary), "digest": digest("sha256", binary), "payload": {"length": len(binary)}},
            {"path": "weights.safetensors", "size": len(wrapped), "digest": digest("sm3", wrapped),
             "payload": {"offset": start, "length": len(wrapped) - start}}])
    return structure, {"parameters.bin": binary, "weights.safetensors": wrapped} | {f"assets/{p}": t.encode() for p, t in assets.values()}


def bare():
    """The least that is well-formed with a tensor: what describes a model is not there."""
    return {"format": "GB42382-PMR", "major": 1, "parameters": [variable("w", PARAMETER, inline("f32", [2], f32(bell("w", 2))))], "complete": True}


def element_types():
    """A tensor of each element type, with every code of the small ones and codes of interest of the others."""
    listed = []
    for kind in TYPES:
        if kind == "string":
            listed.append(variable(kind, CONSTANT, strings([len(WORDS)], WORDS)))
        else:
            data, count = elements(kind)
            listed.append(variable(kind, CONSTANT, inline(kind, [count], data)))
    return model("element-types", parameters=listed + [memory(LARGE)])


# ---------------------------------------------------------------------------------------------------------------------- JSON

def shortest(value, kind):
    """The shortest digits that give a float back."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if kind == "double":
        return value
    for digits in range(1, 10):
        short = float(f"{value:.{digits}g}")
        if struct.pack("<f", short) == struct.pack("<f", value):
            return short


def as_json(fields, message):
    """A message in the Protocol Buffers JSON mapping."""
    known = sorted((LAYOUT.messages[message][n] for n in fields), key=lambda f: f.number)
    return {camel(f.name): [json_value(f, v, message) for v in fields[f.name]] if f.repeated else json_value(f, fields[f.name], message)
            for f in known}


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(r.capitalize() for r in rest)


def json_value(field, value, message):
    if field.type in ("uint64", "sint64"):
        return str(value)
    if field.type in ("float", "double"):
        return shortest(value, field.type)
    if field.type == "bytes":
        return base64.b64encode(value).decode()
    if field.type == "enum":
        return f"VARIABLE_KIND_{KINDS[value]}" if message == "Variable" else f"ELEMENT_TYPE_{TYPES[value - 1].upper()}"
    return value if field.type in ("uint32", "bool", "string") else as_json(value, field.type)


def text(fields):
    return (json.dumps(as_json(fields, "Model"), separators=(",", ":"), ensure_ascii=False)).encode()


def make():
    """All of them: name of the base → name of the file → bytes."""
    structure, beside = files()
    return {
        "native-small": {"model.pmr": LAYOUT.write(small())},
        "native-graph": {"model.pmr": LAYOUT.write(graph())},
        "native-files": {"model.pmr": LAYOUT.write(structure)} | beside,
        "native-bare": {"model.pmr": LAYOUT.write(bare())},
        "native-json": {"model.pmr.json": text(small())},
        "native-graph-json": {"model.pmr.json": text(graph())},
        "native-element-types": {"model.pmr": LAYOUT.write(element_types())}}
