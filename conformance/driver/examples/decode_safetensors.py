#!/usr/bin/env python3
"""A one-shot tool: decode_safetensors.py INPUT OUTPUT checks a bare safetensors file and writes what it holds into the folder.

Ends with 0 done, 1 the input breaks a rule, 2 the input is of another format."""

import hashlib
import json
import math
import os
import sys

BITS = {"F64": 64, "F32": 32, "F16": 16, "BF16": 16, "F8_E4M3": 8, "F8_E5M2": 8, "I64": 64, "I32": 32, "I16": 16, "I8": 8,
        "U64": 64, "U32": 32, "U16": 16, "U8": 8, "BOOL": 8}
TYPES = {"F8_E4M3": "f8e4m3fn", "F8_E5M2": "f8e5m2"}


def distinct(pairs):
    """An object of JSON, no name of which stands twice."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def decode(data):
    """The tensors as decoded.json lists them; ValueError, or another error of Python's, where the file breaks a rule."""
    size = int.from_bytes(data[:8], "little")
    if size > 100_000_000 or len(data) < 8 + size:
        raise ValueError("the header leaves the file")
    header = json.loads(data[8:8 + size].decode("utf-8"), object_pairs_hook=distinct)
    header.pop("__metadata__", None)
    tensors, end = [], 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, stop = entry["data_offsets"]
        if begin != end or stop - begin != math.prod(entry["shape"]) * BITS[entry["dtype"]] // 8:
            raise ValueError(f"the bytes of {name}")
        end = stop
        elements = data[8 + size + begin:8 + size + stop]
        tensors.append({"name": name, "element_type": TYPES.get(entry["dtype"], entry["dtype"].lower()), "dims": entry["shape"],
                        "sha256": hashlib.sha256(elements).hexdigest()})
    if len(data) != 8 + size + end:
        raise ValueError("bytes that belong to no tensor, or are not there")
    return sorted(tensors, key=lambda tensor: tensor["name"].encode())


def main(source, output):
    """Runs once; what it gives back is the exit code."""
    if not os.path.isfile(source):
        return 2
    with open(source, "rb") as file:
        data = file.read()
    if data[8:9] != b"{":
        return 2
    try:
        tensors = decode(data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        print(f"refused: {error!r}", file=sys.stderr)
        return 1
    os.makedirs(output, exist_ok=True)
    with open(os.path.join(output, "decoded.json"), "w", encoding="utf-8") as file:
        json.dump({"tensors": tensors}, file)
    with open(os.path.join(output, "tensors.safetensors"), "wb") as file:
        file.write(data)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
