"""What the command and the driver offer: decode, encode, pack, unpack, verify, join. Each gives an outcome with findings."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field

from . import package_signature, package_writer, safetensors_file, sample, segments, unpackager
from .faults import MALFORMED, VIOLATION, Fault, FaultLog
from .native_binary import Record
from .native_json import JSONReader
from .native_sample import message, records, text
from .native_schema import MESSAGES
from .native_writer import encode as encode_binary
from .native_writer import json_text
from .package_reader import Package

MAXIMUM_FINDINGS = 100


@dataclass
class Outcome:
    """done, rejected, unsupported or failed; what was found; further members of the response."""

    outcome: str
    findings: list[Fault] = field(default_factory=list)
    members: dict[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, log: FaultLog, **members: object) -> Outcome:
        """The outcome that the faults of a log lead to."""
        outcome = {"accept": "done", "reject": "rejected", "unsupported": "unsupported", "error": "failed"}[log.verdict]
        return cls(outcome, log.faults, members if outcome == "done" else {})

    def as_json(self) -> dict[str, object]:
        """The members of a response, which has to fit into a line: of many findings the first, and the first of each kind."""
        told = self.findings[:MAXIMUM_FINDINGS]
        known = {(finding.requirement, finding.kind) for finding in told}
        for finding in self.findings[MAXIMUM_FINDINGS:]:
            if (finding.requirement, finding.kind) not in known:
                known.add((finding.requirement, finding.kind))
                told.append(finding)
        return {"outcome": self.outcome, "findings": [finding.as_json() for finding in told], **self.members}


def decode(path: str, output: str, format_name: str | None = None) -> Outcome:
    """Writes decoded.json, tensors.safetensors and, of the native form, structure.pmr.json into a folder."""
    return _decoded(sample.read(path, format_name), output, structure=True)


def decompress(path: str, output: str, base: str | None = None) -> Outcome:
    """Writes decoded.json and tensors.safetensors of what the chains of a sample give back."""
    outcome = _decoded(sample.read(path, base=base), output, structure=False)
    outcome.members.pop("format", None)
    return outcome


def _decoded(reading: sample.Reading, output: str, structure: bool) -> Outcome:
    log = reading.log
    if reading.model is None or reading.decoded is None or log.verdict != "accept":
        return Outcome.of(log)
    tensors = reading.model.as_safetensors(log)
    if log.verdict != "accept":
        return Outcome.of(log)
    os.makedirs(output, exist_ok=True)
    members: dict[str, object] = {"format": reading.format, "content": "decoded.json", "tensors": "tensors.safetensors"}
    _write(os.path.join(output, "decoded.json"), json.dumps(reading.decoded, ensure_ascii=False, allow_nan=False).encode() + b"\n")
    _write(os.path.join(output, "tensors.safetensors"), tensors)
    if structure and reading.model.structure is not None:
        _write(os.path.join(output, "structure.pmr.json"), json_text(reading.model.structure).encode())
        members["structure"] = "structure.pmr.json"
    return Outcome.of(log, **members)


def encode(structure: str, output: str, tensors: str | None = None) -> Outcome:
    """Writes a structure in the native form; variables without content take theirs from a file of tensors."""
    log = FaultLog()
    with open(structure, "rb") as file:
        record = JSONReader(file.read(), log).read()
    if record is None or log.verdict != "accept":
        return Outcome.of(log)
    written = [os.path.basename(output)]
    if tensors is not None:
        name = os.path.basename(output).removesuffix(".json").removesuffix(".pmr") + ".safetensors"
        if not _attach(record, tensors, os.path.join(os.path.dirname(output), name), name, log):
            return Outcome.of(log)
        written.append(name)
    data = json_text(record).encode() if output.endswith(".json") else encode_binary(record)
    _write(output, data)
    return Outcome.of(log, files=written)


def _attach(record: Record, tensors: str, place: str, name: str, log: FaultLog) -> bool:
    """Copies a file of tensors beside the structure and refers to it from each variable without content."""
    size = os.path.getsize(tensors)
    header = safetensors_file.read_header(tensors, size, log, os.path.basename(tensors))
    if header is None or not header.complete or log.verdict != "accept":
        return False
    entries = {entry.name: entry for entry in header.entries}
    files = record.setdefault("files", [])
    assert isinstance(files, list)
    index = len(files)
    for variable in records(record, "parameters"):
        tensor = message(variable, "tensor")
        if tensor is None or "tied_to" in variable or tensor.keys() & {"stored", "inline", "strings", "sparse"}:
            continue
        entry = entries.get(text(variable, "name"))
        if entry is None:
            log.add("P6.1-114", VIOLATION, f"no tensor {text(variable, 'name')}", file=os.path.basename(tensors))
            return False
        stored = Record(MESSAGES["ByteRange"])
        stored.update({"file": index, "offset": entry.offset, "length": entry.length})
        tensor["stored"] = stored
    payload = Record(MESSAGES["Region"])
    payload.update({"offset": header.payload, "length": size - header.payload})
    table = Record(MESSAGES["ParameterFile"])
    table.update({"path": name, "size": size, "payload": payload})
    files.append(table)
    with open(tensors, "rb") as source:
        _write(place, source.read())
    return True


def pack(folder: str, output: str, key: str | None = None) -> Outcome:
    """Packs a directory, signed with a private key in PEM where one is given."""
    log = FaultLog()
    package_writer.pack(folder, output, log, _read(key) if key is not None else None)
    return Outcome.of(log)


def verify(package: str, keys: list[str], required: int) -> Outcome:
    """Verifies a package and the policy."""
    log = FaultLog()
    held = unpackager.verify(package, log, [package_signature.public_key(_read(key)) for key in keys], required)
    return Outcome.of(log, **_described(held))


def unpack(package: str, output: str, keys: list[str], required: int) -> Outcome:
    """Unpacks a package into a new folder."""
    log = FaultLog()
    held = unpackager.unpack(package, output, log, [package_signature.public_key(_read(key)) for key in keys], required)
    return Outcome.of(log, **_described(held))


def join(folder: str, output: str) -> Outcome:
    """Makes the package of a folder of segments."""
    log = FaultLog()
    if not segments.join(folder, output, log) and log.verdict == "accept":
        log.add("P8.3-010", MALFORMED, "no package")
    return Outcome.of(log)


def _described(package: Package | None) -> dict[str, object]:
    if package is None:
        return {}
    return {"files": package.names, "root": "sha256:" + package.root.hex(), "signatures": package.signatures}


def _read(place: str) -> bytes:
    with open(place, "rb") as file:
        return file.read()


def _write(place: str, data: bytes) -> None:
    """A file that appears whole or not at all."""
    partial = place + ".partial"
    with open(partial, "wb") as file:
        file.write(data)
    os.replace(partial, place)
