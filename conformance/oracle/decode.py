#!/usr/bin/env python3
"""What a sample holds, as an implementation of its own reads it: the `decoded.json` of the corpus.

    decode.py SAMPLE [--format F]           prints it (F: native, native-json, onnx, safetensors, huggingface)
    decode.py --vectors DIR [--write]       for each vector of the corpus with `decoded: true`: compares, or writes

Written from conformance/profile and the public descriptions of safetensors, ONNX and Hugging Face; it shares nothing with the code
under test. Needs NumPy, and PyYAML for --vectors.

The variables of the top level are listed in order of the bytes of their names, each with the element type in the profile's name, its dims, and

    sha256   of the elements, packed and little-endian, whatever the format writes them as. Of a sparse tensor: those of the values and then
             of the indices. Of strings: each as its length (64 bits, little-endian) and its bytes. Not there where there is no content.
    values   of a tensor of at most 64 elements that is not sparse: numbers, widened exactly; "nan", "inf", "-inf"; true and false;
             a complex number as real and imaginary part; texts.

`parameters` is the number of parameters, tied ones and those in the same bytes once, buffers and constants not at all; null where it
cannot be told.
"""
import argparse
import base64
import hashlib
import json
import math
import pathlib
import re
import struct
import sys

import numpy as np

from protobuf_wire import LAYOUTS, Layout

NATIVE = Layout(LAYOUTS / "native.yaml", float_bytes=True)
ONNX = Layout(LAYOUTS / "onnx.yaml", float_bytes=True)
NATIVE_TYPES = [None] + ("f64 f32 f16 bf16 f8e4m3fn f8e4m3fnuz f8e5m2 f8e5m2fnuz f8e8m0 f6e2m3 f6e3m2 f4e2m1 i64 i32 i16 i8 i4 i2 "
                         "u64 u32 u16 u8 u4 u2 bool string complex64 complex128").split()
ONNX_TYPES = [None] + ("f32 u8 i8 u16 i16 i32 i64 string bool f16 f64 u32 u64 complex64 complex128 bf16 f8e4m3fn f8e4m3fnuz f8e5m2 "
                       "f8e5m2fnuz u4 i4 f4e2m1 f8e8m0 u2 i2").split()
SAFETENSORS_TYPES = {n: n.lower() for n in "F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL".split()} | {
    "F8_E4M3": "f8e4m3fn", "F8_E5M2": "f8e5m2", "F8_E8M0": "f8e8m0", "F8_E4M3FNUZ": "f8e4m3fnuz", "F8_E5M2FNUZ": "f8e5m2fnuz", "F4": "f4e2m1",
    "F6_E2M3": "f6e2m3", "F6_E3M2": "f6e3m2", "C64": "complex64"}
# Exponent bits, fraction bits and bias of the types that NumPy lacks.
SMALL = {"f8e4m3fn": (4, 3, 7), "f8e4m3fnuz": (4, 3, 8), "f8e5m2": (5, 2, 15), "f8e5m2fnuz": (5, 2, 16), "f6e2m3": (2, 3, 1), "f6e3m2": (3, 2, 3),
         "f4e2m1": (2, 1, 1)}
BUFFERS = {"position_ids", "inv_freq", "running_mean", "running_var", "num_batches_tracked"}
LISTED = 64


# ------------------------------------------------------------------------------------------------------------------- elements

def width(kind):
    """The bits of an element."""
    if kind == "bool":
        return 8
    if kind == "bf16":
        return 16
    if kind.startswith("complex"):
        return int(kind[7:])
    return int(re.match(r"[fiu](\d+)", kind)[1]) if not re.match(r"f[864]e", kind) else int(kind[1])


def byte_count(kind, count):
    return (count * width(kind) + 7) // 8


def unpacked(data, bits, count):
    """Codes of `bits` bits each, low-order bits first."""
    stream = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[:count * bits].reshape(count, bits)
    return stream.astype(np.int64) @ (1 << np.arange(bits, dtype=np.int64))


def small_floats(kind, codes):
    """The values of codes of a float type of eight bits or fewer, by the formula of the profile."""
    if kind == "f8e8m0":
        return np.where(codes == 0xFF, np.nan, np.ldexp(1.0, codes - 127))
    exponent_bits, fraction_bits, bias = SMALL[kind]
    sign = np.where(codes >> exponent_bits + fraction_bits, -1.0, 1.0)
    exponent = codes >> fraction_bits & (1 << exponent_bits) - 1
    fraction = (codes & (1 << fraction_bits) - 1) / (1 << fraction_bits)
    values = sign * np.where(exponent == 0, np.ldexp(fraction, 1 - bias), np.ldexp(1 + fraction, exponent - bias))
    magnitude = codes & (1 << exponent_bits + fraction_bits) - 1
    if kind == "f8e4m3fn":
        return np.where(magnitude == 0x7F, np.nan, values)
    if kind.endswith("fnuz"):
        return np.where(codes == 0x80, np.nan, values)
    if kind == "f8e5m2":
        return np.where(magnitude == 0x7C, sign * np.inf, np.where(magnitude > 0x7C, np.nan, values))
    return values


@np.errstate(invalid="ignore")  # a signalling NaN is one all the same
def widened(kind, data, count):
    """The elements as Python numbers; a complex one is two."""
    if kind.startswith("complex"):
        return widened("f32" if kind == "complex64" else "f64", data, 2 * count)
    if kind == "bool":
        return [code != 0 for code in data]
    if kind in ("f64", "f32", "f16"):
        return np.frombuffer(data, f"<f{width(kind) // 8}").astype(np.float64).tolist()
    if kind == "bf16":
        return (np.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4").astype(np.float64).tolist()
    if kind[0] == "f":
        return small_floats(kind, unpacked(data, width(kind), count)).tolist()
    bits = width(kind)
    if bits >= 8:
        return [int(v) for v in np.frombuffer(data, f"<{kind[0]}{bits // 8}")]
    codes = unpacked(data, bits, count)
    return (codes - (codes >> bits - 1 << bits) if kind[0] == "i" else codes).tolist()


def spelled(value):
    """A value as JSON has it."""
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


# ------------------------------------------------------------------------------------------------------------------- the model

class Tensor:
    """A tensor: `data` are its elements, `strings` those of a string tensor, `sparse` a pair of tensors; none of them: no content."""

    def __init__(self, kind, dims, data=None, strings=None, sparse=None, place=None):
        self.kind, self.dims, self.data, self.strings, self.sparse, self.place = kind, dims, data, strings, sparse, place

    @property
    def count(self):
        """The number of elements; None where a dim is not known."""
        return math.prod(self.dims) if self.dims is not None and None not in self.dims else None

    @property
    def runs(self):
        """The bytes that a digest covers: the elements, or each string behind its length; [None] where there is no content."""
        if self.strings is not None:
            return [part for s in self.strings for part in (struct.pack("<Q", len(s)), s)]
        return [b"" if self.data is None and self.count == 0 else self.data]

    def described(self, name):
        out = {"name": name, "element_type": self.kind, "dims": self.dims}
        if self.sparse:
            parts = [run for tensor in self.sparse for run in tensor.runs]
            return out | {"sha256": digest(*parts)} if None not in parts else out
        if self.strings is not None:
            out["sha256"] = digest(*self.runs)
            return out | ({"values": [s.decode() for s in self.strings]} if len(self.strings) <= LISTED else {})
        if self.data is None:
            return out
        if len(self.data) != byte_count(self.kind, self.count):
            raise ValueError(f"{name}: {len(self.data)} bytes for {self.count} elements")
        out["sha256"] = digest(self.data)
        return out | ({"values": [spelled(v) for v in widened(self.kind, self.data, self.count)]} if self.count <= LISTED else {})


class Variable:
    """A variable: kind is parameter, constant, buffer, or None where the source does not tell."""

    def __init__(self, name, kind, tensor, tied_to=None):
        self.name, self.kind, self.tensor, self.tied_to = name, kind, tensor, tied_to


def digest(*parts):
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
    return whole.hexdigest()


def parameter_count(variables):
    """The number of parameters; None where it cannot be told."""
    total, seen = 0, set()
    for variable in variables:
        if variable.kind is None:
            return None
        if variable.kind != "parameter" or variable.tied_to is not None:
            continue
        if variable.tensor.count is None:
            return None
        if variable.tensor.place and variable.tensor.place[2]:
            if variable.tensor.place in seen:
                continue
            seen.add(variable.tensor.place)
        total += variable.tensor.count
    return total


# ------------------------------------------------------------------------------------------------------------- the native form

def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def from_json(value, message):
    """A message of the JSON form as the binary form has it."""
    out = {}
    for field in NATIVE.messages[message].values():
        given = value.get(camel(field.name), value.get(field.name))
        if given is not None:
            out[field.name] = [json_value(field, v, message) for v in given] if field.repeated else json_value(field, given, message)
    return out


def json_value(field, value, message):
    if field.type in NATIVE.messages:
        return from_json(value, field.type)
    if field.type == "bytes":
        standard = value.translate(str.maketrans("-_", "+/")).rstrip("=")
        return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    if field.type == "enum":
        if isinstance(value, int):
            return value
        if message == "Variable":
            return ["UNSPECIFIED", "PARAMETER", "CONSTANT", "BUFFER"].index(value.removeprefix("VARIABLE_KIND_"))
        names = {("SparseStage", "kind"): "SPARSE_KIND: UNSPECIFIED BITMAP ROWS N_M BLOCK", ("EntropyStage", "mode"): "ENTROPY_MODE: UNSPECIFIED LEVELS SYMBOLS",
                 ("DeltaStage", "mode"): "DELTA_MODE: UNSPECIFIED ADD CODE", ("AdapterStage", "kind"): "ADAPTER_KIND: UNSPECIFIED LORA DORA LOHA LOKR IA3"}
        if (message, field.name) in names:
            prefix, *known = names[message, field.name].split()
            return known.index(value.removeprefix(prefix[:-1] + "_"))
        name = value.removeprefix("ELEMENT_TYPE_").lower()
        return NATIVE_TYPES.index(name) if name != "unspecified" else 0
    if field.type in ("float", "double"):
        return struct.pack("<f" if field.type == "float" else "<d", float(value))
    return int(value) if field.type.endswith(("32", "64")) else value


class Native:
    """The native form, binary or JSON."""

    def __init__(self, path, is_json):
        data = path.read_bytes()
        self.model = from_json(json.loads(data), "Model") if is_json else NATIVE.read(data)
        self.folder, self.bases = path.parent, None

    def tensor(self, t):
        kind = NATIVE_TYPES[t["type"].get("element_type", 0)]
        shape = t["type"].get("shape")
        dims = None if shape is None else [d.get("fixed") for d in shape["dims"]] if "dims" in shape else shape.get("sizes", [])
        place = data = None
        if "stored" in t:
            where = t["stored"]
            file, offset, length = (where.get(k, 0) for k in ("file", "offset", "length"))
            place = (file, offset, length)
            with (self.folder / self.model["files"][file]["path"]).open("rb") as source:
                source.seek(offset)
                data = source.read(length)
        elif "inline" in t:
            data = t["inline"]
        elif "compressed" in t:
            data = self.decoded(t)
        strings = t["strings"].get("values", []) if "strings" in t else None
        sparse = tuple(self.tensor(t["sparse"][k]) for k in ("values", "indices")) if "sparse" in t else None
        return Tensor(kind, dims, data, strings, sparse, place)

    def decoded(self, t):
        """The elements of a compressed tensor, by the implementation of clause 7; its bases are parameters of the model."""
        import compression

        if self.bases is None:
            tensors = {v.get("name", ""): v["tensor"] for v in self.model.get("parameters", [])}
            self.bases = compression.Model({name: compression.tensor_of(self.held(part)) for name, part in tensors.items()
                                            if "strings" not in part and "sparse" not in part})
        return compression.decode(compression.tensor_of(self.held(t)), self.bases).bytes()

    def held(self, value):
        """A message with all that it stores in files in it."""
        if isinstance(value, list):
            return [self.held(item) for item in value]
        if not isinstance(value, dict):
            return value
        if "stored" in value:
            where = value["stored"]
            with (self.folder / self.model["files"][where.get("file", 0)]["path"]).open("rb") as source:
                source.seek(where.get("offset", 0))
                return {**value, "inline": source.read(where.get("length", 0))}
        return {name: self.held(item) for name, item in value.items()}

    def variable(self, v):
        kind = [None, "parameter", "constant", "buffer"][v.get("kind", 0)]
        return Variable(v.get("name", ""), kind, self.tensor(v["tensor"]), v.get("tied_to"))

    def graphs(self, graph):
        """A graph and those in the attributes of its nodes."""
        yield graph
        for node in graph.get("nodes", []):
            for attribute in node.get("attributes", []):
                for inner in [attribute["graph"]] if "graph" in attribute else attribute.get("graphs", {}).get("values", []):
                    yield from self.graphs(inner)

    def read(self):
        listed = [self.variable(v) for v in self.model.get("parameters", [])]
        tops = self.model.get("graphs", []) + [b["body"] for b in self.model.get("blocks", [])]
        inner = [v for top in tops for g in self.graphs(top) for v in g.get("variables", [])]
        every = self.model.get("parameters", []) + inner
        is_compressed = "compression_statement" in self.model or any("compression_chain" in v["tensor"] for v in every)
        return listed, None if is_compressed else parameter_count(listed + [self.variable(v) for v in inner])


# ------------------------------------------------------------------------------------------------------------------------ ONNX

class OnnxFile:
    """A model in ONNX with its external data."""

    def __init__(self, path):
        self.model = ONNX.read(path.read_bytes())
        self.folder = path.parent

    def tensor(self, t):
        kind, dims = ONNX_TYPES[t["data_type"]], t.get("dims", [])
        count = math.prod(dims)
        if t.get("data_location") == 1:
            where = {e["key"]: e["value"] for e in t["external_data"]}
            offset = int(where.get("offset", 0))
            length = int(where.get("length", byte_count(kind, count)))
            name = pathlib.PurePosixPath(where["location"]).as_posix()
            with (self.folder / name).open("rb") as source:
                source.seek(offset)
                return Tensor(kind, dims, source.read(length), place=(name, offset, length))
        if kind == "string":
            return Tensor(kind, dims, strings=t.get("string_data", []))
        if "raw_data" in t:
            return Tensor(kind, dims, t["raw_data"])
        return Tensor(kind, dims, self.typed(kind, t))

    @staticmethod
    def typed(kind, t):
        """The elements from the field that is there for their type."""
        for field in ("float_data", "double_data"):
            if field in t:
                return b"".join(t[field])
        for field, word in (("int64_data", "<i8"), ("uint64_data", "<u8"), ("int32_data", "<i4")):
            if field in t:
                values = np.array(t[field], word)
                size = max(width(kind), 8) // 8  # of elements below a byte, the low byte of each number holds several
                return values.view(np.uint8).reshape(len(values), -1)[:, :size].tobytes()
        return b""

    @staticmethod
    def kind(tensor):
        is_float = tensor.kind[0] in "fc" or tensor.kind == "bf16"
        return "parameter" if is_float and tensor.dims else "constant"

    def variables(self, graph):
        for t in graph.get("initializer", []):
            tensor = self.tensor(t)
            yield Variable(t.get("name", ""), self.kind(tensor), tensor)
        for s in graph.get("sparse_initializer", []):
            values, indices = self.tensor(s["values"]), self.tensor(s["indices"])
            tensor = Tensor(values.kind, s.get("dims", []), sparse=(values, indices))
            yield Variable(s["values"].get("name", ""), self.kind(tensor), tensor)

    def below(self, nodes):
        """The graphs in the attributes of nodes, and those below them."""
        for node in nodes:
            for attribute in node.get("attribute", []):
                for inner in ([attribute["g"]] if "g" in attribute else []) + attribute.get("graphs", []):
                    yield inner
                    yield from self.below(inner.get("node", []))

    def read(self):
        graph = self.model["graph"]
        listed = list(self.variables(graph))
        nodes = graph.get("node", []) + [n for f in self.model.get("functions", []) for n in f.get("node", [])]
        inner = [v for g in self.below(nodes) for v in self.variables(g)]
        return listed, parameter_count(listed + inner)


# ------------------------------------------------------------------------------------------------- safetensors and directories

def safetensors(path):
    """The variables of a file."""
    data = path.read_bytes()
    length, = struct.unpack_from("<Q", data)
    variables = []
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + o for o in entry["data_offsets"])
        kind = SAFETENSORS_TYPES[entry["dtype"]]
        is_buffer = kind[0] in "iu" or kind == "bool" or name.rsplit(".", 1)[-1] in BUFFERS
        variables.append(Variable(name, "buffer" if is_buffer else "parameter",
                                  Tensor(kind, entry["shape"], data[begin:end], place=(path.name, begin, end - begin))))
    return variables


def weight_files(folder):
    """The weight files of a directory, by the order of the profile."""
    stems = ["model", "diffusion_pytorch_model", "pytorch_model", "adapter_model"]
    if not (folder / "config.json").is_file() and (folder / "adapter_config.json").is_file():
        stems.reverse()
    for stem in stems:
        index = folder / f"{stem}.safetensors.index.json"
        if (folder / f"{stem}.safetensors").is_file():
            return [folder / f"{stem}.safetensors"]
        if index.is_file():
            return [folder / name for name in sorted(set(json.loads(index.read_bytes())["weight_map"].values()))]
        if shards := sorted(folder.glob(f"{stem}-[0-9]*-of-[0-9]*.safetensors")):
            return shards
    return sorted(folder.glob("*.safetensors"))[:1]


# ------------------------------------------------------------------------------------------------------------------------ main

def recognised(path):
    if path.is_dir():
        return "huggingface"
    head = path.read_bytes()[:4096]
    if head.startswith(b"\x0a\x0bGB42382-PMR"):
        return "native"
    if head[:1] == b"{" and b"GB42382-PMR" in head:
        return "native-json"
    return "safetensors" if head[8:9] == b"{" else "onnx"


def decoded(path, kind=None):
    """What decoded.json holds for a sample."""
    kind = kind or recognised(path)
    if kind in ("native", "native-json"):
        listed, count = Native(path, kind == "native-json").read()
    elif kind == "onnx":
        listed, count = OnnxFile(path).read()
    else:
        listed = [v for file in (weight_files(path) if kind == "huggingface" else [path]) for v in safetensors(file)]
        count = parameter_count(listed)
    listed.sort(key=lambda v: v.name.encode())
    return {"tensors": [v.tensor.described(v.name) for v in listed], "parameters": count}


def text(content):
    """One tensor a line."""
    lines = ",\n".join("  " + json.dumps(t, ensure_ascii=False) for t in content["tensors"])
    listed = f"[\n{lines}\n]" if lines else "[]"
    return f'{{"tensors": {listed},\n"parameters": {json.dumps(content["parameters"])}}}\n'


def vectors(root, is_writing):
    """Compares or writes decoded.json of every vector that asks for it; the number of those that are wrong."""
    import yaml

    bases = yaml.safe_load((root / "bases.yaml").read_text(encoding="utf-8"))["bases"]
    done = wrong = 0
    for path in sorted(root.glob("*/*/*/vector.yaml")):
        source = path.read_text(encoding="utf-8")
        if "\ndecoded: true" not in source:
            continue
        vector = yaml.safe_load(source)
        if vector.get("stored") is False and not (path.parent / "input").exists():
            continue  # made when it is needed
        sample = path.parent / "input" / bases[vector["base"]]["sample"]
        out = path.parent / "decoded.json"
        done += 1
        try:
            found = text(decoded(sample, vector.get("format")))
        except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, struct.error) as error:
            found = f"{type(error).__name__}: {error}"
            is_right = False
        else:
            if is_writing:
                out.write_text(found, encoding="utf-8")
            is_right = out.is_file() and out.read_text(encoding="utf-8") == found
        if not is_right:
            wrong += 1
            print(f"{vector['id']}: {'is not what is read here' if found[:1] == '{' else found}", file=sys.stderr)
    print(f"{done} vectors with decoded content, {wrong} differ")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sample", type=pathlib.Path, nargs="?")
    parser.add_argument("--format", choices=["native", "native-json", "onnx", "safetensors", "huggingface"])
    parser.add_argument("--vectors", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if (options.sample is None) == (options.vectors is None):
        parser.error("either SAMPLE or --vectors DIR")
    if options.vectors:
        return 1 if vectors(options.vectors, options.write) else 0
    sys.stdout.write(text(decoded(options.sample, options.format)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
