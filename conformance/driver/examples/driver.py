#!/usr/bin/env python3
"""The smallest driver: one process that answers requests, here by the one-shot tool beside it."""

import json
import os
import sys

import decode_safetensors

OUTCOMES = {0: "done", 1: "rejected", 2: "unsupported"}


def decode(request):
    """The response to `decode`."""
    code = decode_safetensors.main(request["sample"], request["output"])
    response = {"outcome": OUTCOMES.get(code, "failed")}
    if code == 0:
        response |= {"format": "safetensors", "content": "decoded.json", "tensors": "tensors.safetensors"}
    return response


def answer(request):
    """The response to a request, but for its id."""
    if request["request"] == "capabilities":
        return {"outcome": "done", "protocol": 1, "name": "example", "version": "1.0", "requests": ["capabilities", "decode", "stop"],
                "formats": {"decode": ["safetensors"], "encode": []}, "signatures": [], "encryption": [], "methods": []}
    if request["request"] == "decode":
        return decode(request)
    return {"outcome": "done" if request["request"] == "stop" else "unsupported"}


def main():
    """One line in, one line out; nothing else goes to stdout."""
    responses = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what anything prints goes to stderr
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], **answer(request)}), file=responses, flush=True)
        if request["request"] == "stop":
            return


if __name__ == "__main__":
    main()
