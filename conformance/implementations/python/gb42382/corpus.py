"""Compares this implementation with an exported corpus (conformance/using-the-corpus.md): verdicts and decoded content."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter

from . import sample, segments, unpackager
from .faults import FaultLog
from .package_format import MAGIC

#: Beginnings of ids, by the containers that a reader has rules for.
CONTAINERS = ("PMR-", "ST-", "HF-", "ONNX-")

#: What nobody can know yet: there is no implementation that may read it as if it were nothing.
UNKNOWN = frozenset({"P6.1-001", "P7.1-024", "P8.2-004", "P8.2-012"})


#: What the ICS does not claim: the description in config.json and the model card, pickles.
UNCLAIMED = frozenset({"HF-005", "HF-024", "HF-025", "PICKLE-001"})


def _numbers(clause: str, *ranges: tuple[int, int]) -> set[str]:
    return {f"P{clause}-{number:03}" for low, high in ranges for number in range(low, high + 1)}


#: What of clause 7 is asked of the compression statement, or of a model and its original: a decompressor reads neither.
STATEMENT = frozenset(
    _numbers("7.1", (1, 22), (38, 46)) | _numbers("7.2", (1, 9), (19, 21), (26, 26), (29, 29))
    | _numbers("7.3", (5, 5), (13, 15), (19, 19), (24, 24), (27, 29), (32, 34)) | _numbers("7.4", (5, 5), (16, 28)))

#: What stands for a part of clause 8 that the ICS does not claim: encryption, other signatures and certificates, rights.
UNCLAIMED_PARTS = frozenset({"P8.2-036", "P8.2-061", "P8.2-062", "P8.2-076"})


def read(place: str, format_name: str | None) -> sample.Reading:
    """The reading of a sample; a package and a folder of segments are verified, and what they carry is not read."""
    log = FaultLog()
    if os.path.isdir(place) and os.path.exists(os.path.join(place, "manifest.pmm")):
        with tempfile.TemporaryDirectory() as folder:
            segments.join(place, os.path.join(folder, "model.pmp"), log)
        return sample.Reading("segments", None, log)
    if os.path.isfile(place):
        with open(place, "rb") as file:
            if file.read(8) == MAGIC:
                unpackager.verify(place, log)
                return sample.Reading("package", None, log)
    return sample.read(place, format_name)


def expected(vector: dict[str, list[dict[str, str]]], should: set[str]) -> tuple[set[str], set[str], set[str], bool]:
    """Requirements that a reader refuses by, may refuse by, and need not support; and whether the system is at fault."""
    kinds: dict[str, set[str]] = {}
    for finding in vector["findings"]:
        kinds.setdefault(finding["kind"], set()).add(finding["requirement"])
    refused = (kinds.get("malformed", set()) | kinds.get("unsafe", set())) - should
    return refused, kinds.get("violation", set()) - should, kinds.get("unsupported", set()), "system" in kinds


def agrees(verdict: str, found: set[str], vector: dict[str, list[dict[str, str]]], should: set[str]) -> bool:
    """Whether a verdict is one that the findings of a vector leave open."""
    refused, violated, unsupported, system = expected(vector, should)
    if system:
        return verdict == "error"
    if refused:
        return verdict == "reject"
    if verdict == "reject":
        return bool(found & violated)
    if verdict == "unsupported":
        return bool(unsupported)
    unread = {requirement for requirement in unsupported if requirement.startswith(CONTAINERS) or requirement in UNKNOWN}
    return not unread


def run(folder: str, selected: tuple[str, ...]) -> int:
    """Prints each difference and the numbers; 0 where there is none."""
    with open(os.path.join(folder, "index.json"), encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    with open(os.path.join(folder, "requirements.json"), encoding="utf-8") as file:
        should = {entry["id"] for entry in json.load(file)["requirements"] if entry["modality"] != "shall"}
    counts: Counter[str] = Counter()
    for vector in vectors:
        if not vector["id"].startswith(selected) or "shrinking" in vector:
            continue
        clause8 = vector["clause"].startswith("8")
        if vector["clause"].startswith("7") and set(vector["requirements"]) & STATEMENT:
            counts["not claimed"] += 1
            continue
        if (any(finding["requirement"] in UNCLAIMED for finding in vector["findings"])
                or clause8 and ("options" in vector or "overlay" in vector or "/inside-" in vector["id"])):
            counts["not claimed"] += 1
            continue
        reading = read(os.path.join(folder, vector["sample"]), vector.get("format"))
        found = {fault.requirement for fault in reading.faults if fault.kind != "remark"}
        if clause8 and reading.verdict == "unsupported" and found & UNCLAIMED_PARTS:
            counts["not claimed"] += 1
            continue
        counts["vectors"] += 1
        right = agrees(reading.verdict, found, vector, should)
        if "decoded" in vector and reading.decoded is not None:
            counts["decoded"] += 1
            with open(os.path.join(folder, vector["decoded"]), encoding="utf-8") as file:
                if json.dumps(json.load(file), sort_keys=True) != json.dumps(reading.decoded, sort_keys=True):
                    right = False
                    print(f"{vector['id']}: the decoded content differs")
        if not right:
            counts["different"] += 1
            wanted = sorted({f"{finding['requirement']} {finding['kind']}" for finding in vector["findings"]})
            print(f"{vector['id']}: {reading.verdict} {sorted(found)}; expected {wanted}: {vector['purpose']['en']}")
    print(f"{counts['vectors']} vectors, {counts['decoded']} decoded contents compared, {counts['different']} differences, "
          f"{counts['not claimed']} vectors not claimed")
    return 1 if counts["different"] else 0
