#!/usr/bin/env python3
"""What Swift has of the block types of ggml that is no logic: the grids of the chapter, and the blocks its decoders are tried with.

    block_sources.py             writes both files
    block_sources.py --check     says whether they are what would be written
"""
import hashlib
import pathlib
import re
import sys

import gguf_blocks
import gguf_form as form

ROOT = pathlib.Path(__file__).resolve().parents[2]
GRIDS = ROOT / "Sources" / "Compression" / "Blocks" / "BlockGrid+Digits.swift"
FIXTURES = ROOT / "Tests" / "CompressionTests" / "BlockFixtures.swift"
CASES = {"IQ2_XXS": "iq2xxs", "IQ2_XS": "iq2xs", "IQ2_S": "iq2s", "IQ3_XXS": "iq3xxs", "IQ3_S": "iq3s", "IQ1_S": "iq1"}


def lines(digits, indent, width=100):
    return "\n".join(" " * indent + digits[at:at + width] for at in range(0, len(digits), width))


def grids():
    out = ["// Written by conformance/oracle/block_sources.py from conformance/profile/7.3-ggml-blocks.md.\n", "extension BlockGrid {",
           "  /// The set of bits of the profile, in hexadecimal digits and with line ends.", "  var digits: String {", "    switch self {"]
    for name, case in CASES.items():
        digits = re.search(rf"^{name}:\n```\n(.*?)```", form.TEXT, re.S | re.M)[1].replace("\n", "")
        out += [f"    case .{case}:", '      """', lines(digits, 6), '      """']
    return "\n".join(out + ["    }", "  }", "}", ""])


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def sample(name):
    """Two ordinary blocks, and one with each of the extreme scales."""
    size, data = form.TYPES[name].bytes, form.blocks(name, 64)
    return b"".join(data[k * size:k * size + size] for k in [0, 1, *range(7, 64, 8)])


def fixtures():
    out = ["// Written by conformance/oracle/block_sources.py: blocks drawn there, and what the second implementation makes of them.\n",
           "/// Blocks of a type and the digest (SHA-256) of the f32 that they stand for.", "struct BlockFixture: Sendable {",
           "  let name: String", "  let elements: UInt64", "  let bytes: UInt64",
           "  /// The place in a block and the size of each number that a big-endian file turns round; nil without an agreed order.",
           "  let turned: [(Int, Int)]?", "  let digest: String", "  let digits: String\n",
           "  /// The digests of the points of grids, coordinate by coordinate, each a signed byte.",
           "  static let grids: [String: String] = ["]
    for name in CASES:
        digest = sha256(gguf_blocks.GRIDS[name].astype("i1").tobytes())
        out.append(f'    "{name}": "{digest}",')
    out += ["  ]\n", "  static let all: [BlockFixture] = ["]
    for name, kind in form.TYPES.items():
        if kind.elements == 1:
            continue
        turned = form.SWAPPED.get(name)
        turned = "nil" if turned is None else "[" + ", ".join(f"({place}, {width})" for place, width in turned) + "]"
        if len(turned) > 60:
            turned = "[\n        " + turned[1:-1].replace(", (", ",\n        (") + ",\n      ]"
        data = sample(name)
        out += [f'    BlockFixture(\n      name: "{name}", elements: {kind.elements}, bytes: {kind.bytes},\n      turned: {turned},',
                f'      digest: "{sha256(gguf_blocks.decode(name, data).tobytes())}",', '      digits: """', lines(data.hex(), 8), '        """),']
    return "\n".join(out + ["  ]", "}", ""])


def main():
    wrong = 0
    for path, text in (GRIDS, grids()), (FIXTURES, fixtures()):
        if sys.argv[1:] == ["--check"]:
            same = path.is_file() and path.read_text(encoding="utf-8") == text
            wrong += not same
            print(f"{path.relative_to(ROOT)}: {'as written' if same else 'differs'}")
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
