#!/usr/bin/env python3
"""Tries a reader of safetensors files on the corpus: use_corpus.py EXPORTED (made by `gbt42382 vectors export EXPORTED`)."""
import json
import os
import pathlib
import struct
import sys


def read(path):
    """The reader under test, your own code: names, types, shapes and bytes of the tensors; ValueError for what it refuses."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        length = struct.unpack("<Q", file.read(8).ljust(8, b"\xff"))[0]
        if length > min(size - 8, 100_000_000):
            raise ValueError("the header is longer than the file")
        header = json.loads(file.read(length).decode("utf-8"))
        return {name: (t["dtype"], t["shape"], t["data_offsets"]) for name, t in header.items() if name != "__metadata__"}


root, accepted, refused, wrong = pathlib.Path(sys.argv[1]), 0, 0, []
for vector in json.loads((root / "index.json").read_text(encoding="utf-8"))["vectors"]:
    if not vector["id"].startswith("ST-") or not vector["sample"].endswith(".safetensors"):
        continue
    unsound = [finding["kind"] for finding in vector["findings"] if finding["kind"] not in ("violation", "remark")]
    try:
        read(root / vector["sample"])
        accepted += 1
        if unsound:
            print(f"accepted, though {unsound[0]}: {vector['id']} ({vector['purpose']['en']})")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        refused += 1
        if not unsound:
            wrong.append(f"refused, though sound: {vector['id']}: {error}")
print(*wrong, f"{accepted} accepted, {refused} refused, {len(wrong)} of them wrongly", sep="\n")
sys.exit(1 if wrong or not accepted else 0)
