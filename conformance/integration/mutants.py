#!/usr/bin/env python3
"""Runs a campaign against each mutant of the implementation in Python and asks whether it is caught.

    mutants.py TOOL [--jobs N] [--only NAME …] [--keep FOLDER]

What has to be found stands in conformance/implementations/mutants/mutants.yaml. Ends with 0 where every mutant is caught at the
right place, every campaign came to its end in time, and no process is left behind."""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "conformance/implementations/python"
MUTANTS = ROOT / "conformance/implementations/mutants/mutants.yaml"
LONGEST = 600  # seconds of a campaign


class Missed(Exception):
    """A mutant that was not caught as it has to be."""


def implementation(folder: Path, patches: list[dict[str, str]]) -> Path:
    """A copy of the implementation with these changes."""
    copy = folder / "python"
    shutil.copytree(PYTHON / "gb42382", copy / "gb42382", ignore=shutil.ignore_patterns("__pycache__"))
    for patch in patches:
        place = copy / "gb42382" / patch["file"]
        text = place.read_text(encoding="utf-8")
        if text.count(patch["old"]) != 1:
            raise Missed(f"{patch['file']} has the text {text.count(patch['old'])} times: {patch['old']!r}")
        place.write_text(text.replace(patch["old"], patch["new"]), encoding="utf-8")
    return copy


def statement(folder: Path, copy: Path, mutant: dict[str, object]) -> Path:
    """The ICS of the implementation with the IXIT of the mutant."""
    ics = yaml.safe_load((PYTHON / "ics.yaml").read_text(encoding="utf-8"))
    ixit = ics["ixit"]
    ixit["environment"] = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    ixit.update({"request_timeout": 120, "start_timeout": 60, **mutant.get("ixit", {})})
    python = shlex.quote(sys.executable)
    if mutant.get("mode") == "one-shot":
        del ixit["command"]
        ixit["one_shot"] = {name: template.replace("python3", python) for name, template in ixit["one_shot"].items()}
    else:
        del ixit["one_shot"]
        ixit["command"] = ixit["command"].replace("python3", python)
    place = folder / "ics.yaml"
    place.write_text(yaml.safe_dump(ics, allow_unicode=True), encoding="utf-8")
    return place


def campaign(tool: str, folder: Path, mutant: dict[str, object]) -> tuple[dict[str, object], float]:
    """The report of a campaign, and the seconds that it took."""
    copy = implementation(folder, mutant["patch"])
    command = [tool, "conformance", "run", "--ics", str(statement(folder, copy, mutant)), "--jobs", "1", "--lang", "en",
               "--json", str(folder / "report.json"), "--log", str(folder / "log.jsonl")]
    for pattern in mutant["select"]:
        command += ["--select", pattern]
    begin = time.monotonic()
    try:
        finished = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        raise Missed(f"the campaign did not end in {LONGEST} s") from None
    seconds = time.monotonic() - begin
    if not (folder / "report.json").exists():
        raise Missed(f"no report, exit code {finished.returncode}: {finished.stderr[-400:]}")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {**report, "said": finished.stdout + finished.stderr + (folder / "log.jsonl").read_text(encoding="utf-8")}, seconds


def judge(mutant: dict[str, object], report: dict[str, object]) -> str:
    """What the mutant was caught by; Missed where it was not."""
    expect, results = mutant["expect"], report["samples"][0]["results"]
    for pattern in mutant.get("clean", []):
        for result in results:
            if result["verdict"] == "fail" and fnmatch.fnmatchcase(result["vector"], pattern):
                raise Missed(f"{result['vector']} fails, and has nothing to do with it: {result}")
    if "warning" in expect:
        if expect["warning"] not in str(report["said"]):
            raise Missed(f"no warning of {expect['warning']}: {str(report['said'])[-300:]}")
        return f"warning {expect['warning']}"
    outcomes = expect.get("outcome", [])
    outcomes = [outcomes] if isinstance(outcomes, str) else outcomes
    verdict = expect.get("verdict", "fail")
    caught = [result for result in results if result["verdict"] == verdict
              and result["clause"].startswith(expect.get("clause", ""))
              and (not outcomes or result.get("outcome") in outcomes)
              and ("requirement" not in expect or result["vector"].startswith(expect["requirement"] + "/"))]
    if not caught:
        raise Missed(f"no {verdict} at {expect}; verdicts {sorted({(item['verdict'], str(item.get('outcome'))) for item in results})}")
    if "also" in expect and not any(result.get("outcome") == expect["also"] for result in results):
        raise Missed(f"no {expect['also']}")
    return f"{len(caught)} × {verdict}, first {caught[0]['vector']} ({caught[0].get('outcome')})"


def survivors(marker: str) -> list[str]:
    """Processes whose command line or environment names the folder or the command, other than this one."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            text = (entry / "cmdline").read_bytes().replace(b"\0", b" ") + b"\0" + (entry / "environ").read_bytes()
        except OSError:
            continue
        if marker.encode() in text:
            found.append(f"{entry.name}: {text.split(bytes(1))[0].decode(errors='replace')}")
    return found


def run(tool: str, mutant: dict[str, object], keep: str | None) -> tuple[bool, str]:
    """Whether a mutant is caught, and a line that says by what."""
    name = mutant["name"]
    with tempfile.TemporaryDirectory(prefix=f"mutant-{name}-") as holder:
        folder = Path(holder)
        try:
            report, seconds = campaign(tool, folder, mutant)
            line = f"{judge(mutant, report)}; {len(report['samples'][0]['results'])} vectors, {seconds:.1f} s"
            left = survivors(holder)
            if left:
                raise Missed(f"processes left behind: {left}")
            return True, f"caught  {name}: {line}"
        except Missed as missed:
            return False, f"MISSED  {name}: {missed}"
        finally:
            if keep is not None and (folder / "report.json").exists():
                shutil.copy(folder / "report.json", Path(keep) / f"{name}.json")


def main() -> int:
    """Runs all mutants, several at once."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--keep", metavar="FOLDER", help="folder for the reports")
    options = parser.parse_args()
    mutants = [mutant for mutant in yaml.safe_load(MUTANTS.read_text(encoding="utf-8"))["mutants"]
               if not options.only or mutant["name"] in options.only]
    tool = str(Path(options.tool).resolve())
    if options.keep is not None:
        os.makedirs(options.keep, exist_ok=True)
    missed = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for caught, line in pool.map(lambda mutant: run(tool, mutant, options.keep), mutants):
            print(line, flush=True)
            missed += not caught
    print(f"{len(mutants) - missed} of {len(mutants)} mutants are caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
