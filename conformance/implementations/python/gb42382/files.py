"""Files of a sample (6.1 files and element types, sections 1 to 5): safe names, links, opening, folding of names."""

from __future__ import annotations

import os
import re
import stat
import unicodedata

from .faults import MALFORMED, SYSTEM, UNSAFE, UNSUPPORTED, FaultLog

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
MAXIMUM_ENTRIES, MAXIMUM_DIRECTORIES = 100_000, 32


def is_safe(name: str) -> bool:
    """Whether a name is one that a sample may hold (P6.1-003)."""
    size = len(name.encode("utf-8", "surrogateescape"))
    if not 1 <= size <= 4096 or name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return False
    if "\\" in name or _CONTROL.search(name) or re.search("[\ud800-\udfff]", name):
        return False
    return not any(part in ("", ".", "..") for part in name.split("/"))


def folded(name: str) -> str:
    """What names that would collide on some system have in common (P6.1-004)."""
    lower = "".join(character if character == "\u0131" else character.casefold() for character in unicodedata.normalize("NFD", name))
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", lower))


class Tree:
    """The regular files below a root, opened only where the rules allow it; a fault is told once for each file."""

    def __init__(self, root: str, log: FaultLog) -> None:
        self.root, self._log = os.path.realpath(root), log
        self._told: set[str] = set()
        self.opened: set[str] = set()

    def _allowed(self, resolved: str) -> bool:
        if resolved == self.root or resolved.startswith(self.root.rstrip("/") + "/"):
            return True
        cache = re.match(r"(.*/models--[^/]+)/snapshots/[^/]+(/|\Z)", self.root)
        return cache is not None and os.path.dirname(resolved) == cache.group(1) + "/blobs"

    def _fault(self, name: str, requirement: str, kind: str, note: str, path: str | None) -> None:
        if name not in self._told:
            self._told.add(name)
            self._log.add(requirement, kind, note, file=name, path=path)

    def find(self, name: str, path: str | None = None, *, missing: str = "P6.1-006", unsafe: str = "P6.1-003") -> str | None:
        """The place on disk of a safe name's regular file, or None with a fault."""
        if not is_safe(name):
            self._log.add(unsafe, UNSAFE, "the name is not safe", file=None, path=path)
            return None
        place = os.path.join(self.root, name)
        # The parts of the name one by one, so that nothing behind a link that leads out is asked for.
        current = self.root
        for part in name.split("/"):
            current = os.path.join(current, part)
            if os.path.islink(current):
                resolved = os.path.realpath(current)
                try:
                    os.stat(current)
                except OSError as error:
                    if error.errno == 40:  # ELOOP
                        self._fault(name, "P6.1-005", UNSAFE, "links without an end", path)
                        return None
                if not self._allowed(resolved):
                    self._fault(name, "P6.1-005", UNSAFE, f"a link to {os.readlink(current)}", path)
                    return None
        try:
            mode = os.stat(place).st_mode
        except PermissionError:
            self._fault(name, "P6.1-002", SYSTEM, "may not be read", path)
            return None
        except OSError:
            self._fault(name, missing, MALFORMED, "there is no such file", path)
            return None
        if not stat.S_ISREG(mode):
            kind = MALFORMED if stat.S_ISDIR(mode) else UNSAFE
            self._fault(name, "P6.1-007", kind, "no regular file", path)
            return None
        if not os.access(place, os.R_OK):
            self._fault(name, "P6.1-002", SYSTEM, "may not be read", path)
            return None
        self.opened.add(name)
        return place

    def size(self, name: str) -> int | None:
        """Bytes of a file that may be opened, without a fault where there is none."""
        try:
            return os.stat(os.path.join(self.root, name)).st_size
        except OSError:
            return None

    def read(self, name: str, offset: int, length: int, path: str | None = None) -> bytes | None:
        """Bytes of a file; None with a fault where it cannot be opened or has become shorter."""
        place = self.find(name, path)
        if place is None:
            return None
        with open(place, "rb") as file:
            file.seek(offset)
            data = file.read(length)
        if len(data) != length:
            self._fault(name, "P6.1-008", MALFORMED, "the file gives fewer bytes than it has", path)
            return None
        return data

    def listing(self) -> list[str]:
        """All regular files below the root in the order of their bytes; what may not be opened is left out and told."""
        names: list[bytes] = []
        walked: set[str] = set()
        entries = 0
        pending = [(self.root, "", 0)]
        while pending:
            folder, prefix, depth = pending.pop()
            if (resolved := os.path.realpath(folder)) in walked:
                continue
            walked.add(resolved)
            for part in sorted(os.listdir(os.fsencode(folder))):
                name = prefix + os.fsdecode(part)
                place = os.path.join(folder, os.fsdecode(part))
                directory = os.path.isdir(place) and not os.path.islink(place)
                if directory and not prefix and part.startswith(b"."):
                    continue
                entries += 1
                if entries > MAXIMUM_ENTRIES:
                    self._log.add("P6.1-009", UNSUPPORTED, f"more than {MAXIMUM_ENTRIES} files")
                    return [os.fsdecode(item) for item in sorted(names)]
                if directory:
                    if depth + 1 > MAXIMUM_DIRECTORIES:
                        self._log.add("P6.1-009", UNSUPPORTED, "directories too deep", file=name)
                    else:
                        pending.append((place, name + "/", depth + 1))
                elif os.path.islink(place) and os.path.isdir(place) and self._allowed(os.path.realpath(place)):
                    if not os.path.realpath(place).startswith(self.root + "/"):
                        pending.append((place, name + "/", depth + 1))
                elif self.find(name) is not None:
                    names.append(os.fsencode(name))
        return [os.fsdecode(item) for item in sorted(names)]

    def check_distinct(self, names: list[str]) -> None:
        """Tells of names that differ in case or Unicode form alone (P6.1-004)."""
        first: dict[str, str] = {}
        for name in sorted(set(names), key=lambda item: item.encode("utf-8", "surrogateescape")):
            if first.setdefault(folded(name), name) != name:
                self._log.add("P6.1-004", MALFORMED, f"{name} and {first[folded(name)]} are one name to some systems", file=name)
