"""The driver loop: every response follows its schema, nothing else is on stdout, and the one-shot exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from gb42382.faults import Fault
from gb42382.operations import Outcome
from tests.test_native import SMALLEST

PACKAGE = Path(__file__).resolve().parents[1]
SCHEMAS = PACKAGE.parents[1] / "driver" / "schema"


def run(*arguments: str, requests: list[object] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end."""
    text = "".join(line + "\n" if isinstance(line, str) else json.dumps(line) + "\n" for line in requests or [])
    return subprocess.run([sys.executable, "-m", "gb42382", *arguments], input=text, capture_output=True, text=True,
                          cwd=PACKAGE, timeout=60, check=False)


class Driver(unittest.TestCase):
    """Requests and responses."""

    def setUp(self) -> None:
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        (self.folder / "good.pmr").write_bytes(SMALLEST)
        (self.folder / "bad.pmr").write_bytes(SMALLEST[:-1])

    def test_a_session(self) -> None:
        requests = [
            {"id": 1, "request": "capabilities", "protocol": 1},
            {"id": 2, "request": "decode", "sample": str(self.folder / "good.pmr"), "output": str(self.folder / "out")},
            {"id": 3, "request": "decode", "sample": str(self.folder / "bad.pmr"), "output": str(self.folder / "out2")},
            {"id": 4, "request": "encode", "structure": str(self.folder / "out/structure.pmr.json"), "output": str(self.folder / "e.pmr")},
            {"id": 5, "request": "verify", "package": str(self.folder / "good.pmr")},
            {"id": 6, "request": "verify", "package": str(self.folder / "absent")},
            {"id": 7, "request": "compress", "sample": "x", "output": "y", "methods": [{"name": "uniform"}]},
            {"id": 8, "request": "decode"},
            {"id": 9, "request": "decompress", "sample": str(self.folder / "good.pmr"), "output": str(self.folder / "weights")},
            {"id": 10, "request": "stop"}, {"id": 11, "request": "capabilities", "protocol": 1}]
        finished = run("driver", requests=requests)
        self.assertEqual((finished.returncode, finished.stderr), (0, ""))
        responses = [json.loads(line) for line in finished.stdout.splitlines()]
        self.assertEqual([response["id"] for response in responses], list(range(1, 11)))
        self.assertEqual([response["outcome"] for response in responses],
                         ["done", "done", "rejected", "done", "rejected", "failed", "unsupported", "failed", "done", "done"])
        self.assertTrue((self.folder / "weights/tensors.safetensors").exists())
        self.assertEqual(responses[2]["findings"][0]["requirement"], "PMR-004")
        self.assertEqual((self.folder / "e.pmr").read_bytes(), SMALLEST)
        self.check_schemas(requests, responses)

    def check_schemas(self, requests: list[dict[str, object]], responses: list[dict[str, object]]) -> None:
        """Each message against its schema, where the library is there."""
        try:
            import jsonschema
        except ImportError:
            self.skipTest("jsonschema is not there")
        for request, response in zip(requests, responses):
            for message, side in ((request, "request"), (response, "response")):
                if message == {"id": 8, "request": "decode"}:
                    continue
                schema = json.loads((SCHEMAS / f"{request['request']}.{side}.schema.json").read_text())
                jsonschema.Draft202012Validator(schema).validate(message)

    def test_garbage_is_answered(self) -> None:
        finished = run("driver", requests=["no json", "[]", '{"id": 3, "request": "stop"}'])
        self.assertEqual([json.loads(line)["outcome"] for line in finished.stdout.splitlines()], ["failed", "failed", "done"])

    def test_many_findings_fit_into_a_line(self) -> None:
        found = [Fault("PMR-007", "malformed", path="x" * 1000)] * 5000 + [Fault("PMR-014", "unsupported")]
        line = json.dumps(Outcome("rejected", found).as_json())
        self.assertLess(len(line), 1 << 20)
        self.assertIn("PMR-014", line)

    def test_one_shot(self) -> None:
        self.assertEqual(run("decode", str(self.folder / "good.pmr"), str(self.folder / "o")).returncode, 0)
        self.assertTrue((self.folder / "o/decoded.json").exists())
        self.assertEqual(run("decode", str(self.folder / "bad.pmr"), str(self.folder / "p")).returncode, 1)
        (self.folder / "x").write_bytes(b"GGUF....")
        self.assertEqual(run("decode", str(self.folder / "x"), str(self.folder / "q")).returncode, 2)
        self.assertEqual(run("verify", str(self.folder / "absent")).returncode, 74)


if __name__ == "__main__":
    unittest.main()
