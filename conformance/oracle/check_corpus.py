#!/usr/bin/env python3
"""Holds the files of the corpus against their schema, its canonical form and its size.

    check_corpus.py VECTORS [EXPORTED]

EXPORTED is a directory that `gbt42382 vectors export` wrote; its index is held against its schema, and every path in it has to lead
to something.
"""
import json
import pathlib
import re
import sys

import jsonschema
import yaml

SIZE_LIMIT = 40_000_000
KEYS = ["id", "purpose", "class", "requirements", "base", "mutation", "flags", "findings", "format", "stored", "decoded", "overlay",
        "options", "reports"]


def validator(name):
    schema = json.loads((pathlib.Path(__file__).resolve().parents[1] / "schema" / name).read_text())
    return jsonschema.validators.validator_for(schema)(schema)


def check_vectors(root):
    schema, count = validator("vector.schema.json"), 0
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in sorted(root.glob("[0-9]*/*/*/vector.yaml")):
        count += 1
        text = path.read_text(encoding="utf-8")
        vector = yaml.load(text, Loader=loader)
        where = path.parent.relative_to(root)
        for error in schema.iter_errors(vector):
            yield f"{where}: {error.json_path}: {error.message[:200]}"
        keys = re.findall(r"^([a-z]+):", text, flags=re.M)
        if keys != [key for key in KEYS if key in keys]:
            yield f"{where}: keys are not in canonical order: {keys}"
        if text != text.rstrip() + "\n" or "\t" in text or any(line != line.rstrip() for line in text.splitlines()):
            yield f"{where}: blanks at the end of a line, tabs, or no single line feed at the end"
    if not count:
        yield f"{root}: no vectors"
    print(f"{count} vectors")


def check_size(root):
    # The bytes of the files, which is what a clone and an archive cost; most are far smaller than a block.
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_symlink() or not path.is_dir())
    print(f"{size / 1e6:.1f} MB of {SIZE_LIMIT / 1e6:.0f} MB")
    if size > SIZE_LIMIT:
        yield f"{root}: {size} B > {SIZE_LIMIT} B"


def check_export(root):
    index = json.loads((root / "index.json").read_text(encoding="utf-8"))
    for error in validator("corpus-index.schema.json").iter_errors(index):
        yield f"index.json: {error.json_path}: {error.message[:200]}"
    for vector in index["vectors"]:
        for key in ("sample", "metadata", "decoded"):
            # A vector may be about a sample that is not there, or a link that leads nowhere.
            if key in vector and key != "sample" and not (root / vector[key]).exists():
                yield f"index.json: {vector['id']}: {key} {vector[key]} is not there"
    print(f"{len(index['vectors'])} vectors exported")


def main():
    root = pathlib.Path(sys.argv[1])
    problems = list(check_vectors(root)) + list(check_size(root))
    if len(sys.argv) > 2:
        problems += check_export(pathlib.Path(sys.argv[2]))
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
