#!/usr/bin/env python3
"""Holds vectors/layouts/native.yaml against conformance/schema/representation.proto, through protoc.

    check_layouts.py [DESCRIPTOR_SET LAYOUT]

Without arguments, protoc makes the descriptors of the native form. With two, a serialised FileDescriptorSet is taken instead, so that
the layout of ONNX can be held against the descriptors of the package onnx where that is installed. Needs protoc and the package
protobuf.
"""
import pathlib
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2

from protobuf_wire import Layout

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIELD = descriptor_pb2.FieldDescriptorProto


def native_descriptors():
    """The descriptors of the native form's schema, as protoc makes them."""
    schema = ROOT / "conformance" / "schema" / "representation.proto"
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "set"
        subprocess.run(["protoc", f"--proto_path={schema.parent}", f"--descriptor_set_out={out}", schema.name], check=True)
        return descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes())


def messages(file, listed, scope=""):
    """Every message of a file with its full name, the package left out."""
    for message in listed:
        yield scope + message.name, message
        yield from messages(file, message.nested_type, scope + message.name + ".")


def field(file, described):
    """What a layout has to say of a field."""
    kind = FIELD.Type.Name(described.type).removeprefix("TYPE_").lower()
    if kind == "message":
        kind = described.type_name.removeprefix(f".{file.package}.")
    repeated = described.label == FIELD.LABEL_REPEATED
    is_number = described.type not in (FIELD.TYPE_STRING, FIELD.TYPE_BYTES, FIELD.TYPE_MESSAGE)
    asked = described.options.packed if described.options.HasField("packed") else file.syntax == "proto3"
    return described.number, kind, repeated, repeated and is_number and asked


def differences(file, layout):
    """What differs between descriptors and a layout, a line each."""
    wanted = {name: {f.name: field(file, f) for f in message.field} for name, message in messages(file, file.message_type)}
    found = {name: {n: (f.number, f.type, f.repeated, f.packed) for n, f in fields.items()} for name, fields in layout.messages.items()}
    for name in sorted(wanted.keys() | found.keys()):
        left, right = wanted.get(name, {}), found.get(name, {})
        for key in sorted(left.keys() | right.keys()):
            if left.get(key) != right.get(key):
                yield f"{name}.{key}: the schema has {left.get(key)}, the layout {right.get(key)}"
        if (name in wanted) != (name in found):
            yield f"{name}: only in {'the schema' if name in wanted else 'the layout'}"


def main():
    if len(sys.argv) == 3:
        descriptors = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(sys.argv[1]).read_bytes())
        path = pathlib.Path(sys.argv[2])
    else:
        descriptors, path = native_descriptors(), ROOT / "vectors" / "layouts" / "native.yaml"
    layout = Layout(path)
    wrong = list(differences(descriptors.file[0], layout))
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{path.name}: {len(layout.messages)} messages, {sum(map(len, layout.messages.values()))} fields, {len(wrong)} differ")
    sys.exit(1 if wrong or layout.root not in layout.messages else 0)


if __name__ == "__main__":
    main()
