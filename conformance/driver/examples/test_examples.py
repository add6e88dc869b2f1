"""The examples do what the page says: exit codes, files, and responses that follow their schemas."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent


def safetensors(header, payload):
    """A file with this header."""
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + payload


GOOD = safetensors({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, bytes(8))


class Examples(unittest.TestCase):
    """The one-shot tool and the driver."""

    def setUp(self):
        holder = tempfile.TemporaryDirectory()
        self.addCleanup(holder.cleanup)
        self.folder = Path(holder.name)
        samples = {"good": GOOD, "short": GOOD[:-1], "other": b"GGUF", "json": safetensors({"w": 1}, b""),
                   "long": safetensors({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}}, bytes(4))}
        for name, data in samples.items():
            (self.folder / name).write_bytes(data)

    def test_one_shot(self):
        for name, code in {"good": 0, "short": 1, "other": 2, "json": 1, "long": 1, ".": 2}.items():
            finished = subprocess.run([sys.executable, HERE / "decode_safetensors.py", self.folder / name, self.folder / f"out-{name}"],
                                      capture_output=True, check=False)
            self.assertEqual(finished.returncode, code, name)
        self.assertEqual((self.folder / "out-good/tensors.safetensors").read_bytes(), GOOD)
        self.assertEqual(json.loads((self.folder / "out-good/decoded.json").read_text()), {"tensors": [
            {"name": "w", "element_type": "f32", "dims": [2],
             "sha256": "af5570f5a1810b7af78caf4bc70a660f0df51e42baf91d4de5b2328de0e83dfc"}]})

    def test_driver(self):
        import jsonschema
        requests = [{"id": 1, "request": "capabilities", "protocol": 1}]
        requests += [{"id": index, "request": "decode", "sample": str(self.folder / name), "output": str(self.folder / f"d-{name}")}
                     for index, name in enumerate(("good", "short", "other"), 2)]
        requests += [{"id": 5, "request": "stop"}]
        finished = subprocess.run([sys.executable, HERE / "driver.py"], input="".join(json.dumps(request) + "\n" for request in requests),
                                  capture_output=True, text=True, check=True)
        responses = [json.loads(line) for line in finished.stdout.splitlines()]
        self.assertEqual([response["outcome"] for response in responses], ["done", "done", "rejected", "unsupported", "done"])
        for request, response in zip(requests, responses):
            for message, side in ((request, "request"), (response, "response")):
                schema = json.loads((HERE.parent / "schema" / f"{request['request']}.{side}.schema.json").read_text())
                jsonschema.Draft202012Validator(schema).validate(message)


if __name__ == "__main__":
    unittest.main()
