#!/usr/bin/env python3
"""Holds the native form that the tool writes against two independent readers.

    check_native.py TOOL BASES

Each Hugging Face directory and bare file below BASES is converted; Google's Protocol Buffers library reads the result from the
schema alone (read_native.py), and every tensor is compared, name, type, shape and bytes, with what a reader of safetensors headers
of twenty lines, here, makes of the original. JSON and back has to give the same bytes. Needs protoc and the package protobuf.
"""
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

from read_native import elements, element_type, load, schema_module, variables

ELEMENT_TYPES = {n: n.lower() for n in "F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL".split()} | {
    "C64": "complex64", "F8_E4M3": "f8e4m3fn", "F8_E4M3FNUZ": "f8e4m3fnuz", "F8_E5M2": "f8e5m2", "F8_E5M2FNUZ": "f8e5m2fnuz",
    "F8_E8M0": "f8e8m0", "F6_E2M3": "f6e2m3", "F6_E3M2": "f6e3m2", "F4": "f4e2m1"}


def safetensors(path):
    """The tensors of a file: (name, element type, shape, bytes)."""
    data = path.read_bytes()
    length, = struct.unpack("<Q", data[:8])
    for name, entry in json.loads(data[8:8 + length]).items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            yield name, ELEMENT_TYPES[entry["dtype"]], entry["shape"], data[8 + length + start:8 + length + end]


def check(tool, classes, sample, folder):
    """What is wrong with the conversion of a sample; the number of tensors that were compared."""
    native, text, again = folder / "model.pmr", folder / "model.pmr.json", folder / "again.pmr"
    source = folder / sample.name
    shutil.copytree(sample, source) if sample.is_dir() else shutil.copy(sample, source)
    for arguments in ((source, native), (native, text), (text, again)):
        subprocess.run([tool, "convert", "--quiet", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)
    wrong = [] if native.read_bytes() == again.read_bytes() else ["JSON and back gives other bytes"]
    model = load(classes, native)
    found = {variable.name: variable.tensor for variable in variables(model)}
    count = 0
    for file in sorted(source.glob("*.safetensors")) if source.is_dir() else [source]:
        for name, kind, shape, data in safetensors(file):
            count += 1
            tensor = found.pop(name, None)
            if tensor is None:
                wrong.append(f"{name}: missing")
            elif (element_type(classes, tensor), list(tensor.type.shape.sizes)) != (kind, shape):
                wrong.append(f"{name}: type")
            elif elements(model, folder, tensor) != data:
                wrong.append(f"{name}: bytes")
    return wrong + [f"{name}: not in the original" for name in found], count


def main():
    tool, bases = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    classes = schema_module()
    samples = sorted({p.parent for p in bases.glob("*/model*.safetensors")}) + sorted(bases.glob("bare-*/*.safetensors"))
    failed = total = 0
    for sample in samples:
        with tempfile.TemporaryDirectory() as folder:
            wrong, count = check(tool, classes, sample, pathlib.Path(folder))
        total += count
        failed += bool(wrong)
        for line in wrong:
            print(f"{sample.name}: {line}", file=sys.stderr)
    print(f"{len(samples)} models, {total} tensors: {failed} models differ")
    sys.exit(1 if failed or not total else 0)


if __name__ == "__main__":
    main()
