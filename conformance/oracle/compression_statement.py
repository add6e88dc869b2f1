"""The compression statement of profile 7.1, with the reductions of 7.2, quantities of 7.3 and additions of 7.4: what it has to look like, and
what is recomputed of it. `faults` gives all that is wrong, as pairs of a requirement's key and a place; `compare` holds a candidate against its original.
"""
import json
import math
import re

import numpy as np

import compression
from compression import METHODS as STAGES
from compression_numerics import BITS, COMPLEX, Array, codes_of, f64, greatest
from compression_quantizers import Uniform, spread
from compression_structure import count
from compression_transfer import IA3, Adapter

REVERSE_DNS = re.compile(r"[A-Za-z][\w-]*(\.[\w-]+)+")
HEX = re.compile(r"[0-9a-f]{64}")
METHODS = set("""structured-pruning unstructured-pruning n-m-sparsity block-sparsity low-rank block-circulant weight-sharing multi-model-sharing
    layer-reduction token-reduction vocabulary-reduction uniform-quantization codebook-quantization float-quantization ternary-quantization
    binary-quantization activation-quantization cache-quantization entropy-coding general-coding fine-tuning low-rank-adaptation
    scaling-adaptation adapter prefix prompt bias-tuning delta sparse-delta quantized-delta merge unmerge distillation""".split())
MEASURES = {"relative-error", "sqnr-db", "cosine", "greatest-error"}

# Types of fields: a Python type, "hex", a tuple of words, a list with the type of its entries, or the name of a message; "!" marks required ones.
FORMS = {
    "Statement": {"format!": str, "major!": int, "minor!": int, "profile": str, "original!": "Identity", "steps!": ["Step"], "chains": ["Chain"],
                  "reductions": ["Reduction"], "quantities": ["Quantity"], "additions": ["Addition"], "claims": "Claims", "limits": ["Limit"], "extensions": dict},
    "Identity": {"name": str, "content": "hex"},
    "Step": {"name!": str, "method!": str, "tool!": "Tool", "targets": "Targets", "settings": dict, "data": ["Data"], "input": "hex", "output": "hex", "metrics": ["Metric"]},
    "Tool": {"name!": str, "version": str},
    "Targets": {"include": [str], "exclude": [str]},
    "Data": {"kind!": ("calibration", "generated", "training", "distillation", "evaluation"), "digest": "Digest", "samples": int, "description": str},
    "Digest": {"algorithm!": ("sha256", "sha512", "sm3"), "value!": str},
    "Metric": {"name!": str, "task": str, "data": "Digest", "before!": float, "after!": float, "better!": ("higher", "lower"), "limit": float},
    "Chain": {"name!": str, "stages!": [str], "steps": [str]},
    "Reduction": {"kind!": ("heads", "neurons", "channels", "experts", "layers", "vocabulary", "other"), "step!": str, "units!": int, "kept!": [[int]], "cuts": ["Cut"], "names": [str]},
    "Cut": {"tensor!": str, "original": str, "axis!": int, "unit!": int, "parts": int},
    "Quantity": {"what!": ("activation", "key-cache", "value-cache"), "step!": str, "targets!": "Targets", "element-type!": str, "symmetric!": bool,
                 "sharing!": ("tensor", "token", "channel", "block"), "size": int, "range!": ("dynamic", "static"), "scale": float, "zero-point": int, "residual": int},
    "Addition": {"kind!": ("adapter", "prefix", "prompt"), "step!": str, "variables!": [str], "layer": int, "size": int},
    "Claims": {"ratio": float, "bits-per-weight": float, "sparsity": float},
    "Limit": {"targets": "Targets", "measure!": tuple(sorted(MEASURES)), "value!": float},
}
OWN = {"Quantity": "quantity-form", "Addition": "addition-form", "Metric": "compression-metric-form"}


class Twice(ValueError):
    pass


def schema():
    """The forms as a JSON Schema."""
    def of(kind):
        if isinstance(kind, str) and kind in FORMS:
            return {"$ref": f"#/$defs/{kind}"}
        if isinstance(kind, list):
            return {"type": "array", "items": of(kind[0])}
        if isinstance(kind, tuple):
            return {"enum": list(kind)}
        return {"hex": {"type": "string", "pattern": f"^{HEX.pattern}$"}, str: {"type": "string"}, int: {"type": "integer"}, float: {"type": "number"},
                bool: {"type": "boolean"}, dict: {"type": "object"}}[kind]

    messages = {}
    for name, fields in FORMS.items():
        messages[name] = {"type": "object", "properties": {field.rstrip("!"): of(kind) for field, kind in fields.items()},
                          "required": [field.rstrip("!") for field in fields if field.endswith("!")], "additionalProperties": False}
        if not messages[name]["required"]:
            del messages[name]["required"]
    top = messages.pop("Statement")
    top["properties"] |= {"format": {"const": "GB42382-PCS"}, "major": {"const": 1}, "minor": {"type": "integer", "minimum": 0}}
    top["properties"]["steps"]["minItems"] = 1
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Compression statement",
            "description": "The form of profile 7.1, section 2; the chapter says what a schema cannot.", **top, "$defs": messages}


def read(data):
    """The JSON object of a statement, or the fault that keeps it from being read."""
    def pairs(items):
        if len({name for name, _ in items}) < len(items):
            raise Twice
        return dict(items)

    try:
        if len(data) > 16 << 20:
            return None, [("compression-statement-within-limits", "")]
        out = json.loads(data.decode(), object_pairs_hook=pairs, parse_constant=lambda _: (_ for _ in ()).throw(Twice()))
        if not isinstance(out, dict) or data.startswith(b"\xef\xbb\xbf"):
            raise Twice
        return out, []
    except (ValueError, RecursionError):
        return None, [("compression-statement-readable", "")]


def form(value, kind, place, key, out):
    """Type and fields, at any depth."""
    if isinstance(kind, str) and kind in FORMS:
        key = OWN.get(kind, key)
        if not isinstance(value, dict):
            out.append((key, place))
            return
        known = {name.rstrip("!"): (type_, name.endswith("!")) for name, type_ in FORMS[kind].items()}
        for name in value.keys() - known.keys():
            out.append(("compression-statement-fields-known", f"{place}.{name}"))
        for name, (type_, required) in known.items():
            if name in value:
                form(value[name], type_, f"{place}.{name}" if place else name, key, out)
            elif required:
                out.append(("compression-step-tool-present" if (kind, name) == ("Step", "tool") else key, f"{place}.{name}" if place else name))
    elif isinstance(kind, list):
        if not isinstance(value, list):
            out.append((key, place))
            return
        for index, item in enumerate(value):
            form(item, kind[0], f"{place}[{index}]", key, out)
    elif kind == "hex":
        if not isinstance(value, str) or not HEX.fullmatch(value):
            out.append((key, place))
    elif isinstance(kind, tuple):
        if value not in kind:
            out.append((key, place))
    elif kind is float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            out.append((key, place))
    elif kind is int:
        if isinstance(value, bool) or not isinstance(value, int):
            out.append((key, place))
    elif not isinstance(value, kind):
        out.append((key, place))


def faults(statement, model=None, hyper=None):
    """All faults of a statement, alone and against the model that names it."""
    out = []
    form(statement, "Statement", "", "compression-statement-fields-form", out)
    if out:
        return out
    if statement["format"] != "GB42382-PCS":
        return [("compression-statement-format", "format")]
    if statement["major"] != 1:
        return [("compression-statement-major-version-supported", "major")]
    steps, chains = statement["steps"], statement.get("chains", [])
    names = [step["name"] for step in steps]
    if not steps:
        out.append(("compression-steps-present", "steps"))
    for index, step in enumerate(steps):
        place = f"steps[{index}]"
        if not step["name"] or names.index(step["name"]) != index:
            out.append(("compression-step-names-distinct", place))
        if step["method"] not in METHODS:
            out.append(("compression-step-method-known", place))
        if not step["tool"]["name"]:
            out.append(("compression-step-tool-present", place))
        for metric in step.get("metrics", []):
            worse = metric["before"] - metric["after"] if metric["better"] == "higher" else metric["after"] - metric["before"]
            if "limit" in metric and worse > metric["limit"]:
                out.append(("compression-metric-within-limit", place))
        out += settings(step, place, hyper or {})
        if index and "input" in step and steps[index - 1].get("output", step["input"]) != step["input"]:
            out.append(("compression-record-unbroken", place))
        if not index and "input" in step and statement["original"].get("content", step["input"]) != step["input"]:
            out.append(("compression-record-unbroken", place))
        if model is not None:
            for pattern in step.get("targets", {}).get("include", []):
                if not any(matches(pattern, name) for name in model.tensors):
                    out.append(("compression-targets-match", place))
    kinds = [chain["name"] for chain in chains]
    for index, chain in enumerate(chains):
        if not chain["name"] or kinds.index(chain["name"]) != index:
            out.append(("compression-chain-names-distinct", f"chains[{index}]"))
        out += [("compression-chain-steps-exist", f"chains[{index}]") for step in chain.get("steps", []) if step not in names]
    for name, tensor in model.tensors.items() if model is not None else ():
        own = getattr(tensor, "chain", None)
        if own is not None and own not in kinds:
            out.append(("compression-chain-exists", name))
        elif own is not None and chains[kinds.index(own)]["stages"] != [method for method, _ in tensor.stages]:
            out.append(("compression-chain-stages-agree", name))
    axes = [(cut["tensor"], cut["axis"]) for reduction in statement.get("reductions", []) for cut in reduction.get("cuts", [])]
    out += [("reduction-axis-once", axis[0]) for axis in sorted(set(axes)) if axes.count(axis) > 1]
    for index, reduction in enumerate(statement.get("reductions", [])):
        out += reduction_faults(reduction, f"reductions[{index}]", names, model)
    for index, quantity in enumerate(statement.get("quantities", [])):
        out += quantity_faults(quantity, f"quantities[{index}]", names)
    for index, addition in enumerate(statement.get("additions", [])):
        out += addition_faults(addition, f"additions[{index}]", names, model)
    if model is not None and steps and "output" in steps[-1] and steps[-1]["output"] != model.digest():
        out.append(("compression-final-content", "steps"))
    return out


def settings(step, place, hyper):
    own, out = step.get("settings", {}), []
    if step["method"] == "token-reduction":
        layers = own.get("layers")
        good = isinstance(layers, list) and layers and all(isinstance(entry, dict) and set(entry) == {"layer", "keep"} for entry in layers)
        if good:
            keeps, numbers = [entry["keep"] for entry in layers], [entry["layer"] for entry in layers]
            good = all(0 < keep <= 1 for keep in keeps) and keeps == sorted(keeps, reverse=True) and numbers == sorted(set(numbers)) and numbers[0] >= 0
            good = good and numbers[-1] < hyper.get("layers", math.inf)
        if not good:
            out.append(("token-reduction-form", place))
    if step["method"] == "distillation":
        if not own.get("teacher"):
            out.append(("distillation-teacher-named", place))
        if not (own.get("temperature", 1) > 0 and set(own.get("loss", [])) <= {"logits", "hidden-states", "attention", "labels"}):
            out.append(("distillation-settings-form", place))
    return out


def kept(reduction):
    return [unit for first, number in reduction["kept"] for unit in range(first, first + number)]


def reduction_faults(reduction, place, steps, model):
    out, end = [], -1
    if reduction["step"] not in steps:
        out.append(("reduction-step-exists", place))
    runs = reduction["kept"]
    if reduction["units"] < 1 or not runs:
        return out + [("reduction-kept-form", place)]
    for run in runs:
        if len(run) != 2 or run[0] <= end or run[1] < 1 or run[0] + run[1] > reduction["units"]:
            return out + [("reduction-kept-form", place)]
        end = run[0] + run[1]
    number = len(kept(reduction))
    for cut in reduction.get("cuts", []) if model is not None else []:
        tensor = model.tensors.get(cut["tensor"])
        if tensor is None:
            out.append(("reduction-tensor-exists", place))
        elif not (0 <= cut["axis"] < len(tensor.dims) and cut["unit"] >= 1 and cut.get("parts", 1) >= 1
                  and tensor.dims[cut["axis"]] == cut.get("parts", 1) * number * cut["unit"]):
            out.append(("reduction-dims-agree", place))
    for pattern in reduction.get("names", []):
        head, mark, tail = pattern.partition("{}")
        numbers = [name[len(head) : len(name) - len(tail)] for name in (model.tensors if model else []) if name.startswith(head) and name.endswith(tail)]
        if not mark or any(text.isdigit() and int(text) >= number for text in numbers):
            out.append(("reduction-names-agree", place))
    return out


def expand(x, reduction, cut):
    """A cut tensor in the dims of its original, zeros where units were lost."""
    units, parts, unit = reduction["units"], cut.get("parts", 1), cut["unit"]
    index = [(part * units + number) * unit + inner for part in range(parts) for number in kept(reduction) for inner in range(unit)]
    dims = [parts * units * unit if axis == cut["axis"] else size for axis, size in enumerate(x.dims)]
    codes = np.zeros(dims + ([2] if x.kind in COMPLEX else []), x.codes.dtype)
    codes[(slice(None),) * cut["axis"] + (index,)] = x.codes
    return Array(x.kind, dims, codes), index


def quantity_faults(quantity, place, steps):
    kind = quantity["element-type"]
    width = re.fullmatch(r"[iu](\d+)", kind)
    good = quantity["step"] in steps and (kind in BITS and kind not in ("bool", "string", *COMPLEX) or width and 2 <= int(width[1]) <= 16)
    good = good and (quantity["sharing"] != "block" or quantity.get("size", 0) >= 1) and quantity.get("residual", 0) >= 0
    good = good and not (quantity["symmetric"] and quantity.get("zero-point")) and quantity.get("scale", 1) > 0
    out = [] if good else [("quantity-form", place)]
    if quantity["range"] == "static" and quantity["sharing"] == "tensor" and "scale" not in quantity:
        out.append(("quantity-static-scale-present", place))
    return out


def addition_faults(addition, place, steps, model):
    out = []
    if addition["step"] not in steps or not addition["variables"] or addition.get("size", 1) < 1:
        out.append(("addition-form", place))
    for name in addition["variables"] if model is not None else []:
        if name not in model.tensors:
            out.append(("addition-variables-exist", place))
        elif addition["kind"] != "adapter" and "size" in addition and model.tensors[name].dims[:1] != (addition["size"],):
            out.append(("addition-dims", place))
    return out


def matches(pattern, name):
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), name, re.S) is not None


def targeted(targets, names):
    include, exclude = (targets or {}).get("include", ["*"]), (targets or {}).get("exclude", [])
    return [name for name in names if any(matches(p, name) for p in include) and not any(matches(p, name) for p in exclude)]


# --------------------------------------------------------------------------------------------------------------- measures

def fixed_sum(values):
    """The sum of profile 7.1, section 7.1: blocks of 4,096, eight lanes in each, one after the other."""
    values = np.asarray(values, np.float64).reshape(-1)
    blocks = []
    for start in range(0, len(values), 4096):
        block = values[start : start + 4096]
        block = np.concatenate([block, np.zeros(-len(block) % 8)]).reshape(-1, 8)
        blocks.append(np.add.accumulate(np.add.accumulate(block)[-1])[-1])
    return float(np.add.accumulate(blocks)[-1]) if blocks else 0.0


def sums(x, y):
    """Σ x², Σ y², Σ x·y, Σ (x − y)², greatest |x − y| of two tensors of values."""
    a, b = x.f64().reshape(-1), y.f64().reshape(-1)
    alike = (np.isnan(a) & np.isnan(b)) | (np.isinf(a) & (a == b))
    with np.errstate(all="ignore"):
        a, b = np.where(alike, 0, a), np.where(alike, 0, b)
        error = np.where(np.isfinite(a) & np.isfinite(b), a - b, np.inf)
        finite_ = np.isfinite(a) & np.isfinite(b)
        a, b = np.where(finite_, a, 0), np.where(finite_, b, 0)
        return np.array([fixed_sum(a * a), fixed_sum(b * b), fixed_sum(a * b), fixed_sum(error * error), float(np.abs(error).max(initial=0))])


def measures(s):
    xx, yy, xy, ee, greatest = s
    with np.errstate(all="ignore"):
        return {"relative-error": 0.0 if ee == 0 else float(np.sqrt(np.float64(ee) / xx)), "sqnr-db": math.inf if ee == 0 else float(10 * np.log10(np.float64(xx) / ee)),
                "cosine": 1.0 if xx == 0 and yy == 0 else float(np.float64(xy) / np.sqrt(np.float64(xx) * yy)), "greatest-error": float(greatest)}


def together(parts):
    total = np.zeros(5)
    for part in parts:
        total = np.array([*(total[:4] + part[:4]), max(total[4], part[4])])
    return total


def within(limit, found):
    return found >= limit["value"] if limit["measure"] in ("sqnr-db", "cosine") else found <= limit["value"]


def claims(model):
    """What Claims are recomputed as."""
    tensors = {name: tensor for name, tensor in model.tensors.items()}
    full = sum(-(-count(tensor.dims) * BITS[tensor.kind] // 8) for tensor in tensors.values())
    stored = sum(tensor.size for tensor in tensors.values())
    coded = [tensor for tensor in tensors.values() if isinstance(tensor, compression.Compressed)]
    elements = sum(tensor.count for tensor in coded)
    return {"ratio": full / stored if stored else math.inf, "bits-per-weight": 8 * sum(tensor.size for tensor in coded) / elements if elements else 0.0}


def compare(original, candidate, statement):
    """Faults of accuracy, as (key, tensor): chains that lose nothing, limits, claims, kept units."""
    out, before, after = [], original.decoded(), candidate.decoded()
    cut_names = {cut["tensor"] for reduction in statement.get("reductions", []) for cut in reduction.get("cuts", [])}
    parts = {}
    for name in sorted(before.keys() & after.keys(), key=str.encode):
        x, y = before[name], after[name]
        tensor = candidate.tensors[name]
        if (x.kind, x.dims) != (y.kind, y.dims):
            if name not in cut_names:
                out.append(("compression-tensors-paired", name))
            continue
        if isinstance(tensor, compression.Compressed) and tensor.lossless() and x != y:
            out.append(("compression-lossless-exact", name))
        if x.kind[0] == "f" or x.kind == "bf16":
            parts[name] = sums(x, y)
    for limit in statement.get("limits", []):
        if "targets" in limit:
            out += [("compression-fidelity-within-limit", name) for name in targeted(limit["targets"], parts) if not within(limit, measures(parts[name])[limit["measure"]])]
        elif not within(limit, measures(together(parts.values()))[limit["measure"]]):
            out.append(("compression-fidelity-within-limit", ""))
    methods = {step["name"]: step for step in statement["steps"]}
    for reduction in statement.get("reductions", []):
        for cut in reduction.get("cuts", []):
            name, source = cut["tensor"], cut.get("original", cut["tensor"])
            others = [other for other in statement["reductions"] if other is not reduction and any(c["tensor"] == name for c in other.get("cuts", []))]
            if methods[reduction["step"]].get("settings", {}).get("values") == "kept" and not others and name in after and source in before:
                wide, index = expand(after[name], reduction, cut)
                if wide.dims != before[source].dims or not np.array_equal(np.take(before[source].codes, index, cut["axis"]), after[name].codes):
                    out.append(("pruning-kept-values", name))
    stated, found = statement.get("claims", {}), claims(candidate)
    if stated.get("ratio", 0) > found["ratio"] * 1.01:
        out.append(("compression-claimed-ratio", ""))
    if "bits-per-weight" in stated and stated["bits-per-weight"] < found["bits-per-weight"] / 1.01:
        out.append(("compression-claimed-bits-per-weight", ""))
    if "sparsity" in stated and stated["sparsity"] > zeros(statement, candidate, after) + 0.01:
        out.append(("compression-claimed-sparsity", ""))
    for step in statement["steps"]:
        out += sparsity(step, after)
    return out + declared(statement, before, candidate)


def declared(statement, before, candidate):
    """For each tensor, what the last quantization step that targets it promises."""
    out = []
    for name, tensor in candidate.tensors.items():
        steps = [step for step in statement["steps"] if step["method"].endswith("-quantization") and targeted(step.get("targets"), [name])]
        x = before.get(name)
        if steps and isinstance(tensor, compression.Compressed) and x is not None and (x.kind, x.dims) == (tensor.kind, tensor.dims):
            out += promises(name, x, tensor, steps[-1].get("settings", {}))
    return out


def zeros(statement, model, after):
    """The share of zeros in tensors that are stored sparsely or that a pruning step targets."""
    names = {name for name, tensor in model.tensors.items() if any(method == "sparse" for method, _ in getattr(tensor, "stages", ()))}
    for step in statement["steps"]:
        if step["method"] in ("unstructured-pruning", "n-m-sparsity", "block-sparsity"):
            names |= set(targeted(step.get("targets"), after))
    flags = [after[name].f64() == 0 for name in names if after[name].kind not in COMPLEX]
    elements = sum(one.size for one in flags)
    return sum(int(one.sum()) for one in flags) / elements if elements else 0.0


def sparsity(step, tensors):
    """What a pruning step declares, on the decoded tensors."""
    out, own, names = [], step.get("settings", {}), targeted(step.get("targets"), tensors)
    zero = {name: tensors[name].f64() == 0 for name in names if tensors[name].kind not in COMPLEX}
    if step["method"] == "n-m-sparsity":
        for name, flags in zero.items():
            if flags.ndim and flags.shape[-1] % own["m"] == 0 and ((~flags).reshape(-1, own["m"]).sum(axis=1) > own["n"]).any():
                out.append(("sparse-n-m-pattern-holds", name))
    elif "sparsity" in own and step["method"] in ("unstructured-pruning", "block-sparsity"):
        number = sum(flags.size for flags in zero.values())
        if number and sum(int(flags.sum()) for flags in zero.values()) / number < own["sparsity"] - 0.01:
            out.append(("sparsity-as-declared", ""))
    return out


# --------------------------------------------------------------------------------------------------- what a method promises

SLACK = 2.0 ** -10
LAST = {"f64": -23, "f32": -23, "f16": -10, "bf16": -7}  # of a result that was f32 before


def ulp(kind, values):
    """A unit in the last place of decoded values."""
    return np.ldexp(1.0, np.frexp(np.abs(values))[1] - 1 + LAST[kind])


def far_levels(x, d, levels, out, steps=0.5):
    """Elements of a uniform quantizer that are farther from their level than they may be, and not clipped (7.3, section 6)."""
    scale = spread(d["scale"].f64(), x.dims, d["grid"])
    low, high = Uniform.range(d)
    error, values = x.f64() - out.f64(), levels.integers()
    far = np.abs(error) > (steps + SLACK) * np.abs(scale) + ulp(x.kind, out.f64())
    centred = d.get("signed") and "zero_point" not in d and "offset" not in d
    beyond = np.sign(error) * np.sign(scale)
    return far & ~((values >= high) & (beyond > 0) | (values <= (low + 1 if centred else low)) & (beyond < 0))


def far_entries(x, d, index):
    """Elements whose entry of a codebook of scalars is not the nearest."""
    books, scale = d["codebook"].f64(), spread(d["scale"].f64(), x.dims, d["scale_grid"]) if "scale" in d else 1.0
    entries = books.shape[-2]
    lists = np.stack([spread(books[..., k, 0], x.dims, d["grid"]) for k in range(entries)], axis=-1) * np.asarray(scale)[..., None]
    distances = np.abs(x.f64()[..., None] - lists)
    taken = np.take_along_axis(distances, index.integers().astype(np.int64)[..., None], -1)[..., 0]
    return taken > distances.min(axis=-1, initial=np.inf) * (1 + SLACK) + np.abs(x.f64()) * 2.0 ** -22


def far_codes(x, d, y):
    """Elements whose code of a scaled float is not one of the nearest."""
    scale = spread(d["scale"].f64(), x.dims, d["grid"]) if "scale" in d else np.ones(x.dims)
    top = greatest(y.kind)
    wanted = np.clip(np.divide(x.f64(), scale, out=np.zeros(x.dims), where=scale != 0), -top, top)
    best = np.abs(f64(y.kind, codes_of(y.kind, wanted)) - wanted)
    return np.abs(y.f64() - wanted) > best * (1 + SLACK) + np.abs(wanted) * 2.0 ** -22


QUANTIZERS = {"uniform", "codebook", "scaled_float", "sign"}


def promises(name, x, tensor, own):
    """What the declared rounding of a quantizer promises of one tensor: (key, name) where it does not hold. `own`: settings of its step."""
    place = next((index for index, (method, _) in enumerate(tensor.stages) if method in QUANTIZERS), None)
    if place is None or any(method != "outliers" for method, _ in tensor.stages[:place]):
        return []
    method, d = tensor.stages[place]
    if "bits" in own and method == "uniform" and d["bits"] != own["bits"]:
        return [("uniform-bits-as-declared", name)]
    if "element-type" in own and method == "scaled_float" and d["element_type"] != own["element-type"]:
        return [("scaled-float-type-as-declared", name)]
    kind, dims = STAGES[method].next(x.kind, x.dims, d)
    y = compression.decode(compression.Compressed(kind, dims, tensor.stages[place + 1 :], tensor.payload) if len(tensor.stages) > place + 1 else tensor.payload)
    d = {field: compression.decode(value) if isinstance(value, compression.Compressed) else value for field, value in d.items()}
    out = STAGES[method].undo(x.kind, x.dims, d, y, lambda side: side)
    aside = np.zeros(x.count, bool)
    for _, outliers in tensor.stages[:place]:
        aside[compression.decode(outliers["positions"]).integers().astype(np.int64)] = True
    x = Array(x.kind, x.dims, np.where(aside.reshape(x.dims), out.codes, x.codes))
    if method == "uniform" and own.get("rounding") in ("nearest", "trellis") and "group_index" not in d:
        trellis = own["rounding"] == "trellis"
        far = far_levels(x, d, y, out, 2.0 if trellis else 0.5)
        return [("trellis-step-bound" if trellis else "uniform-nearest-level", name)] if far.any() else []
    if own.get("rounding") == "nearest" and method == "codebook" and d["codebook"].dims[-1] == 1:
        return [("codebook-nearest-entry", name)] if far_entries(x, d, y).any() else []
    if own.get("rounding") == "nearest" and method == "scaled_float":
        return [("scaled-float-nearest-code", name)] if far_codes(x, d, y).any() else []
    return []


def merged(base, candidate, adapters):
    """A merge against base and adapter (7.4, section 4); `adapters`: descriptors by the name of the tensor, with `base` references into `base`."""
    out, before, after = [], base.decoded(), candidate.decoded()
    for name in sorted(before.keys() & after.keys(), key=str.encode):
        x = after[name]
        if name not in adapters:
            if x != before[name]:
                out.append(("transfer-untouched-equal", name))
            continue
        d = adapters[name]
        expected = compression.decode(compression.Compressed(x.kind, x.dims, [("adapter", d)]), base).f64()
        change = 0.0 if d["kind"] == IA3 else float(np.abs(Adapter.change(d, lambda side: compression.decode(side))).max(initial=0))
        if (np.abs(x.f64() - expected) > 2 * ulp(x.kind, expected) + change * 2.0 ** -20).any():
            out.append(("adapter-merge-result", name))
    return out
