#!/usr/bin/env python3
"""Puts defects into the code, drawn by a seed and not chosen by hand, and asks whether the corpus notices.

    seeded_defects.py WORKTREE [--seed N] [--count N] [--output FILE]

WORKTREE is a git worktree of its own, whose files are changed and put back; it is built there in debug mode. Every place in
Sources/Checks and Sources/Formats to which an operator applies is a candidate; a defect that does not compile is replaced by the
next one drawn. A defect is caught where `vectors check` no longer passes, crashes or does not end.
"""
import argparse
import pathlib
import random
import re
import subprocess
import sys

FOLDERS = ("Sources/Checks", "Sources/Formats")
TIMEOUT = 300

# Operators as (name, pattern, replacement); comparison signs stand between blanks, unlike those of generic types.
OPERATORS = [
    ("equal", r" == ", " != "), ("not equal", r" != ", " == "), ("less", r" < ", " <= "), ("at most", r" <= ", " < "),
    ("greater", r" > ", " >= "), ("at least", r" >= ", " > "), ("and", r" && ", " || "), ("or", r" \|\| ", " && "),
    ("plus", r" \+ ", " - "), ("minus", r" - ", " + "), ("times", r" \* ", " + "), ("remainder", r" % ", " / "),
    ("true", r"\btrue\b", "false"), ("false", r"\bfalse\b", "true"), ("zero", r"\b0\b(?![.x])", "1"), ("one", r"\b1\b(?!\.)", "2"),
    ("negation", r"(?<=[ (])!(?=[a-zA-Z.(])", ""), ("closed range", r"\.\.\.(?=[a-z0-9])", "..<"), ("half-open range", r"\.\.<", "..."),
    ("continue", r"\bcontinue\b", "break"), ("first", r"\.first\b", ".last"), ("shall be there", r"\.isEmpty\b", ".isEmpty == false"),
    ("malformed", r"\.malformed\b", ".unsupported"), ("unsafe", r"\.unsafe\b", ".malformed"),
    ("finding", r"^(\s*)findings\.add\(.*\)$", r"\1_ = findings"), ("fault", r"^(\s*)(?:\w+\.)?(?:faults\.)?log\(.*\)$", r"\1_ = 0"),
    ("early end", r"^(\s*)return$", r"\1_ = 0"),
]


def candidates(root):
    """Every place to which an operator applies, in the order of the files."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.swift")):
            if "Generated" in path.parts:
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
                if re.match(r"\s*(//|import|public import|case \.|@)", line):
                    continue
                code = line.split(" //")[0]
                strings = [match.span() for match in re.finditer(r'"(?:[^"\\]|\\.)*"', code)]
                for name, pattern, replacement in OPERATORS:
                    for match in re.finditer(pattern, code):
                        if any(start < match.start() < end for start, end in strings):
                            continue
                        yield path.relative_to(root), number, match.span(), name, match.expand(replacement)


def run(arguments, root, timeout=None):
    try:
        return subprocess.run(arguments, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout, check=False)
    except subprocess.TimeoutExpired:
        return None


def build(root):
    return run(["swift", "build", "--product", "gbt42382"], root).returncode == 0


# Where a defect is looked for first; all vectors are tried before it is said to survive.
NEAREST = [
    ("Formats/ONNX", ["ONNX-001*", "ONNX-002*", "ONNX-005*", "ONNX-01*", "ONNX-02*", "ONNX-03*"]),
    ("Formats/Native", ["PMR-00*", "PMR-010*", "PMR-011*", "PMR-012*", "PMR-02*"]), ("Formats/HuggingFace", ["HF-0*"]),
    ("Formats/Safetensors", ["ST-0*"]), ("", ["P6.1-*"]),
]


def judge(root, path=""):
    """How the corpus took the defect: what stands first among the complaints, or None where nobody noticed."""
    selections = [next(ids for folder, ids in NEAREST if folder in str(path)), []] if path else [[]]
    for selection in selections:
        options = [option for pattern in selection for option in ("--select", pattern)]
        result = run([".build/debug/gbt42382", "vectors", "check", "--lang", "en", *options], root, TIMEOUT)
        if result is None:
            return "did not end"
        if result.returncode != 0:
            lines = result.stdout.decode(errors="replace").splitlines()
            return next((line for line in lines if line.startswith(("✗", "! "))), f"exit code {result.returncode}")
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("worktree", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=42382)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--output", type=pathlib.Path)
    options = parser.parse_args()
    root = options.worktree
    if not build(root) or judge(root) is not None:
        sys.exit("the worktree does not build, or its corpus does not pass")
    places = list(candidates(root))
    random.Random(options.seed).shuffle(places)
    lines = [f"seed {options.seed}, {len(places)} candidates"]
    print(lines[0], flush=True)
    survivors = done = skipped = 0
    for path, number, (start, end), name, replacement in places:
        if done == options.count:
            break
        file = root / path
        text = file.read_text(encoding="utf-8")
        rows = text.split("\n")
        before = rows[number]
        rows[number] = before[:start] + replacement + before[end:]
        file.write_text("\n".join(rows), encoding="utf-8")
        try:
            if not build(root):
                skipped += 1
                continue
            caught = judge(root, path)
        finally:
            file.write_text(text, encoding="utf-8")
        done += 1
        survivors += caught is None
        line = f"{'SURVIVES' if caught is None else 'caught  '} {path}:{number + 1} {name}: `{before.strip()}` → `{rows[number].strip()}`"
        lines.append(line + ("" if caught is None else f" [{caught}]"))
        print(lines[-1], flush=True)
    lines.append(f"{done} defects, {done - survivors} caught, {survivors} survive; {skipped} did not compile and were replaced")
    print(lines[-1])
    if options.output:
        options.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.exit(1 if survivors else 0)


if __name__ == "__main__":
    main()
