"""What a reader finds wrong: faults with the requirement that is not met, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MALFORMED, UNSAFE, UNSUPPORTED, VIOLATION, REMARK, SYSTEM = (
    "malformed", "unsafe", "unsupported", "violation", "remark", "system")

#: Requirements that say `should`: what breaks them is told, and read all the same.
ADVISORY = frozenset(
    {"PMR-003", "PMR-015", "PMR-016", "PMR-017", "PMR-018", "PMR-019", "PMR-020", "ST-006", "ST-010",
     "ONNX-006", "ONNX-007", "ONNX-013", "ONNX-015", "ONNX-024", "ONNX-026", "ONNX-027", "ONNX-036",
     "HF-003", "HF-004", "HF-006", "HF-007", "HF-010", "HF-011", "HF-015", "HF-016", "HF-018", "HF-019", "HF-020",
     "HF-021", "HF-022", "HF-026", "HF-027",
     "P7.1-032", "P7.2-025", "P7.3-010", "P7.3-025", "P7.3-032", "P7.3-045", "P7.3-051",
     "P8.2-005", "P8.2-006", "P8.2-013", "P8.2-093", "P8.3-003", "P8.3-037"})


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the requirement's id, the kind, and where it is."""

    requirement: str
    kind: str
    file: str | None = None
    path: str | None = None
    offset: int | None = None
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """The fault as an object of the driver protocol, members without a value left out."""
        members = {"requirement": self.requirement, "kind": self.kind, "file": self.file, "path": self.path,
                   "offset": self.offset, "note": self.note or None}
        return {name: value for name, value in members.items() if value is not None}


class Refused(Exception):
    """Reading cannot go on; the reason is in the log already."""


class FaultLog:
    """The faults of one sample, in the order in which they were found, bounded."""

    LIMIT = 10_000

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._known: set[tuple[str, str]] = set()

    def add(self, requirement: str, kind: str = MALFORMED, note: str = "", *, file: str | None = None,
            path: str | None = None, offset: int | None = None) -> None:
        """Records a fault; beyond the limit only requirements that were not yet found are kept."""
        if len(self.faults) >= self.LIMIT and (requirement, kind) in self._known:
            return
        self._known.add((requirement, kind))
        self.faults.append(Fault(requirement, kind, file, path, offset, note))

    def refuse(self, requirement: str, kind: str = MALFORMED, note: str = "", *, file: str | None = None,
               path: str | None = None, offset: int | None = None) -> Refused:
        """Records a fault and gives the exception that ends the reading."""
        self.add(requirement, kind, note, file=file, path=path, offset=offset)
        return Refused(f"{requirement}: {note}")

    def has(self, *requirements: str) -> bool:
        """Whether one of these was found, in whatever kind."""
        return any(requirement == known for requirement in requirements for known, _ in self._known)

    @property
    def verdict(self) -> str:
        """`reject` where something that has to hold does not, else `unsupported` where something is not read, else `accept`."""
        return verdict(self.faults)


def verdict(faults: Iterable[Fault]) -> str:
    """The verdict on a sample with these faults."""
    kinds = {fault.kind for fault in faults if fault.requirement not in ADVISORY or fault.kind == UNSUPPORTED}
    if SYSTEM in kinds:
        return "error"
    if kinds & {MALFORMED, UNSAFE, VIOLATION}:
        return "reject"
    return "unsupported" if UNSUPPORTED in kinds else "accept"
