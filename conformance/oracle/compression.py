#!/usr/bin/env python3
"""An implementation of the compressed representation of profile clause 7 of our own, written from the chapters: NumPy, and `zstandard` for that stage.

    compression.py decode CONTENT.pb KIND DIM… > ELEMENTS      undoes a chain that stands in the wire form of chapter 7.1

As a module: `encode` and `decode` of chains, `Model` for what references lead to. Refusals carry the key of the requirement.
"""
import functools
import pathlib
import re
import sys

import compression_entropy as entropy
import compression_quantizers as quantizers
import compression_structure as structure
import compression_transfer as transfer
from compression_numerics import BITS, NUMBER, NUMBERED, Array, Refused, content_digest, need
from protobuf_wire import Field, Layout

METHODS = structure.METHODS | quantizers.METHODS | entropy.METHODS | transfer.METHODS
LOSSLESS = structure.LOSSLESS
STAGES, NESTING, BASES = 16, 4, 16
# Tensors and bases that a descriptor has always (chapter 7.1, section 6).
REQUIRED = {"sparse": ["pattern"], "outliers": ["positions", "values"], "low_rank": ["left", "right"], "reference": ["base"], "uniform": ["scale"],
            "codebook": ["codebook"], "scaled_float": ["element_type"], "sign": ["scale"], "delta": ["base"], "adapter": ["base"]}
# What a field stands for that is not written.
DEFAULTS = {"permute": {"axes": []}, "reshape": {"sizes": []}, "pack": {"width": 0}, "sparse": {"kind": 0, "n": 0, "m": 0, "block": []}, "low_rank": {"split": 0},
            "circulant": {"block": 0}, "uniform": {"bits": 0, "restart": 0, "grid": []}, "codebook": {"grid": [], "scale_grid": []}, "scaled_float": {"grid": []}, "sign": {"grid": []},
            "entropy": {"mode": 0, "run": 0}, "delta": {"mode": 0}, "adapter": {"kind": 0, "factors": [], "rank": 0}}
EXPANSION, ALLOWANCE = 65536, 1 << 20


class Compressed:
    """A tensor as a chain: its type, the stages in the order of the encoder, and what the last one left."""

    def __init__(self, kind, dims, stages, payload=None, chain=None):
        self.kind, self.dims, self.stages, self.payload, self.chain = kind, tuple(dims), stages, payload, chain

    @property
    def count(self):
        return structure.count(self.dims)

    def sides(self):
        """The tensors that descriptors hold."""
        for _, d in self.stages:
            for value in d.values():
                yield from (part for part in (value if isinstance(value, list) else [value]) if isinstance(part, (Array, Compressed)))

    @property
    def size(self):
        """Bytes as stored: payload and side tensors; descriptors not."""
        return sum(part.size for part in self.sides()) + (self.payload.size if self.payload is not None else 0)

    def lossless(self):
        return all(method in LOSSLESS or method == "delta" and d["mode"] == transfer.CODE for method, d in self.stages)


class Model:
    """Tensors by name, the models that they refer to by content digest, and names of tensors that could not be read."""

    def __init__(self, tensors, others=(), broken=()):
        self.tensors, self.others, self.broken = tensors, list(others), broken

    def decoded(self, name=None, open_=()):
        if name is not None:
            return decode(self.tensors[name], self, open_)
        return {name: self.decoded(name, open_) for name in self.tensors}

    def digest(self):
        return content_digest(self.decoded())

    def find(self, digest):
        for other in self.others:
            if other.digest() == digest:
                return other
        raise Refused("base-model-available", digest, "none of the models at hand")


class Side:
    """What a stage may ask for while it is undone."""

    def __init__(self, model, open_, depth):
        self.model, self.open_, self.depth = model, open_, depth

    def __call__(self, tensor):
        return decode(tensor, self.model, self.open_, self.depth + 1)

    def base(self, reference):
        """The tensor of a base, whose digest is compared."""
        model = self.model
        need(model is not None, "base-model-available", reference.get("model") or "the model itself", None)
        if reference.get("model"):
            model = model.find(reference["model"])
        name = reference["variable"]
        if name in model.broken:
            raise Refused("base-tensor-exists", name, "not readable", follows=True)
        need(name in model.tensors, "base-tensor-exists", name)
        step = (id(model), name)
        if step in self.open_:
            raise Refused("reference-acyclic", "an end", name, circle={name for _, name in self.open_})
        need(len(self.open_) < BASES, "reference-depth-within-limit", BASES, len(self.open_) + 1)
        try:
            base = decode(model.tensors[name], model, (*self.open_, step))
        except Refused as refused:
            refused.follows |= refused.key not in ("reference-acyclic", "reference-depth-within-limit")
            raise
        need(base.digest() == reference["digest"], "base-tensor-digest", reference["digest"], base.digest())
        return base


def decode(tensor, model=None, open_=(), depth=0):
    """Undoes a chain: checks types forward, then goes back stage by stage."""
    if isinstance(tensor, Array):
        return tensor
    need(depth <= NESTING, "compression-nesting-within-limit", NESTING, depth)
    need(tensor.stages, "compression-stages-present", "≥ 1", 0)
    need(len(tensor.stages) <= STAGES, "compression-stage-count-within-limit", STAGES, len(tensor.stages))
    bits = structure.count(tensor.dims) * BITS[tensor.kind]
    side, types, now = Side(model, open_, depth), [], (tensor.kind, tensor.dims)
    based = [d["base"] for method, d in tensor.stages if method in ("reference", "delta", "adapter") and "base" in d]

    def bounded(stored):
        need(-(-bits // 8) <= EXPANSION * stored + ALLOWANCE, "compression-expansion-within-limit", f"≤ {EXPANSION}", f"{-(-bits // 8)} B of {stored} B")
    if not based:
        bounded(tensor.size)
    stages = [(method, DEFAULTS.get(method, {}) | d) for method, d in tensor.stages]
    for place, (method, d) in enumerate(stages):
        need(method in METHODS, "compression-stage-known", ", ".join(METHODS), method)
        need(now[0] != "string", "stage-input-type", "no strings", now[0])
        required = REQUIRED.get(method, []) + ["columns"] * (method == "sparse" and d["kind"] == structure.CSR)
        need(all(name in d for name in required), "native-required-fields-present", required, sorted(d))
        need(now[1] is not None, "compression-terminal-stage-last", "the last stage", tensor.stages[place - 1][0])
        if method == "entropy" and place and stages[place - 1][0] == "uniform" and stages[place - 1][1].get("states"):
            before = stages[place - 1][1]
            need((d.get("states", 0), d["run"]) == (before["states"], before["restart"]), "entropy-trellis-agrees",
                 f"{before['states']}, {before['restart']}", f"{d.get('states', 0)}, {d['run']}")
        types.append(now)
        left = METHODS[method].next(*now, d)
        if left is None:
            now = (None, None)
        elif left[1] is None and method == "sparse":
            now = left[0], structure.Sparse.kept_dims(now[1], d, side)
        else:
            now = left
    if now[0] is None:
        need(tensor.payload is None, "compression-payload-type", "no payload", "a payload")
        y = None
    else:
        need(tensor.payload is not None, "compression-payload-type", f"{now[0]}", "no payload")
        dims = now[1] if now[1] is not None else (tensor.payload.dims if len(tensor.payload.dims) == 1 else ())
        need((tensor.payload.kind, tuple(tensor.payload.dims)) == (now[0], tuple(dims)) and len(dims) == len(tensor.payload.dims), "compression-payload-type",
             f"{now[0]} {list(now[1]) if now[1] is not None else 'one dim'}", f"{tensor.payload.kind} {list(tensor.payload.dims)}")
    if based:  # what bases hold counts as stored
        bounded(tensor.size + sum(side.base(base).size for base in based))
    if tensor.payload is not None:
        y = decode(tensor.payload, model, open_, depth + 1)
    for (method, d), (kind, dims) in zip(reversed(stages), reversed(types)):
        y = METHODS[method].undo(kind, dims, d, y, side)
    return y


def encode(x, *steps):
    """A chain: steps are (method, settings) with the settings of the method's reference encoder."""
    stages, y = [], x
    for method, settings in steps:
        d, y = METHODS[method].apply(y, **settings)
        stages.append((method, d))
    return Compressed(x.kind, x.dims, stages, y)


def inputs(tensor):
    """The type and dims that reach each stage of a chain that can be decoded."""
    now, out = (tensor.kind, tensor.dims), []
    for place, (method, d) in enumerate(tensor.stages):
        out.append(now)
        if place + 1 < len(tensor.stages):
            d = DEFAULTS.get(method, {}) | d
            kind, dims = METHODS[method].next(*now, d)
            now = kind, structure.Sparse.kept_dims(now[1], d, Side(None, (), 0)) if dims is None else dims
    return out


def advice(method, d, x):
    """Keys of what a stage of a chain that can be decoded should not be; `x` is the type and the dims that reach it."""
    d, form = DEFAULTS.get(method, {}) | d, d.get("kind")
    unused = {"sparse": [name for name, own in (("columns", structure.CSR), ("n", structure.N_M), ("m", structure.N_M), ("block", structure.BLOCK)) if form != own],
              "uniform": ["group_axis"] if "group_index" not in d else [], "codebook": ["scale_grid"] if "scale" not in d else [],
              "adapter": ["rank", "rank_stabilised", "transposed"] if form == transfer.IA3 else ["axis"]}.get(method, [])
    identity = method == "reference" and (list(d.get("axes", ())) == list(range(len(x[1]))) != [] or d.get("starts") and not any(d["starts"]))
    if identity or any(isinstance(d.get(name), (Array, Compressed)) or d.get(name) for name in unused):
        yield "stage-field-unused-absent"
    if method == "low_rank":
        rows, columns = structure.count(x[1][: d["split"]]), structure.count(x[1][d["split"]:])
        if d["left"].dims[1] * (rows + columns) >= rows * columns:
            yield "low-rank-saves"
    if method == "uniform" and "zero_point" in d:
        low, high = quantizers.Uniform.range(d)
        zero = decode(d["zero_point"]).integers()
        if not ((zero >= low) & (zero <= high)).all():
            yield "uniform-zero-point-is-level"
    if method == "codebook":
        books = decode(d["codebook"]).f64()
        if any(len({tuple(entry) for entry in book}) < len(book) for book in books.reshape(-1, *books.shape[-2:]).tolist()):
            yield "codebook-entries-distinct"
    if method == "outliers" and d["positions"].count * 100 > structure.count(x[1]):
        yield "outliers-few"


# ----------------------------------------------------------------------------------------------------------- wire form

def schema(text):
    """The messages of a schema, with numbers and types, as `protobuf_wire` has them."""
    messages, path = {}, []
    for line in text.splitlines():
        line = line.split("//")[0].strip()
        if m := re.fullmatch(r"(message|oneof|enum) (\w+) \{", line):
            path.append((m[1], m[2]))
            if m[1] == "message":
                messages[m[2]] = {}
        elif m := re.fullmatch(r"message (\w+) \{\}", line):
            messages[m[1]] = {}
        elif line == "}":
            path.pop()
        elif path and path[-1][0] != "enum" and (m := re.fullmatch(r"(?:(repeated|optional) )?(\w+) (\w+) = (\d+);", line)):
            message = next(name for kind, name in reversed(path) if kind == "message")
            kind = {"ElementType": "enum", "SparseKind": "enum", "AdapterKind": "enum", "DeltaMode": "enum", "EntropyMode": "enum", "VariableKind": "enum"}.get(m[2], m[2])
            repeated = m[1] == "repeated"
            messages[message][m[3]] = Field(m[3], int(m[4]), kind, repeated, repeated and kind in ("sint64", "float"))
    return messages


@functools.cache
def layout():
    """The native form's messages."""
    here = pathlib.Path(__file__).resolve().parent.parent
    out = Layout.__new__(Layout)
    out.root, out.float_bytes = "Model", False
    out.messages = schema((here / "schema" / "representation.proto").read_text())
    return out


def tensor_fields(tensor):
    """A tensor as the dict of its message; elements inline."""
    kind = {"element_type": NUMBER[tensor.kind], "shape": {"sizes": list(tensor.dims)} if tensor.dims else {}}
    if isinstance(tensor, Array):
        return {"type": kind, "inline": tensor.bytes()}
    stages = [{method: descriptor_fields(method, d)} for method, d in tensor.stages]
    content = {"stages": stages} | ({"payload": tensor_fields(tensor.payload)} if tensor.payload is not None else {})
    return {"type": kind, "compressed": content}


def descriptor_fields(method, d):
    out = {}
    for name, value in d.items():
        if isinstance(value, (Array, Compressed)):
            out[name] = tensor_fields(value)
        elif name == "factors":
            out[name] = [tensor_fields(factor) for factor in value]
        elif name == "base":
            out[name] = base_fields(value)
        elif name == "element_type":
            out[name] = NUMBER[value]
        elif name == "alpha" or value:
            out[name] = [int(item) for item in value] if isinstance(value, (list, tuple)) else value
    return out


def base_fields(base):
    sha = lambda value: {"algorithm": "sha256", "value": value}
    return ({"model": sha(base["model"])} if base.get("model") else {}) | {"variable": base["variable"], "digest": sha(base["digest"])}


def tensor_of(fields):
    """The tensor of a message that was read."""
    kind = NUMBERED[fields["type"]["element_type"] - 1][0]
    dims = fields["type"].get("shape", {}).get("sizes", [])
    if "compressed" not in fields:
        return Array.from_bytes(kind, dims, fields.get("inline", b""))
    content = fields["compressed"]
    stages = []
    for stage in content.get("stages", []):
        need(len(stage) == 1, "compression-stage-known", "one method", sorted(stage))
        (method, message), = stage.items()
        stages.append((method, descriptor_of(method, message)))
    return Compressed(kind, dims, stages, tensor_of(content["payload"]) if "payload" in content else None)


def descriptor_of(method, message):
    d = dict(DEFAULTS.get(method, {}))
    for name, value in message.items():
        if name == "factors":
            d[name] = [tensor_of(factor) for factor in value]
        elif name == "base":
            for digest in (value.get("digest", {}), value.get("model", value.get("digest", {}))):
                need(digest.get("algorithm") == "sha256" and re.fullmatch(r"[0-9a-f]{64}", digest.get("value", "")), "base-digest-form", "sha256, 64 digits", digest)
            d[name] = {"variable": value.get("variable", ""), "digest": value["digest"]["value"]} | ({"model": value["model"]["value"]} if "model" in value else {})
        elif name == "element_type":
            d[name] = NUMBERED[value - 1][0]
        elif isinstance(value, dict) and "type" in value:
            d[name] = tensor_of(value)
        else:
            d[name] = value
    return d


def wire(tensor):
    """The CompressedContent of a tensor, canonical."""
    return layout().write(tensor_fields(tensor)["compressed"], "CompressedContent")


def unwire(data, kind, dims):
    fields = {"type": {"element_type": NUMBER[kind], "shape": {"sizes": list(dims)}}, "compressed": layout().read(data, "CompressedContent")}
    return tensor_of(fields)


def main():
    if len(sys.argv) < 4 or sys.argv[1] != "decode":
        sys.exit(__doc__)
    try:
        tensor = unwire(pathlib.Path(sys.argv[2]).read_bytes(), sys.argv[3], [int(size) for size in sys.argv[4:]])
        sys.stdout.buffer.write(decode(tensor).bytes())
    except Refused as refused:
        sys.exit(str(refused))


if __name__ == "__main__":
    main()
