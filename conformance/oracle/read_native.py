#!/usr/bin/env python3
"""Reads the native form with Google's Protocol Buffers library for Python, from the schema alone.

Nothing here comes from the Swift code: protoc makes the classes at run time from representation.proto, and the elements are
read where the structure says that they lie. Needs protoc, and the Python packages protobuf and numpy.

    read_native.py FILE.pmr|FILE.pmr.json [--values] [--compare FILE.safetensors …]

Prints canonical JSON of the tensors: name, kind, element type, dims, bytes' SHA-256 with --values. With --compare, every tensor
is compared with that of the same name as the package safetensors reads it; the exit code is 1 where one differs.
"""

import argparse
import hashlib
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "schema" / "representation.proto"


def schema_module():
    """The classes of the schema, made by protoc for this run."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["protoc", f"--proto_path={SCHEMA.parent}", f"--python_out={folder}", SCHEMA.name], check=True)
        sys.path.insert(0, folder)
        try:
            return importlib.import_module("representation_pb2")
        finally:
            sys.path.remove(folder)


def load(pb, path):
    """The model in a file, binary or JSON."""
    data = path.read_bytes()
    model = pb.Model()
    if data.lstrip()[:1] == b"{":
        from google.protobuf import json_format

        json_format.Parse(data, model)
    else:
        assert data[:13] == b"\x0a\x0bGB42382-PMR", "not the native form"
        model.ParseFromString(data)
        assert model.SerializeToString(deterministic=True) == data, "not in canonical encoding"
    assert (model.format, model.major, model.complete) == ("GB42382-PMR", 1, True)
    return model


def graphs(model):
    """Every graph of the model, those in attributes too."""
    def inner(graph):
        yield graph
        for node in graph.nodes:
            for attribute in node.attributes:
                if attribute.WhichOneof("value") == "graph":
                    yield from inner(attribute.graph)
                for nested in attribute.graphs.values:
                    yield from inner(nested)

    for graph in model.graphs:
        yield from inner(graph)
    for block in model.blocks:
        yield from inner(block.body)


def variables(model):
    yield from model.parameters
    for graph in graphs(model):
        yield from graph.variables


def element_type(pb, tensor):
    return pb.ElementType.Name(tensor.type.element_type).removeprefix("ELEMENT_TYPE_").lower()


def elements(model, folder, tensor):
    """The bytes of a tensor; None where it has no bytes of its own."""
    content = tensor.WhichOneof("content")
    if content == "inline":
        return tensor.inline
    if content == "compressed":
        return decoded(model, folder, tensor)
    if content != "stored":
        return None
    entry = model.files[tensor.stored.file]
    path = folder / entry.path
    assert path.stat().st_size == entry.size, f"{entry.path}: size"
    with path.open("rb") as file:
        file.seek(tensor.stored.offset)
        data = file.read(tensor.stored.length)
    assert len(data) == tensor.stored.length, f"{entry.path}: range"
    return data


def held(model, folder, fields):
    """A message as a dict, with all that it stores in files in it."""
    if isinstance(fields, list):
        return [held(model, folder, item) for item in fields]
    if not isinstance(fields, dict):
        return fields
    if "stored" in fields:
        where = fields["stored"]
        with (folder / model.files[where.get("file", 0)].path).open("rb") as file:
            file.seek(where.get("offset", 0))
            return {**fields, "inline": file.read(where.get("length", 0))}
    return {name: held(model, folder, item) for name, item in fields.items()}


def decoded(model, folder, tensor):
    """The elements of a compressed tensor, by the implementation of clause 7; its bases are parameters of the model."""
    import compression

    def chain(message):
        return compression.tensor_of(held(model, folder, compression.layout().read(message.SerializeToString(), "Tensor")))

    bases = {v.name: chain(v.tensor) for v in model.parameters if v.tensor.WhichOneof("content") not in ("strings", "sparse")}
    return compression.decode(chain(tensor), compression.Model(bases)).bytes()


def describe(pb, model, folder, with_values):
    listed = []
    for variable in variables(model):
        tensor = variable.tensor
        entry = {"name": variable.name, "kind": pb.VariableKind.Name(variable.kind).removeprefix("VARIABLE_KIND_").lower(),
                 "type": element_type(pb, tensor), "shape": list(tensor.type.shape.sizes)}
        if with_values:
            data = elements(model, folder, tensor)
            if data is not None:
                entry["sha256"] = hashlib.sha256(data).hexdigest()
        listed.append(entry)
    return listed


def compare(pb, model, folder, files):
    """Compares every tensor with what the package safetensors makes of the original files."""
    from safetensors import safe_open

    names = {"f64": "F64", "f32": "F32", "f16": "F16", "bf16": "BF16", "i64": "I64", "i32": "I32", "i16": "I16", "i8": "I8",
             "u64": "U64", "u32": "U32", "u16": "U16", "u8": "U8", "bool": "BOOL"}
    found = {variable.name: variable.tensor for variable in variables(model)}
    wrong, count = [], 0
    for file in files:
        with safe_open(file, framework="numpy") as original:
            for name in original.keys():
                count += 1
                part = original.get_slice(name)
                tensor = found.pop(name, None)
                if tensor is None:
                    wrong.append(f"{name}: missing")
                elif (names.get(element_type(pb, tensor)), list(tensor.type.shape.sizes)) != (part.get_dtype(), part.get_shape()):
                    wrong.append(f"{name}: type")
                elif part.get_dtype() != "BF16" and elements(model, folder, tensor) != original.get_tensor(name).tobytes():
                    wrong.append(f"{name}: values")
    wrong += [f"{name}: not in the original" for name in found]
    return count, wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--values", action="store_true")
    parser.add_argument("--compare", nargs="+", metavar="FILE.safetensors")
    options = parser.parse_args()
    pb = schema_module()
    model = load(pb, options.file)
    if not options.compare:
        print(json.dumps(describe(pb, model, options.file.parent, options.values), sort_keys=True,
                         separators=(",", ":"), ensure_ascii=False))
        return 0
    count, wrong = compare(pb, model, options.file.parent, options.compare)
    print(f"{count} tensors, {len(wrong)} differ")
    for line in wrong[:20]:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
