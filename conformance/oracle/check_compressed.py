#!/usr/bin/env python3
"""Holds what vectors of compressed tensors expect against the implementation in Python (compression.py), which shares nothing with the tool.

    check_compressed.py [PATTERN…]        vectors of clause 7 whose id one of the patterns matches; all of them without

Each compressed tensor of an input is decoded. The keys of the refusals, without those that follow from another tensor's, have to be the
findings of clause 7 on chains and stages that the vector lists, and nothing else; and what is merely advised likewise.
"""
import fnmatch
import pathlib
import re
import sys

import yaml

import compression
from compression import Compressed, Model, Refused, decode
from compression_entropy import Zstd
from small_native import LAYOUT

ROOT = pathlib.Path(__file__).resolve().parents[2]


def requirements():
    """Keys of the requirements on chains and stages, to their ids."""
    out = {}
    for path in sorted((ROOT / "conformance" / "requirements").glob("7.*.yaml")):
        text = path.read_text(encoding="utf-8")
        if "CompressionFault" in text.splitlines()[0]:
            out |= {key: id_ for id_, key in re.findall(r"  - id: (\S+)\n    key: (\S+)", text)}
    return out


def advice(fields, tensor):
    """Keys of what is merely advised and not so: of a tensor that can be decoded, its side tensors and its payload."""
    stages = fields["compressed"]["stages"]
    for message, (method, d), x in zip(stages, tensor.stages, compression.inputs(tensor)):
        yield from compression.advice(method, d, x)
        for name, value in d.items():
            for inner, read in zip(value, message[method][name]) if name == "factors" else [(value, message[method].get(name))]:
                if isinstance(inner, Compressed):
                    yield from advice(read, inner)
    if tensor.payload is not None:
        if tensor.stages[-1][0] in ("entropy", "zstd") and "digest" not in fields["compressed"]["payload"]:
            yield "entropy-payload-digest-present"
        if tensor.stages[-1][0] == "zstd" and not Zstd.header(decode(tensor.payload).bytes())["checksum"]:
            yield "zstd-checksum-present"
        if isinstance(tensor.payload, Compressed):
            yield from advice(fields["compressed"]["payload"], tensor.payload)


def found(path):
    """The keys that the tensors of a file are refused by, and those of what is advised; a tensor whose base is refused has none of its own."""
    read = {variable["name"]: variable["tensor"] for variable in LAYOUT.read(path.read_bytes()).get("parameters", [])}
    tensors, refused = {}, {}
    for name, fields in read.items():
        try:
            if "inline" in fields or "compressed" in fields:
                tensors[name] = compression.tensor_of(fields)
        except Refused as fault:
            refused[name] = fault.key
    model = Model(tensors, broken=refused)
    keys = []
    for name, tensor in tensors.items():
        if isinstance(tensor, Compressed):
            try:
                decode(tensor, model)
                keys += advice(read[name], tensor)
            except Refused as fault:
                if not fault.follows and (not fault.circle or name in fault.circle):
                    keys.append(fault.key)
    return keys + list(refused.values())


def main():
    known, wrong, count = requirements(), 0, 0
    for path in sorted((ROOT / "vectors").glob("7.*/*/*/vector.yaml")):
        vector = yaml.safe_load(path.read_text(encoding="utf-8"))
        source = path.parent / "input" / "model.pmr"
        if sys.argv[1:] and not any(fnmatch.fnmatch(vector["id"], pattern) for pattern in sys.argv[1:]) or not source.exists():
            continue
        count += 1
        expected = sorted(f["requirement"] for f in vector["findings"] for _ in range(f.get("count", 1)) if f["requirement"] in known.values())
        try:
            actual = sorted(known.get(key, key) for key in found(source))
        except Exception as error:  # an oracle that cannot read an input says so
            actual = [f"{type(error).__name__}: {error}"]
        if any(f["requirement"] == "PMR-009" for f in vector["findings"]):  # an unlisted value ends the reading before a chain is looked at
            actual = sorted(set(actual) - {known[key] for key in known if key.endswith("-known")})
        if actual != expected:
            wrong += 1
            print(f"{vector['id']}: the vector expects {', '.join(expected) or 'nothing'}, found {', '.join(actual) or 'nothing'}")
    print(f"{count} vectors, {wrong} differ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
