"""Verifies packages with the verifier's policy, and unpacks them: nothing appears before everything was verified."""

from __future__ import annotations

import os
import subprocess
import tempfile

from . import package_signature
from .faults import FaultLog
from .package_reader import Package, PackageReader


def verify(place: str, log: FaultLog, trusted: list[bytes] | None = None, required: int = 0) -> Package | None:
    """The package at a place where it keeps every rule and the policy."""
    with open(place, "rb") as stream:
        package = PackageReader(stream, log).read()
    if package is not None:
        package_signature.apply_policy(package.keys, package.signatures, trusted or [], required, log)
    return package if log.verdict == "accept" else None


def unpack(place: str, destination: str, log: FaultLog, trusted: list[bytes] | None = None, required: int = 0) -> Package | None:
    """Writes the files of a package into a new folder; it appears only where everything was verified (P8.2-102)."""
    if os.path.lexists(destination):
        raise FileExistsError(destination)
    parent = os.path.dirname(os.path.abspath(destination))
    folder = tempfile.mkdtemp(prefix=".unpack-", dir=parent)
    try:
        with open(place, "rb") as stream:
            package = PackageReader(stream, log, folder).read()
        if package is not None:
            package_signature.apply_policy(package.keys, package.signatures, trusted or [], required, log)
        if package is None or log.verdict != "accept":
            return None
        os.chmod(folder, 0o755)
        os.rename(folder, destination)
        return package
    finally:
        if os.path.lexists(folder):  # `rm` goes deeper than shutil does
            subprocess.run(["rm", "-rf", "--", folder], check=False)
