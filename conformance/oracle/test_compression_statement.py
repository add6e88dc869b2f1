#!/usr/bin/env python3
"""The compression statement of profile clause 7 and what is recomputed of it: python3 -m unittest test_compression_statement (in this folder)."""

import copy
import json
import pathlib
import re
import unittest

import numpy as np

import compression_statement as statement
from compression import Compressed, Model, encode
from compression_numerics import Array
from compression_structure import N_M
from compression_transfer import LORA

RANDOM = np.random.default_rng(3)


def weights(dims, deviation=0.05):
    return Array.of("f32", RANDOM.normal(0, deviation, dims))


def least(**more):
    return {"format": "GB42382-PCS", "major": 1, "minor": 0, "original": {},
            "steps": [{"name": "q", "method": "uniform-quantization", "tool": {"name": "example", "version": "1"}}]} | more


class Form(unittest.TestCase):
    def keys(self, document, *more):
        return [key for key, _ in statement.faults(document, *more)]

    def test_reading(self):
        good = json.dumps(least()).encode()
        self.assertEqual(statement.read(good), (least(), []))
        self.assertEqual(self.keys(least()), [])
        for data in (b"", b"[]", good[:-1], b"\xef\xbb\xbf" + good, b'{"a":1,"a":2}', b'{"a":NaN}', b"[" * 100000, b'{"a":"\xff"}'):
            self.assertEqual(statement.read(data)[1][0][0], "compression-statement-readable")

    def test_examples_of_the_chapters(self):
        folder = pathlib.Path(__file__).resolve().parent.parent / "profile"
        block, = re.findall(r"```json\n(.*?)```", (folder / "7.1-compressed-representation.md").read_text(), re.S)
        document, faults = statement.read(block.encode())
        self.assertEqual((faults, self.keys(document)), ([], []))
        block, = re.findall(r"```json\n(.*?)```", (folder / "7.2-structure-optimisation.md").read_text(), re.S)
        document = least(reductions=[json.loads(block)])
        document["steps"][0]["name"] = "prune"
        self.assertEqual(self.keys(document, Model({"q.weight": weights((4, 6))})), [])
        self.assertEqual(statement.expand(weights((4, 6)), document["reductions"][0], document["reductions"][0]["cuts"][0])[1], [0, 1, 6, 7])

    def test_schema(self):
        """The schema is written by: python3 -c 'import compression_statement as s, json; print(json.dumps(s.schema(), indent=2))'"""
        path = pathlib.Path(__file__).resolve().parent.parent / "schema" / "compression-statement.schema.json"
        self.assertEqual(path.read_text(), json.dumps(statement.schema(), indent=2) + "\n")

    def test_fields(self):
        for change, key in (({"format": "X"}, "compression-statement-format"), ({"major": 2}, "compression-statement-major-version-supported"), ({"steps": []}, "compression-steps-present"),
                            ({"more": 1}, "compression-statement-fields-known"), ({"major": "1"}, "compression-statement-fields-form"), ({"original": {"content": "00"}}, "compression-statement-fields-form"),
                            ({"limits": [{"measure": "beauty", "value": 1}]}, "compression-statement-fields-form"), ({"major": True}, "compression-statement-fields-form"),
                            ({"chains": [{"name": "c", "stages": []}, {"name": "c", "stages": []}]}, "compression-chain-names-distinct"),
                            ({"chains": [{"name": "c", "stages": [], "steps": ["z"]}]}, "compression-chain-steps-exist"), ({"quantities": [{}]}, "quantity-form"), ({"additions": [3]}, "addition-form")):
            self.assertIn(key, self.keys(least() | change), change)
        document = least()
        document["steps"].append(copy.deepcopy(document["steps"][0]))
        self.assertEqual(self.keys(document), ["compression-step-names-distinct"])
        for change, key in (({"method": "com.example.magic"}, "compression-step-method-known"), ({"tool": {"name": ""}}, "compression-step-tool-present"),
                            ({"metrics": [{"name": "f1", "before": 0.9, "after": 0.7, "better": "higher", "limit": 0.1}]}, "compression-metric-within-limit"),
                            ({"metrics": [{"name": "perplexity", "before": 5, "after": 6, "better": "lower", "limit": 0.5}]}, "compression-metric-within-limit"),
                            ({"metrics": [{"name": "f1", "before": 0.9, "after": "0.7", "better": "higher"}]}, "compression-metric-form"),
                            ({"method": "token-reduction"}, "token-reduction-form"), ({"method": "token-reduction", "settings": {"layers": [{"layer": 2, "keep": 0.5}, {"layer": 4, "keep": 0.7}]}}, "token-reduction-form"),
                            ({"method": "distillation"}, "distillation-teacher-named"), ({"method": "distillation", "settings": {"teacher": "t", "temperature": 0}}, "distillation-settings-form")):
            document = least()
            document["steps"][0] |= change
            self.assertEqual(self.keys(document), [key], change)
        document["steps"][0] |= {"method": "distillation", "settings": {"teacher": "t", "temperature": 2.0, "loss": ["logits"]}}
        self.assertEqual(self.keys(document), [])

    def test_record(self):
        model = Model({"w": weights((2, 2))})
        step = least()["steps"][0]
        line = least(original={"content": "00" * 32}, steps=[step | {"input": "00" * 32, "output": "11" * 32}, step | {"name": "r", "input": "11" * 32, "output": model.digest()}])
        self.assertEqual(self.keys(line, model), [])
        line["steps"][1]["input"] = "22" * 32
        self.assertEqual(self.keys(line), ["compression-record-unbroken"])
        line["steps"][1]["input"], line["steps"][1]["output"] = "11" * 32, "33" * 32
        self.assertEqual(self.keys(line, model), ["compression-final-content"])
        line = least()
        line["steps"][0]["targets"] = {"include": ["*.weight"]}
        self.assertEqual(self.keys(line, model), ["compression-targets-match"])
        self.assertTrue(statement.matches("a.*.w", "a.1.q.w") and not statement.matches("a.*", "b.a.1"))

    def test_quantities_and_additions(self):
        good = {"what": "key-cache", "step": "q", "targets": {"include": ["*"]}, "element-type": "i3", "symmetric": True, "sharing": "block", "size": 32, "range": "dynamic", "residual": 128}
        model = Model({"p": weights((4, 8))})
        add = {"kind": "prompt", "step": "q", "variables": ["p"], "size": 4}
        self.assertEqual(self.keys(least(quantities=[good], additions=[add]), model), [])
        for change, key in (({"element-type": "i17"}, "quantity-form"), ({"size": 0}, "quantity-form"), ({"zero-point": 3}, "quantity-form"), ({"step": "x"}, "quantity-form"),
                            ({"range": "static", "sharing": "tensor"}, "quantity-static-scale-present")):
            self.assertEqual(self.keys(least(quantities=[good | change])), [key])
        for change, key in (({"variables": ["gone"]}, "addition-variables-exist"), ({"size": 5}, "addition-dims"), ({"step": "x"}, "addition-form")):
            self.assertEqual(self.keys(least(additions=[add | change]), model), [key])


class Accuracy(unittest.TestCase):
    def test_reductions(self):
        before = weights((24, 6))
        rows = [0, 1, 6, 7, 8, 9, 14, 15, 16, 17, 22, 23]
        model, original = Model({"q": Array("f32", (12, 6), before.codes[rows])}), Model({"q": before})
        reduction = {"kind": "heads", "step": "q", "units": 4, "kept": [[0, 1], [3, 1]], "cuts": [{"tensor": "q", "axis": 0, "unit": 2, "parts": 3}]}
        document = least(reductions=[reduction])
        document["steps"][0] |= {"method": "structured-pruning", "settings": {"values": "kept"}}
        self.assertEqual(statement.faults(document, model), [])
        self.assertEqual(statement.compare(original, model, document), [])
        wide, index = statement.expand(model.tensors["q"], reduction, reduction["cuts"][0])
        self.assertEqual((wide.dims, index), ((24, 6), rows))
        wrong = Model({"q": Array("f32", (12, 6), before.codes[[2, *rows[1:]]])})
        self.assertEqual(statement.compare(original, wrong, document), [("pruning-kept-values", "q")])
        for change, key in (({"kept": [[0, 1], [1, 1]]}, "reduction-kept-form"), ({"kept": [[3, 2]]}, "reduction-kept-form"), ({"kept": []}, "reduction-kept-form"), ({"kept": [[0, 3]]}, "reduction-dims-agree"),
                            ({"step": "x"}, "reduction-step-exists"), ({"cuts": [{"tensor": "k", "axis": 0, "unit": 2}]}, "reduction-tensor-exists"), ({"names": ["q"]}, "reduction-names-agree")):
            self.assertEqual([found for found, _ in statement.faults(least(reductions=[reduction | change], steps=document["steps"]), model)], [key], change)
        layers = {"kind": "layers", "step": "q", "units": 6, "kept": [[0, 1], [4, 2]], "names": ["layer.{}.w"]}
        self.assertEqual(statement.faults(least(reductions=[layers]), Model({f"layer.{n}.w": before for n in range(3)})), [])
        self.assertEqual(statement.faults(least(reductions=[layers]), Model({f"layer.{n}.w": before for n in range(4)}))[0][0], "reduction-names-agree")

    def test_fidelity_and_claims(self):
        x = weights((64, 64))
        small = Model({"w": encode(x, ("uniform", {"bits": 4, "grid": [1, 32], "scale_type": "f16"}))})
        found = statement.claims(small)
        self.assertAlmostEqual(found["bits-per-weight"], 4.5)
        self.assertAlmostEqual(found["ratio"], 32 / 4.5)
        original = Model({"w": x})
        good = least(claims={"ratio": 7.1, "bits-per-weight": 4.5}, limits=[{"measure": "sqnr-db", "value": 15}, {"measure": "relative-error", "value": 0.2, "targets": {"include": ["w"]}}])
        self.assertEqual(statement.compare(original, small, good), [])
        for change, key in (({"claims": {"ratio": 8}}, "compression-claimed-ratio"), ({"claims": {"bits-per-weight": 4}}, "compression-claimed-bits-per-weight"),
                            ({"limits": [{"measure": "cosine", "value": 0.9999}]}, "compression-fidelity-within-limit"), ({"limits": [{"measure": "greatest-error", "value": 1e-4, "targets": {}}]}, "compression-fidelity-within-limit")):
            self.assertEqual([found for found, _ in statement.compare(original, small, good | change)], [key])
        lossless = Model({"w": encode(x, ("zstd", {}))})
        self.assertEqual(statement.compare(original, lossless, least()), [])
        self.assertEqual(statement.compare(Model({"w": weights((64, 64))}), lossless, least()), [("compression-lossless-exact", "w")])
        self.assertEqual(statement.compare(Model({"w": weights((64, 32))}), lossless, least()), [("compression-tensors-paired", "w")])

    def test_measures(self):
        x = Array("f32", (3,), [0x7FC00000, 0x7F800000, 0x3F800000])
        self.assertEqual(statement.measures(statement.sums(x, x)), {"relative-error": 0.0, "sqnr-db": float("inf"), "cosine": 1.0, "greatest-error": 0.0})
        y = Array("f32", (3,), [0x7FC00000, 0xFF800000, 0x3F800000])
        self.assertEqual(statement.measures(statement.sums(x, y))["greatest-error"], float("inf"))
        for number in (0, 1, 7, 8, 4095, 4096, 10001):
            values = RANDOM.normal(0, 1, number)
            self.assertAlmostEqual(statement.fixed_sum(values), values.sum(), 9)

    def test_declared_patterns(self):
        values = weights((4, 16)).codes.reshape(-1, 4).copy()
        values[:, :2] = 0
        model = Model({"w": encode(Array("f32", (4, 16), values), ("sparse", {"kind": N_M, "n": 2, "m": 4}))})
        document = least()
        document["steps"][0] |= {"method": "n-m-sparsity", "settings": {"n": 2, "m": 4}}
        self.assertEqual(statement.compare(model, model, document), [])
        values[5, 1] = 0x3F800000
        broken = Model({"w": Array("f32", (4, 16), values)})
        self.assertEqual(statement.compare(broken, broken, document), [("sparse-n-m-pattern-holds", "w")])
        self.assertEqual(statement.compare(model, model, document | {"claims": {"sparsity": 0.5}}), [])
        self.assertEqual(statement.compare(model, model, document | {"claims": {"sparsity": 0.6}}), [("compression-claimed-sparsity", "")])
        document["steps"][0] |= {"method": "unstructured-pruning", "settings": {"sparsity": 0.6}}
        self.assertEqual(statement.compare(model, model, document), [("sparsity-as-declared", "")])

    def test_damage_to_a_rounding_quantizer_shows(self):
        """A scale changed by 2 %, a group shifted, a zero point off by one, nibbles changed over: none hides within half a step."""
        for rule in ("symmetric", "zero-point", "offset"):
            x = weights((8, 64))
            document = least()
            document["steps"][0]["settings"] = {"bits": 8, "rounding": "nearest"}
            tensor = encode(x, ("uniform", {"bits": 8, "rule": rule, "grid": [1, 32]}))
            original = Model({"w": x})

            def found(d=tensor.stages[0][1], y=tensor.payload):
                return [key for key, _ in statement.compare(original, Model({"w": Compressed(x.kind, x.dims, [("uniform", d)], y)}), document)]

            d, y = tensor.stages[0][1], tensor.payload
            self.assertEqual(found(), [], rule)
            scale = d["scale"].codes.copy()
            scale[3, 1] = Array.of("f32", d["scale"].f64()[3, 1] * 1.02).codes
            damaged = [d | {"scale": Array("f32", scale.shape, scale)}, d | {"scale": Array("f32", scale.shape, np.roll(d["scale"].codes, 1))}]
            if "zero_point" in d:
                zero = d["zero_point"].codes.copy()
                zero[0, 0] += 1
                damaged.append(d | {"zero_point": Array("u8", zero.shape, zero)})
            for other in damaged:
                self.assertEqual(found(other), ["uniform-nearest-level"], rule)
            swapped = y.codes.reshape(-1, 2)[:, ::-1]
            self.assertEqual(found(y=Array(y.kind, y.dims, swapped)), ["uniform-nearest-level"])
            document["steps"][0]["settings"] = {"bits": 4}
            self.assertEqual(found(), ["uniform-bits-as-declared"])

    def test_other_roundings(self):
        x = weights((8, 64))
        x.codes[0, 0] = 0x7F800000
        original = Model({"w": x})
        aside = ("outliers", {})
        for steps, own, key, damage in (
                ([aside, ("uniform", {"bits": 12, "step": 0.004, "states": 8, "restart": 512}), ("entropy", {"states": 8, "run": 512})], {"rounding": "trellis"}, "trellis-step-bound", "scale"),
                ([aside, ("codebook", {"entries": 16})], {"rounding": "nearest"}, "codebook-nearest-entry", "codebook"),
                ([aside, ("scaled_float", {"element_type": "f8e4m3fn", "grid": [1, 0]}), ("zstd", {})], {"rounding": "nearest", "element-type": "f8e4m3fn"}, "scaled-float-nearest-code", "scale")):
            document = least()
            document["steps"][0]["settings"] = own
            tensor = encode(x, *steps)
            self.assertEqual(statement.compare(original, Model({"w": tensor}), document), [], key)
            d = tensor.stages[1][1]
            old = d[damage]
            d[damage] = Array.of("f32", old.f64() * 1.2)
            self.assertEqual(statement.compare(original, Model({"w": tensor}), document), [(key, "w")])
            d[damage] = old

    def test_chains_by_name(self):
        tensor = encode(weights((4, 4)), ("uniform", {"bits": 4}))
        document = least(chains=[{"name": "w4", "stages": ["uniform"], "steps": ["q"]}])
        for chain, keys in (("w4", []), ("w5", ["compression-chain-exists"])):
            tensor.chain = chain
            self.assertEqual([key for key, _ in statement.faults(document, Model({"w": tensor}))], keys)
        tensor.chain, document["chains"][0]["stages"] = "w4", ["uniform", "entropy"]
        self.assertEqual([key for key, _ in statement.faults(document, Model({"w": tensor}))], ["compression-chain-stages-agree"])

    def test_merges(self):
        base = Model({"w": weights((16, 24)), "b": weights((16,))})
        a, b = weights((4, 24)), weights((16, 4))
        d = {"kind": LORA, "factors": [b, a], "alpha": 8.0, "rank": 4, "base": {"variable": "w", "digest": base.tensors["w"].digest()}}
        single = (base.tensors["w"].f64().astype(np.float32) + (b.f64().astype(np.float32) @ a.f64().astype(np.float32)) * np.float32(2.0)).astype(np.float32)
        good = Model({"w": Array.of("f32", single.astype(np.float64)), "b": base.tensors["b"]})
        self.assertEqual(statement.merged(base, good, {"w": d}), [])
        for change in ({"alpha": 4.0}, {"rank_stabilised": True}):
            self.assertEqual(statement.merged(base, good, {"w": d | change}), [("adapter-merge-result", "w")])
        self.assertEqual(statement.merged(base, Model(good.tensors | {"b": weights((16,))}), {"w": d}), [("transfer-untouched-equal", "b")])


if __name__ == "__main__":
    unittest.main()
