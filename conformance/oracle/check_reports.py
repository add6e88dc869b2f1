#!/usr/bin/env python3
"""Holds the reports in a folder against their schemas: JSON with the package jsonschema, JUnit with xmllint.

    check_reports.py REPORTS
"""
import json
import pathlib
import subprocess
import sys

import jsonschema


def main():
    reports = pathlib.Path(sys.argv[1])
    schemas = pathlib.Path(__file__).resolve().parents[2] / "reports" / "schema"
    validators = []
    for name in ("report.schema.json", "campaign.schema.json", "package.schema.json"):
        schema = json.loads((schemas / name).read_text())
        validators.append(jsonschema.validators.validator_for(schema)(schema))
    documents, failed = sorted(reports.glob("*.json")), 0
    for path in documents:
        document = json.loads(path.read_text())
        # A campaign's results speak of vectors, those of a run of requirements; what a command did with a package names the command.
        is_campaign = any("vector" in result for sample in document.get("samples", ()) for result in sample["results"][:1])
        for error in validators[2 if "command" in document else is_campaign].iter_errors(document):
            failed += 1
            print(f"{path.name}: {error.json_path}: {error.message[:200]}", file=sys.stderr)
    junit = sorted(reports.glob("*.xml"))
    for name in ("junit-ant.xsd", "junit-jenkins.xsd"):
        result = subprocess.run(
            ["xmllint", "--noout", "--schema", str(schemas / name), *map(str, junit)], stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        if result.returncode:
            failed += 1
            print("\n".join(line for line in result.stderr.splitlines() if not line.endswith(" validates")), file=sys.stderr)
    print(f"{len(documents)} JSON and {len(junit)} JUnit reports: {failed} problems")
    sys.exit(1 if failed or not documents or not junit else 0)


if __name__ == "__main__":
    main()
