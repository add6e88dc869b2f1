"""The driver loop (conformance/driver/protocol.md): requests and responses as lines of JSON over stdin and stdout."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import TextIO

from . import __version__, operations, sample
from .operations import Outcome
from .stages import STAGES

PROTOCOL = 1


class BadRequest(Exception):
    """A request that does not follow the protocol."""


def capabilities(request: dict[str, object]) -> Outcome:
    """What this implementation does."""
    if request.get("protocol") != PROTOCOL:
        raise BadRequest(f"protocol {PROTOCOL} is the only one")
    return Outcome("done", [], {
        "protocol": PROTOCOL, "name": "gb42382-python", "version": __version__, "requests": sorted(REQUESTS),
        "formats": {"decode": list(sample.FORMATS), "encode": ["native", "native-json"]}, "signatures": ["ed25519"],
        "encryption": [],
        "methods": sorted(STAGES)})


def text(request: dict[str, object], name: str) -> str:
    """A member that has to be a text."""
    value = request.get(name)
    if not isinstance(value, str):
        raise BadRequest(f"{name} is no text")
    return value


def optional(request: dict[str, object], name: str) -> str | None:
    """A member that may be absent."""
    return text(request, name) if request.get(name) is not None else None


def _keys(request: dict[str, object]) -> tuple[list[str], int]:
    keys, required = request.get("keys", []), request.get("required", 0)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys) or not isinstance(required, int):
        raise BadRequest("keys is no list of texts, or required no number")
    return keys, required


REQUESTS: dict[str, Callable[[dict[str, object]], Outcome]] = {
    "capabilities": capabilities,
    "decode": lambda request: operations.decode(text(request, "sample"), text(request, "output"), optional(request, "format")),
    "encode": lambda request: operations.encode(text(request, "structure"), text(request, "output"), optional(request, "tensors")),
    "decompress": lambda request: operations.decompress(text(request, "sample"), text(request, "output"), optional(request, "base")),
    "pack": lambda request: operations.pack(text(request, "folder"), text(request, "output"), optional(request, "key")),
    "unpack": lambda request: operations.unpack(text(request, "package"), text(request, "output"), *_keys(request)),
    "verify": lambda request: operations.verify(text(request, "package"), *_keys(request)),
    "join": lambda request: operations.join(text(request, "folder"), text(request, "output")),
    "stop": lambda request: Outcome("done"),
}


def respond(line: str) -> tuple[dict[str, object], bool]:
    """The response to a line, and whether it was the last one."""
    identifier: object = None
    try:
        request = json.loads(line)
        if not isinstance(request, dict):
            raise BadRequest("a request is an object")
        identifier = request.get("id")
        name = text(request, "request")
        if name not in REQUESTS:
            return {"id": identifier, "outcome": "unsupported", "findings": [], "message": f"no request {name}"}, False
        return {"id": identifier, **REQUESTS[name](request).as_json()}, name == "stop"
    except (BadRequest, OSError, ValueError) as error:
        return {"id": identifier, "outcome": "failed", "findings": [], "message": str(error)}, False


def run(requests: TextIO, responses: TextIO) -> None:
    """Answers requests until `stop` or the end of the input. Nothing else is ever written to stdout."""
    for line in requests:
        response, last = respond(line)
        responses.write(json.dumps(response, ensure_ascii=True) + "\n")
        responses.flush()
        if last:
            return


def main() -> int:
    """Runs over the process's own pipes; whatever prints goes to stderr."""
    responses = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    run(sys.stdin, responses)
    return 0
