"""The small bases that are compared: a model, and what compression left of it with its statement (profile clause 7.1, section 2)."""
import json
import math

import numpy as np

import compression
import small_compressed as small
from compression import Compressed, Model
from compression_numerics import Array
from compression_structure import N_M
from compression_transfer import LORA
from small_huggingface import llama_shapes
from small_native import LAYOUT, PARAMETER, model, variable
from small_values import weights

CHAINS = {"layers.0.dense.weight": "w8", "layers.1.dense.weight": "w4", "embedding.weight": "book", "head.weight": "f8", "norm.weight": "stored",
          "sparse.weight": "pruned"}


def original():
    """A model of seven parameters, none compressed."""
    return {name: small.floats("f32", dims, f"compared.{name}") for name, dims in (
        ("embedding.weight", (6, 4)), ("layers.0.dense.weight", (4, 8)), ("layers.1.dense.weight", (4, 8)), ("head.weight", (4, 8)),
        ("norm.weight", (8,)), ("norm.bias", (8,)), ("sparse.weight", (4, 8)))}


def candidate(before):
    """Each of them but the bias through another chain."""
    kept = before["sparse.weight"].f64().reshape(-1, 4).copy()
    for group in kept:
        group[np.argsort(np.abs(group), kind="stable")[:2]] = 0
    return {
        "embedding.weight": small.through(before["embedding.weight"], ("codebook", {"entries": 4})),
        "layers.0.dense.weight": small.through(before["layers.0.dense.weight"], ("uniform", {"bits": 8, "grid": [1, 0]})),
        "layers.1.dense.weight": small.through(before["layers.1.dense.weight"], ("uniform", {"bits": 4, "rule": "zero-point", "grid": [1, 4]})),
        "head.weight": small.through(before["head.weight"], ("scaled_float", {"element_type": "f8e4m3fn", "grid": [1, 0]})),
        "norm.weight": small.through(before["norm.weight"], ("planes", {})),
        "norm.bias": before["norm.bias"],
        "sparse.weight": small.through(Array.of("f32", kept.reshape(4, 8)), ("sparse", {"kind": N_M, "n": 2, "m": 4}))}


def statement(before, after):
    """What was done, each step once, with digests that follow from each other."""
    tool = {"name": "example", "version": "1.0"}
    between = [f"{index:064x}" for index in range(1, 6)]
    digests = [Model(before).digest(), *between, Model(after).digest()]

    def step(index, name, method, target, settings=None, **more):
        return {"name": name, "method": method, "tool": tool, "targets": {"include": [target]}} | ({"settings": settings} if settings else {}) | {
            "input": digests[index], "output": digests[index + 1]} | more

    bits = sum(8 * tensor.size for name, tensor in after.items() if name in CHAINS) / sum(math.prod(after[name].dims) for name in CHAINS)
    ratio = sum(4 * math.prod(tensor.dims) for tensor in after.values()) / sum(tensor.size for tensor in after.values())
    return {
        "format": "GB42382-PCS", "major": 1, "minor": 0, "profile": "2026.1", "original": {"name": "compared", "content": digests[0]},
        "steps": [
            step(0, "prune", "n-m-sparsity", "sparse.weight", {"n": 2, "m": 4, "values": "kept"}),
            step(1, "eight", "uniform-quantization", "layers.0.*", {"bits": 8, "rounding": "nearest", "scale-rule": "greatest"},
                 metrics=[{"name": "f1", "task": "example", "before": 0.875, "after": 0.75, "better": "higher", "limit": 0.125}]),
            step(2, "four", "uniform-quantization", "layers.1.*", {"bits": 4, "rounding": "nearest", "scale-rule": "range"}),
            step(3, "list", "codebook-quantization", "embedding.*", {"rounding": "nearest"}),
            step(4, "float", "float-quantization", "head.*", {"element-type": "f8e4m3fn", "rounding": "nearest", "scale-rule": "greatest"}),
            step(5, "store", "general-coding", "norm.weight")],
        "chains": [
            {"name": "pruned", "stages": ["sparse"], "steps": ["prune"]}, {"name": "w8", "stages": ["uniform"], "steps": ["eight"]},
            {"name": "w4", "stages": ["uniform"], "steps": ["four"]}, {"name": "book", "stages": ["codebook"], "steps": ["list"]},
            {"name": "f8", "stages": ["scaled_float"], "steps": ["float"]}, {"name": "stored", "stages": ["planes"], "steps": ["store"]}],
        "claims": {"ratio": ratio, "bits-per-weight": bits, "sparsity": 0.5},
        "limits": [{"measure": "relative-error", "value": 0.5}, {"targets": {"include": ["layers.*"]}, "measure": "sqnr-db", "value": 15}]}


def held(name, dims, kind):
    """A weight of the Hugging Face bases."""
    return Array(kind, tuple(dims), np.frombuffer(weights(name, dims, kind), {"bf16": np.uint16, "f32": np.uint32}[kind]).reshape(dims))


def merged():
    """The base hf-decoder with the adapter of hf-adapter (LoRA, rank 2, alpha 4) merged into it, by the arithmetic of 7.4, section 3."""
    out = {name: held(name, dims, "bf16") for name, dims in llama_shapes(True).items()}
    for name in ("q_proj", "v_proj"):
        full = f"model.layers.0.self_attn.{name}"
        rows = out[full + ".weight"].dims[0]
        factors = [held(f"base_model.model.{full}.lora_B.weight", [rows, 2], "f32"), held(f"base_model.model.{full}.lora_A.weight", [2, 4], "f32")]
        base = out[full + ".weight"]
        d = {"kind": LORA, "base": {"variable": full + ".weight", "digest": base.digest()}, "factors": factors, "alpha": 4.0, "rank": 2}
        out[full + ".weight"] = compression.decode(Compressed("bf16", base.dims, [("adapter", d)]), Model({full + ".weight": base}))
    return out


def original_digest():
    """The content of hf-decoder."""
    return Model({name: held(name, dims, "bf16") for name, dims in llama_shapes(True).items()}).digest()


def merge(after):
    """The statement of the merge."""
    content = Model(after).digest()
    return {"format": "GB42382-PCS", "major": 1, "minor": 0, "original": {"name": "hf-decoder", "content": original_digest()},
            "steps": [{"name": "merge", "method": "merge", "tool": {"name": "example", "version": "1.0"}, "targets": {"include": ["*.q_proj.weight", "*.v_proj.weight"]},
                       "settings": {"adapter": "hf-adapter", "rank": 2, "alpha": 4}, "input": original_digest(), "output": content}]}


def structure(name, tensors, **more):
    listed = []
    for key, tensor in tensors.items():
        chain = {"compression_chain": CHAINS[key]} if "compression_statement" in more and key in CHAINS else {}
        listed.append(variable(key, PARAMETER, small.fields(tensor) | chain, trainable=True))
    out = model(name, minor=1, parameters=listed, parameter_count=sum(math.prod(tensor.dims) for tensor in tensors.values()), **more)
    out["architecture"]["hyper_parameters"] = [
        {"name": "layers", "integer": 2}, {"name": "hidden-size", "integer": 8}, {"name": "attention-heads", "integer": 4},
        {"name": "feed-forward-size", "integer": 4}, {"name": "vocabulary-size", "integer": 6}]
    return LAYOUT.write(out)


def make():
    """Both of them: name of the base → name of the file → bytes."""
    before = original()
    after = candidate(before)
    text = json.dumps(statement(before, after), ensure_ascii=False, separators=(",", ":")) + "\n"
    tuned = merged()
    return {"native-original": {"model.pmr": structure("compared", before)},
            "native-statement": {"model.pmr": structure("compared", after, compression_statement="model.compression.json"),
                                 "model.compression.json": text.encode()},
            "native-merged": {"model.pmr": structure("merged", tuned, compression_statement="model.compression.json"),
                              "model.compression.json": (json.dumps(merge(tuned), separators=(",", ":")) + "\n").encode()}}
