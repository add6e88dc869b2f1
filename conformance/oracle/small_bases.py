#!/usr/bin/env python3
"""Makes the small bases of the corpus, which hundreds of vectors are copied from.

    small_bases.py [--check]        (needs Python; NumPy for compressed tensors, openssl for the packages that are signed)

They are written from the profile and the public descriptions of the formats, by writers of our own, so that equal input gives equal bytes
everywhere. With --check nothing is written, and the exit code is 1 where a committed file differs or is one too many.
vectors/bases/README.md tells what each of them holds. The larger bases, which real libraries wrote, come from bases.py.
"""
import pathlib
import sys

import small_compressed
import small_huggingface
import small_native
import small_onnx
import small_others
import small_packages
import small_statement

BASES = pathlib.Path(__file__).resolve().parents[2] / "vectors" / "bases"


def main():
    made, metadata = small_native.make() | small_compressed.make() | small_statement.make(), {}
    for module in (small_onnx, small_huggingface, small_others, small_packages):
        bases, texts = module.make()
        made |= bases
        metadata |= texts
    changed = []
    for base, files in sorted(made.items()):
        folder = BASES / base
        there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} if folder.is_dir() else set()
        changed += [f"{base}/{name} is not made here" for name in sorted(there - files.keys())]
        for name, content in files.items():
            path = folder / name
            if name in there and path.read_bytes() == content:
                continue
            changed.append(f"{base}/{name}")
            if "--check" not in sys.argv:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
    for base, text in metadata.items():
        path = BASES / "metadata" / f"{base}.yaml"
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            changed.append(f"metadata/{base}.yaml")
            if "--check" not in sys.argv:
                path.write_text(text, encoding="utf-8")
    for line in changed:
        print(line, file=sys.stderr)
    print(f"{len(made)} small bases, {sum(map(len, made.values()))} files, {len(changed)} changed")
    return 1 if changed and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
